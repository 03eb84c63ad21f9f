//! The journal is one cluster's, whole, and kept from round to round.

use kafka_protocol::messages::ApiKey::{DescribeQuorum, Fetch};

use super::common::answers::Answer;
use super::common::fake_broker::{FakeBroker, Fault};
use super::common::world::World;
use super::{grader, round, words};

/// A node comes back at the same address as another cluster, whose log is as long or longer: its
/// history must not be taken for the end of the first one's.
#[tokio::test]
async fn another_cluster_at_the_same_address_has_its_own_history() {
    for heartbeats in [0, 5] {
        let broker = FakeBroker::start(World::solved()).await;
        let grader = grader(&[&broker]);
        assert_eq!(words(&round(&grader).await.0), ["passed"; 4]);

        let mut other = World::new(1_791_000_000_000);
        other.create("quickstart-events", 5);
        other.create("old-topic", 1);
        while other.log.end() < World::solved().log.end() + heartbeats {
            other.log.append(&[super::common::metadata_log::no_op()]);
        }
        let _other = FakeBroker::start_at(&broker.stop().await, other).await;
        let (verdicts, _) = round(&grader).await;
        assert_eq!(words(&verdicts), ["passed", "failed", "failed", "passed"], "{verdicts:?}");
    }
}

#[tokio::test]
async fn a_shorter_log_is_another_cluster_too() {
    let broker = FakeBroker::start(World::solved()).await;
    let grader = grader(&[&broker]);
    round(&grader).await;
    let _other = FakeBroker::start_at(&broker.stop().await, World::new(5)).await;
    assert_eq!(words(&round(&grader).await.0), ["passed", "failed", "failed", "failed"]);
}

/// The leader says so when its log went another way than what was read.
#[tokio::test]
async fn a_diverging_log_is_read_anew() {
    let broker = FakeBroker::start(World::solved()).await;
    let grader = grader(&[&broker]);
    round(&grader).await;
    let once = std::sync::atomic::AtomicBool::new(true);
    let diverging = Fault::answer(move |answer| {
        if once.swap(false, std::sync::atomic::Ordering::Relaxed) {
            answer.fetched().diverging_epoch.epoch = 2;
            *answer.records() = None;
        }
    });
    broker.fail(Fetch, diverging);
    assert_eq!(words(&round(&grader).await.0), ["passed"; 4]);
}

/// After an election the new leader has no high watermark for a moment. What was read stays.
#[tokio::test]
async fn an_election_is_unknown_and_forgets_nothing() {
    let broker = FakeBroker::start(World::solved()).await;
    let grader = grader(&[&broker]);
    round(&grader).await;
    broker.change(|world| world.high_watermark = Some(-1));
    assert_eq!(words(&round(&grader).await.0), ["passed", "unknown", "unknown", "passed"]);
    broker.change(|world| world.high_watermark = None);
    assert_eq!(words(&round(&grader).await.0), ["passed"; 4]);
}

#[tokio::test]
async fn what_is_not_committed_yet_is_not_told() {
    let broker = FakeBroker::start(World::solved()).await;
    // The last record, the deletion, is in the log but not committed: the broker still lists it.
    broker.change(|world| {
        world.high_watermark = Some(world.log.end() - 1);
        world.topics.insert("old-topic".to_owned(), 1);
    });
    let grader = grader(&[&broker]);
    assert_eq!(words(&round(&grader).await.0), ["passed", "passed", "failed", "passed"]);
    broker.change(|world| {
        world.high_watermark = None;
        world.topics.remove("old-topic");
    });
    assert_eq!(words(&round(&grader).await.0), ["passed"; 4]);
}

/// A log that takes longer than the patience is read in several rounds, not from the beginning
/// each time.
#[tokio::test]
async fn a_slow_log_is_read_on_in_the_next_round() {
    let broker = FakeBroker::start(World::solved()).await;
    broker.change(|world| world.batches_at_once = 1);
    let calls = std::sync::atomic::AtomicUsize::new(0);
    let often_refused = Fault::answer(move |answer| {
        // Every third answer is refused, so that no round gets to the end.
        if calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % 3 == 2 {
            answer.set_top_error(7);
        }
    });
    broker.fail(Fetch, often_refused);
    let grader = grader(&[&broker]);
    assert_eq!(words(&round(&grader).await.0)[1], "unknown");
    assert_eq!(words(&round(&grader).await.0)[1], "unknown");
    for _ in 0..4 {
        round(&grader).await;
    }
    assert_eq!(words(&round(&grader).await.0), ["passed"; 4]);
}

/// An idle cluster costs one question to the quorum and one to the log a round.
#[tokio::test]
async fn an_idle_round_asks_each_fact_once() {
    let broker = FakeBroker::start(World::solved()).await;
    let grader = grader(&[&broker]);
    round(&grader).await;
    let before = (broker.asked(DescribeQuorum), broker.asked(Fetch), broker.accepted());
    round(&grader).await;
    let after = (broker.asked(DescribeQuorum), broker.asked(Fetch), broker.accepted());
    assert_eq!(after, (before.0 + 1, before.1 + 1, before.2));
}

/// The decoders' own errors are tested beside them; here, that they reach the verdict.
#[tokio::test]
async fn an_answer_about_another_partition_is_unknown() {
    let broker = FakeBroker::start(World::solved()).await;
    broker.fail(
        DescribeQuorum,
        Fault::answer(|answer| {
            let Answer::DescribeQuorum(body) = answer else { return };
            body.topics[0].partitions.clear();
        }),
    );
    assert_eq!(words(&round(&grader(&[&broker])).await.0)[1], "unknown");
}
