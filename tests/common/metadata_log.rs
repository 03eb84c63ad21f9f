//! A metadata log made by hand, batch by batch.

use bytes::BytesMut;
use kafka_protocol::indexmap::IndexMap;
use kafka_protocol::records::{
    Compression, Record, RecordBatchEncoder, RecordEncodeOptions, TimestampType,
};
use uuid::Uuid;

/// The epoch of every batch.
pub const EPOCH: i32 = 3;

/// `__cluster_metadata` as a leader would hand it over; the timestamp of record `n` is its log's
/// beginning plus `n` seconds.
#[derive(Debug, Clone, Default)]
pub struct MetadataLog {
    began_ms: i64,
    batches: Vec<Batch>,
}

#[derive(Debug, Clone)]
struct Batch {
    next: i64,
    bytes: Vec<u8>,
}

impl MetadataLog {
    /// An empty log.
    pub fn new(began_ms: i64) -> Self {
        Self { began_ms, batches: Vec::new() }
    }

    /// Appends one batch: the controller writes one change as one batch.
    pub fn append(&mut self, values: &[Vec<u8>]) {
        let base = self.end();
        let next = base + i64::try_from(values.len()).unwrap();
        let bytes = batch(base, self.began_ms, values);
        self.batches.push(Batch { next, bytes });
    }

    /// Takes a batch out: a log with a hole.
    pub fn lose(&mut self, index: usize) {
        self.batches.remove(index);
    }

    /// The offset after the last record.
    pub fn end(&self) -> i64 {
        self.batches.last().map_or(0, |batch| batch.next)
    }

    /// At most `count` batches from the one that holds `offset`.
    pub fn read(&self, offset: i64, count: usize) -> Vec<u8> {
        let from = self.batches.iter().filter(|batch| batch.next > offset);
        from.take(count).flat_map(|batch| batch.bytes.clone()).collect()
    }
}

/// A topic of so many partitions, as one change.
pub fn topic(name: &str, id: Uuid, partitions: i32) -> Vec<Vec<u8>> {
    let mut values = vec![frame(2, &[&text(name)[..], id.as_bytes()].concat())];
    values.extend((0..partitions).map(|index| partition(id, index)));
    values
}

/// One partition on broker 1.
pub fn partition(id: Uuid, index: i32) -> Vec<u8> {
    let one = [2, 0, 0, 0, 1];
    let replicas = [&one[..], &one, &[1], &[1]].concat();
    let leader = [1_i32, 0, 0].map(i32::to_be_bytes).concat();
    frame(3, &[&index.to_be_bytes()[..], id.as_bytes(), &replicas, &leader].concat())
}

/// The end of a topic.
pub fn remove_topic(id: Uuid) -> Vec<u8> {
    frame(9, id.as_bytes())
}

/// A heartbeat.
pub fn no_op() -> Vec<u8> {
    frame(20, &[])
}

fn frame(api_key: u8, fields: &[u8]) -> Vec<u8> {
    [&[1, api_key, 0], fields, &[0]].concat()
}

fn text(text: &str) -> Vec<u8> {
    [&[u8::try_from(text.len()).unwrap() + 1], text.as_bytes()].concat()
}

/// A batch of records of the given values.
pub fn batch(base: i64, began_ms: i64, values: &[Vec<u8>]) -> Vec<u8> {
    let records: Vec<Record> =
        (base..).zip(values).map(|(offset, value)| record(offset, began_ms, value)).collect();
    let options = RecordEncodeOptions { version: 2, compression: Compression::None };
    let mut bytes = BytesMut::new();
    RecordBatchEncoder::encode(&mut bytes, &records, &options).unwrap();
    bytes.to_vec()
}

fn record(offset: i64, began_ms: i64, value: &[u8]) -> Record {
    Record {
        transactional: false,
        control: false,
        delete_horizon: false,
        partition_leader_epoch: EPOCH,
        producer_id: -1,
        producer_epoch: -1,
        timestamp_type: TimestampType::Creation,
        offset,
        sequence: i32::try_from(offset).unwrap_or_default(),
        timestamp: began_ms + offset * 1000,
        key: None,
        value: Some(value.to_vec().into()),
        headers: IndexMap::new(),
    }
}
