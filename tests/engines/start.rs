//! Starts that do not go as planned.

use std::fs;
use std::net::TcpListener;
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::program::{Home, program};
use crate::stage::{LAB, Stage, until};

/// Begins a start and returns as soon as the node's process runs, long before it serves.
fn half_started(stage: &Stage) -> Child {
    let mut command = stage.command(program(), &["--json", "lab", "start", LAB]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let process = stage.folder().join("nodes/kafka/process.json");
    until("the node's process is written down", || process.exists().then_some(()));
    child
}

pub fn a_start_that_is_called_off_leaves_nothing() {
    for signal in [Signal::TERM, Signal::INT] {
        let stage = Stage::new();
        let child = half_started(&stage);
        kill_process(Pid::from_child(&child), signal).unwrap();
        let output = child.wait_with_output().unwrap();
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), &said["error"]["code"]), (Some(1), &json!("cancelled")));
        nothing_is_left(&stage);
        assert_eq!(stage.events(), []);
    }
}

pub fn what_a_killed_start_has_left_goes_with_the_next_command() {
    let stage = Stage::new();
    let mut child = half_started(&stage);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(stage.processes().len(), 1, "the node has a session of its own");
    assert_eq!(stage.json(&["lab", "check", LAB], 2)["error"]["code"], "not-started");
    stage.start();
    assert_eq!(stage.processes().len(), 1);
    assert_eq!(stage.check(1).1, 0);

    half_started_again_and_killed(&stage);
    stage.run(&["env", "down", "--all"]).exits(0);
    nothing_is_left(&stage);
}

fn half_started_again_and_killed(stage: &Stage) {
    let before = stage.processes();
    let mut command = stage.command(program(), &["lab", "start", LAB]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("another node's process runs", || {
        stage.processes().iter().any(|pid| !before.contains(pid)).then_some(())
    });
    until("its process is written down", || {
        let text = fs::read_to_string(stage.folder().join("nodes/kafka/process.json")).ok()?;
        let written: Value = serde_json::from_str(&text).ok()?;
        stage.processes().contains(&u32::try_from(written["pid"].as_u64()?).ok()?).then_some(())
    });
    child.kill().unwrap();
    child.wait().unwrap();
}

#[track_caller]
fn nothing_is_left(stage: &Stage) {
    assert_eq!(stage.processes(), [0; 0]);
    let left: Vec<_> = fs::read_dir(stage.path().join("env")).into_iter().flatten().collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(stage.json(&["env", "status"], 0)["environment"], Value::Null);
    assert_eq!(stage.json(&["lab", "check", LAB], 2)["error"]["code"], "not-started");
}

pub fn a_port_that_is_taken_moves_the_whole_block() {
    let (base, _held) = held_block();
    let stage = Stage::in_home(Home::new().with("KAFKA_WORKBOOK_PORT_BASE", base.to_string()));
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
