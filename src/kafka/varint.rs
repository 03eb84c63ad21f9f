//! The primitive types of Kafka's protocol, read from a slice.
//!
//! Source: the protocol guide's "Protocol Primitive Types", KIP-482 (compact types, tagged fields);
//! variable-length integers are those of Protocol Buffers, zig-zag where they are signed.

use thiserror::Error;
use uuid::Uuid;

use crate::problem::{Explain, Problem};

/// The bytes do not hold what the format says must come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("expected {expected} at byte {at} of {end}")]
pub struct DecodeError {
    /// The protocol guide's name of what was expected: `UNSIGNED_VARINT`, `COMPACT_STRING`.
    pub expected: &'static str,
    /// Where it was expected, counted in bytes from the beginning of the outermost value.
    pub at: usize,
    /// Where the readable bytes end, counted likewise.
    pub end: usize,
}

impl Explain for DecodeError {
    fn problem(&self) -> Problem {
        text::malformed(*self)
    }
}

/// The result of reading something with a [`Reader`].
pub type Decoded<T> = Result<T, DecodeError>;

/// A position in a slice, moved on by every successful read.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Reads `bytes` from their beginning.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes were read.
    pub const fn position(&self) -> usize {
        self.at
    }

    /// How many bytes are left.
    pub const fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// The error that says what was expected at the current position.
    pub const fn expected(&self, expected: &'static str) -> DecodeError {
        DecodeError { expected, at: self.at, end: self.bytes.len() }
    }

    /// The next `count` bytes; `expected` names them in the error.
    pub fn take(&mut self, count: usize, expected: &'static str) -> Decoded<&'a [u8]> {
        let end = self.at.checked_add(count).ok_or_else(|| self.expected(expected))?;
        let taken = self.bytes.get(self.at..end).ok_or_else(|| self.expected(expected))?;
        self.at = end;
        Ok(taken)
    }

    /// A reader over the next `count` bytes alone, which this one passes over; positions go on.
    pub fn part(&mut self, count: usize, expected: &'static str) -> Decoded<Self> {
        let start = self.at;
        self.take(count, expected)?;
        Ok(Self { bytes: &self.bytes[..self.at], at: start })
    }

    /// Fails unless every byte was read: what follows a complete value is damage.
    pub fn finish(&self) -> Decoded<()> {
        if self.remaining() == 0 { Ok(()) } else { Err(self.expected("END")) }
    }

    fn fixed<const N: usize>(&mut self, expected: &'static str) -> Decoded<[u8; N]> {
        let slice = self.take(N, expected)?;
        slice.try_into().map_err(|_| self.expected(expected))
    }

    /// One byte; zero is false, any other value is true, as in Kafka.
    pub fn boolean(&mut self) -> Decoded<bool> {
        Ok(self.fixed::<1>("BOOLEAN")? != [0])
    }

    /// A signed byte.
    pub fn int8(&mut self) -> Decoded<i8> {
        self.fixed("INT8").map(i8::from_be_bytes)
    }

    /// A signed 16-bit number, big-endian.
    pub fn int16(&mut self) -> Decoded<i16> {
        self.fixed("INT16").map(i16::from_be_bytes)
    }

    /// An unsigned 16-bit number, big-endian.
    pub fn uint16(&mut self) -> Decoded<u16> {
        self.fixed("UINT16").map(u16::from_be_bytes)
    }

    /// A signed 32-bit number, big-endian.
    pub fn int32(&mut self) -> Decoded<i32> {
        self.fixed("INT32").map(i32::from_be_bytes)
    }

    /// A signed 64-bit number, big-endian.
    pub fn int64(&mut self) -> Decoded<i64> {
        self.fixed("INT64").map(i64::from_be_bytes)
    }

    /// A double-precision number, big-endian; may be infinite or not a number.
    pub fn float64(&mut self) -> Decoded<f64> {
        self.fixed("FLOAT64").map(f64::from_be_bytes)
    }

    /// Sixteen bytes, most significant first.
    pub fn uuid(&mut self) -> Decoded<Uuid> {
        self.fixed("UUID").map(Uuid::from_bytes)
    }

    /// One to five bytes, seven bits a byte, least significant first.
    pub fn unsigned_varint(&mut self) -> Decoded<u32> {
        if let Some(&byte @ 0..0x80) = self.bytes.get(self.at) {
            self.at += 1;
            return Ok(byte.into());
        }
        let error = self.expected("UNSIGNED_VARINT");
        let (value, size) = base128(&self.bytes[self.at..], 5).ok_or(error)?;
        let value = value.try_into().map_err(|_| error)?;
        self.at += size;
        Ok(value)
    }

    /// One to ten bytes, seven bits a byte, least significant first.
    pub fn unsigned_varlong(&mut self) -> Decoded<u64> {
        let read = base128(&self.bytes[self.at..], 10);
        let (value, size) = read.ok_or_else(|| self.expected("UNSIGNED_VARLONG"))?;
        self.at += size;
        Ok(value)
    }

    /// A zig-zag number of one to five bytes: 0, -1, 1, -2 are written 0, 1, 2, 3.
    pub fn varint(&mut self) -> Decoded<i32> {
        let zigzag = self.unsigned_varint()?;
        Ok((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed())
    }

    /// A zig-zag number of one to ten bytes.
    pub fn varlong(&mut self) -> Decoded<i64> {
        let zigzag = self.unsigned_varlong()?;
        Ok((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed())
    }

    /// The length in front of a compact value: the number written is one more; zero is null.
    fn compact_length(&mut self) -> Decoded<Option<usize>> {
        Ok(self.unsigned_varint()?.checked_sub(1).map(|length| length as usize))
    }

    /// Bytes of a stated length, or null.
    pub fn compact_nullable_bytes(&mut self) -> Decoded<Option<&'a [u8]>> {
        match self.compact_length()? {
            Some(length) => self.take(length, "COMPACT_BYTES").map(Some),
            None => Ok(None),
        }
    }

    /// Bytes of a stated length.
    pub fn compact_bytes(&mut self) -> Decoded<&'a [u8]> {
        let missing = self.expected("COMPACT_BYTES");
        self.compact_nullable_bytes()?.ok_or(missing)
    }

    /// Text of a stated length, or null; like Kafka, puts U+FFFD where bytes are no UTF-8.
    ///
    /// The text may hold anything else, control characters too.
    pub fn compact_nullable_string(&mut self) -> Decoded<Option<String>> {
        let Some(length) = self.compact_length()? else { return Ok(None) };
        let bytes = self.take(length, "COMPACT_STRING")?;
        Ok(Some(String::from_utf8_lossy(bytes).into_owned()))
    }

    /// Text of a stated length: see [`Self::compact_nullable_string`].
    pub fn compact_string(&mut self) -> Decoded<String> {
        let missing = self.expected("COMPACT_STRING");
        self.compact_nullable_string()?.ok_or(missing)
    }

    /// Elements of a stated number, or null.
    ///
    /// `least` is the size in bytes of the smallest element (at least 1): a number of elements for
    /// which there are not enough bytes is refused before any memory is set aside.
    pub fn compact_nullable_array<T>(
        &mut self,
        least: usize,
        mut element: impl FnMut(&mut Self) -> Decoded<T>,
    ) -> Decoded<Option<Vec<T>>> {
        let error = self.expected("COMPACT_ARRAY");
        let Some(count) = self.compact_length()? else { return Ok(None) };
        if count > self.remaining() / least.max(1) {
            return Err(error);
        }
        (0..count).map(|_| element(self)).collect::<Decoded<Vec<T>>>().map(Some)
    }

    /// Elements of a stated number: see [`Self::compact_nullable_array`].
    pub fn compact_array<T>(
        &mut self,
        least: usize,
        element: impl FnMut(&mut Self) -> Decoded<T>,
    ) -> Decoded<Vec<T>> {
        let missing = self.expected("COMPACT_ARRAY");
        self.compact_nullable_array(least, element)?.ok_or(missing)
    }

    /// The tagged fields at the end of a flexible message (KIP-482).
    ///
    /// `field` gets each tag with a reader over that field alone; it may leave any part unread, so
    /// an unknown tag is skipped by doing nothing.
    pub fn tagged_fields(
        &mut self,
        mut field: impl FnMut(u32, &mut Self) -> Decoded<()>,
    ) -> Decoded<()> {
        for _ in 0..self.unsigned_varint()? {
            let tag = self.unsigned_varint()?;
            let size = self.unsigned_varint()? as usize;
            field(tag, &mut self.part(size, "TAGGED_FIELD")?)?;
        }
        Ok(())
    }

    /// Tagged fields none of which matters.
    pub fn skip_tagged_fields(&mut self) -> Decoded<()> {
        self.tagged_fields(|_, _| Ok(()))
    }
}

/// A number of at most `most` bytes and 64 bits, and how many bytes it took.
fn base128(bytes: &[u8], most: usize) -> Option<(u64, usize)> {
    let mut value = 0;
    for (index, &byte) in bytes.iter().take(most).enumerate() {
        let bits = u64::from(byte & 0x7f);
        let shifted = bits << (7 * index);
        if shifted >> (7 * index) != bits {
            return None;
        }
        value |= shifted;
        if byte < 0x80 {
            return Some((value, index + 1));
        }
    }
    None
}

mod text {
    use super::DecodeError;
    use crate::phrase;
    use crate::problem::Problem;

    pub(super) fn malformed(error: DecodeError) -> Problem {
        let DecodeError { expected, at, end } = error;
        Problem::could_not_ask(
            "malformed-bytes",
            phrase!(
                "expected {expected} at byte {at}, found something else in the {end} bytes",
                "在第 {at} 字节处应为 {expected}，但这 {end} 个字节的内容与之不符"
            ),
            phrase!(
                "Check that the address is a Kafka broker's and that its version is supported.",
                "请确认该地址确实是 Kafka broker，且其版本受支持。"
            ),
        )
    }
}

#[cfg(test)]
mod tests;
