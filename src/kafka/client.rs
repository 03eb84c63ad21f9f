//! The nodes of one cluster, and open connections to them.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use kafka_protocol::messages::MetadataRequest;
use kafka_protocol::messages::metadata_response::MetadataResponse;
use tokio::time::{Instant, timeout};

use super::ask::AskError;
use super::cluster_id::same;
use super::connection::Connection;
use super::metadata::Metadata;
use super::pool::Pool;
use super::shape::Question;
use super::zookeeper::ZooKeeper;

/// Error codes of a topic or partition in a list of all topics that are observations, not failures
/// to look: `UNKNOWN_TOPIC_OR_PARTITION`, deleted while it was listed, and what a partition without
/// a leader, with a broker down or with a listener missing there has (5, 9, 72).
const OBSERVED: [i16; 5] = [0, 3, 5, 9, 72];

/// The part of the patience after which a silent node is not waited for alone.
const HEDGE: u32 = 10;

/// Asks the nodes of one cluster; connections are kept between questions.
#[derive(Debug)]
pub struct Client {
    brokers: Vec<String>,
    controllers: Vec<String>,
    pool: Pool,
    /// Who gave the last good answer, of the nodes that were asked as one of several.
    good: Mutex<BTreeSet<String>>,
    patience: Duration,
    cluster_id: Option<String>,
    zookeeper: Option<ZooKeeper>,
}

impl Client {
    /// A client for brokers and controllers at `host:port`, as seen from this machine.
    ///
    /// Every question is given up after `patience`. No I/O happens before the first question.
    pub fn new(brokers: Vec<String>, controllers: Vec<String>, patience: Duration) -> Self {
        let (pool, good) = (Pool::default(), Mutex::default());
        Self { brokers, controllers, pool, good, patience, cluster_id: None, zookeeper: None }
    }

    /// The same client, for no other cluster than the one with this id: another program may have
    /// taken over an address while the node was down.
    #[must_use]
    pub fn of_cluster(self, id: String) -> Self {
        Self { cluster_id: Some(id), ..self }
    }

    /// The same client, with servers of `ZooKeeper` that keep the cluster's state; none: it has no
    /// such servers.
    #[must_use]
    pub fn with_zookeepers(self, servers: Vec<String>) -> Self {
        let zookeeper = (!servers.is_empty()).then(|| ZooKeeper::new(servers, self.patience));
        Self { zookeeper, ..self }
    }

    /// The servers of `ZooKeeper`, if it has any.
    pub const fn zookeeper(&self) -> Option<&ZooKeeper> {
        self.zookeeper.as_ref()
    }

    /// The id of the only cluster that may be asked; `None` if any may.
    pub fn cluster_id(&self) -> Option<&str> {
        self.cluster_id.as_deref()
    }

    /// Addresses of the brokers, in the order of the environment's file.
    pub fn brokers(&self) -> &[String] {
        &self.brokers
    }

    /// Addresses of the controller listeners; empty where there are none to be reached.
    pub fn controllers(&self) -> &[String] {
        &self.controllers
    }

    /// How long one question may take.
    pub const fn patience(&self) -> Duration {
        self.patience
    }

    /// Sends a request to one node and returns its response.
    pub async fn ask<R: Question>(
        &self,
        address: &str,
        request: R,
    ) -> Result<R::Response, AskError> {
        self.ask_up_to(address, request, i16::MAX).await
    }

    /// Like [`Client::ask`], in no newer version than `newest`.
    pub async fn ask_up_to<R: Question>(
        &self,
        address: &str,
        request: R,
        newest: i16,
    ) -> Result<R::Response, AskError> {
        self.ask_until(address, request, newest, Instant::now() + self.patience).await
    }

    /// Asks several nodes the same and returns the first answer that `accept` takes, with the
    /// address that it came from; all within one patience.
    ///
    /// The node that last gave a good answer is asked first, and the next one as soon as it refuses
    /// or is silent for a tenth of the patience: one request where all is well, and a silent node
    /// costs little. If none answers well, the error is of one that did not answer at all, if any.
    pub async fn ask_any<R: Question, T>(
        &self,
        addresses: &[String],
        request: &R,
        accept: impl Fn(&str, R::Response) -> Result<T, AskError>,
    ) -> Result<(String, T), AskError> {
        let deadline = Instant::now() + self.patience;
        let ask = async |address: String| {
            let response = self.ask_until(&address, request.clone(), i16::MAX, deadline).await;
            let answer = response.and_then(|response| accept(&address, response));
            (address, answer)
        };
        let mut waiting = self.good_ones_first(addresses).into_iter();
        let mut asked = FuturesUnordered::new();
        let mut newest = String::new();
        let mut trouble = None;
        loop {
            if let Some(address) = waiting.next() {
                newest.clone_from(&address);
                asked.push(ask(address));
            }
            let alone = if waiting.len() == 0 { self.patience } else { self.patience / HEDGE };
            match timeout(alone, asked.next()).await {
                Ok(Some((address, Ok(answer)))) => {
                    self.good().insert(address.clone());
                    return Ok((address, answer));
                }
                Ok(Some((address, Err(error)))) => {
                    self.good().remove(&address);
                    trouble = Some(graver(trouble, error));
                }
                Ok(None) => return Err(trouble.unwrap_or_else(nobody)),
                Err(_) => drop(self.good().remove(&newest)),
            }
        }
    }

    /// All topics and brokers, from the first broker of this cluster that answers.
    pub async fn metadata(&self) -> Result<Metadata, AskError> {
        Ok(self.metadata_with_source().await?.1)
    }

    /// The same, with the address of the broker that answered.
    pub async fn metadata_with_source(&self) -> Result<(String, Metadata), AskError> {
        let accept = |address: &str, response| self.accept_metadata(address, response);
        self.ask_any(&self.brokers, &all_topics(), accept).await
    }

    /// All topics and brokers as the node at `address` knows them, if it is one of this cluster's.
    pub async fn metadata_of(&self, address: &str) -> Result<Metadata, AskError> {
        self.accept_metadata(address, self.ask(address, all_topics()).await?)
    }

    fn accept_metadata(
        &self,
        address: &str,
        response: MetadataResponse,
    ) -> Result<Metadata, AskError> {
        self.of_this_cluster(address, metadata_from(address, response)?)
    }

    fn of_this_cluster(&self, address: &str, metadata: Metadata) -> Result<Metadata, AskError> {
        let found = metadata.cluster_id.as_deref();
        if self.cluster_id().is_none_or(|expected| found.is_some_and(|found| same(expected, found)))
        {
            return Ok(metadata);
        }
        let found = found.unwrap_or("-").to_owned();
        Err(AskError::AnotherCluster { address: address.to_owned(), found })
    }

    async fn ask_until<R: Question>(
        &self,
        address: &str,
        request: R,
        newest: i16,
        deadline: Instant,
    ) -> Result<R::Response, AskError> {
        if let Some(connection) = self.pool.take(address) {
            // A node may have been restarted this moment: a kept connection gets one chance.
            match self.ask_over(connection, request.clone(), newest, deadline).await {
                Err(AskError::Disconnected { .. }) if R::REPEATABLE => {}
                other => return other,
            }
        }
        let connection = Connection::open(address, deadline).await?;
        self.ask_over(connection, request, newest, deadline).await
    }

    async fn ask_over<R: Question>(
        &self,
        mut connection: Connection,
        request: R,
        newest: i16,
        deadline: Instant,
    ) -> Result<R::Response, AskError> {
        let response = connection.call_up_to(request, newest, deadline).await;
        match response {
            Err(AskError::Disconnected { .. } | AskError::TimedOut { .. }) => {
                self.pool.forget(connection.address());
            }
            _ => self.pool.keep(connection),
        }
        response
    }

    fn good_ones_first(&self, addresses: &[String]) -> Vec<String> {
        let good = self.good();
        let mut addresses = addresses.to_vec();
        addresses.sort_by_key(|address| !good.contains(address));
        addresses
    }

    fn good(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.good.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Of two errors the one that says more: a node that did not answer, rather than one that has
/// nothing to say ("not the leader").
fn graver(earlier: Option<AskError>, later: AskError) -> AskError {
    match earlier {
        Some(earlier) if earlier.code().is_none() || later.code().is_some() => earlier,
        _ => later,
    }
}

fn all_topics() -> MetadataRequest {
    MetadataRequest::default().with_topics(None).with_allow_auto_topic_creation(false)
}

/// What a node knows; an error where it says that it could not look.
fn metadata_from(address: &str, response: MetadataResponse) -> Result<Metadata, AskError> {
    let topics = response.topics.iter().flat_map(|topic| {
        let partitions = topic.partitions.iter().map(|partition| partition.error_code);
        partitions.chain([topic.error_code])
    });
    let failure = topics.filter(|code| !OBSERVED.contains(code)).chain([response.error_code]);
    match failure.into_iter().find(|code| *code != 0) {
        None => Ok(Metadata::from(response)),
        Some(code) => {
            let (address, question) = (address.to_owned(), "MetadataRequest");
            Err(AskError::Refused { address, question, code })
        }
    }
}

fn nobody() -> AskError {
    AskError::Unreachable {
        address: "-".to_owned(),
        reason: "the cluster has no node of this kind that can be reached from this machine"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn answer_of(cluster_id: Option<&str>) -> Metadata {
        let cluster_id = cluster_id.map(str::to_owned);
        Metadata { cluster_id, controller: None, brokers: BTreeMap::new(), topics: BTreeMap::new() }
    }

    #[test]
    fn what_another_cluster_holds_at_the_same_address_is_no_answer() {
        let any = Client::new(Vec::new(), Vec::new(), Duration::ZERO);
        assert!(any.of_this_cluster("a:1", answer_of(Some("other"))).is_ok());
        let ours = any.of_cluster("ours".to_owned());
        assert!(ours.of_this_cluster("a:1", answer_of(Some("ours"))).is_ok());
        for found in [Some("other"), None] {
            let refused = ours.of_this_cluster("a:1", answer_of(found)).unwrap_err();
            let found = found.unwrap_or("-").to_owned();
            assert_eq!(refused, AskError::AnotherCluster { address: "a:1".to_owned(), found });
        }
    }
}
