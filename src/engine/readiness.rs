//! When a cluster serves: asked over the protocol, clause by clause.
//!
//! A TCP connect proves nothing (a container engine's proxy accepts at once) and metadata may run
//! ahead of the leader, so each broker must list every node, the quorum must have a leader (or
//! `ZooKeeper` every broker, and a controller among them), and each seeded partition's leader must answer `ListOffsets`.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::try_join_all;
use thiserror::Error;
use tokio::time::Instant;

use super::cluster::{Cluster, ClusterNode};
use crate::kafka::ask::AskError;
use crate::kafka::client::Client;
use crate::kafka::metadata::Metadata;
use crate::kafka::offsets::{Which, list_offset};
use crate::kafka::quorum;
use crate::kafka::zookeeper::{BROKER_IDS, CONTROLLER, ZooKeeper};
use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::{Explain, Problem};

/// How often an unmet clause is asked again.
const INTERVAL: Duration = Duration::from_millis(15);

/// How long one question may take: a node that boots accepts connections before it answers.
const PATIENCE: Duration = Duration::from_secs(1);

/// A clause of readiness that does not hold yet.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unmet {
    /// A node could not be asked.
    #[error("{node}: {why}")]
    Silent {
        /// The node's name.
        node: String,
        /// What went wrong.
        why: AskError,
    },
    /// A broker's metadata does not list every node.
    #[error("{node} lists brokers {listed:?} of {expected:?}")]
    NotListed {
        /// The node that was asked.
        node: String,
        /// Node ids in its metadata.
        listed: BTreeSet<i32>,
        /// Node ids of the environment.
        expected: BTreeSet<i32>,
    },
    /// A znode that says who is there is not as it has to be.
    #[error("{path} of {node}: {found}")]
    Znode {
        /// The server's name.
        node: String,
        /// The znode.
        path: &'static str,
        /// What it says, in short.
        found: String,
    },
    /// A partition has no leader, or its leader does not serve it.
    #[error("{topic}-{partition} has no serving leader: {why}")]
    NoLeader {
        /// The topic.
        topic: String,
        /// The partition.
        partition: i32,
        /// What the metadata or the leader says.
        why: String,
    },
}

/// The cluster did not become ready in time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not ready after {} s: {unmet}", .after.as_secs())]
pub struct NotReady {
    /// How long was waited.
    pub after: Duration,
    /// The clause that did not hold.
    pub unmet: Unmet,
}

/// Waits until every node serves.
pub async fn wait_for_nodes(cluster: &Cluster, timeout: Duration) -> Result<(), NotReady> {
    let client = cluster.client(PATIENCE);
    until(timeout, || nodes_serve(cluster, &client)).await
}

/// Waits until one broker serves: it lists itself among the live ones.
pub async fn wait_for_node(
    cluster: &Cluster,
    node: &ClusterNode,
    timeout: Duration,
) -> Result<(), NotReady> {
    let client = cluster.client(PATIENCE);
    until(timeout, || lists_itself(&client, node)).await
}

/// Waits until each partition of `topics` is served by its leader.
pub async fn wait_for_topics(
    cluster: &Cluster,
    topics: &[String],
    timeout: Duration,
) -> Result<(), NotReady> {
    let client = cluster.client(PATIENCE);
    until(timeout, || topics_serve(cluster, &client, topics)).await
}

async fn until<F>(timeout: Duration, clause: impl Fn() -> F) -> Result<(), NotReady>
where
    F: Future<Output = Result<(), Unmet>>,
{
    let begun = Instant::now();
    loop {
        match clause().await {
            Ok(()) => return Ok(()),
            Err(unmet) if begun.elapsed() >= timeout => {
                return Err(NotReady { after: timeout, unmet });
            }
            Err(_) => tokio::time::sleep(INTERVAL).await,
        }
    }
}

async fn nodes_serve(cluster: &Cluster, client: &Client) -> Result<(), Unmet> {
    let brokers =
        cluster.nodes.iter().filter_map(|n| Some((n.name.as_str(), n.address.as_deref()?)));
    try_join_all(brokers.map(|(name, address)| lists_all(cluster, client, name, address))).await?;
    if let Some(zookeeper) = client.zookeeper() {
        return znodes_say_so(cluster, zookeeper).await;
    }
    let name = cluster.nodes.first().map_or("-", |n| n.name.as_str());
    let quorum = quorum::some_quorum(client).await;
    quorum.map(|_| ()).map_err(|why| Unmet::Silent { node: name.to_owned(), why })
}

/// Every broker is registered, and one of them is controller.
async fn znodes_say_so(cluster: &Cluster, zookeeper: &ZooKeeper) -> Result<(), Unmet> {
    let node = cluster.nodes.iter().find(|n| n.zookeeper.is_some()).map(|n| n.name.clone());
    let node = node.unwrap_or_default();
    let silent = |why| Unmet::Silent { node: node.clone(), why };
    let registered: BTreeSet<i32> =
        zookeeper.brokers().await.map_err(silent)?.into_iter().collect();
    let unmet = |path, found| Unmet::Znode { node: node.clone(), path, found };
    if registered != broker_ids(cluster) {
        return Err(unmet(BROKER_IDS, format!("{registered:?}")));
    }
    match zookeeper.controller().await.map_err(silent)? {
        Some(id) if registered.contains(&id) => Ok(()),
        Some(id) => Err(unmet(CONTROLLER, id.to_string())),
        None => Err(unmet(CONTROLLER, "-".to_owned())),
    }
}

/// Waits until a broker that is to be started again is forgotten: `ZooKeeper` keeps a killed one
/// registered until its session ends, and a second one with its id would be refused meanwhile. Where
/// it cannot be told, nothing is waited for.
pub async fn wait_until_forgotten(cluster: &Cluster, node: &ClusterNode, timeout: Duration) {
    let client = cluster.client(PATIENCE);
    let (Some(zookeeper), Some(id)) = (client.zookeeper(), node.node_id) else { return };
    let begun = Instant::now();
    while begun.elapsed() < timeout {
        match zookeeper.brokers().await {
            Ok(registered) if registered.contains(&id) => tokio::time::sleep(INTERVAL).await,
            _ => return,
        }
    }
}

fn broker_ids(cluster: &Cluster) -> BTreeSet<i32> {
    let brokers = cluster.nodes.iter().filter(|n| n.address.is_some());
    brokers.filter_map(|n| n.node_id).collect()
}

async fn lists_itself(client: &Client, node: &ClusterNode) -> Result<(), Unmet> {
    if let (Some(_), Some(zookeeper)) = (&node.zookeeper, client.zookeeper()) {
        let answered = zookeeper.children("/").await;
        return answered.map(drop).map_err(|why| Unmet::Silent { node: node.name.clone(), why });
    }
    let (Some(address), Some(id)) = (&node.address, node.node_id) else { return Ok(()) };
    let metadata = client.metadata_of(address).await;
    let metadata = metadata.map_err(|why| Unmet::Silent { node: node.name.clone(), why })?;
    if metadata.brokers.contains_key(&id) {
        return Ok(());
    }
    let listed = metadata.brokers.keys().copied().collect();
    let expected = BTreeSet::from([id]);
    Err(Unmet::NotListed { node: node.name.clone(), listed, expected })
}

async fn lists_all(
    cluster: &Cluster,
    client: &Client,
    name: &str,
    address: &str,
) -> Result<(), Unmet> {
    let metadata = client.metadata_of(address).await;
    let metadata = metadata.map_err(|why| Unmet::Silent { node: name.to_owned(), why })?;
    let expected = broker_ids(cluster);
    let listed: BTreeSet<i32> = metadata.brokers.keys().copied().collect();
    if listed != expected {
        return Err(Unmet::NotListed { node: name.to_owned(), listed, expected });
    }
    Ok(())
}

async fn topics_serve(cluster: &Cluster, client: &Client, topics: &[String]) -> Result<(), Unmet> {
    for node in &cluster.nodes {
        let Some(address) = &node.address else { continue };
        let metadata = client.metadata_of(address).await;
        let metadata = metadata.map_err(|why| Unmet::Silent { node: node.name.clone(), why })?;
        for topic in topics {
            topic_serves(client, &metadata, topic).await?;
        }
    }
    Ok(())
}

async fn topic_serves(client: &Client, metadata: &Metadata, name: &str) -> Result<(), Unmet> {
    let unmet = |partition, why: String| Unmet::NoLeader { topic: name.to_owned(), partition, why };
    let topic = metadata
        .topics
        .get(name)
        .ok_or_else(|| unmet(0, "the topic is not known yet".to_owned()))?;
    for (&index, partition) in &topic.partitions {
        let leader = partition.leader.and_then(|id| metadata.brokers.get(&id));
        let leader = leader.ok_or_else(|| unmet(index, "no leader is elected".to_owned()))?;
        let answer = list_offset(client, &leader.address, name, index, Which::Latest).await;
        answer.map_err(|e| unmet(index, e.to_string()))?;
    }
    Ok(())
}

impl Unmet {
    fn phrase(&self) -> Phrase {
        match self {
            Self::Silent { node, why } => {
                let why = why.cause();
                Phrase::new(format!("{node}: {}", why.en), format!("{node}：{}", why.zh))
            }
            Self::NotListed { node, listed, expected } => phrase!(
                "{node} lists the brokers {listed:?}, {expected:?} are expected",
                "{node} 只列出了 broker {listed:?}，应为 {expected:?}"
            ),
            Self::Znode { node, path, found } => phrase!(
                "{node}: {path} is {found}, every broker and a controller are expected",
                "{node}：{path} 是 {found}，应有全部 broker 和一个 controller"
            ),
            Self::NoLeader { topic, partition, why } => phrase!(
                "partition {partition} of {topic} has no serving leader: {why}",
                "{topic} 的分区 {partition} 还没有可用的 leader：{why}"
            ),
        }
    }
}

impl Explain for NotReady {
    fn problem(&self) -> Problem {
        let seconds = self.after.as_secs();
        let unmet = self.unmet.phrase();
        let message = Phrase::new(
            format!("the cluster is not ready after {seconds} s: {}", unmet.en),
            format!("等了 {seconds} 秒，集群仍未就绪：{}", unmet.zh),
        );
        Problem::new(
            "not-ready",
            message,
            phrase!("allow more time: --timeout 120", "延长等待：--timeout 120"),
        )
    }
}
