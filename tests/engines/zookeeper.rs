//! A cluster in `ZooKeeper` mode: two processes that need each other, and no metadata log.

use std::time::Duration;

use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::engine::store;
use kafka_workbook::grade::round::Grader;
use kafka_workbook::grade::snapshot::Learner;
use kafka_workbook::grade::spec::{CheckKind, CheckSpec, TopicHistorySpec};
use kafka_workbook::grade::verdict::Verdict;
use serde_json::{Value, json};

use crate::program::{Ran, finish, program};
use crate::stage::Stage;

/// The environment.
pub const ENVIRONMENT: &str = "zookeeper-single";

const LAB: &str = "D01-3";

const PATIENCE: Duration = Duration::from_secs(5);

const PASSED: [&str; 4] = ["passed"; 4];

pub fn what_happens_to_zookeeper_or_its_broker_costs_no_points(engine: EngineKind) {
    let stage = Stage::new(engine);
    let started = start(&stage);
    assert_eq!(started["zookeeper"], started["nodes"][0]["address"], "{started}");
    assert_eq!(started["bootstrap_servers"], started["nodes"][1]["address"], "{started}");
    it_is_solved(&stage);
    let [zookeeper, kafka] = nodes(&stage);
    let roles = [&zookeeper, &kafka].map(|node| (&node["name"], &node["controller"]));
    assert_eq!(roles, [(&json!("zookeeper"), &json!(false)), (&json!("kafka"), &json!(true))]);
    stage.json(&["env", "up"], 0);
    assert_eq!(nodes(&stage), [zookeeper.clone(), kafka.clone()], "adopted as they are");

    stage.json(&["env", "pause", "zookeeper"], 0);
    assert_eq!(nodes(&stage)[0]["state"], "paused");
    // Its session may be over by now: the broker is then registered anew.
    nothing_is_failed_and_no_point_lost(&stage, &["topic", "controller"]);
    stage.json(&["env", "resume", "zookeeper"], 0);
    is_solved_before_long(&stage);

    stage.json(&["env", "kill", "kafka"], 0);
    nothing_is_failed_and_no_point_lost(&stage, &["topic", "controller"]);
    // At once: while its session lasts its id is taken, which it is not refused for.
    stage.json(&["env", "start", "kafka"], 0);
    is_solved_before_long(&stage);

    stage.json(&["env", "kill", "zookeeper"], 0);
    nothing_is_failed_and_no_point_lost(&stage, &["topic", "controller"]);
    stage.json(&["env", "start", "zookeeper"], 0);
    is_solved_before_long(&stage);
    let log = stage.run(&["env", "logs", "zookeeper"]).exits(0).out;
    assert!(log.contains("binding to port"), "{log}");

    let down = stage.json(&["env", "down"], 0);
    let states = [0, 1].map(|node: usize| down["nodes"][node]["state"].clone());
    assert_eq!(states, ["stopped", "stopped"]);
    stage.json(&["env", "up"], 0);
    is_solved_before_long(&stage);
    stage.json(&["env", "down", "--all"], 0);
    assert!(stage.traces().is_empty(), "{:?}", stage.traces());
}

pub fn two_clusters_with_zookeeper_live_side_by_side(engine: EngineKind) {
    let (ours, theirs) = (Stage::new(engine), Stage::new(engine));
    let (first, other) = (start(&ours), start(&theirs));
    for address in ["bootstrap_servers", "zookeeper"] {
        assert_ne!(first[address], other[address]);
    }
    it_is_solved(&ours);
    assert_eq!(check(&theirs, 1).1, 0, "what the neighbour holds is not ours");
    let id = broker_id(&ours);
    let drawn = (0..3).any(|_| {
        ours.json(&["lab", "reset", LAB], 0);
        assert_eq!(check(&ours, 1).1, 0, "nothing of the attempt before counts");
        broker_id(&ours) != id
    });
    assert!(drawn, "{id} was drawn four times");
    ours.json(&["env", "down", "--all"], 0);
    it_is_solved(&theirs);
}

/// What the Stats of znodes keep of a topic, on a real cluster.
pub fn a_topic_that_was_altered_is_told_from_one_that_was_made_again(engine: EngineKind) {
    let stage = Stage::new(engine);
    start(&stage);
    let grown = ["--create --topic grown --partitions 3", "--alter --topic grown --partitions 5"];
    let steps = grown.into_iter().chain([
        "--create --topic at-once --partitions 5",
        "--create --topic again --partitions 3",
        "--alter --topic again --partitions 5",
        "--delete --topic again",
        "--create --topic again --partitions 5",
        "--create --topic often --partitions 3",
        "--alter --topic often --partitions 4",
        "--alter --topic often --partitions 5",
        "--create --topic small --partitions 3",
    ]);
    let servers = nodes(&stage)[1]["address"].as_str().unwrap().to_owned();
    for step in steps {
        let words = format!("kafka-topics.sh --bootstrap-server {servers} {step}");
        shell(&stage, &words.split(' ').collect::<Vec<_>>()).exits(0);
    }
    let cluster = store::read(&stage.paths()).unwrap();
    let names = ["grown", "at-once", "again", "often", "small", "none"];
    let checks = names.map(history).to_vec();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let round = runtime.block_on(async {
        Grader::new(checks, cluster.client(PATIENCE)).round(Learner::default()).await
    });
    let said: Vec<_> = round.iter().map(|(_, v)| (v.word(), v.mistake())).collect();
    let at_once = Some("created-at-once");
    let expected = [
        ("passed", None),
        ("failed", at_once),
        ("failed", at_once),
        ("unknown", None),
        ("failed", None),
        ("failed", None),
    ];
    assert_eq!(said, expected, "{round:?}");
    let Verdict::Passed { observed } = &round[0].1 else { panic!("{round:?}") };
    assert!(observed.en.contains("created with 3"), "{observed:?}");
}

fn history(topic: &str) -> CheckSpec {
    let spec = TopicHistorySpec { topic: topic.to_owned(), created_with: 3, grown_to: 5 };
    let kind = CheckKind::TopicHistory(spec);
    CheckSpec { id: topic.to_owned(), points: 1, needs: Vec::new(), kind }
}

#[track_caller]
fn start(stage: &Stage) -> Value {
    stage.json(&["lab", "start", LAB, "--engine", stage.engine.name(), "--timeout", "120"], 0)
}

#[track_caller]
fn it_is_solved(stage: &Stage) {
    let servers = nodes(stage)[1]["address"].as_str().unwrap().to_owned();
    let create = ["--create", "--topic", "zk-demo", "--partitions", "2"];
    shell(stage, &[&["kafka-topics.sh", "--bootstrap-server", &servers][..], &create].concat())
        .exits(0);
    let id = broker_id(stage);
    for (field, value) in [
        ("controller", &*id),
        ("controller-znode", "/controller"),
        ("brokers-znode", "/brokers/ids"),
    ] {
        stage.json(&["lab", "answer", LAB, field, value], 0);
    }
    assert_eq!(check(stage, 0), (PASSED.map(str::to_owned).to_vec(), 10));
}

/// The controller's id, by the tool that a learner has.
#[track_caller]
fn broker_id(stage: &Stage) -> String {
    let server = nodes(stage)[0]["address"].as_str().unwrap().to_owned();
    let out = shell(stage, &["zookeeper-shell.sh", &server, "get", "/controller"]).exits(0).out;
    let json = out.lines().find(|line| line.starts_with('{')).unwrap_or_else(|| panic!("{out}"));
    serde_json::from_str::<Value>(json).unwrap()["brokerid"].to_string()
}

#[track_caller]
fn check(stage: &Stage, code: i32) -> (Vec<String>, u64) {
    let report = stage.json(&["lab", "check", LAB], code);
    let word = |check: &Value| check["verdict"].as_str().unwrap().to_owned();
    let verdicts = report["checks"].as_array().unwrap().iter().map(word).collect();
    (verdicts, report["points"].as_u64().unwrap())
}

#[track_caller]
fn is_solved_before_long(stage: &Stage) {
    let report = stage.json(&["lab", "check", LAB, "--wait", "60"], 0);
    assert_eq!(report["points"], 10, "{report}");
}

#[track_caller]
fn nothing_is_failed_and_no_point_lost(stage: &Stage, unknown: &[&str]) {
    let report = stage.json(&["lab", "check", LAB], 3);
    assert_eq!(report["points"], 10, "{report}");
    assert!(report["elapsed_ms"].as_u64().unwrap() < 10_000, "{report}");
    for check in report["checks"].as_array().unwrap() {
        let expected =
            if unknown.iter().any(|id| check["id"] == **id) { "unknown" } else { "passed" };
        assert_eq!(check["verdict"], expected, "{check}");
    }
}

#[track_caller]
fn nodes(stage: &Stage) -> [Value; 2] {
    let status = stage.json(&["env", "status"], 0);
    assert_eq!(status["environment"], ENVIRONMENT, "{status}");
    [0, 1].map(|node: usize| status["nodes"][node].clone())
}

fn shell(stage: &Stage, words: &[&str]) -> Ran {
    finish(stage.command(program(), &[&["lab", "shell", LAB, "--"], words].concat()), b"")
}
