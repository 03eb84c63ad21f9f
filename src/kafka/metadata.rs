//! Brokers and topics as a node's metadata cache has them now.

use std::collections::BTreeMap;

use kafka_protocol::messages::metadata_response::{MetadataResponse, MetadataResponsePartition};
use uuid::Uuid;

/// `Metadata` as one node sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// The cluster id, as the node spells it.
    pub cluster_id: Option<String>,
    /// The controller's node id; in `KRaft` a broker names a random live one (KIP-590).
    pub controller: Option<i32>,
    /// Live brokers by node id.
    pub brokers: BTreeMap<i32, Broker>,
    /// Topics by name, internal ones included.
    pub topics: BTreeMap<String, Topic>,
}

/// A live broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broker {
    /// `broker.id`.
    pub id: i32,
    /// The advertised `host:port` of the listener that was asked.
    pub address: String,
}

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// The topic id (KIP-516); nil before metadata version 2.8.
    pub id: Uuid,
    /// Whether Kafka keeps it for itself.
    pub internal: bool,
    /// Partitions by index.
    pub partitions: BTreeMap<i32, Partition>,
}

/// A partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// The leader's node id; `None` while there is none.
    pub leader: Option<i32>,
    /// Node ids of the replicas, preferred leader first.
    pub replicas: Vec<i32>,
    /// Node ids of the in-sync replicas.
    pub isr: Vec<i32>,
}

impl Topic {
    /// The replicas of every partition, if that is one number.
    pub fn replication_factor(&self) -> Option<usize> {
        let mut counts = self.partitions.values().map(|p| p.replicas.len());
        let first = counts.next()?;
        counts.all(|n| n == first).then_some(first)
    }
}

impl From<MetadataResponse> for Metadata {
    fn from(response: MetadataResponse) -> Self {
        let brokers = response.brokers.iter().map(|b| {
            let address = format!("{}:{}", b.host, b.port);
            (b.node_id.0, Broker { id: b.node_id.0, address })
        });
        let topics = response.topics.iter().filter(|t| t.error_code == 0).filter_map(|t| {
            let partitions = t.partitions.iter().map(|p| (p.partition_index, Partition::from(p)));
            let topic =
                Topic { id: t.topic_id, internal: t.is_internal, partitions: partitions.collect() };
            Some((t.name.as_ref()?.to_string(), topic))
        });
        Self {
            brokers: brokers.collect(),
            topics: topics.collect(),
            cluster_id: response.cluster_id.as_ref().map(ToString::to_string),
            controller: (response.controller_id.0 >= 0).then_some(response.controller_id.0),
        }
    }
}

impl From<&MetadataResponsePartition> for Partition {
    fn from(p: &MetadataResponsePartition) -> Self {
        Self {
            leader: (p.leader_id.0 >= 0).then_some(p.leader_id.0),
            replicas: p.replica_nodes.iter().map(|id| id.0).collect(),
            isr: p.isr_nodes.iter().map(|id| id.0).collect(),
        }
    }
}
