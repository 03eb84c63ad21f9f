//! Who answers for a group, without changing anything by looking.

use std::time::Duration;

use kafka_protocol::messages::find_coordinator_request::FindCoordinatorRequest;
use kafka_protocol::protocol::StrBytes;
use tokio::time::{Instant, sleep};

use super::{accepted, answered};
use crate::kafka::ask::AskError;
use crate::kafka::client::Client;
use crate::kafka::metadata::{Metadata, Topic};

/// The topic that groups live in (`Topic.GROUP_METADATA_TOPIC_NAME`).
pub const OFFSETS_TOPIC: &str = "__consumer_offsets";

const QUESTION: &str = "FindCoordinatorRequest";

/// The `key_type` of a group, whatever its type (`FindCoordinatorRequest.json`).
const GROUP: i8 = 0;

/// What Metadata has of a partition without a leader.
const LEADER_NOT_AVAILABLE: i16 = 5;

/// What passes by itself while a coordinator moves or comes to be: besides the one above,
/// `COORDINATOR_LOAD_IN_PROGRESS`, `COORDINATOR_NOT_AVAILABLE` and `NOT_COORDINATOR`.
const PASSING: [i16; 4] = [LEADER_NOT_AVAILABLE, 14, 15, 16];

/// The first wait before a question is asked again; each is twice the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(5);

/// A cluster that has groups, as one of its brokers sees it.
pub struct Coordinators {
    witness: String,
    metadata: Metadata,
}

impl Coordinators {
    /// The brokers of this cluster; `None` while there is no `__consumer_offsets`, and so no group.
    pub async fn of(client: &Client) -> Result<Option<Self>, AskError> {
        let (witness, metadata) = client.metadata_with_source().await?;
        let has_groups = metadata.topics.contains_key(OFFSETS_TOPIC);
        Ok(has_groups.then_some(Self { witness, metadata }))
    }

    /// The address of a group's coordinator.
    pub async fn of_group(&self, client: &Client, group: &str) -> Result<String, AskError> {
        let key = StrBytes::from_string(group.to_owned());
        let request =
            FindCoordinatorRequest::default().with_key_type(GROUP).with_coordinator_keys(vec![key]);
        let response = client.ask(&self.witness, request).await?;
        let answer = response.coordinators.iter().find(|c| c.key.as_str() == group);
        let coordinator = answered(&self.witness, QUESTION, answer)?;
        accepted(&self.witness, QUESTION, coordinator.error_code)?;
        // Where it lives is Metadata's to say: no answer leads to a node outside the cluster.
        let listed = self.metadata.brokers.get(&coordinator.node_id.0);
        let broker = listed.ok_or_else(|| AskError::Malformed {
            address: self.witness.clone(),
            question: QUESTION,
            reason: format!(
                "node {} is named, which is not among the live brokers",
                coordinator.node_id.0
            ),
        })?;
        self.verified(client, &broker.address).await
    }

    /// The addresses of all coordinators; an error while some group has none.
    pub async fn all(&self, client: &Client) -> Result<Vec<String>, AskError> {
        let brokers = &self.metadata.brokers;
        let led = |topic: &Topic| {
            let mut leaders = topic.partitions.values().map(|partition| partition.leader);
            leaders.all(|leader| leader.is_some_and(|id| brokers.contains_key(&id)))
        };
        if !self.metadata.topics.get(OFFSETS_TOPIC).is_some_and(led) {
            accepted(&self.witness, "MetadataRequest", LEADER_NOT_AVAILABLE)?;
        }
        let mut addresses = Vec::new();
        for broker in brokers.values() {
            addresses.push(self.verified(client, &broker.address).await?);
        }
        Ok(addresses)
    }

    /// The address, if a broker of this cluster answers there: a broker that went a moment ago is
    /// still listed, and another program may listen in its place.
    async fn verified(&self, client: &Client, address: &str) -> Result<String, AskError> {
        if address != self.witness {
            client.metadata_of(address).await?;
        }
        Ok(address.to_owned())
    }
}

/// Asks again while coordinators move, for up to half of the client's patience.
///
/// Not of an `AsyncFn`: what is made of one cannot be sent to another thread (rust-lang/rust#110338).
pub async fn patiently<T, F>(client: &Client, ask: impl Fn() -> F) -> Result<T, AskError>
where
    F: Future<Output = Result<T, AskError>>,
{
    let deadline = Instant::now() + client.patience() / 2;
    let mut pause = FIRST_PAUSE;
    loop {
        let answer = ask().await;
        let code = answer.as_ref().err().and_then(AskError::code);
        let passes = code.is_some_and(|code| PASSING.contains(&code));
        if !passes || Instant::now() + pause >= deadline {
            return answer;
        }
        sleep(pause).await;
        pause *= 2;
    }
}

/// Asks a group's coordinator; `None` where the cluster has no groups at all.
pub async fn at_coordinator<T, F>(
    client: &Client,
    group: &str,
    ask: impl Fn(String) -> F,
) -> Result<Option<T>, AskError>
where
    F: Future<Output = Result<T, AskError>>,
{
    patiently(client, || async {
        let Some(coordinators) = Coordinators::of(client).await? else { return Ok(None) };
        let address = coordinators.of_group(client, group).await?;
        ask(address).await.map(Some)
    })
    .await
}
