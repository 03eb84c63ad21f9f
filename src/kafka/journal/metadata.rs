//! One record of the metadata log: what it may say, and how it is read.

use uuid::Uuid;

use super::JournalError;
use crate::kafka::varint::{Decoded, Reader};

mod broker;
mod partition;
mod settings;

pub use broker::{BrokerRegistrationChange, Endpoint, Feature, RegisterBroker, RegisterController};
pub use partition::{Partition, PartitionChange};
pub use settings::{
    AccessControlEntry, ClientQuota, ConfigResource, QuotaEntity, ResourceType, ScramMechanism,
    UserScramCredential,
};

/// The frame version that every Kafka since 3.0 writes.
const FRAME_VERSION: u32 = 1;

/// One record of `__cluster_metadata`.
///
/// Fields are Kafka's; texts may hold anything, control characters too.
#[derive(Debug, Clone, PartialEq)]
pub enum MetadataRecord {
    /// A broker process registered itself; it is fenced until it has caught up.
    RegisterBroker(RegisterBroker),
    /// A broker was removed from the cluster.
    UnregisterBroker {
        /// The broker's id.
        broker_id: i32,
        /// The epoch of the registration that ends.
        broker_epoch: i64,
    },
    /// A topic was created; its partitions follow in the same batch.
    Topic {
        /// The topic's name.
        name: String,
        /// The topic's id, new for each creation.
        topic_id: Uuid,
    },
    /// A partition was created.
    Partition(Partition),
    /// A partition changed.
    PartitionChange(PartitionChange),
    /// A topic was deleted with all its partitions.
    RemoveTopic {
        /// The topic's id.
        topic_id: Uuid,
    },
    /// A dynamic setting was set or removed.
    Config {
        /// What it is a setting of.
        resource: ConfigResource,
        /// The setting's name.
        name: String,
        /// The value as text; none if the setting was removed.
        value: Option<String>,
    },
    /// A broker was fenced: clients no longer see it (before [`Self::BrokerRegistrationChange`]).
    FenceBroker {
        /// The broker's id.
        broker_id: i32,
        /// The epoch of its registration.
        broker_epoch: i64,
    },
    /// A broker was unfenced (before [`Self::BrokerRegistrationChange`]).
    UnfenceBroker {
        /// The broker's id.
        broker_id: i32,
        /// The epoch of its registration.
        broker_epoch: i64,
    },
    /// Something of a broker's registration changed.
    BrokerRegistrationChange(BrokerRegistrationChange),
    /// A feature (such as `metadata.version`) was set to a level.
    FeatureLevel {
        /// The feature's name.
        name: String,
        /// The level; 0 means that it is not used.
        level: i16,
    },
    /// A block of producer ids was given to a broker.
    ProducerIds {
        /// The broker's id.
        broker_id: i32,
        /// The epoch of its registration.
        broker_epoch: i64,
        /// The first id of the block after this one.
        next_producer_id: i64,
    },
    /// A quota was set or removed.
    ClientQuota(ClientQuota),
    /// A SCRAM credential was set.
    UserScramCredential(UserScramCredential),
    /// A SCRAM credential was removed.
    RemoveUserScramCredential {
        /// The user's name.
        user: String,
        /// Which of the user's credentials.
        mechanism: ScramMechanism,
    },
    /// An ACL was added.
    AccessControlEntry(AccessControlEntry),
    /// An ACL was removed.
    RemoveAccessControlEntry {
        /// The id that the ACL was added with.
        id: Uuid,
    },
    /// Nothing: written so that the log moves on (every 500 ms by default).
    NoOp,
    /// The records up to the next end or abort count together or not at all (KIP-868).
    BeginTransaction {
        /// What the transaction is for.
        name: Option<String>,
    },
    /// The open transaction's records count.
    EndTransaction,
    /// The open transaction's records do not count.
    AbortTransaction {
        /// Why.
        reason: Option<String>,
    },
    /// A controller registered itself (KIP-919).
    RegisterController(RegisterController),
    /// No partition has eligible leader replicas any more (KIP-966).
    ClearElr {
        /// Of this topic; of all topics if empty.
        topic: String,
    },
    /// A record of a kind or version that is not read here.
    Other {
        /// The api key.
        key: u32,
        /// The version.
        version: u32,
    },
}

/// Decodes the value of a record of `__cluster_metadata`.
///
/// # Errors
/// [`JournalError::Frame`] or [`JournalError::Message`]; a key or version that is not known is none,
/// but [`MetadataRecord::Other`].
pub fn decode(value: &[u8]) -> Result<MetadataRecord, JournalError> {
    let mut reader = Reader::new(value);
    let (key, version) = frame(&mut reader).map_err(JournalError::Frame)?;
    let Some(message) = message_of(key, version) else {
        return Ok(MetadataRecord::Other { key, version });
    };
    message(&mut reader, version)
        .and_then(|record| reader.finish().map(|()| record))
        .map_err(|cause| JournalError::Message { key, version, cause })
}

fn frame(reader: &mut Reader<'_>) -> Decoded<(u32, u32)> {
    let error = reader.expected("FRAME_VERSION");
    if reader.unsigned_varint()? != FRAME_VERSION {
        return Err(error);
    }
    Ok((reader.unsigned_varint()?, reader.unsigned_varint()?))
}

type Message = fn(&mut Reader<'_>, u32) -> Decoded<MetadataRecord>;

/// The decoder of an api key, if it knows the version.
fn message_of(key: u32, version: u32) -> Option<Message> {
    let (newest, message): (u32, Message) = match key {
        0 => (4, broker::register_broker),
        1 => (0, unregister_broker),
        2 => (0, topic),
        3 => (2, partition::partition),
        4 => (0, settings::config),
        5 => (2, partition::partition_change),
        7 => (0, fence_broker),
        8 => (0, unfence_broker),
        9 => (0, remove_topic),
        11 => (0, settings::user_scram_credential),
        12 => (0, feature_level),
        14 => (0, settings::client_quota),
        15 => (0, producer_ids),
        17 => (3, broker::broker_registration_change),
        18 => (0, settings::access_control_entry),
        19 => (0, settings::remove_access_control_entry),
        20 => (0, no_op),
        22 => (0, settings::remove_user_scram_credential),
        23 => (0, begin_transaction),
        24 => (0, end_transaction),
        25 => (0, abort_transaction),
        27 => (0, broker::register_controller),
        28 => (0, clear_elr),
        _ => return None,
    };
    (version <= newest).then_some(message)
}

fn topic(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    let record = MetadataRecord::Topic { name: r.compact_string()?, topic_id: r.uuid()? };
    r.skip_tagged_fields()?;
    Ok(record)
}

fn remove_topic(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    let topic_id = r.uuid()?;
    r.skip_tagged_fields()?;
    Ok(MetadataRecord::RemoveTopic { topic_id })
}

fn unregister_broker(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    let (broker_id, broker_epoch) = broker(r)?;
    Ok(MetadataRecord::UnregisterBroker { broker_id, broker_epoch })
}

fn fence_broker(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    let (broker_id, broker_epoch) = broker(r)?;
    Ok(MetadataRecord::FenceBroker { broker_id, broker_epoch })
}

fn unfence_broker(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    let (broker_id, broker_epoch) = broker(r)?;
    Ok(MetadataRecord::UnfenceBroker { broker_id, broker_epoch })
}

fn feature_level(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    let record = MetadataRecord::FeatureLevel { name: r.compact_string()?, level: r.int16()? };
    r.skip_tagged_fields()?;
    Ok(record)
}

fn producer_ids(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    let record = MetadataRecord::ProducerIds {
        broker_id: r.int32()?,
        broker_epoch: r.int64()?,
        next_producer_id: r.int64()?,
    };
    r.skip_tagged_fields()?;
    Ok(record)
}

fn no_op(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    r.skip_tagged_fields()?;
    Ok(MetadataRecord::NoOp)
}

fn begin_transaction(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    Ok(MetadataRecord::BeginTransaction { name: remark(r)? })
}

fn end_transaction(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    r.skip_tagged_fields()?;
    Ok(MetadataRecord::EndTransaction)
}

fn abort_transaction(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    Ok(MetadataRecord::AbortTransaction { reason: remark(r)? })
}

fn clear_elr(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    let topic = r.compact_string()?;
    r.skip_tagged_fields()?;
    Ok(MetadataRecord::ClearElr { topic })
}

/// A message of a broker's id and epoch.
fn broker(r: &mut Reader<'_>) -> Decoded<(i32, i64)> {
    let broker = (r.int32()?, r.int64()?);
    r.skip_tagged_fields()?;
    Ok(broker)
}

/// A message of nothing but an optional text under tag 0.
fn remark(r: &mut Reader<'_>) -> Decoded<Option<String>> {
    let mut remark = None;
    r.tagged_fields(|tag, r| {
        if tag == 0 {
            remark = r.compact_nullable_string()?;
        }
        Ok(())
    })?;
    Ok(remark)
}
