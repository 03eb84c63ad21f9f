//! Partitions: their creation and their changes.

use uuid::Uuid;

use super::MetadataRecord;
use super::broker::{nullable_uuids, uuids};
use crate::kafka::varint::{Decoded, Reader};

/// A new partition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Partition {
    /// The partition's number.
    pub partition_id: i32,
    /// Its topic.
    pub topic_id: Uuid,
    /// The brokers that hold it, the preferred leader first.
    pub replicas: Vec<i32>,
    /// Those in sync.
    pub isr: Vec<i32>,
    /// Replicas that a reassignment takes away.
    pub removing_replicas: Vec<i32>,
    /// Replicas that a reassignment adds.
    pub adding_replicas: Vec<i32>,
    /// The leader; -1 if there is none.
    pub leader: i32,
    /// 1 while the leader recovers from an unclean election, otherwise 0.
    pub leader_recovery_state: i8,
    /// Grows with each election.
    pub leader_epoch: i32,
    /// Grows with each change.
    pub partition_epoch: i32,
    /// The log directory of each replica, in their order (v1 and later).
    pub directories: Vec<Uuid>,
    /// Replicas outside the ISR that may lead all the same (KIP-966; v2 and later).
    pub eligible_leader_replicas: Option<Vec<i32>>,
    /// The last members of the ELR, for an unclean recovery (v2 and later).
    pub last_known_elr: Option<Vec<i32>>,
}

/// What changed about a partition: what did not is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartitionChange {
    /// The partition's number.
    pub partition_id: i32,
    /// Its topic.
    pub topic_id: Uuid,
    /// The replicas in sync.
    pub isr: Option<Vec<i32>>,
    /// The leader; -1 if there is none.
    pub leader: Option<i32>,
    /// The brokers that hold it.
    pub replicas: Option<Vec<i32>>,
    /// Replicas that a reassignment takes away.
    pub removing_replicas: Option<Vec<i32>>,
    /// Replicas that a reassignment adds.
    pub adding_replicas: Option<Vec<i32>>,
    /// 1 while the leader recovers from an unclean election, otherwise 0.
    pub leader_recovery_state: Option<i8>,
    /// The log directory of each replica (v1 and later).
    pub directories: Option<Vec<Uuid>>,
    /// Replicas outside the ISR that may lead all the same (v2 and later).
    pub eligible_leader_replicas: Option<Vec<i32>>,
    /// The last members of the ELR (v2 and later).
    pub last_known_elr: Option<Vec<i32>>,
}

pub(super) fn partition(r: &mut Reader<'_>, version: u32) -> Decoded<MetadataRecord> {
    let mut partition = Partition {
        partition_id: r.int32()?,
        topic_id: r.uuid()?,
        replicas: brokers(r)?,
        isr: brokers(r)?,
        removing_replicas: brokers(r)?,
        adding_replicas: brokers(r)?,
        leader: r.int32()?,
        leader_epoch: r.int32()?,
        partition_epoch: r.int32()?,
        directories: if version >= 1 { uuids(r)? } else { Vec::new() },
        ..Partition::default()
    };
    r.tagged_fields(|tag, r| {
        match tag {
            0 => partition.leader_recovery_state = r.int8()?,
            1 if version >= 2 => partition.eligible_leader_replicas = nullable_brokers(r)?,
            2 if version >= 2 => partition.last_known_elr = nullable_brokers(r)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(MetadataRecord::Partition(partition))
}

pub(super) fn partition_change(r: &mut Reader<'_>, version: u32) -> Decoded<MetadataRecord> {
    let mut change = PartitionChange {
        partition_id: r.int32()?,
        topic_id: r.uuid()?,
        ..PartitionChange::default()
    };
    r.tagged_fields(|tag, r| {
        match tag {
            0 => change.isr = nullable_brokers(r)?,
            1 => change.leader = Some(r.int32()?).filter(|&leader| leader != -2),
            2 => change.replicas = nullable_brokers(r)?,
            3 => change.removing_replicas = nullable_brokers(r)?,
            4 => change.adding_replicas = nullable_brokers(r)?,
            5 => change.leader_recovery_state = Some(r.int8()?).filter(|&state| state != -1),
            6 if version >= 2 => change.eligible_leader_replicas = nullable_brokers(r)?,
            7 if version >= 2 => change.last_known_elr = nullable_brokers(r)?,
            8 if version >= 1 => change.directories = nullable_uuids(r)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(MetadataRecord::PartitionChange(change))
}

fn brokers(r: &mut Reader<'_>) -> Decoded<Vec<i32>> {
    r.compact_array(size_of::<i32>(), Reader::int32)
}

fn nullable_brokers(r: &mut Reader<'_>) -> Decoded<Option<Vec<i32>>> {
    r.compact_nullable_array(size_of::<i32>(), Reader::int32)
}
