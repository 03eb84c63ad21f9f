//! Fetches a piece of a partition's log, as a consumer with `isolation.level=read_committed` does.

use bytes::Bytes;
use kafka_protocol::messages::BrokerId;
use kafka_protocol::messages::fetch_request::{FetchPartition, FetchRequest, FetchTopic};
use kafka_protocol::messages::fetch_response::{FetchResponse, PartitionData};
use uuid::Uuid;

use super::ask::AskError;
use super::client::Client;
use super::offsets::{Which, list_offset};

/// The request's name in errors.
pub(super) const QUESTION: &str = "FetchRequest";

/// Bytes asked for at once. A batch that is larger comes whole all the same (KIP-74).
const FETCH_BYTES: i32 = 4 * 1024 * 1024;

/// `READ_COMMITTED` in `FetchRequest.json`: nothing from the last stable offset on is sent.
const READ_COMMITTED: i8 = 1;

const OFFSET_OUT_OF_RANGE: i16 = 1;

/// A partition and who leads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The topic's name.
    pub topic: String,
    /// The topic's id (KIP-516): another topic of the same name is not read for this one.
    pub topic_id: Uuid,
    /// The partition's number.
    pub partition: i32,
    /// The leader's `host:port`.
    pub leader: String,
}

/// Where a log begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// The first offset that is still there.
    pub start: i64,
    /// The last stable offset: every transaction below it is committed or aborted.
    pub stable: i64,
    /// The high watermark: records below it are on every in-sync replica. Higher than `stable`
    /// while a transaction is open.
    pub high_watermark: i64,
}

/// A transaction that was aborted: its records, from `first_offset` to its marker, do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AbortedTransaction {
    /// The producer's id.
    pub producer_id: i64,
    /// The first record of the transaction in this partition.
    pub first_offset: i64,
}

/// A piece of a log.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Record batches, the last one possibly cut off.
    pub records: Bytes,
    /// Where the log began and ended when the leader answered.
    pub extent: Extent,
    /// The aborted transactions that reach into `records`.
    pub aborted: Vec<AbortedTransaction>,
}

/// What a partition holds from its beginning, and the offset where that is.
///
/// # Errors
/// [`AskError`] where the leader does not answer, or does not lead or know the partition any more.
pub async fn fetch_first(client: &Client, source: &Source) -> Result<(i64, Fetched), AskError> {
    match fetch(client, source, 0).await {
        Err(refused) if refused.code() == Some(OFFSET_OUT_OF_RANGE) => {
            let Source { topic, partition, leader, .. } = source;
            let start = list_offset(client, leader, topic, *partition, Which::Earliest).await?;
            Ok((start, fetch(client, source, start).await?))
        }
        fetched => Ok((0, fetched?)),
    }
}

/// What a partition holds from `offset` on, up to the last stable offset.
///
/// # Errors
/// See [`fetch_first`].
pub async fn fetch(client: &Client, source: &Source, offset: i64) -> Result<Fetched, AskError> {
    let response = client.ask(&source.leader, request(source, offset)).await?;
    let malformed = |reason: String| AskError::Malformed {
        address: source.leader.clone(),
        question: QUESTION,
        reason,
    };
    let partition = partition_of(source, response)?
        .ok_or_else(|| malformed("the answer has no such partition".to_owned()))?;
    let extent = Extent {
        start: partition.log_start_offset,
        stable: partition.last_stable_offset,
        high_watermark: partition.high_watermark,
    };
    if extent.start < 0 || extent.stable < extent.start || extent.high_watermark < extent.stable {
        return Err(malformed(format!(
            "log start, last stable offset and high watermark expected in this order, {}, {} and {} found",
            extent.start, extent.stable, extent.high_watermark
        )));
    }
    let aborted = partition.aborted_transactions.unwrap_or_default();
    let aborted = aborted.iter().map(|aborted| AbortedTransaction {
        producer_id: aborted.producer_id.0,
        first_offset: aborted.first_offset,
    });
    let aborted = aborted.collect();
    Ok(Fetched { records: partition.records.unwrap_or_default(), extent, aborted })
}

fn request(source: &Source, offset: i64) -> FetchRequest {
    let partition = FetchPartition::default()
        .with_partition(source.partition)
        .with_current_leader_epoch(-1)
        .with_fetch_offset(offset)
        .with_partition_max_bytes(FETCH_BYTES);
    let topic =
        FetchTopic::default().with_topic_id(source.topic_id).with_partitions(vec![partition]);
    FetchRequest::default()
        .with_replica_id(BrokerId(-1))
        .with_max_wait_ms(0)
        .with_min_bytes(0)
        .with_max_bytes(FETCH_BYTES)
        .with_isolation_level(READ_COMMITTED)
        .with_topics(vec![topic])
}

fn partition_of(
    source: &Source,
    response: FetchResponse,
) -> Result<Option<PartitionData>, AskError> {
    let refused = |code| {
        let address = source.leader.clone();
        Err(AskError::Refused { address, question: QUESTION, code })
    };
    if response.error_code != 0 {
        return refused(response.error_code);
    }
    let topics = response.responses.into_iter().filter(|t| t.topic_id == source.topic_id);
    let mut partitions = topics.flat_map(|topic| topic.partitions);
    match partitions.find(|p| p.partition_index == source.partition) {
        Some(partition) if partition.error_code != 0 => refused(partition.error_code),
        found => Ok(found),
    }
}
