//! What an environment becomes in containers: its images, its ports, its nodes.

use crate::engine::cluster::{Cluster, ClusterNode, EngineKind, Starter};
use crate::engine::compose::{ComposeFile, Service};
use crate::engine::environment::{Environment, images_named_for};
use crate::engine::kafka_service::ServiceError;
use crate::engine::node_service::NodeService;
use crate::engine::ports;

use super::error::DockerError;
use super::images::version_of;

/// Images that the machine names (`KAFKA_IMAGE`), written down with the environment: whatever is
/// run later uses the same ones.
pub(super) fn with_images(mut environment: Environment) -> Environment {
    let images = images_named_for(&environment.text);
    environment.variables.extend(images);
    environment
}

/// A port that is taken is better said before half of the nodes run.
pub(super) fn check_ports<'a>(
    services: impl IntoIterator<Item = &'a Service>,
) -> Result<(), DockerError> {
    let published = services.into_iter().flat_map(|service| &service.ports);
    let taken = published.filter_map(|p| p.host_port).find(|port| !ports::is_free(*port));
    taken.map_or(Ok(()), |port| Err(DockerError::PortBusy { words: format!("127.0.0.1:{port}") }))
}

/// The cluster that the services make.
pub(super) fn describe(
    environment: &Environment,
    file: &ComposeFile,
) -> Result<Cluster, ServiceError> {
    let nodes: Vec<NodeService<'_>> =
        file.services.iter().map(|s| NodeService::read(file, s)).collect::<Result<_, _>>()?;
    let first = file.services.first();
    Ok(Cluster {
        environment: environment.name.clone(),
        engine: EngineKind::Containers,
        cluster_id: nodes.iter().find_map(NodeService::cluster_id).unwrap_or_default().to_owned(),
        kafka_version: first.map(|service| version_of(&service.image.value)).unwrap_or_default(),
        variables: environment.variables.clone(),
        nodes: nodes.iter().map(node).collect(),
        published: file.published(),
        starter: Starter::default(),
    })
}

fn node(node: &NodeService<'_>) -> ClusterNode {
    match node {
        NodeService::Kafka(kafka) => {
            let port = |port: u16| kafka.service.published(port)?.host_port;
            let controller = kafka.controller().and_then(|controller| port(controller.port));
            ClusterNode {
                name: kafka.service.name.clone(),
                node_id: Some(kafka.node_id),
                address: kafka.client_address(),
                controller: controller.map(|port| format!("127.0.0.1:{port}")),
                zookeeper: None,
            }
        }
        NodeService::ZooKeeper(server) => ClusterNode {
            name: server.service.name.clone(),
            node_id: None,
            address: None,
            controller: None,
            zookeeper: server.published_port().map(|port| format!("localhost:{port}")),
        },
    }
}
