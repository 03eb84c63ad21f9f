//! The listeners: their form, names, ports and protocols.

use super::Finding;
use super::node::{Node, Role};
use super::settings::{Setting, shown};
use crate::engine::compose::listeners::ListenersError;
use crate::engine::compose::{Listener, parse_listeners};
use crate::phrase::Phrase;
use crate::problem::Explain as _;

const MAP: &str = "listener.security.protocol.map";
const PROTOCOLS: [&str; 4] = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"];

pub(super) fn findings(node: &Node<'_>) -> Vec<Finding> {
    let forms = ["listeners", "advertised.listeners"].map(|property| form(node, property));
    let rules = [same_port(node), protocols(node), roles(node), inter_broker(node)];
    let single = forms.into_iter().chain(rules).flatten();
    single.chain(unknown_names(node)).collect()
}

fn form(node: &Node<'_>, property: &'static str) -> Option<Finding> {
    let set = node.settings.get(property)?;
    // Of names and hosts Kafka takes more than this program, `::1` without brackets among them.
    let is_certain = |error: &ListenersError| {
        !matches!(error, ListenersError::Host { .. } | ListenersError::Name { .. })
    };
    let error = parse_listeners(set.value).err().filter(is_certain)?;
    let why = error.problem().message;
    let id = match property {
        "listeners" => "listeners-malformed",
        _ => "advertised-listeners-malformed",
    };
    Some(set.finding(id, text::malformed(&why)))
}

/// Two listeners on one port; an IPv4 and an IPv6 address may share it (KIP-797).
fn same_port(node: &Node<'_>) -> Option<Finding> {
    let (listeners, set) = (node.listeners.as_ref()?, node.settings.get("listeners")?);
    let shared = |l: &&Listener| {
        let others = listeners.iter().take_while(|o| o.name != l.name);
        l.port != 0 && others.into_iter().any(|o| o.port == l.port && !are_two_families(o, l))
    };
    let second = listeners.iter().find(shared)?;
    let first = listeners.iter().find(|o| o.port == second.port)?;
    let why = text::same_port(&shown(&first.name), &shown(&second.name), second.port);
    Some(set.finding("same-port-twice", why))
}

fn are_two_families(a: &Listener, b: &Listener) -> bool {
    let family = |l: &Listener| l.host.parse::<std::net::IpAddr>().ok().map(|a| a.is_ipv4());
    matches!((family(a), family(b)), (Some(one), Some(other)) if one != other)
}

/// Each listener's name has a security protocol.
fn protocols(node: &Node<'_>) -> Option<Finding> {
    let settings = &node.settings;
    let listeners = node.listeners.as_ref()?;
    let Some(set) = settings.get(MAP) else {
        return without_map(node, listeners);
    };
    let mut mapped = Vec::new();
    for entry in set.value.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
        let Some((name, protocol)) = entry.rsplit_once(':') else {
            let why = text::map_entry(&shown(entry));
            return Some(set.finding("protocol-map-malformed", why));
        };
        if !is_protocol(protocol) {
            let why = text::protocol(&shown(protocol.trim()));
            return Some(set.finding("protocol-unknown", why));
        }
        mapped.push(name.trim().to_ascii_uppercase());
    }
    let controllers = settings.items("controller.listener.names");
    let names = listeners.iter().map(|l| l.name.as_str()).chain(controllers);
    let lacking = names.into_iter().find(|n| !mapped.contains(&n.to_ascii_uppercase()))?;
    Some(set.finding("listener-without-protocol", text::lacking(&shown(lacking))))
}

/// Without a map a listener is named as its protocol, and the controller's is plain text where no
/// listener is named as another protocol.
fn without_map(node: &Node<'_>, listeners: &[Listener]) -> Option<Finding> {
    let names = listeners.iter().map(|l| l.name.as_str());
    let is_secured = |name: &str| is_protocol(name) && name != "PLAINTEXT";
    let secured = names.clone().any(is_secured);
    let mut lacking =
        names.filter(|name| !is_protocol(name) && (secured || !node.is_controllers(name)));
    let why = text::lacking(&shown(lacking.next()?));
    Some(node.settings.missing("listener-without-protocol", MAP, why))
}

fn is_protocol(name: &str) -> bool {
    PROTOCOLS.contains(&name.trim().to_ascii_uppercase().as_str())
}

/// Brokers do not listen as controllers, nor controllers as brokers.
fn roles(node: &Node<'_>) -> Option<Finding> {
    let (listeners, set) = (node.listeners.as_ref()?, node.settings.get("listeners")?);
    let (broker, controller) = (node.has(Role::Broker), node.has(Role::Controller));
    let controllers = listeners.iter().find(|l| node.is_controllers(&l.name));
    let clients = listeners.iter().find(|l| !node.is_controllers(&l.name));
    let finding = |id, why| Some(set.finding(id, why));
    match (controllers, clients) {
        (Some(listener), _) if broker && !controller => finding(
            "broker-with-controller-listener",
            text::broker_controls(&shown(&listener.name)),
        ),
        (Some(_), Some(listener)) if controller && !broker => finding(
            "controller-with-client-listener",
            text::controller_serves(&shown(&listener.name)),
        ),
        (Some(_), None) if broker => finding("no-client-listener", text::no_clients()),
        _ => None,
    }
}

fn inter_broker(node: &Node<'_>) -> Option<Finding> {
    let settings = &node.settings;
    let protocol = settings.get("security.inter.broker.protocol");
    let named = settings.get("inter.broker.listener.name");
    if let (Some(_), Some(protocol)) = (named, protocol) {
        return Some(protocol.finding("inter-broker-twice", text::inter_twice()));
    }
    let advertised = node.advertised.as_ref().filter(|_| node.has(Role::Broker))?;
    let name = node.inter_broker_name();
    if node.is_controllers(&name) {
        return Some(by_name(
            node,
            "inter-broker-is-controllers",
            named.or(protocol),
            text::inter_controls(),
        ));
    }
    // A node without a listener for clients has its own finding.
    let usable: Vec<&str> = advertised.iter().map(|a| a.name.as_str()).collect();
    if usable.contains(&name.as_str()) || node.client_listeners()?.is_empty() {
        return None;
    }
    let usable = shown(&usable.join(", "));
    let why = text::inter_unknown(&shown(&name), &usable);
    Some(by_name(node, "inter-broker-listener-unknown", named.or(protocol), why))
}

fn by_name(node: &Node<'_>, id: &'static str, set: Option<Setting<'_>>, why: Phrase) -> Finding {
    match set {
        Some(set) => set.finding(id, why),
        None => node.settings.missing(id, "inter.broker.listener.name", why),
    }
}

/// Advertised names that no listener has.
fn unknown_names(node: &Node<'_>) -> Option<Finding> {
    let set = node.settings.get("advertised.listeners")?;
    let (listeners, advertised) = (node.listeners.as_ref()?, node.advertised.as_ref()?);
    let unknown = advertised.iter().find(|a| !listeners.iter().any(|l| l.name == a.name))?;
    let names: Vec<&str> = listeners.iter().map(|l| l.name.as_str()).collect();
    let why = text::unknown(&shown(&unknown.name), &shown(&names.join(", ")));
    Some(set.finding("advertised-name-unknown", why))
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn malformed(why: &Phrase) -> Phrase {
        Phrase::new(
            format!("Kafka cannot use the list and ends: {}", why.en),
            format!("Kafka 无法使用这个列表，会退出：{}", why.zh),
        )
    }

    pub fn same_port(first: &str, second: &str, port: u16) -> Phrase {
        phrase!(
            "{first} and {second} both want port {port}; each listener needs its own, and Kafka ends",
            "{first} 和 {second} 都要用端口 {port}；每个监听器要有自己的端口，Kafka 会退出"
        )
    }

    pub fn map_entry(entry: &str) -> Phrase {
        phrase!(
            "{entry} is no entry of this list: each is written `NAME:PROTOCOL`, such as `EXTERNAL:PLAINTEXT`, and Kafka ends",
            "{entry} 不合格式：每一项要写成 `名称:协议`，例如 `EXTERNAL:PLAINTEXT`，否则 Kafka 会退出"
        )
    }

    pub fn protocol(name: &str) -> Phrase {
        phrase!(
            "{name} is no protocol: there are PLAINTEXT, SSL, SASL_PLAINTEXT and SASL_SSL, and Kafka ends",
            "{name} 不是协议：只有 PLAINTEXT、SSL、SASL_PLAINTEXT 和 SASL_SSL，Kafka 会退出"
        )
    }

    pub fn lacking(name: &str) -> Phrase {
        phrase!(
            "the listener {name} has no protocol: Kafka ends with `No security protocol defined for listener`",
            "监听器 {name} 没有对应的协议：Kafka 会退出，报 `No security protocol defined for listener`"
        )
    }

    pub fn broker_controls(name: &str) -> Phrase {
        phrase!(
            "{name} is the controllers' listener and this node is only a broker: Kafka ends",
            "{name} 是 controller 的监听器，而这个节点只是 broker：Kafka 会退出"
        )
    }

    pub fn controller_serves(name: &str) -> Phrase {
        phrase!(
            "this node is only a controller and {name} is not in controller.listener.names: Kafka ends",
            "这个节点只是 controller，而 {name} 不在 controller.listener.names 里：Kafka 会退出"
        )
    }

    pub fn no_clients() -> Phrase {
        phrase!(
            "the only listener is the controllers': brokers and clients have none, and Kafka ends",
            "唯一的监听器归 controller：broker 之间和客户端都没有监听器可用，Kafka 会退出"
        )
    }

    pub fn inter_twice() -> Phrase {
        phrase!(
            "inter.broker.listener.name is set too: Kafka takes only one of both, and ends",
            "inter.broker.listener.name 也设置了：两者只能设置一个，Kafka 会退出"
        )
    }

    pub fn inter_controls() -> Phrase {
        phrase!(
            "this is the controllers' listener; brokers need one of their own between them, and Kafka ends",
            "这是 controller 的监听器；broker 之间要用另一个监听器，Kafka 会退出"
        )
    }

    pub fn inter_unknown(name: &str, usable: &str) -> Phrase {
        phrase!(
            "brokers are to use the listener {name} between them, and the advertised ones are {usable}: Kafka ends",
            "broker 之间要用监听器 {name}，而公布的监听器是 {usable}：Kafka 会退出"
        )
    }

    pub fn unknown(name: &str, names: &str) -> Phrase {
        phrase!(
            "no listener is called {name}, there are {names}: Kafka ends",
            "没有叫 {name} 的监听器，有的是 {names}：Kafka 会退出"
        )
    }
}
