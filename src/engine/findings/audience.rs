//! Whether those who are to reach a broker can.
//!
//! A client asks any listener where the brokers are, and then goes where that listener says
//! (`advertised.listeners`): both the first address and the told one have to lead to it.

use super::Finding;
use super::addresses::{on_loopback, written};
use super::host::Host;
use super::node::{Node, Role};
use super::scene::Scene;
use super::settings::shown;
use crate::engine::compose::{Listener, PortMapping};
use crate::phrase::Phrase;

pub(super) fn findings(scene: &Scene<'_>, node: &Node<'_>) -> Vec<Finding> {
    let routes = node.routes();
    let is_told = |a: &Listener| routes.iter().any(|(l, _)| l.name == a.name);
    let all_are =
        node.advertised.iter().flatten().all(|a| node.is_controllers(&a.name) || is_told(a));
    // What cannot start at all has its own finding.
    if !node.has(Role::Broker) || routes.is_empty() || !all_are {
        return Vec::new();
    }
    let view = View { scene, node, routes: &routes };
    let mut found = Vec::new();
    if scene.asked.from_this_machine && !view.machine_may_reach() {
        found.extend(view.why_not_from_this_machine());
    }
    if scene.asked.from_other_services && !view.services_may_reach() {
        found.extend(view.why_not_from_services());
    }
    found
}

struct View<'v, 'a> {
    scene: &'v Scene<'a>,
    node: &'v Node<'a>,
    /// Listeners for clients, each with what it tells them.
    routes: &'v [(Listener, &'v Listener)],
}

impl View<'_, '_> {
    fn leads(&self, host: &str) -> Host {
        Host::of(self.scene, self.node.service, host)
    }

    fn is_bound_to_loopback(&self, listener: &Listener) -> bool {
        self.leads(&listener.host) == Host::Loopback
    }

    fn ports(&self) -> &[PortMapping] {
        &self.node.service.ports
    }

    /// Whether a route leads here from this machine, or may do so for all that the file tells.
    fn machine_may_reach(&self) -> bool {
        self.routes.iter().any(|(listener, told)| match self.leads(&told.host) {
            Host::Loopback => {
                let published = |p: &PortMapping| {
                    p.host_port == Some(told.port) && p.container_port == listener.port
                };
                let direct = self.ports().iter().any(published);
                (direct && !self.is_bound_to_loopback(listener)) || self.is_forwarded(told.port)
            }
            // A client takes `::` for its own machine; `0.0.0.0` has its own finding.
            Host::Any | Host::Elsewhere => true,
            // A hosts file may lead the service's name to this machine.
            Host::Own => {
                !self.scene.asked.machine_names.is_empty()
                    && self.scene.is_of_this_machine(&told.host)
            }
            Host::OtherNode | Host::Nobody => false,
        })
    }

    /// Whether a service that is no node publishes the port: it may pass on what comes.
    fn is_forwarded(&self, port: u16) -> bool {
        let is_node = |name: &str| self.scene.nodes.iter().any(|n| n.service.name == name);
        let others = self.scene.file.services.iter().filter(|s| !is_node(&s.name));
        others.flat_map(|s| &s.ports).any(|p| p.host_port == Some(port))
    }

    /// The routes that are meant for this machine are looked at one by one.
    fn why_not_from_this_machine(&self) -> Vec<Finding> {
        let local = |told: &Listener| self.leads(&told.host) == Host::Loopback;
        let meant: Vec<_> = self.routes.iter().filter(|(_, told)| local(told)).collect();
        let mut found: Vec<Finding> =
            meant.iter().flat_map(|(listener, told)| self.why_not(listener, told)).collect();
        if meant.is_empty() {
            // A name that is nobody's, or another node's, has its own finding.
            let inside = |told: &Listener| self.leads(&told.host) == Host::Own;
            if let [(_, told), ..] = self.routes
                && self.routes.iter().all(|(_, told)| inside(told))
            {
                found.extend(self.only_inside(told));
            }
            let any = |p: &PortMapping| self.routes.iter().any(|(l, _)| l.port == p.container_port);
            if !self.ports().iter().any(any) {
                found.push(self.nothing_published());
            }
        }
        found
    }

    /// Why a listener that sends clients to `told`, on this machine, cannot be reached there.
    fn why_not(&self, listener: &Listener, told: &Listener) -> Vec<Finding> {
        let mut found = Vec::new();
        if self.is_bound_to_loopback(listener) {
            found.extend(on_loopback(self.node, listener));
        }
        let dialled = self.ports().iter().find(|p| p.host_port == Some(told.port));
        match dialled {
            Some(port) if port.container_port != listener.port => {
                found.push(self.ends_elsewhere(port, listener, told));
            }
            Some(_) => {}
            None => found.extend(self.not_published(listener, told)),
        }
        found
    }

    fn ends_elsewhere(&self, port: &PortMapping, listener: &Listener, told: &Listener) -> Finding {
        let there = self.node.listeners.iter().flatten().find(|l| l.port == port.container_port);
        let told = shown(&told.to_string());
        let (id, why) = match there {
            Some(other) => {
                let why = text::another_listener(&told, port.container_port, &other.name, listener);
                ("published-port-of-another-listener", why)
            }
            None => {
                ("published-port-without-listener", text::nobody_listens(&told, port, listener))
            }
        };
        Finding { id, position: port.position, observed: Phrase::same(shown(&written(port))), why }
    }

    fn not_published(&self, listener: &Listener, told: &Listener) -> Option<Finding> {
        let entry = shown(&told.to_string());
        let Some(port) = self.ports().iter().find(|p| p.container_port == listener.port) else {
            return Some(Finding {
                id: "external-port-not-published",
                position: self.place_of_ports(),
                observed: self.published(),
                why: text::not_published(&entry, told.port),
            });
        };
        let why = text::other_port(&entry, &shown(&written(port)));
        Some(self.node.advertising()?.finding("advertised-port-not-published", why))
    }

    fn only_inside(&self, told: &Listener) -> Option<Finding> {
        let why = text::only_inside(&shown(&told.to_string()), &shown(&told.host));
        Some(self.node.advertising()?.finding("advertised-inside-only", why))
    }

    fn nothing_published(&self) -> Finding {
        Finding {
            id: "nothing-published",
            position: self.place_of_ports(),
            observed: self.published(),
            why: text::nothing_published(),
        }
    }

    fn place_of_ports(&self) -> crate::engine::compose::Position {
        self.ports().first().map_or(self.node.service.position, |port| port.position)
    }

    fn published(&self) -> Phrase {
        let ports: Vec<String> = self.ports().iter().map(written).collect();
        text::published(&shown(&self.node.service.name), &ports.join(", "))
    }

    /// Whether a route leads here from another container, or may do so for all that the file tells.
    fn services_may_reach(&self) -> bool {
        self.routes.iter().any(|(_, told)| match self.leads(&told.host) {
            Host::Loopback => false,
            // Whether anything answers there is another rule's.
            _ => true,
        })
    }

    fn why_not_from_services(&self) -> Option<Finding> {
        let entries: Vec<String> = self.routes.iter().map(|(_, told)| told.to_string()).collect();
        let why = text::only_loopback(&shown(&entries.join(",")), &shown(&self.node.service.name));
        Some(self.node.advertising()?.finding("advertised-loopback-only", why))
    }
}

mod text {
    use crate::engine::compose::{Listener, PortMapping};
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn another_listener(told: &str, port: u16, other: &str, listener: &Listener) -> Phrase {
        let Listener { name, port: own, .. } = listener;
        phrase!(
            "clients are sent to {told}, but this port ends at {other} (port {port} of the container), which sends them elsewhere; {name} listens on {own}",
            "客户端会被引到 {told}，但这个端口通到 {other}（容器端口 {port}），又会被引到别处；{name} 监听的是 {own}"
        )
    }

    pub fn nobody_listens(told: &str, port: &PortMapping, listener: &Listener) -> Phrase {
        let (Listener { name, port: own, .. }, inside) = (listener, port.container_port);
        phrase!(
            "clients are sent to {told}, but this port ends at port {inside} of the container, where nothing listens; {name} listens on {own}",
            "客户端会被引到 {told}，但这个端口通到容器端口 {inside}，那里没有监听；{name} 监听的是 {own}"
        )
    }

    pub fn not_published(told: &str, port: u16) -> Phrase {
        phrase!(
            "clients on this machine are sent to {told}, and nothing publishes port {port} there: the connection is refused",
            "这台机器上的客户端会被引到 {told}，而端口 {port} 没有发布：连接会被拒绝"
        )
    }

    pub fn other_port(told: &str, published: &str) -> Phrase {
        phrase!(
            "the port is published as {published}: a client gets an answer there and is then sent to {told}, where nothing is",
            "端口按 {published} 发布：客户端在那里得到回应，随后被引到 {told}，那里什么也没有"
        )
    }

    pub fn only_inside(told: &str, host: &str) -> Phrase {
        phrase!(
            "clients on this machine are sent to {told}, and only the network of the containers knows {host}: they fail to resolve it",
            "这台机器上的客户端会被引到 {told}，而只有容器网络里才认识 {host}：解析会失败"
        )
    }

    pub fn nothing_published() -> Phrase {
        phrase!(
            "no listener for clients is published: nothing on this machine gets to the broker",
            "没有发布任何给客户端用的监听器：这台机器上谁也连不到 broker"
        )
    }

    pub fn published(service: &str, ports: &str) -> Phrase {
        if ports.is_empty() {
            return phrase!(
                "the service {service} publishes no port",
                "服务 {service} 没有发布端口"
            );
        }
        phrase!("the service {service} publishes {ports}", "服务 {service} 发布了 {ports}")
    }

    pub fn only_loopback(told: &str, service: &str) -> Phrase {
        phrase!(
            "{told} is all that clients are told, and in another container that is the container itself: a second listener, advertised as {service}, is for them",
            "客户端只会得到 {told}，而在别的容器里那就是它自己：要再加一个监听器，以 {service} 公布给它们"
        )
    }
}
