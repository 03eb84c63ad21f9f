//! Histories and records for tests, written as a learner would tell them.

use uuid::Uuid;

use super::records::{PartitionRecords, TopicRecords};
use crate::kafka::journal::{History, MetadataRecord, Partition};

/// A step in the life of a topic.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// Created under a name and an id, with so many partitions.
    Create(&'static str, u128, i32),
    /// Grown to so many partitions.
    Grow(u128, i32),
    /// Deleted.
    Delete(u128),
}

/// The history of these steps; each is one batch, a second after the one before.
pub fn history(steps: &[Step]) -> History {
    let mut history = History::new();
    let mut counts = std::collections::BTreeMap::new();
    let mut offset = 0;
    for (second, step) in (0_i64..).zip(steps) {
        let batch = offset;
        for record in records(*step, &mut counts) {
            history.apply(batch, offset, second * 1000, record);
            offset += 1;
        }
    }
    history
}

fn records(step: Step, counts: &mut std::collections::BTreeMap<u128, i32>) -> Vec<MetadataRecord> {
    let partitions = |id, from: i32, to: i32| {
        (from..to).map(move |index| MetadataRecord::Partition(partition(id, index)))
    };
    match step {
        Step::Create(name, id, count) => {
            counts.insert(id, count);
            let topic =
                MetadataRecord::Topic { name: name.to_owned(), topic_id: Uuid::from_u128(id) };
            std::iter::once(topic).chain(partitions(id, 0, count)).collect()
        }
        Step::Grow(id, count) => {
            let from = counts.insert(id, count).unwrap();
            partitions(id, from, count).collect()
        }
        Step::Delete(id) => vec![MetadataRecord::RemoveTopic { topic_id: Uuid::from_u128(id) }],
    }
}

fn partition(id: u128, index: i32) -> Partition {
    Partition {
        partition_id: index,
        topic_id: Uuid::from_u128(id),
        replicas: vec![1],
        isr: vec![1],
        removing_replicas: Vec::new(),
        adding_replicas: Vec::new(),
        leader: 1,
        leader_recovery_state: 0,
        leader_epoch: 0,
        partition_epoch: 0,
        directories: Vec::new(),
        eligible_leader_replicas: None,
        last_known_elr: None,
    }
}

/// A topic of these partitions, each by the keys of its records in turn; `-` is null.
pub fn topic_records(partitions: &[&[&str]]) -> TopicRecords {
    let partition = |keys: &&[&str]| {
        let mut records = PartitionRecords::default();
        for key in *keys {
            records.last_offset = i64::try_from(records.count).ok();
            records.end += 1;
            records.count += 1;
            match *key {
                "-" => records.without_key += 1,
                key => *records.keys.entry(key.as_bytes().to_vec()).or_default() += 1,
            }
        }
        records
    };
    TopicRecords((0..).zip(partitions.iter().map(partition)).collect())
}
