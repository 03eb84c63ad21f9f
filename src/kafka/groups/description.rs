//! One group with its members.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use kafka_protocol::messages::consumer_group_describe_response as consumer;
use kafka_protocol::messages::describe_groups_response as classic;
use kafka_protocol::messages::{
    ConsumerGroupDescribeRequest, ConsumerProtocolAssignment, DescribeGroupsRequest, GroupId,
};
use kafka_protocol::protocol::{Decodable, Message, StrBytes};

use super::coordinator::at_coordinator;
use super::listing::GroupType;
use super::{GROUP_ID_NOT_FOUND, accepted, answered};
use crate::kafka::ask::AskError;
use crate::kafka::client::Client;
use crate::kafka::shapes::CONSUMER_ASSIGNMENT;
use crate::kafka::varint::Reader;

const CLASSIC_QUESTION: &str = "DescribeGroupsRequest";

const CONSUMER_QUESTION: &str = "ConsumerGroupDescribeRequest";

/// `UNSUPPORTED_VERSION`: what a broker says of groups of a type that it does not have switched on.
const UNSUPPORTED_VERSION: i16 = 35;

/// How a classic group is described that does not exist, before `DescribeGroups` v6.
const DEAD: &str = "Dead";

/// What the consumers' own protocol is called in a classic group (`ConsumerProtocol.java`).
const CONSUMER_PROTOCOL: &str = "consumer";

/// Partitions by topic.
pub type Assignment = BTreeMap<String, BTreeSet<i32>>;

/// A group and who is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupDescription {
    /// [`GroupType::Classic`] or [`GroupType::Consumer`].
    pub group_type: GroupType,
    /// The state in Kafka's spelling: `Empty`, `Stable`, `PreparingRebalance`,
    /// `CompletingRebalance` (classic), `Assigning`, `Reconciling` (consumer).
    pub state: String,
    /// The assignor: `range`, `uniform`; empty in a classic group that is not stable.
    pub assignor: String,
    /// The members, in the broker's order.
    pub members: Vec<Member>,
}

/// A member of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The id that its coordinator, or from KIP-1082 on it itself, gave it.
    pub member_id: String,
    /// `group.instance.id` of a static member.
    pub instance_id: Option<String>,
    /// `client.id`.
    pub client_id: String,
    /// Where its connection came from: `/127.0.0.1`.
    pub host: String,
    /// The partitions that it has now; `None` where that is not told: a classic group tells it only
    /// while it is stable, and only consumers' assignments can be read.
    pub assigned: Option<Assignment>,
}

/// A group of consumers, classic or by KIP-848; `None` if there is no such group of either type.
///
/// Kafka 3.0 or later is needed.
pub async fn describe_group(
    client: &Client,
    group: &str,
) -> Result<Option<GroupDescription>, AskError> {
    let description = at_coordinator(client, group, |address| async move {
        match consumer_group(client, &address, group).await? {
            None => classic_group(client, &address, group).await,
            found => Ok(found),
        }
    });
    Ok(description.await?.flatten())
}

async fn consumer_group(
    client: &Client,
    address: &str,
    group: &str,
) -> Result<Option<GroupDescription>, AskError> {
    let response = match client.ask(address, consumer_request(&[group])).await {
        Ok(response) => response,
        // Before Kafka 3.7 there are classic groups only.
        Err(AskError::Unsupported { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let answer = response.groups.into_iter().find(|g| g.group_id.as_str() == group);
    let answer = answered(address, CONSUMER_QUESTION, answer)?;
    if [GROUP_ID_NOT_FOUND, UNSUPPORTED_VERSION].contains(&answer.error_code) {
        return Ok(None);
    }
    accepted(address, CONSUMER_QUESTION, answer.error_code)?;
    Ok(Some(GroupDescription::from(&answer)))
}

async fn classic_group(
    client: &Client,
    address: &str,
    group: &str,
) -> Result<Option<GroupDescription>, AskError> {
    let response = client.ask(address, classic_request(&[group])).await?;
    let answer = response.groups.into_iter().find(|g| g.group_id.as_str() == group);
    let answer = answered(address, CLASSIC_QUESTION, answer)?;
    if answer.error_code == GROUP_ID_NOT_FOUND {
        return Ok(None);
    }
    accepted(address, CLASSIC_QUESTION, answer.error_code)?;
    Ok((answer.group_state.as_str() != DEAD).then(|| GroupDescription::from(&answer)))
}

/// How many members each of several groups of consumers has, classic ones if not by KIP-848, of
/// those that the broker at `address` coordinates: in one request. One that it does not tell of,
/// for whatever reason, is left out.
pub(super) async fn members_by(
    client: &Client,
    address: &str,
    groups: &[&str],
    group_type: GroupType,
) -> Result<BTreeMap<String, usize>, AskError> {
    let told = if group_type == GroupType::Consumer {
        let response = client.ask(address, consumer_request(groups)).await?;
        let told = response.groups.iter().filter(|group| group.error_code == 0);
        told.map(|group| (group.group_id.to_string(), group.members.len())).collect()
    } else {
        let response = client.ask(address, classic_request(groups)).await?;
        let told = response.groups.iter().filter(|group| group.error_code == 0);
        told.map(|group| (group.group_id.to_string(), group.members.len())).collect()
    };
    Ok(told)
}

fn consumer_request(groups: &[&str]) -> ConsumerGroupDescribeRequest {
    ConsumerGroupDescribeRequest::default().with_group_ids(group_ids(groups))
}

fn classic_request(groups: &[&str]) -> DescribeGroupsRequest {
    DescribeGroupsRequest::default().with_groups(group_ids(groups))
}

fn group_ids(groups: &[&str]) -> Vec<GroupId> {
    groups.iter().map(|group| GroupId(StrBytes::from_string((*group).to_owned()))).collect()
}

impl From<&consumer::DescribedGroup> for GroupDescription {
    fn from(group: &consumer::DescribedGroup) -> Self {
        Self {
            group_type: GroupType::Consumer,
            state: group.group_state.to_string(),
            assignor: group.assignor_name.to_string(),
            members: group.members.iter().map(Member::from).collect(),
        }
    }
}

impl From<&consumer::Member> for Member {
    fn from(member: &consumer::Member) -> Self {
        let assigned = member.assignment.topic_partitions.iter();
        let assigned =
            assigned.map(|t| (t.topic_name.to_string(), t.partitions.iter().copied().collect()));
        Self {
            member_id: member.member_id.to_string(),
            instance_id: member.instance_id.as_ref().map(ToString::to_string),
            client_id: member.client_id.to_string(),
            host: member.client_host.to_string(),
            assigned: Some(assigned.collect()),
        }
    }
}

impl From<&classic::DescribedGroup> for GroupDescription {
    fn from(group: &classic::DescribedGroup) -> Self {
        let of_consumers = group.protocol_type.as_str() == CONSUMER_PROTOCOL;
        let members = group.members.iter().map(|member| {
            let assigned = of_consumers.then(|| assigned_by(&member.member_assignment)).flatten();
            Member {
                member_id: member.member_id.to_string(),
                instance_id: member.group_instance_id.as_ref().map(ToString::to_string),
                client_id: member.client_id.to_string(),
                host: member.client_host.to_string(),
                assigned,
            }
        });
        Self {
            group_type: GroupType::Classic,
            state: group.group_state.to_string(),
            assignor: group.protocol_data.to_string(),
            members: members.collect(),
        }
    }
}

/// An assignment as the group's leader wrote it: INT16 version, then `ConsumerProtocolAssignment`.
/// A later version begins like the latest known one (`ConsumerProtocol.java`).
fn assigned_by(bytes: &Bytes) -> Option<Assignment> {
    let mut reader = Reader::new(bytes);
    let known = ConsumerProtocolAssignment::VERSIONS;
    let version = reader.int16().ok().filter(|version| *version >= known.min)?.min(known.max);
    let mut body = bytes.slice(reader.position()..);
    CONSUMER_ASSIGNMENT.pass(&mut reader, version).ok()?;
    let assignment = ConsumerProtocolAssignment::decode(&mut body, version).ok()?;
    let mut assigned = Assignment::new();
    for topic in assignment.assigned_partitions {
        assigned.entry(topic.topic.to_string()).or_default().extend(topic.partitions);
    }
    Some(assigned)
}

#[cfg(test)]
mod tests;
