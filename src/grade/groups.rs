//! What a group has committed: the offsets of now, and the history of how they came to be.

use std::collections::BTreeMap;

use crate::kafka::ask::AskError;
use crate::kafka::batch::BatchHeader;
use crate::kafka::client::Client;
use crate::kafka::committed::CommittedBatch;
use crate::kafka::groups::{CommittedOffset, OFFSETS_TOPIC, committed_offsets};
use crate::kafka::journal::groups::{GroupJournal, coordinator_partition};
use crate::kafka::metadata::Metadata;
use crate::kafka::scan::{Visit, scan};

use super::records::{PartitionRecords, TopicRecords, source};

/// Committed offsets by topic and partition.
pub type Offsets = BTreeMap<(String, i32), CommittedOffset>;

/// Folds what can be decoded; the first record that cannot ends the scan.
struct Fold(GroupJournal);

impl Visit for Fold {
    type Error = String;

    fn visit(&mut self, batch: &CommittedBatch<'_>) -> Result<(), String> {
        for record in batch.records().map_err(|e| e.to_string())? {
            self.0.add(&record.map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
        }
        Ok(())
    }

    fn pass_over(&mut self, header: &BatchHeader) {
        self.0.skip_to(header.next_offset());
    }
}

/// The log that a group's history is in.
#[derive(Debug, Default)]
pub struct GroupLog {
    /// What it tells.
    pub journal: GroupJournal,
    /// Whether there is more that cannot be read yet: a transaction that commits offsets, of
    /// whichever group, is open.
    pub undecided: bool,
}

impl GroupLog {
    /// Whether it tells all that ever happened.
    pub const fn is_whole(&self) -> bool {
        !self.undecided && self.journal.gap().is_none()
    }
}

/// Reads the log that a group's history is in; empty where the cluster never had a group.
pub async fn read_log(
    client: &Client,
    metadata: &Metadata,
    group: &str,
) -> Result<GroupLog, AskError> {
    let Some(topic) = metadata.topics.get(OFFSETS_TOPIC) else { return Ok(GroupLog::default()) };
    let partitions = i32::try_from(topic.partitions.len()).unwrap_or(i32::MAX);
    let Some(partition) = coordinator_partition(group, partitions) else {
        return Ok(GroupLog::default());
    };
    let source = source(metadata, OFFSETS_TOPIC, topic, partition)?;
    let (extent, Fold(journal)) = scan(client, &source, Fold(GroupJournal::new())).await?;
    Ok(GroupLog { journal, undecided: extent.stable < extent.high_watermark })
}

/// Partitions with a record that the committed offsets do not reach past.
pub fn behind(topic: &str, records: &TopicRecords, offsets: &Offsets) -> Vec<i32> {
    let reached = |partition: i32, last: i64| {
        offsets.get(&(topic.to_owned(), partition)).is_some_and(|committed| committed.offset > last)
    };
    let ends = records.0.iter().filter_map(|(index, found)| Some((*index, found.last_offset?)));
    ends.filter(|(index, last)| !reached(*index, *last)).map(|(index, _)| index).collect()
}

/// Partitions of which the committed offset lies beyond the end of the log: nobody has read there.
pub fn beyond(topic: &str, records: &TopicRecords, offsets: &Offsets) -> Vec<i32> {
    let is_beyond = |(index, found): &(&i32, &PartitionRecords)| {
        let committed = offsets.get(&(topic.to_owned(), **index));
        committed.is_some_and(|committed| committed.offset > found.end)
    };
    records.0.iter().filter(is_beyond).map(|(index, _)| *index).collect()
}

/// Whether the topic holds records, and the group's committed offsets are past all of them.
pub async fn caught_up(client: &Client, group: &str, topic: &str) -> Result<bool, AskError> {
    let metadata = client.metadata().await?;
    let Some(records) = TopicRecords::read(client, &metadata, topic).await? else {
        return Ok(false);
    };
    let offsets = committed_offsets(client, group).await?;
    Ok(records.count() > 0 && behind(topic, &records, &offsets).is_empty())
}
