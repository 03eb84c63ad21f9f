//! The history of a `KRaft` cluster, read from its metadata log `__cluster_metadata`.
//!
//! A record's value is a frame version (1), an api key and a version (unsigned varints each), then
//! a message of the flexible kind (KIP-482). Keys, versions and fields: KIP-631 and its successors,
//! as Kafka 4.3.1 reads them. [`MetadataRecord`] is one such record, [`History`] what they amount to.

use bytes::Bytes;
use thiserror::Error;

use super::batch::{BatchError, Batches};
use super::record::{DEFAULT_LIMIT, RecordError, records};
use super::varint::DecodeError;
use crate::problem::{Explain, Problem};

mod event;
pub mod groups;
mod history;
mod metadata;
pub mod reader;
mod topic;

pub use event::{Change, Event, TopicRef};
pub use history::History;
pub use metadata::{
    AccessControlEntry, BrokerRegistrationChange, ClientQuota, ConfigResource, Endpoint, Feature,
    MetadataRecord, Partition, PartitionChange, QuotaEntity, RegisterBroker, RegisterController,
    ResourceType, ScramMechanism, UserScramCredential, decode,
};
pub use topic::{Growth, Moment, PartitionState, TopicLife};

/// The metadata log could not be read.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The bytes are no record batches.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// A batch's records could not be read.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A record has no value, or one that begins with no frame of version 1.
    #[error("metadata record: {0}")]
    Frame(DecodeError),
    /// A record of a known key and version does not hold that version's fields.
    #[error("metadata record, api key {key}, version {version}: {cause}")]
    Message {
        /// The api key.
        key: u32,
        /// The version.
        version: u32,
        /// What was expected, counted from the beginning of the record's value.
        cause: DecodeError,
    },
}

impl Explain for JournalError {
    fn problem(&self) -> Problem {
        match self {
            Self::Batch(error) => error.problem(),
            Self::Record(error) => error.problem(),
            Self::Frame(cause) => text::frame(*cause),
            Self::Message { key, version, cause } => text::message(*key, *version, *cause),
        }
    }
}

/// A metadata record and where it stood.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The base offset of the batch it came in. The controller writes the records of one change in
    /// one batch. Two changes share a batch only if the second was sent before the first was
    /// acknowledged, straight to the controller: measured never through one broker, and in 8 % of
    /// the tries 1 ms apart at the controller itself (with `controller.quorum.append.linger.ms=0`).
    pub batch: i64,
    /// Its place and time.
    pub at: Moment,
    /// What it says.
    pub record: MetadataRecord,
}

/// Calls `each` with every metadata record in `bytes`: a Fetch response's, or a segment file's.
///
/// Markers of the log itself (a new leader, a snapshot's ends) are passed over, as is an incomplete
/// last batch. Returns the offset to read from next; none if there was no complete batch.
///
/// # Errors
/// [`JournalError`] at the first batch or record that is damaged; `each` has seen those before it.
pub fn read(bytes: &Bytes, mut each: impl FnMut(Entry)) -> Result<Option<i64>, JournalError> {
    let mut next = None;
    for batch in Batches::new(bytes) {
        let batch = batch?;
        next = Some(batch.header.next_offset());
        if batch.header.is_control() {
            continue;
        }
        for record in records(&batch, DEFAULT_LIMIT)? {
            let record = record?;
            let at = Moment { offset: record.offset, timestamp_ms: record.timestamp };
            let record = decode(record.value.as_deref().unwrap_or_default())?;
            each(Entry { batch: batch.header.base_offset, at, record });
        }
    }
    Ok(next)
}

mod text {
    use super::DecodeError;
    use crate::phrase;
    use crate::phrase::Phrase;
    use crate::problem::Problem;

    pub(super) fn frame(cause: DecodeError) -> Problem {
        let DecodeError { expected, at, .. } = cause;
        Problem::could_not_ask(
            "journal-frame",
            phrase!(
                "expected {expected} at byte {at} of a record of __cluster_metadata",
                "__cluster_metadata 的 record 第 {at} 字节处应为 {expected}"
            ),
            versions(),
        )
    }

    pub(super) fn message(key: u32, version: u32, cause: DecodeError) -> Problem {
        let DecodeError { expected, at, .. } = cause;
        Problem::could_not_ask(
            "journal-record",
            phrase!(
                "expected {expected} at byte {at} of a metadata record (api key {key}, version {version})",
                "metadata record（api key {key}，版本 {version}）第 {at} 字节处应为 {expected}"
            ),
            versions(),
        )
    }

    fn versions() -> Phrase {
        phrase!(
            "Use a Kafka version from 3.3 to 4.3 for this lab.",
            "请在本实验中使用 3.3 到 4.3 之间的 Kafka 版本。"
        )
    }
}

#[cfg(test)]
mod tests;
