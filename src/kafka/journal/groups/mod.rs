//! The history of a cluster's groups, read from `__consumer_offsets`.
//!
//! A record's key is its type (a 16-bit number, where other messages have their version) and whose
//! it is; its value a version and a message, or nothing: that ends what the key names. The form of
//! each is that of the schemas in Kafka's group coordinator, as Kafka 4.3.1 reads them.
//! [`GroupRecord`] is one such record, [`GroupJournal`] what a partition's records amount to.
//!
//! A group lives in one partition, [`coordinator_partition`]: nothing orders two partitions.

use thiserror::Error;

use crate::kafka::batch::BatchError;
use crate::kafka::record::RecordError;
use crate::kafka::varint::DecodeError;
use crate::problem::{Explain, Problem};

mod classic;
mod consumer;
mod event;
mod history;
mod holder;
mod journal;
mod members;
mod offset;
mod offsets;
mod plain;
mod protocol;
mod record;
mod timeline;

pub use classic::{ClassicMember, GroupMetadata, Member};
pub use consumer::{
    ClassicProtocols, CurrentAssignment, GroupEpoch, MemberMetadata, PartitionRacks, TargetEpoch,
    TopicMetadata, TopicPartitions,
};
pub use event::{Change, Event, GroupType, IdPartition};
pub use history::GroupHistory;
pub use holder::{HeldCommit, Holder};
pub use journal::GroupJournal;
pub use offset::OffsetCommit;
pub use offsets::Commit;
pub use protocol::{Assignment, CONSUMER, Embedded, NamedPartitions, Subscription};
pub use record::{GroupRecord, Value, decode};

/// The groups' log could not be read.
#[derive(Debug, Error)]
pub enum GroupsError {
    /// The bytes are no record batches.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// A batch's records could not be read.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A record has no key, or its key or value does not begin with a type or version.
    #[error("group record: {0}")]
    Frame(DecodeError),
    /// A key of a known type does not hold that type's fields.
    #[error("group record, type {key_type}, key: {cause}")]
    Key {
        /// The type.
        key_type: i16,
        /// What was expected, counted from the beginning of the record's key.
        cause: DecodeError,
    },
    /// A value of a known type and version does not hold that version's fields.
    #[error("group record, type {key_type}, version {version}: {cause}")]
    Value {
        /// The type.
        key_type: i16,
        /// The value's version.
        version: i16,
        /// What was expected, counted from the beginning of the record's value.
        cause: DecodeError,
    },
}

impl Explain for GroupsError {
    fn problem(&self) -> Problem {
        match self {
            Self::Batch(error) => error.problem(),
            Self::Record(error) => error.problem(),
            Self::Frame(cause) => text::frame(*cause),
            Self::Key { key_type, cause } => text::key(*key_type, *cause),
            Self::Value { key_type, version, cause } => text::value(*key_type, *version, *cause),
        }
    }
}

/// The partition of `__consumer_offsets`, out of `partitions`, in which a group lives; its leader is
/// the group's coordinator. None if there are no partitions.
///
/// Source: `GroupCoordinatorService.partitionFor`, `String.hashCode` and `Utils.abs` of Kafka 4.3.1.
/// Java's characters are 16 bits wide, and the least number, which has no absolute value, counts
/// as 0.
pub fn coordinator_partition(group: &str, partitions: i32) -> Option<i32> {
    let hash = group
        .encode_utf16()
        .fold(0_i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)));
    if partitions <= 0 { None } else { Some(hash.checked_abs().unwrap_or_default() % partitions) }
}

mod text {
    use super::DecodeError;
    use crate::phrase;
    use crate::phrase::Phrase;
    use crate::problem::Problem;

    pub(super) fn frame(cause: DecodeError) -> Problem {
        let DecodeError { expected, at, .. } = cause;
        Problem::could_not_ask(
            "groups-frame",
            phrase!(
                "expected {expected} at byte {at} of a record of __consumer_offsets",
                "__consumer_offsets 的 record 第 {at} 字节处应为 {expected}"
            ),
            versions(),
        )
    }

    pub(super) fn key(key_type: i16, cause: DecodeError) -> Problem {
        let DecodeError { expected, at, .. } = cause;
        Problem::could_not_ask(
            "groups-key",
            phrase!(
                "expected {expected} at byte {at} of the key of a record of __consumer_offsets (type {key_type})",
                "__consumer_offsets 的 record（类型 {key_type}）的 key 第 {at} 字节处应为 {expected}"
            ),
            versions(),
        )
    }

    pub(super) fn value(key_type: i16, version: i16, cause: DecodeError) -> Problem {
        let DecodeError { expected, at, .. } = cause;
        Problem::could_not_ask(
            "groups-record",
            phrase!(
                "expected {expected} at byte {at} of a record of __consumer_offsets (type {key_type}, version {version})",
                "__consumer_offsets 的 record（类型 {key_type}，版本 {version}）第 {at} 字节处应为 {expected}"
            ),
            versions(),
        )
    }

    fn versions() -> Phrase {
        phrase!(
            "Use a Kafka version up to 4.3 for this lab.",
            "请在本实验中使用不高于 4.3 的 Kafka 版本。"
        )
    }
}

#[cfg(test)]
mod tests;
