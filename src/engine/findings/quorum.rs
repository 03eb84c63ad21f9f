//! The quorum: its voters, and the listener that they speak on.

use super::Finding;
use super::host::{Host, names};
use super::node::{Node, Role, Voter, voter};
use super::scene::Scene;
use super::settings::{Setting, shown};

const VOTERS: &str = "controller.quorum.voters";
const NAMES: &str = "controller.listener.names";

pub(super) fn findings(scene: &Scene<'_>, node: &Node<'_>) -> Vec<Finding> {
    let members = match node.settings.get(VOTERS) {
        Some(voters) => static_quorum(scene, node, voters),
        None => without_voters(node),
    };
    members.into_iter().chain(controller_listener(node)).collect()
}

/// Quorums without voters are formatted with a flag that the image's start does not give.
fn without_voters(node: &Node<'_>) -> Option<Finding> {
    let settings = &node.settings;
    settings.get("process.roles")?;
    match settings.get("controller.quorum.bootstrap.servers") {
        None => Some(settings.missing("voters-missing", VOTERS, text::no_voters())),
        Some(servers) if node.has(Role::Controller) => {
            Some(servers.finding("quorum-not-formatted", text::not_formatted()))
        }
        Some(_) => None,
    }
}

fn static_quorum(scene: &Scene<'_>, node: &Node<'_>, set: Setting<'_>) -> Option<Finding> {
    let found = |id, why| Some(set.finding(id, why));
    let entries = set.value.split(',').map(str::trim);
    if let Some(entry) = entries.into_iter().find(|entry| voter(entry).is_none()) {
        return found("voters-malformed", text::malformed(&shown(entry)));
    }
    let voters = node.voters()?;
    if voters.iter().any(|v| Host::of(scene, node.service, &v.host) == Host::Any) {
        return found("voters-any-address", text::any_address());
    }
    let id = node.id()?;
    let own = voters.iter().find(|v| v.id == id);
    match own {
        None if node.has(Role::Controller) => found("node-not-a-voter", text::not_a_voter(id)),
        Some(_) if node.has(Role::Broker) && !node.has(Role::Controller) => {
            found("broker-is-a-voter", text::broker_votes(id))
        }
        None => others(scene, node, set, &voters),
        Some(own) => own_host(scene, node, set, own)
            .or_else(|| others(scene, node, set, &voters))
            .or_else(|| own_port(scene, node, set, own)),
    }
}

/// The node's own entry: where the others, and the broker in the node itself, look for it.
fn own_host(scene: &Scene<'_>, node: &Node<'_>, set: Setting<'_>, own: &Voter) -> Option<Finding> {
    let (host, service) = (shown(&own.host), shown(&node.service.name));
    let why = match Host::of(scene, node.service, &own.host) {
        Host::OtherNode => text::others_host(own.id, &host, &service),
        Host::Nobody => text::nobodys_host(&host, &service),
        _ => return None,
    };
    Some(set.finding("voter-host", why))
}

fn own_port(scene: &Scene<'_>, node: &Node<'_>, set: Setting<'_>, own: &Voter) -> Option<Finding> {
    let is_dialled = matches!(Host::of(scene, node.service, &own.host), Host::Own | Host::Loopback);
    let listeners = node.listeners.iter().flatten().filter(|_| is_dialled);
    let mut controllers = listeners.filter(|l| node.is_controllers(&l.name));
    let first = controllers.clone().next()?;
    if controllers.any(|l| l.port == own.port || l.port == 0) {
        return None;
    }
    let why = text::port(own.port, &shown(&first.to_string()));
    Some(set.finding("voter-port", why))
}

/// The entries of the others.
fn others(
    scene: &Scene<'_>,
    node: &Node<'_>,
    set: Setting<'_>,
    voters: &[Voter],
) -> Option<Finding> {
    let mut others = voters.iter().filter(|v| Some(v.id) != node.id());
    let loops = others.find(|v| {
        Host::of(scene, node.service, &v.host) == Host::Loopback
            || names(node.service).any(|name| name.eq_ignore_ascii_case(&v.host))
    })?;
    let why = text::leads_back(loops.id, &shown(&loops.host), &shown(&node.service.name));
    Some(set.finding("voter-host", why))
}

fn controller_listener(node: &Node<'_>) -> Option<Finding> {
    let settings = &node.settings;
    settings.get("process.roles")?;
    let Some(set) = settings.get(NAMES) else {
        return Some(settings.missing(
            "controller-listener-names-missing",
            NAMES,
            text::no_names(),
        ));
    };
    let listeners = node.listeners.as_ref().filter(|_| node.has(Role::Controller))?;
    let listens = |name: &str| listeners.iter().any(|l| l.name == name);
    let name = settings.items(NAMES).into_iter().find(|name| !listens(name))?;
    let capitals = name.to_ascii_uppercase();
    if listens(&capitals) {
        let why = text::small_letters(&shown(name), &shown(&capitals));
        return Some(set.finding("controller-listener-missing", why));
    }
    let why = text::no_listener(&shown(name));
    Some(match settings.get("listeners") {
        Some(listeners) => listeners.finding("controller-listener-missing", why),
        None => settings.missing("controller-listener-missing", "listeners", why),
    })
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn no_voters() -> Phrase {
        phrase!(
            "the node does not know where its controllers are: Kafka ends with `either controller.quorum.bootstrap.servers … or controller.quorum.voters must contain …`",
            "节点不知道 controller 在哪里：Kafka 会退出，报 `either controller.quorum.bootstrap.servers … or controller.quorum.voters must contain …`"
        )
    }

    pub fn not_formatted() -> Phrase {
        phrase!(
            "without voters `kafka-storage format` wants `--standalone` or `--initial-controllers`, which the image's own start does not give: the container ends before Kafka starts",
            "没有投票者时，`kafka-storage format` 需要 `--standalone` 或 `--initial-controllers`，镜像自带的启动过程不会加上：容器在 Kafka 启动前就退出"
        )
    }

    pub fn malformed(entry: &str) -> Phrase {
        phrase!(
            "{entry} is no voter: each is written `id@host:port`, such as `1@kafka:29093`, and Kafka ends",
            "{entry} 不是投票者：每一项要写成 `id@主机:端口`，例如 `1@kafka:29093`，否则 Kafka 会退出"
        )
    }

    pub fn any_address() -> Phrase {
        phrase!(
            "`0.0.0.0` is where a node listens, not where it can be dialled: Kafka ends with `Host string (0.0.0.0) is not routeable`",
            "`0.0.0.0` 只能用来监听，不能用来连接：Kafka 会退出，报 `Host string (0.0.0.0) is not routeable`"
        )
    }

    pub fn not_a_voter(id: i32) -> Phrase {
        phrase!(
            "a node with the controller role has to be among the voters; the id {id} is not, and Kafka ends",
            "有 controller 角色的节点必须是投票者；id {id} 不在其中，Kafka 会退出"
        )
    }

    pub fn broker_votes(id: i32) -> Phrase {
        phrase!(
            "only controllers vote: a node that is just a broker must not have the id {id} of a voter, and Kafka ends",
            "只有 controller 投票：仅有 broker 角色的节点不能用投票者的 id {id}，Kafka 会退出"
        )
    }

    pub fn others_host(id: i32, host: &str, service: &str) -> Phrase {
        phrase!(
            "{host} is another service: whoever looks for the voter {id} there does not find {service}",
            "{host} 是另一个服务：去那里找投票者 {id}，找不到 {service}"
        )
    }

    pub fn nobodys_host(host: &str, service: &str) -> Phrase {
        phrase!(
            "no service is called {host} (this one is {service}): the broker cannot reach its controller (`UnknownHostException`) and never gets ready",
            "没有服务叫 {host}（这个服务叫 {service}）：broker 连不上 controller（`UnknownHostException`），始终起不来"
        )
    }

    pub fn port(port: u16, listener: &str) -> Phrase {
        phrase!(
            "the controller listens on {listener}, not on {port}: the broker cannot reach it and never gets ready",
            "controller 监听的是 {listener}，不是 {port}：broker 连不上它，始终起不来"
        )
    }

    pub fn leads_back(id: i32, host: &str, service: &str) -> Phrase {
        phrase!(
            "{host} leads {service} to itself, not to the voter {id}: they never find each other",
            "{host} 让 {service} 连到自己，而不是投票者 {id}：它们永远找不到对方"
        )
    }

    pub fn no_names() -> Phrase {
        phrase!(
            "the node does not know which listener is the controllers': Kafka ends with `Missing required configuration \"controller.listener.names\"`",
            "节点不知道哪个监听器归 controller：Kafka 会退出，报 `Missing required configuration \"controller.listener.names\"`"
        )
    }

    pub fn small_letters(name: &str, listener: &str) -> Phrase {
        phrase!(
            "listener names are kept in capitals, {listener}, and this list is compared as it is written: Kafka finds no {name} and ends",
            "监听器名一律按大写保存为 {listener}，而这个列表按原样比较：Kafka 找不到 {name}，会退出"
        )
    }

    pub fn no_listener(name: &str) -> Phrase {
        phrase!(
            "no listener is called {name}, where the controller is to listen: Kafka ends with `controller.listener.names must … appearing in the 'listeners' configuration`",
            "没有叫 {name} 的监听器，controller 无处监听：Kafka 会退出，报 `controller.listener.names must … appearing in the 'listeners' configuration`"
        )
    }
}
