//! What a service of a compose file says about the `ZooKeeper` server that it is, whoever runs it.

use super::compose::{ServerProperties, Service};
use super::kafka_service::{ServiceError, number};

/// The setting of the port that clients dial.
pub const CLIENT_PORT: &str = "clientPort";

/// A server of `ZooKeeper` as its service describes it.
#[derive(Debug, Clone)]
pub struct ZooKeeperService<'a> {
    /// The service.
    pub service: &'a Service,
    /// What its properties file says.
    pub properties: ServerProperties,
    /// The port that clients dial.
    pub client_port: u16,
}

impl<'a> ZooKeeperService<'a> {
    /// A server by the properties file that it is started with, which is mounted at `path`.
    pub fn of_file(
        service: &'a Service,
        properties: ServerProperties,
        path: &str,
    ) -> Result<Self, ServiceError> {
        let client_port = number(service, (&properties, Some(path)), CLIENT_PORT)?;
        Ok(Self { service, properties, client_port })
    }

    /// The port of this machine that its client port is published at.
    pub fn published_port(&self) -> Option<u16> {
        self.service.published(self.client_port)?.host_port
    }

    /// Whether it is one of several that elect a leader, and knows the others by name.
    pub fn is_of_an_ensemble(&self) -> bool {
        self.properties.iter().any(|(name, _)| name.starts_with("server."))
    }

    /// `host:port` that its neighbours use.
    pub fn inner_address(&self) -> String {
        format!("{}:{}", self.service.name, self.client_port)
    }
}
