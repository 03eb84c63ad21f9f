//! What one round of checks sees: each fact is fetched at most once, when first asked for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, OnceCell};
use tokio::time::Instant;
use uuid::Uuid;

use crate::kafka::ask::AskError;
use crate::kafka::client::Client;
use crate::kafka::journal::History;
use crate::kafka::journal::reader::JournalReader;
use crate::kafka::metadata::Metadata;

/// The facts of one round. Checks share it; a fact that cannot be had is the same error to all.
#[derive(Debug)]
pub struct Snapshot<'a> {
    client: &'a Client,
    journal: &'a Journal,
    answers: &'a BTreeMap<String, String>,
    metadata: OnceCell<Result<Arc<Metadata>, AskError>>,
    history: OnceCell<Result<Arc<History>, AskError>>,
}

/// The metadata journal as read so far; kept from round to round, so that only news are fetched.
#[derive(Debug, Default)]
pub struct Journal(Mutex<JournalReader>);

impl Journal {
    async fn catch_up(&self, client: &Client) -> Result<Arc<History>, AskError> {
        self.0.lock().await.catch_up(client).await
    }
}

/// How often a broker that is behind is asked again.
const LAG_INTERVAL: Duration = Duration::from_millis(5);

impl<'a> Snapshot<'a> {
    /// A round over `client`, with the learner's typed answers by field.
    pub fn new(
        client: &'a Client,
        journal: &'a Journal,
        answers: &'a BTreeMap<String, String>,
    ) -> Self {
        Self { client, journal, answers, metadata: OnceCell::new(), history: OnceCell::new() }
    }

    /// Brokers and topics as they are now: not before the broker that answers has applied what the
    /// controller has committed.
    pub async fn metadata(&self) -> Result<Arc<Metadata>, AskError> {
        self.metadata.get_or_init(|| self.metadata_caught_up()).await.clone()
    }

    /// A broker follows the metadata log a few milliseconds behind: who asks at once after a change
    /// is shown the state before it, and twice the same. Where the journal can be read, the answer
    /// is therefore held against it.
    async fn metadata_caught_up(&self) -> Result<Arc<Metadata>, AskError> {
        let deadline = Instant::now() + self.client.patience() / 2;
        let mut metadata = self.client.metadata().await?;
        let mut history = self.history().await;
        loop {
            match history {
                Ok(history) if !same_topics(&metadata, &history) => {}
                _ => return Ok(Arc::new(metadata)),
            }
            if Instant::now() >= deadline {
                return Err(AskError::Lagging { address: self.client.brokers().join(", ") });
            }
            tokio::time::sleep(LAG_INTERVAL).await;
            metadata = self.client.metadata().await?;
            history = self.journal.catch_up(self.client).await;
        }
    }

    /// What happened since the cluster was made.
    pub async fn history(&self) -> Result<Arc<History>, AskError> {
        self.history.get_or_init(|| self.journal.catch_up(self.client)).await.clone()
    }

    /// What the learner typed into a field, without blanks around it; `None` if nothing.
    pub fn answer(&self, field: &str) -> Option<&str> {
        self.answers.get(field).map(|answer| answer.trim()).filter(|answer| !answer.is_empty())
    }
}

/// Whether a broker lists the topics that live by the journal, each with its id and as many
/// partitions.
fn same_topics(metadata: &Metadata, history: &History) -> bool {
    let listed: BTreeMap<&str, (Uuid, usize)> = metadata
        .topics
        .iter()
        .map(|(name, t)| (name.as_str(), (t.id, t.partitions.len())))
        .collect();
    let living = history.topics().iter().filter(|life| life.deleted.is_none());
    let living: BTreeMap<&str, (Uuid, usize)> =
        living.map(|life| (&*life.name, (life.id, life.partitions.len()))).collect();
    listed == living
}
