//! Where a partition's log begins and ends, asked at its leader.

use std::collections::BTreeMap;

use kafka_protocol::messages::list_offsets_request::{
    ListOffsetsPartition, ListOffsetsRequest, ListOffsetsTopic,
};
use kafka_protocol::messages::{BrokerId, TopicName};
use kafka_protocol::protocol::StrBytes;

use super::ask::AskError;
use super::client::Client;

const QUESTION: &str = "ListOffsetsRequest";

/// Which offset is asked for, as `ListOffsets` spells it in place of a timestamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The first offset that is still there: the log start offset.
    Earliest,
    /// The offset after the last record, transactions that are not decided yet included.
    Latest,
}

impl Which {
    const fn timestamp(self) -> i64 {
        match self {
            Self::Earliest => -2,
            Self::Latest => -1,
        }
    }
}

/// One offset of a partition. An answer also proves that the leader serves the partition: metadata
/// alone may run ahead of it.
pub async fn list_offset(
    client: &Client,
    leader: &str,
    topic: &str,
    partition: i32,
    which: Which,
) -> Result<i64, AskError> {
    let asked = BTreeMap::from([(topic, vec![partition])]);
    let response = client.ask(leader, request(&asked, which)).await?;
    let malformed = |reason: String| AskError::Malformed {
        address: leader.to_owned(),
        question: QUESTION,
        reason,
    };
    let answers = response.topics.iter().flat_map(|t| &t.partitions);
    let answer = answers.into_iter().find(|p| p.partition_index == partition);
    let answer = answer.ok_or_else(|| malformed("the answer has no partition".to_owned()))?;
    match (answer.error_code, answer.offset) {
        (0, offset @ 0..) => Ok(offset),
        // A partition whose leader does not know its end yet has no offset (-1).
        (0, offset) => Err(malformed(format!("an offset of 0 or more expected, {offset} found"))),
        (code, _) => {
            let address = leader.to_owned();
            Err(AskError::Refused { address, question: QUESTION, code })
        }
    }
}

/// One offset of each of several partitions, by topic, that one broker leads: in one request. Those
/// that it tells no offset of, for whatever reason, are left out.
pub async fn list_offsets(
    client: &Client,
    leader: &str,
    partitions: &BTreeMap<&str, Vec<i32>>,
    which: Which,
) -> Result<BTreeMap<(String, i32), i64>, AskError> {
    let response = client.ask(leader, request(partitions, which)).await?;
    let offsets = response.topics.iter().flat_map(|topic| {
        let told = topic.partitions.iter().filter(|p| p.error_code == 0 && p.offset >= 0);
        told.map(|p| ((topic.name.to_string(), p.partition_index), p.offset))
    });
    Ok(offsets.collect())
}

fn request(partitions: &BTreeMap<&str, Vec<i32>>, which: Which) -> ListOffsetsRequest {
    let partition = |index: &i32| {
        ListOffsetsPartition::default()
            .with_partition_index(*index)
            .with_current_leader_epoch(-1)
            .with_timestamp(which.timestamp())
    };
    let topics = partitions.iter().map(|(topic, partitions)| {
        ListOffsetsTopic::default()
            .with_name(TopicName(StrBytes::from_string((*topic).to_owned())))
            .with_partitions(partitions.iter().map(partition).collect())
    });
    ListOffsetsRequest::default().with_replica_id(BrokerId(-1)).with_topics(topics.collect())
}
