//! Starts that do not go as planned.

use std::fs;
use std::net::TcpListener;
use std::process::{Child, Stdio};

use kafka_workbook::engine::cluster::EngineKind;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::program::{Home, program};
use crate::stage::{COMPOSE_FILE, LAB, Stage, until};

/// Begins a start and returns as soon as something of the node is there, long before it serves.
pub fn half_started(stage: &Stage) -> Child {
    let words = [&["--json"][..], &stage.start_words()].concat();
    let mut command = stage.command(program(), &words);
    let before = stage.traces();
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("the node runs and is written down", || {
        let new = stage.running().iter().any(|one| !before.contains(one));
        (new && is_written_down(stage)).then_some(())
    });
    child
}

fn is_written_down(stage: &Stage) -> bool {
    if stage.engine == EngineKind::Containers {
        return true;
    }
    let text = fs::read_to_string(stage.folder().join("nodes/kafka/process.json"));
    let written = text.ok().and_then(|text| serde_json::from_str::<Value>(&text).ok());
    written.is_some_and(|written| stage.running().contains(&written["pid"].to_string()))
}

pub fn a_start_that_is_called_off_leaves_nothing(engine: EngineKind) {
    for signal in [Signal::TERM, Signal::INT] {
        let stage = Stage::new(engine);
        let child = half_started(&stage);
        kill_process(Pid::from_child(&child), signal).unwrap();
        let output = child.wait_with_output().unwrap();
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), &said["error"]["code"]), (Some(1), &json!("cancelled")));
        nothing_is_left(&stage);
        assert_eq!(stage.events(), []);
    }
}

pub fn what_a_killed_start_has_left_goes_with_the_next_command(engine: EngineKind) {
    let stage = Stage::new(engine);
    kill_half_started(&stage);
    assert_eq!(stage.running().len(), 1, "the node has a session of its own");
    assert_eq!(stage.json(&["lab", "check", LAB], 2)["error"]["code"], "not-started");
    stage.start();
    assert_eq!(stage.running().len(), 1);
    assert_eq!(stage.check(1).1, 0);

    kill_half_started(&stage);
    stage.run(&["env", "down", "--all"]).exits(0);
    nothing_is_left(&stage);
}

fn kill_half_started(stage: &Stage) {
    let mut child = half_started(stage);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[track_caller]
pub fn nothing_is_left(stage: &Stage) {
    assert!(stage.traces().is_empty(), "{:?}", stage.traces());
    let left: Vec<_> = fs::read_dir(stage.path().join("env")).into_iter().flatten().collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(stage.json(&["env", "status"], 0)["environment"], Value::Null);
    assert_eq!(stage.json(&["lab", "check", LAB], 2)["error"]["code"], "not-started");
}

pub fn a_node_that_cannot_run_says_why_and_leaves_nothing(engine: EngineKind) {
    let stage = Stage::new(engine);
    let file = stage.path().with_file_name("broken.yaml");
    let setting = "KAFKA_LOG_RETENTION_CHECK_INTERVAL_MS: ";
    let text = fs::read_to_string(COMPOSE_FILE).unwrap();
    fs::write(&file, text.replace(setting, &format!("{setting}abc"))).unwrap();
    let words = ["env", "up", "--engine", engine.name(), "--file", file.to_str().unwrap()];
    let error = stage.json(&words, 1)["error"].clone();
    assert_eq!(error["code"], "node-died", "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("log.retention.check.interval.ms"), "{error}");
    nothing_is_left(&stage);
}

pub fn a_port_that_is_taken_moves_the_whole_block(engine: EngineKind) {
    let (base, _held) = held_block();
    let home = Home::new().with("KAFKA_WORKBOOK_PORT_BASE", base.to_string());
    let stage = Stage::in_home(engine, home);
    let started = stage.start();
    // The controller's port is taken, and the broker's moves with it.
    assert_eq!(started["bootstrap_servers"], format!("localhost:{}", base + 100));
    assert_eq!(stage.check(1).1, 0);
    stage.tool(&["kafka-topics.sh", "--list"]);
}

/// A base above which the second port is held, and the next block is free.
fn held_block() -> (u16, TcpListener) {
    let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).ok();
    let block = |base: u16| {
        let all = [base, base + 100, base + 101].map(free);
        let held = free(base + 1)?;
        all.iter().all(Option::is_some).then_some((base, held))
    };
    (21_000_u16..31_000).step_by(500).find_map(block).unwrap()
}
