//! Decoded records of `__consumer_offsets` as Kafka's own JSON converters would print them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kafka_workbook::kafka::journal::groups::{
    ClassicMember, GroupMetadata, GroupRecord, MemberMetadata, NamedPartitions, OffsetCommit,
    Subscription, TopicMetadata, TopicPartitions, Value as Said,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Every type that is read, and the newest version of its value.
pub const KINDS: &[(&str, u64)] = &[
    ("LEGACY_OFFSET_COMMIT", 0),
    ("OFFSET_COMMIT", 4),
    ("GROUP_METADATA", 4),
    ("CONSUMER_GROUP_METADATA", 0),
    ("CONSUMER_GROUP_PARTITION_METADATA", 0),
    ("CONSUMER_GROUP_MEMBER_METADATA", 0),
    ("CONSUMER_GROUP_TARGET_ASSIGNMENT_METADATA", 0),
    ("CONSUMER_GROUP_TARGET_ASSIGNMENT_MEMBER", 0),
    ("CONSUMER_GROUP_CURRENT_MEMBER_ASSIGNMENT", 0),
];

/// What Kafka printed, less what is not kept: user data, a classic member's subscriptions in a
/// KIP-848 group, the version of an assignment, and what only members that are no consumers can
/// read; and with no assignment as an empty one.
pub fn kept(kafka: &Value) -> Value {
    let mut kafka = kafka.clone();
    each(&mut kafka, "/value/members", |member| {
        remove(&mut member["subscription"], "userData");
        remove(&mut member["assignment"], "userData");
        remove(&mut member["assignment"], "version");
        if member["assignment"].is_null() {
            member["assignment"] = json!({"assignedPartitions": []});
        }
        for foreign in ["subscription", "assignment"] {
            if member[foreign].is_string() {
                remove(member, foreign);
            }
        }
    });
    each(&mut kafka, "/value/classicMemberMetadata/supportedProtocols", |protocol| {
        remove(protocol, "metadata");
    });
    each(&mut kafka, "/value/assignedPartitions", |topic| {
        if topic["assignmentEpochs"].is_null() {
            remove(topic, "assignmentEpochs");
        }
    });
    kafka
}

fn each(kafka: &mut Value, list: &str, change: impl Fn(&mut Value)) {
    let list = kafka.pointer_mut(list).and_then(Value::as_array_mut);
    list.into_iter().flatten().for_each(change);
}

fn remove(object: &mut Value, field: &str) {
    if let Some(object) = object.as_object_mut() {
        object.remove(field);
    }
}

/// The JSON of a record whose key was of `kind` and whose value was of `version`.
pub fn of(record: &GroupRecord, kind: &str, version: Option<u64>) -> Value {
    use GroupRecord as R;
    let version = version.unwrap_or_default();
    let (key, value) = match record {
        R::OffsetCommit { group, topic, partition, value } => (
            json!({"group": group, "topic": topic, "partition": partition}),
            set(value, |value| offset_commit(value, version)),
        ),
        R::GroupMetadata { group, value } => {
            (json!({"group": group}), set(value, |value| group_metadata(value, version)))
        }
        R::ConsumerGroupMetadata { group, value } => (
            json!({"groupId": group}),
            set(value, |value| {
                let hash = (value.metadata_hash != 0).then(|| json!(value.metadata_hash));
                with(json!({"epoch": value.epoch}), "metadataHash", hash)
            }),
        ),
        R::ConsumerGroupPartitionMetadata { group, value } => {
            let topics = |value: &Vec<TopicMetadata>| json!({"topics": list(value, topic)});
            (json!({"groupId": group}), set(value, topics))
        }
        R::ConsumerGroupMemberMetadata { group, member, value } => {
            (json!({"groupId": group, "memberId": member}), set(value, member_metadata))
        }
        R::ConsumerGroupTargetAssignmentMetadata { group, value } => (
            json!({"groupId": group}),
            set(value, |value| {
                let time = value.timestamp_ms.map(|time| json!(time));
                with(json!({"assignmentEpoch": value.epoch}), "assignmentTimestamp", time)
            }),
        ),
        R::ConsumerGroupTargetAssignmentMember { group, member, value } => (
            json!({"groupId": group, "memberId": member}),
            set(value, |value| json!({"topicPartitions": list(value, topic_partitions)})),
        ),
        R::ConsumerGroupCurrentMemberAssignment { group, member, value } => (
            json!({"groupId": group, "memberId": member}),
            set(value, |value| {
                json!({
                    "memberEpoch": value.member_epoch,
                    "previousMemberEpoch": value.previous_member_epoch,
                    "state": value.state,
                    "assignedPartitions": list(&value.assigned, topic_partitions),
                    "partitionsPendingRevocation":
                        list(&value.pending_revocation, topic_partitions),
                })
            }),
        ),
        R::Other { .. } => panic!("there is nothing to print of {record:?}"),
    };
    let printed = json!({"type": kind, "key": key, "value": value});
    let version = (!printed["value"].is_null()).then(|| json!(version));
    with(printed, "version", version)
}

fn set<T>(said: &Said<T>, print: impl FnOnce(&T) -> Value) -> Value {
    match said {
        Said::Set(value) => print(value),
        Said::Removed => Value::Null,
        Said::Unreadable { version } => panic!("version {version} is one of 4.3.1's"),
    }
}

fn list<T>(of: &[T], print: impl Fn(&T) -> Value) -> Value {
    of.iter().map(print).collect()
}

fn with(mut object: Value, name: &str, value: Option<Value>) -> Value {
    if let Some(value) = value {
        object[name] = value;
    }
    object
}

/// The fields of which there are some in this version.
fn fields<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let some = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(some.collect::<Map<_, _>>())
}

fn offset_commit(value: &OffsetCommit, version: u64) -> Value {
    let known = |since: bool, number: Option<i64>| since.then(|| json!(number.unwrap_or(-1)));
    fields([
        ("offset", Some(json!(value.offset))),
        ("leaderEpoch", known(version >= 3, value.leader_epoch.map(i64::from))),
        ("metadata", Some(json!(value.metadata))),
        ("commitTimestamp", Some(json!(value.commit_timestamp_ms))),
        ("expireTimestamp", known(version == 1, value.expire_timestamp_ms)),
        ("topicId", value.topic_id.map(id)),
    ])
}

fn group_metadata(value: &GroupMetadata, version: u64) -> Value {
    let members = value.members.iter().map(|of| member(value, of, version)).collect::<Value>();
    let since = (version >= 2).then(|| json!(value.state_timestamp_ms.unwrap_or(-1)));
    fields([
        ("protocolType", Some(json!(value.protocol_type))),
        ("generation", Some(json!(value.generation))),
        ("protocol", Some(json!(value.protocol))),
        ("leader", Some(json!(value.leader))),
        ("currentStateTimestamp", since),
        ("members", Some(members)),
    ])
}

fn member(group: &GroupMetadata, of: &ClassicMember, version: u64) -> Value {
    let rebalance = (version >= 1).then(|| json!(of.rebalance_timeout_ms.unwrap_or(-1)));
    let assigned =
        of.assignment.read().map(|given| json!({"assignedPartitions": named(&given.partitions)}));
    assert_eq!(assigned.is_none(), group.protocol_type != "consumer");
    fields([
        ("memberId", Some(json!(of.member.member_id))),
        ("groupInstanceId", (version >= 3).then(|| json!(of.member.instance_id))),
        ("clientId", Some(json!(of.member.client_id))),
        ("clientHost", Some(json!(of.member.client_host))),
        ("rebalanceTimeout", rebalance),
        ("sessionTimeout", Some(json!(of.session_timeout_ms))),
        ("subscription", of.subscription.read().map(subscription)),
        ("assignment", assigned),
    ])
}

fn subscription(of: &Subscription) -> Value {
    fields([
        ("version", Some(json!(of.version))),
        ("topics", Some(json!(of.topics))),
        ("ownedPartitions", (of.version >= 1).then(|| named(&of.owned))),
        ("generationId", (of.version >= 2).then(|| json!(of.generation.unwrap_or(-1)))),
        ("rackId", (of.version >= 3).then(|| json!(of.rack))),
    ])
}

fn named(partitions: &[NamedPartitions]) -> Value {
    list(partitions, |of| json!({"topic": of.topic, "partitions": of.partitions}))
}

fn member_metadata(of: &MemberMetadata) -> Value {
    let classic = of.classic.as_ref().map(|classic| {
        let protocols = list(&classic.supported, |name| json!({"name": name}));
        json!({"sessionTimeoutMs": classic.session_timeout_ms, "supportedProtocols": protocols})
    });
    json!({
        "instanceId": of.instance_id,
        "rackId": of.rack,
        "clientId": of.client_id,
        "clientHost": of.client_host,
        "subscribedTopicNames": of.topics,
        "subscribedTopicRegex": of.topic_regex,
        "rebalanceTimeoutMs": of.rebalance_timeout_ms,
        "serverAssignor": of.server_assignor,
        "classicMemberMetadata": classic,
    })
}

fn topic(of: &TopicMetadata) -> Value {
    let racks = list(&of.racks, |of| json!({"partition": of.partition, "racks": of.racks}));
    json!({
        "topicId": id(of.topic_id),
        "topicName": of.topic,
        "numPartitions": of.partitions,
        "partitionMetadata": racks,
    })
}

fn topic_partitions(of: &TopicPartitions) -> Value {
    let epochs = of.assignment_epochs.as_ref().map(|epochs| json!(epochs));
    let partitions = json!({"topicId": id(of.topic_id), "partitions": of.partitions});
    with(partitions, "assignmentEpochs", epochs)
}

fn id(id: Uuid) -> Value {
    json!(URL_SAFE_NO_PAD.encode(id.as_bytes()))
}
