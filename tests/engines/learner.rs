//! A cluster that the learner starts: found whoever started it, and told from one that is not there.

use std::fs;
use std::path::PathBuf;

use kafka_workbook::engine::cluster::EngineKind;
use serde_json::Value;

use crate::stage::{Stage, docker, labelled, until};

const LAB: &str = "D01-1";

/// What happens to it, step by step: not there is failed, there and silent is unknown.
pub fn a_cluster_of_the_learners_is_found_and_told_from_one_that_is_not_there(engine: EngineKind) {
    let stage = Stage::new(engine);
    let started = start(&stage);
    assert_eq!(started["values"]["CLUSTER_ID"].as_str().map(str::len), Some(22), "{started}");
    assert_eq!(verdicts(&stage, 1), ["failed", "blocked", "blocked"]);
    // What serves Kafka's tools alone cannot be started in the learner's stead.
    for words in [&["env", "up"][..], &["env", "start", "kafka"]] {
        assert_eq!(stage.json(words, 2)["error"]["code"], "yours-to-start", "{words:?}");
    }
    let version = ["lab", "shell", LAB, "--", "kafka-topics.sh", "--version"];
    assert!(stage.run(&version).exits(0).out.starts_with("4."));

    let file = file_with_the_id(&started);
    let file = file.to_str().unwrap();
    stage.json(&["env", "up", "--file", file], 0);
    assert_eq!(verdicts(&stage, 0), ["passed", "passed", "passed"]);
    stage.run(&["env", "pause"]).exits(0);
    let paused = stage.json(&["lab", "check", LAB], 3);
    assert_eq!(
        (words(&paused), &paused["points"]),
        (["unknown", "blocked", "blocked"].map(str::to_owned).to_vec(), &10.into())
    );
    assert!(paused["elapsed_ms"].as_u64().unwrap() < 10_000, "{paused}");
    stage.run(&["env", "resume"]).exits(0);
    assert_eq!(verdicts(&stage, 0), ["passed", "passed", "passed"]);
    stage.run(&["env", "kill"]).exits(0);
    let killed = stage.json(&["lab", "check", LAB], 1);
    assert_eq!(
        (words(&killed), &killed["points"]),
        (["failed", "blocked", "blocked"].map(str::to_owned).to_vec(), &0.into())
    );
    stage.json(&["env", "up", "--file", file], 0);
    assert_eq!(verdicts(&stage, 0), ["passed", "passed", "passed"]);
    stage.run(&["lab", "stop", LAB]).exits(0);
    assert!(stage.running().is_empty());
}

/// Another attempt has another id: the cluster of the one before is gone with it.
pub fn another_attempt_finds_nothing_of_the_one_before(engine: EngineKind) {
    let stage = Stage::new(engine);
    let first = start(&stage);
    let file = file_with_the_id(&first);
    stage.json(&["env", "up", "--file", file.to_str().unwrap()], 0);
    assert_eq!(verdicts(&stage, 0), ["passed", "passed", "passed"]);
    let second = start(&stage);
    assert_ne!(first["values"]["CLUSTER_ID"], second["values"]["CLUSTER_ID"]);
    assert!(stage.running().is_empty());
    // The learner's file is theirs, and still has the id of the first attempt.
    stage.json(&["env", "up", "--file", file.to_str().unwrap()], 0);
    let report = stage.json(&["lab", "check", LAB], 1);
    assert_eq!(report["checks"][0]["mistake"], "another-id", "{report}");
}

/// Docker itself, in the workspace: found by its labels, and gone with the lab.
pub fn what_docker_has_started_from_the_workspace_is_found_and_goes_with_the_lab(
    engine: EngineKind,
) {
    let stage = Stage::new(engine);
    let started = start(&stage);
    let file = file_with_the_id(&started);
    let compose = |words: &[&str]| {
        docker(&[&["compose", "--progress", "quiet", "-f", file.to_str().unwrap()], words].concat())
    };
    compose(&["up", "--detach"]);
    until("the lab to pass", || {
        let report: Value =
            serde_json::from_str(&stage.run(&["lab", "check", LAB, "--json"]).out).ok()?;
        (report["passed"] == true).then_some(())
    });
    compose(&["pause"]);
    assert_eq!(words(&stage.json(&["lab", "check", LAB], 3)), ["unknown", "blocked", "blocked"]);
    compose(&["unpause"]);
    compose(&["kill"]);
    let killed = stage.json(&["lab", "check", LAB], 1);
    let observed = killed["checks"][0]["observed"].as_str().unwrap();
    assert!(observed.contains("137"), "{killed}");
    stage.run(&["lab", "stop", LAB]).exits(0);
    for kind in [&["ps", "--all"][..], &["volume", "ls"], &["network", "ls"]] {
        let project = format!(
            "label=com.docker.compose.project=kafka-workbook-d01-1-{}",
            stage.paths().home_id()
        );
        assert_eq!(docker(&[kind, &["--quiet", "--filter", &project]].concat()), "", "{kind:?}");
    }
    assert!(labelled(&stage.paths(), &["ps", "--all", "--quiet"]).is_empty());
}

fn start(stage: &Stage) -> Value {
    stage.json(&["lab", "start", LAB, "--engine", stage.engine.name()], 0)
}

/// The workspace's compose file, after `.env` beside it was given the issued id.
fn file_with_the_id(started: &Value) -> PathBuf {
    let workspace = PathBuf::from(started["workspace"].as_str().unwrap());
    let dotenv = workspace.join(".env");
    let id = started["values"]["CLUSTER_ID"].as_str().unwrap();
    let text = fs::read_to_string(&dotenv).unwrap();
    fs::write(&dotenv, format!("{text}KAFKA_CLUSTER_ID={id}\n")).unwrap();
    workspace.join("compose.yaml")
}

#[track_caller]
fn verdicts(stage: &Stage, code: i32) -> Vec<String> {
    words(&stage.json(&["lab", "check", LAB, "--wait", "30"], code))
}

fn words(report: &Value) -> Vec<String> {
    let word = |check: &Value| check["verdict"].as_str().unwrap().to_owned();
    report["checks"].as_array().unwrap().iter().map(word).collect()
}
