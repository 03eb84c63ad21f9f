//! `tour` where no cluster can be had: it says so, and leaves nothing.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::fake_docker::{HANGS, Machine};
use crate::program::Home;

/// A machine without an engine, whose temporary files are looked at.
fn without_engine(temporary: &TempDir) -> Home {
    let home = Home::new().with("PATH", "/nonsense").with("JAVA_HOME", "");
    home.with("TMPDIR", temporary.path())
}

#[test]
fn what_is_no_engine_or_one_word_too_many_is_wrong_usage() {
    let home = Home::new();
    for arguments in
        [&["tour", "--engine", "vm"][..], &["tour", "D01-4"], &["tour", "--timeout", "0"]]
    {
        home.run(arguments).exits(2);
    }
    assert!(!home.path().exists());
}

#[test]
fn a_machine_without_an_engine_is_told_what_it_lacks_and_nothing_is_left() {
    let temporary = TempDir::new().unwrap();
    let home = without_engine(&temporary);
    for (engine, code) in [
        ("auto", "no-java"),
        ("jvm", "no-java"),
        ("containers", "docker-missing"),
        ("attach", "engine-not-here"),
    ] {
        let ran = home.run(&["--json", "tour", "--engine", engine]).exits(1);
        let objects: Vec<Value> =
            ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(objects.iter().all(|object| object["schema"] == 1), "{}", ran.out);
        let events: Vec<&str> =
            objects.iter().filter_map(|object| object["event"].as_str()).collect();
        assert_eq!(events, ["begin", "step", "step"], "{}", ran.out);
        assert_eq!(objects.last().unwrap()["error"]["code"], code, "{}", ran.out);
    }
    let ran = home.run(&["tour"]).exits(1);
    assert!(ran.out.contains("D01-4") && ran.err.contains("error: "), "{ran:?}");
    assert!(!home.path().exists(), "the learner's home is not even made");
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
}

#[test]
fn a_tour_that_is_called_off_while_docker_is_silent_leaves_nothing() {
    let temporary = TempDir::new().unwrap();
    let mut machine = Machine::with_docker_that(HANGS);
    machine.home = machine.home.with("TMPDIR", temporary.path());
    let words = ["--json", "tour", "--engine", "containers"];
    let ran = machine.run_and_send(rustix::process::Signal::INT, &["version"], &words);
    let last: Value = serde_json::from_str(ran.out.lines().last().unwrap()).unwrap();
    assert_eq!(last["error"]["code"], "cancelled", "{}", ran.out);
    assert_eq!(ran.code, Some(1));
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
}
