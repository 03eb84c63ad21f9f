//! What a topic holds: the committed data records that are there now, counted by key.
//!
//! Markers of transactions and records of aborted ones are no data. Offsets are not counted
//! either: a transactional producer's are further apart.

use std::collections::{BTreeMap, HashMap};

use futures::stream::{self, StreamExt as _, TryStreamExt as _};

use crate::kafka::ask::AskError;
use crate::kafka::client::Client;
use crate::kafka::committed::CommittedBatch;
use crate::kafka::fetch::Source;
use crate::kafka::metadata::{Broker, Metadata, Topic};
use crate::kafka::record::RecordError;
use crate::kafka::scan::{Visit, scan};

/// Partitions that are read at once; each holds up to some 6 MB in memory.
const AT_ONCE: usize = 8;

/// `LEADER_NOT_AVAILABLE`: what a client is told of a partition without a leader.
const LEADER_NOT_AVAILABLE: i16 = 5;

/// The records of a topic by partition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TopicRecords(pub BTreeMap<i32, PartitionRecords>);

/// The records of one partition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartitionRecords {
    /// How many there are.
    pub count: u64,
    /// The offset of the last one.
    pub last_offset: Option<i64>,
    /// How many have no key: theirs is null, which is another one than the empty key.
    pub without_key: u64,
    /// How many there are of each key.
    pub keys: HashMap<Vec<u8>, u64>,
    /// Where the log ends: the high watermark.
    pub end: i64,
    /// Whether there is more that may count later: a transaction is open.
    pub undecided: bool,
}

impl Visit for PartitionRecords {
    type Error = RecordError;

    fn visit(&mut self, batch: &CommittedBatch<'_>) -> Result<(), RecordError> {
        for record in batch.records()? {
            let record = record?;
            self.count += 1;
            self.last_offset = Some(record.offset);
            match record.key {
                Some(key) => self.note(&key),
                None => self.without_key += 1,
            }
        }
        Ok(())
    }
}

impl PartitionRecords {
    fn note(&mut self, key: &[u8]) {
        if let Some(count) = self.keys.get_mut(key) {
            *count += 1;
        } else {
            self.keys.insert(key.to_vec(), 1);
        }
    }
}

impl TopicRecords {
    /// Reads a topic as `metadata` describes it; `None` if there is no topic of that name.
    pub async fn read(
        client: &Client,
        metadata: &Metadata,
        topic: &str,
    ) -> Result<Option<Self>, AskError> {
        let Some(found) = metadata.topics.get(topic) else { return Ok(None) };
        let sources = sources(metadata, topic, found)?;
        let read = stream::iter(sources)
            .map(|source| read_partition(client, source))
            .buffer_unordered(AT_ONCE)
            .try_collect();
        Ok(Some(Self(read.await?)))
    }

    /// How many records there are.
    pub fn count(&self) -> u64 {
        self.0.values().map(|partition| partition.count).sum()
    }

    /// Whether a transaction is open whose records may count later.
    pub fn undecided(&self) -> bool {
        self.0.values().any(|partition| partition.undecided)
    }

    /// How many records have no key.
    pub fn without_key(&self) -> u64 {
        self.0.values().map(|partition| partition.without_key).sum()
    }

    /// How many records each key has, and in which partitions.
    pub fn by_key(&self) -> BTreeMap<&[u8], (u64, Vec<i32>)> {
        let mut keys: BTreeMap<&[u8], (u64, Vec<i32>)> = BTreeMap::new();
        for (index, partition) in &self.0 {
            for (key, count) in &partition.keys {
                let known = keys.entry(key).or_default();
                known.0 += count;
                known.1.push(*index);
            }
        }
        keys
    }
}

async fn read_partition(
    client: &Client,
    source: Source,
) -> Result<(i32, PartitionRecords), AskError> {
    let (extent, mut records) = scan(client, &source, PartitionRecords::default()).await?;
    records.end = extent.high_watermark;
    records.undecided = extent.stable < extent.high_watermark;
    Ok((source.partition, records))
}

/// Every partition of a topic with its leader.
pub fn sources(metadata: &Metadata, name: &str, topic: &Topic) -> Result<Vec<Source>, AskError> {
    topic.partitions.keys().map(|&partition| source(metadata, name, topic, partition)).collect()
}

/// One partition of a topic with its leader.
pub fn source(
    metadata: &Metadata,
    name: &str,
    topic: &Topic,
    partition: i32,
) -> Result<Source, AskError> {
    let leader = topic.partitions.get(&partition).and_then(|found| found.leader);
    match leader.and_then(|id| metadata.brokers.get(&id)) {
        Some(Broker { address, .. }) => Ok(Source {
            topic: name.to_owned(),
            topic_id: topic.id,
            partition,
            leader: address.clone(),
        }),
        None => Err(AskError::Refused {
            address: format!("{name}-{partition}"),
            question: "MetadataRequest",
            code: LEADER_NOT_AVAILABLE,
        }),
    }
}
