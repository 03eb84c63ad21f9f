//! A made-up learner: fixed times, a fixed nonce, a cluster that looks like one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use kafka_workbook::engine::cluster::{
    Cluster, ClusterNode, EngineKind, NodeState, NodeStatus, Starter,
};
use kafka_workbook::engine::report::{Step, Unit};
use kafka_workbook::lab::overview::{
    BrokerLine, Contents, GroupLine, Overview, PartitionLine, TopicLine,
};
use kafka_workbook::phrase;
use kafka_workbook::phrase::Phrase;
use kafka_workbook::problem::Problem;
use kafka_workbook::progress::{Damage, DamagedLine, Entry, Event, Progress, Standing};

/// The lab with topics.
pub const TOPICS_LAB: &str = "D01-4";

/// The lab with records and groups.
pub const RECORDS_LAB: &str = "D01-5";

/// The layout that both run on.
pub const ENVIRONMENT: &str = "kraft-single";

/// A minute of one morning.
fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_772_434_800 + 60 * minute).expect("a morning")
}

/// Adds up events, one a minute.
pub fn progress(events: &[Event]) -> Progress {
    let entries: Vec<Entry> = events
        .iter()
        .zip(1..)
        .map(|(event, minute)| Entry { at: at(minute), event: event.clone() })
        .collect();
    Progress::fold(&entries)
}

/// An attempt begins.
pub fn started(lab: &str, attempt: u32) -> Event {
    let keys: Vec<String> =
        ["a7kd", "b2xm", "c9qt", "d4hw"].map(|key| format!("user-{key}")).into();
    let values = [("TOPIC", "user-events"), ("GROUP", "day1-basic"), ("KEYS", &keys.join(","))];
    let values = if lab == RECORDS_LAB { values.to_vec() } else { Vec::new() };
    let value = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Event::AttemptStarted {
        lab: lab.to_owned(),
        attempt,
        nonce: "k7m2x9qa".to_owned(),
        values: values.into_iter().map(value).collect::<BTreeMap<_, _>>(),
        engine: "containers".to_owned(),
        environment: ENVIRONMENT.to_owned(),
    }
}

/// An attempt ends.
pub fn stopped(lab: &str, attempt: u32) -> Event {
    Event::AttemptStopped { lab: lab.to_owned(), attempt }
}

/// An attempt has so many points.
pub fn scored(lab: &str, attempt: u32, points: u32, passed: bool) -> Event {
    Event::Scored { lab: lab.to_owned(), attempt, points, max_points: 10, passed }
}

/// An answer was stored.
pub fn answered(lab: &str, field: &str, value: &str) -> Event {
    let [lab, field, value] = [lab, field, value].map(str::to_owned);
    Event::AnswerGiven { lab, attempt: 1, field, value }
}

/// A hint was shown.
pub fn hinted(lab: &str, check: &str, tier: u8) -> Event {
    Event::HintShown { lab: lab.to_owned(), attempt: 1, check: check.to_owned(), tier }
}

/// The first attempt at a lab is going on.
pub fn under_way(lab: &str) -> Progress {
    progress(&[started(lab, 1)])
}

/// One lab is passed, the other one begun and given up.
pub fn some_done() -> Progress {
    progress(&[
        started(TOPICS_LAB, 1),
        scored(TOPICS_LAB, 1, 10, true),
        stopped(TOPICS_LAB, 1),
        started(RECORDS_LAB, 1),
        scored(RECORDS_LAB, 1, 6, false),
        stopped(RECORDS_LAB, 1),
    ])
}

/// What is said of a log with such lines.
pub fn damaged_lines() -> Vec<Problem> {
    let line = |(line, why): (usize, Damage)| DamagedLine { line, why };
    let damaged = [(4, Damage::Checksum), (7, Damage::NotALine), (8, Damage::NotALine)];
    let standing = Standing { damaged: damaged.map(line).into(), ..Standing::default() };
    standing.warnings(Path::new("/home/learner/.local/share/kafka-workbook/progress.log"))
}

/// The one-node cluster of day 1, with what the seed of D01-4 has made.
pub fn cluster() -> Overview {
    overview(cluster_of("kRaFtSiNgLe0000000000A", &["kafka-1"]), Ok(seeded()))
}

/// Another one of the same layout, as a new start makes it.
pub fn another_cluster() -> Overview {
    overview(cluster_of("kRaFtSiNgLe0000000000B", &["kafka-1"]), Ok(seeded()))
}

/// Three nodes, one of them paused, with several topics and groups.
pub fn busy_cluster() -> Overview {
    let contents = Contents {
        controller: Some(1),
        brokers: [1, 3].map(broker).into(),
        topics: vec![
            topic("a-topic-whose-name-is-much-longer-than-any-list-has-room-for", &[Some(7); 12]),
            topic("quickstart-events", &[Some(3), Some(0), Some(9)]),
            topic("user-events", &[Some(31), Some(12), Some(18), Some(22), Some(17)]),
            TopicLine { name: "orders".to_owned(), partitions: vec![headless()] },
        ],
        groups: vec![
            group("day1-basic", "Stable", Some(2), Some(12)),
            group("a-group-that-has-committed-nothing", "PreparingRebalance", Some(1), None),
            group("billing", "Unknown", None, Some(1_000_000)),
        ],
    };
    let mut busy = overview(
        cluster_of("kRaFtThReE00000000000A", &["kafka-1", "kafka-2", "kafka-3"]),
        Ok(contents),
    );
    busy.nodes[1].state = NodeState::Paused;
    busy
}

/// The cluster is there and says nothing.
pub fn silent_cluster() -> Overview {
    let why = phrase!("the cluster does not answer", "集群没有应答");
    let mut silent = overview(cluster_of("kRaFtSiNgLe0000000000A", &["kafka-1"]), Err(why));
    silent.nodes[0].state = NodeState::Stopped;
    silent
}

fn seeded() -> Contents {
    Contents {
        controller: Some(1),
        brokers: vec![broker(1)],
        topics: vec![topic("old-topic", &[Some(12)])],
        groups: Vec::new(),
    }
}

fn overview(cluster: Cluster, contents: Result<Contents, Phrase>) -> Overview {
    let status = |node: &ClusterNode| NodeStatus {
        node: node.clone(),
        state: NodeState::Running,
        pid: None,
        container: Some(format!("kafka-workbook-{}-1", node.name)),
    };
    Overview { nodes: cluster.nodes.iter().map(status).collect(), cluster, contents }
}

fn cluster_of(id: &str, names: &[&str]) -> Cluster {
    let node = |(name, number): (&&str, i32)| ClusterNode {
        name: (*name).to_owned(),
        node_id: Some(number),
        address: Some(format!("localhost:{}", 9090 + 2 * number)),
        controller: Some(format!("localhost:{}", 9091 + 2 * number)),
        zookeeper: None,
    };
    Cluster {
        environment: ENVIRONMENT.to_owned(),
        engine: EngineKind::Containers,
        cluster_id: id.to_owned(),
        kafka_version: "4.3.1".to_owned(),
        variables: BTreeMap::new(),
        nodes: names.iter().zip(1..).map(node).collect(),
        published: BTreeSet::new(),
        starter: Starter::Workbook,
    }
}

fn broker(id: i32) -> BrokerLine {
    BrokerLine { id, address: format!("localhost:{}", 9090 + 2 * id) }
}

fn topic(name: &str, ends: &[Option<i64>]) -> TopicLine {
    let partition = |(end, index): (&Option<i64>, i32)| PartitionLine {
        index,
        leader: Some(1),
        start: Some(0),
        end: *end,
    };
    TopicLine { name: name.to_owned(), partitions: ends.iter().zip(0..).map(partition).collect() }
}

const fn headless() -> PartitionLine {
    PartitionLine { index: 0, leader: None, start: None, end: None }
}

fn group(id: &str, state: &str, members: Option<usize>, lag: Option<u64>) -> GroupLine {
    GroupLine { id: id.to_owned(), state: state.to_owned(), members, lag }
}

/// A start as it goes by, the last step with an amount in bytes.
pub fn steps() -> [Step; 3] {
    [
        Step::new(phrase!("removing the cluster {ENVIRONMENT}", "正在移除集群 {ENVIRONMENT}")),
        Step::new(phrase!("asking which engine answers", "正在确认哪个引擎可用")),
        Step::new(phrase!("downloading Kafka 4.3.1", "正在下载 Kafka 4.3.1")).amount(
            38 << 20,
            Some(122 << 20),
            Unit::Bytes,
        ),
    ]
}

/// The cluster of the attempt is gone.
pub fn gone() -> Problem {
    Problem::could_not_ask(
        "no-cluster",
        phrase!(
            "the cluster {ENVIRONMENT} of this attempt is gone",
            "这次尝试的集群 {ENVIRONMENT} 已经不在了"
        ),
        phrase!("begin anew: kafka-workbook lab reset ID", "重新开始：kafka-workbook lab reset ID"),
    )
}

/// No engine on this machine, told with what a program of others has printed.
pub fn no_engine() -> Problem {
    Problem::new(
        "no-engine",
        phrase!(
            "no engine can run {ENVIRONMENT} here\ncontainers: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\u{1b}[0m\njvm: Java 17 or newer is needed, found 11.0.24",
            "这里没有能运行 {ENVIRONMENT} 的引擎\ncontainers：Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\u{1b}[0m\njvm：需要 Java 17 或更新版本，找到的是 11.0.24"
        ),
        phrase!(
            "start Docker, or install Java 17 and set JAVA_HOME",
            "启动 Docker，或安装 Java 17 并设置 JAVA_HOME"
        ),
    )
}

/// The answers of this lab are closed.
pub fn closed() -> Problem {
    Problem::usage(
        "already-passed",
        phrase!("D01-4 is passed: its answers are closed", "D01-4 已经通过：答案不再更改"),
        phrase!(
            "a new attempt: kafka-workbook lab reset D01-4",
            "重新尝试：kafka-workbook lab reset D01-4"
        ),
    )
}
