//! What the members of a classic group tell one another: subscriptions and assignments.
//!
//! The coordinator keeps these bytes without reading them; clients write them. Their form is that of
//! `ConsumerProtocolSubscription` and `ConsumerProtocolAssignment` where the group's protocol type
//! is `consumer`. Like Kafka's own consumer we read a later version as the newest known one and let
//! bytes follow: later versions only add to the end.

use super::plain::{array, nullable_string, skip_nullable_bytes, string};
use crate::kafka::varint::{DecodeError, Decoded, Reader};

/// The protocol type of groups of consumers.
pub const CONSUMER: &str = "consumer";

/// The smallest text in bytes: its length.
const STRING_BYTES: usize = 2;

/// The smallest [`NamedPartitions`] in bytes: an empty name, no partitions.
const NAMED_PARTITIONS_BYTES: usize = 6;

/// A part of a record that clients wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Embedded<T> {
    /// It was read.
    Read(T),
    /// The group is none of consumers (`connect`, for example): only its members can read it.
    Foreign,
    /// It has not the form that the group's protocol type calls for.
    Unreadable(DecodeError),
}

impl<T> Embedded<T> {
    /// What was read, if it was.
    pub const fn read(&self) -> Option<&T> {
        match self {
            Self::Read(value) => Some(value),
            Self::Foreign | Self::Unreadable(_) => None,
        }
    }
}

/// Partitions of a topic that is given by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPartitions {
    /// The topic's name, as written.
    pub topic: String,
    /// The partitions' numbers, as written.
    pub partitions: Vec<i32>,
}

/// What a member wants and has (`ConsumerProtocolSubscription`, v0 to v3), without its user data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The version as written; anything above 3 is read as 3.
    pub version: i16,
    /// The topics it subscribes to.
    pub topics: Vec<String>,
    /// The partitions that it had when it joined and did not give up before: none in the eager
    /// protocol, which gives all of them up first (v1 and later; KIP-429).
    pub owned: Vec<NamedPartitions>,
    /// The last generation it belonged to (v2 and later; KIP-792).
    pub generation: Option<i32>,
    /// Its rack (v3 and later; KIP-881).
    pub rack: Option<String>,
}

/// What the group's leader gave a member (`ConsumerProtocolAssignment`, v0 to v3), without user data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assignment {
    /// The partitions, by topic.
    pub partitions: Vec<NamedPartitions>,
}

impl Assignment {
    /// Whether a partition is among them.
    pub fn holds(&self, topic: &str, partition: i32) -> bool {
        holds(&self.partitions, topic, partition)
    }
}

impl Subscription {
    /// Whether the member had a partition when it joined.
    pub fn owned(&self, topic: &str, partition: i32) -> bool {
        holds(&self.owned, topic, partition)
    }
}

fn holds(partitions: &[NamedPartitions], topic: &str, partition: i32) -> bool {
    partitions.iter().any(|of| of.topic == topic && of.partitions.contains(&partition))
}

/// Reads a member's part of a record in the way that the group's protocol type calls for.
pub(super) fn embedded<T>(
    protocol_type: &str,
    mut bytes: Reader<'_>,
    read: impl Fn(&mut Reader<'_>) -> Decoded<T>,
) -> Embedded<T> {
    if protocol_type != CONSUMER {
        return Embedded::Foreign;
    }
    read(&mut bytes).map_or_else(Embedded::Unreadable, Embedded::Read)
}

pub(super) fn subscription(r: &mut Reader<'_>) -> Decoded<Subscription> {
    let version = version(r)?;
    let topics = array(r, STRING_BYTES, string)?;
    skip_nullable_bytes(r)?;
    let owned = match version {
        ..1 => Vec::new(),
        1.. => array(r, NAMED_PARTITIONS_BYTES, named_partitions)?,
    };
    let generation = if version >= 2 { Some(r.int32()?) } else { None };
    let rack = if version >= 3 { nullable_string(r)? } else { None };
    let generation = generation.filter(|&generation| generation >= 0);
    Ok(Subscription { version, topics, owned, generation, rack })
}

/// The leader's answer; no bytes at all stand for a member that it passed over.
pub(super) fn assignment(r: &mut Reader<'_>) -> Decoded<Assignment> {
    if r.remaining() == 0 {
        return Ok(Assignment::default());
    }
    version(r)?;
    let partitions = array(r, NAMED_PARTITIONS_BYTES, named_partitions)?;
    skip_nullable_bytes(r)?;
    Ok(Assignment { partitions })
}

fn version(r: &mut Reader<'_>) -> Decoded<i16> {
    let error = r.expected("VERSION");
    let version = r.int16()?;
    if version < 0 { Err(error) } else { Ok(version) }
}

fn named_partitions(r: &mut Reader<'_>) -> Decoded<NamedPartitions> {
    let topic = string(r)?;
    Ok(NamedPartitions { topic, partitions: array(r, size_of::<i32>(), Reader::int32)? })
}
