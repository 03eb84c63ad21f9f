//! The codecs of record batches, undone within a limit.
//!
//! kafka-protocol's own decompressors grow their output without end, so a batch of a few kilobytes
//! could claim all memory; here no more than the limit is ever set aside.

use std::io::{self, Read};

use bytes::Bytes;
use thiserror::Error;

use crate::problem::{Explain, Problem};

/// How a batch's records are compressed (`compression.type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Codec {
    /// Not at all.
    None,
    /// gzip, RFC 1952.
    Gzip,
    /// Snappy, in the framing of snappy-java or bare.
    Snappy,
    /// LZ4 frames.
    Lz4,
    /// Zstandard, RFC 8878.
    Zstd,
}

impl Codec {
    /// The codec of a number in a batch's attributes, 0 to 4.
    pub const fn of_id(id: i16) -> Option<Self> {
        match id {
            0 => Some(Self::None),
            1 => Some(Self::Gzip),
            2 => Some(Self::Snappy),
            3 => Some(Self::Lz4),
            4 => Some(Self::Zstd),
            _ => None,
        }
    }

    /// Kafka's name for it, as in `compression.type`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Snappy => "snappy",
            Self::Lz4 => "lz4",
            Self::Zstd => "zstd",
        }
    }
}

/// Compressed bytes could not be expanded.
#[derive(Debug, Error)]
pub enum DecompressError {
    /// They would take more than the limit.
    #[error("expected at most {limit} bytes of records in a batch, found more")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// They are not what the codec writes.
    #[error("expected {}-compressed records: {cause}", codec.name())]
    Damaged {
        /// The codec that the batch names.
        codec: Codec,
        /// What the codec's library says.
        cause: io::Error,
    },
}

impl Explain for DecompressError {
    fn problem(&self) -> Problem {
        text::problem(self)
    }
}

/// Expands `compressed` to at most `limit` bytes; without a codec it shares the memory instead.
///
/// # Errors
/// [`DecompressError::TooLarge`] above the limit, [`DecompressError::Damaged`] for anything else.
pub fn decompress(
    codec: Codec,
    compressed: &Bytes,
    limit: usize,
) -> Result<Bytes, DecompressError> {
    let expanded = match codec {
        Codec::None => return Ok(compressed.clone()),
        Codec::Gzip => read_all(flate2::bufread::MultiGzDecoder::new(&compressed[..]), limit),
        Codec::Snappy => snappy(compressed, limit),
        Codec::Lz4 => lz4(compressed, limit),
        Codec::Zstd => {
            zstd::Decoder::with_buffer(&compressed[..]).and_then(|decoder| read_all(decoder, limit))
        }
    };
    match expanded.map_err(|cause| DecompressError::Damaged { codec, cause })? {
        Some(records) => Ok(Bytes::from(records)),
        None => Err(DecompressError::TooLarge { limit }),
    }
}

/// All that `source` gives; none if that is more than `limit`.
fn read_all(source: impl Read, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut expanded = Vec::new();
    let one_more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    source.take(one_more).read_to_end(&mut expanded)?;
    Ok(Some(expanded).filter(|expanded| expanded.len() <= limit))
}

/// A frame that ends early is damage; the library's reader alone would pass over it.
fn lz4(compressed: &[u8], limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut decoder = lz4::Decoder::new(compressed)?;
    let Some(expanded) = read_all(&mut decoder, limit)? else { return Ok(None) };
    decoder.finish().1?;
    Ok(Some(expanded))
}

/// What snappy-java writes first: a magic, then version and lowest compatible version (four bytes each).
const XERIAL_MAGIC: &[u8; 8] = b"\x82SNAPPY\0";
const XERIAL_HEADER_BYTES: usize = 16;

/// Blocks, each behind its length in four bytes; or, from other clients, one block and no header.
fn snappy(compressed: &[u8], limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut expanded = Vec::new();
    if !compressed.starts_with(XERIAL_MAGIC) {
        return Ok(snappy_block(compressed, limit, &mut expanded)?.then_some(expanded));
    }
    let mut rest = compressed.get(XERIAL_HEADER_BYTES..).ok_or(io::ErrorKind::UnexpectedEof)?;
    while let Some((length, blocks)) = rest.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        let block = blocks.get(..length).ok_or(io::ErrorKind::UnexpectedEof)?;
        if !snappy_block(block, limit, &mut expanded)? {
            return Ok(None);
        }
        rest = &blocks[length..];
    }
    if rest.is_empty() { Ok(Some(expanded)) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// The most that Snappy expands: three bytes stand for a copy of up to 64.
const SNAPPY_MOST: usize = 22;

/// Appends a block; false if `expanded` would grow above `limit`.
///
/// A block states its expanded size, which is believed only as far as its own size can account for.
fn snappy_block(block: &[u8], limit: usize, expanded: &mut Vec<u8>) -> io::Result<bool> {
    let size = snap::raw::decompress_len(block)?;
    if size > block.len().saturating_mul(SNAPPY_MOST) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let start = expanded.len();
    if size > limit.saturating_sub(start) {
        return Ok(false);
    }
    expanded.resize(start + size, 0);
    snap::raw::Decoder::new().decompress(block, &mut expanded[start..])?;
    Ok(true)
}

mod text {
    use super::DecompressError;
    use crate::phrase;
    use crate::problem::Problem;

    pub(super) fn problem(error: &DecompressError) -> Problem {
        match error {
            DecompressError::TooLarge { limit } => Problem::could_not_ask(
                "batch-too-large",
                phrase!(
                    "expected at most {limit} bytes of records in a batch, found more",
                    "一个 batch 解压后应不超过 {limit} 字节，实际更大"
                ),
                phrase!(
                    "Send smaller batches: lower the producer's batch.size.",
                    "请发送更小的 batch：调低 producer 的 batch.size。"
                ),
            ),
            DecompressError::Damaged { codec, cause } => Problem::could_not_ask(
                "batch-damaged",
                phrase!(
                    "expected {}-compressed records: {cause}",
                    "应为 {} 压缩的 record：{cause}",
                    codec.name()
                ),
                phrase!(
                    "Ask again; if it stays, the producer's compression library is at fault.",
                    "请重试；若仍出现，则是 producer 的压缩库有问题。"
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests;
