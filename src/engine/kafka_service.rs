//! What a service of a compose file says about the Kafka node that it is, whoever runs it.

use std::str::FromStr;

use thiserror::Error;

use super::compose::kafka_env::IMAGE_CLUSTER_ID;
use super::compose::{
    ComposeError, Listener, ServerProperties, Service, parse_listeners, server_properties,
};
use crate::phrase;
use crate::phrase::Phrase;
use crate::printable;
use crate::problem::{Explain, Problem};

/// A service that cannot be read as a node of Kafka.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ServiceError {
    /// The file itself is at fault.
    #[error(transparent)]
    File(#[from] ComposeError),
    /// The file that a node is started with is mounted by no config.
    #[error("{place}: service {service}: no config is mounted at {path}")]
    NoConfig {
        /// Where the service stands: file, line and column.
        place: String,
        /// The service.
        service: String,
        /// The file's path in the service.
        path: String,
    },
    /// The file that a node is started with is none that Java reads.
    #[error("{place}: service {service}: {path}: {reason}")]
    BadConfig {
        /// Where the service stands: file, line and column.
        place: String,
        /// The service.
        service: String,
        /// The file's path in the service.
        path: String,
        /// Why.
        reason: String,
    },
    /// A setting that a node cannot do without is missing or malformed.
    #[error("{place}: service {service}: {name} is {found}")]
    Setting {
        /// Where the service stands: file, line and column.
        place: String,
        /// The service.
        service: String,
        /// The property.
        name: &'static str,
        /// What is wrong with its value, or that there is none.
        found: Phrase,
    },
}

/// A node of Kafka as its service describes it.
#[derive(Debug, Clone)]
pub struct KafkaService<'a> {
    /// The service.
    pub service: &'a Service,
    /// `node.id`, or `broker.id`: in `ZooKeeper` mode, and where the file says no other.
    pub node_id: i32,
    /// Its settings by the image's rules.
    pub properties: ServerProperties,
    /// `listeners`.
    pub listeners: Vec<Listener>,
    /// `advertised.listeners`.
    pub advertised: Vec<Listener>,
    controller_names: Vec<String>,
}

impl<'a> KafkaService<'a> {
    /// Reads a service.
    pub fn read(service: &'a Service) -> Result<Self, ServiceError> {
        Self::told_by(service, server_properties(service)?, None)
    }

    /// A node by the properties file that it is started with, which is mounted at `path`.
    pub fn of_file(
        service: &'a Service,
        properties: ServerProperties,
        path: &str,
    ) -> Result<Self, ServiceError> {
        Self::told_by(service, properties, Some(path))
    }

    fn told_by(
        service: &'a Service,
        properties: ServerProperties,
        path: Option<&str>,
    ) -> Result<Self, ServiceError> {
        let id = id_property(&properties);
        Ok(Self {
            service,
            node_id: node_id(service, (&properties, path), id)?,
            listeners: listeners(service, (&properties, path), "listeners")?,
            advertised: listeners(service, (&properties, path), "advertised.listeners")?,
            controller_names: names(&properties, "controller.listener.names"),
            properties,
        })
    }

    /// Whether it keeps its state in `ZooKeeper`, and not in a quorum of controllers.
    pub fn in_zookeeper_mode(&self) -> bool {
        in_zookeeper_mode(&self.properties)
    }

    /// Whether clients on this machine use a listener: it is published, and advertised as local.
    pub fn is_external(&self, listener: &Listener) -> bool {
        let local = |a: &Listener| a.name == listener.name && is_local(&a.host);
        self.service.published(listener.port).is_some() && self.advertised.iter().any(local)
    }

    /// Whether nodes depend on a listener: the controllers', or the one between brokers.
    pub fn is_between_nodes(&self, listener: &Listener) -> bool {
        // Kafka's own default: the listener of the security protocol PLAINTEXT, by its name.
        let between = self.properties.get("inter.broker.listener.name").unwrap_or("PLAINTEXT");
        self.controller_names.contains(&listener.name)
            || listener.name.eq_ignore_ascii_case(between.trim())
    }

    /// `host:port` that clients on this machine use.
    pub fn client_address(&self) -> Option<String> {
        let external =
            |a: &&Listener| self.listeners.iter().any(|l| l.name == a.name && self.is_external(l));
        self.advertised.iter().find(external).map(address)
    }

    /// `host:port` that its neighbours use: the first advertised one that is not of this machine.
    pub fn inner_address(&self) -> Option<String> {
        self.advertised.iter().find(|a| !is_local(&a.host)).map(address)
    }

    /// Where its neighbours begin, listener by listener: the service's name with the port of each
    /// that is advertised under another name than this machine's.
    pub fn inner_listeners(&self) -> Vec<String> {
        let inner =
            |l: &&Listener| self.advertised.iter().any(|a| a.name == l.name && !is_local(&a.host));
        let listeners = self.listeners.iter().filter(inner);
        listeners.map(|l| format!("{}:{}", self.service.name, l.port)).collect()
    }

    /// The listener of the controller, if the node is one.
    pub fn controller(&self) -> Option<&Listener> {
        self.listeners.iter().find(|l| self.controller_names.contains(&l.name))
    }

    /// The cluster id that its data are formatted with.
    pub fn cluster_id(&self) -> &str {
        self.properties.cluster_id().unwrap_or(IMAGE_CLUSTER_ID)
    }
}

/// What the node's id is called: `broker.id`, its older name, counts in either mode.
fn id_property(properties: &ServerProperties) -> &'static str {
    let by_older_name =
        properties.get("node.id").is_none() && properties.get("broker.id").is_some();
    if by_older_name || in_zookeeper_mode(properties) { "broker.id" } else { "node.id" }
}

fn in_zookeeper_mode(properties: &ServerProperties) -> bool {
    properties.get("zookeeper.connect").is_some() && properties.get("process.roles").is_none()
}

fn address(listener: &Listener) -> String {
    format!("{}:{}", listener.host, listener.port)
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host == "127.0.0.1"
}

fn names(properties: &ServerProperties, key: &str) -> Vec<String> {
    properties.get(key).unwrap_or_default().split(',').map(|n| n.trim().to_owned()).collect()
}

/// Where a property is set: its variable, else the mount of the file at `path`, else the service.
fn place_of(service: &Service, property: &str, path: Option<&str>) -> String {
    let position = path.map_or_else(
        || {
            let variable = format!("KAFKA_{}", property.to_ascii_uppercase().replace('.', "_"));
            service.variable(&variable).map(|value| value.position)
        },
        |path| service.configs.iter().find(|c| c.target == path).map(|c| c.position),
    );
    format!("{}:{}", service.file, position.unwrap_or(service.position))
}

/// A property that has to be a whole number, with the path of the file that it stands in.
pub(super) fn number<T: FromStr>(
    service: &Service,
    (properties, path): (&ServerProperties, Option<&str>),
    name: &'static str,
) -> Result<T, ServiceError> {
    let found = properties.get(name);
    let words = || found.map_or(text::missing(), |found| text::no_number(&quoted(found)));
    found
        .and_then(|value| value.trim().parse().ok())
        .ok_or_else(|| fault((service, path), name, words()))
}

/// A node's id, from 0.
fn node_id(
    service: &Service,
    (properties, path): (&ServerProperties, Option<&str>),
    name: &'static str,
) -> Result<i32, ServiceError> {
    let id: i32 = number(service, (properties, path), name)?;
    let words = || text::no_number(&quoted(properties.get(name).unwrap_or_default()));
    if id >= 0 { Ok(id) } else { Err(fault((service, path), name, words())) }
}

fn listeners(
    service: &Service,
    (properties, path): (&ServerProperties, Option<&str>),
    name: &'static str,
) -> Result<Vec<Listener>, ServiceError> {
    let Some(text) = properties.get(name) else { return Ok(Vec::new()) };
    parse_listeners(text).map_err(|e| fault((service, path), name, Phrase::same(e.to_string())))
}

fn fault(
    (service, path): (&Service, Option<&str>),
    name: &'static str,
    found: Phrase,
) -> ServiceError {
    let place = place_of(service, name, path);
    ServiceError::Setting { place, service: service.name.clone(), name, found }
}

fn quoted(value: &str) -> String {
    format!("`{}`", printable::name(value))
}

impl Explain for ServiceError {
    fn problem(&self) -> Problem {
        match self {
            Self::File(error) => error.problem(),
            Self::NoConfig { place, service, path } => {
                let path = quoted(path);
                Problem::usage(
                    "compose-no-config",
                    phrase!(
                        "{place}: the service {service} is started with {path}, which none of its configs is mounted at",
                        "{place}：服务 {service} 用 {path} 启动，但没有 config 挂载在那里"
                    ),
                    phrase!(
                        "mount it: configs: [{{source: NAME, target: {path}}}], and declare NAME under `configs:`",
                        "挂载它：configs: [{{source: 名称, target: {path}}}]，并在 `configs:` 下声明这个名称"
                    ),
                )
            }
            Self::BadConfig { place, service, path, reason } => {
                let path = quoted(path);
                Problem::usage(
                    "compose-bad-config",
                    phrase!(
                        "{place}: {path} of the service {service}: {reason}",
                        "{place}：服务 {service} 的 {path}：{reason}"
                    ),
                    text::hint(),
                )
            }
            Self::Setting { place, service, name, found } => {
                let Phrase { en, zh } = found;
                Problem::usage(
                    "compose-setting",
                    phrase!(
                        "{place}: {name} of the service {service}: {en}",
                        "{place}：服务 {service} 的 {name}：{zh}"
                    ),
                    text::hint(),
                )
            }
        }
    }
}

mod text {
    use super::{Phrase, phrase};

    pub fn missing() -> Phrase {
        phrase!("a whole number is expected, there is none", "应为整数，但没有设置")
    }

    pub fn no_number(found: &str) -> Phrase {
        phrase!("a whole number is expected, found {found}", "应为整数，实际是 {found}")
    }

    pub fn hint() -> Phrase {
        phrase!("give it a valid value in the compose file", "在 compose 文件中给它一个合法的值")
    }
}
