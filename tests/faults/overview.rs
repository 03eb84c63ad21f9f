//! What is told of a cluster beside a lab: of one that goes wrong, that changes, that is nobody's.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use futures::StreamExt;
use futures::stream;
use kafka_protocol::messages::ApiKey::{
    self, ApiVersions, ConsumerGroupDescribe, DescribeGroups, DescribeQuorum, FindCoordinator,
    ListGroups, ListOffsets, Metadata, OffsetFetch,
};
use kafka_workbook::engine::report::Silent;
use kafka_workbook::engine::store;
use kafka_workbook::lab::overview::{Contents, GroupLine, PartitionLine, TopicLine};
use kafka_workbook::paths::Paths;
use tempfile::TempDir;

use super::common::answers::Answer;
use super::common::fake_broker::{FakeBroker, Fault};
use super::common::world::{Group, World};
use super::groups::world;
use super::table::GROUP_APIS;
use super::watched::{ENVIRONMENT, Watched, cluster, until};
use super::{MARGIN, TURN};

fn partition(index: i32, end: i64) -> PartitionLine {
    PartitionLine { index, leader: Some(1), start: Some(end), end: Some(end) }
}

fn group(id: &str, members: Option<usize>, lag: Option<u64>) -> GroupLine {
    GroupLine { id: id.to_owned(), state: "Stable".to_owned(), members, lag }
}

#[tokio::test]
async fn a_node_without_fault_tells_everything() {
    let broker = FakeBroker::start(world()).await;
    let mut watched = Watched::of(&[&broker]);
    let told = watched.next().await.unwrap();
    assert_eq!((&told.cluster, told.nodes.len()), (&cluster(&[&broker]), 0));
    let contents = told.contents.unwrap();
    assert_eq!(contents.controller, Some(1));
    let brokers: Vec<_> = contents.brokers.iter().map(|b| (b.id, b.address.as_str())).collect();
    assert_eq!(brokers, [(1, broker.address())]);
    let partitions = (0..5).map(|index| partition(index, 12)).collect();
    assert_eq!(contents.topics, [TopicLine { name: "quickstart-events".to_owned(), partitions }]);
    // Committed are 7 and 0 of 12 and 12.
    let [classic, consumer] = ["classic", "consumer"].map(|id| group(id, Some(1), Some(17)));
    assert_eq!(contents.groups, [classic, consumer]);
    assert!(watched.end().await < MARGIN);
}

/// What each API's faults hide, and nothing else.
fn hidden_by(api: ApiKey, contents: &mut Contents) {
    match api {
        DescribeQuorum => contents.controller = None,
        ListGroups => contents.groups.clear(),
        DescribeGroups => contents.groups[0].members = None,
        ConsumerGroupDescribe => contents.groups[1].members = None,
        OffsetFetch => contents.groups.iter_mut().for_each(|group| group.lag = None),
        ListOffsets => {
            let partitions = contents.topics.iter_mut().flat_map(|topic| &mut topic.partitions);
            partitions.for_each(|p| (p.start, p.end) = (None, None));
            contents.groups.iter_mut().for_each(|group| group.lag = None);
        }
        // It is known by its list who coordinates a group.
        _ => assert_eq!(api, FindCoordinator),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_hides_what_it_hides_and_no_more() {
    let _turn = TURN.lock().await;
    let broker = FakeBroker::start(world()).await;
    let whole = &Watched::of(&[&broker]).next().await.unwrap().contents.unwrap();
    let apis = [ApiVersions, Metadata, DescribeQuorum, ListOffsets].into_iter().chain(GROUP_APIS);
    let faults = [
        Fault::Silence,
        Fault::Close,
        Fault::HalfThenClose,
        Fault::Bytes(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        Fault::body(|body| body.truncate(9)),
        Fault::body(|body| body.iter_mut().skip(4).for_each(|byte| *byte = 0xff)),
    ];
    let cases = apis.flat_map(|api| faults.iter().map(move |fault| (api, fault.clone())));
    let run = |(api, fault): (ApiKey, Fault)| async move {
        let broker = FakeBroker::start(world()).await;
        broker.fail(api, fault);
        let mut watched = Watched::of(&[&broker]);
        if [ApiVersions, Metadata].contains(&api) {
            watched.silence().await;
            return;
        }
        let mut expected = whole.clone();
        expected.brokers[0].address = broker.address().to_owned();
        hidden_by(api, &mut expected);
        watched.until(|contents| *contents == expected).await;
    };
    stream::iter(cases).for_each_concurrent(None, run).await;
}

#[tokio::test]
async fn an_error_code_hides_what_it_is_about() {
    let broker = FakeBroker::start(world()).await;
    broker.fail(ListOffsets, Fault::answer(|answer| answer.set_partition_error(6)));
    let mut watched = Watched::of(&[&broker]);
    let contents = watched.until(|_| true).await;
    let first = PartitionLine { start: None, end: None, ..partition(0, 12) };
    assert_eq!(contents.topics[0].partitions[..2], [first, partition(1, 12)]);
    // Both have read there: how far behind they are is not known.
    assert_eq!(contents.groups.iter().map(|group| group.lag).collect::<Vec<_>>(), [None, None]);

    broker.heal();
    for api in [OffsetFetch, DescribeGroups, ConsumerGroupDescribe] {
        broker.fail(api, Fault::answer(|answer| answer.set_top_error(30)));
    }
    let [refused, other] = [("classic", None), ("consumer", Some(17))];
    let expected = [group(refused.0, None, refused.1), group(other.0, None, other.1)];
    watched.until(|contents| contents.groups == expected).await;
    broker.fail(Metadata, Fault::answer(|answer| answer.set_top_error(41)));
    assert_eq!(watched.silence().await, "the broker answers NOT_CONTROLLER (41)");
}

#[tokio::test]
async fn who_falls_silent_is_told_of_and_who_answers_again_too() {
    let broker = FakeBroker::start(world()).await;
    let mut watched = Watched::of(&[&broker]);
    watched.until(|_| true).await;
    broker.fail(Metadata, Fault::Silence);
    assert_eq!(watched.silence().await, "no broker answers");
    broker.heal();
    watched.until(|contents| contents.groups.len() == 2).await;
    // Once more, and it ends in the middle of a question.
    broker.fail(Metadata, Fault::Silence);
    let asked = broker.asked(Metadata);
    until("it is asked", || broker.asked(Metadata) > asked).await;
    let took = watched.end().await;
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[tokio::test]
async fn a_first_look_that_takes_long_is_told_of() {
    let broker = FakeBroker::start(world()).await;
    broker.fail(Metadata, Fault::Silence);
    let mut watched = Watched::of(&[&broker]);
    let told = watched.next().await.unwrap().contents.unwrap_err();
    assert_eq!(told.en, "the cluster has not answered yet");
    assert_eq!(watched.silence().await, "no broker answers");
    let address = broker.stop().await;
    assert_eq!(watched.silence().await, "no broker takes a connection");
    let mut other = world();
    other.cluster_id = "another";
    let _other = FakeBroker::start_at(&address, other).await;
    assert_eq!(watched.silence().await, "another cluster answers in its place");
}

/// To be asked for a coordinator makes a broker create `__consumer_offsets`.
#[tokio::test]
async fn a_cluster_that_never_had_a_group_is_asked_for_none() {
    let broker = FakeBroker::start(World::solved()).await;
    let mut watched = Watched::of(&[&broker]);
    assert_eq!(watched.until(|_| true).await.groups, []);
    until("it is looked again", || broker.asked(Metadata) > 1).await;
    for api in GROUP_APIS {
        assert_eq!(broker.asked(api), 0, "{api:?}");
    }
}

#[tokio::test]
async fn a_look_asks_as_often_for_much_as_for_little() {
    let mut world = world();
    let pattern = world.groups["classic"].clone();
    for number in 0..40 {
        world.create(&format!("topic-{number}"), 3);
        world.groups.insert(format!("group-{number}"), pattern.clone());
    }
    let broker = FakeBroker::start(world).await;
    let mut watched = Watched::of(&[&broker]);
    let contents = watched.until(|_| true).await;
    assert_eq!((contents.topics.len(), contents.groups.len()), (41, 42));
    assert!(contents.groups.iter().all(|group| group.lag == Some(17)));
    until("it is looked a third time", || broker.asked(Metadata) > 2).await;
    watched.end().await;
    let looks = broker.asked(Metadata);
    for (api, most) in [
        (ListOffsets, 2),
        (ListGroups, 1),
        (DescribeGroups, 1),
        (ConsumerGroupDescribe, 1),
        (OffsetFetch, 1),
        (FindCoordinator, 0),
        (DescribeQuorum, 1),
    ] {
        assert!(broker.asked(api) <= most * looks, "{api:?}: {}", broker.asked(api));
    }
    assert!(broker.accepted() <= 8, "{} connections", broker.accepted());
}

#[tokio::test]
async fn beyond_so_many_topics_and_partitions_sizes_are_left_out() {
    let mut world = World::new(1);
    (0..201).for_each(|number| world.create(&format!("topic-{number:03}"), 1));
    let broker = FakeBroker::start(world).await;
    let mut watched = Watched::of(&[&broker]);
    let contents = watched.until(|contents| contents.topics.len() == 201).await;
    let ends: Vec<Option<i64>> = contents.topics.iter().map(|t| t.partitions[0].end).collect();
    assert_eq!((&ends[..200], ends[200]), (&[Some(12); 200][..], None));
    broker.change(|world| world.create("huge", 4001));
    let contents = watched.until(|contents| contents.topics.len() == 202).await;
    assert!(contents.topics[0].partitions.iter().all(|partition| partition.end.is_none()));
}

/// Names are whatever a client, or a broker that is none, puts there.
#[tokio::test]
async fn a_name_may_hold_anything_and_is_told_printable() {
    let names = ["", " ", "\u{1b}]0;owned\u{7}", "a/../b\n\0", "中文", "\u{202e}drow", "__x"];
    let long = "x".repeat(30_000);
    let mut world = world();
    let pattern = world.groups["classic"].clone();
    for name in names.into_iter().chain([long.as_str()]) {
        world.topics.insert(name.to_owned(), 1);
        world.groups.insert(name.to_owned(), pattern.clone());
    }
    let broker = FakeBroker::start(world).await;
    let mut watched = Watched::of(&[&broker]);
    let contents = watched.until(|_| true).await;
    assert_eq!((contents.topics.len(), contents.groups.len()), (9, 10));
    let names = contents.topics.iter().map(|topic| &topic.name);
    for name in names.chain(contents.groups.iter().map(|group| &group.id)) {
        assert!(!name.chars().any(|c| c.is_control() || c == '\u{202e}'), "{name:?}");
        assert!(name.chars().count() <= 121, "{name:?}");
    }
    assert!(contents.topics.iter().all(|t| t.partitions.iter().all(|p| p.end == Some(12))));
    assert!(contents.groups.iter().all(|group| group.lag == Some(17)));
}

#[tokio::test]
async fn a_lag_that_cannot_be_known_is_left_out_and_none_is_negative() {
    let mut world = world();
    let group = |topic, committed: &[(i32, i64)]| Group {
        consumer: false,
        assigned: (topic, vec![]),
        committed: committed.iter().copied().collect(),
    };
    world.groups = BTreeMap::from([
        ("1 nothing".to_owned(), group("quickstart-events", &[])),
        ("2 of a topic that is gone".to_owned(), group("old-topic", &[(0, 3)])),
        ("3 of no partition".to_owned(), group("quickstart-events", &[(0, 7), (9, 1)])),
        ("4 beyond the end".to_owned(), group("quickstart-events", &[(0, i64::MAX), (1, 2)])),
        ("5 far behind".to_owned(), group("quickstart-events", &[(0, 0), (1, 0), (2, 0)])),
        ("6 below zero".to_owned(), group("quickstart-events", &[(0, i64::MIN)])),
    ]);
    let broker = FakeBroker::start(world).await;
    let mut watched = Watched::of(&[&broker]);
    let lags = |contents: &Contents| contents.groups.iter().map(|g| g.lag).collect::<Vec<_>>();
    let contents = watched.until(|_| true).await;
    assert_eq!(lags(&contents), [None, None, None, Some(10), Some(36), None]);
    // More than there can be: the sum ends where numbers do.
    broker.fail(
        ListOffsets,
        Fault::answer(|answer| {
            let Answer::ListOffsets(body) = answer else { return };
            let partitions = body.topics.iter_mut().flat_map(|topic| &mut topic.partitions);
            partitions.for_each(|partition| partition.offset = i64::MAX);
        }),
    );
    watched.until(|contents| lags(contents)[4] == Some(u64::MAX)).await;
}

/// Two brokers, of which the second leads partition 3 and coordinates the groups.
async fn two() -> [FakeBroker; 2] {
    let mut second = world();
    second.node = 2;
    let second = FakeBroker::start(second).await;
    let mut first = world();
    first.neighbours.insert(2, second.address().to_owned());
    first.leaders.insert(("quickstart-events".to_owned(), 3), 2);
    first.groups.clear();
    [FakeBroker::start(first).await, second]
}

/// Until the cluster notices, it lists a broker that is silent; its groups are not gone.
#[tokio::test]
async fn what_one_broker_of_several_does_not_tell_is_not_known() {
    let [first, second] = two().await;
    let mut watched = Watched::of(&[&first, &second]);
    let known = |contents: &Contents| {
        let partitions = contents.topics[0].partitions.iter();
        let states = contents.groups.iter().map(|group| group.state.clone());
        (partitions.map(|p| p.end.is_some()).collect::<Vec<_>>(), states.collect::<Vec<_>>())
    };
    let all = (vec![true; 5], vec!["Stable".to_owned(); 2]);
    watched.until(|contents| known(contents) == all).await;

    second.fail(Metadata, Fault::Silence);
    let some = (vec![true, true, true, false, true], vec!["Unknown".to_owned(); 2]);
    let contents = watched.until(|contents| known(contents) == some).await;
    assert!(contents.groups.iter().all(|group| (group.members, group.lag) == (None, None)));
    second.heal();
    watched.until(|contents| known(contents) == all).await;

    // Nor are they when nobody coordinates them. Deleted, they are.
    first.change(|world| {
        world.neighbours.clear();
        world.leaders.insert(("__consumer_offsets".to_owned(), 0), -1);
    });
    watched.until(|contents| known(contents).1 == ["Unknown", "Unknown"]).await;
    first.change(|world| world.leaders.clear());
    watched.until(|contents| contents.groups.is_empty()).await;
}

/// Whoever stops or starts a lab takes the nodes away: the lock is held until all is as it will be.
#[tokio::test]
async fn while_the_environment_changes_silence_is_no_news() {
    let broker = FakeBroker::start(world()).await;
    let mut watched = Watched::of(&[&broker]);
    watched.until(|_| true).await;

    let lock = store::lock(&watched.paths, &Silent).await.unwrap();
    broker.fail(Metadata, Fault::Close);
    // A connection that was kept has one more chance: two requests a look.
    let asked = broker.asked(Metadata);
    until("two looks were in vain", || broker.asked(Metadata) > asked + 4).await;
    broker.change(|world| world.create("new", 1));
    broker.heal();
    let told = watched.next().await.unwrap().contents;
    assert_eq!(told.map(|contents| contents.topics.len()), Ok(2), "an answer is news");

    broker.fail(Metadata, Fault::Close);
    let asked = broker.asked(Metadata);
    until("two looks were in vain", || broker.asked(Metadata) > asked + 4).await;
    drop(lock);
    let why = watched.next().await.unwrap().contents.unwrap_err();
    assert_eq!(why.en, "the broker closes the connection");

    let _lock = store::lock(&watched.paths, &Silent).await.unwrap();
    fs::remove_dir_all(watched.paths.environment(ENVIRONMENT)).unwrap();
    assert_eq!(watched.next().await, None);
}

#[tokio::test]
async fn a_cluster_that_comes_in_the_place_of_another_is_told() {
    let home = TempDir::new().unwrap();
    let paths = Paths::at(home.path(), home.path());
    let mut watched = Watched::begin(home, paths);
    assert_eq!(watched.next().await, None);

    let first = FakeBroker::start(world()).await;
    store::write(&watched.paths, &cluster(&[&first])).unwrap();
    watched.until(|contents| contents.groups.len() == 2).await;

    let mut other = World::solved();
    other.cluster_id = "BBBBBBBBQACBBBBBBBBBBB";
    let second = FakeBroker::start(other).await;
    let mut cluster = cluster(&[&second]);
    "BBBBBBBBQACBBBBBBBBBBB".clone_into(&mut cluster.cluster_id);
    store::write(&watched.paths, &cluster).unwrap();
    assert_eq!(watched.next().await, None, "the first one is gone");
    let told = watched.next().await.unwrap();
    assert_eq!(told.cluster, cluster);
    assert_eq!(told.contents.map(|contents| contents.groups), Ok(vec![]));
    assert!(watched.end().await < MARGIN);
}
