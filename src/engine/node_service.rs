//! What kind of node a service of a compose file is: told by what it starts.

use super::compose::properties::Properties;
use super::compose::{ComposeFile, ServerProperties, Service};
use super::kafka_service::{KafkaService, ServiceError};
use super::zookeeper_service::ZooKeeperService;

/// The scripts that start a node by a properties file, wherever an image has them.
const KAFKA_START: &str = "kafka-server-start.sh";
const ZOOKEEPER_START: &str = "zookeeper-server-start.sh";

/// A node as its service describes it.
#[derive(Debug, Clone)]
pub enum NodeService<'a> {
    /// A node of Kafka.
    Kafka(Box<KafkaService<'a>>),
    /// A server of `ZooKeeper`.
    ZooKeeper(Box<ZooKeeperService<'a>>),
}

impl<'a> NodeService<'a> {
    /// Reads a service of `file`. One whose entrypoint is a start script of Kafka's with a file is
    /// told by that file, which a config mounts there; any other by its KAFKA_ variables, as the
    /// image's own entrypoint has it.
    pub fn read(file: &ComposeFile, service: &'a Service) -> Result<Self, ServiceError> {
        let Some((script, path)) = started_by(service) else {
            return Ok(Self::Kafka(Box::new(KafkaService::read(service)?)));
        };
        let text = file.config_at(service, path).ok_or_else(|| ServiceError::NoConfig {
            place: format!("{}:{}", service.file, service.position),
            service: service.name.clone(),
            path: path.to_owned(),
        })?;
        let properties = Properties::parse(text).map_err(|e| ServiceError::BadConfig {
            place: format!("{}:{}", service.file, service.position),
            service: service.name.clone(),
            path: path.to_owned(),
            reason: e.to_string(),
        })?;
        let properties = ServerProperties::of_file(properties, service);
        Ok(match script {
            ZOOKEEPER_START => {
                let server = ZooKeeperService::of_file(service, properties, path)?;
                Self::ZooKeeper(Box::new(server))
            }
            _ => Self::Kafka(Box::new(KafkaService::of_file(service, properties, path)?)),
        })
    }

    /// The node of Kafka, if it is one.
    pub fn kafka(&self) -> Option<&KafkaService<'a>> {
        match self {
            Self::Kafka(kafka) => Some(kafka),
            Self::ZooKeeper(_) => None,
        }
    }

    /// The cluster id that its data are formatted with, where the file says.
    pub fn cluster_id(&self) -> Option<&str> {
        self.kafka().filter(|kafka| !kafka.in_zookeeper_mode()).map(KafkaService::cluster_id)
    }
}

/// The start script of an entrypoint and the file that it is given.
fn started_by(service: &Service) -> Option<(&'static str, &str)> {
    let mut words = service.entrypoint.iter().chain(&service.command).flatten();
    service.entrypoint.as_ref()?;
    let name = words.next()?.rsplit('/').next()?;
    let script = [KAFKA_START, ZOOKEEPER_START].into_iter().find(|script| *script == name)?;
    Some((script, words.next()?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::engine::compose;
    use crate::problem::Explain;

    const ZOOKEEPER_SINGLE: &str = include_str!("../../compose/zookeeper-single.yaml");

    fn read(text: &str) -> Result<(ComposeFile, Vec<String>), ServiceError> {
        let file = compose::parse("z.yaml", text, &BTreeMap::new()).unwrap();
        let nodes = file.services.iter().map(|service| {
            Ok(match NodeService::read(&file, service)? {
                NodeService::ZooKeeper(server) => format!("zookeeper {}", server.client_port),
                NodeService::Kafka(kafka) => {
                    format!("kafka {} {}", kafka.node_id, kafka.in_zookeeper_mode())
                }
            })
        });
        let nodes = nodes.collect::<Result<_, ServiceError>>()?;
        Ok((file, nodes))
    }

    #[test]
    fn a_service_is_what_its_entrypoint_starts() {
        let (_, nodes) = read(ZOOKEEPER_SINGLE).unwrap();
        assert_eq!(nodes, ["zookeeper 9095", "kafka 1 true"]);
        let kraft = include_str!("../../compose/kraft-single.yaml");
        assert_eq!(read(kraft).unwrap().1, ["kafka 1 false"]);
    }

    #[test]
    fn the_file_may_be_given_as_the_command() {
        let text = "services:\n  z:\n    image: i\n    entrypoint: /a/zookeeper-server-start.sh\n    \
                    command: /z\n    configs: [z]\nconfigs: {z: {content: clientPort=1}}\n";
        assert_eq!(read(text).unwrap().1, ["zookeeper 1"]);
    }

    #[test]
    fn what_a_node_cannot_do_without_is_named_with_its_service() {
        for (from, to, code, word) in [
            ("clientPort=$", "clientport=$", "compose-setting", "clientPort"),
            ("broker.id=$", "broker.id=x$", "compose-setting", "broker.id"),
            (
                "target: /etc/kafka/zookeeper.properties",
                "target: /x",
                "compose-no-config",
                "zookeeper",
            ),
            ("tickTime=", "a=\\u12\ntickTime=", "compose-bad-config", "zookeeper"),
        ] {
            let text = ZOOKEEPER_SINGLE.replace(from, &to.replace('\n', "\n      "));
            assert_ne!(text, ZOOKEEPER_SINGLE, "{from}");
            let problem = read(&text).unwrap_err().problem();
            assert_eq!(problem.code, code, "{problem:?}");
            assert!(problem.message.en.contains(word), "{problem:?}");
        }
    }
}
