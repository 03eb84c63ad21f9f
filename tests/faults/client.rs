//! Connections between questions: none is used that could hand over somebody else's answer.

use std::time::Duration;

use futures::future::join_all;
use kafka_protocol::messages::ApiKey::{ApiVersions, Metadata};
use tokio::time::{Instant, sleep, timeout};

use super::common::fake_broker::{FakeBroker, Fault};
use super::common::world::World;
use super::{PATIENCE, client};

/// Waits until something holds; a condition, not a guess at a duration.
async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(10), "never: {what}");
        sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn an_abandoned_question_takes_its_connection_with_it() {
    let broker = FakeBroker::start(World::solved()).await;
    let client = client(&[&broker]);
    client.metadata().await.unwrap();
    broker.fail(Metadata, Fault::Drip(Duration::from_millis(1)));
    // Abandoned while the answer drips in.
    assert!(timeout(Duration::from_millis(20), client.metadata()).await.is_err());
    broker.heal();
    let metadata = client.metadata().await.unwrap();
    assert!(metadata.topics.contains_key("quickstart-events"));
    assert_eq!(broker.accepted(), 2);
    until("the abandoned connection is closed", || broker.open() == 1).await;
}

#[tokio::test]
async fn a_late_answer_is_never_taken_for_the_next_one() {
    let broker = FakeBroker::start(World::solved()).await;
    let client = client(&[&broker]);
    broker.fail(Metadata, Fault::Drip(Duration::from_millis(10)));
    client.metadata().await.unwrap_err();
    broker.heal();
    client.metadata().await.unwrap();
}

/// Two answers for one request: the second one must not wait in the stream for the next question.
#[tokio::test]
async fn a_connection_with_something_unasked_in_it_is_not_used_again() {
    let broker = FakeBroker::start(World::solved()).await;
    let client = client(&[&broker]);
    client.metadata().await.unwrap();
    client.metadata().await.unwrap();
    assert_eq!(broker.accepted(), 1, "a good connection is kept");
    broker.fail(Metadata, Fault::Twice);
    client.metadata().await.unwrap();
    client.metadata().await.unwrap();
    assert_eq!(broker.accepted(), 2);
}

#[tokio::test]
async fn a_restarted_node_is_asked_over_a_new_connection() {
    let broker = FakeBroker::start(World::solved()).await;
    let client = client(&[&broker]);
    join_all((0..6).map(|_| client.metadata())).await;
    let mut world = World::new(9);
    world.create("after-the-restart", 1);
    let broker = FakeBroker::start_at(&broker.stop().await, world).await;
    // Every one of the kept connections is dead.
    for _ in 0..8 {
        let metadata = client.metadata().await.unwrap();
        assert!(metadata.topics.contains_key("after-the-restart"));
    }
    assert_eq!(broker.accepted(), 1);
}

#[tokio::test]
async fn a_node_that_fell_silent_loses_all_its_kept_connections() {
    let broker = FakeBroker::start(World::solved()).await;
    let client = client(&[&broker]);
    join_all((0..4).map(|_| client.metadata())).await;
    broker.fail(Metadata, Fault::Silence);
    client.metadata().await.unwrap_err();
    until("the connections are closed", || broker.open() == 0).await;
    broker.heal();
    client.metadata().await.unwrap();
}

#[tokio::test]
async fn idle_connections_are_bounded() {
    let broker = FakeBroker::start(World::solved()).await;
    let client = client(&[&broker]);
    let answers = join_all((0..40).map(|_| client.metadata())).await;
    assert!(answers.iter().all(Result::is_ok));
    assert!(broker.accepted() > 8, "{} connections were enough", broker.accepted());
    until("at most eight stay open", || broker.open() <= 8).await;
}

#[tokio::test]
async fn a_question_over_a_kept_connection_has_no_more_time_than_another() {
    let broker = FakeBroker::start(World::solved()).await;
    let client = client(&[&broker]);
    client.metadata().await.unwrap();
    broker.fail(Metadata, Fault::Close).fail(ApiVersions, Fault::Silence);
    let begun = Instant::now();
    client.metadata().await.unwrap_err();
    assert!(begun.elapsed() < 2 * PATIENCE, "{:?}", begun.elapsed());
}
