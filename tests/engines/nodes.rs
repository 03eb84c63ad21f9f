//! What is done to a node, and what it does to verdicts.

use std::fs;
use std::path::Path;

use kafka_workbook::engine::cluster::EngineKind;
use serde_json::{Value, json};

use crate::stage::{ENVIRONMENT, LAB, Stage, docker};

/// One cluster through all that can happen to it.
pub fn a_node_that_is_paused_killed_or_stopped_keeps_its_data_and_the_points(engine: EngineKind) {
    let stage = Stage::new(engine);
    a_started_lab_says_where_everything_is(&stage);
    let first = a_running_node_is_adopted_by_every_command(&stage);
    the_topic_is_created_and_grown(&stage);
    while_it_is_paused_nothing_can_be_asked_and_no_point_is_lost(&stage, &first);
    after_a_kill_it_starts_with_its_data(&stage, &first);
    after_a_stop_up_brings_it_back_with_its_data(&stage);
    its_log_is_shown(&stage);
}

fn a_started_lab_says_where_everything_is(stage: &Stage) {
    let started = stage.start();
    let facts = ["lab", "attempt", "engine", "environment", "zookeeper", "values"];
    let facts: Vec<&Value> = facts.iter().map(|fact| &started[fact]).collect();
    let expected = [
        json!(LAB),
        json!(1),
        json!(stage.engine.name()),
        json!(ENVIRONMENT),
        Value::Null,
        json!({}),
    ];
    assert_eq!(facts, expected.iter().collect::<Vec<_>>(), "{started}");
    assert_eq!(started["nonce"].as_str().unwrap().len(), 8);
    assert!(Path::new(started["workspace"].as_str().unwrap()).is_dir());
    assert_eq!(started["bootstrap_servers"], started["nodes"][0]["address"]);
    assert_eq!(started["nodes"][0]["name"], "kafka");
}

/// Each command is another process; none of them starts what runs.
fn a_running_node_is_adopted_by_every_command(stage: &Stage) -> String {
    let node = stage.node();
    assert_eq!((&node["name"], &node["state"]), (&json!("kafka"), &json!("running")));
    assert_eq!(node["controller"], true);
    let in_container = stage.engine == EngineKind::Containers;
    assert_eq!(
        (node["container"].is_string(), node["pid"].is_u64()),
        (in_container, !in_container)
    );
    assert_eq!(stage.running().len(), 1);
    let first = stage.incarnation();
    stage.json(&["env", "up"], 0);
    assert_eq!(stage.incarnation(), first);
    stage.json(&["env", "start", "kafka"], 0);
    assert_eq!(stage.incarnation(), first);
    let text = stage.run(&["env", "status"]).exits(0).out;
    assert!(text.contains("running · controller"), "{text}");
    let shown = if in_container { node["container"].as_str().unwrap() } else { &first };
    assert!(text.contains(shown), "{text}");
    first
}

fn the_topic_is_created_and_grown(stage: &Stage) {
    stage.tool(&[
        "kafka-topics.sh",
        "--create",
        "--topic",
        "quickstart-events",
        "--partitions",
        "3",
    ]);
    stage.tool(&[
        "kafka-topics.sh",
        "--alter",
        "--topic",
        "quickstart-events",
        "--partitions",
        "5",
    ]);
    six_points(stage);
}

#[track_caller]
fn six_points(stage: &Stage) {
    let verdicts = ["passed", "passed", "failed", "failed"].map(str::to_owned);
    assert_eq!(stage.check(1), (verdicts.to_vec(), 6));
}

#[track_caller]
fn six_points_although_nobody_answers(stage: &Stage) {
    let report = stage.json(&["lab", "check", LAB], 3);
    assert_eq!((&report["points"], &report["passed"]), (&json!(6), &json!(false)), "{report}");
    assert!(report["elapsed_ms"].as_u64().unwrap() < 10_000, "{report}");
    for check in report["checks"].as_array().unwrap() {
        // An answer is in the log, not in the cluster.
        let expected = if check["id"] == "error" { "failed" } else { "unknown" };
        assert_eq!(check["verdict"], expected, "{check}");
        assert!(check["why"].is_string(), "{check}");
    }
}

fn while_it_is_paused_nothing_can_be_asked_and_no_point_is_lost(stage: &Stage, first: &str) {
    stage.run(&["env", "pause"]).exits(0);
    assert_eq!((&stage.node()["state"], &*stage.incarnation()), (&json!("paused"), first));
    six_points_although_nobody_answers(stage);
    stage.run(&["env", "resume", "kafka"]).exits(0);
    assert_eq!((&stage.node()["state"], &*stage.incarnation()), (&json!("running"), first));
    six_points(stage);
}

fn after_a_kill_it_starts_with_its_data(stage: &Stage, first: &str) {
    let killed = stage.json(&["env", "kill", ENVIRONMENT, "kafka"], 0);
    assert_eq!(
        (&killed["nodes"][0]["state"], &killed["nodes"][0]["pid"]),
        (&json!("stopped"), &Value::Null)
    );
    assert!(stage.running().is_empty());
    six_points_although_nobody_answers(stage);
    stage.json(&["env", "kill"], 0);
    stage.json(&["env", "start"], 0);
    assert_ne!(stage.incarnation(), first);
    // The topic from its data, its growth from the journal: both outlive the process.
    let report = stage.json(&["lab", "check", LAB, "--wait", "60"], 1);
    assert_eq!(report["points"], 6, "{report}");
}

fn after_a_stop_up_brings_it_back_with_its_data(stage: &Stage) {
    stage.json(&["env", "stop"], 0);
    assert_eq!(stage.node()["state"], "stopped");
    it_has_ended_cleanly(stage);
    stage.json(&["env", "up"], 0);
    assert_eq!(stage.node()["state"], "running");
    six_points(stage);
    let down = stage.json(&["env", "down"], 0);
    assert_eq!(down["nodes"][0]["state"], "stopped");
    stage.json(&["env", "up", ENVIRONMENT], 0);
    six_points(stage);
}

fn its_log_is_shown(stage: &Stage) {
    let text = stage.run(&["env", "logs"]).exits(0).out;
    assert!(text.contains("Kafka Server started"), "{text}");
    let lines = stage.run(&["env", "logs", "kafka", "--json"]).exits(0).out;
    let line: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((&line["schema"], line["line"].as_str()), (&json!(1), text.lines().next()));
    for words in [&["env", "logs", "nonsense"][..], &["env", "kill", "nonsense"]] {
        assert_eq!(stage.json(words, 2)["error"]["code"], "no-such-node", "{words:?}");
    }
    let other = stage.json(&["env", "kill", "nonsense", "kafka"], 2);
    assert_eq!(other["error"]["code"], "does-not-run", "{other}");
}

fn it_has_ended_cleanly(stage: &Stage) {
    if stage.engine == EngineKind::Containers {
        let container = stage.node()["container"].as_str().unwrap().to_owned();
        // A JVM's own answer to SIGTERM; 137 would be a kill.
        let code = docker(&["inspect", "--format", "{{.State.ExitCode}}", &container]);
        assert_eq!(code.trim(), "143");
    } else {
        // What Kafka leaves behind only when it ends cleanly.
        assert_eq!(files_called(".kafka_cleanshutdown", &stage.folder()), 1);
    }
}

fn files_called(name: &str, folder: &Path) -> usize {
    let count = |entry: fs::DirEntry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => files_called(name, &entry.path()),
        _ => usize::from(entry.file_name() == name),
    };
    fs::read_dir(folder).unwrap().map_while(Result::ok).map(count).sum()
}
