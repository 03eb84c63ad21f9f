//! What a cluster tells of groups, against a real coordinator.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Stdio};
use std::time::Duration;

use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::engine::store;
use kafka_workbook::kafka::ask::AskError;
use kafka_workbook::kafka::client::Client;
use kafka_workbook::kafka::groups::{
    CommittedOffset, GroupDescription, GroupListing, GroupType, committed_offsets, describe_group,
    list_groups,
};
use rustix::process::{Pid, Signal, kill_process};
use tokio::runtime::Runtime;

use crate::shell::lines_of;
use crate::stage::{Stage, until};

const PATIENCE: Duration = Duration::from_secs(5);

/// The seeded topic: one partition.
pub const TOPIC: &str = "old-topic";

/// The records that the seed puts there.
pub const RECORDS: i64 = 12;

pub const GROUP: &str = "readers 中";

/// To be asked for a coordinator, a broker creates `__consumer_offsets`: a learner must not find a
/// topic that the grader made.
pub fn looking_for_groups_changes_nothing(engine: EngineKind) {
    let stage = Stage::started(engine);
    let client = store::read(&stage.paths()).unwrap().client(PATIENCE);
    let seen = Runtime::new().unwrap().block_on(Seen::now(&client)).unwrap();
    assert_eq!(seen, Seen { listed: vec![], described: None, committed: BTreeMap::new() });
    assert_eq!(stage.tool(&["kafka-topics.sh", "--list"]), format!("{TOPIC}\n"));
}

pub fn a_classic_group_is_told_while_it_lives_and_after_it_left(engine: EngineKind) {
    a_group_is_told_while_it_lives_and_after_it_left(engine, "classic", GroupType::Classic);
}

pub fn a_consumer_group_is_told_while_it_lives_and_after_it_left(engine: EngineKind) {
    a_group_is_told_while_it_lives_and_after_it_left(engine, "consumer", GroupType::Consumer);
}

/// What the three questions are answered.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    listed: Vec<GroupListing>,
    described: Option<GroupDescription>,
    committed: BTreeMap<(String, i32), CommittedOffset>,
}

impl Seen {
    async fn now(client: &Client) -> Result<Self, AskError> {
        Ok(Self {
            listed: list_groups(client).await?,
            described: describe_group(client, GROUP).await?,
            committed: committed_offsets(client, GROUP).await?,
        })
    }

    /// The offset that the group has committed.
    fn offset(&self) -> Option<i64> {
        self.committed.get(&(TOPIC.to_owned(), 0)).map(|committed| committed.offset)
    }

    fn members(&self) -> Option<usize> {
        self.described.as_ref().map(|group| group.members.len())
    }
}

fn a_group_is_told_while_it_lives_and_after_it_left(
    engine: EngineKind,
    protocol: &str,
    group_type: GroupType,
) {
    let stage = Stage::started(engine);
    let client = store::read(&stage.paths()).unwrap().client(PATIENCE);
    let runtime = Runtime::new().unwrap();
    let look = || runtime.block_on(Seen::now(&client)).unwrap();

    let mut consumer = consumer(&stage, protocol);
    let records = lines_of(&mut consumer);
    (0..RECORDS).for_each(|_| drop(records.recv_timeout(Duration::from_mins(1)).unwrap()));
    let living = until("the group has committed what it read", || {
        Some(look()).filter(|seen| seen.offset() == Some(RECORDS))
    });
    the_group_lives(&living, group_type);

    kill_process(Pid::from_child(&consumer), Signal::INT).unwrap();
    until("the consumer has ended", || consumer.try_wait().unwrap());
    let left = until("the member has left", || Some(look()).filter(|s| s.members() == Some(0)));
    the_group_is_empty(&left, group_type);
    assert_eq!(left.committed, living.committed);

    stage.tool(&["kafka-consumer-groups.sh", "--delete", "--group", GROUP]);
    let gone = Seen { listed: vec![], described: None, committed: BTreeMap::new() };
    assert_eq!(look(), gone);
}

/// A member of the group that commits often.
pub fn consumer(stage: &Stage, protocol: &str) -> Child {
    let mut command = stage.in_shell(&[
        "kafka-console-consumer.sh",
        "--bootstrap-server",
        &stage.bootstrap(),
        "--topic",
        TOPIC,
        "--from-beginning",
        "--group",
        GROUP,
        "--command-property",
        &format!("group.protocol={protocol}"),
        "--command-property",
        "auto.commit.interval.ms=100",
    ]);
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

#[track_caller]
fn the_group_lives(seen: &Seen, group_type: GroupType) {
    assert_eq!(seen.listed, [listing(group_type, "Stable")]);
    let group = seen.described.as_ref().unwrap();
    assert_eq!((group.group_type, group.state.as_str()), (group_type, "Stable"));
    let assignor = if group_type == GroupType::Classic { "range" } else { "uniform" };
    assert_eq!(group.assignor, assignor);
    let [member] = &group.members[..] else { panic!("one member expected: {group:?}") };
    assert!(!member.member_id.is_empty(), "{member:?}");
    assert_eq!((&*member.client_id, &member.instance_id), ("console-consumer", &None));
    assert!(member.host.starts_with('/'), "{member:?}");
    let assigned = BTreeMap::from([(TOPIC.to_owned(), BTreeSet::from([0]))]);
    assert_eq!(member.assigned, Some(assigned));
    let committed =
        CommittedOffset { offset: RECORDS, leader_epoch: Some(0), metadata: String::new() };
    assert_eq!(seen.committed, BTreeMap::from([((TOPIC.to_owned(), 0), committed)]));
}

#[track_caller]
fn the_group_is_empty(seen: &Seen, group_type: GroupType) {
    assert_eq!(seen.listed, [listing(group_type, "Empty")]);
    let group = seen.described.as_ref().unwrap();
    assert_eq!((group.group_type, group.state.as_str()), (group_type, "Empty"));
}

fn listing(group_type: GroupType, state: &str) -> GroupListing {
    let (id, state, protocol_type) = (GROUP.to_owned(), state.to_owned(), "consumer".to_owned());
    GroupListing { id, group_type, state, protocol_type }
}
