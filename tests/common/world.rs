//! What a fake node knows.

use std::collections::BTreeMap;

use kafka_workbook::kafka::journal::groups::coordinator_partition;
use uuid::Uuid;

use super::batches::Draft;
use super::data_log::DataLog;
use super::group_log::{commit, generation};
use super::metadata_log::{MetadataLog, no_op, partition, remove_topic, topic};

/// The topic of a hundred records.
pub const EVENTS: &str = "user-events";

/// The group that has read it.
pub const READERS: &str = "day1-basic";

/// The topic that groups live in.
pub const OFFSETS: &str = "__consumer_offsets";

/// The keys of the hundred records.
pub fn keys() -> impl Iterator<Item = String> {
    (0..25).map(|number| format!("user-{number}"))
}

/// The facts that a fake node answers with.
#[derive(Debug, Clone)]
pub struct World {
    /// The cluster id.
    pub cluster_id: &'static str,
    /// The node id of the node that answers.
    pub node: i32,
    /// Number of partitions by topic; each has one replica, on broker 1.
    pub topics: BTreeMap<String, i32>,
    /// Who leads a partition, where that is not broker 1; -1 is nobody.
    pub leaders: BTreeMap<(String, i32), i32>,
    /// What partitions hold, where it is something.
    pub logs: BTreeMap<(String, i32), DataLog>,
    /// `__cluster_metadata`.
    pub log: MetadataLog,
    /// The high watermark that the quorum tells; `None`: the log's end.
    pub high_watermark: Option<i64>,
    /// Batches in one answer to a Fetch.
    pub batches_at_once: usize,
    /// Whether the node leads the quorum; if not it answers `NOT_LEADER_OR_FOLLOWER`.
    pub leads: bool,
    /// The other live brokers by node id.
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
            node: 1,
            topics: BTreeMap::new(),
            leaders: BTreeMap::new(),
            logs: BTreeMap::new(),
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

    /// A hundred records in [`EVENTS`], four a key, and [`READERS`], which has read them all.
    pub fn add_hundred(&mut self) {
        self.create(EVENTS, 5);
        for partition in 0..5 {
            let keys: Vec<String> = keys().skip(partition).step_by(5).collect();
            let keys: Vec<Option<&str>> = keys.iter().map(|key| Some(key.as_str())).collect();
            let log = self.log_of(EVENTS, i32::try_from(partition).unwrap());
            for _ in 0..4 {
                log.append_keys(&keys);
            }
        }
        self.create(OFFSETS, 5);
        self.add_readers(READERS);
    }

    /// A group whose one member has committed the end of each partition of [`EVENTS`].
    pub fn add_readers(&mut self, group: &str) {
        let committed: BTreeMap<i32, i64> =
            (0..5).map(|partition| (partition, self.log_of(EVENTS, partition).end())).collect();
        let partitions: Vec<i32> = committed.keys().copied().collect();
        let mut rows = vec![generation(group, EVENTS, &partitions)];
        rows.extend(committed.iter().map(|(index, offset)| commit(group, EVENTS, *index, *offset)));
        let log = self.log_of(OFFSETS, coordinator_partition(group, 5).unwrap());
        for row in rows {
            let draft = Draft { base: log.end(), attributes: 0, producer_id: -1, rows: vec![row] };
            log.append(&draft);
        }
        let group_of = Group { consumer: false, assigned: (EVENTS, partitions), committed };
        self.groups.insert(group.to_owned(), group_of);
    }

    /// The log of a partition.
    pub fn log_of(&mut self, topic: &str, partition: i32) -> &mut DataLog {
        self.logs.entry((topic.to_owned(), partition)).or_default()
    }

    /// Who leads a partition; -1 is nobody.
    pub fn leader_of(&self, topic: &str, partition: i32) -> i32 {
        self.leaders.get(&(topic.to_owned(), partition)).copied().unwrap_or(1)
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
