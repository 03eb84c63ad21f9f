//! What brokers tell, as lines that a screen can show.

use std::collections::BTreeMap;

use super::{BrokerLine, GroupLine, PartitionLine, TopicLine};
use crate::kafka::groups::{CommittedOffset, SurveyedGroup};
use crate::kafka::metadata::{Broker, Metadata, Topic};
use crate::printable;

/// The state of a group that cannot be told, as Kafka's own tools have it (`GroupState.java`).
const UNKNOWN: &str = "Unknown";

/// Offsets by topic and partition.
pub(super) type Offsets = BTreeMap<(String, i32), i64>;

/// The learner's topics, by name.
pub(super) fn learners(metadata: &Metadata) -> impl Iterator<Item = (&String, &Topic)> {
    metadata.topics.iter().filter(|(_, topic)| !topic.internal)
}

pub(super) fn broker(broker: &Broker) -> BrokerLine {
    BrokerLine { id: broker.id, address: printable::name(&broker.address) }
}

/// The learner's topics with what is known of where their partitions begin and end.
pub(super) fn topics(metadata: &Metadata, starts: &Offsets, ends: &Offsets) -> Vec<TopicLine> {
    let line = |(name, topic): (&String, &Topic)| {
        let partitions = topic.partitions.iter().map(|(&index, partition)| {
            let place = (name.clone(), index);
            let (start, end) = (starts.get(&place), ends.get(&place));
            let leader = partition.leader;
            PartitionLine { index, leader, start: start.copied(), end: end.copied() }
        });
        TopicLine { name: printable::name(name), partitions: partitions.collect() }
    };
    learners(metadata).map(line).collect()
}

pub(super) fn group(group: &SurveyedGroup, ends: &Offsets) -> GroupLine {
    GroupLine {
        id: printable::name(&group.listing.id),
        state: printable::name(&group.listing.state),
        members: group.members,
        lag: lag(group, ends),
    }
}

/// A group that was there and is not told of.
pub(super) fn unknown_group(id: &str) -> GroupLine {
    GroupLine { id: id.to_owned(), state: UNKNOWN.to_owned(), members: None, lag: None }
}

/// How many records there are beyond what a group has committed. Where a topic was made anew, it
/// may have committed more than there is: then it is none.
fn lag(group: &SurveyedGroup, ends: &Offsets) -> Option<u64> {
    let committed = group.committed.as_ref().filter(|committed| !committed.is_empty())?;
    let behind = |(place, committed): (&(String, i32), &CommittedOffset)| {
        let behind = ends.get(place)?.saturating_sub(committed.offset);
        Some(u64::try_from(behind).unwrap_or_default())
    };
    committed.iter().map(behind).try_fold(0, |sum: u64, behind| Some(sum.saturating_add(behind?)))
}
