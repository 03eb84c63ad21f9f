//! Reads `__cluster_metadata` through the controller listener, as an observer would (KIP-595).

use std::sync::Arc;

use kafka_protocol::messages::BrokerId;
use kafka_protocol::messages::fetch_request::{
    FetchPartition, FetchRequest, FetchTopic, ReplicaState,
};
use kafka_protocol::messages::fetch_response::{FetchResponse, PartitionData};
use uuid::Uuid;

use super::{History, decode};
use crate::kafka::ask::AskError;
use crate::kafka::batch::{Batch, Batches};
use crate::kafka::client::Client;
use crate::kafka::quorum::leading_controller;
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
    last_epoch: i32,
}

impl JournalReader {
    /// Reads what was committed since the last time and returns the whole history.
    pub async fn catch_up(&mut self, client: &Client) -> Result<Arc<History>, AskError> {
        let (address, quorum) = leading_controller(client).await?;
        if quorum.high_watermark < self.next_offset {
            // Another cluster answers at this address: its story begins anew.
            *self = Self::default();
        }
        while self.next_offset < quorum.high_watermark {
            let response = client.ask(&address, self.request(quorum.epoch)).await?;
            let partition = partition_of(&address, response)?;
            self.take_in(&address, &partition, quorum.high_watermark)?;
        }
        Ok(Arc::clone(&self.history))
    }

    fn request(&self, current_leader_epoch: i32) -> FetchRequest {
        let partition = FetchPartition::default()
            .with_partition(0)
            .with_current_leader_epoch(current_leader_epoch)
            .with_fetch_offset(self.next_offset)
            .with_last_fetched_epoch(if self.next_offset == 0 { NO_EPOCH } else { self.last_epoch })
            .with_partition_max_bytes(FETCH_BYTES);
        let topic =
            FetchTopic::default().with_topic_id(METADATA_TOPIC_ID).with_partitions(vec![partition]);
        FetchRequest::default()
            .with_replica_id(BrokerId(-1))
            .with_replica_state(ReplicaState::default().with_replica_id(BrokerId(-1)))
            .with_max_wait_ms(0)
            .with_min_bytes(0)
            .with_max_bytes(FETCH_BYTES)
            .with_topics(vec![topic])
    }

    /// Applies the committed records of one answer.
    fn take_in(
        &mut self,
        address: &str,
        partition: &PartitionData,
        end: i64,
    ) -> Result<(), AskError> {
        let malformed = |reason: String| AskError::Malformed {
            address: address.to_owned(),
            question: QUESTION,
            reason,
        };
        if partition.snapshot_id.end_offset >= 0 {
            let gone = partition.snapshot_id.end_offset;
            return Err(AskError::HistoryGone { address: address.to_owned(), before: gone });
        }
        let before = self.next_offset;
        let bytes = partition.records.clone().unwrap_or_default();
        for batch in Batches::new(&bytes) {
            let batch = batch.map_err(|e| malformed(e.to_string()))?;
            if batch.header.next_offset() > end {
                break;
            }
            self.apply(&batch).map_err(&malformed)?;
            self.next_offset = batch.header.next_offset();
            self.last_epoch = batch.header.partition_leader_epoch;
        }
        if self.next_offset == before {
            return Err(malformed(format!(
                "no batch at offset {before}, below the high watermark {end}"
            )));
        }
        Ok(())
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
