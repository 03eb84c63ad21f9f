//! A generation of a classic group, as its record has it.

use super::plain::Style;
use super::protocol::{Assignment, Embedded, Subscription, assignment, embedded, subscription};
use crate::kafka::varint::{Decoded, Reader};

/// The newest version of `GroupMetadataValue` in Kafka 4.3.1, which itself writes version 3.
pub(super) const NEWEST: i16 = 4;

/// The smallest member in bytes: three texts, a session timeout, two fields of bytes, all empty.
const MEMBER_BYTES: usize = 3 + 4 + 2;

/// The value of a classic group's record (`GroupMetadataValue`, v0 to v4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupMetadata {
    /// What kind of clients the group is of: `consumer`, `connect`, …; empty before the first join.
    pub protocol_type: String,
    /// The generation: one more with each rebalance.
    pub generation: i32,
    /// The assignor that the members agreed on; none in an empty group.
    pub protocol: Option<String>,
    /// The member that assigned; none in an empty group.
    pub leader: Option<String>,
    /// Since when the group was in its state, in milliseconds since 1970 (v2 and later).
    pub state_timestamp_ms: Option<i64>,
    /// The members in no order that means anything; none in an empty group.
    pub members: Vec<ClassicMember>,
}

/// A member of a classic group, in one generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassicMember {
    /// Who it is.
    pub member: Member,
    /// How long it may take to join again, in milliseconds (v1 and later).
    pub rebalance_timeout_ms: Option<i32>,
    /// After how many milliseconds without a heartbeat it is taken for dead.
    pub session_timeout_ms: i32,
    /// What it asked for.
    pub subscription: Embedded<Subscription>,
    /// What it got.
    pub assignment: Embedded<Assignment>,
}

/// Who a member of a group is. Texts are as written and may hold anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The member's id, new each time that a client joins.
    pub member_id: String,
    /// `group.instance.id`, if it is a static member.
    pub instance_id: Option<String>,
    /// `client.id`.
    pub client_id: String,
    /// Its address as the coordinator saw it: `/127.0.0.1`.
    pub client_host: String,
}

pub(super) fn group_metadata(r: &mut Reader<'_>, version: i16) -> Decoded<GroupMetadata> {
    let style = if version >= 4 { Style::Flexible } else { Style::Plain };
    let protocol_type = style.string(r)?;
    let generation = r.int32()?;
    let protocol = style.nullable_string(r)?;
    let leader = style.nullable_string(r)?;
    let state_timestamp_ms = if version >= 2 { Some(r.int64()?) } else { None };
    let members =
        style.array(r, MEMBER_BYTES, |r| member(r, version, style, protocol_type.as_str()))?;
    style.end(r)?;
    let state_timestamp_ms = state_timestamp_ms.filter(|&time| time >= 0);
    Ok(GroupMetadata { protocol_type, generation, protocol, leader, state_timestamp_ms, members })
}

fn member(
    r: &mut Reader<'_>,
    version: i16,
    style: Style,
    protocol_type: &str,
) -> Decoded<ClassicMember> {
    let member = Member {
        member_id: style.string(r)?,
        instance_id: if version >= 3 { style.nullable_string(r)? } else { None },
        client_id: style.string(r)?,
        client_host: style.string(r)?,
    };
    let rebalance_timeout_ms = if version >= 1 { Some(r.int32()?) } else { None };
    let member = ClassicMember {
        member,
        rebalance_timeout_ms: rebalance_timeout_ms.filter(|&time| time >= 0),
        session_timeout_ms: r.int32()?,
        subscription: embedded(protocol_type, style.bytes(r)?, subscription),
        assignment: embedded(protocol_type, style.bytes(r)?, assignment),
    };
    style.end(r)?;
    Ok(member)
}
