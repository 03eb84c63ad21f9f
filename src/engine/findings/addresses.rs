//! Addresses that cannot be right, whoever uses them.

use std::net::{IpAddr, Ipv4Addr};

use super::Finding;
use super::host::{Host, names};
use super::node::{Node, Role};
use super::scene::Scene;
use super::settings::shown;
use crate::engine::compose::{ComposeFile, Listener, PortMapping};
use crate::phrase::Phrase;

pub(super) fn findings(scene: &Scene<'_>, node: &Node<'_>) -> Vec<Finding> {
    let bound = node.listeners.iter().flatten().find_map(|l| binding(scene, node, l));
    if !node.has(Role::Broker) {
        return bound.into_iter().collect();
    }
    let routes = node.routes();
    let told = routes.iter().find_map(|(l, a)| advertised(scene, node, l, a));
    let loops = routes.iter().find_map(|(l, a)| bound_to_loopback(scene, node, l, a));
    let rules = [bound, any_address(node), told, loops, between_brokers(scene, node)];
    rules.into_iter().flatten().collect()
}

/// An address that is not the node's own cannot be listened on.
fn binding(scene: &Scene<'_>, node: &Node<'_>, listener: &Listener) -> Option<Finding> {
    let is_anothers = || {
        let services = scene.file.services.iter().flat_map(names);
        services.into_iter().any(|name| name.eq_ignore_ascii_case(&listener.host))
    };
    let (host, name) = (shown(&listener.host), shown(&node.service.name));
    let why = match Host::of(scene, node.service, &listener.host) {
        Host::OtherNode => text::binds_another(&host, &name),
        Host::Elsewhere if is_anothers() => text::binds_another(&host, &name),
        Host::Nobody => text::binds_nobody(&host, &name),
        _ => return None,
    };
    Some(node.settings.get("listeners")?.finding("listener-host", why))
}

/// Clients, or controllers, that are sent to every address.
fn any_address(node: &Node<'_>) -> Option<Finding> {
    let set = node.advertising()?;
    node.advertised.iter().flatten().find(|told| told.host == "0.0.0.0")?;
    Some(if set.property == "advertised.listeners" {
        set.finding("advertised-any-address", text::any_address())
    } else {
        set.finding("advertised-listeners-missing", text::nothing_advertised())
    })
}

/// What a listener tells its clients leads nowhere, or to somebody else.
fn advertised(
    scene: &Scene<'_>,
    node: &Node<'_>,
    listener: &Listener,
    told: &Listener,
) -> Option<Finding> {
    let set = node.advertising()?;
    let found = |id, why| Some(set.finding(id, why));
    let (entry, name) = (shown(&told.to_string()), shown(&node.service.name));
    match Host::of(scene, node.service, &told.host) {
        Host::OtherNode => found("advertised-another-node", text::another_node(&entry, &name)),
        Host::Nobody => found("advertised-host-unknown", text::nobody(&entry, &shown(&told.host))),
        Host::Own if !reaches(scene, node, listener, told) => {
            found("advertised-port-not-bound", text::not_bound(&entry, listener))
        }
        _ => None,
    }
}

/// Whether something that serves `listener`'s clients answers at the node's own port.
fn reaches(scene: &Scene<'_>, node: &Node<'_>, listener: &Listener, told: &Listener) -> bool {
    let answers = |l: &Listener| {
        let same = l.name == listener.name;
        l.port == 0 || (l.port == told.port && (same || !scene.asked.from_other_services))
    };
    node.listeners.iter().flatten().any(answers)
}

/// Other services are told the node's name, and it listens where only itself gets to.
fn bound_to_loopback(
    scene: &Scene<'_>,
    node: &Node<'_>,
    listener: &Listener,
    told: &Listener,
) -> Option<Finding> {
    let leads = |host: &str| Host::of(scene, node.service, host);
    (leads(&listener.host) == Host::Loopback && leads(&told.host) == Host::Own)
        .then(|| on_loopback(node, listener))
        .flatten()
}

/// A listener that only the container itself reaches.
pub(super) fn on_loopback(node: &Node<'_>, listener: &Listener) -> Option<Finding> {
    let why = text::on_loopback(&shown(&listener.to_string()), &listener.name, listener.port);
    Some(node.settings.get("listeners")?.finding("listener-on-loopback", why))
}

/// Brokers that are told to find each other at their own loopback.
fn between_brokers(scene: &Scene<'_>, node: &Node<'_>) -> Option<Finding> {
    let brokers = scene.brokers_beside(node)?;
    let told = node.advertised_by(&node.inter_broker_name())?;
    let loops = Host::of(scene, node.service, &told.host) == Host::Loopback;
    let why = text::between_brokers(&shown(&told.to_string()));
    (brokers.len() > 1 && loops)
        .then(|| Some(node.advertising()?.finding("inter-broker-on-loopback", why)))
        .flatten()
}

/// Ports of the host that the file publishes twice.
pub(super) fn host_ports(file: &ComposeFile) -> Vec<Finding> {
    let published: Vec<(&str, &PortMapping)> = file
        .services
        .iter()
        .flat_map(|service| service.ports.iter().map(|port| (service.name.as_str(), port)))
        .collect();
    let twice = published.iter().enumerate().filter_map(|(index, (_, port))| {
        let (name, first) = published[..index].iter().find(|(_, p)| overlap(p, port))?;
        let why = text::published_twice(&shown(name), &first.position.to_string());
        let observed = Phrase::same(shown(&written(port)));
        Some(Finding { id: "host-port-twice", position: port.position, observed, why })
    });
    twice.collect()
}

fn overlap(a: &PortMapping, b: &PortMapping) -> bool {
    let everywhere = |address: &Option<IpAddr>| {
        address.is_none() || *address == Some(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    };
    let (one, other) = (&a.host_address, &b.host_address);
    let v6 = |address: &Option<IpAddr>| address.is_some_and(|a| a.is_ipv6());
    let meet = one == other || (everywhere(one) && !v6(other)) || (everywhere(other) && !v6(one));
    // The very same entry twice is one for Compose.
    let same = one == other && a.container_port == b.container_port;
    a.host_port.is_some()
        && a.host_port == b.host_port
        && meet
        && !(same && a.position == b.position)
}

/// A mapping as the short form writes it.
pub(super) fn written(port: &PortMapping) -> String {
    let address = match port.host_address {
        Some(IpAddr::V6(address)) => format!("[{address}]:"),
        Some(IpAddr::V4(address)) => format!("{address}:"),
        None => String::new(),
    };
    let host = port.host_port.map(|port| format!("{port}:")).unwrap_or_default();
    format!("{address}{host}{}", port.container_port)
}

mod text {
    use crate::engine::compose::Listener;
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn binds_another(host: &str, service: &str) -> Phrase {
        phrase!(
            "{host} is another service, and {service} can listen on its own addresses only: Kafka ends with `Socket server failed to bind`",
            "{host} 是另一个服务，{service} 只能监听自己的地址：Kafka 会退出，报 `Socket server failed to bind`"
        )
    }

    pub fn binds_nobody(host: &str, service: &str) -> Phrase {
        phrase!(
            "no service is called {host} (this one is {service}): Kafka ends with `Socket server failed to bind … Unresolved address`",
            "没有服务叫 {host}（这个服务叫 {service}）：Kafka 会退出，报 `Socket server failed to bind … Unresolved address`"
        )
    }

    pub fn any_address() -> Phrase {
        phrase!(
            "`0.0.0.0` is where a node listens, not where a client can go: Kafka ends with `advertised.listeners cannot use the nonroutable meta-address 0.0.0.0`",
            "`0.0.0.0` 只能用来监听，客户端去不了：Kafka 会退出，报 `advertised.listeners cannot use the nonroutable meta-address 0.0.0.0`"
        )
    }

    pub fn nothing_advertised() -> Phrase {
        phrase!(
            "without KAFKA_ADVERTISED_LISTENERS clients are sent to what is listened on, and nobody can go to `0.0.0.0`: Kafka ends",
            "没有 KAFKA_ADVERTISED_LISTENERS，客户端就会被引到监听的地址，而 `0.0.0.0` 谁也去不了：Kafka 会退出"
        )
    }

    pub fn another_node(entry: &str, service: &str) -> Phrase {
        phrase!(
            "{entry} is another node: whoever looks for {service} is sent to the wrong one",
            "{entry} 是另一个节点：找 {service} 的客户端会被引到别处"
        )
    }

    pub fn nobody(entry: &str, host: &str) -> Phrase {
        phrase!(
            "clients are sent to {entry}, and no service and no machine is called {host}: they fail to resolve it",
            "客户端会被引到 {entry}，而没有服务或机器叫 {host}：它们解析不了这个名字"
        )
    }

    pub fn not_bound(entry: &str, listener: &Listener) -> Phrase {
        let Listener { name, port, .. } = listener;
        phrase!(
            "clients are sent to {entry}, but {name} listens on port {port}: who goes to the container itself needs the port that it listens on",
            "客户端会被引到 {entry}，但 {name} 监听的是端口 {port}：直接连容器，就要用它监听的端口"
        )
    }

    pub fn on_loopback(entry: &str, name: &str, port: u16) -> Phrase {
        phrase!(
            "{entry} is the container's own loopback, which neither a published port nor another container reaches: bind it to all addresses, {name}://0.0.0.0:{port}",
            "{entry} 是容器自己的回环地址，已发布的端口和其他容器都到不了：要绑定到所有地址，{name}://0.0.0.0:{port}"
        )
    }

    pub fn between_brokers(entry: &str) -> Phrase {
        phrase!(
            "brokers find each other at {entry}, and to each of them that is itself: followers cannot fetch, and every ISR shrinks to its leader",
            "broker 之间按 {entry} 找对方，而对每个 broker 来说那都是自己：follower 拉取不到数据，ISR 只剩 leader"
        )
    }

    pub fn published_twice(service: &str, place: &str) -> Phrase {
        phrase!(
            "{service} publishes the same port of the host at {place}: the second container cannot start (`port is already allocated`)",
            "{service} 在 {place} 已经发布了主机的同一个端口：第二个容器启动不了（`port is already allocated`）"
        )
    }
}
