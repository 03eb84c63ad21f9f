//! A Java that is none, or not the one that Kafka needs.

use std::fs;
use std::path::Path;

use rustix::process::{Signal, kill_process};
use tempfile::TempDir;

use crate::fake_java::Java;
use crate::program::{Home, finish_while, program};

const ON_JVM: [&str; 5] = ["lab", "start", "D01-4", "--engine", "jvm"];

fn program_of(java: &Java) -> String {
    java.path().join("bin/java").display().to_string()
}

/// A home where this is `JAVA_HOME`, and nothing is on PATH.
fn home_with(java_home: &Path) -> Home {
    Home::new().with("PATH", "/nonsense").with("JAVA_HOME", java_home)
}

/// A start ends with this error, in both languages, and leaves nothing at all.
#[track_caller]
fn start_fails(home: &Home, code: &str, words: &[&str]) {
    let message = |lang: &str| {
        let error = &home.json(&[&["--lang", lang][..], &ON_JVM].concat(), 1)["error"];
        assert_eq!(error["code"], code, "{error}");
        assert!(error["hint"].as_str().unwrap().contains("JAVA_HOME"), "{error}");
        error["message"].as_str().unwrap().to_owned()
    };
    let (en, zh) = (message("en"), message("zh"));
    assert!(words.iter().all(|words| en.contains(words)), "{words:?} in {en}");
    assert_ne!(en, zh);
    assert!(!home.path().exists(), "{:?}", fs::read_dir(home.path()));
}

/// Says this version on standard error, as every Java does.
fn says(version: &str) -> String {
    format!("echo 'openjdk version \"{version}\" 2026-01-20' >&2")
}

#[test]
fn a_java_that_kafka_does_not_run_on_is_told_by_its_version() {
    for version in ["11.0.20", "1.8.0_392", "16.0.2", "26-ea", "nonsense"] {
        let java = Java::that(&says(version));
        let program = program_of(&java);
        start_fails(&home_with(java.path()), "wrong-java", &["17 to 25", &program, version]);
    }
}

#[test]
fn a_java_that_says_no_version_is_told_by_what_it_says_instead() {
    for (does, words) in [
        ("echo 'Error: could not find libjava.so' >&2; exit 1", "exit status: 1: Error: could not"),
        (&format!("{}; exit 134", says("17.0.1")), "exit status: 134"),
        ("kill -SEGV $$", "signal: 11"),
        ("printf '\\n \\033]0;owned\\007 hello\\n'", "says: \\u{1b}]0;owned\\u{7} hello"),
        (":", "says: -"),
        ("exec 2>/dev/null", "says: -"),
        ("while :; do echo flood; done | { IFS= read -r l; echo $l; }", "says: flood"),
    ] {
        let java = Java::that(does);
        let program = program_of(&java);
        start_fails(&home_with(java.path()), "no-java", &[&program, words]);
    }
}

#[test]
fn a_java_that_cannot_be_run_is_told_by_the_systems_reason() {
    let java = Java::that(":");
    java.install("nonsense", "755");
    start_fails(&home_with(java.path()), "no-java", &["cannot be run", "Exec format error"]);
    java.install("#!/bin/sh\n", "644");
    start_fails(&home_with(java.path()), "no-java", &["cannot be run", "Permission denied"]);
    java.install("#!/nonsense/interpreter\n", "755");
    start_fails(&home_with(java.path()), "no-java", &["cannot be run", "No such file"]);
}

#[test]
fn a_java_home_without_java_is_named() {
    let folder = TempDir::new().unwrap();
    let place = |name: &str| folder.path().join(name);
    fs::create_dir_all(place("empty")).unwrap();
    fs::create_dir_all(place("folder/bin/java")).unwrap();
    fs::write(place("file"), "").unwrap();
    std::os::unix::fs::symlink("/nonsense/jdk", place("link")).unwrap();
    for name in ["empty", "folder", "file", "link", "nothing"] {
        let named = place(name).display().to_string();
        start_fails(&home_with(&place(name)), "no-java", &["JAVA_HOME is", &named]);
    }
    start_fails(&home_with(Path::new("")), "no-java", &["JAVA_HOME is not set"]);
}

#[test]
fn a_java_that_never_answers_is_given_up() {
    let java = Java::that_hangs();
    let path = std::env::var_os("PATH").unwrap();
    let home = Home::new().with("JAVA_HOME", java.path()).with("PATH", path);
    start_fails(&home, "no-java", &["has not said its version within 10 s"]);
}

#[test]
fn a_start_that_waits_for_java_can_be_called_off() {
    for signal in [Signal::INT, Signal::TERM] {
        let java = Java::that_hangs();
        let path = std::env::var_os("PATH").unwrap();
        let home = Home::new().with("JAVA_HOME", java.path()).with("PATH", path);
        let words = [&["--json"][..], &ON_JVM].concat();
        let ran = finish_while(home.command(program(), &words), b"", |pid| {
            java.wait_asked();
            kill_process(pid, signal).unwrap();
        });
        let error = ran.exits(1).json()["error"].clone();
        assert_eq!(error["code"], "cancelled", "{error}");
        assert!(!home.path().exists());
    }
}

#[test]
fn with_neither_engine_both_are_named() {
    let home = home_with(Path::new(""));
    for (lang, words) in [("en", "no `docker` on PATH"), ("zh", "PATH 上找不到 `docker`")] {
        let error = &home.json(&["--lang", lang, "lab", "start", "D01-4"], 1)["error"];
        assert_eq!(error["code"], "no-java", "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("`java`") && message.contains(words), "{error}");
    }
}
