//! Reads `__cluster_metadata` through the controller listener, as an observer would (KIP-595).

use std::sync::Arc;

use kafka_protocol::messages::BrokerId;
use kafka_protocol::messages::fetch_request::{
    FetchPartition, FetchRequest, FetchTopic, ReplicaState,
};
use kafka_protocol::messages::fetch_response::{FetchResponse, PartitionData};
use kafka_protocol::protocol::StrBytes;
use tokio::time::timeout;
use uuid::Uuid;

use super::{History, decode};
use crate::kafka::ask::AskError;
use crate::kafka::batch::{Batch, BatchHeader, Batches};
use crate::kafka::client::Client;
use crate::kafka::quorum::{Quorum, leading_controller};
use crate::kafka::record::{DEFAULT_LIMIT, records};

const QUESTION: &str = "FetchRequest of __cluster_metadata";

/// The metadata topic's id is the same in every cluster.
const METADATA_TOPIC_ID: Uuid = Uuid::from_u128(1);

/// Bytes asked for at once; some 80 000 records.
const FETCH_BYTES: i32 = 8 * 1024 * 1024;

/// The epoch that stands for "no record was read yet".
const NO_EPOCH: i32 = 0;

/// How far the journal has been read, and what it told.
#[derive(Debug, Default)]
pub struct JournalReader {
    history: Arc<History>,
    next_offset: i64,
    /// The last batch that was read.
    last: Option<BatchHeader>,
}

/// Where to read from.
#[derive(Debug, Clone, Copy)]
struct Place {
    offset: i64,
    epoch: i32,
}

/// Whether the log that answers is the one read so far.
#[derive(Debug, PartialEq, Eq)]
enum Log {
    Same,
    Another,
}

impl JournalReader {
    /// Reads what was committed since the last time and returns the whole history; gives up after
    /// twice the client's patience, and the next call goes on from there.
    ///
    /// # Errors
    /// Whatever keeps a single committed record from being read: a history with a gap would tell of
    /// what never was.
    pub async fn catch_up(&mut self, client: &Client) -> Result<Arc<History>, AskError> {
        let (address, quorum) = leading_controller(client).await?;
        let patience = client.patience();
        let read = timeout(patience, self.read_to_end(client, &address, &quorum)).await;
        let late =
            || AskError::TimedOut { address: address.clone(), question: QUESTION, after: patience };
        read.map_err(|_| late())??;
        Ok(Arc::clone(&self.history))
    }

    async fn read_to_end(
        &mut self,
        client: &Client,
        address: &str,
        quorum: &Quorum,
    ) -> Result<(), AskError> {
        if quorum.high_watermark < self.next_offset {
            *self = Self::default();
        }
        let mut from = self.seam();
        loop {
            let response =
                client.ask(address, request(client.cluster_id(), from, quorum.epoch)).await?;
            let partition = partition_of(address, response)?;
            from = match self.take_in(address, &partition, from, quorum.high_watermark)? {
                Log::Same if self.next_offset >= quorum.high_watermark => return Ok(()),
                Log::Same => self.end(),
                Log::Another => {
                    // Another cluster answers at this address: its story begins anew.
                    *self = Self::default();
                    self.end()
                }
            };
        }
    }

    /// The place of the last batch that was read: seen again, it proves that this is the same log.
    fn seam(&self) -> Place {
        match self.last {
            Some(last) => Place { offset: last.base_offset, ..self.end() },
            None => self.end(),
        }
    }

    fn end(&self) -> Place {
        let epoch = self.last.map_or(NO_EPOCH, |last| last.partition_leader_epoch);
        Place { offset: self.next_offset, epoch }
    }

    /// Applies the committed records of one answer, which must go on where it was asked to, without
    /// a gap: a metadata log is never compacted.
    fn take_in(
        &mut self,
        address: &str,
        partition: &PartitionData,
        from: Place,
        end: i64,
    ) -> Result<Log, AskError> {
        let malformed = |reason: String| AskError::Malformed {
            address: address.to_owned(),
            question: QUESTION,
            reason,
        };
        if partition.snapshot_id.end_offset >= 0 {
            let gone = partition.snapshot_id.end_offset;
            return Err(AskError::HistoryGone { address: address.to_owned(), before: gone });
        }
        if partition.diverging_epoch.epoch >= 0 && self.last.is_some() {
            return Ok(Log::Another);
        }
        let mut place = from.offset;
        let bytes = partition.records.clone().unwrap_or_default();
        for batch in Batches::new(&bytes) {
            let batch = batch.map_err(|e| malformed(e.to_string()))?;
            batch.check_crc().map_err(|e| malformed(e.to_string()))?;
            if place < self.next_offset && Some(batch.header) != self.last {
                return Ok(Log::Another);
            }
            let (found, next) = (batch.header.base_offset, batch.header.next_offset());
            if found != place || next <= found {
                return Err(malformed(format!("batch at offset {place} expected, {found} found")));
            }
            if next > end {
                break;
            }
            if place == self.next_offset {
                self.apply(&batch).map_err(malformed)?;
                self.next_offset = next;
                self.last = Some(batch.header);
            }
            place = next;
        }
        if place == from.offset {
            return Err(malformed(format!(
                "no batch at offset {place}, below the high watermark {end}"
            )));
        }
        Ok(Log::Same)
    }

    fn apply(&mut self, batch: &Batch<'_>) -> Result<(), String> {
        // Control batches are the quorum's own: who leads, which snapshot.
        if batch.header.is_control() {
            return Ok(());
        }
        let history = Arc::make_mut(&mut self.history);
        for record in records(batch, DEFAULT_LIMIT).map_err(|e| e.to_string())? {
            let record = record.map_err(|e| e.to_string())?;
            let decoded = decode(record.value.as_deref().unwrap_or_default());
            let decoded = decoded.map_err(|e| format!("record {}: {e}", record.offset))?;
            history.apply(batch.header.base_offset, record.offset, record.timestamp, decoded);
        }
        Ok(())
    }
}

fn request(cluster_id: Option<&str>, from: Place, current_leader_epoch: i32) -> FetchRequest {
    let partition = FetchPartition::default()
        .with_partition(0)
        .with_current_leader_epoch(current_leader_epoch)
        .with_fetch_offset(from.offset)
        .with_last_fetched_epoch(if from.offset == 0 { NO_EPOCH } else { from.epoch })
        .with_partition_max_bytes(FETCH_BYTES);
    let topic =
        FetchTopic::default().with_topic_id(METADATA_TOPIC_ID).with_partitions(vec![partition]);
    // The controller refuses a reader of another cluster.
    FetchRequest::default()
        .with_cluster_id(cluster_id.map(|id| StrBytes::from_string(id.to_owned())))
        .with_replica_id(BrokerId(-1))
        .with_replica_state(ReplicaState::default().with_replica_id(BrokerId(-1)))
        .with_max_wait_ms(0)
        .with_min_bytes(0)
        .with_max_bytes(FETCH_BYTES)
        .with_topics(vec![topic])
}

fn partition_of(address: &str, response: FetchResponse) -> Result<PartitionData, AskError> {
    let refused =
        |code| AskError::Refused { address: address.to_owned(), question: QUESTION, code };
    if response.error_code != 0 {
        return Err(refused(response.error_code));
    }
    let partition =
        response.responses.into_iter().next().and_then(|t| t.partitions.into_iter().next());
    let partition = partition.ok_or_else(|| AskError::Malformed {
        address: address.to_owned(),
        question: QUESTION,
        reason: "the answer has no partition".to_owned(),
    })?;
    match partition.error_code {
        0 => Ok(partition),
        code => Err(refused(code)),
    }
}
