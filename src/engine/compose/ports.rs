//! Reads `ports:`, in the short form and the long one.

use std::net::{IpAddr, Ipv6Addr};

use super::error::{Fault, Located, Read};
use super::model::{PortMapping, Position};
use super::scalars::{list, mapping, one_of, scalar, unexpected_text};
use super::yaml::{Content, Node};

const LONG_FORM: &[&str] = &["target", "published", "host_ip", "protocol", "mode"];

/// The published ports of a service.
pub(super) fn ports(node: &Node) -> Read<Vec<PortMapping>> {
    list(node)?.iter().map(port).collect()
}

fn port(node: &Node) -> Read<PortMapping> {
    match &node.content {
        Content::Mapping(_) => long_form(node),
        _ => short_form(scalar(node)?, node.position),
    }
}

/// `[ADDRESS:][HOST_PORT:]CONTAINER_PORT[/tcp]`; an IPv6 address stands in brackets.
fn short_form(written: &str, position: Position) -> Read<PortMapping> {
    let wrong = || unexpected_text(position, written, text::port());
    let mapped = written.strip_suffix("/tcp").unwrap_or(written);
    let (before, container) = match mapped.rsplit_once(':') {
        Some((before, container)) => (Some(before), container),
        None => (None, mapped),
    };
    let container_port = number(container).ok_or_else(wrong)?;
    let (address, host) = match before {
        None => (None, None),
        Some(before) => match before.rsplit_once(':') {
            Some((address, host)) => (Some(address), Some(host).filter(|host| !host.is_empty())),
            None => (None, Some(before)),
        },
    };
    let host_port = host.map(|host| number(host).ok_or_else(wrong)).transpose()?;
    let host_address = address.map(|text| ip_address(text).ok_or_else(wrong)).transpose()?;
    Ok(PortMapping { host_address, host_port, container_port, position })
}

fn long_form(node: &Node) -> Read<PortMapping> {
    let mut container_port = None;
    let mut host_port = None;
    let mut host_address = None;
    for entry in mapping(node)? {
        let value = &entry.value;
        match entry.key.value.as_str() {
            "target" => container_port = Some(port_number(value)?),
            "published" => host_port = Some(port_number(value)?),
            "host_ip" => host_address = Some(address(value)?),
            "protocol" => drop(one_of(value, &["tcp"])?),
            "mode" => drop(one_of(value, &["host", "ingress"])?),
            key => return Err(not_supported(key, entry.key.position)),
        }
    }
    let container_port =
        container_port.ok_or_else(|| Fault::Missing { key: "target" }.at(node.position))?;
    Ok(PortMapping { host_address, host_port, container_port, position: node.position })
}

fn not_supported(key: &str, position: Position) -> Located {
    Fault::NotSupported { key: key.to_owned(), supported: LONG_FORM }.at(position)
}

fn port_number(node: &Node) -> Read<u16> {
    let written = scalar(node)?;
    number(written).ok_or_else(|| unexpected_text(node.position, written, text::number()))
}

fn address(node: &Node) -> Read<IpAddr> {
    let written = scalar(node)?;
    written.parse().map_err(|_| unexpected_text(node.position, written, text::address()))
}

/// 1 to 65535, digits only.
fn number(text: &str) -> Option<u16> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port > 0)
}

/// An IPv4 address, or an IPv6 address in brackets.
fn ip_address(text: &str) -> Option<IpAddr> {
    match text.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::from),
        None => text.parse().ok().filter(IpAddr::is_ipv4),
    }
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub(super) fn port() -> Phrase {
        phrase!(
            "one TCP port such as `127.0.0.1:9092:9092` (address, host, container; no range)",
            "一个 TCP 端口，例如 `127.0.0.1:9092:9092`（地址、主机端口、容器端口；不能是范围）"
        )
    }

    pub(super) fn number() -> Phrase {
        phrase!("one port, 1 to 65535", "一个端口，1 到 65535")
    }

    pub(super) fn address() -> Phrase {
        phrase!("an IP address", "IP 地址")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(written: &str) -> Option<(Option<String>, Option<u16>, u16, bool)> {
        let port = short_form(written, Position::START).ok()?;
        let address = port.host_address.map(|address| address.to_string());
        Some((address, port.host_port, port.container_port, port.is_loopback()))
    }

    #[test]
    fn every_short_form_is_read() {
        let on = |address: &str| Some(address.to_owned());
        let rows = [
            ("9092", (None, None, 9092, false)),
            ("9092/tcp", (None, None, 9092, false)),
            ("19092:9092", (None, Some(19092), 9092, false)),
            ("127.0.0.1:19092:9092", (on("127.0.0.1"), Some(19092), 9092, true)),
            ("127.0.0.3:1:2/tcp", (on("127.0.0.3"), Some(1), 2, true)),
            ("127.0.0.1::9092", (on("127.0.0.1"), None, 9092, true)),
            ("0.0.0.0:1:65535", (on("0.0.0.0"), Some(1), 65535, false)),
            ("[::1]:1:2", (on("::1"), Some(1), 2, true)),
            ("[::]:1:2", (on("::"), Some(1), 2, false)),
            ("[::ffff:127.0.0.1]:1:2", (on("::ffff:127.0.0.1"), Some(1), 2, true)),
        ];
        for (written, expected) in rows {
            assert_eq!(read(written), Some(expected), "{written}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for written in [
            "",
            ":",
            "0",
            "65536",
            "9092-9094",
            "9092-9094:9092-9094",
            "9092/udp",
            "9092/",
            "a",
            "+1",
            "1:",
            ":1",
            "localhost:1:2",
            "::1:1:2",
            "[::1:1:2",
            "[127.0.0.1]:1:2",
            "1:2:3",
            "0:1",
            "127.0.0.1:1:2:3",
            " 1",
            "1.0.0.1:-1:2",
        ] {
            assert_eq!(read(written), None, "{written}");
        }
    }
}
