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
    /// The other live brokers by node id; the one that answers is 1.
    pub neighbours: BTreeMap<i32, String>,
    /// The node that coordinates every group.
    pub coordinator: i32,
    /// The groups that this node lists and describes, by id.
    pub groups: BTreeMap<String, Group>,
}

/// A group with one member.
#[derive(Debug, Clone)]
pub struct Group {
    /// Whether it is one of KIP-848.
    pub consumer: bool,
    /// The partitions that its member has, of one topic.
    pub assigned: (&'static str, Vec<i32>),
    /// Committed offsets by partition of that topic.
    pub committed: BTreeMap<i32, i64>,
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
            neighbours: BTreeMap::new(),
            coordinator: 1,
            groups: BTreeMap::new(),
        }
    }

    /// Adds a group of each type, `classic` and `consumer`, and the topic that groups live in.
    pub fn add_groups(&mut self) {
        self.create("__consumer_offsets", 5);
        for (id, consumer) in [("classic", false), ("consumer", true)] {
            let assigned = ("quickstart-events", vec![0, 2]);
            let committed = BTreeMap::from([(0, 7), (2, 0)]);
            self.groups.insert(id.to_owned(), Group { consumer, assigned, committed });
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
    Uuid::from_u128(
        name.bytes().fold(7, |hash, byte| hash.wrapping_mul(131).wrapping_add(byte.into())),
    )
}
