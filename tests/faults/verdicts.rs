//! What the four kinds of check say to each fault, and what they say to facts.

use futures::StreamExt;
use futures::stream;
use kafka_protocol::messages::ApiKey::{self, Metadata};
use kafka_workbook::grade::round::Grader;
use kafka_workbook::grade::snapshot::Learner;
use kafka_workbook::grade::verdict::Verdict;
use kafka_workbook::kafka::client::Client;
use tokio::time::Instant;

use super::common::answers::Answer;
use super::common::fake_broker::{FakeBroker, Fault};
use super::common::world::World;
use super::table::{Case, cases, unlike};
use super::{MARGIN, PATIENCE, TURN, grader, round, words};

#[tokio::test]
async fn a_node_without_fault_passes_every_check() {
    let broker = FakeBroker::start(World::solved()).await;
    let (verdicts, _) = round(&grader(&[&broker])).await;
    assert!(verdicts.values().all(Verdict::passed), "{verdicts:?}");
}

/// The table: each fault hides what it hides, no more, and costs no more than the deadline.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_is_unknown_within_the_deadline() {
    let _turn = TURN.lock().await;
    let cases = cases();
    assert!(cases.len() > 150, "{} cases", cases.len());
    let wrong: Vec<String> =
        stream::iter(&cases).map(run).buffer_unordered(16).filter_map(async |w| w).collect().await;
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// What is wrong about the verdicts, if anything.
async fn run(case: &Case) -> Option<String> {
    let broker = case.start().await;
    let (verdicts, took) = round(&grader(&[&broker])).await;
    let mut wrong = unlike(case, &verdicts, broker.address(), |check| case.hides(check));
    if took > 2 * PATIENCE + MARGIN {
        wrong.push(format!("took {took:?}"));
    }
    (!wrong.is_empty()).then(|| format!("{}: {}", case.name, wrong.join("; ")))
}

#[tokio::test]
async fn a_refused_connection_is_unknown() {
    let broker = FakeBroker::start(World::solved()).await;
    let grader = grader(&[&broker]);
    let address = broker.stop().await;
    let (verdicts, took) = round(&grader).await;
    assert_eq!(words(&verdicts), ["passed", "unknown", "unknown", "unknown"]);
    for verdict in verdicts.values() {
        if let Verdict::Unknown { cause } = verdict {
            assert!(cause.en.contains(&address) && cause.zh.contains(&address), "{cause:?}");
        }
    }
    assert!(took < PATIENCE + MARGIN, "{took:?}");
}

#[tokio::test]
async fn without_an_address_it_is_unknown() {
    let course = kafka_workbook::course::Course::load(&kafka_workbook::course::Source::Embedded);
    let checks = course.unwrap().lab("D01-4").unwrap().checks.clone();
    let grader = Grader::new(checks, Client::new(vec![], vec![], PATIENCE));
    let (verdicts, _) = round(&grader).await;
    assert_eq!(words(&verdicts), ["passed", "unknown", "unknown", "unknown"]);
}

/// A state of a partition is no failure to look: the topic is what it is.
#[tokio::test]
async fn a_partition_without_leader_or_with_a_broker_down_is_an_observation() {
    for code in [3, 5, 9, 72] {
        let broker = FakeBroker::start(World::solved()).await;
        broker.fail(Metadata, Fault::answer(move |answer| answer.set_partition_error(code)));
        let (verdicts, _) = round(&grader(&[&broker])).await;
        assert_eq!(words(&verdicts), ["passed"; 4], "code {code}");
    }
}

/// A broker applies a change some milliseconds after the controller has committed it: what it lists
/// until then is the past, and no verdict rests on it.
#[tokio::test]
async fn a_broker_behind_its_controller_is_no_witness() {
    let broker = FakeBroker::start(World::solved()).await;
    broker.change(|world| {
        world.topics.insert("quickstart-events".to_owned(), 3);
    });
    let grader = grader(&[&broker]);
    let (verdicts, took) = round(&grader).await;
    assert_eq!(words(&verdicts), ["passed", "passed", "unknown", "unknown"]);
    assert!(took < PATIENCE + MARGIN, "{took:?}");
    broker.change(|world| {
        world.topics.insert("quickstart-events".to_owned(), 5);
    });
    assert_eq!(words(&round(&grader).await.0), ["passed"; 4]);
}

/// Within a round the broker is waited for: the verdict is of now, at the first asking.
#[tokio::test]
async fn a_broker_that_catches_up_in_the_middle_of_a_round_is_believed() {
    let broker = FakeBroker::start(World::solved()).await;
    let asked = std::sync::atomic::AtomicUsize::new(0);
    broker.fail(
        Metadata,
        Fault::answer(move |answer| {
            let Answer::Metadata(body) = answer else { return };
            if asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 3 {
                body.topics.iter_mut().for_each(|topic| topic.partitions.truncate(3));
            }
        }),
    );
    assert_eq!(words(&round(&grader(&[&broker])).await.0), ["passed"; 4]);
}

#[tokio::test]
async fn what_a_cluster_shows_is_failed_and_not_unknown() {
    let absent = World::new(1);
    let mut never_grown = World::new(2);
    never_grown.create("old-topic", 1);
    never_grown.create("quickstart-events", 5);
    let mut not_enough = World::new(3);
    not_enough.create("quickstart-events", 3);
    not_enough.grow("quickstart-events", 4);
    not_enough.create("old-topic", 1);
    not_enough.delete("old-topic");
    for (world, expected) in [
        (absent, ["passed", "failed", "failed", "failed"]),
        (never_grown, ["passed", "failed", "failed", "passed"]),
        (not_enough, ["passed", "failed", "passed", "failed"]),
    ] {
        let broker = FakeBroker::start(world).await;
        let (verdicts, _) = round(&grader(&[&broker])).await;
        assert_eq!(words(&verdicts), expected, "{verdicts:?}");
    }
}

/// `lab check` asks round after round: a silent node must not make it miss its own deadline.
#[tokio::test]
async fn rounds_that_never_settle_end_soon_after_their_deadline() {
    let broker = FakeBroker::start(World::solved()).await;
    broker.fail(ApiKey::Metadata, Fault::Silence).fail(ApiKey::Fetch, Fault::Silence);
    let grader = grader(&[&broker]);
    let begun = Instant::now();
    let outcome = grader.settle(Learner::default(), begun + PATIENCE, true).await;
    assert!(!outcome.settled);
    assert!(begun.elapsed() < PATIENCE + 2 * (2 * PATIENCE) + MARGIN, "{:?}", begun.elapsed());
}
