//! Changes a cluster: what seeding and tests need.

use std::time::Duration;

use kafka_protocol::messages::TopicName;
use kafka_protocol::messages::create_topics_request::{CreatableTopic, CreateTopicsRequest};
use kafka_protocol::protocol::StrBytes;

use super::ask::AskError;
use super::client::Client;

/// How long the controller may take for a change.
const CHANGE_TIMEOUT: Duration = Duration::from_secs(10);

/// A topic to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTopic {
    /// Its name.
    pub name: String,
    /// Number of partitions; at least 1.
    pub partitions: i32,
    /// Replicas of every partition; at least 1.
    pub replication_factor: i16,
}

/// Creates topics; the broker at `address` forwards to the controller.
pub async fn create_topics(
    client: &Client,
    address: &str,
    topics: &[NewTopic],
) -> Result<(), AskError> {
    let creatable = topics.iter().map(|t| {
        CreatableTopic::default()
            .with_name(topic_name(&t.name))
            .with_num_partitions(t.partitions)
            .with_replication_factor(t.replication_factor)
    });
    let request = CreateTopicsRequest::default()
        .with_topics(creatable.collect())
        .with_timeout_ms(millis(CHANGE_TIMEOUT));
    let response = client.ask(address, request).await?;
    let codes = topics.iter().map(|asked| {
        let answered = response.topics.iter().find(|t| t.name.as_str() == asked.name);
        answered.map(|t| t.error_code)
    });
    all_done(address, "CreateTopicsRequest", codes)
}

/// Whether everything that was asked for has an answer, and a good one.
fn all_done(
    address: &str,
    question: &'static str,
    codes: impl IntoIterator<Item = Option<i16>>,
) -> Result<(), AskError> {
    let address = address.to_owned();
    match codes.into_iter().find(|code| *code != Some(0)) {
        Some(Some(code)) => Err(AskError::Refused { address, question, code }),
        Some(None) => {
            let reason = "the answer leaves out something that was asked for".to_owned();
            Err(AskError::Malformed { address, question, reason })
        }
        None => Ok(()),
    }
}

fn topic_name(name: &str) -> TopicName {
    TopicName(StrBytes::from_string(name.to_owned()))
}

fn millis(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX)
}
