//! What an environment becomes in containers: its images, its ports, its nodes.

use crate::engine::cluster::{Cluster, ClusterNode, EngineKind, Starter};
use crate::engine::compose::{ComposeFile, Service};
use crate::engine::environment::{Environment, variables_in};
use crate::engine::kafka_service::{KafkaService, ServiceError};
use crate::engine::ports;

use super::error::DockerError;
use super::images::version_of;

/// Images that the machine names (`KAFKA_IMAGE`), written down with the environment: whatever is
/// run later uses the same ones.
pub(super) fn with_images(mut environment: Environment) -> Environment {
    let images: Vec<(String, String)> = variables_in(&environment.text)
        .filter(|(name, _)| name.ends_with("_IMAGE"))
        .filter_map(|(name, _)| Some((name.to_owned(), std::env::var(name).ok()?)))
        .filter(|(_, image)| !image.is_empty())
        .collect();
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
    let services: Vec<KafkaService<'_>> =
        file.services.iter().map(KafkaService::read).collect::<Result<_, _>>()?;
    let first = services.first();
    Ok(Cluster {
        environment: environment.name.clone(),
        engine: EngineKind::Containers,
        cluster_id: first.map(|k| k.cluster_id().to_owned()).unwrap_or_default(),
        kafka_version: first.map(|k| version_of(&k.service.image.value)).unwrap_or_default(),
        variables: environment.variables.clone(),
        nodes: services.iter().map(node).collect(),
        published: file.published(),
        starter: Starter::default(),
    })
}

fn node(kafka: &KafkaService<'_>) -> ClusterNode {
    let published = kafka.controller().and_then(|c| kafka.service.published(c.port)?.host_port);
    ClusterNode {
        name: kafka.service.name.clone(),
        node_id: kafka.node_id,
        address: kafka.client_address(),
        controller: published.map(|port| format!("127.0.0.1:{port}")),
    }
}
