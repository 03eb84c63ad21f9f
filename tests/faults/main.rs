//! Every way in which a broker can fail is `unknown` within the deadline: never `failed`, never a
//! wait without end, never the end of the program.

#![expect(clippy::unwrap_used, reason = "what cannot be set up fails its test")]

#[path = "../common/mod.rs"]
mod common;

mod changes;
mod client;
mod coordinators;
mod groups;
mod journal;
mod load;
mod logs;
mod overview;
mod records;
mod records_table;
mod several_nodes;
mod table;
mod verdicts;
mod watched;
mod zookeeper;

use std::collections::BTreeMap;
use std::time::Duration;

use kafka_workbook::course::{Course, Source};
use kafka_workbook::grade::round::Grader;
use kafka_workbook::grade::snapshot::Learner;
use kafka_workbook::grade::verdict::Verdict;
use kafka_workbook::kafka::client::Client;
use tokio::sync::Mutex;
use tokio::time::Instant;

use common::fake_broker::FakeBroker;

/// How long one question may take.
const PATIENCE: Duration = Duration::from_millis(800);

/// What a loaded machine may add.
const MARGIN: Duration = Duration::from_millis(1500);

/// Held by whoever takes all cores: what stalled the others would look like one more fault.
static TURN: Mutex<()> = Mutex::const_new(());

/// The client of a cluster whose nodes are brokers and controllers at once.
fn client(nodes: &[&FakeBroker]) -> Client {
    let addresses: Vec<String> = nodes.iter().map(|node| node.address().to_owned()).collect();
    Client::new(addresses.clone(), addresses, PATIENCE)
}

/// The grader of lab D01-4: its four checks are of four kinds.
fn grader(nodes: &[&FakeBroker]) -> Grader {
    let course = Course::load(&Source::Embedded).unwrap();
    Grader::new(course.lab("D01-4").unwrap().checks.clone(), client(nodes))
}

/// One round with the right answer typed, and how long it took.
async fn round(grader: &Grader) -> (BTreeMap<String, Verdict>, Duration) {
    let answers = BTreeMap::from([("error".to_owned(), "37".to_owned())]);
    let begun = Instant::now();
    let learner = Learner { answers: &answers, ..Learner::default() };
    let round = grader.round(learner).await;
    (round.into_iter().collect(), begun.elapsed())
}

/// The verdicts in a word each, in the order of the checks' ids: error, grown, old-topic, partitions.
fn words(verdicts: &BTreeMap<String, Verdict>) -> Vec<&'static str> {
    verdicts.values().map(Verdict::word).collect()
}
