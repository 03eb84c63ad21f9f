//! The shape of a response: which lengths stand where.
//!
//! `kafka-protocol` sets memory aside for as many elements as an array *claims* to have, and a failed
//! allocation ends the process. So the bytes are walked first: every length has to be covered by
//! bytes that are there. After that, decoding holds a small multiple of the response's size.
//!
//! A shape has the fields in the order of Kafka's message files (`MetadataResponse.json`); those
//! from `flexible` on are written as KIP-482 says: compact lengths, tagged fields at the end of
//! every structure. A new API is one more shape in `shapes.rs`.

use kafka_protocol::protocol::Request;

use super::varint::{Decoded, Reader};

/// A request with the shape of its response: without one it cannot be sent.
pub trait Question: Request + Clone {
    /// What every version of the response looks like that `kafka-protocol` decodes.
    const ANSWER: Shape;
    /// Whether it may be sent again when the connection broke before the answer came: the node may
    /// have acted on the first one.
    const REPEATABLE: bool = true;
}

/// The fields of a message in all of its versions.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The first version with compact lengths and tagged fields.
    pub flexible: i16,
    /// The fields, in their order.
    pub fields: &'static [Field],
}

/// One field and the versions that have it.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    name: &'static str,
    since: i16,
    until: i16,
    tag: Option<u32>,
    kind: Kind,
}

/// How a value is written.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A number, a boolean or an id of so many bytes.
    Fixed(usize),
    /// Text; null too.
    Text,
    /// Bytes; null too.
    Bytes,
    /// Elements of one kind; null too.
    Array(&'static Kind),
    /// Fields, tagged ones last.
    Struct(&'static [Field]),
}

/// A field that every version from `since` on has.
pub const fn since(since: i16, name: &'static str, kind: Kind) -> Field {
    Field { name, since, until: i16::MAX, tag: None, kind }
}

/// A field that every version up to `until` has.
pub const fn until(until: i16, name: &'static str, kind: Kind) -> Field {
    between(0, until, name, kind)
}

/// A field that the versions from `since` to `until` have.
pub const fn between(since: i16, until: i16, name: &'static str, kind: Kind) -> Field {
    Field { name, since, until, tag: None, kind }
}

/// A field that stands among the tagged ones, from version `since` on.
pub const fn tagged(tag: u32, since: i16, name: &'static str, kind: Kind) -> Field {
    Field { name, since, until: i16::MAX, tag: Some(tag), kind }
}

/// Tagged fields that no shape knows are kept by the decoder at some 500 bytes each, and take two
/// on the wire; a newer broker sends a few in each structure at most.
const MAX_UNKNOWN_TAGS: usize = 1 << 16;

impl Shape {
    /// Whether `bytes` are one whole message of this shape: every length is covered by bytes that
    /// are there, and none are left over. Allocates nothing.
    ///
    /// # Errors
    /// What was expected where, counted from the beginning of `bytes`.
    pub fn check(&self, bytes: &[u8], version: i16) -> Decoded<()> {
        let mut reader = Reader::new(bytes);
        self.pass(&mut reader, version)?;
        reader.finish()
    }

    /// Reads over one message.
    ///
    /// # Errors
    /// What was expected where.
    pub fn pass(&self, reader: &mut Reader<'_>, version: i16) -> Decoded<()> {
        let mut walk = Walk { version, flexible: version >= self.flexible, unknown_tags: 0 };
        walk.structure(reader, self.fields)
    }
}

impl Field {
    const fn is_in(&self, version: i16) -> bool {
        self.since <= version && version <= self.until
    }
}

struct Walk {
    version: i16,
    flexible: bool,
    unknown_tags: usize,
}

impl Walk {
    fn structure(&mut self, reader: &mut Reader<'_>, fields: &[Field]) -> Decoded<()> {
        let version = self.version;
        for field in fields.iter().filter(|f| f.tag.is_none() && f.is_in(version)) {
            self.value(reader, field.name, &field.kind)?;
        }
        if self.flexible { self.tags(reader, fields) } else { Ok(()) }
    }

    fn value(&mut self, reader: &mut Reader<'_>, name: &'static str, kind: &Kind) -> Decoded<()> {
        match kind {
            Kind::Fixed(size) => reader.take(*size, name).map(drop),
            Kind::Text | Kind::Bytes => {
                let length = self.length(reader, name, kind)?;
                reader.take(length, name).map(drop)
            }
            Kind::Array(element) => {
                let error = reader.expected(name);
                let count = self.length(reader, name, kind)?;
                // No element is smaller than a byte.
                if count > reader.remaining() {
                    return Err(error);
                }
                (0..count).try_for_each(|_| self.value(reader, name, element))
            }
            Kind::Struct(fields) => self.structure(reader, fields),
        }
    }

    /// A length in bytes or elements; null is as long as nothing.
    fn length(&self, reader: &mut Reader<'_>, name: &'static str, kind: &Kind) -> Decoded<usize> {
        let error = reader.expected(name);
        if self.flexible {
            return Ok(reader.unsigned_varint()?.saturating_sub(1) as usize);
        }
        let length = match kind {
            Kind::Text => i32::from(reader.int16()?),
            _ => reader.int32()?,
        };
        match length {
            -1 => Ok(0),
            _ => usize::try_from(length).map_err(|_| error),
        }
    }

    /// Tagged fields: a count, then tag, size and value of each, tags ascending.
    fn tags(&mut self, reader: &mut Reader<'_>, fields: &[Field]) -> Decoded<()> {
        let mut least = 0;
        for _ in 0..reader.unsigned_varint()? {
            let error = reader.expected("TAG");
            let tag = reader.unsigned_varint()?;
            let size = reader.unsigned_varint()? as usize;
            let mut value = reader.part(size, "TAGGED_FIELD")?;
            if tag < least {
                return Err(error);
            }
            least = tag.saturating_add(1);
            match fields.iter().find(|f| f.tag == Some(tag)) {
                Some(field) if field.is_in(self.version) => {
                    // The decoder goes by the value's own lengths, not by the size in front.
                    self.value(&mut value, field.name, &field.kind)?;
                    value.finish()?;
                }
                Some(_) => return Err(error),
                None => self.unknown_tags += 1,
            }
            if self.unknown_tags > MAX_UNKNOWN_TAGS {
                return Err(error);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
