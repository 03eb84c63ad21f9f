//! Seeding: a change that is not confirmed is an error, and is not made twice.

use kafka_protocol::messages::ApiKey::{self, CreateTopics, ListOffsets};
use kafka_protocol::messages::TopicName;
use kafka_workbook::kafka::admin::{NewTopic, create_topics};
use kafka_workbook::kafka::ask::AskError;
use kafka_workbook::kafka::client::Client;
use kafka_workbook::kafka::offsets::{Which, list_offset};

use super::client;
use super::common::answers::Answer;
use super::common::fake_broker::{FakeBroker, Fault};
use super::common::world::World;

/// Makes the change that an API makes, or asks what it tells.
async fn call(api: ApiKey, client: &Client, address: &str) -> Result<(), AskError> {
    match api {
        CreateTopics => {
            let topic = NewTopic { name: "t".to_owned(), partitions: 1, replication_factor: 1 };
            create_topics(client, address, &[topic]).await
        }
        _ => list_offset(client, address, "t", 0, Which::Latest).await.map(drop),
    }
}

const APIS: [ApiKey; 2] = [CreateTopics, ListOffsets];

#[tokio::test]
async fn a_confirmed_change_is_good() {
    let broker = FakeBroker::start(World::new(1)).await;
    let client = client(&[&broker]);
    for api in APIS {
        call(api, &client, broker.address()).await.unwrap();
    }
    assert_eq!(list_offset(&client, broker.address(), "t", 0, Which::Latest).await, Ok(12));
}

#[tokio::test]
async fn every_fault_is_an_error_within_the_deadline() {
    let faults = [
        Fault::Silence,
        Fault::HalfThenClose,
        Fault::Reset,
        Fault::WrongCorrelation,
        Fault::Bytes(b"HTTP/1.1 400".to_vec()),
        Fault::body(|body| body.push(0)),
        Fault::answer(|answer| answer.set_partition_error(7)),
        Fault::answer(|answer| answer.set_partition_error(9999)),
    ];
    for api in APIS {
        for fault in &faults {
            let broker = FakeBroker::start(World::new(1)).await;
            broker.fail(api, fault.clone());
            let client = client(&[&broker]);
            let begun = tokio::time::Instant::now();
            let error = call(api, &client, broker.address()).await.unwrap_err();
            assert!(error.to_string().contains(broker.address()), "{error}");
            assert!(begun.elapsed() < super::PATIENCE + super::MARGIN, "{api:?}: {error}");
        }
    }
}

#[tokio::test]
async fn an_absurd_array_ends_no_program() {
    for (api, at) in [(CreateTopics, 9), (ListOffsets, 9)] {
        let broker = FakeBroker::start(World::new(1)).await;
        let absurd = Fault::body(move |body| {
            body.splice(at..=at, [0xff, 0xff, 0xff, 0xff, 0x0f]);
        });
        broker.fail(api, absurd);
        let error = call(api, &client(&[&broker]), broker.address()).await.unwrap_err();
        assert!(matches!(error, AskError::Malformed { .. }), "{api:?}: {error}");
    }
}

#[tokio::test]
async fn an_answer_that_leaves_out_what_was_asked_confirms_nothing() {
    let empty = Fault::answer(|answer| match answer {
        Answer::CreateTopics(body) => body.topics.clear(),
        Answer::ListOffsets(body) => body.topics.clear(),
        _ => {}
    });
    let other = Fault::answer(|answer| match answer {
        Answer::CreateTopics(body) => body.topics[0].name = TopicName::default(),
        Answer::ListOffsets(body) => body.topics[0].partitions[0].partition_index = 1,
        _ => {}
    });
    for api in APIS {
        for fault in [&empty, &other] {
            let broker = FakeBroker::start(World::new(1)).await;
            broker.fail(api, fault.clone());
            let error = call(api, &client(&[&broker]), broker.address()).await.unwrap_err();
            assert!(matches!(error, AskError::Malformed { .. }), "{api:?}: {error}");
        }
    }
}

/// The node may have made the change before it went.
#[tokio::test]
async fn a_change_is_not_repeated_when_the_connection_breaks() {
    for (api, times) in [(CreateTopics, 1), (ListOffsets, 2)] {
        let broker = FakeBroker::start(World::new(1)).await;
        let client = client(&[&broker]);
        client.metadata().await.unwrap();
        broker.fail(api, Fault::Close);
        call(api, &client, broker.address()).await.unwrap_err();
        assert_eq!(broker.asked(api), times, "{api:?}");
    }
}
