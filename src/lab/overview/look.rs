//! One look at what a cluster holds.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::future::join_all;

use super::{BrokerLine, Contents, GroupLine, PartitionLine, TopicLine};
use crate::engine::cluster::Cluster;
use crate::kafka::ask::AskError;
use crate::kafka::client::Client;
use crate::kafka::groups::{CommittedOffset, OFFSETS_TOPIC, SurveyedGroup, survey};
use crate::kafka::metadata::{Broker, Metadata, Topic};
use crate::kafka::offsets::{Which, list_offsets};
use crate::kafka::quorum::leading_controller;
use crate::printable;

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Of no more topics, in the order of their names, are offsets asked.
const TOPICS: usize = 200;

/// Nor of those that would bring the partitions above this.
const PARTITIONS: usize = 4000;

/// The state of a group that cannot be told, as Kafka's own tools have it (`GroupState.java`).
const UNKNOWN: &str = "Unknown";

/// Offsets by topic and partition.
type Offsets = BTreeMap<(String, i32), i64>;

/// Partitions by topic.
type Places<'a> = BTreeMap<&'a str, Vec<i32>>;

/// What a look has shown.
pub(super) struct Seen {
    pub contents: Contents,
    /// Whether every broker that is listed answers and lists its groups.
    whole: bool,
}

/// What of a look may have to do with the state of a node.
#[derive(PartialEq, Eq)]
pub(super) struct Signs {
    /// The brokers and the controller of a cluster that answers.
    told: Option<(BTreeSet<i32>, Option<i32>)>,
    well: bool,
}

impl Signs {
    pub fn of(seen: &Result<Seen, AskError>, cluster: &Cluster) -> Self {
        let Ok(Seen { contents, whole }) = seen else { return Self { told: None, well: false } };
        let brokers: BTreeSet<i32> = contents.brokers.iter().map(|broker| broker.id).collect();
        let mut expected = cluster.nodes.iter().filter(|node| node.address.is_some());
        let well = *whole && expected.all(|node| brokers.contains(&node.node_id));
        Self { told: Some((brokers, contents.controller)), well }
    }

    /// Whether every broker of the cluster answers.
    pub const fn all_is_well(&self) -> bool {
        self.well
    }
}

/// Looks at one cluster again and again over the same connections.
pub(super) struct Looker {
    client: Client,
    /// The groups that there were when it was last known.
    groups: BTreeSet<String>,
}

impl Looker {
    pub fn at(cluster: &Cluster) -> Self {
        Self { client: cluster.client(PATIENCE), groups: BTreeSet::new() }
    }

    /// What there is. Whatever one broker of several does not tell is left out.
    pub async fn look(&mut self) -> Result<Seen, AskError> {
        let client = &self.client;
        let (quorum, metadata) =
            tokio::join!(leading_controller(client), client.metadata_with_source());
        let (witness, metadata) = metadata?;
        let places = places_by_leader(&metadata);
        let has_groups = metadata.topics.contains_key(OFFSETS_TOPIC);
        let told = metadata.brokers.values().map(|broker| async {
            let places = places.get(&broker.id);
            told_by(client, broker, *broker.address != witness, places, has_groups).await.ok()
        });
        let told = join_all(told).await.into_iter().map(Option::unwrap_or_default);
        let told = told.reduce(ByBroker::and).unwrap_or_default();
        let lines = told.groups.iter().map(|group| group_line(group, &told.ends)).collect();
        let groups = self.remember(lines, told.whole && all_led(&metadata));
        let contents = Contents {
            controller: quorum.ok().map(|(_, quorum)| quorum.leader),
            brokers: metadata.brokers.values().map(broker_line).collect(),
            topics: topic_lines(&metadata, &told),
            groups,
        };
        Ok(Seen { contents, whole: told.whole })
    }

    /// Groups by id; those that are not told of although they may be there are [`UNKNOWN`].
    fn remember(&mut self, told: Vec<GroupLine>, whole: bool) -> Vec<GroupLine> {
        let mut groups: BTreeMap<String, GroupLine> =
            told.into_iter().map(|group| (group.id.clone(), group)).collect();
        if !whole {
            for id in &self.groups {
                let line = || GroupLine {
                    id: id.clone(),
                    state: UNKNOWN.to_owned(),
                    members: None,
                    lag: None,
                };
                groups.entry(id.clone()).or_insert_with(line);
            }
        }
        self.groups = groups.keys().cloned().collect();
        groups.into_values().collect()
    }
}

/// What brokers tell of what they lead.
#[derive(Default)]
struct ByBroker {
    starts: Offsets,
    ends: Offsets,
    groups: Vec<SurveyedGroup>,
    /// Whether each of them answers and lists its groups.
    whole: bool,
}

impl ByBroker {
    fn and(mut self, other: Self) -> Self {
        self.whole &= other.whole;
        self.starts.extend(other.starts);
        self.ends.extend(other.ends);
        self.groups.extend(other.groups);
        self
    }
}

/// What one broker tells.
///
/// # Errors
/// It does not answer, or is of another cluster. What else it does not tell is left out.
async fn told_by(
    client: &Client,
    broker: &Broker,
    is_stranger: bool,
    places: Option<&Places<'_>>,
    has_groups: bool,
) -> Result<ByBroker, AskError> {
    let address = &broker.address;
    if is_stranger {
        // A broker that went a moment ago is still listed, and another program may listen there.
        client.metadata_of(address).await?;
    }
    let offsets = async |which| match places {
        Some(places) => list_offsets(client, address, places, which).await.unwrap_or_default(),
        None => Offsets::new(),
    };
    let groups = async {
        // Without the topic there is no group, and a question about one might make the topic.
        if has_groups { survey(client, address).await } else { Ok(Vec::new()) }
    };
    let (starts, ends, groups) =
        tokio::join!(offsets(Which::Earliest), offsets(Which::Latest), groups);
    Ok(ByBroker { starts, ends, whole: groups.is_ok(), groups: groups.unwrap_or_default() })
}

/// The learner's topics, by name.
fn learners(metadata: &Metadata) -> impl Iterator<Item = (&String, &Topic)> {
    metadata.topics.iter().filter(|(_, topic)| !topic.internal)
}

/// The partitions whose offsets are asked for, by the broker that leads them.
fn places_by_leader(metadata: &Metadata) -> BTreeMap<i32, Places<'_>> {
    let mut places: BTreeMap<i32, Places<'_>> = BTreeMap::new();
    let mut partitions = 0;
    let few_enough = |(_, topic): &(&String, &Topic)| {
        partitions += topic.partitions.len();
        partitions <= PARTITIONS
    };
    for (name, topic) in learners(metadata).take(TOPICS).take_while(few_enough) {
        for (index, partition) in &topic.partitions {
            if let Some(leader) = partition.leader {
                places.entry(leader).or_default().entry(name).or_default().push(*index);
            }
        }
    }
    places
}

/// Whether every group has a coordinator.
fn all_led(metadata: &Metadata) -> bool {
    let led = |topic: &Topic| {
        let mut leaders = topic.partitions.values().map(|partition| partition.leader);
        leaders.all(|leader| leader.is_some_and(|id| metadata.brokers.contains_key(&id)))
    };
    metadata.topics.get(OFFSETS_TOPIC).is_none_or(led)
}

fn broker_line(broker: &Broker) -> BrokerLine {
    BrokerLine { id: broker.id, address: printable::name(&broker.address) }
}

fn topic_lines(metadata: &Metadata, told: &ByBroker) -> Vec<TopicLine> {
    let line = |(name, topic): (&String, &Topic)| {
        let partitions = topic.partitions.iter().map(|(&index, partition)| {
            let place = (name.clone(), index);
            let (start, end) = (told.starts.get(&place), told.ends.get(&place));
            let leader = partition.leader;
            PartitionLine { index, leader, start: start.copied(), end: end.copied() }
        });
        TopicLine { name: printable::name(name), partitions: partitions.collect() }
    };
    learners(metadata).map(line).collect()
}

fn group_line(group: &SurveyedGroup, ends: &Offsets) -> GroupLine {
    GroupLine {
        id: printable::name(&group.listing.id),
        state: printable::name(&group.listing.state),
        members: group.members,
        lag: lag(group, ends),
    }
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
