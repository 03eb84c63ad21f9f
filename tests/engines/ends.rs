//! Nodes that come to their end behind everybody's back.

use std::fs;
use std::process::{Command, Output};

use kafka_workbook::engine::cluster::EngineKind;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::live::Clusters;
use crate::program::{Home, finish, program};
use crate::pty::{ENTER, ESC};
use crate::screen::{
    EN, at_lab, nothing_runs, on_page, points_are, signs_are, stage, started, starts, topic,
};
use crate::stage::{LAB, Stage, docker, until};
use crate::start::{half_started, nothing_is_left};

/// Kills what runs of a home without asking the program.
fn kill(stage: &Stage) {
    for running in stage.running() {
        if stage.engine == EngineKind::Containers {
            docker(&["kill", &running]);
        } else {
            let pid = Pid::from_raw(running.parse().unwrap()).unwrap();
            kill_process(pid, Signal::KILL).unwrap();
        }
    }
}

fn said_by(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

pub fn a_node_that_is_killed_while_it_starts_is_no_riddle(engine: EngineKind) {
    let stage = Stage::new(engine);
    let child = half_started(&stage);
    kill(&stage);
    let output = child.wait_with_output().unwrap();
    let error = said_by(&output)["error"].clone();
    assert_eq!((output.status.code(), &error["code"]), (Some(1), &"node-died".into()), "{error}");
    assert!(error["message"].as_str().unwrap().contains("has not said why"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("dmesg"), "{error}");
    nothing_is_left(&stage);
    stage.start();
    assert_eq!(stage.check(1).1, 0);
}

pub fn a_node_that_is_killed_while_it_starts_is_told_on_the_screen(engine: EngineKind) {
    let stage = stage(engine);
    let mut pty = at_lab(&stage);
    pty.send(ENTER);
    until("the node runs", || (!stage.running().is_empty()).then_some(()));
    kill(&stage);
    pty.wait_for_all(&["This could not be done", "dmesg"]);
    pty.send(ESC);
    nothing_runs(&stage, &mut pty);
    assert_eq!(stage.events(), []);
    pty.send("r");
    signs_are(&mut pty, EN, "✗✗✗✗");
    assert_eq!(starts(&stage), 1);
}

pub fn a_node_that_is_killed_behind_the_screen_can_be_brought_back(engine: EngineKind) {
    let stage = stage(engine);
    let mut pty = started(&stage);
    topic(&stage, "--delete", "old-topic", &[]);
    signs_are(&mut pty, EN, "✗✗✗✓");
    if engine == EngineKind::Containers {
        docker(&["rm", "--force", stage.node()["container"].as_str().unwrap()]);
    } else {
        kill(&stage);
    }
    signs_are(&mut pty, EN, "??✗?");
    points_are(&mut pty, "3/10");
    pty.wait_for("stopped");
    stage.run(&["env", "up"]).exits(0);
    signs_are(&mut pty, EN, "✗✗✗✓");
    on_page(&mut pty);
}

pub fn a_node_whose_data_are_gone_says_how_to_begin_anew(engine: EngineKind) {
    let stage = Stage::started(engine);
    fs::remove_dir_all(stage.folder().join("volumes")).unwrap();
    // It dies of the next thing that it has to write.
    let create = ["kafka-topics.sh", "--bootstrap-server", &stage.bootstrap(), "--create"];
    stage.shell(&[&create[..], &["--topic", "mine"]].concat());
    until("the node is gone", || stage.running().is_empty().then_some(()));
    assert_eq!(stage.json(&["lab", "check", LAB], 3)["checks"][0]["verdict"], "unknown");
    for arguments in [&["env", "up"][..], &["env", "start"]] {
        let error = &stage.json(arguments, 1)["error"];
        assert_eq!(error["code"], "node-died", "{error}");
        assert!(error["hint"].as_str().unwrap().contains("kafka-workbook lab start"), "{error}");
    }
    assert_eq!(starts(&stage), 1, "the attempt is not lost");
    stage.start();
    assert_eq!(stage.check(1).1, 0);
}

/// Somebody tidied up by hand: what still runs must be found all the same.
pub fn a_node_whose_folder_is_gone_goes_with_the_cluster(engine: EngineKind) {
    let commands: [&[&str]; 3] = [
        &["lab", "start", LAB, "--engine", "jvm"],
        &["lab", "stop", LAB],
        &["env", "down", "--all"],
    ];
    for command in commands {
        let stage = Stage::started(engine);
        let stray = stage.running();
        fs::remove_dir_all(stage.path().join("env")).unwrap();
        assert_eq!(stage.running(), stray);
        assert_eq!(stage.json(&["lab", "check", LAB], 3)["error"]["code"], "no-cluster");
        stage.run(command).exits(0);
        assert!(!stage.running().contains(&stray[0]), "{command:?}");
        stage.start();
        assert_eq!(stage.running().len(), 1);
    }
}

/// Whoever looks at a node's file has its path among his arguments too.
pub fn a_stranger_with_a_nodes_file_is_left_alone(engine: EngineKind) {
    let stage = Stage::new(engine);
    let file = stage.folder().join("nodes/kafka/server.properties");
    let mut stranger = Command::new("sh");
    stranger.args(["-c", "exec sleep 1000", "less"]).arg(file);
    let mut stranger = stranger.spawn().unwrap();
    stage.run(&["env", "down", "--all"]).exits(0);
    assert!(stranger.try_wait().unwrap().is_none());
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

/// The cluster serves, and then the attempt cannot be written down.
pub fn a_start_that_cannot_be_recorded_leaves_nothing(engine: EngineKind) {
    let stage = Stage::new(engine);
    let child = half_started(&stage);
    let log = stage.path().join("progress.log");
    let aside = log.with_extension("aside");
    fs::rename(&log, &aside).unwrap();
    fs::create_dir(&log).unwrap();
    let output = child.wait_with_output().unwrap();
    let error = said_by(&output)["error"].clone();
    assert_eq!(error["code"], "progress-not-a-file", "{error}");
    assert_eq!(output.status.code(), Some(1));
    assert!(stage.traces().is_empty(), "{:?}", stage.traces());
    fs::remove_dir(&log).unwrap();
    fs::rename(&aside, &log).unwrap();
    nothing_is_left(&stage);
    stage.start();
}

/// A locale that a JVM takes for ASCII, or that this machine does not have.
pub fn a_home_in_any_script_needs_no_locale(engine: EngineKind) {
    for (name, value) in [("LC_ALL", "C"), ("LANG", "zh_CN.GBK")] {
        let outer = Home::new();
        let home = outer.path().with_file_name("学习 Kafka é");
        let _clusters = Clusters::of(&home);
        let run = |arguments: &[&str]| {
            let mut command = outer.command(program(), arguments);
            command.env("KAFKA_WORKBOOK_CACHE", crate::live::paths().cache());
            command.env_remove("LANG").env("KAFKA_WORKBOOK_HOME", &home).env(name, value);
            finish(command, b"")
        };
        let start = ["--json", "lab", "start", LAB, "--engine", engine.name()];
        let started = run(&start).exits(0).json();
        let servers = started["bootstrap_servers"].as_str().unwrap();
        let list = ["kafka-topics.sh", "--bootstrap-server", servers, "--list"];
        let list = [&["lab", "shell", LAB, "--"][..], &list].concat();
        assert_eq!(run(&list).exits(0).out, "old-topic\n");
        assert!(run(&["env", "logs"]).exits(0).out.contains("started"));
    }
}
