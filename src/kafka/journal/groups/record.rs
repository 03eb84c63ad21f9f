//! One record of `__consumer_offsets`: what it may say, and how it is read.

use super::GroupsError;
use super::classic::{self, GroupMetadata};
use super::consumer::{
    self, CurrentAssignment, GroupEpoch, MemberMetadata, TargetEpoch, TopicMetadata,
    TopicPartitions,
};
use super::offset::{self, OffsetCommit};
use super::plain::string;
use crate::kafka::varint::{Decoded, Reader};

/// The only version of the values of KIP-848's records in Kafka 4.3.1.
const CONSUMER_NEWEST: i16 = 0;

/// The type of an offset commit's record, in its key.
pub(super) const OFFSET_COMMIT: i16 = 1;
/// The type of a classic group's record.
pub(super) const GROUP_METADATA: i16 = 2;
/// The type of the record of a KIP-848 group's epoch.
pub(super) const GROUP_EPOCH: i16 = 3;
/// The type of the record of a KIP-848 group's topics.
const PARTITION_METADATA: i16 = 4;
/// The type of the record of a KIP-848 group's member.
pub(super) const MEMBER_METADATA: i16 = 5;
/// The type of the record of a target assignment's epoch.
pub(super) const TARGET_EPOCH: i16 = 6;
/// The type of the record of a member's target assignment.
pub(super) const TARGET_ASSIGNMENT: i16 = 7;
/// The type of the record of a member's current assignment.
pub(super) const CURRENT_ASSIGNMENT: i16 = 8;

/// One record of `__consumer_offsets`. Names are Kafka's (KIP-848 and its predecessors); texts may
/// hold anything, control characters too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupRecord {
    /// An offset was committed or removed (types 0, from before Kafka 0.9, and 1).
    OffsetCommit {
        /// The group.
        group: String,
        /// The topic's name.
        topic: String,
        /// The partition's number, as written.
        partition: i32,
        /// The offset.
        value: Value<OffsetCommit>,
    },
    /// A classic group has a new generation, or is no more (type 2).
    GroupMetadata {
        /// The group.
        group: String,
        /// The generation.
        value: Value<GroupMetadata>,
    },
    /// A consumer group has a new epoch, or is no more (type 3).
    ConsumerGroupMetadata {
        /// The group.
        group: String,
        /// The epoch.
        value: Value<GroupEpoch>,
    },
    /// The topics of a consumer group (type 4).
    ConsumerGroupPartitionMetadata {
        /// The group.
        group: String,
        /// The topics.
        value: Value<Vec<TopicMetadata>>,
    },
    /// A member of a consumer group joined, changed or left (type 5).
    ConsumerGroupMemberMetadata {
        /// The group.
        group: String,
        /// The member.
        member: String,
        /// What it told of itself.
        value: Value<MemberMetadata>,
    },
    /// The epoch of a consumer group's target assignment (type 6).
    ConsumerGroupTargetAssignmentMetadata {
        /// The group.
        group: String,
        /// The epoch.
        value: Value<TargetEpoch>,
    },
    /// What a member of a consumer group is to get in the end (type 7).
    ConsumerGroupTargetAssignmentMember {
        /// The group.
        group: String,
        /// The member.
        member: String,
        /// The partitions.
        value: Value<Vec<TopicPartitions>>,
    },
    /// What a member of a consumer group has (type 8).
    ConsumerGroupCurrentMemberAssignment {
        /// The group.
        group: String,
        /// The member.
        member: String,
        /// The partitions.
        value: Value<CurrentAssignment>,
    },
    /// A record of a type that is not read here: share groups (10 to 15), regular expressions (16),
    /// streams groups (17 and above).
    Other {
        /// The type.
        key_type: i16,
    },
}

impl GroupRecord {
    /// The group that the record is of; none if its type is not read here.
    pub fn group(&self) -> Option<&str> {
        match self {
            Self::OffsetCommit { group, .. }
            | Self::GroupMetadata { group, .. }
            | Self::ConsumerGroupMetadata { group, .. }
            | Self::ConsumerGroupPartitionMetadata { group, .. }
            | Self::ConsumerGroupMemberMetadata { group, .. }
            | Self::ConsumerGroupTargetAssignmentMetadata { group, .. }
            | Self::ConsumerGroupTargetAssignmentMember { group, .. }
            | Self::ConsumerGroupCurrentMemberAssignment { group, .. } => Some(group),
            Self::Other { .. } => None,
        }
    }
}

/// What a record says of the thing that its key names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<T> {
    /// It is this from now on.
    Set(T),
    /// It is no more: a record without a value, called a tombstone.
    Removed,
    /// It is something that a later Kafka wrote in a form that is not known here.
    Unreadable {
        /// The value's version.
        version: i16,
    },
}

/// Decodes key and value of a record of `__consumer_offsets`.
///
/// # Errors
/// [`GroupsError`] if there is no key, or key or value of a known type and version do not hold its
/// fields. A type that is not known is no error, but [`GroupRecord::Other`], nor is a version:
/// [`Value::Unreadable`].
pub fn decode(key: Option<&[u8]>, value: Option<&[u8]>) -> Result<GroupRecord, GroupsError> {
    let mut reader = Reader::new(key.unwrap_or_default());
    let key_type = reader.int16().map_err(GroupsError::Frame)?;
    let raw = Raw { key_type, key: reader, value };
    Ok(match key_type {
        0 | OFFSET_COMMIT => {
            let (group, topic, partition) =
                raw.key(|r| Ok((string(r)?, string(r)?, r.int32()?)))?;
            let value = raw.value(offset::NEWEST, offset::offset_commit)?;
            GroupRecord::OffsetCommit { group, topic, partition, value }
        }
        GROUP_METADATA => GroupRecord::GroupMetadata {
            group: raw.key(string)?,
            value: raw.value(classic::NEWEST, classic::group_metadata)?,
        },
        GROUP_EPOCH => GroupRecord::ConsumerGroupMetadata {
            group: raw.key(string)?,
            value: raw.value(CONSUMER_NEWEST, consumer::group_epoch)?,
        },
        PARTITION_METADATA => GroupRecord::ConsumerGroupPartitionMetadata {
            group: raw.key(string)?,
            value: raw.value(CONSUMER_NEWEST, consumer::partition_metadata)?,
        },
        MEMBER_METADATA => {
            let (group, member) = raw.key(group_and_member)?;
            let value = raw.value(CONSUMER_NEWEST, consumer::member_metadata)?;
            GroupRecord::ConsumerGroupMemberMetadata { group, member, value }
        }
        TARGET_EPOCH => GroupRecord::ConsumerGroupTargetAssignmentMetadata {
            group: raw.key(string)?,
            value: raw.value(CONSUMER_NEWEST, consumer::target_epoch)?,
        },
        TARGET_ASSIGNMENT => {
            let (group, member) = raw.key(group_and_member)?;
            let value = raw.value(CONSUMER_NEWEST, consumer::target_assignment)?;
            GroupRecord::ConsumerGroupTargetAssignmentMember { group, member, value }
        }
        CURRENT_ASSIGNMENT => {
            let (group, member) = raw.key(group_and_member)?;
            let value = raw.value(CONSUMER_NEWEST, consumer::current_assignment)?;
            GroupRecord::ConsumerGroupCurrentMemberAssignment { group, member, value }
        }
        key_type => GroupRecord::Other { key_type },
    })
}

fn group_and_member(r: &mut Reader<'_>) -> Decoded<(String, String)> {
    Ok((string(r)?, string(r)?))
}

/// A record of which the type is known. In keys, the version is the type.
struct Raw<'a> {
    key_type: i16,
    /// What follows the type.
    key: Reader<'a>,
    value: Option<&'a [u8]>,
}

impl Raw<'_> {
    fn key<T>(&self, read: impl Fn(&mut Reader<'_>) -> Decoded<T>) -> Result<T, GroupsError> {
        let mut reader = self.key.clone();
        let key = read(&mut reader).and_then(|key| reader.finish().map(|()| key));
        key.map_err(|cause| GroupsError::Key { key_type: self.key_type, cause })
    }

    fn value<T>(
        &self,
        newest: i16,
        read: impl Fn(&mut Reader<'_>, i16) -> Decoded<T>,
    ) -> Result<Value<T>, GroupsError> {
        let Some(value) = self.value else { return Ok(Value::Removed) };
        let mut reader = Reader::new(value);
        let version = reader.int16().map_err(GroupsError::Frame)?;
        if !(0..=newest).contains(&version) {
            return Ok(Value::Unreadable { version });
        }
        read(&mut reader, version)
            .and_then(|value| reader.finish().map(|()| Value::Set(value)))
            .map_err(|cause| GroupsError::Value { key_type: self.key_type, version, cause })
    }
}
