//! The nodes of a file, and what is asked of them.

use super::image::image_name;
use super::node::{Node, Role, Voter};
use super::settings::Settings;
use super::{Asked, Finding};
use crate::engine::compose::{ComposeFile, Service, server_properties};
use crate::phrase;

/// The words that start the image's own way.
const OWN_START: &str = "/etc/kafka/docker/run";

/// Makers of images that have rules of their own for the environment.
const OTHER_MAKERS: [&str; 6] =
    ["bitnami", "bitnamilegacy", "bitnamisecure", "wurstmeister", "ubuntu", "strimzi"];

/// A file as the rules see it.
pub(super) struct Scene<'a> {
    pub file: &'a ComposeFile,
    pub asked: &'a Asked<'a>,
    /// The nodes in `KRaft` mode whose settings the file tells.
    pub nodes: Vec<Node<'a>>,
    /// Whether there may be nodes of Kafka in the file besides those.
    pub open: bool,
}

/// What a service is.
enum Kind {
    /// A node by the rules of Apache's image or of Confluent's.
    Node,
    /// Perhaps a node, but the file does not tell with which settings.
    Unknown,
    /// Something else.
    Other,
}

impl<'a> Scene<'a> {
    /// The scene, and what the image's start script refuses.
    pub fn of(file: &'a ComposeFile, asked: &'a Asked<'a>) -> (Self, Vec<Finding>) {
        let mut scene = Self { file, asked, nodes: Vec::new(), open: false };
        let mut refused = Vec::new();
        for service in &file.services {
            match kind(service) {
                Kind::Other => {}
                Kind::Unknown => scene.open = true,
                Kind::Node => match server_properties(service) {
                    Ok(properties) => {
                        let settings = Settings::new(service, properties);
                        scene.nodes.extend(Node::new(service, settings));
                    }
                    Err(error) => {
                        scene.open = true;
                        refused.push(Finding {
                            id: error.fault.code(),
                            position: error.position,
                            observed: error.fault.message(),
                            why: text::refused(),
                        });
                    }
                },
            }
        }
        (scene, refused)
    }

    /// The brokers of the cluster that `node` belongs to; none where the file does not tell them.
    pub fn brokers_beside(&self, node: &Node<'a>) -> Option<Vec<&Node<'a>>> {
        let quorum = node.quorum().filter(|_| !self.open)?;
        let members: Vec<&Node<'a>> =
            self.nodes.iter().filter(|n| n.quorum().as_ref() == Some(&quorum)).collect();
        let is_here = |voter: &Voter| members.iter().any(|n| n.id() == Some(voter.id));
        if !node.voters()?.iter().all(is_here) {
            return None;
        }
        let brokers: Vec<_> = members.into_iter().filter(|n| n.has(Role::Broker)).collect();
        (!brokers.is_empty()).then_some(brokers)
    }
}

fn kind(service: &Service) -> Kind {
    let (maker, name) = image_name(&service.image.value);
    let sets = |name: &str| service.variable(name).is_some();
    let settings = ["KAFKA_PROCESS_ROLES", "KAFKA_NODE_ID", "KAFKA_LISTENERS"];
    let confluents = ["cp-kafka", "cp-server"].contains(&name);
    let apaches = name == "kafka" || name == "kafka-native";
    let told = settings.iter().any(|name| sets(name))
        || sets("KAFKA_ADVERTISED_LISTENERS")
        || service.mounted_properties.is_some();
    if OTHER_MAKERS.contains(&maker) && name.contains("kafka") {
        return Kind::Unknown;
    }
    if !confluents && !apaches && !told {
        return Kind::Other;
    }
    let by_itself = |words: &Option<Vec<String>>| words.as_ref().is_none_or(|w| w == &[OWN_START]);
    if service.entrypoint.is_some() || !by_itself(&service.command) {
        return Kind::Unknown;
    }
    Kind::Node
}

mod text {
    use super::phrase;
    use crate::phrase::Phrase;

    pub fn refused() -> Phrase {
        phrase!(
            "the image makes its configuration of these variables and cannot",
            "镜像要用这些变量生成配置，这里却生成不了"
        )
    }
}
