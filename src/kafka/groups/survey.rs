//! All groups of one coordinator at a glance: a few requests, however many groups there are.

use std::collections::BTreeMap;

use super::coordinator::patiently;
use super::description::members_by;
use super::listing::{GroupListing, GroupType, listed_by};
use super::offsets::{Offsets, committed_by};
use crate::kafka::ask::AskError;
use crate::kafka::client::Client;

/// States in which a group of any type has no members.
const WITHOUT_MEMBERS: [&str; 2] = ["Empty", "Dead"];

/// A group, as its coordinator tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyedGroup {
    /// How it is listed.
    pub listing: GroupListing,
    /// How many members it has; `None` where that is not told, as of share groups.
    pub members: Option<usize>,
    /// What it has committed, by topic and partition; `None` where that is not told.
    pub committed: Option<Offsets>,
}

/// The groups that the broker at `address` coordinates, in at most four requests.
///
/// The caller has seen that the broker is of this cluster, and that `__consumer_offsets` is there.
/// To `OffsetFetch` of several groups at once a broker answers from Kafka 3.0 on; of an older one
/// no committed offsets are told.
///
/// # Errors
/// A broker that does not list its groups. What it does not tell of a group that it has listed is
/// left out.
pub async fn survey(client: &Client, address: &str) -> Result<Vec<SurveyedGroup>, AskError> {
    let listed = patiently(client, || listed_by(client, address)).await?;
    let (classic, consumer, mut committed) = tokio::join!(
        members(client, address, &listed, GroupType::Classic),
        members(client, address, &listed, GroupType::Consumer),
        committed(client, address, &listed),
    );
    let surveyed = listed.into_iter().map(|listing| {
        let told = || classic.get(&listing.id).or_else(|| consumer.get(&listing.id)).copied();
        let members = if has_none(&listing) { Some(0) } else { told() };
        let committed = committed.remove(&listing.id);
        SurveyedGroup { listing, members, committed }
    });
    Ok(surveyed.collect())
}

fn has_none(group: &GroupListing) -> bool {
    WITHOUT_MEMBERS.contains(&group.state.as_str())
}

/// As what kind of group it can be described: before Kafka 3.8 its type is not told, and it is
/// classic as a rule. Share groups and Streams have requests of their own.
const fn described_as(group_type: GroupType) -> Option<GroupType> {
    match group_type {
        GroupType::Classic | GroupType::Unknown => Some(GroupType::Classic),
        GroupType::Consumer => Some(GroupType::Consumer),
        GroupType::Share | GroupType::Streams => None,
    }
}

async fn members(
    client: &Client,
    address: &str,
    listed: &[GroupListing],
    group_type: GroupType,
) -> BTreeMap<String, usize> {
    let meant = listed.iter().filter(|group| described_as(group.group_type) == Some(group_type));
    let ids: Vec<&str> = meant.filter(|g| !has_none(g)).map(|group| group.id.as_str()).collect();
    if ids.is_empty() {
        return BTreeMap::new();
    }
    members_by(client, address, &ids, group_type).await.unwrap_or_default()
}

async fn committed(
    client: &Client,
    address: &str,
    listed: &[GroupListing],
) -> BTreeMap<String, Offsets> {
    let ids: Vec<&str> = listed.iter().map(|group| group.id.as_str()).collect();
    if ids.is_empty() {
        return BTreeMap::new();
    }
    committed_by(client, address, &ids).await.unwrap_or_default()
}
