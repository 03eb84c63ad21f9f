//! A node of Kafka as its service describes it, right or wrong.

use super::image::{image_name, major_version};
use super::settings::{Setting, Settings};
use crate::engine::compose::{Listener, Service, parse_listeners};

/// What Kafka listens on where nothing is set.
const DEFAULT_LISTENERS: &str = "PLAINTEXT://:9092";

/// The roles as `process.roles` has them.
pub(super) const BROKER: &str = "broker";
pub(super) const CONTROLLER: &str = "controller";

/// What a node may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Broker,
    Controller,
}

/// A voter of the quorum.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Voter {
    pub id: i32,
    pub host: String,
    pub port: u16,
}

/// A node in `KRaft` mode.
pub(super) struct Node<'a> {
    pub service: &'a Service,
    pub settings: Settings<'a>,
    /// `listeners`, or Kafka's default; none where they cannot be read.
    pub listeners: Option<Vec<Listener>>,
    /// `advertised.listeners`, or what Kafka makes of the listeners; none where neither can be read.
    pub advertised: Option<Vec<Listener>>,
}

impl<'a> Node<'a> {
    /// The node; none where the service runs a broker in `ZooKeeper` mode.
    pub fn new(service: &'a Service, settings: Settings<'a>) -> Option<Self> {
        let zookeeper_is_possible = match image_name(&service.image.value) {
            (_, "cp-kafka" | "cp-server") => major_version(&service.image.value) < Some(8),
            _ => major_version(&service.image.value).is_some_and(|major| major < 4),
        };
        if settings.get("process.roles").is_none() && zookeeper_is_possible {
            return None;
        }
        let read = |property| settings.get(property).map(|s| parse_listeners(s.value).ok());
        let listeners =
            read("listeners").unwrap_or_else(|| parse_listeners(DEFAULT_LISTENERS).ok());
        let advertised = read("advertised.listeners");
        let mut node = Self { service, settings, listeners, advertised: None };
        node.advertised = advertised.unwrap_or_else(|| node.client_listeners());
        Some(node)
    }

    /// Whether the node has a role; both where the file does not say which it has.
    pub fn has(&self, role: Role) -> bool {
        let roles = self.settings.items("process.roles");
        let readable = |role: &&str| [BROKER, CONTROLLER].contains(role);
        let name = match role {
            Role::Broker => BROKER,
            Role::Controller => CONTROLLER,
        };
        roles.is_empty() || !roles.iter().all(readable) || roles.contains(&name)
    }

    /// `node.id`, or the older `broker.id`.
    pub fn id_setting(&self) -> Option<Setting<'_>> {
        self.settings.get("node.id").or_else(|| self.settings.get("broker.id"))
    }

    /// The node's id, if it is one.
    pub fn id(&self) -> Option<i32> {
        self.id_setting()?.value.parse().ok().filter(|id| *id >= 0)
    }

    /// The voters of a static quorum; none where there are none or one cannot be read.
    pub fn voters(&self) -> Option<Vec<Voter>> {
        let voters = self.settings.items("controller.quorum.voters");
        let voters: Option<Vec<Voter>> = voters.into_iter().map(voter).collect();
        voters.filter(|voters| !voters.is_empty())
    }

    /// What two nodes of one cluster have in common.
    pub fn quorum(&self) -> Option<Vec<String>> {
        let voters = self.voters()?;
        let mut members: Vec<String> =
            voters.iter().map(|v| format!("{}@{}", v.id, v.host)).collect();
        members.sort();
        // A node that finds its controller in itself is a cluster of its own.
        if let [only] = &voters[..]
            && ["localhost", "127.0.0.1", "::1"].contains(&only.host.as_str())
        {
            members.push(self.service.name.clone());
        }
        Some(members)
    }

    /// Whether a listener is the controller's. Kafka compares the names as they are written.
    pub fn is_controllers(&self, name: &str) -> bool {
        self.settings.items("controller.listener.names").contains(&name)
    }

    /// The listeners for brokers and clients.
    pub fn client_listeners(&self) -> Option<Vec<Listener>> {
        let listeners = self.listeners.as_ref()?.iter();
        Some(listeners.filter(|l| !self.is_controllers(&l.name)).cloned().collect())
    }

    /// What a listener tells its clients.
    pub fn advertised_by(&self, name: &str) -> Option<&Listener> {
        self.advertised.as_ref()?.iter().find(|a| a.name == name)
    }

    /// What says where clients are sent: `advertised.listeners`, or the listeners without it.
    pub fn advertising(&self) -> Option<Setting<'_>> {
        self.settings.get("advertised.listeners").or_else(|| self.settings.get("listeners"))
    }

    /// Listeners for clients, each with what it tells them.
    pub fn routes(&self) -> Vec<(Listener, &Listener)> {
        let listeners = self.client_listeners().unwrap_or_default();
        let told = |l: Listener| self.advertised_by(&l.name).map(|a| (l, a));
        listeners.into_iter().filter_map(told).collect()
    }

    /// The name of the listener that brokers use between them.
    pub fn inter_broker_name(&self) -> String {
        let name = self.settings.get("inter.broker.listener.name");
        let name = name.or_else(|| self.settings.get("security.inter.broker.protocol"));
        name.map_or_else(|| "PLAINTEXT".to_owned(), |name| name.value.to_ascii_uppercase())
    }
}

/// `id@host:port`, as Kafka reads it: a number, a host, a port.
pub(super) fn voter(text: &str) -> Option<Voter> {
    let (id, address) = text.split_once('@')?;
    // Kafka passes over a listener's name before the host.
    let address = address.split_once("://").map_or(address, |(_, address)| address);
    let (host, port) = address.rsplit_once(':')?;
    let host = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    let id = id.trim().parse().ok().filter(|id| *id >= 0)?;
    let port = port.trim().parse().ok()?;
    (!host.is_empty()).then(|| Voter { id, host: host.to_ascii_lowercase(), port })
}
