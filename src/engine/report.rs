//! How long work says what it does and how far it is.

use std::fmt;
use std::time::Duration;

use crate::phrase::Phrase;

/// How often it is looked whether the learner has called the work off.
const INTERVAL: Duration = Duration::from_millis(50);

/// One thing that long work is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is being done: "downloading Kafka 4.3.1".
    pub what: Phrase,
    /// How far it is, where that is known.
    pub amount: Option<Amount>,
}

/// How much of a step is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// Units done so far.
    pub done: u64,
    /// Units in all, where known.
    pub total: Option<u64>,
    /// What is counted.
    pub unit: Unit,
}

/// What an [`Amount`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Files.
    Files,
}

/// Receives the steps of long work and can call it off.
///
/// Implementations must not block: they are called from the thread that does the work.
pub trait Report: Send + Sync {
    /// A step begins or has got further.
    fn step(&self, step: &Step);

    /// Whether the work should stop at the next safe point.
    fn cancelled(&self) -> bool {
        false
    }
}

/// Waits until the work is called off.
pub async fn called_off(report: &dyn Report) {
    while !report.cancelled() {
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Reports to nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Report for Silent {
    fn step(&self, _step: &Step) {}
}

impl Step {
    /// A step whose length is not known.
    pub const fn new(what: Phrase) -> Self {
        Self { what, amount: None }
    }

    /// The step with an amount.
    #[must_use]
    pub const fn amount(mut self, done: u64, total: Option<u64>, unit: Unit) -> Self {
        self.amount = Some(Amount { done, total, unit });
        self
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.unit, self.total) {
            (Unit::Bytes, Some(total)) => write!(f, "{} / {} MiB", mib(self.done), mib(total)),
            (Unit::Bytes, None) => write!(f, "{} MiB", mib(self.done)),
            (Unit::Files, Some(total)) => write!(f, "{} / {total}", self.done),
            (Unit::Files, None) => write!(f, "{}", self.done),
        }
    }
}

const fn mib(bytes: u64) -> u64 {
    bytes / (1024 * 1024)
}
