//! What a lab asks for: the typed parameters of each check kind, as lab.toml writes them.
//!
//! A new kind is a variant here and one file in this folder.

use serde::Deserialize;

/// A check of a lab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSpec {
    /// The check's name in texts, JSON and attempts: kebab-case, stable.
    pub id: String,
    /// What it is worth; more than 0.
    pub points: u32,
    /// Checks that have to pass first; until then this one is blocked.
    pub needs: Vec<String>,
    /// What is asked.
    pub kind: CheckKind,
}

/// What a check asks, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum CheckKind {
    /// A topic as it is now.
    Topic(TopicSpec),
    /// How a topic came to be what it is, read from the metadata journal.
    TopicHistory(TopicHistorySpec),
    /// A seeded topic that is gone.
    TopicDeleted(TopicDeletedSpec),
    /// A Kafka error, named by the learner.
    ErrorName(ErrorNameSpec),
    /// How many records a topic holds.
    RecordCount(RecordCountSpec),
    /// Which keys they have.
    RecordKeys(RecordKeysSpec),
    /// How keys and partitions meet.
    KeySpread(KeySpreadSpec),
    /// That a group has read a topic to its end.
    GroupCommitted(GroupCommittedSpec),
    /// Records by partition, counted by the learner.
    PartitionCounts(PartitionCountsSpec),
    /// Which cluster it is.
    ClusterId(ClusterIdSpec),
    /// Its brokers, and the controllers that vote.
    Quorum(QuorumSpec),
    /// That clients of this machine get in.
    Reachable(NoParameters),
    /// That clients on the nodes' own network get in.
    ReachableInside(NoParameters),
    /// That the container engine holds every node for healthy.
    ContainerHealth(NoParameters),
    /// That the learner's compose file has no fault that can be seen in it.
    ComposeFile(NoParameters),
    /// A topic of a cluster in `ZooKeeper` mode.
    #[serde(rename = "zookeeper-topic")]
    ZooKeeperTopic(ZooKeeperTopicSpec),
    /// The broker that is controller, named by the learner.
    #[serde(rename = "zookeeper-controller")]
    ZooKeeperController(ZooKeeperControllerSpec),
    /// A znode, named by the learner.
    ZnodePath(ZnodePathSpec),
}

/// `kind = "topic"`: the topic exists under exactly this name with these numbers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicSpec {
    /// The topic's name.
    pub topic: String,
    /// Its number of partitions; at least 1.
    pub partitions: u32,
    /// Replicas of every partition; at least 1.
    pub replication_factor: u32,
}

/// `kind = "topic-history"`: the topic that lives now was created with one number of partitions
/// and later grown to another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicHistorySpec {
    /// The topic's name.
    pub topic: String,
    /// Partitions at its creation.
    pub created_with: u32,
    /// Partitions that it had at some later time; more than `created_with`.
    pub grown_to: u32,
}

/// `kind = "topic-deleted"`: the seed's topic was deleted and no topic of that name lives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicDeletedSpec {
    /// The topic's name; the seed must create it.
    pub topic: String,
}

/// `kind = "error-name"`: a typed answer that names a Kafka protocol error, by any client's name
/// for it, in any case, or by its code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorNameSpec {
    /// The answer field.
    pub field: String,
    /// The protocol's error code.
    pub code: i16,
    /// Further names that clients have for it, beyond those derived from the protocol's name.
    #[serde(default)]
    pub also: Vec<String>,
}

/// `kind = "record-count"`: so many committed data records are in the topic now; markers, and
/// records of aborted or open transactions, do not count.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordCountSpec {
    /// The topic's name.
    pub topic: String,
    /// How many; at least 1.
    pub count: u64,
}

/// `kind = "record-keys"`: the issued keys, each on so many records, and no others.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordKeysSpec {
    /// The topic's name.
    pub topic: String,
    /// The issued value that lists the keys, separated by commas.
    pub keys: String,
    /// Records of each key; at least 1.
    pub each: u64,
}

/// `kind = "key-spread"`: no partition is empty, and each key is in one partition only.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeySpreadSpec {
    /// The topic's name.
    pub topic: String,
}

/// `kind = "group-committed"`: the group's committed offset is past the last record of every
/// partition, and was committed there while a member of the group held the partition. That the
/// records were read is in no journal, and is not claimed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupCommittedSpec {
    /// The topic's name.
    pub topic: String,
    /// The group's id.
    pub group: String,
}

/// `kind = "partition-counts"`: a typed answer that says how many records each partition holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartitionCountsSpec {
    /// The topic's name.
    pub topic: String,
    /// The answer field.
    pub field: String,
}

/// `kind = "cluster-id"`: the cluster that answers bears the issued id, compared as bytes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClusterIdSpec {
    /// The issued value that is the id.
    pub value: String,
}

/// `kind = "quorum"`: exactly these brokers live, exactly these controllers vote, and one of them
/// leads and has committed something (`DescribeQuorum`, KIP-595).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuorumSpec {
    /// Node ids of the brokers; at least one.
    pub brokers: Vec<i32>,
    /// Node ids of the voters; at least one.
    pub voters: Vec<i32>,
}

/// A kind that is asked without parameters.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoParameters {}

/// `kind = "zookeeper-topic"`: the topic has its znode below `/brokers/topics`, the brokers know it,
/// and the cluster is one in `ZooKeeper` mode.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZooKeeperTopicSpec {
    /// The topic's name.
    pub topic: String,
}

/// `kind = "zookeeper-controller"`: a typed answer that is the id of the broker that `/controller`
/// names and the brokers' metadata too.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZooKeeperControllerSpec {
    /// The answer field.
    pub field: String,
}

/// `kind = "znode-path"`: a typed answer that is the path of a znode, with or without a slash at
/// either end, quotes, or the command that shows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZnodePathSpec {
    /// The answer field.
    pub field: String,
    /// The path, from the root of the cluster's tree.
    pub path: String,
}

impl CheckKind {
    /// Whether it is the cluster that is asked: without one the check has failed, and no question
    /// is needed.
    pub const fn asks_the_cluster(&self) -> bool {
        !matches!(self, Self::ErrorName(_) | Self::ContainerHealth(_) | Self::ComposeFile(_))
    }

    /// The mistakes that this kind can name. A lab has a text for each of them.
    pub const fn mistakes(&self) -> &'static [&'static str] {
        match self {
            Self::Topic(_) => &["name-differs", "grown-too-far"],
            Self::TopicHistory(_) => &["created-at-once", "made-again"],
            Self::TopicDeleted(_) => &["deleted-and-made-again"],
            Self::ErrorName(_) => &["another-error"],
            Self::RecordCount(_) => &["too-few-records", "too-many-records"],
            Self::RecordKeys(_) => &["null-keys", "keys-not-issued", "uneven-keys"],
            Self::KeySpread(_) => &["key-in-two-partitions", "empty-partition"],
            Self::GroupCommitted(_) => &["another-group", "committed-short", "no-member"],
            Self::PartitionCounts(_) => &["other-counts"],
            Self::ClusterId(_) => &["image-id", "another-id"],
            Self::Quorum(_) => &["other-node"],
            Self::Reachable(_) => &["advertised-elsewhere"],
            Self::ReachableInside(_) => &["no-inner-address", "advertised-outside-only"],
            Self::ContainerHealth(_) => &["no-health-check", "unhealthy"],
            // See [`CheckKind::explains_itself`].
            Self::ComposeFile(_) => &[],
            Self::ZooKeeperTopic(_) => &["znode-only", "name-differs"],
            Self::ZooKeeperController(_) => &["epoch-for-id", "another-id"],
            Self::ZnodePath(_) => &["child-znode", "parent-znode", "similar-znode"],
        }
    }

    /// Whether what it finds wrong explains itself: then its mistakes are named by whoever found
    /// them, and a lab has no texts for them.
    pub const fn explains_itself(&self) -> bool {
        matches!(self, Self::ComposeFile(_))
    }

    /// The answer field that this check reads, if it reads one.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::ErrorName(spec) => Some(&spec.field),
            Self::PartitionCounts(spec) => Some(&spec.field),
            Self::ZooKeeperController(spec) => Some(&spec.field),
            Self::ZnodePath(spec) => Some(&spec.field),
            _ => None,
        }
    }
}
