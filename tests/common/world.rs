//! What a fake node knows.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::metadata_log::{MetadataLog, no_op, partition, remove_topic, topic};

/// The facts that a fake node answers with.
#[derive(Debug, Clone)]
pub struct World {
    /// The cluster id.
    pub cluster_id: &'static str,
    /// Number of partitions by topic; each has one replica, on broker 1.
    pub topics: BTreeMap<String, i32>,
    /// `__cluster_metadata`.
    pub log: MetadataLog,
    /// The high watermark that the quorum tells; `None`: the log's end.
    pub high_watermark: Option<i64>,
    /// Batches in one answer to a Fetch.
    pub batches_at_once: usize,
    /// Whether the node leads the quorum; if not it answers `NOT_LEADER_OR_FOLLOWER`.
    pub leads: bool,
}

impl World {
    /// A cluster whose log began at a time, in milliseconds since 1970: no two are alike.
    pub fn new(began_ms: i64) -> Self {
        let mut log = MetadataLog::new(began_ms);
        log.append(&[no_op()]);
        Self {
            cluster_id: "AAAAAAAAQACAAAAAAAAAAA",
            topics: BTreeMap::new(),
            log,
            high_watermark: None,
            batches_at_once: 2,
            leads: true,
        }
    }

    /// The cluster after lab D01-4 was solved.
    pub fn solved() -> Self {
        let mut world = Self::new(1_790_000_000_000);
        world.create("old-topic", 1);
        world.create("quickstart-events", 3);
        world.grow("quickstart-events", 5);
        world.delete("old-topic");
        world
    }

    /// Creates a topic.
    pub fn create(&mut self, name: &str, partitions: i32) {
        self.topics.insert(name.to_owned(), partitions);
        self.log.append(&topic(name, id_of(name), partitions));
    }

    /// Adds partitions to a topic.
    pub fn grow(&mut self, name: &str, partitions: i32) {
        let before = self.topics.insert(name.to_owned(), partitions).unwrap();
        let added: Vec<_> = (before..partitions).map(|n| partition(id_of(name), n)).collect();
        self.log.append(&added);
    }

    /// Deletes a topic.
    pub fn delete(&mut self, name: &str) {
        self.topics.remove(name);
        self.log.append(&[remove_topic(id_of(name))]);
    }

    /// The high watermark that the quorum tells.
    pub fn end(&self) -> i64 {
        self.high_watermark.unwrap_or_else(|| self.log.end())
    }
}

/// A topic's id in every fake cluster.
pub fn id_of(name: &str) -> Uuid {
    Uuid::from_u128(name.bytes().fold(7, |hash, byte| hash * 131 + u128::from(byte)))
}
