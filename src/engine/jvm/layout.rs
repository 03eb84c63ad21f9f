//! How a compose file's services are laid out as processes on this machine.
//!
//! Names, ports and voters stay as the file says: each service gets a loopback address of its own,
//! and the JVMs resolve service names to them through a hosts file. Which listener binds where, see
//! [`bind`](super::bind).

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::bind::Places;
use crate::engine::compose::{
    ComposeFile, Listener, ServerProperties, Service, Source, format_listeners,
};
use crate::engine::kafka_service::{KafkaService, ServiceError};
use crate::engine::node_service::NodeService;
use crate::engine::zookeeper_service::ZooKeeperService;
use crate::phrase;
use crate::problem::{Explain, Problem};

/// Where a broker keeps its log when its file does not say.
const DEFAULT_LOG_DIR: &str = "/tmp/kafka-logs";

/// How long a node may take to end cleanly when its file does not say; Compose's default.
const DEFAULT_GRACE: Duration = Duration::from_secs(10);

/// A compose file cannot be laid out on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LayoutError {
    /// The file or a service in it is at fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// A service is none that runs as a plain JVM process.
    #[error("service {service} runs {image}")]
    NotKafka {
        /// The service.
        service: String,
        /// Its image.
        image: String,
    },
}

/// An environment on this machine, ready to be written out and started.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Version of Apache Kafka, from the image's tag.
    pub kafka_version: String,
    /// The cluster id that the file gives its nodes.
    pub cluster_id: String,
    /// Ports of this machine that the file publishes.
    pub published: BTreeSet<u16>,
    /// The nodes, in the order of the file.
    pub nodes: Vec<NodeLayout>,
}

/// What a node's process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// A node of Kafka in a quorum of controllers, with data that are formatted beforehand.
    KRaft,
    /// A broker of Kafka in `ZooKeeper` mode.
    Broker,
    /// A server of `ZooKeeper`.
    ZooKeeper,
}

impl Program {
    /// Its class.
    pub const fn class(self) -> &'static str {
        match self {
            Self::KRaft | Self::Broker => "kafka.Kafka",
            Self::ZooKeeper => "org.apache.zookeeper.server.quorum.QuorumPeerMain",
        }
    }

    /// Whether a class is one of a node's.
    pub fn has_class(class: &str) -> bool {
        [Self::KRaft, Self::ZooKeeper].iter().any(|program| program.class() == class)
    }
}

/// One node on this machine.
#[derive(Debug, Clone)]
pub struct NodeLayout {
    /// The service's name.
    pub name: String,
    /// What its process is.
    pub program: Program,
    /// `node.id` or `broker.id`; `None` for a server of `ZooKeeper`.
    pub node_id: Option<i32>,
    /// Its loopback address.
    pub own_address: Ipv4Addr,
    /// Names that resolve to [`NodeLayout::own_address`].
    pub host_names: Vec<String>,
    /// Its properties file, with listeners and paths of this machine.
    pub properties: ServerProperties,
    /// `-Xms…`, `-Xmx…` as the file gives them.
    pub heap_options: Vec<String>,
    /// What clients on this machine dial: `localhost:9092`.
    pub client_address: Option<String>,
    /// The controller listener as seen from this machine.
    pub controller_address: Option<String>,
    /// Where clients on this machine reach a server of `ZooKeeper`: `localhost:9095`.
    pub zookeeper_address: Option<String>,
    /// Addresses and ports that it binds.
    pub binds: Vec<(Ipv4Addr, u16)>,
    /// Where a neighbour gets that dials one of its names and a port of the file.
    pub inside: BTreeMap<u16, SocketAddrV4>,
    /// How long it may take to end cleanly.
    pub grace: Duration,
}

/// The loopback network of a home: 127.x.y.0/24, the same for the same home each time.
pub fn network_of(home: &Path) -> [u8; 2] {
    let digest = Sha256::digest(home.as_os_str().as_encoded_bytes());
    // 127.0.* and 127.1.* are in use by resolvers and habits.
    [16 + digest[0] % 224, digest[1]]
}

/// Lays `file` out below `folder`, on the loopback network 127.x.y.0/24.
pub fn lay_out(file: &ComposeFile, folder: &Path, network: [u8; 2]) -> Result<Layout, LayoutError> {
    let kafka_version = file.services.first().map(version_of).transpose()?.unwrap_or_default();
    let (cluster_id, published) = (String::new(), file.published());
    let mut layout = Layout { kafka_version, cluster_id, published, nodes: Vec::new() };
    for (service, host) in file.services.iter().zip(2_u8..=254) {
        version_of(service)?;
        let node = NodeService::read(file, service)?;
        if let (true, Some(id)) = (layout.cluster_id.is_empty(), node.cluster_id()) {
            id.clone_into(&mut layout.cluster_id);
        }
        let own_address = Ipv4Addr::new(127, network[0], network[1], host);
        layout.nodes.push(match node {
            NodeService::Kafka(kafka) => kafka_node(&kafka, folder, own_address),
            NodeService::ZooKeeper(server) => zookeeper_node(&server, folder, own_address),
        });
    }
    Ok(layout)
}

fn kafka_node(kafka: &KafkaService<'_>, folder: &Path, own_address: Ipv4Addr) -> NodeLayout {
    let service = kafka.service;
    let places = Places::of(kafka, own_address);
    let bound: Vec<Listener> = kafka.listeners.iter().map(|l| places.bound(l)).collect();
    let mut properties = kafka.properties.clone();
    map_log_dirs(service, folder, &mut properties);
    properties.set("listeners", format_listeners(&bound));
    let controller = kafka.controller().map(|c| places.bound(c));
    NodeLayout {
        name: service.name.clone(),
        program: if kafka.in_zookeeper_mode() { Program::Broker } else { Program::KRaft },
        node_id: Some(kafka.node_id),
        own_address: places.own,
        host_names: host_names(service),
        heap_options: heap_options(&properties),
        client_address: kafka.client_address(),
        controller_address: controller.map(|c| format!("{}:{}", c.host, c.port)),
        zookeeper_address: None,
        binds: bound.iter().filter_map(|b| Some((b.host.parse().ok()?, b.port))).collect(),
        inside: kafka.listeners.iter().filter_map(|l| Some((l.port, places.inside(l)?))).collect(),
        grace: service.stop_grace_period.unwrap_or(DEFAULT_GRACE),
        properties,
    }
}

/// A server of `ZooKeeper` binds one address. Where it stands alone and its port is published under
/// the same number, that is this machine's, to which its name resolves then too.
fn zookeeper_node(server: &ZooKeeperService<'_>, folder: &Path, own: Ipv4Addr) -> NodeLayout {
    let (service, port) = (server.service, server.client_port);
    let is_this_machines = server.published_port() == Some(port) && !server.is_of_an_ensemble();
    let own_address = if is_this_machines { Ipv4Addr::LOCALHOST } else { own };
    let host = if is_this_machines { "localhost".to_owned() } else { own.to_string() };
    let mut properties = server.properties.clone();
    for name in ["dataDir", "dataLogDir"] {
        if let Some(dir) = properties.get(name).map(str::to_owned) {
            properties.set(name, place(service, folder, dir.trim()).display().to_string());
        }
    }
    properties.set(CLIENT_PORT_ADDRESS, own_address.to_string());
    NodeLayout {
        name: service.name.clone(),
        program: Program::ZooKeeper,
        node_id: None,
        own_address,
        host_names: host_names(service),
        heap_options: heap_options(&properties),
        client_address: None,
        controller_address: None,
        zookeeper_address: Some(format!("{host}:{port}")),
        binds: vec![(own_address, port)],
        inside: BTreeMap::from([(port, SocketAddrV4::new(own_address, port))]),
        grace: service.stop_grace_period.unwrap_or(DEFAULT_GRACE),
        properties,
    }
}

/// The setting of the address that clients dial.
pub const CLIENT_PORT_ADDRESS: &str = "clientPortAddress";

fn heap_options(properties: &ServerProperties) -> Vec<String> {
    properties.heap_opts().unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

/// The version in `apache/kafka:4.3.1`.
fn version_of(service: &Service) -> Result<String, LayoutError> {
    let image = service.image.value.as_str();
    let tag =
        image.rsplit_once(':').filter(|(name, _)| *name == "apache/kafka").map(|(_, tag)| tag);
    tag.map(str::to_owned).ok_or_else(|| LayoutError::NotKafka {
        service: service.name.clone(),
        image: image.to_owned(),
    })
}

fn host_names(service: &Service) -> Vec<String> {
    let mut names = vec![service.name.clone()];
    let others = service.hostname.iter().chain(&service.container_name).chain(&service.aliases);
    names.extend(others.filter(|n| **n != service.name).cloned());
    names.dedup();
    names
}

/// Paths of the container become folders of the environment: a named volume is one folder, shared
/// by whoever mounts it; what lies on no volume belongs to the node.
fn map_log_dirs(service: &Service, folder: &Path, properties: &mut ServerProperties) {
    let given = properties.get("log.dirs").or_else(|| properties.get("log.dir"));
    let dirs = given.unwrap_or(DEFAULT_LOG_DIR).to_owned();
    let mapped: Vec<String> = dirs
        .split(',')
        .map(|dir| place(service, folder, dir.trim()).display().to_string())
        .collect();
    properties.remove("log.dir");
    properties.set("log.dirs", mapped.join(","));
    if let Some(dir) = properties.get("metadata.log.dir").map(str::to_owned) {
        properties.set("metadata.log.dir", place(service, folder, &dir).display().to_string());
    }
}

fn place(service: &Service, folder: &Path, path: &str) -> PathBuf {
    let inside = |target: &str| Path::new(path).strip_prefix(target).map(Path::to_path_buf).ok();
    let mount = service
        .volumes
        .iter()
        .filter_map(|mount| match &mount.source {
            Source::Volume(name) => Some((mount.target.len(), name, inside(&mount.target)?)),
            _ => None,
        })
        .max_by_key(|(length, ..)| *length);
    match mount {
        // Joined one by one: an empty rest would leave a slash at the end.
        Some((_, volume, rest)) => {
            volumes_folder(folder).join(volume).components().chain(rest.components()).collect()
        }
        None => node_folder(folder, &service.name).join("root").join(path.trim_start_matches('/')),
    }
}

/// Named volumes of an environment.
pub fn volumes_folder(folder: &Path) -> PathBuf {
    folder.join("volumes")
}

/// What belongs to one node of an environment.
pub fn node_folder(folder: &Path, node: &str) -> PathBuf {
    folder.join("nodes").join(node)
}

impl Explain for LayoutError {
    fn problem(&self) -> Problem {
        match self {
            Self::Service(error) => error.problem(),
            Self::NotKafka { service, image } => Problem::new(
                "not-on-jvm",
                phrase!(
                    "the service {service} runs the image {image}, which is no version of apache/kafka",
                    "服务 {service} 使用的镜像 {image} 不是 apache/kafka 的某个版本"
                ),
                phrase!(
                    "without a container engine only services of apache/kafka can run; install Docker for the others",
                    "没有容器引擎时只能运行 apache/kafka 的服务；其余服务需要安装 Docker"
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests;
