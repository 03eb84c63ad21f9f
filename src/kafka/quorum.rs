//! The quorum of controllers behind `__cluster_metadata`.

use kafka_protocol::messages::TopicName;
use kafka_protocol::messages::describe_quorum_request::{
    DescribeQuorumRequest, PartitionData, TopicData,
};
use kafka_protocol::messages::describe_quorum_response::DescribeQuorumResponse;
use kafka_protocol::protocol::StrBytes;

use super::ask::AskError;
use super::client::Client;

/// The name of the metadata topic; its only partition is 0.
pub const METADATA_TOPIC: &str = "__cluster_metadata";

const QUESTION: &str = "DescribeQuorumRequest";

/// `DescribeQuorum` (KIP-595) as the leader answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quorum {
    /// Node id of the active controller.
    pub leader: i32,
    /// Its epoch.
    pub epoch: i32,
    /// Records below this offset are committed.
    pub high_watermark: i64,
    /// Node ids of the voters.
    pub voters: Vec<i32>,
    /// Node ids of the observers: brokers, and controllers that do not vote.
    pub observers: Vec<i32>,
}

/// The active controller's address and quorum, found by asking the controller listeners. One that
/// does not lead answers `NOT_LEADER_OR_FOLLOWER`; one that leads since a moment is
/// [`AskError::Electing`].
pub async fn leading_controller(client: &Client) -> Result<(String, Quorum), AskError> {
    let leads = |address: &str, response| quorum_of(address, &response);
    client.ask_any(client.controllers(), &request(), leads).await
}

/// The quorum as a broker passes it on: any broker asks the active controller (KIP-595), so that no
/// controller listener has to be in reach.
pub async fn quorum(client: &Client) -> Result<Quorum, AskError> {
    let said = |address: &str, response| quorum_of(address, &response);
    Ok(client.ask_any(client.brokers(), &request(), said).await?.1)
}

/// The id of the active controller, as the quorum tells, or `ZooKeeper`; `None` while there is none.
pub async fn active_controller(client: &Client) -> Result<Option<i32>, AskError> {
    match client.zookeeper() {
        Some(zookeeper) => zookeeper.controller().await,
        None => Ok(Some(some_quorum(client).await?.leader)),
    }
}

/// The quorum as its leader tells it, or, where no controller listener is in reach, a broker.
pub async fn some_quorum(client: &Client) -> Result<Quorum, AskError> {
    if client.controllers().is_empty() {
        return quorum(client).await;
    }
    leading_controller(client).await.map(|(_, quorum)| quorum)
}

/// Whether a broker offers `DescribeQuorum`: one in `ZooKeeper` mode does not list it among its
/// requests.
pub async fn is_offered(client: &Client) -> Result<bool, AskError> {
    match client.ask_any(client.brokers(), &request(), |_, _| Ok(())).await {
        Ok(_) => Ok(true),
        Err(AskError::Unsupported { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

fn request() -> DescribeQuorumRequest {
    let partition = PartitionData::default().with_partition_index(0);
    let topic = TopicData::default()
        .with_topic_name(TopicName(StrBytes::from_static_str(METADATA_TOPIC)))
        .with_partitions(vec![partition]);
    DescribeQuorumRequest::default().with_topics(vec![topic])
}

fn quorum_of(address: &str, response: &DescribeQuorumResponse) -> Result<Quorum, AskError> {
    let refused =
        |code| AskError::Refused { address: address.to_owned(), question: QUESTION, code };
    if response.error_code != 0 {
        return Err(refused(response.error_code));
    }
    let partition =
        response.topics.first().and_then(|t| t.partitions.first()).ok_or_else(|| {
            AskError::Malformed {
                address: address.to_owned(),
                question: QUESTION,
                reason: "the answer has no partition".to_owned(),
            }
        })?;
    if partition.error_code != 0 {
        return Err(refused(partition.error_code));
    }
    // What a new leader says until its first record is committed (-1): taken for the end of the log
    // it would hide everything that ever happened.
    if partition.high_watermark <= 0 {
        return Err(AskError::Electing { address: address.to_owned(), question: QUESTION });
    }
    Ok(Quorum {
        leader: partition.leader_id.0,
        epoch: partition.leader_epoch,
        high_watermark: partition.high_watermark,
        voters: partition.current_voters.iter().map(|v| v.replica_id.0).collect(),
        observers: partition.observers.iter().map(|v| v.replica_id.0).collect(),
    })
}
