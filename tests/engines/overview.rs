//! What stands in a real cluster, told as it changes.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use kafka_workbook::engine::cluster::{EngineKind, NodeState};
use kafka_workbook::kafka::load::{NewRecord, load};
use kafka_workbook::lab::Workbook;
use kafka_workbook::lab::overview::{
    Contents, GroupLine, Overview, PartitionLine, TopicLine, watch,
};
use rustix::process::{Pid, Signal, kill_process};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::groups::{GROUP, RECORDS, TOPIC, consumer};
use crate::live;
use crate::onlooker::PassOn;
use crate::stage::{Stage, until};

/// How long a condition may take to come true.
const DEADLINE: Duration = Duration::from_mins(1);

/// A home that is watched.
struct Watched {
    runtime: Runtime,
    onlooker: Arc<PassOn>,
    told: Receiver<Option<Overview>>,
    task: JoinHandle<()>,
}

impl Watched {
    fn home_of(stage: &Stage) -> Self {
        let workbook = Arc::new(Workbook::new(stage.paths(), live::course(), None, None));
        let (sender, told) = channel();
        let onlooker = Arc::new(PassOn::to(move |overview| drop(sender.send(overview))));
        let told_to = Arc::clone(&onlooker);
        let runtime = Runtime::new().unwrap();
        let task = runtime.spawn(async move { watch(&workbook, &*told_to).await });
        Self { runtime, onlooker, told, task }
    }

    #[track_caller]
    fn next(&self) -> Option<Overview> {
        self.told.recv_timeout(DEADLINE).expect("something is told")
    }

    /// The first that is as expected.
    #[track_caller]
    fn until(&self, what: &str, expected: impl Fn(&Overview) -> bool) -> Overview {
        let begun = Instant::now();
        let mut last = None;
        while begun.elapsed() < DEADLINE {
            last = self.told.recv_timeout(DEADLINE).ok().flatten();
            if let Some(told) = last.take_if(|told| expected(told)) {
                return told;
            }
        }
        panic!("not within {DEADLINE:?}: {what}; last: {last:?}");
    }

    #[track_caller]
    fn contents(&self, what: &str, expected: impl Fn(&Contents) -> bool) -> Contents {
        let told = self.until(what, |told| told.contents.as_ref().is_ok_and(&expected));
        told.contents.unwrap()
    }

    /// Until the nodes are told to be in a state, and to answer or not.
    #[track_caller]
    fn nodes(&self, state: NodeState, answers: bool) {
        self.until(&format!("{state:?}, {answers}"), |told| {
            let [node] = &told.nodes[..] else { return false };
            (node.state, told.contents.is_ok()) == (state, answers)
        });
    }

    /// Calls it off; how long it takes to end.
    fn end(self) -> Duration {
        let begun = Instant::now();
        self.onlooker.call_off();
        self.runtime.block_on(self.task).unwrap();
        begun.elapsed()
    }
}

fn topic(name: &str, ends: &[i64]) -> TopicLine {
    let partition = |(index, end): (i32, &i64)| PartitionLine {
        index,
        leader: Some(1),
        start: Some(0),
        end: Some(*end),
    };
    TopicLine { name: name.to_owned(), partitions: (0..).zip(ends).map(partition).collect() }
}

fn append(stage: &Stage, topic: &str, partitions: &[i32]) {
    let records: Vec<NewRecord> = partitions
        .iter()
        .map(|partition| NewRecord { partition: *partition, key: None, value: vec![1] })
        .collect();
    let loaded = load(stage.bootstrap(), topic.to_owned(), records.into_iter(), DEADLINE);
    Runtime::new().unwrap().block_on(loaded).unwrap();
}

/// Topics, records and groups, whatever tool makes them.
pub fn what_a_learner_does_shows_beside_the_lab(engine: EngineKind) {
    let stage = Stage::started(engine);
    let watched = Watched::home_of(&stage);
    let seeded = watched.contents("what the seed holds", |_| true);
    let brokers: Vec<_> = seeded.brokers.iter().map(|b| (b.id, b.address.clone())).collect();
    assert_eq!((seeded.controller, brokers), (Some(1), vec![(1, stage.bootstrap())]));
    assert_eq!((&*seeded.topics, &*seeded.groups), (&[topic(TOPIC, &[RECORDS])][..], &[][..]));

    stage.tool(&["kafka-topics.sh", "--create", "--topic", "new", "--partitions", "3"]);
    let both = |ends| vec![topic("new", ends), topic(TOPIC, &[RECORDS])];
    watched.contents("a topic", |contents| contents.topics == both(&[0, 0, 0]));
    append(&stage, "new", &[0, 2, 2]);
    watched.contents("its records", |contents| contents.topics == both(&[1, 0, 2]));

    for protocol in ["classic", "consumer"] {
        a_group_is_told_with_its_members_and_its_lag(&stage, &watched, protocol);
    }
    let took = watched.end();
    assert!(took < Duration::from_secs(1), "{took:?}");
}

fn a_group_is_told_with_its_members_and_its_lag(stage: &Stage, watched: &Watched, protocol: &str) {
    let group = |state: &str, members, lag| GroupLine {
        id: GROUP.to_owned(),
        state: state.to_owned(),
        members: Some(members),
        lag: Some(lag),
    };
    let is = |expected: GroupLine| move |contents: &Contents| contents.groups == [expected.clone()];
    let mut consumer = consumer(stage, protocol);
    watched.contents("a group that has read all", is(group("Stable", 1, 0)));
    kill_process(Pid::from_child(&consumer), Signal::INT).unwrap();
    until("the consumer has ended", || consumer.try_wait().unwrap());
    watched.contents("a group without members", is(group("Empty", 0, 0)));
    append(stage, TOPIC, &[0, 0]);
    watched.contents("records that it has not read", is(group("Empty", 0, 2)));
    stage.tool(&["kafka-consumer-groups.sh", "--delete", "--group", GROUP]);
    watched.contents("no group", |contents| contents.groups.is_empty());
}

pub fn what_is_done_to_nodes_shows_beside_the_lab(engine: EngineKind) {
    let stage = Stage::new(engine);
    let watched = Watched::home_of(&stage);
    assert_eq!(watched.next(), None);
    stage.start();
    watched.nodes(NodeState::Running, true);
    for (action, state, answers) in [
        ("pause", NodeState::Paused, false),
        ("resume", NodeState::Running, true),
        ("stop", NodeState::Stopped, false),
        ("start", NodeState::Running, true),
        ("kill", NodeState::Stopped, false),
        ("start", NodeState::Running, true),
    ] {
        stage.json(&["env", action], 0);
        watched.nodes(state, answers);
    }
    // Whoever takes a cluster away takes its nodes first: that is no silence of theirs.
    stage.json(&["env", "down", "--all"], 0);
    while let Some(told) = watched.next() {
        assert!(told.contents.is_ok(), "{told:?}");
    }

    // Called off in the middle of a question that nobody answers.
    stage.start();
    watched.nodes(NodeState::Running, true);
    stage.json(&["env", "pause"], 0);
    watched.nodes(NodeState::Paused, false);
    let took = watched.end();
    assert!(took < Duration::from_secs(1), "{took:?}");
}
