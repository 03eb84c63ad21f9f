//! Decoded records as Kafka's own JSON converters would print them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kafka_workbook::kafka::journal::{
    Endpoint, Feature, MetadataRecord, Partition, PartitionChange, RegisterBroker, ResourceType,
    ScramMechanism,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Every kind that is read, and the newest version of it.
pub const KINDS: &[(&str, u64)] = &[
    ("REGISTER_BROKER_RECORD", 4),
    ("UNREGISTER_BROKER_RECORD", 0),
    ("TOPIC_RECORD", 0),
    ("PARTITION_RECORD", 2),
    ("CONFIG_RECORD", 0),
    ("PARTITION_CHANGE_RECORD", 2),
    ("FENCE_BROKER_RECORD", 0),
    ("UNFENCE_BROKER_RECORD", 0),
    ("REMOVE_TOPIC_RECORD", 0),
    ("USER_SCRAM_CREDENTIAL_RECORD", 0),
    ("FEATURE_LEVEL_RECORD", 0),
    ("CLIENT_QUOTA_RECORD", 0),
    ("PRODUCER_IDS_RECORD", 0),
    ("BROKER_REGISTRATION_CHANGE_RECORD", 3),
    ("ACCESS_CONTROL_ENTRY_RECORD", 0),
    ("REMOVE_ACCESS_CONTROL_ENTRY_RECORD", 0),
    ("NO_OP_RECORD", 0),
    ("REMOVE_USER_SCRAM_CREDENTIAL_RECORD", 0),
    ("BEGIN_TRANSACTION_RECORD", 0),
    ("END_TRANSACTION_RECORD", 0),
    ("ABORT_TRANSACTION_RECORD", 0),
    ("REGISTER_CONTROLLER_RECORD", 0),
    ("CLEAR_ELR_RECORD", 0),
];

/// What Kafka printed, less what we do not keep on purpose.
pub fn without_secrets(kafka: &Value) -> Value {
    let mut kafka = kafka.clone();
    if let Some(data) = kafka["data"].as_object_mut() {
        for secret in ["salt", "storedKey", "serverKey"] {
            data.remove(secret);
        }
    }
    kafka
}

/// The line of kafka-dump-log for a record that was read from `version` of its kind.
pub fn of(record: &MetadataRecord, version: u64) -> Value {
    let printed = brokers(record, version)
        .or_else(|| topics(record, version))
        .or_else(|| settings(record))
        .or_else(|| log(record));
    let Some((kind, data)) = printed else { panic!("there is nothing to print of {record:?}") };
    json!({"type": format!("{kind}_RECORD"), "version": version, "data": data})
}

/// A record's type, less its ending, and its fields.
type Printed = Option<(&'static str, Value)>;

fn brokers(record: &MetadataRecord, version: u64) -> Printed {
    use MetadataRecord as M;
    Some(match record {
        M::RegisterBroker(broker) => ("REGISTER_BROKER", register_broker(broker, version)),
        M::UnregisterBroker { broker_id, broker_epoch } => {
            ("UNREGISTER_BROKER", json!({"brokerId": broker_id, "brokerEpoch": broker_epoch}))
        }
        M::FenceBroker { broker_id, broker_epoch } => {
            ("FENCE_BROKER", json!({"id": broker_id, "epoch": broker_epoch}))
        }
        M::UnfenceBroker { broker_id, broker_epoch } => {
            ("UNFENCE_BROKER", json!({"id": broker_id, "epoch": broker_epoch}))
        }
        M::BrokerRegistrationChange(change) => {
            let stopping = change.in_controlled_shutdown.then_some(1);
            let log_dirs = Some(ids(&change.log_dirs)).filter(|dirs| !dirs.is_empty());
            let fields = [
                ("fenced", change.fenced.map(|fenced| json!(if fenced { 1 } else { -1 }))),
                ("inControlledShutdown", stopping.map(Value::from)),
                ("logDirs", log_dirs.map(Value::from)),
                ("cordonedLogDirs", change.cordoned_log_dirs.as_deref().map(|d| json!(ids(d)))),
            ];
            let head = json!({"brokerId": change.broker_id, "brokerEpoch": change.broker_epoch});
            ("BROKER_REGISTRATION_CHANGE", with(head, fields))
        }
        M::RegisterController(controller) => (
            "REGISTER_CONTROLLER",
            json!({
                "controllerId": controller.controller_id,
                "incarnationId": id(controller.incarnation_id),
                "zkMigrationReady": controller.zk_migration_ready,
                "endPoints": controller.endpoints.iter().map(endpoint).collect::<Vec<_>>(),
                "features": controller.features.iter().map(feature).collect::<Vec<_>>(),
            }),
        ),
        M::ProducerIds { broker_id, broker_epoch, next_producer_id } => (
            "PRODUCER_IDS",
            json!({
                "brokerId": broker_id,
                "brokerEpoch": broker_epoch,
                "nextProducerId": next_producer_id,
            }),
        ),
        _ => return None,
    })
}

fn topics(record: &MetadataRecord, version: u64) -> Printed {
    use MetadataRecord as M;
    Some(match record {
        M::Topic { name, topic_id } => ("TOPIC", json!({"name": name, "topicId": id(*topic_id)})),
        M::Partition(partition) => ("PARTITION", new_partition(partition, version)),
        M::PartitionChange(change) => ("PARTITION_CHANGE", partition_change(change)),
        M::RemoveTopic { topic_id } => ("REMOVE_TOPIC", json!({"topicId": id(*topic_id)})),
        M::ClearElr { topic } => ("CLEAR_ELR", json!({"topicName": topic})),
        _ => return None,
    })
}

fn settings(record: &MetadataRecord) -> Printed {
    use MetadataRecord as M;
    Some(match record {
        M::Config { resource, name, value } => (
            "CONFIG",
            json!({
                "resourceType": resource_type(resource.kind),
                "resourceName": resource.name,
                "name": name,
                "value": value,
            }),
        ),
        M::FeatureLevel { name, level } => {
            ("FEATURE_LEVEL", json!({"name": name, "featureLevel": level}))
        }
        M::ClientQuota(quota) => {
            let part = |part: &kafka_workbook::kafka::journal::QuotaEntity| json!({"entityType": part.kind, "entityName": part.name});
            (
                "CLIENT_QUOTA",
                json!({
                    "entity": quota.entity.iter().map(part).collect::<Vec<_>>(),
                    "key": quota.key,
                    "value": quota.value.unwrap_or(0.0),
                    "remove": quota.value.is_none(),
                }),
            )
        }
        M::UserScramCredential(credential) => (
            "USER_SCRAM_CREDENTIAL",
            json!({
                "name": credential.user,
                "mechanism": mechanism(credential.mechanism),
                "iterations": credential.iterations,
            }),
        ),
        M::RemoveUserScramCredential { user, mechanism: which } => {
            ("REMOVE_USER_SCRAM_CREDENTIAL", json!({"name": user, "mechanism": mechanism(*which)}))
        }
        M::AccessControlEntry(entry) => (
            "ACCESS_CONTROL_ENTRY",
            json!({
                "id": id(entry.id),
                "resourceType": entry.resource_type,
                "resourceName": entry.resource_name,
                "patternType": entry.pattern_type,
                "principal": entry.principal,
                "host": entry.host,
                "operation": entry.operation,
                "permissionType": entry.permission_type,
            }),
        ),
        M::RemoveAccessControlEntry { id: entry } => {
            ("REMOVE_ACCESS_CONTROL_ENTRY", json!({"id": id(*entry)}))
        }
        _ => return None,
    })
}

fn log(record: &MetadataRecord) -> Printed {
    use MetadataRecord as M;
    Some(match record {
        M::NoOp => ("NO_OP", json!({})),
        M::BeginTransaction { name } => {
            ("BEGIN_TRANSACTION", with(json!({}), [("name", name.clone().map(Value::from))]))
        }
        M::EndTransaction => ("END_TRANSACTION", json!({})),
        M::AbortTransaction { reason } => {
            ("ABORT_TRANSACTION", with(json!({}), [("reason", reason.clone().map(Value::from))]))
        }
        _ => return None,
    })
}

fn register_broker(broker: &RegisterBroker, version: u64) -> Value {
    let head = json!({
        "brokerId": broker.broker_id,
        "incarnationId": id(broker.incarnation_id),
        "brokerEpoch": broker.broker_epoch,
        "endPoints": broker.endpoints.iter().map(endpoint).collect::<Vec<_>>(),
        "features": broker.features.iter().map(feature).collect::<Vec<_>>(),
        "rack": broker.rack,
        "fenced": broker.fenced,
    });
    let since = |least: u64, value: Value| (version >= least).then_some(value);
    let log_dirs = (!broker.log_dirs.is_empty()).then(|| json!(ids(&broker.log_dirs)));
    let fields = [
        ("isMigratingZkBroker", since(2, json!(broker.is_migrating_zk_broker))),
        ("inControlledShutdown", since(1, json!(broker.in_controlled_shutdown))),
        ("logDirs", log_dirs),
        ("cordonedLogDirs", broker.cordoned_log_dirs.as_deref().map(|dirs| json!(ids(dirs)))),
    ];
    with(head, fields)
}

fn new_partition(partition: &Partition, version: u64) -> Value {
    let head = json!({
        "partitionId": partition.partition_id,
        "topicId": id(partition.topic_id),
        "replicas": partition.replicas,
        "isr": partition.isr,
        "removingReplicas": partition.removing_replicas,
        "addingReplicas": partition.adding_replicas,
        "leader": partition.leader,
        "leaderEpoch": partition.leader_epoch,
        "partitionEpoch": partition.partition_epoch,
    });
    let recovering = partition.leader_recovery_state;
    let fields = [
        ("leaderRecoveryState", (recovering != 0).then(|| json!(recovering))),
        ("directories", (version >= 1).then(|| json!(ids(&partition.directories)))),
        ("eligibleLeaderReplicas", partition.eligible_leader_replicas.clone().map(Value::from)),
        ("lastKnownElr", partition.last_known_elr.clone().map(Value::from)),
    ];
    with(head, fields)
}

fn partition_change(change: &PartitionChange) -> Value {
    let list = |list: &Option<Vec<i32>>| list.clone().map(Value::from);
    let fields = [
        ("isr", list(&change.isr)),
        ("leader", change.leader.map(Value::from)),
        ("replicas", list(&change.replicas)),
        ("removingReplicas", list(&change.removing_replicas)),
        ("addingReplicas", list(&change.adding_replicas)),
        ("leaderRecoveryState", change.leader_recovery_state.map(Value::from)),
        ("directories", change.directories.as_deref().map(|dirs| json!(ids(dirs)))),
        ("eligibleLeaderReplicas", list(&change.eligible_leader_replicas)),
        ("lastKnownElr", list(&change.last_known_elr)),
    ];
    let head = json!({"partitionId": change.partition_id, "topicId": id(change.topic_id)});
    with(head, fields)
}

fn endpoint(endpoint: &Endpoint) -> Value {
    json!({
        "name": endpoint.name,
        "host": endpoint.host,
        "port": endpoint.port,
        "securityProtocol": endpoint.security_protocol,
    })
}

fn feature(feature: &Feature) -> Value {
    json!({
        "name": feature.name,
        "minSupportedVersion": feature.min,
        "maxSupportedVersion": feature.max,
    })
}

/// Kafka leaves tagged fields out that have their default.
fn with<const N: usize>(head: Value, fields: [(&str, Option<Value>); N]) -> Value {
    let Value::Object(mut object) = head else { return head };
    let given = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    object.extend(given.collect::<Map<_, _>>());
    Value::Object(object)
}

fn id(id: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(id.as_bytes())
}

fn ids(list: &[Uuid]) -> Vec<String> {
    list.iter().copied().map(id).collect()
}

fn resource_type(kind: ResourceType) -> i8 {
    match kind {
        ResourceType::Topic => 2,
        ResourceType::Broker => 4,
        ResourceType::BrokerLogger => 8,
        ResourceType::ClientMetrics => 16,
        ResourceType::Group => 32,
        ResourceType::Other(id) => id,
    }
}

fn mechanism(mechanism: ScramMechanism) -> i8 {
    match mechanism {
        ScramMechanism::Sha256 => 1,
        ScramMechanism::Sha512 => 2,
        ScramMechanism::Other(id) => id,
    }
}
