//! The primitive types of messages that are not flexible: lengths before values, no tagged fields.
//!
//! Source: the protocol guide's "Protocol Primitive Types". Keys of `__consumer_offsets`, values of
//! older versions and the consumer protocol's messages are written so; what is flexible (KIP-482)
//! has [`Reader`]'s own compact types.

use crate::kafka::varint::{Decoded, Reader};

/// How a version of a message writes its texts, bytes and arrays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Lengths of a fixed size.
    Plain,
    /// Lengths as variable-length integers, and tagged fields at each end (KIP-482).
    Flexible,
}

impl Style {
    pub(super) fn string(self, r: &mut Reader<'_>) -> Decoded<String> {
        match self {
            Self::Plain => string(r),
            Self::Flexible => r.compact_string(),
        }
    }

    pub(super) fn nullable_string(self, r: &mut Reader<'_>) -> Decoded<Option<String>> {
        match self {
            Self::Plain => nullable_string(r),
            Self::Flexible => r.compact_nullable_string(),
        }
    }

    /// A reader over the bytes of a field alone; positions go on.
    pub(super) fn bytes<'a>(self, r: &mut Reader<'a>) -> Decoded<Reader<'a>> {
        match self {
            Self::Plain => {
                let error = r.expected("BYTES");
                let length = usize::try_from(r.int32()?).map_err(|_| error)?;
                r.part(length, "BYTES")
            }
            Self::Flexible => {
                let error = r.expected("COMPACT_BYTES");
                let length = r.unsigned_varint()?.checked_sub(1).ok_or(error)?;
                r.part(length as usize, "COMPACT_BYTES")
            }
        }
    }

    /// Elements of a stated number; `least` as in [`Reader::compact_array`].
    pub(super) fn array<'a, T>(
        self,
        r: &mut Reader<'a>,
        least: usize,
        element: impl FnMut(&mut Reader<'a>) -> Decoded<T>,
    ) -> Decoded<Vec<T>> {
        match self {
            Self::Plain => array(r, least, element),
            Self::Flexible => r.compact_array(least, element),
        }
    }

    /// The tagged fields that end a flexible struct: none of which is known.
    pub(super) fn end(self, r: &mut Reader<'_>) -> Decoded<()> {
        match self {
            Self::Plain => Ok(()),
            Self::Flexible => r.skip_tagged_fields(),
        }
    }
}

/// Text of a stated length, with U+FFFD where bytes are no UTF-8; may hold anything else.
pub(super) fn string(r: &mut Reader<'_>) -> Decoded<String> {
    let missing = r.expected("STRING");
    nullable_string(r)?.ok_or(missing)
}

/// Text of a stated length; null if the length is negative.
pub(super) fn nullable_string(r: &mut Reader<'_>) -> Decoded<Option<String>> {
    let Ok(length) = usize::try_from(r.int16()?) else { return Ok(None) };
    let bytes = r.take(length, "STRING")?;
    Ok(Some(String::from_utf8_lossy(bytes).into_owned()))
}

/// Passes over bytes of a stated length; null if it is negative.
pub(super) fn skip_nullable_bytes(r: &mut Reader<'_>) -> Decoded<()> {
    let Ok(length) = usize::try_from(r.int32()?) else { return Ok(()) };
    r.take(length, "BYTES").map(|_| ())
}

/// Elements of a stated number; `least` as in [`Reader::compact_array`].
pub(super) fn array<'a, T>(
    r: &mut Reader<'a>,
    least: usize,
    mut element: impl FnMut(&mut Reader<'a>) -> Decoded<T>,
) -> Decoded<Vec<T>> {
    let error = r.expected("ARRAY");
    let count = usize::try_from(r.int32()?).map_err(|_| error)?;
    if count > r.remaining() / least.max(1) {
        return Err(error);
    }
    (0..count).map(|_| element(r)).collect()
}
