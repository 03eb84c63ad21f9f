//! One bad node among good ones.

use kafka_protocol::messages::ApiKey::{ApiVersions, DescribeQuorum, Metadata};
use kafka_workbook::kafka::quorum::leading_controller;

use super::common::fake_broker::{FakeBroker, Fault};
use super::common::world::World;
use super::{MARGIN, PATIENCE, client, grader, round, words};

async fn three() -> [FakeBroker; 3] {
    let mut follower = World::solved();
    follower.leads = false;
    [
        FakeBroker::start(follower.clone()).await,
        FakeBroker::start(follower).await,
        FakeBroker::start(World::solved()).await,
    ]
}

#[tokio::test]
async fn one_silent_node_hides_nothing() {
    for silent in [0, 1] {
        let nodes = three().await;
        nodes[silent].fail(ApiVersions, Fault::Silence);
        let (verdicts, _) = round(&grader(&nodes.each_ref())).await;
        assert_eq!(words(&verdicts), ["passed"; 4], "{verdicts:?}");
    }
}

/// Paused in the middle of the work: the connections are there, the answers are not.
#[tokio::test]
async fn a_node_that_falls_silent_is_asked_last_from_then_on() {
    let nodes = three().await;
    let client = client(&nodes.each_ref());
    client.metadata().await.unwrap();
    assert_eq!(nodes[0].asked(Metadata), 1);
    nodes[0].fail(Metadata, Fault::Silence);
    client.metadata().await.unwrap();
    assert_eq!(nodes[1].asked(Metadata), 1);
    let asked = nodes[0].asked(Metadata);
    for _ in 0..3 {
        client.metadata().await.unwrap();
    }
    assert_eq!(nodes[0].asked(Metadata), asked, "it was asked again and again");
}

#[tokio::test]
async fn the_leader_is_found_and_remembered() {
    let nodes = three().await;
    let client = client(&nodes.each_ref());
    let (address, _) = leading_controller(&client).await.unwrap();
    assert_eq!(address, nodes[2].address());
    leading_controller(&client).await.unwrap();
    let asked: Vec<usize> = nodes.iter().map(|node| node.asked(DescribeQuorum)).collect();
    assert_eq!(asked, [1, 1, 2]);
}

#[tokio::test]
async fn where_all_is_well_one_broker_is_asked() {
    let nodes = three().await;
    let client = client(&nodes.each_ref());
    for _ in 0..5 {
        client.metadata().await.unwrap();
    }
    let asked: Vec<usize> = nodes.iter().map(|node| node.asked(Metadata)).collect();
    assert_eq!(asked, [5, 0, 0]);
}

#[tokio::test]
async fn when_all_are_silent_it_is_unknown_within_the_deadline() {
    let nodes = three().await;
    for node in &nodes {
        node.fail(ApiVersions, Fault::Silence);
    }
    let (verdicts, took) = round(&grader(&nodes.each_ref())).await;
    assert_eq!(words(&verdicts), ["passed", "unknown", "unknown", "unknown"]);
    assert!(took < 2 * PATIENCE + MARGIN, "{took:?}");
}

/// "Not the leader" is what the others always say: the silent one is the news.
#[tokio::test]
async fn the_cause_names_the_silent_leader_rather_than_who_passed_the_question_on() {
    let nodes = three().await;
    nodes[2].fail(DescribeQuorum, Fault::Silence);
    let error = leading_controller(&client(&nodes.each_ref())).await.unwrap_err();
    assert!(error.cause().en.contains(nodes[2].address()), "{error}");
}

#[tokio::test]
async fn where_a_node_is_gone_the_next_one_is_asked() {
    let [first, second, third] = three().await;
    let client = client(&[&first, &second, &third]);
    first.stop().await;
    client.metadata().await.unwrap();
    assert_eq!(second.asked(Metadata), 1);
}
