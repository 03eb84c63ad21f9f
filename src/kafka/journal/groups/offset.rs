//! A committed offset, as its record has it.

use uuid::Uuid;

use super::plain::Style;
use crate::kafka::varint::{Decoded, Reader};

/// The newest version of `OffsetCommitValue` in Kafka 4.3.1.
pub(super) const NEWEST: i16 = 4;

/// The value of an offset commit's record (`OffsetCommitValue`, v0 to v4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffsetCommit {
    /// The next offset to read, as committed: it may be anything.
    pub offset: i64,
    /// The leader epoch of the last record that was read, if the client sent it (v3 and later).
    pub leader_epoch: Option<i32>,
    /// The text that the client sent along; may be empty and may hold anything.
    pub metadata: String,
    /// When the coordinator took it, by its clock, in milliseconds since 1970.
    pub commit_timestamp_ms: i64,
    /// When it expires, in milliseconds since 1970, if the client said so (v1 alone).
    pub expire_timestamp_ms: Option<i64>,
    /// The topic's id, if the coordinator knew it (v4; never of a transactional commit in 4.3.1).
    pub topic_id: Option<Uuid>,
}

pub(super) fn offset_commit(r: &mut Reader<'_>, version: i16) -> Decoded<OffsetCommit> {
    let style = if version >= 4 { Style::Flexible } else { Style::Plain };
    let offset = r.int64()?;
    let leader_epoch = if version >= 3 { Some(r.int32()?) } else { None };
    let mut commit = OffsetCommit {
        offset,
        leader_epoch: leader_epoch.filter(|&epoch| epoch >= 0),
        metadata: style.string(r)?,
        commit_timestamp_ms: r.int64()?,
        expire_timestamp_ms: None,
        topic_id: None,
    };
    if version == 1 {
        commit.expire_timestamp_ms = Some(r.int64()?).filter(|&time| time >= 0);
    }
    if style == Style::Flexible {
        r.tagged_fields(|tag, r| {
            if tag == 0 {
                commit.topic_id = Some(r.uuid()?).filter(|id| !id.is_nil());
            }
            Ok(())
        })?;
    }
    Ok(commit)
}
