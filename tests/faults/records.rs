//! The checks that read records and groups: what each fault hides.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::StreamExt;
use futures::stream;
use kafka_protocol::messages::ApiKey::{Fetch, FindCoordinator, ListGroups, Metadata, OffsetFetch};
use kafka_workbook::grade::round::{Grader, Outcome};
use kafka_workbook::grade::snapshot::Learner;
use kafka_workbook::grade::spec::{
    CheckKind, CheckSpec, GroupCommittedSpec, KeySpreadSpec, PartitionCountsSpec, RecordCountSpec,
    RecordKeysSpec,
};
use kafka_workbook::grade::verdict::Verdict;
use tokio::time::Instant;

use super::common::answers::Answer;
use super::common::fake_broker::{FakeBroker, Fault};
use super::common::world::{EVENTS, OFFSETS, READERS, World, keys};
use super::records_table::cases;
use super::table::{Case, unlike};
use super::{MARGIN, PATIENCE, TURN, client};

/// A hundred records, read.
pub fn world() -> World {
    let mut world = World::new(1_790_000_000_000);
    world.add_hundred();
    world
}

fn check(id: &str, kind: CheckKind) -> CheckSpec {
    CheckSpec { id: id.to_owned(), points: 1, needs: Vec::new(), kind }
}

/// Checks of the five kinds; none waits for another, so that each says what it sees.
pub fn grader(nodes: &[&FakeBroker]) -> Grader {
    let topic = || EVENTS.to_owned();
    let committed = GroupCommittedSpec { topic: topic(), group: READERS.to_owned() };
    let keys = RecordKeysSpec { topic: topic(), keys: "KEYS".to_owned(), each: 4 };
    let histogram = PartitionCountsSpec { topic: topic(), field: "histogram".to_owned() };
    let checks = vec![
        check("committed", CheckKind::GroupCommitted(committed)),
        check("histogram", CheckKind::PartitionCounts(histogram)),
        check("keys", CheckKind::RecordKeys(keys)),
        check("records", CheckKind::RecordCount(RecordCountSpec { topic: topic(), count: 100 })),
        check("spread", CheckKind::KeySpread(KeySpreadSpec { topic: topic() })),
    ];
    Grader::new(checks, client(nodes))
}

/// What the learner was issued and has typed.
struct Typed(BTreeMap<String, String>, BTreeMap<String, String>);

impl Typed {
    fn new() -> Self {
        let keys = keys().collect::<Vec<_>>().join(",");
        let one = |name: &str, value: &str| BTreeMap::from([(name.to_owned(), value.to_owned())]);
        Self(one("histogram", "20,20,20,20,20"), one("KEYS", &keys))
    }

    fn learner(&self) -> Learner<'_> {
        Learner { answers: &self.0, values: &self.1, surroundings: None }
    }
}

/// One round, and how long it took.
pub async fn round(grader: &Grader) -> (BTreeMap<String, Verdict>, Duration) {
    let begun = Instant::now();
    let round = grader.round(Typed::new().learner()).await;
    (round.into_iter().collect(), begun.elapsed())
}

/// Rounds until two agree.
async fn settle(grader: &Grader) -> Outcome {
    let deadline = Instant::now() + 10 * PATIENCE;
    grader.settle(Typed::new().learner(), deadline, false).await
}

/// The verdicts in a word each: committed, histogram, keys, records, spread.
pub fn words(verdicts: &BTreeMap<String, Verdict>) -> Vec<&'static str> {
    verdicts.values().map(Verdict::word).collect()
}

/// The mistakes that are named.
pub fn mistakes(verdicts: &BTreeMap<String, Verdict>) -> Vec<&str> {
    verdicts.values().filter_map(Verdict::mistake).collect()
}

#[tokio::test]
async fn a_node_without_fault_passes_every_check() {
    let broker = FakeBroker::start(world()).await;
    let grader = grader(&[&broker]);
    let (verdicts, _) = round(&grader).await;
    assert_eq!(words(&verdicts), ["passed"; 5], "{verdicts:?}");
    assert!(settle(&grader).await.settled);
}

/// A fact is fetched once a round, however many checks ask for it: Metadata by the round and by the
/// question for the coordinator; the metadata log, five partitions, the group's log.
#[tokio::test]
async fn a_round_asks_for_each_partition_once() {
    let broker = FakeBroker::start(world()).await;
    broker.change(|world| world.batches_at_once = 9);
    let grader = grader(&[&broker]);
    round(&grader).await;
    let asked =
        || [Metadata, Fetch, FindCoordinator, OffsetFetch, ListGroups].map(|api| broker.asked(api));
    let before = asked();
    round(&grader).await;
    let costs: Vec<usize> =
        asked().iter().zip(before).map(|(after, before)| after - before).collect();
    assert_eq!(costs, [2, 7, 1, 1, 0]);
}

/// Whether a fault hides what a check asks for.
fn hides(case: &Case, check: &str) -> bool {
    let of_groups = [FindCoordinator, OffsetFetch].contains(&case.api);
    check == "committed" || !(of_groups || case.topic == Some(OFFSETS))
}

/// The table: each fault hides what it hides, no more, and costs no more than the deadline.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_is_unknown_within_the_deadline() {
    let _turn = TURN.lock().await;
    let cases = cases();
    assert!(cases.len() > 250, "{} cases", cases.len());
    let wrong: Vec<String> =
        stream::iter(&cases).map(run).buffer_unordered(8).filter_map(async |w| w).collect().await;
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// What is wrong about the verdicts, if anything.
async fn run(case: &Case) -> Option<String> {
    let broker = case.start().await;
    let (verdicts, took) = round(&grader(&[&broker])).await;
    let mut wrong = unlike(case, &verdicts, broker.address(), |check| hides(case, check));
    // A log is read for at most two patiences, after one for whom to ask.
    if took > 3 * PATIENCE + MARGIN {
        wrong.push(format!("took {took:?}"));
    }
    let topic = case.topic.unwrap_or("-");
    (!wrong.is_empty()).then(|| format!("{} ({topic}): {}", case.name, wrong.join("; ")))
}

#[tokio::test]
async fn a_partition_without_leader_is_named() {
    for (topic, hidden) in [(EVENTS, 5), (OFFSETS, 1)] {
        for leader in [-1, 9] {
            let broker = FakeBroker::start(world()).await;
            broker.change(|world| {
                for partition in 0..5 {
                    world.leaders.insert((topic.to_owned(), partition), leader);
                }
            });
            let (verdicts, took) = round(&grader(&[&broker])).await;
            let unknown: Vec<&Verdict> =
                verdicts.values().filter(|verdict| !verdict.passed()).collect();
            assert_eq!(unknown.len(), hidden, "{verdicts:?}");
            for verdict in unknown {
                let Verdict::Unknown { cause } = verdict else { panic!("{verdict:?}") };
                assert!(cause.en.contains(&format!("{topic}-")), "{cause:?}");
                assert!(cause.zh.contains("LEADER_NOT_AVAILABLE"), "{cause:?}");
            }
            assert!(took < PATIENCE + MARGIN, "{took:?}");
        }
    }
}

/// Where nobody has committed, others are looked at: whether they have.
#[tokio::test]
async fn groups_that_cannot_be_listed_leave_no_verdict() {
    for fault in [Fault::Silence, Fault::Close, Fault::answer(|answer| answer.set_top_error(29))] {
        let broker = FakeBroker::start(world()).await;
        broker.change(|world| world.groups.clear());
        assert_eq!(words(&round(&grader(&[&broker])).await.0)[0], "failed");
        broker.fail(ListGroups, fault);
        let (verdicts, took) = round(&grader(&[&broker])).await;
        assert_eq!(words(&verdicts), ["unknown", "passed", "passed", "passed", "passed"]);
        assert!(took < 2 * PATIENCE + MARGIN, "{took:?}");
    }
}

#[tokio::test]
async fn what_a_cluster_shows_is_failed_and_not_unknown() {
    let mut nothing = World::new(1);
    let mut empty = World::new(2);
    empty.create(EVENTS, 5);
    let mut unread = world();
    unread.groups.clear();
    let mut by_others = world();
    by_others.groups.clear();
    by_others.add_readers("others");
    let mut short = world();
    short.groups.get_mut(READERS).unwrap().committed.insert(4, 19);
    let mut by_a_tool = world();
    by_a_tool.logs.retain(|(topic, _), _| topic != OFFSETS);
    for (world, expected, named) in [
        (std::mem::replace(&mut nothing, World::new(1)), ["failed"; 5], &[][..]),
        (empty, ["failed"; 5], &[]),
        (unread, ["failed", "passed", "passed", "passed", "passed"], &[]),
        (by_others, ["failed", "passed", "passed", "passed", "passed"], &["another-group"]),
        (short, ["failed", "passed", "passed", "passed", "passed"], &["committed-short"]),
        (by_a_tool, ["failed", "passed", "passed", "passed", "passed"], &["no-member"]),
    ] {
        let broker = FakeBroker::start(world).await;
        let (verdicts, _) = round(&grader(&[&broker])).await;
        assert_eq!(words(&verdicts), expected, "{verdicts:?}");
        assert_eq!(mistakes(&verdicts), named, "{verdicts:?}");
    }
}

/// The topic goes between two questions of a round. That round has seen half of it, which is
/// nothing; the next one sees that there is no topic. Nobody has ever passed.
#[tokio::test]
async fn a_topic_that_vanishes_between_two_questions_does_not_pass() {
    for code in [3, 100] {
        let broker = FakeBroker::start(world()).await;
        let grader = grader(&[&broker]);
        broker.fail_fetch(EVENTS, Fault::answer(move |answer| answer.set_partition_error(code)));
        let (verdicts, _) = round(&grader).await;
        assert_eq!(words(&verdicts), ["unknown"; 5], "{verdicts:?}");
        // The broker goes on listing it: that is no observation, however often it is made.
        let outcome = settle(&grader).await;
        assert!(!outcome.settled);
        assert!(outcome.round.iter().all(|(_, verdict)| verdict.word() == "unknown"));
        broker.change(|world| world.delete(EVENTS));
        let outcome = settle(&grader).await;
        assert!(outcome.settled);
        assert!(outcome.round.iter().all(|(_, verdict)| verdict.word() == "failed"));
    }
}

/// Some partitions were read before the topic went, others not.
#[tokio::test]
async fn a_topic_that_vanishes_while_it_is_read_does_not_pass() {
    let broker = FakeBroker::start(world()).await;
    let asked = AtomicUsize::new(0);
    let vanishing = Fault::answer(move |answer| {
        if asked.fetch_add(1, Ordering::Relaxed) > 3 {
            answer.set_partition_error(100);
            *answer.records() = None;
        }
    });
    broker.fail_fetch(EVENTS, vanishing);
    assert_eq!(words(&round(&grader(&[&broker])).await.0), ["unknown"; 5]);
}

/// Another topic of the name has another id: what Metadata named is not read from it.
#[tokio::test]
async fn a_topic_made_again_meanwhile_is_not_read_for_the_first() {
    let broker = FakeBroker::start(world()).await;
    let once = AtomicUsize::new(0);
    let earlier = Fault::answer(move |answer| {
        let Answer::Metadata(body) = answer else { return };
        if once.fetch_add(1, Ordering::Relaxed) == 0 {
            let named = |topic: &&mut kafka_protocol::messages::metadata_response::MetadataResponseTopic| {
                topic.name.as_ref().is_some_and(|name| name.as_str() == EVENTS)
            };
            let topic = body.topics.iter_mut().find(named).unwrap();
            topic.topic_id = uuid::Uuid::from_u128(4);
        }
    });
    // Without a journal to be held against, as on a managed cluster.
    let addresses = vec![broker.address().to_owned()];
    let alone = kafka_workbook::kafka::client::Client::new(addresses, vec![], PATIENCE);
    broker.fail(Metadata, earlier);
    let count = RecordCountSpec { topic: EVENTS.to_owned(), count: 100 };
    let grader = Grader::new(vec![check("records", CheckKind::RecordCount(count))], alone);
    assert_eq!(words(&round(&grader).await.0), ["unknown"]);
    assert_eq!(words(&round(&grader).await.0), ["passed"]);
}

/// Three nodes, each leading some partitions; the group's coordinator is the first.
async fn three() -> [FakeBroker; 3] {
    let mut nodes = Vec::new();
    for node in 1..=3 {
        let mut world = world();
        world.node = node;
        for partition in 0..5 {
            world.leaders.insert((EVENTS.to_owned(), partition), partition % 3 + 1);
        }
        nodes.push(FakeBroker::start(world).await);
    }
    let addresses: BTreeMap<i32, String> =
        (1..).zip(nodes.iter().map(|node| node.address().to_owned())).collect();
    for (id, node) in (1..).zip(&nodes) {
        let mut neighbours = addresses.clone();
        neighbours.remove(&id);
        node.change(|world| world.neighbours = neighbours);
    }
    nodes.try_into().unwrap()
}

#[tokio::test]
async fn each_partition_is_read_from_its_leader() {
    let nodes = three().await;
    let (verdicts, _) = round(&grader(&nodes.each_ref())).await;
    assert_eq!(words(&verdicts), ["passed"; 5], "{verdicts:?}");
}

#[tokio::test]
async fn one_silent_leader_leaves_no_count_and_is_named() {
    for silent in [1, 2] {
        let nodes = three().await;
        nodes[silent].fail(Fetch, Fault::Silence);
        let (verdicts, took) = round(&grader(&nodes.each_ref())).await;
        assert_eq!(words(&verdicts), ["unknown"; 5], "{verdicts:?}");
        for verdict in verdicts.values() {
            let Verdict::Unknown { cause } = verdict else { unreachable!() };
            assert!(cause.en.contains(nodes[silent].address()), "{cause:?}");
        }
        assert!(took < 2 * PATIENCE + MARGIN, "{took:?}");
    }
}

/// Leadership moved after Metadata was asked.
#[tokio::test]
async fn a_leader_that_has_changed_is_asked_in_the_next_round() {
    let nodes = three().await;
    let grader = grader(&nodes.each_ref());
    let refused = Fault::answer(|answer| {
        answer.set_partition_error(6);
        *answer.records() = None;
    });
    nodes[1].fail_fetch(EVENTS, refused);
    assert_eq!(words(&round(&grader).await.0), ["unknown"; 5]);
    for node in &nodes {
        node.change(|world| {
            world
                .leaders
                .values_mut()
                .filter(|leader| **leader == 2)
                .for_each(|leader| *leader = 3);
        });
    }
    assert_eq!(words(&round(&grader).await.0), ["passed"; 5]);
}
