//! The records of a batch.
//!
//! Source: Kafka's documentation, "Message Format, Record" and "Control Batches". Keys, values and
//! headers share the memory of the (expanded) batch. Header keys may repeat and keep their order.

use std::ops::RangeInclusive;

use bytes::Bytes;
use kafka_protocol::protocol::StrBytes;
use thiserror::Error;

use super::batch::{Batch, TimestampType};
use super::compression::{DecompressError, decompress};
use super::varint::{DecodeError, Decoded, Reader};
use crate::problem::{Explain, Problem};

/// A limit for [`records`] that no sensible producer comes near, in bytes.
///
/// Decoded records can take more than that: a header of two bytes becomes a [`Header`].
pub const DEFAULT_LIMIT: usize = 32 << 20;

/// The smallest header, in bytes: an empty key and a null value.
const LEAST_HEADER_BYTES: usize = 2;

/// One record. Offset and timestamp are absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The record's offset in its partition.
    pub offset: i64,
    /// Milliseconds since 1970, of the clock that the batch names; -1 if there is none.
    pub timestamp: i64,
    /// The key, unless null.
    pub key: Option<Bytes>,
    /// The value; a null one is a tombstone where the log is compacted.
    pub value: Option<Bytes>,
    /// The headers in the producer's order.
    pub headers: Vec<Header>,
}

/// One header of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The key, with U+FFFD where bytes are no UTF-8.
    pub name: StrBytes,
    /// The value, unless null.
    pub value: Option<Bytes>,
}

/// A batch's records could not be read.
#[derive(Debug, Error)]
pub enum RecordError {
    /// The batch's attributes name a codec that Kafka does not have.
    #[error("expected a codec from 0 to 4 in the batch at offset {offset}, found {id}")]
    Codec {
        /// The batch's base offset.
        offset: i64,
        /// The number found.
        id: i16,
    },
    /// The batch could not be expanded.
    #[error("batch at offset {offset}: {cause}")]
    Decompress {
        /// The batch's base offset.
        offset: i64,
        /// What went wrong.
        cause: DecompressError,
    },
    /// The (expanded) bytes are no sequence of records.
    #[error("batch at offset {offset}: {cause}")]
    Malformed {
        /// The batch's base offset.
        offset: i64,
        /// What was expected, counted from the first record of the batch.
        cause: DecodeError,
    },
}

impl Explain for RecordError {
    fn problem(&self) -> Problem {
        match self {
            Self::Codec { offset, id } => text::codec(*offset, *id),
            Self::Decompress { cause, .. } => cause.problem(),
            Self::Malformed { offset, cause } => text::malformed(*offset, *cause),
        }
    }
}

/// The records of `batch`, expanded to at most `limit` bytes (see [`DEFAULT_LIMIT`]).
///
/// A control batch gives its markers as records: see [`ControlType::of`].
///
/// # Errors
/// [`RecordError`] if the batch cannot be expanded; what is wrong with a record, the iterator says.
pub fn records(batch: &Batch<'_>, limit: usize) -> Result<Records, RecordError> {
    let header = batch.header;
    let offset = header.base_offset;
    let Some(codec) = header.codec() else {
        return Err(RecordError::Codec { offset, id: header.attributes & 0x07 });
    };
    let bytes = decompress(codec, &batch.payload(), limit)
        .map_err(|cause| RecordError::Decompress { offset, cause })?;
    let append_time = match header.timestamp_type() {
        TimestampType::CreateTime => None,
        TimestampType::LogAppendTime => Some(header.max_timestamp),
    };
    let base_timestamp = header.base_timestamp;
    let state = match u32::try_from(header.records) {
        Ok(left) => State::Reading { left },
        Err(_) => State::Impossible,
    };
    let offsets = offset..=header.last_offset();
    Ok(Records { bytes, at: 0, state, base_offset: offset, offsets, base_timestamp, append_time })
}

/// The records of one batch in their order; ends after the first error.
#[derive(Debug, Clone)]
pub struct Records {
    bytes: Bytes,
    at: usize,
    state: State,
    base_offset: i64,
    /// Those that the next record may have: they grow, up to the header's last one.
    offsets: RangeInclusive<i64>,
    base_timestamp: i64,
    append_time: Option<i64>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Reading {
        left: u32,
    },
    /// The header states a negative number of records.
    Impossible,
    Done,
}

impl Records {
    fn malformed(&mut self, cause: DecodeError) -> RecordError {
        self.state = State::Done;
        RecordError::Malformed { offset: self.base_offset, cause }
    }

    /// Reads the record at the current position and moves on.
    fn read(&mut self) -> Decoded<Record> {
        let mut reader = Reader::new(&self.bytes);
        reader.take(self.at, "RECORD")?;
        let length = length(&mut reader, "RECORD")?.ok_or_else(|| reader.expected("RECORD"))?;
        let mut body = reader.part(length, "RECORD")?;
        let record = self.body(&mut body)?;
        body.finish()?;
        if !self.offsets.contains(&record.offset) {
            return Err(reader.expected("OFFSET_DELTA"));
        }
        self.offsets = record.offset.saturating_add(1)..=*self.offsets.end();
        self.at = reader.position();
        Ok(record)
    }

    fn body(&self, reader: &mut Reader<'_>) -> Decoded<Record> {
        let _attributes = reader.int8()?;
        let timestamp = self.base_timestamp.saturating_add(reader.varlong()?);
        Ok(Record {
            timestamp: self.append_time.unwrap_or(timestamp),
            offset: self.base_offset.saturating_add(i64::from(reader.varint()?)),
            key: self.nullable(reader, "KEY")?,
            value: self.nullable(reader, "VALUE")?,
            headers: self.headers(reader)?,
        })
    }

    fn headers(&self, reader: &mut Reader<'_>) -> Decoded<Vec<Header>> {
        let error = reader.expected("HEADERS");
        let count = length(reader, "HEADERS")?.ok_or(error)?;
        if count > reader.remaining() / LEAST_HEADER_BYTES {
            return Err(error);
        }
        (0..count).map(|_| self.header(reader)).collect()
    }

    fn header(&self, reader: &mut Reader<'_>) -> Decoded<Header> {
        let missing = reader.expected("HEADER_KEY");
        let name = self.nullable(reader, "HEADER_KEY")?.ok_or(missing)?;
        let name = StrBytes::from_utf8(name.clone())
            .unwrap_or_else(|_| StrBytes::from_string(String::from_utf8_lossy(&name).into_owned()));
        Ok(Header { name, value: self.nullable(reader, "HEADER_VALUE")? })
    }

    /// A part of the batch's memory, or null.
    fn nullable(&self, reader: &mut Reader<'_>, expected: &'static str) -> Decoded<Option<Bytes>> {
        let Some(length) = length(reader, expected)? else { return Ok(None) };
        reader.take(length, expected)?;
        let end = reader.position();
        Ok(Some(self.bytes.slice(end - length..end)))
    }
}

/// A zig-zag length; -1 is null, less than that an error.
fn length(reader: &mut Reader<'_>, expected: &'static str) -> Decoded<Option<usize>> {
    let error = reader.expected(expected);
    match reader.varint()? {
        -1 => Ok(None),
        length => usize::try_from(length).map(Some).map_err(|_| error),
    }
}

impl Iterator for Records {
    type Item = Result<Record, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        let end = DecodeError { expected: "END", at: self.at, end: self.bytes.len() };
        match self.state {
            State::Done => None,
            State::Impossible => {
                Some(Err(self.malformed(DecodeError { expected: "COUNT", ..end })))
            }
            State::Reading { left: 0 } if self.at == self.bytes.len() => None,
            State::Reading { left: 0 } => Some(Err(self.malformed(end))),
            State::Reading { left } => {
                self.state = State::Reading { left: left - 1 };
                Some(self.read().map_err(|cause| self.malformed(cause)))
            }
        }
    }
}

/// What a control batch's marker says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlType {
    /// The producer's open transaction in this partition was aborted.
    Abort,
    /// The producer's open transaction in this partition was committed.
    Commit,
    /// Another marker, with its number: 2 is a change of the leader of a `KRaft` log, 3 and 4 are the
    /// header and footer of a snapshot, 5 is the quorum's version, 6 are its voters.
    Other(i16),
}

impl ControlType {
    /// The type of a control batch's record; none if its key is no marker's.
    pub fn of(record: &Record) -> Option<Self> {
        let mut key = Reader::new(record.key.as_deref()?);
        let _version = key.int16().ok()?;
        Some(match key.int16().ok()? {
            0 => Self::Abort,
            1 => Self::Commit,
            other => Self::Other(other),
        })
    }
}

mod text {
    use crate::kafka::varint::DecodeError;
    use crate::phrase;
    use crate::phrase::Phrase;
    use crate::problem::Problem;

    pub(super) fn codec(offset: i64, id: i16) -> Problem {
        Problem::could_not_ask(
            "batch-codec",
            phrase!(
                "expected a codec from 0 to 4 in the batch at offset {offset}, found {id}",
                "offset {offset} 处 batch 的压缩编号应为 0 到 4，实为 {id}"
            ),
            again(),
        )
    }

    pub(super) fn malformed(offset: i64, cause: DecodeError) -> Problem {
        let DecodeError { expected, at, .. } = cause;
        Problem::could_not_ask(
            "record-malformed",
            phrase!(
                "batch at offset {offset}: expected {expected} at byte {at} of its records",
                "offset {offset} 处的 batch：record 部分第 {at} 字节处应为 {expected}"
            ),
            again(),
        )
    }

    fn again() -> Phrase {
        phrase!(
            "Ask again; if it stays, look at the broker's log for disk errors.",
            "请重试；若仍出现，请在 broker 日志中查找磁盘错误。"
        )
    }
}

#[cfg(test)]
mod tests;
