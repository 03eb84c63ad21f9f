//! How a compose file's services are laid out as processes on this machine.
//!
//! Names, ports and voters stay as the file says: each service gets a loopback address of its own,
//! and the JVMs resolve service names to them through a hosts file. A listener that the file
//! publishes and advertises as localhost binds to 127.0.0.1; all others to the service's address.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::engine::compose::{ComposeError, ComposeFile, Service, Source};
use crate::engine::compose::{Listener, format_listeners, parse_listeners};
use crate::engine::compose::{ServerProperties, server_properties};
use crate::phrase;
use crate::problem::{Explain, Problem};

/// Where a broker keeps its log when its file does not say.
const DEFAULT_LOG_DIR: &str = "/tmp/kafka-logs";

/// The cluster id that the image formats with when its file does not say.
const DEFAULT_CLUSTER_ID: &str = "5L6g3nShT-eMCtK--X86sw";

/// How long a node may take to end cleanly when its file does not say; Compose's default.
const DEFAULT_GRACE: Duration = Duration::from_secs(10);

/// A compose file cannot be laid out on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LayoutError {
    /// The file itself is at fault.
    #[error(transparent)]
    File(#[from] ComposeError),
    /// A service is none that runs as a plain JVM process.
    #[error("service {service} runs {image}")]
    NotKafka {
        /// The service.
        service: String,
        /// Its image.
        image: String,
    },
    /// A setting that a node cannot do without is missing or malformed.
    #[error("service {service}: {name} is {found}")]
    Setting {
        /// The service.
        service: String,
        /// The property.
        name: &'static str,
        /// Its value, or that there is none.
        found: String,
    },
}

/// An environment on this machine, ready to be written out and started.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Version of Apache Kafka, from the image's tag.
    pub kafka_version: String,
    /// The cluster id that the file gives its nodes.
    pub cluster_id: String,
    /// The nodes, in the order of the file.
    pub nodes: Vec<NodeLayout>,
}

/// One node on this machine.
#[derive(Debug, Clone)]
pub struct NodeLayout {
    /// The service's name.
    pub name: String,
    /// `node.id`.
    pub node_id: i32,
    /// Its loopback address.
    pub own_address: Ipv4Addr,
    /// Names that resolve to [`NodeLayout::own_address`].
    pub host_names: Vec<String>,
    /// `server.properties` with listeners and paths of this machine.
    pub properties: ServerProperties,
    /// `-Xms…`, `-Xmx…` as the file gives them.
    pub heap_options: Vec<String>,
    /// What clients on this machine dial: `localhost:9092`.
    pub client_address: Option<String>,
    /// The controller listener as seen from this machine.
    pub controller_address: Option<String>,
    /// Addresses and ports that it binds.
    pub binds: Vec<(Ipv4Addr, u16)>,
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
    let nodes: Result<Vec<_>, _> = file
        .services
        .iter()
        .zip(2_u8..=254)
        .map(|(service, host)| {
            node(service, folder, Ipv4Addr::new(127, network[0], network[1], host))
        })
        .collect();
    let nodes = nodes?;
    let kafka_version = file.services.first().map(version_of).transpose()?.unwrap_or_default();
    let cluster_id =
        nodes.first().and_then(|n| n.properties.cluster_id()).unwrap_or(DEFAULT_CLUSTER_ID);
    Ok(Layout { kafka_version, cluster_id: cluster_id.to_owned(), nodes })
}

fn node(
    service: &Service,
    folder: &Path,
    own_address: Ipv4Addr,
) -> Result<NodeLayout, LayoutError> {
    version_of(service)?;
    let mut properties = server_properties(service)?;
    map_log_dirs(service, folder, &mut properties);
    let controller_names = names(&properties, "controller.listener.names");
    let advertised = listeners(service, &properties, "advertised.listeners")?;
    let bound: Vec<Listener> = listeners(service, &properties, "listeners")?
        .into_iter()
        .map(|listener| bind(listener, service, &advertised, own_address))
        .collect();
    properties.set("listeners", format_listeners(&bound));
    let client_address = advertised
        .iter()
        .find(|a| {
            bound.iter().any(|b| b.name == a.name && b.host == Ipv4Addr::LOCALHOST.to_string())
        })
        .map(|a| format!("{}:{}", a.host, a.port));
    let controller = bound.iter().find(|b| controller_names.contains(&b.name));
    Ok(NodeLayout {
        name: service.name.clone(),
        node_id: node_id(service, &properties)?,
        own_address,
        host_names: host_names(service),
        heap_options: properties
            .heap_opts()
            .iter()
            .flat_map(|o| o.split_whitespace())
            .map(str::to_owned)
            .collect(),
        client_address,
        controller_address: controller.map(|c| format!("{}:{}", c.host, c.port)),
        binds: bound.iter().filter_map(|b| Some((b.host.parse().ok()?, b.port))).collect(),
        grace: service.stop_grace_period.unwrap_or(DEFAULT_GRACE),
        properties,
    })
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

fn node_id(service: &Service, properties: &ServerProperties) -> Result<i32, LayoutError> {
    let found = properties.get("node.id");
    found.and_then(|id| id.parse().ok()).ok_or_else(|| LayoutError::Setting {
        service: service.name.clone(),
        name: "node.id",
        found: found.unwrap_or("missing").to_owned(),
    })
}

fn listeners(
    service: &Service,
    properties: &ServerProperties,
    name: &'static str,
) -> Result<Vec<Listener>, LayoutError> {
    let Some(text) = properties.get(name) else { return Ok(Vec::new()) };
    parse_listeners(text).map_err(|e| LayoutError::Setting {
        service: service.name.clone(),
        name,
        found: e.to_string(),
    })
}

fn bind(listener: Listener, service: &Service, advertised: &[Listener], own: Ipv4Addr) -> Listener {
    let for_this_machine = service.published(listener.port).is_some()
        && advertised.iter().any(|a| a.name == listener.name && is_local(&a.host));
    let address = if for_this_machine { Ipv4Addr::LOCALHOST } else { own };
    Listener { host: address.to_string(), ..listener }
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host == "127.0.0.1"
}

fn names(properties: &ServerProperties, key: &str) -> Vec<String> {
    properties.get(key).unwrap_or_default().split(',').map(|n| n.trim().to_owned()).collect()
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
            Self::File(error) => error.problem(),
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
            Self::Setting { service, name, found } => Problem::new(
                "compose-setting",
                phrase!(
                    "the service {service} has {name} = {found}",
                    "服务 {service} 的 {name} 是 {found}"
                ),
                phrase!(
                    "give it a valid value in the compose file",
                    "在 compose 文件中给它一个合法的值"
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests;
