//! Record batches in the bytes of a Fetch response, found without decoding a record.
//!
//! Source: Kafka's documentation, "Message Format, Record Batch" (magic 2, since Kafka 0.11).
//! A batch is a header of [`HEADER_BYTES`] and its records, compressed as one:
//!
//! | byte | field | | byte | field |
//! |---|---|---|---|---|
//! | 0 | base offset | | 27 | base timestamp |
//! | 8 | length of what follows byte 12 | | 35 | max timestamp |
//! | 12 | partition leader epoch | | 43 | producer id |
//! | 16 | magic | | 51 | producer epoch |
//! | 17 | CRC-32C of what follows byte 21 | | 53 | base sequence |
//! | 21 | attributes | | 57 | number of records |
//! | 23 | last offset delta | | 61 | records |

use bytes::Bytes;
use thiserror::Error;

use super::compression::Codec;
use super::varint::{Decoded, Reader};
use crate::problem::{Explain, Problem};

/// The size in bytes of a batch's header.
pub const HEADER_BYTES: usize = 61;

/// What comes before the part that a batch's length counts: base offset and length.
const PREFIX_BYTES: usize = 12;

/// What must be there to know whether the rest is a batch of ours: up to and with the magic byte.
const PROBE_BYTES: usize = 17;

/// Where the part begins that the checksum covers.
const CHECKED_FROM: usize = 21;

/// The longest batch believed in, in bytes; brokers refuse far smaller ones (`message.max.bytes`).
const LONGEST: usize = 1 << 30;

/// The bytes are no sequence of record batches of magic 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BatchError {
    /// A format from before Kafka 0.11, or no batch at all.
    #[error("expected record batch magic 2 at byte {at}, found {magic}")]
    Magic {
        /// The value found.
        magic: i8,
        /// Where the batch begins in the response, in bytes.
        at: usize,
    },
    /// A length shorter than the header or longer than any broker allows.
    #[error("expected a record batch at byte {at}, found one of {length} bytes")]
    Length {
        /// The length found, as written (without the first 12 bytes).
        length: i32,
        /// Where the batch begins in the response, in bytes.
        at: usize,
    },
    /// The checksum differs: the bytes were damaged on their way or on disk.
    #[error("expected CRC-32C {expected:08x} in the batch at offset {offset}, found {found:08x}")]
    Checksum {
        /// The batch's base offset.
        offset: i64,
        /// The checksum in the header.
        expected: u32,
        /// The checksum of the bytes.
        found: u32,
    },
}

impl Explain for BatchError {
    fn problem(&self) -> Problem {
        text::problem(*self)
    }
}

/// Which clock a batch's timestamps are of (`message.timestamp.type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimestampType {
    /// The producer's, when it made the record.
    CreateTime,
    /// The broker's, when it appended the batch.
    LogAppendTime,
}

/// The header of a record batch. Numbers are as written and may be anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchHeader {
    /// The offset that record offsets count from; after compaction there may be no such record.
    pub base_offset: i64,
    /// The size in bytes of what follows the first twelve; see [`BatchHeader::size`].
    pub length: i32,
    /// The leader epoch at which the batch was appended; -1 if unknown.
    pub partition_leader_epoch: i32,
    /// CRC-32C of the batch from its attributes on.
    pub crc: u32,
    /// Codec, timestamp type and flags, as written.
    pub attributes: i16,
    /// The last offset of the batch, less the base offset; compaction keeps it.
    pub last_offset_delta: i32,
    /// The timestamp that record timestamps count from, in milliseconds since 1970.
    pub base_timestamp: i64,
    /// The latest timestamp of a record, in milliseconds since 1970; -1 if there is none.
    pub max_timestamp: i64,
    /// The idempotent producer's id; -1 without one.
    pub producer_id: i64,
    /// The idempotent producer's epoch; -1 without one.
    pub producer_epoch: i16,
    /// The sequence number of the first record; -1 without an idempotent producer.
    pub base_sequence: i32,
    /// How many records the batch holds; 0 after compaction removed them all.
    pub records: i32,
}

impl BatchHeader {
    /// How the records are compressed; none for a codec that Kafka does not have.
    pub const fn codec(&self) -> Option<Codec> {
        Codec::of_id(self.attributes & 0x07)
    }

    /// Which clock the timestamps are of.
    pub const fn timestamp_type(&self) -> TimestampType {
        if self.attributes & 0x08 == 0 {
            TimestampType::CreateTime
        } else {
            TimestampType::LogAppendTime
        }
    }

    /// Whether a transactional producer wrote it.
    pub const fn is_transactional(&self) -> bool {
        self.attributes & 0x10 != 0
    }

    /// Whether it holds a marker (commit, abort, leader change) instead of data.
    pub const fn is_control(&self) -> bool {
        self.attributes & 0x20 != 0
    }

    /// The offset of the last record that was in the batch when it was written.
    pub const fn last_offset(&self) -> i64 {
        self.base_offset.saturating_add(self.last_offset_delta as i64)
    }

    /// The offset to read from next.
    pub const fn next_offset(&self) -> i64 {
        self.last_offset().saturating_add(1)
    }

    /// How many bytes the whole batch takes, header and all.
    pub const fn size(&self) -> usize {
        self.length.unsigned_abs() as usize + PREFIX_BYTES
    }

    fn read(reader: &mut Reader<'_>) -> Decoded<Self> {
        let base_offset = reader.int64()?;
        let length = reader.int32()?;
        let partition_leader_epoch = reader.int32()?;
        let _magic = reader.int8()?;
        Ok(Self {
            base_offset,
            length,
            partition_leader_epoch,
            crc: reader.int32()?.cast_unsigned(),
            attributes: reader.int16()?,
            last_offset_delta: reader.int32()?,
            base_timestamp: reader.int64()?,
            max_timestamp: reader.int64()?,
            producer_id: reader.int64()?,
            producer_epoch: reader.int16()?,
            base_sequence: reader.int32()?,
            records: reader.int32()?,
        })
    }
}

/// A whole batch, its records still compressed.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// What the header says.
    pub header: BatchHeader,
    source: &'a Bytes,
    start: usize,
}

impl<'a> Batch<'a> {
    fn bytes(&self) -> &'a [u8] {
        &self.source[self.start..self.start + self.header.size()]
    }

    /// What follows the header, as it came; shares the response's memory.
    pub fn payload(&self) -> Bytes {
        self.source.slice(self.start + HEADER_BYTES..self.start + self.header.size())
    }

    /// Compares the checksum with the bytes; costs one pass over them.
    ///
    /// # Errors
    /// [`BatchError::Checksum`] if they differ.
    pub fn check_crc(&self) -> Result<(), BatchError> {
        let found = crc32c::crc32c(&self.bytes()[CHECKED_FROM..]);
        if found == self.header.crc {
            return Ok(());
        }
        let BatchHeader { base_offset: offset, crc: expected, .. } = self.header;
        Err(BatchError::Checksum { offset, expected, found })
    }
}

/// The batches of a Fetch response's partition, or of a log segment file, in their order.
///
/// Ends quietly before a batch that is not there in full, as brokers cut responses at a size; ends
/// after the first error. Allocates nothing.
#[derive(Debug, Clone)]
pub struct Batches<'a> {
    source: &'a Bytes,
    at: usize,
    failed: bool,
}

impl<'a> Batches<'a> {
    /// Reads `source` from its beginning.
    pub const fn new(source: &'a Bytes) -> Self {
        Self { source, at: 0, failed: false }
    }

    /// How many bytes were not read; more than zero at the end means half a batch.
    pub fn unread(&self) -> usize {
        self.source.len() - self.at
    }

    /// The header of the batch at the current position, if all of that batch is there.
    fn whole(&self) -> Result<Option<BatchHeader>, BatchError> {
        let rest = &self.source[self.at..];
        let Some(probe) = rest.get(..PROBE_BYTES) else { return Ok(None) };
        let magic = probe[PROBE_BYTES - 1].cast_signed();
        if magic != 2 {
            return Err(BatchError::Magic { magic, at: self.at });
        }
        let length = i32::from_be_bytes([probe[8], probe[9], probe[10], probe[11]]);
        let believable = HEADER_BYTES - PREFIX_BYTES..=LONGEST;
        if !usize::try_from(length).is_ok_and(|length| believable.contains(&length)) {
            return Err(BatchError::Length { length, at: self.at });
        }
        let header = BatchHeader::read(&mut Reader::new(rest)).ok();
        Ok(header.filter(|header| header.size() <= rest.len()))
    }
}

impl<'a> Iterator for Batches<'a> {
    type Item = Result<Batch<'a>, BatchError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        match self.whole() {
            Ok(Some(header)) => {
                let start = self.at;
                self.at += header.size();
                Some(Ok(Batch { header, source: self.source, start }))
            }
            Ok(None) => None,
            Err(error) => {
                self.failed = true;
                Some(Err(error))
            }
        }
    }
}

mod text {
    use super::BatchError;
    use crate::phrase;
    use crate::problem::Problem;

    pub(super) fn problem(error: BatchError) -> Problem {
        let old = phrase!(
            "Topics written before Kafka 0.11 cannot be graded; create the topic anew.",
            "Kafka 0.11 之前写入的 topic 无法评分，请重新创建该 topic。"
        );
        let damaged = phrase!(
            "Ask again; if it stays, look at the broker's log for disk errors.",
            "请重试；若仍出现，请在 broker 日志中查找磁盘错误。"
        );
        match error {
            BatchError::Magic { magic, at } => Problem::could_not_ask(
                "batch-magic",
                phrase!(
                    "expected record batch magic 2 at byte {at}, found {magic}",
                    "第 {at} 字节处的 record batch magic 应为 2，实为 {magic}"
                ),
                old,
            ),
            BatchError::Length { length, at } => Problem::could_not_ask(
                "batch-length",
                phrase!(
                    "expected a record batch at byte {at}, found one of {length} bytes",
                    "第 {at} 字节处的 record batch 长度为 {length} 字节，不合理"
                ),
                damaged,
            ),
            BatchError::Checksum { offset, expected, found } => Problem::could_not_ask(
                "batch-checksum",
                phrase!(
                    "expected CRC-32C {expected:08x} in the batch at offset {offset}, found {found:08x}",
                    "offset {offset} 处 batch 的 CRC-32C 应为 {expected:08x}，实为 {found:08x}"
                ),
                damaged,
            ),
        }
    }
}

#[cfg(test)]
mod tests;
