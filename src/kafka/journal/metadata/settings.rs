//! Settings, quotas, credentials and ACLs.

use std::fmt;

use uuid::Uuid;

use super::MetadataRecord;
use crate::kafka::varint::{Decoded, Reader};

/// The smallest part of a quota's entity in bytes: empty text, null, no tagged fields.
const QUOTA_ENTITY_BYTES: usize = 3;

/// What a dynamic setting belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ConfigResource {
    /// The kind.
    pub kind: ResourceType,
    /// The topic's name, the broker's id, …; empty for the default of all brokers.
    pub name: String,
}

/// Kinds of things with dynamic settings (`org.apache.kafka.common.config.ConfigResource.Type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResourceType {
    /// 2
    Topic,
    /// 4
    Broker,
    /// 8
    BrokerLogger,
    /// 16
    ClientMetrics,
    /// 32
    Group,
    /// Any other number.
    Other(i8),
}

/// A quota of a user, a client id, an address, or a combination.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientQuota {
    /// Whose quota.
    pub entity: Vec<QuotaEntity>,
    /// The quota's name: `producer_byte_rate`.
    pub key: String,
    /// The quota; none if it was removed.
    pub value: Option<f64>,
}

/// One part of a quota's entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaEntity {
    /// `user`, `client-id` or `ip`.
    pub kind: String,
    /// Its name; none for the default.
    pub name: Option<String>,
}

/// A SCRAM credential, without what could be used to log in: salt and keys are read over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserScramCredential {
    /// The user's name.
    pub user: String,
    /// The mechanism.
    pub mechanism: ScramMechanism,
    /// How often the password was hashed.
    pub iterations: i32,
}

/// A SCRAM mechanism.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScramMechanism {
    /// 1
    Sha256,
    /// 2
    Sha512,
    /// Any other number.
    Other(i8),
}

/// An ACL. The numbers are those of `org.apache.kafka.common.acl` and `…common.resource`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessControlEntry {
    /// The ACL's id.
    pub id: Uuid,
    /// 2 topic, 3 group, 4 cluster, 5 transactional id, 6 delegation token, 7 user.
    pub resource_type: i8,
    /// The resource's name, a prefix of it, or `*`.
    pub resource_name: String,
    /// 3 literal, 4 prefixed.
    pub pattern_type: i8,
    /// `User:alice`.
    pub principal: String,
    /// An address or `*`.
    pub host: String,
    /// 2 all, 3 read, 4 write, 5 create, 6 delete, 7 alter, 8 describe, 9 cluster action,
    /// 10 describe configs, 11 alter configs, 12 idempotent write, 13 and 14 tokens, 15 two-phase commit.
    pub operation: i8,
    /// 2 deny, 3 allow.
    pub permission_type: i8,
}

impl ResourceType {
    /// The kind of a number in the log.
    pub const fn of_id(id: i8) -> Self {
        match id {
            2 => Self::Topic,
            4 => Self::Broker,
            8 => Self::BrokerLogger,
            16 => Self::ClientMetrics,
            32 => Self::Group,
            other => Self::Other(other),
        }
    }
}

impl ScramMechanism {
    /// The mechanism of a number in the log.
    pub const fn of_id(id: i8) -> Self {
        match id {
            1 => Self::Sha256,
            2 => Self::Sha512,
            other => Self::Other(other),
        }
    }
}

impl fmt::Display for ScramMechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sha256 => f.write_str("SCRAM-SHA-256"),
            Self::Sha512 => f.write_str("SCRAM-SHA-512"),
            Self::Other(id) => write!(f, "SCRAM-{id}"),
        }
    }
}

pub(super) fn config(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    let kind = ResourceType::of_id(r.int8()?);
    let record = MetadataRecord::Config {
        resource: ConfigResource { kind, name: r.compact_string()? },
        name: r.compact_string()?,
        value: r.compact_nullable_string()?,
    };
    r.skip_tagged_fields()?;
    Ok(record)
}

pub(super) fn client_quota(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    let entity = r.compact_array(QUOTA_ENTITY_BYTES, quota_entity)?;
    let key = r.compact_string()?;
    let value = r.float64()?;
    let removed = r.boolean()?;
    r.skip_tagged_fields()?;
    let value = (!removed).then_some(value);
    Ok(MetadataRecord::ClientQuota(ClientQuota { entity, key, value }))
}

fn quota_entity(r: &mut Reader<'_>) -> Decoded<QuotaEntity> {
    let entity = QuotaEntity { kind: r.compact_string()?, name: r.compact_nullable_string()? };
    r.skip_tagged_fields()?;
    Ok(entity)
}

pub(super) fn user_scram_credential(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    let user = r.compact_string()?;
    let mechanism = ScramMechanism::of_id(r.int8()?);
    let _salt = r.compact_bytes()?;
    let _stored_key = r.compact_bytes()?;
    let _server_key = r.compact_bytes()?;
    let iterations = r.int32()?;
    r.skip_tagged_fields()?;
    let credential = UserScramCredential { user, mechanism, iterations };
    Ok(MetadataRecord::UserScramCredential(credential))
}

pub(super) fn remove_user_scram_credential(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    let user = r.compact_string()?;
    let mechanism = ScramMechanism::of_id(r.int8()?);
    r.skip_tagged_fields()?;
    Ok(MetadataRecord::RemoveUserScramCredential { user, mechanism })
}

pub(super) fn access_control_entry(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    let entry = AccessControlEntry {
        id: r.uuid()?,
        resource_type: r.int8()?,
        resource_name: r.compact_string()?,
        pattern_type: r.int8()?,
        principal: r.compact_string()?,
        host: r.compact_string()?,
        operation: r.int8()?,
        permission_type: r.int8()?,
    };
    r.skip_tagged_fields()?;
    Ok(MetadataRecord::AccessControlEntry(entry))
}

pub(super) fn remove_access_control_entry(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    let id = r.uuid()?;
    r.skip_tagged_fields()?;
    Ok(MetadataRecord::RemoveAccessControlEntry { id })
}
