//! From one engine to the other.

use kafka_workbook::engine::cluster::EngineKind;
use serde_json::json;

use crate::program::{finish, program};
use crate::stage::{LAB, Stage};

pub fn a_lab_moves_from_one_engine_to_the_other(engine: EngineKind) {
    let stage = Stage::started(engine);
    assert!(!stage.traces().is_empty());
    let started = stage.json(&["lab", "reset", LAB, "--engine", "jvm", "--timeout", "120"], 0);
    assert_eq!((&started["engine"], &started["attempt"]), (&json!("jvm"), &json!(2)));
    assert!(stage.traces().is_empty(), "no container is left");
    let list = ["lab", "shell", LAB, "--", "sh", "-c"];
    let script = "kafka-topics.sh --bootstrap-server $BOOTSTRAP_SERVERS --list";
    assert_eq!(stage.run(&[&list[..], &[script]].concat()).exits(0).out, "old-topic\n");
    stage.start();
    assert_eq!(stage.node()["state"], "running");
    assert_eq!(stage.running().len(), 1);
}

/// An engine that is down must not hold up the other one, and what it keeps must not stay for ever.
pub fn what_an_engine_out_of_reach_keeps_is_removed_when_it_is_back(engine: EngineKind) {
    let stage = Stage::started(engine);
    let nowhere = "unix:///nonsense/docker.sock";
    let without = |words: &[&str]| {
        let mut command = stage.command(program(), words);
        command.env("DOCKER_HOST", nowhere);
        finish(command, b"")
    };
    let down = without(&["--json", "env", "status"]).exits(1).json();
    assert_eq!(down["error"]["code"], "docker-down", "{down}");
    let down = without(&["--json", "env", "down", "--all"]).exits(1).json();
    assert_eq!(down["error"]["code"], "docker-down", "{down}");
    // The cluster itself runs on: verdicts do not need the engine.
    let report = without(&["--json", "lab", "check", LAB]).exits(1).json();
    assert_eq!(report["checks"][0]["verdict"], "failed", "{report}");

    let moved = without(&["lab", "start", LAB, "--engine", "jvm", "--timeout", "120"]).exits(0);
    assert!(moved.out.contains("(jvm)"), "{}", moved.out);
    assert!(moved.err.contains("env down --all"), "{}", moved.err);
    assert_eq!(stage.running().len(), 1, "out of reach");
    stage.json(&["env", "down", "--all"], 0);
    assert!(stage.traces().is_empty());
}
