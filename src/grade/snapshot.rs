//! What one round of checks sees: each fact is fetched at most once, when first asked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{Mutex, OnceCell};

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

impl<'a> Snapshot<'a> {
    /// A round over `client`, with the learner's typed answers by field.
    pub fn new(
        client: &'a Client,
        journal: &'a Journal,
        answers: &'a BTreeMap<String, String>,
    ) -> Self {
        Self { client, journal, answers, metadata: OnceCell::new(), history: OnceCell::new() }
    }

    /// Brokers and topics as they are now.
    pub async fn metadata(&self) -> Result<Arc<Metadata>, AskError> {
        let fetch = || async { self.client.metadata().await.map(Arc::new) };
        self.metadata.get_or_init(fetch).await.clone()
    }

    /// What happened since the cluster was made.
    pub async fn history(&self) -> Result<Arc<History>, AskError> {
        let fetch = || async { self.journal.0.lock().await.catch_up(self.client).await };
        self.history.get_or_init(fetch).await.clone()
    }

    /// What the learner typed into a field, without blanks around it; `None` if nothing.
    pub fn answer(&self, field: &str) -> Option<&str> {
        self.answers.get(field).map(|answer| answer.trim()).filter(|answer| !answer.is_empty())
    }
}
