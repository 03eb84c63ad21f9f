//! The offsets that a group has committed.

use std::collections::BTreeMap;

use kafka_protocol::messages::GroupId;
use kafka_protocol::messages::offset_fetch_request::{OffsetFetchRequest, OffsetFetchRequestGroup};
use kafka_protocol::messages::offset_fetch_response::{
    OffsetFetchResponseGroup, OffsetFetchResponsePartitions,
};
use kafka_protocol::protocol::StrBytes;

use super::coordinator::at_coordinator;
use super::{GROUP_ID_NOT_FOUND, accepted, answered};
use crate::kafka::ask::AskError;
use crate::kafka::client::Client;

const QUESTION: &str = "OffsetFetchRequest";

/// The last version that names topics instead of giving topic ids.
const BY_NAME: i16 = 9;

/// Where a group goes on reading a partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommittedOffset {
    /// The offset of the next record to be read: one more than the last one that was.
    pub offset: i64,
    /// The leader epoch of the last record that was read, where the consumer gave one.
    pub leader_epoch: Option<i32>,
    /// What the consumer wrote beside it; empty as a rule.
    pub metadata: String,
}

/// Committed offsets by topic and partition.
pub(super) type Offsets = BTreeMap<(String, i32), CommittedOffset>;

/// All offsets that a group has committed, by topic and partition; none where there is no such
/// group. Those of an open transaction do not count yet.
///
/// Kafka 3.0 or later is needed.
pub async fn committed_offsets(client: &Client, group: &str) -> Result<Offsets, AskError> {
    let offsets = at_coordinator(client, group, |address| async move {
        let response = client.ask_up_to(&address, request(&[group]), BY_NAME).await?;
        let answer = response.groups.iter().find(|g| g.group_id.as_str() == group);
        offsets_of(&address, answered(&address, QUESTION, answer)?)
    });
    Ok(offsets.await?.unwrap_or_default())
}

/// What several groups have committed, of those that the broker at `address` coordinates: in one
/// request. One that it does not tell of, for whatever reason, is left out.
pub(super) async fn committed_by(
    client: &Client,
    address: &str,
    groups: &[&str],
) -> Result<BTreeMap<String, Offsets>, AskError> {
    let response = client.ask_up_to(address, request(groups), BY_NAME).await?;
    let told = response
        .groups
        .iter()
        .filter_map(|group| Some((group.group_id.to_string(), offsets_of(address, group).ok()?)));
    Ok(told.collect())
}

fn request(groups: &[&str]) -> OffsetFetchRequest {
    let groups = groups.iter().map(|group| {
        OffsetFetchRequestGroup::default()
            .with_group_id(GroupId(StrBytes::from_string((*group).to_owned())))
            .with_topics(None)
    });
    OffsetFetchRequest::default().with_groups(groups.collect())
}

fn offsets_of(address: &str, group: &OffsetFetchResponseGroup) -> Result<Offsets, AskError> {
    if group.error_code == GROUP_ID_NOT_FOUND {
        return Ok(BTreeMap::new());
    }
    accepted(address, QUESTION, group.error_code)?;
    let mut offsets = BTreeMap::new();
    for topic in &group.topics {
        for partition in &topic.partitions {
            accepted(address, QUESTION, partition.error_code)?;
            // -1 is "none".
            if partition.committed_offset >= 0 {
                let place = (topic.name.to_string(), partition.partition_index);
                offsets.insert(place, CommittedOffset::from(partition));
            }
        }
    }
    Ok(offsets)
}

impl From<&OffsetFetchResponsePartitions> for CommittedOffset {
    fn from(partition: &OffsetFetchResponsePartitions) -> Self {
        let epoch = partition.committed_leader_epoch;
        Self {
            offset: partition.committed_offset,
            leader_epoch: (epoch >= 0).then_some(epoch),
            metadata: partition.metadata.as_ref().map(ToString::to_string).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use kafka_protocol::messages::TopicName;
    use kafka_protocol::messages::offset_fetch_response::OffsetFetchResponseTopics;

    use super::*;

    fn group(partitions: Vec<OffsetFetchResponsePartitions>) -> OffsetFetchResponseGroup {
        let topic = OffsetFetchResponseTopics::default()
            .with_name(TopicName(StrBytes::from_static_str("t")))
            .with_partitions(partitions);
        OffsetFetchResponseGroup::default().with_topics(vec![topic])
    }

    fn partition(index: i32, offset: i64) -> OffsetFetchResponsePartitions {
        OffsetFetchResponsePartitions::default()
            .with_partition_index(index)
            .with_committed_offset(offset)
    }

    #[test]
    fn an_offset_is_told_with_what_stands_beside_it() {
        let text = "\u{1b}]0;中\0".to_owned();
        let partitions = vec![
            partition(0, 0).with_metadata(None),
            partition(1, -1),
            partition(2, 7)
                .with_committed_leader_epoch(3)
                .with_metadata(Some(StrBytes::from_string(text.clone()))),
        ];
        let first = CommittedOffset { offset: 0, leader_epoch: None, metadata: String::new() };
        let third = CommittedOffset { offset: 7, leader_epoch: Some(3), metadata: text };
        let expected = BTreeMap::from([(("t".to_owned(), 0), first), (("t".to_owned(), 2), third)]);
        assert_eq!(offsets_of("a:1", &group(partitions)), Ok(expected));
    }

    #[test]
    fn one_partition_that_cannot_be_told_is_an_error() {
        let group = group(vec![partition(0, 7), partition(1, -1).with_error_code(88)]);
        assert_eq!(offsets_of("a:1", &group).unwrap_err().code(), Some(88));
    }
}
