//! Who is asked about groups: coordinators that move, that are elsewhere, that are nobody's.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use kafka_protocol::messages::ApiKey::{FindCoordinator, ListGroups, Metadata, OffsetFetch};
use kafka_protocol::messages::BrokerId;
use kafka_workbook::kafka::ask::AskError;
use kafka_workbook::kafka::client::Client;
use kafka_workbook::kafka::groups::list_groups;
use tokio::time::Instant;

use super::common::answers::Answer;
use super::common::fake_broker::{FakeBroker, Fault};
use super::groups::{QUESTIONS, ask, truth, world};
use super::table::GROUP_APIS;
use super::{MARGIN, PATIENCE, client};

/// What a coordinator says while it moves passes; what does not pass is an error, and is not asked
/// for without a pause.
#[tokio::test]
async fn a_coordinator_that_moves_is_waited_for() {
    for code in [14, 15, 16] {
        for (api, question) in
            [(FindCoordinator, "offsets"), (OffsetFetch, "offsets"), (ListGroups, "list")]
        {
            let broker = FakeBroker::start(world()).await;
            let asked = AtomicUsize::new(0);
            let moving = move |answer: &mut Answer| {
                if asked.fetch_add(1, Ordering::Relaxed) < 3 {
                    answer.set_top_error(code);
                }
            };
            broker.fail(api, Fault::answer(moving));
            let patient = Client::new(vec![broker.address().to_owned()], vec![], 20 * PATIENCE);
            let answer = ask(question, &patient).await;
            assert_eq!(answer.as_deref(), Ok(truth(question)), "{api:?} {code}");
            assert_eq!(broker.asked(api), 4);
            broker.fail(api, Fault::answer(move |answer| answer.set_top_error(code)));
            let error = ask(question, &client(&[&broker])).await.unwrap_err();
            assert_eq!(error.code(), Some(code));
            // Pauses of 5 ms and twice as long each time, for half of the patience.
            assert!(broker.asked(api) <= 4 + 8, "{} times", broker.asked(api));
        }
    }
}

/// Two brokers, of which the second coordinates all groups; the client knows the first.
async fn two() -> [FakeBroker; 2] {
    let second = FakeBroker::start(world()).await;
    let mut first = world();
    first.neighbours.insert(2, second.address().to_owned());
    first.coordinator = 2;
    first.groups.clear();
    [FakeBroker::start(first).await, second]
}

#[tokio::test]
async fn each_group_is_asked_about_where_it_is_coordinated() {
    let [first, second] = two().await;
    let client = client(&[&first]);
    for question in QUESTIONS {
        assert_eq!(ask(question, &client).await.as_deref(), Ok(truth(question)));
    }
    assert_eq!([first.asked(ListGroups), second.asked(ListGroups)], [1, 1]);
    assert_eq!([first.asked(OffsetFetch), second.asked(OffsetFetch)], [0, 1]);
}

#[tokio::test]
async fn lists_of_several_brokers_are_one() {
    let [first, second] = two().await;
    first.change(|node| {
        let moving = world().groups.remove("classic").unwrap();
        node.groups = BTreeMap::from([("a".to_owned(), moving.clone())]);
        node.groups.insert("classic".to_owned(), moving);
    });
    let groups = list_groups(&client(&[&first, &second])).await.unwrap();
    let ids: Vec<&str> = groups.iter().map(|group| group.id.as_str()).collect();
    assert_eq!(ids, ["a", "classic", "consumer"]);
}

/// A list with a hole would tell of groups that are gone.
#[tokio::test]
async fn a_broker_that_does_not_answer_leaves_no_list() {
    for fault in [Fault::Silence, Fault::Close, Fault::answer(|a| a.set_top_error(29))] {
        let [first, second] = two().await;
        second.fail(ListGroups, fault);
        let begun = Instant::now();
        let error = list_groups(&client(&[&first])).await.unwrap_err();
        assert!(error.to_string().contains(second.address()), "{error}");
        assert!(begun.elapsed() < 2 * PATIENCE + MARGIN, "{error}");
    }
}

#[tokio::test]
async fn groups_without_a_leader_leave_no_list() {
    let broker = FakeBroker::start(world()).await;
    for leader in [-1, 9] {
        broker.fail(
            Metadata,
            Fault::answer(move |answer| {
                let Answer::Metadata(body) = answer else { return };
                let name = |name: &str| name == "__consumer_offsets";
                let mut topics = body.topics.iter_mut();
                let topic = topics.find(|t| t.name.as_ref().is_some_and(|n| name(n))).unwrap();
                topic.partitions[3].leader_id = BrokerId(leader);
            }),
        );
        let error = list_groups(&client(&[&broker])).await.unwrap_err();
        assert_eq!(error.code(), Some(5), "{error}");
        assert_eq!(broker.asked(ListGroups), 0);
    }
}

/// An answer must not lead to a node that the cluster does not list, nor to another cluster's.
#[tokio::test]
async fn only_nodes_of_this_cluster_are_asked() {
    let [first, second] = two().await;
    first.change(|world| world.neighbours.clear());
    let error = ask("offsets", &client(&[&first])).await.unwrap_err();
    assert!(matches!(error, AskError::Malformed { .. }), "{error}");
    assert_eq!(second.accepted(), 0);

    let [first, second] = two().await;
    second.change(|world| world.cluster_id = "another");
    let ours = client(&[&first]).of_cluster(world().cluster_id.to_owned());
    for question in QUESTIONS {
        let error = ask(question, &ours).await.unwrap_err();
        assert!(matches!(error, AskError::AnotherCluster { .. }), "{error}");
    }
    for api in GROUP_APIS {
        assert_eq!(second.asked(api), 0, "{api:?}");
    }
}
