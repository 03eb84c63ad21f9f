//! One look at what a cluster holds.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::future::join_all;

use super::lines::{self, Offsets};
use super::{Contents, GroupLine};
use crate::engine::cluster::Cluster;
use crate::kafka::ask::AskError;
use crate::kafka::client::Client;
use crate::kafka::groups::{OFFSETS_TOPIC, SurveyedGroup, survey};
use crate::kafka::metadata::{Broker, Metadata, Topic};
use crate::kafka::offsets::{Which, list_offsets};
use crate::kafka::quorum::active_controller;

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Of no more topics, in the order of their names, are offsets asked.
const TOPICS: usize = 200;

/// Nor of those that would bring the partitions above this.
const PARTITIONS: usize = 4000;

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
        let well =
            *whole && expected.all(|node| node.node_id.is_some_and(|id| brokers.contains(&id)));
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
        let (controller, metadata) =
            tokio::join!(active_controller(client), client.metadata_with_source());
        let (witness, metadata) = metadata?;
        let places = places_by_leader(&metadata);
        let has_groups = metadata.topics.contains_key(OFFSETS_TOPIC);
        let told = metadata.brokers.values().map(|broker| async {
            let places = places.get(&broker.id);
            told_by(client, broker, *broker.address != witness, places, has_groups).await.ok()
        });
        let told = join_all(told).await.into_iter().map(Option::unwrap_or_default);
        let told = told.reduce(ByBroker::and).unwrap_or_default();
        let lines = told.groups.iter().map(|group| lines::group(group, &told.ends)).collect();
        let groups = self.remember(lines, told.whole && all_led(&metadata));
        let contents = Contents {
            controller: controller.ok().flatten(),
            brokers: metadata.brokers.values().map(lines::broker).collect(),
            topics: lines::topics(&metadata, &told.starts, &told.ends),
            groups,
        };
        Ok(Seen { contents, whole: told.whole })
    }

    /// Groups by id; those that are not told of although they may be there are in an
    /// unknown state.
    fn remember(&mut self, told: Vec<GroupLine>, whole: bool) -> Vec<GroupLine> {
        let mut groups: BTreeMap<String, GroupLine> =
            told.into_iter().map(|group| (group.id.clone(), group)).collect();
        if !whole {
            for id in &self.groups {
                groups.entry(id.clone()).or_insert_with(|| lines::unknown_group(id));
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

/// The partitions whose offsets are asked for, by the broker that leads them.
fn places_by_leader(metadata: &Metadata) -> BTreeMap<i32, Places<'_>> {
    let mut places: BTreeMap<i32, Places<'_>> = BTreeMap::new();
    let mut partitions = 0;
    let few_enough = |(_, topic): &(&String, &Topic)| {
        partitions += topic.partitions.len();
        partitions <= PARTITIONS
    };
    for (name, topic) in lines::learners(metadata).take(TOPICS).take_while(few_enough) {
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
