//! The nodes of one cluster, and open connections to them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use kafka_protocol::messages::MetadataRequest;
use kafka_protocol::protocol::Request;
use tokio::time::Instant;

use super::ask::AskError;
use super::connection::Connection;
use super::metadata::Metadata;

/// Asks the nodes of one cluster; connections are kept between questions.
#[derive(Debug)]
pub struct Client {
    brokers: Vec<String>,
    controllers: Vec<String>,
    idle: Mutex<HashMap<String, Vec<Connection>>>,
    patience: Duration,
}

impl Client {
    /// A client for brokers and controllers at `host:port`, as seen from this machine.
    ///
    /// Every question is given up after `patience`. No I/O happens before the first question.
    pub fn new(brokers: Vec<String>, controllers: Vec<String>, patience: Duration) -> Self {
        Self { brokers, controllers, idle: Mutex::new(HashMap::new()), patience }
    }

    /// Addresses of the brokers, in the order of the environment's file.
    pub fn brokers(&self) -> &[String] {
        &self.brokers
    }

    /// Addresses of the controller listeners; empty where there are none to be reached.
    pub fn controllers(&self) -> &[String] {
        &self.controllers
    }

    /// Sends a request to one node and returns its response.
    pub async fn ask<R: Request + Clone>(
        &self,
        address: &str,
        request: R,
    ) -> Result<R::Response, AskError> {
        self.ask_up_to(address, request, i16::MAX).await
    }

    /// Like [`Client::ask`], in no newer version than `newest`.
    pub async fn ask_up_to<R: Request + Clone>(
        &self,
        address: &str,
        request: R,
        newest: i16,
    ) -> Result<R::Response, AskError> {
        let deadline = Instant::now() + self.patience;
        if let Some(connection) = self.take_idle(address) {
            // A node may have been restarted since: a kept connection gets one chance.
            match self.ask_over(connection, request.clone(), newest, deadline).await {
                Err(AskError::Disconnected { .. }) => {}
                other => return other,
            }
        }
        let connection = Connection::open(address, deadline).await?;
        self.ask_over(connection, request, newest, deadline).await
    }

    async fn ask_over<R: Request>(
        &self,
        mut connection: Connection,
        request: R,
        newest: i16,
        deadline: Instant,
    ) -> Result<R::Response, AskError> {
        let response = connection.call_up_to(request, newest, deadline).await;
        if matches!(response, Ok(_) | Err(AskError::Unsupported { .. })) {
            self.keep(connection);
        }
        response
    }

    /// All topics and brokers, from the first broker that answers.
    pub async fn metadata(&self) -> Result<Metadata, AskError> {
        let mut last = None;
        for address in &self.brokers {
            match self.metadata_of(address).await {
                Ok(metadata) => return Ok(metadata),
                Err(e) => last = Some(e),
            }
        }
        Err(last.unwrap_or_else(no_brokers))
    }

    /// All topics and brokers as the node at `address` knows them.
    pub async fn metadata_of(&self, address: &str) -> Result<Metadata, AskError> {
        let request =
            MetadataRequest::default().with_topics(None).with_allow_auto_topic_creation(false);
        Ok(Metadata::from(self.ask(address, request).await?))
    }

    fn take_idle(&self, address: &str) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.get_mut(address)?.pop()
    }

    fn keep(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.entry(connection.address().to_owned()).or_default().push(connection);
    }
}

fn no_brokers() -> AskError {
    AskError::Unreachable {
        address: "-".to_owned(),
        reason: "the cluster has no broker".to_owned(),
    }
}
