//! Listener lists as Kafka's `listeners` and `advertised.listeners` hold them:
//! `NAME://host:port,…`.

use std::fmt;

use crate::phrase::Phrase;
use crate::problem::{Explain, Problem};

/// One address that a node listens on, or tells its clients.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Listener {
    /// The listener's name in capitals, as Kafka keeps it: `INTERNAL`.
    pub name: String,
    /// A host name or an address, IPv6 without its brackets; empty is the default interface.
    pub host: String,
    /// The port; 0 is any free one.
    pub port: u16,
}

impl fmt::Display for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, host, port } = self;
        if host.contains(':') {
            write!(f, "{name}://[{host}]:{port}")
        } else {
            write!(f, "{name}://{host}:{port}")
        }
    }
}

/// A listener list that no node can use. Stricter than Kafka's own reader, which takes an IPv6
/// address without brackets, one bracket alone, and ports beyond 65535, and fails later.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", text::message(self))]
pub enum ListenersError {
    /// An entry without `://`, or with nothing before it.
    NoName {
        /// The entry.
        entry: String,
    },
    /// A name with other characters than letters, digits, `_`, `-` and `.`.
    Name {
        /// The entry.
        entry: String,
    },
    /// A host with characters that no host has, or an IPv6 address without brackets.
    Host {
        /// The entry.
        entry: String,
    },
    /// No port, or one that is not a number from 0 to 65535.
    Port {
        /// The entry.
        entry: String,
    },
    /// A name that an earlier entry has.
    SameName {
        /// The name.
        name: String,
    },
}

/// The listeners of a comma-separated list; an empty text has none.
///
/// Names are put in capitals, as Kafka does. Blanks around commas are dropped.
///
/// # Errors
/// A [`ListenersError`] that quotes the first faulty entry.
pub fn parse_listeners(text: &str) -> Result<Vec<Listener>, ListenersError> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut listeners: Vec<Listener> = Vec::new();
    for entry in text.split(',') {
        let listener = parse_entry(entry.trim())?;
        if listeners.iter().any(|known| known.name == listener.name) {
            return Err(ListenersError::SameName { name: listener.name });
        }
        listeners.push(listener);
    }
    Ok(listeners)
}

/// The list as Kafka's configuration holds it; what [`parse_listeners`] reads.
pub fn format_listeners(listeners: &[Listener]) -> String {
    listeners.iter().map(Listener::to_string).collect::<Vec<_>>().join(",")
}

fn parse_entry(written: &str) -> Result<Listener, ListenersError> {
    let entry = || written.to_owned();
    let (name, address) = written
        .split_once("://")
        .filter(|(name, _)| !name.is_empty())
        .ok_or_else(|| ListenersError::NoName { entry: entry() })?;
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c)) {
        return Err(ListenersError::Name { entry: entry() });
    }
    let (host, port) =
        address.rsplit_once(':').ok_or_else(|| ListenersError::Port { entry: entry() })?;
    let port = parse_port(port).ok_or_else(|| ListenersError::Port { entry: entry() })?;
    let host = parse_host(host).ok_or_else(|| ListenersError::Host { entry: entry() })?;
    Ok(Listener { name: name.to_ascii_uppercase(), host: host.to_owned(), port })
}

/// A host name, an IPv4 address, nothing, or an IPv6 address in brackets, with a zone or without.
fn parse_host(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix('[') {
        let address = rest.strip_suffix(']')?;
        let bare = address.split('%').next().unwrap_or(address);
        let zone_is_plain =
            address.chars().all(|c| c.is_ascii_alphanumeric() || ":.%-_".contains(c));
        return (bare.parse::<std::net::Ipv6Addr>().is_ok() && zone_is_plain).then_some(address);
    }
    text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)).then_some(text)
}

fn parse_port(text: &str) -> Option<u16> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Explain for ListenersError {
    fn problem(&self) -> Problem {
        let code = match self {
            Self::NoName { .. } => "listener-without-name",
            Self::Name { .. } => "listener-name",
            Self::Host { .. } => "listener-host",
            Self::Port { .. } => "listener-port",
            Self::SameName { .. } => "listener-name-twice",
        };
        Problem::usage(code, text::message(self), text::hint())
    }
}

mod text {
    use super::{ListenersError, Phrase};
    use crate::engine::compose::error::quoted;
    use crate::phrase;

    pub(super) fn message(error: &ListenersError) -> Phrase {
        match error {
            ListenersError::NoName { entry } => {
                let entry = quoted(entry);
                phrase!(
                    "{entry} has no listener name before `://`",
                    "{entry} 的 `://` 前没有监听器名"
                )
            }
            ListenersError::Name { entry } => {
                let entry = quoted(entry);
                phrase!(
                    "the listener name in {entry} may hold letters, digits, `_`, `-` and `.`",
                    "{entry} 的监听器名只能含字母、数字、`_`、`-` 和 `.`"
                )
            }
            ListenersError::Host { entry } => {
                let entry = quoted(entry);
                phrase!(
                    "expected a host name or an address in {entry}, IPv6 in brackets",
                    "{entry} 中应为主机名或地址，IPv6 要加方括号"
                )
            }
            ListenersError::Port { entry } => {
                let entry = quoted(entry);
                phrase!(
                    "expected `:` and a port from 0 to 65535 at the end of {entry}",
                    "{entry} 末尾应为 `:` 和 0 到 65535 的端口"
                )
            }
            ListenersError::SameName { name } => {
                let name = quoted(name);
                phrase!("two listeners have the name {name}", "两个监听器都叫 {name}")
            }
        }
    }

    pub(super) fn hint() -> Phrase {
        phrase!(
            "write NAME://host:port, entries parted by commas: INTERNAL://kafka:29092",
            "写成 NAME://主机:端口，用逗号分隔，例如 INTERNAL://kafka:29092"
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn listener(name: &str, host: &str, port: u16) -> Listener {
        Listener { name: name.into(), host: host.into(), port }
    }

    #[test]
    fn a_list_is_read_and_written_back() {
        let text = "INTERNAL://0.0.0.0:29092,EXTERNAL://:9092,V6://[::1]:0,L://[fe80::1%eth0]:1";
        let expected = [
            listener("INTERNAL", "0.0.0.0", 29092),
            listener("EXTERNAL", "", 9092),
            listener("V6", "::1", 0),
            listener("L", "fe80::1%eth0", 1),
        ];
        let read = parse_listeners(text).unwrap();
        assert_eq!(read, expected);
        assert_eq!(format_listeners(&read), text);
    }

    #[test]
    fn names_are_put_in_capitals_and_blanks_dropped() {
        let read = parse_listeners(" plain-text.1://kafka_1.lan:1 , b://x:2\n").unwrap();
        assert_eq!(read, [listener("PLAIN-TEXT.1", "kafka_1.lan", 1), listener("B", "x", 2)]);
    }

    #[test]
    fn an_empty_text_has_no_listeners() {
        assert_eq!(parse_listeners("  "), Ok(Vec::new()));
        assert_eq!(format_listeners(&[]), "");
    }

    #[test]
    fn each_refusal_says_what_was_expected() {
        let code = |text: &str| parse_listeners(text).unwrap_err().problem().code;
        for (text, expected) in [
            ("localhost:9092", "listener-without-name"),
            ("://localhost:9092", "listener-without-name"),
            ("A://x:1,", "listener-without-name"),
            ("A B://x:1", "listener-name"),
            ("A://x", "listener-port"),
            ("A://x:", "listener-port"),
            ("A://x:65536", "listener-port"),
            ("A://x:-1", "listener-port"),
            ("A://x:+1", "listener-port"),
            ("A://::1:9092", "listener-host"),
            ("A://[::1:9092", "listener-host"),
            ("A://[x]:9092", "listener-host"),
            ("A://a b:9092", "listener-host"),
            ("A://x/y:9092", "listener-host"),
            ("A://x:1,a://y:2", "listener-name-twice"),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "([A:/\\[\\].,0-9]|\\PC){0,40}") {
            let _ = parse_listeners(&text);
        }

        #[test]
        fn what_is_written_is_read_back(
            names in proptest::collection::btree_set("[A-Z][A-Z0-9_]{0,8}", 0..4),
            host in "[a-z0-9.-]{0,12}|::1|fe80::2:1",
            port: u16,
        ) {
            let listeners: Vec<Listener> =
                names.iter().map(|name| listener(name, &host, port)).collect();
            prop_assert_eq!(parse_listeners(&format_listeners(&listeners)).unwrap(), listeners);
        }
    }
}
