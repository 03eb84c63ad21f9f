//! What happened in a group, one event a change.

use std::sync::Arc;

use uuid::Uuid;

use super::classic::{GroupMetadata, Member};
use super::offsets::Commit;
use crate::kafka::journal::Moment;

/// How a group rebalances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupType {
    /// One of its members assigns (`group.protocol=classic`), or it has no members by design:
    /// offsets that were set by a tool, or by a consumer with `assign()`.
    Classic,
    /// The coordinator assigns (`group.protocol=consumer`, KIP-848).
    Consumer,
}

/// Something that happened in a group, and when: by the coordinator's clock and in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Moment,
    /// What.
    pub change: Change,
}

/// A partition of a topic that is given by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdPartition {
    /// The topic's id.
    pub topic_id: Uuid,
    /// The partition's number, as written.
    pub partition: i32,
}

/// What happened in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A rebalance of a classic group ended: written when the leader's assignment arrived.
    ///
    /// The same generation a second time: a static member came back under a new member id.
    Generation(Arc<GroupMetadata>),
    /// A classic group has no members: the last one left or was taken for dead, or (generation 0)
    /// the first one is about to join.
    Emptied {
        /// The generation, one more than that of the last members.
        generation: i32,
    },
    /// A member joined a KIP-848 group, or changed what it said of itself.
    Joined(Arc<Member>),
    /// A member left a KIP-848 group or was taken for dead.
    Left {
        /// The member's id.
        member: Arc<str>,
    },
    /// A member of a KIP-848 group may read further partitions.
    Got {
        /// The member's id.
        member: Arc<str>,
        /// The partitions.
        partitions: Vec<IdPartition>,
    },
    /// A member of a KIP-848 group has given partitions up, or has left.
    Lost {
        /// The member's id.
        member: Arc<str>,
        /// The partitions.
        partitions: Vec<IdPartition>,
    },
    /// An offset was committed.
    Committed(Arc<Commit>),
    /// A committed offset was removed: by hand, with its group or its topic, or it expired.
    OffsetRemoved {
        /// The topic's name.
        topic: Arc<str>,
        /// The partition's number.
        partition: i32,
    },
    /// The group ended as a group of this type: it was deleted or has expired, or, if events of
    /// the other type follow in the same moment, it goes on as one of that type. The offsets of a
    /// deleted group are removed one by one, before this.
    Removed(GroupType),
    /// A later Kafka wrote something that cannot be read: what this history tells is not all.
    Unreadable {
        /// The type of the record.
        key_type: i16,
        /// The version of its value.
        version: i16,
    },
}
