//! Changes a cluster: what seeding and tests need.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use kafka_protocol::indexmap::IndexMap;
use kafka_protocol::messages::create_topics_request::{CreatableTopic, CreateTopicsRequest};
use kafka_protocol::messages::list_offsets_request::{
    ListOffsetsPartition, ListOffsetsRequest, ListOffsetsTopic,
};
use kafka_protocol::messages::produce_request::{
    PartitionProduceData, ProduceRequest, TopicProduceData,
};
use kafka_protocol::messages::{BrokerId, TopicName};
use kafka_protocol::protocol::StrBytes;
use kafka_protocol::records::{
    Compression, Record, RecordBatchEncoder, RecordEncodeOptions, TimestampType,
};

use super::ask::AskError;
use super::client::Client;

/// How long the controller may take for a change.
const CHANGE_TIMEOUT: Duration = Duration::from_secs(10);

/// The last `Produce` and `ListOffsets` versions that name topics instead of giving topic ids.
const PRODUCE_BY_NAME: i16 = 12;

/// Asks for the offset after the last record.
const LATEST: i64 = -1;

/// A topic to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTopic {
    /// Its name.
    pub name: String,
    /// Number of partitions; at least 1.
    pub partitions: i32,
    /// Replicas of every partition; at least 1.
    pub replication_factor: i16,
}

/// Creates topics; the broker at `address` forwards to the controller.
pub async fn create_topics(
    client: &Client,
    address: &str,
    topics: &[NewTopic],
) -> Result<(), AskError> {
    let creatable = topics.iter().map(|t| {
        CreatableTopic::default()
            .with_name(topic_name(&t.name))
            .with_num_partitions(t.partitions)
            .with_replication_factor(t.replication_factor)
    });
    let request = CreateTopicsRequest::default()
        .with_topics(creatable.collect())
        .with_timeout_ms(millis(CHANGE_TIMEOUT));
    let response = client.ask(address, request).await?;
    let codes = topics.iter().map(|asked| {
        let answered = response.topics.iter().find(|t| t.name.as_str() == asked.name);
        answered.map(|t| t.error_code)
    });
    all_done(address, "CreateTopicsRequest", codes)
}

/// Appends records of the given values, without keys, to one partition at its leader.
pub async fn produce(
    client: &Client,
    leader: &str,
    topic: &str,
    partition: i32,
    values: &[Bytes],
    timestamp_ms: i64,
) -> Result<(), AskError> {
    let records = batch(values, timestamp_ms).map_err(|reason| AskError::Malformed {
        address: leader.to_owned(),
        question: "ProduceRequest",
        reason,
    })?;
    let data = PartitionProduceData::default().with_index(partition).with_records(Some(records));
    let topic =
        TopicProduceData::default().with_name(topic_name(topic)).with_partition_data(vec![data]);
    let request = ProduceRequest::default()
        .with_acks(-1)
        .with_timeout_ms(millis(CHANGE_TIMEOUT))
        .with_topic_data(vec![topic]);
    let response = client.ask_up_to(leader, request, PRODUCE_BY_NAME).await?;
    let answers = response.responses.iter().flat_map(|t| &t.partition_responses);
    let code = answers.into_iter().find(|p| p.index == partition).map(|p| p.error_code);
    all_done(leader, "ProduceRequest", [code])
}

/// The offset after the last record of a partition, asked at its leader. An answer also proves
/// that the leader serves the partition: metadata alone may run ahead of it.
pub async fn latest_offset(
    client: &Client,
    leader: &str,
    topic: &str,
    partition: i32,
) -> Result<i64, AskError> {
    const QUESTION: &str = "ListOffsetsRequest";
    let asked = ListOffsetsPartition::default()
        .with_partition_index(partition)
        .with_current_leader_epoch(-1)
        .with_timestamp(LATEST);
    let asked =
        ListOffsetsTopic::default().with_name(topic_name(topic)).with_partitions(vec![asked]);
    let request =
        ListOffsetsRequest::default().with_replica_id(BrokerId(-1)).with_topics(vec![asked]);
    let response = client.ask(leader, request).await?;
    let answers = response.topics.iter().flat_map(|t| &t.partitions);
    let answer = answers.into_iter().find(|p| p.partition_index == partition);
    all_done(leader, QUESTION, [answer.map(|p| p.error_code)])?;
    // A partition whose leader does not know its end yet has no offset (-1).
    match answer.map(|p| p.offset) {
        Some(offset @ 0..) => Ok(offset),
        other => Err(AskError::Malformed {
            address: leader.to_owned(),
            question: QUESTION,
            reason: format!("an offset of 0 or more expected, {} found", other.unwrap_or(-1)),
        }),
    }
}

fn batch(values: &[Bytes], timestamp_ms: i64) -> Result<Bytes, String> {
    let records: Vec<Record> =
        values.iter().zip(0_i64..).map(|(v, at)| record(v, at, timestamp_ms)).collect();
    let options = RecordEncodeOptions { version: 2, compression: Compression::None };
    let mut encoded = BytesMut::new();
    RecordBatchEncoder::encode(&mut encoded, &records, &options).map_err(|e| e.to_string())?;
    Ok(encoded.freeze())
}

fn record(value: &Bytes, offset: i64, timestamp: i64) -> Record {
    Record {
        transactional: false,
        control: false,
        delete_horizon: false,
        partition_leader_epoch: -1,
        producer_id: -1,
        producer_epoch: -1,
        timestamp_type: TimestampType::Creation,
        offset,
        // One run of consecutive sequences is one batch to the encoder.
        sequence: i32::try_from(offset).unwrap_or(i32::MAX),
        timestamp,
        key: None,
        value: Some(value.clone()),
        headers: IndexMap::new(),
    }
}

/// Whether everything that was asked for has an answer, and a good one.
fn all_done(
    address: &str,
    question: &'static str,
    codes: impl IntoIterator<Item = Option<i16>>,
) -> Result<(), AskError> {
    let address = address.to_owned();
    match codes.into_iter().find(|code| *code != Some(0)) {
        Some(Some(code)) => Err(AskError::Refused { address, question, code }),
        Some(None) => {
            let reason = "the answer leaves out something that was asked for".to_owned();
            Err(AskError::Malformed { address, question, reason })
        }
        None => Ok(()),
    }
}

fn topic_name(name: &str) -> TopicName {
    TopicName(StrBytes::from_string(name.to_owned()))
}

fn millis(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX)
}
