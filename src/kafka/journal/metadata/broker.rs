//! Brokers and controllers: their registrations and what changes about them.

use uuid::Uuid;

use super::MetadataRecord;
use crate::kafka::varint::{Decoded, Reader};

/// The smallest array elements in bytes: texts are empty, tagged fields none.
const ENDPOINT_BYTES: usize = 7;
const FEATURE_BYTES: usize = 6;

/// A broker's registration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegisterBroker {
    /// The broker's id.
    pub broker_id: i32,
    /// Whether it is a ZooKeeper-mode broker under migration (v2 and later).
    pub is_migrating_zk_broker: bool,
    /// New with each start of the broker's process.
    pub incarnation_id: Uuid,
    /// The registration's epoch: the offset of this record.
    pub broker_epoch: i64,
    /// Where it listens.
    pub endpoints: Vec<Endpoint>,
    /// The features it supports.
    pub features: Vec<Feature>,
    /// `broker.rack`.
    pub rack: Option<String>,
    /// Whether it is fenced.
    pub fenced: bool,
    /// Whether it is shutting down (v1 and later).
    pub in_controlled_shutdown: bool,
    /// Its log directories (v3 and later).
    pub log_dirs: Vec<Uuid>,
    /// Those that take no new partitions (v4 and later; none if unknown).
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
}

/// A controller's registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterController {
    /// The controller's id.
    pub controller_id: i32,
    /// New with each start of the controller's process.
    pub incarnation_id: Uuid,
    /// Whether it is configured for a migration from `ZooKeeper`.
    pub zk_migration_ready: bool,
    /// Where it listens.
    pub endpoints: Vec<Endpoint>,
    /// The features it supports.
    pub features: Vec<Feature>,
}

/// Where a broker or controller listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The listener's name.
    pub name: String,
    /// The advertised host.
    pub host: String,
    /// The advertised port.
    pub port: u16,
    /// 0 PLAINTEXT, 1 SSL, 2 `SASL_PLAINTEXT`, 3 `SASL_SSL`.
    pub security_protocol: i16,
}

/// The levels of a feature that a node supports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// The feature's name.
    pub name: String,
    /// The lowest level.
    pub min: i16,
    /// The highest level.
    pub max: i16,
}

/// What changed about a broker's registration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BrokerRegistrationChange {
    /// The broker's id.
    pub broker_id: i32,
    /// The epoch of its registration.
    pub broker_epoch: i64,
    /// Whether it was fenced (true) or unfenced (false).
    pub fenced: Option<bool>,
    /// Whether it began to shut down (v1 and later).
    pub in_controlled_shutdown: bool,
    /// Its log directories, if they changed (v2 and later).
    pub log_dirs: Vec<Uuid>,
    /// Those that take no new partitions, if they changed (v3 and later).
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
}

pub(super) fn register_broker(r: &mut Reader<'_>, version: u32) -> Decoded<MetadataRecord> {
    let mut broker = RegisterBroker {
        broker_id: r.int32()?,
        is_migrating_zk_broker: version >= 2 && r.boolean()?,
        incarnation_id: r.uuid()?,
        broker_epoch: r.int64()?,
        endpoints: r.compact_array(ENDPOINT_BYTES, endpoint)?,
        features: r.compact_array(FEATURE_BYTES, feature)?,
        rack: r.compact_nullable_string()?,
        fenced: r.boolean()?,
        in_controlled_shutdown: version >= 1 && r.boolean()?,
        ..RegisterBroker::default()
    };
    r.tagged_fields(|tag, r| {
        match tag {
            0 if version >= 3 => broker.log_dirs = uuids(r)?,
            1 if version >= 4 => broker.cordoned_log_dirs = nullable_uuids(r)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(MetadataRecord::RegisterBroker(broker))
}

pub(super) fn register_controller(r: &mut Reader<'_>, _: u32) -> Decoded<MetadataRecord> {
    let controller = RegisterController {
        controller_id: r.int32()?,
        incarnation_id: r.uuid()?,
        zk_migration_ready: r.boolean()?,
        endpoints: r.compact_array(ENDPOINT_BYTES, endpoint)?,
        features: r.compact_array(FEATURE_BYTES, feature)?,
    };
    r.skip_tagged_fields()?;
    Ok(MetadataRecord::RegisterController(controller))
}

fn endpoint(r: &mut Reader<'_>) -> Decoded<Endpoint> {
    let endpoint = Endpoint {
        name: r.compact_string()?,
        host: r.compact_string()?,
        port: r.uint16()?,
        security_protocol: r.int16()?,
    };
    r.skip_tagged_fields()?;
    Ok(endpoint)
}

fn feature(r: &mut Reader<'_>) -> Decoded<Feature> {
    let feature = Feature { name: r.compact_string()?, min: r.int16()?, max: r.int16()? };
    r.skip_tagged_fields()?;
    Ok(feature)
}

pub(super) fn broker_registration_change(
    r: &mut Reader<'_>,
    version: u32,
) -> Decoded<MetadataRecord> {
    let mut change = BrokerRegistrationChange {
        broker_id: r.int32()?,
        broker_epoch: r.int64()?,
        ..BrokerRegistrationChange::default()
    };
    r.tagged_fields(|tag, r| {
        match tag {
            0 => change.fenced = fenced(r.int8()?),
            1 if version >= 1 => change.in_controlled_shutdown = r.int8()? == 1,
            2 if version >= 2 => change.log_dirs = uuids(r)?,
            3 if version >= 3 => change.cordoned_log_dirs = nullable_uuids(r)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(MetadataRecord::BrokerRegistrationChange(change))
}

/// 1 is fenced, -1 unfenced, 0 no change.
const fn fenced(change: i8) -> Option<bool> {
    match change {
        1 => Some(true),
        -1 => Some(false),
        _ => None,
    }
}

pub(super) fn uuids(r: &mut Reader<'_>) -> Decoded<Vec<Uuid>> {
    r.compact_array(size_of::<Uuid>(), Reader::uuid)
}

pub(super) fn nullable_uuids(r: &mut Reader<'_>) -> Decoded<Option<Vec<Uuid>>> {
    r.compact_nullable_array(size_of::<Uuid>(), Reader::uuid)
}
