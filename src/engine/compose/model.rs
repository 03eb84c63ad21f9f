//! What a compose file says, typed.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// A place in a compose file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// Where a file begins: errors that concern all of it stand here.
    pub const START: Self = Self { line: 1, column: 1 };
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it begins in the file.
    pub position: Position,
}

/// A compose file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposeFile {
    /// The file's name as errors give it.
    pub file: Arc<str>,
    /// The project's name.
    pub name: Option<String>,
    /// At least one service, in the file's order.
    pub services: Vec<Service>,
    /// The volumes that services may name, in the file's order.
    pub volumes: Vec<NamedVolume>,
    /// The small files that services may mount, in the file's order.
    pub configs: Vec<Config>,
    /// The declared networks; services without networks join `default`, declared or not.
    pub networks: Vec<Network>,
}

impl ComposeFile {
    /// The service of this name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name == name)
    }

    /// Every port of the host that leads into a service.
    pub fn published(&self) -> BTreeSet<u16> {
        let ports = self.services.iter().flat_map(|service| &service.ports);
        ports.filter_map(|port| port.host_port).collect()
    }

    /// The content of the config that `service` mounts at `path`.
    pub fn config_at(&self, service: &Service, path: &str) -> Option<&str> {
        let key = service.config_at(path)?;
        self.configs.iter().find(|config| config.key == key)?.content.as_deref()
    }
}

/// A volume that outlives its containers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedVolume {
    /// The name that services use.
    pub key: String,
    /// The name outside the project, where it is set.
    pub name: Option<String>,
    /// Its labels, in the file's order.
    pub labels: Vec<(String, Spanned<String>)>,
    /// Where its key stands.
    pub position: Position,
}

/// A small file that services mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The name that services use.
    pub key: String,
    /// The path of the host that holds it, as written: absolute, or from the file's folder.
    pub file: Option<Spanned<String>>,
    /// What it holds: as it stands in the file, variables resolved. Of a path of the host, `None`
    /// until [`referred`](crate::engine::referred) has read it.
    pub content: Option<String>,
    /// Where its key stands.
    pub position: Position,
}

/// A network between services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// The name that services use.
    pub key: String,
    /// The name outside the project, where it is set.
    pub name: Option<String>,
    /// Its labels, in the file's order.
    pub labels: Vec<(String, Spanned<String>)>,
    /// Where its key stands.
    pub position: Position,
}

/// A service: one node of the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The file's name as errors give it.
    pub file: Arc<str>,
    /// The service's key, by which other services reach it.
    pub name: String,
    /// The image, variables resolved.
    pub image: Spanned<String>,
    /// The container's name, where it is set.
    pub container_name: Option<String>,
    /// The host name inside the node.
    pub hostname: Option<String>,
    /// The files of variables that it names, in the file's order.
    pub env_files: Vec<EnvFile>,
    /// Variables in the file's order, each name once; numbers and booleans as their source text.
    pub environment: Vec<(String, Spanned<String>)>,
    /// The `server.properties` that is mounted where Kafka's image looks for it, with the place of
    /// the mount; none until [`referred`](crate::engine::referred) has looked.
    pub mounted_properties: Option<Spanned<String>>,
    /// Published ports.
    pub ports: Vec<PortMapping>,
    /// What is mounted where, `tmpfs:` included.
    pub volumes: Vec<Mount>,
    /// The small files that it mounts, each a [`Config`] of the file.
    pub configs: Vec<ConfigMount>,
    /// Replaces the image's entrypoint; a text is split into words as a shell does.
    pub entrypoint: Option<Vec<String>>,
    /// Replaces the image's command; a text is split into words as a shell does.
    pub command: Option<Vec<String>>,
    /// Services that start before this one; each of them is in the file, and there is no circle.
    pub depends_on: Vec<Spanned<String>>,
    /// Whether a health check is declared and not disabled.
    pub healthcheck: bool,
    /// What a health check runs: `CMD` and words, or `CMD-SHELL` and a line for the shell.
    pub health_test: Option<Spanned<Vec<String>>>,
    /// How long a stop may take before the node is killed; Compose's default is 10 s.
    pub stop_grace_period: Option<Duration>,
    /// The signal that asks for a stop, as written: `SIGTERM`.
    pub stop_signal: Option<String>,
    /// When the node is started again, as written: `unless-stopped`.
    pub restart: Option<String>,
    /// The user inside the container, as written: `1000:1000`.
    pub user: Option<String>,
    /// Whether an init process reaps orphans.
    pub init: Option<bool>,
    /// The memory limit in bytes.
    pub mem_limit: Option<u64>,
    /// Further host names and their addresses.
    pub extra_hosts: Vec<(String, Spanned<String>)>,
    /// The networks it joins; none are named: `default`.
    pub networks: Vec<Spanned<String>>,
    /// Further names under which other services reach it.
    pub aliases: Vec<String>,
    /// Its labels, in the file's order.
    pub labels: Vec<(String, Spanned<String>)>,
    /// Where its key stands.
    pub position: Position,
}

impl Service {
    /// The value of an environment variable, with its position.
    pub fn variable(&self, name: &str) -> Option<&Spanned<String>> {
        self.environment.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The config that is mounted at `path`, by its key.
    pub fn config_at(&self, path: &str) -> Option<&str> {
        self.configs.iter().find(|c| c.target == path).map(|c| c.config.as_str())
    }

    /// How the port `container_port` is published; the first entry where there are several.
    pub fn published(&self, container_port: u16) -> Option<&PortMapping> {
        self.ports.iter().find(|port| port.container_port == container_port)
    }
}

/// A file of variables that a service names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvFile {
    /// Its path, as written: absolute, or from the compose file's folder.
    pub path: Spanned<String>,
    /// Whether it has to be there.
    pub required: bool,
    /// Whether values are taken as they stand, quotes and dollar signs included.
    pub raw: bool,
}

/// A published TCP port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortMapping {
    /// The host's address that it is bound to; none is every address of the host.
    pub host_address: Option<IpAddr>,
    /// The port on the host; none is any free one.
    pub host_port: Option<u16>,
    /// The port inside the container.
    pub container_port: u16,
    /// Where the entry stands.
    pub position: Position,
}

impl PortMapping {
    /// Whether only this host reaches the port.
    pub fn is_loopback(&self) -> bool {
        self.host_address.is_some_and(|address| address.to_canonical().is_loopback())
    }
}

/// A [`Config`] mounted into a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigMount {
    /// The config's key.
    pub config: String,
    /// Where, an absolute path in the service.
    pub target: String,
    /// Where the entry stands.
    pub position: Position,
}

/// Something mounted into a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// What is mounted.
    pub source: Source,
    /// Where, an absolute path in the service.
    pub target: String,
    /// Whether the service may not write to it.
    pub read_only: bool,
    /// Where the entry stands.
    pub position: Position,
}

/// What a [`Mount`] mounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A volume that the file declares.
    Volume(String),
    /// Memory; gone with the container.
    Tmpfs,
    /// A path of the host, as written: absolute, or from the file's folder.
    Bind(String),
}
