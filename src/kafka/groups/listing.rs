//! All groups of a cluster.

use std::collections::BTreeMap;

use futures::future::try_join_all;
use kafka_protocol::messages::ListGroupsRequest;
use kafka_protocol::messages::list_groups_response::ListedGroup;

use super::accepted;
use super::coordinator::{Coordinators, patiently};
use crate::kafka::ask::AskError;
use crate::kafka::client::Client;

const QUESTION: &str = "ListGroupsRequest";

/// A group, as its coordinator lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupListing {
    /// The group id.
    pub id: String,
    /// By which protocol its members work together.
    pub group_type: GroupType,
    /// The state in Kafka's spelling (`Stable`, `Empty`); empty before Kafka 2.6.
    pub state: String,
    /// `consumer` for consumers of either type, `connect` for Connect workers, `share` for share
    /// groups; empty where there are offsets and never was a member.
    pub protocol_type: String,
}

/// By which protocol the members of a group work together (`GroupType.java`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupType {
    /// The members' leader assigns partitions.
    Classic,
    /// The broker assigns partitions (KIP-848).
    Consumer,
    /// Members share partitions (KIP-932).
    Share,
    /// A Kafka Streams application (KIP-1071).
    Streams,
    /// One that came later than this program, or a broker before Kafka 3.8, which does not say.
    Unknown,
}

impl GroupType {
    fn of(name: &str) -> Self {
        let known = [
            ("classic", Self::Classic),
            ("consumer", Self::Consumer),
            ("share", Self::Share),
            ("streams", Self::Streams),
        ];
        let named = known.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        named.map_or(Self::Unknown, |(_, group_type)| group_type)
    }
}

/// All groups of the cluster, by id: every live broker lists those that it coordinates.
///
/// # Errors
/// A broker that does not answer, or a part of `__consumer_offsets` without a leader: a list with a
/// hole would tell of groups that are gone.
pub async fn list_groups(client: &Client) -> Result<Vec<GroupListing>, AskError> {
    patiently(client, || async {
        let Some(coordinators) = Coordinators::of(client).await? else { return Ok(Vec::new()) };
        let addresses = coordinators.all(client).await?;
        let lists = try_join_all(addresses.iter().map(|address| listed_by(client, address)));
        let groups = lists.await?.into_iter().flatten().map(|group| (group.id.clone(), group));
        // A group that moves between two answers is in both.
        Ok(groups.collect::<BTreeMap<_, _>>().into_values().collect())
    })
    .await
}

/// The groups that one broker coordinates.
pub(super) async fn listed_by(
    client: &Client,
    address: &str,
) -> Result<Vec<GroupListing>, AskError> {
    let response = client.ask(address, ListGroupsRequest::default()).await?;
    accepted(address, QUESTION, response.error_code)?;
    Ok(response.groups.iter().map(GroupListing::from).collect())
}

impl From<&ListedGroup> for GroupListing {
    fn from(group: &ListedGroup) -> Self {
        Self {
            id: group.group_id.to_string(),
            group_type: GroupType::of(&group.group_type),
            state: group.group_state.to_string(),
            protocol_type: group.protocol_type.to_string(),
        }
    }
}
