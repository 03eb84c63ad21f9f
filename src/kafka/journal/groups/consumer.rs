//! The records of a group that rebalances at the coordinator (KIP-848), all of version 0.

use uuid::Uuid;

use super::plain::Style;
use crate::kafka::varint::{Decoded, Reader};

/// The smallest [`TopicPartitions`] in bytes: an id, no partitions, no tagged fields.
const TOPIC_PARTITIONS_BYTES: usize = size_of::<Uuid>() + 2;

/// The smallest [`TopicMetadata`] in bytes: an id, an empty name, a number, nothing else.
const TOPIC_METADATA_BYTES: usize = size_of::<Uuid>() + 1 + 4 + 2;

/// The smallest [`PartitionRacks`] in bytes: a number, no racks, no tagged fields.
const PARTITION_RACKS_BYTES: usize = 6;

/// The smallest protocol of a classic member in bytes: an empty name, no bytes, no tagged fields.
const CLASSIC_PROTOCOL_BYTES: usize = 3;

/// A group's epoch moved on (`ConsumerGroupMetadataValue`): its members or topics changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupEpoch {
    /// The group's epoch.
    pub epoch: i32,
    /// A hash of the subscribed topics, their partitions and racks; 0 if there are none.
    pub metadata_hash: i64,
}

/// A topic that a group subscribes to (`ConsumerGroupPartitionMetadataValue`). Kafka 4.3.1 reads
/// it and removes it; only earlier versions write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicMetadata {
    /// The topic's id.
    pub topic_id: Uuid,
    /// The topic's name.
    pub topic: String,
    /// How many partitions it has.
    pub partitions: i32,
    /// The racks of partitions, where they are known.
    pub racks: Vec<PartitionRacks>,
}

/// The racks of a partition's replicas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionRacks {
    /// The partition's number.
    pub partition: i32,
    /// The racks.
    pub racks: Vec<String>,
}

/// A member of a consumer group (`ConsumerGroupMemberMetadataValue`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberMetadata {
    /// `group.instance.id`, if it is a static member.
    pub instance_id: Option<String>,
    /// `client.rack`.
    pub rack: Option<String>,
    /// `client.id`.
    pub client_id: String,
    /// Its address as the coordinator saw it.
    pub client_host: String,
    /// The topics it names.
    pub topics: Vec<String>,
    /// The pattern of topics it subscribes to; Kafka's client sends an empty one for none.
    pub topic_regex: Option<String>,
    /// How long it may take to give partitions up, in milliseconds.
    pub rebalance_timeout_ms: i32,
    /// The assignor it asks for.
    pub server_assignor: Option<String>,
    /// How it takes part by the classic protocol, if it does.
    pub classic: Option<ClassicProtocols>,
}

/// What is kept of a member that speaks the classic protocol to a consumer group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassicProtocols {
    /// After how many milliseconds without a heartbeat it is taken for dead.
    pub session_timeout_ms: i32,
    /// The names of the assignors that it knows, without the subscriptions that it sent for each.
    pub supported: Vec<String>,
}

/// The assignor has decided (`ConsumerGroupTargetAssignmentMetadataValue`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetEpoch {
    /// The group epoch that the target assignment is for.
    pub epoch: i32,
    /// When, in milliseconds since 1970, if it was written.
    pub timestamp_ms: Option<i64>,
}

/// Partitions of a topic that is given by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicPartitions {
    /// The topic's id.
    pub topic_id: Uuid,
    /// The partitions' numbers, as written.
    pub partitions: Vec<i32>,
    /// The epoch at which each was assigned, if it was written.
    pub assignment_epochs: Option<Vec<i32>>,
}

/// What a member has and is to give up (`ConsumerGroupCurrentMemberAssignmentValue`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentAssignment {
    /// The member's epoch; -2 if a static member has left and may come back.
    pub member_epoch: i32,
    /// The epoch before, which a request that lost its answer may still carry.
    pub previous_member_epoch: i32,
    /// 0 stable, 1 it has still to give partitions up, 2 it waits for partitions of others, 127 unknown.
    pub state: i8,
    /// The partitions that it may read.
    pub assigned: Vec<TopicPartitions>,
    /// The partitions that it has been told to give up and has not yet said to have.
    pub pending_revocation: Vec<TopicPartitions>,
}

impl CurrentAssignment {
    /// Whether the member is there: a static member that left keeps its partitions reserved.
    pub const fn is_present(&self) -> bool {
        self.member_epoch >= 0
    }
}

pub(super) fn group_epoch(r: &mut Reader<'_>, _: i16) -> Decoded<GroupEpoch> {
    let mut value = GroupEpoch { epoch: r.int32()?, metadata_hash: 0 };
    r.tagged_fields(|tag, r| {
        if tag == 0 {
            value.metadata_hash = r.int64()?;
        }
        Ok(())
    })?;
    Ok(value)
}

pub(super) fn partition_metadata(r: &mut Reader<'_>, _: i16) -> Decoded<Vec<TopicMetadata>> {
    let topics = r.compact_array(TOPIC_METADATA_BYTES, topic_metadata)?;
    r.skip_tagged_fields()?;
    Ok(topics)
}

fn topic_metadata(r: &mut Reader<'_>) -> Decoded<TopicMetadata> {
    let topic = TopicMetadata {
        topic_id: r.uuid()?,
        topic: r.compact_string()?,
        partitions: r.int32()?,
        racks: r.compact_array(PARTITION_RACKS_BYTES, partition_racks)?,
    };
    r.skip_tagged_fields()?;
    Ok(topic)
}

fn partition_racks(r: &mut Reader<'_>) -> Decoded<PartitionRacks> {
    let partition = r.int32()?;
    let racks = r.compact_array(1, Reader::compact_string)?;
    r.skip_tagged_fields()?;
    Ok(PartitionRacks { partition, racks })
}

pub(super) fn member_metadata(r: &mut Reader<'_>, _: i16) -> Decoded<MemberMetadata> {
    let mut member = MemberMetadata {
        instance_id: r.compact_nullable_string()?,
        rack: r.compact_nullable_string()?,
        client_id: r.compact_string()?,
        client_host: r.compact_string()?,
        topics: r.compact_array(1, Reader::compact_string)?,
        topic_regex: r.compact_nullable_string()?,
        rebalance_timeout_ms: r.int32()?,
        server_assignor: r.compact_nullable_string()?,
        classic: None,
    };
    r.tagged_fields(|tag, r| {
        if tag == 0 {
            member.classic = classic_protocols(r)?;
        }
        Ok(())
    })?;
    Ok(member)
}

/// A nullable struct in a tagged field begins with an unsigned varint that is 0 for null.
fn classic_protocols(r: &mut Reader<'_>) -> Decoded<Option<ClassicProtocols>> {
    if r.unsigned_varint()? == 0 {
        return Ok(None);
    }
    let session_timeout_ms = r.int32()?;
    let supported = r.compact_array(CLASSIC_PROTOCOL_BYTES, |r| {
        let name = r.compact_string()?;
        Style::Flexible.bytes(r)?;
        r.skip_tagged_fields()?;
        Ok(name)
    })?;
    r.skip_tagged_fields()?;
    Ok(Some(ClassicProtocols { session_timeout_ms, supported }))
}

pub(super) fn target_epoch(r: &mut Reader<'_>, _: i16) -> Decoded<TargetEpoch> {
    let mut value = TargetEpoch { epoch: r.int32()?, timestamp_ms: None };
    r.tagged_fields(|tag, r| {
        if tag == 0 {
            value.timestamp_ms = Some(r.int64()?).filter(|&time| time > 0);
        }
        Ok(())
    })?;
    Ok(value)
}

pub(super) fn target_assignment(r: &mut Reader<'_>, _: i16) -> Decoded<Vec<TopicPartitions>> {
    let partitions = r.compact_array(TOPIC_PARTITIONS_BYTES, topic_partitions)?;
    r.skip_tagged_fields()?;
    Ok(partitions)
}

pub(super) fn current_assignment(r: &mut Reader<'_>, _: i16) -> Decoded<CurrentAssignment> {
    let assignment = CurrentAssignment {
        member_epoch: r.int32()?,
        previous_member_epoch: r.int32()?,
        state: r.int8()?,
        assigned: r.compact_array(TOPIC_PARTITIONS_BYTES, topic_partitions)?,
        pending_revocation: r.compact_array(TOPIC_PARTITIONS_BYTES, topic_partitions)?,
    };
    r.skip_tagged_fields()?;
    Ok(assignment)
}

fn topic_partitions(r: &mut Reader<'_>) -> Decoded<TopicPartitions> {
    let topic_id = r.uuid()?;
    let partitions = r.compact_array(size_of::<i32>(), Reader::int32)?;
    let mut assignment_epochs = None;
    r.tagged_fields(|tag, r| {
        if tag == 0 {
            assignment_epochs = r.compact_nullable_array(size_of::<i32>(), Reader::int32)?;
        }
        Ok(())
    })?;
    Ok(TopicPartitions { topic_id, partitions, assignment_epochs })
}
