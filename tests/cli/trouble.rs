//! Surroundings that do not play along.

use std::fs;
use std::path::Path;

use crate::program::Home;

#[test]
fn a_base_for_ports_that_is_none_is_refused_before_anything_starts() {
    for base in ["80", "70000", "nonsense", "-1"] {
        let home = Home::new().with("KAFKA_WORKBOOK_PORT_BASE", base);
        for arguments in [&["lab", "start", "D01-4"][..], &["env", "up", "kraft-single"]] {
            let error = &home.json(arguments, 2)["error"];
            assert_eq!(error["code"], "port-base", "{base}: {error}");
            assert!(error["message"].as_str().unwrap().contains(base), "{error}");
        }
        assert_eq!(home.lab("D01-4")["open"], false);
    }
}

#[test]
fn without_java_a_start_says_what_is_missing_and_leaves_nothing() {
    let home = Home::new().with("PATH", "/nonsense").with("JAVA_HOME", "");
    let error = &home.json(&["lab", "start", "D01-4"], 1)["error"];
    assert_eq!(error["code"], "no-java", "{error}");
    assert_eq!(home.json(&["lab", "check", "D01-4"], 2)["error"]["code"], "not-started");
    assert_eq!(fs::read_dir(home.path().join("env")).into_iter().flatten().count(), 0);
}

#[test]
fn a_home_that_cannot_be_written_is_told_by_its_path() {
    let home = Home::new();
    // A file where the home should be: no right in the world, not even root's, makes a folder of it.
    fs::write(home.path(), "").unwrap();
    for arguments in
        [&["lab", "start", "D01-4"][..], &["env", "up", "kraft-single"], &["env", "down", "--all"]]
    {
        let error = &home.json(arguments, 1)["error"];
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(home.path().to_str().unwrap()), "{arguments:?}: {error}");
        assert!(error["hint"].as_str().unwrap().contains("KAFKA_WORKBOOK_HOME"), "{error}");
    }
}

#[test]
fn progress_of_a_newer_program_is_neither_read_nor_changed() {
    let home = Home::new();
    let payload = r#"{"at":"2026-03-01T07:01:12.5Z","events":[]}"#;
    let sum = crc32c::crc32c(format!("9 {payload}").as_bytes());
    let log = format!("9 {sum:08x} {payload}\n");
    let path = home.path().join("progress.log");
    fs::create_dir_all(home.path()).unwrap();
    fs::write(&path, &log).unwrap();
    for arguments in [
        &["list"][..],
        &["lab", "start", "D01-4"],
        &["lab", "check", "D01-4"],
        &["lab", "task", "D01-4"],
    ] {
        let error = &home.json(arguments, 1)["error"];
        assert_eq!(error["code"], "progress-too-new", "{arguments:?}: {error}");
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), log);
}

#[test]
fn a_damaged_line_of_progress_locks_nobody_out() {
    let home = Home::new();
    fs::create_dir_all(home.path()).unwrap();
    fs::write(home.path().join("progress.log"), "nonsense\n\u{1b}[31m\n1 9c0f2e41 {\"at\":")
        .unwrap();
    home.run(&["list"]).exits(0);
}

#[test]
fn what_cannot_be_read_of_an_environment_is_as_good_as_none() {
    let home = Home::new();
    let folder = home.path().join("env/kraft-single");
    fs::create_dir_all(&folder).unwrap();
    for text in ["", "nonsense", "{\"schema\":99}", "{\"schema\":1,\"cluster\":{}}"] {
        fs::write(folder.join("cluster.json"), text).unwrap();
        assert_eq!(home.json(&["env", "status"], 0)["nodes"], serde_json::json!([]), "{text}");
    }
    home.run(&["env", "down", "--all"]).exits(0);
    assert!(!Path::new(&folder).exists());
}

#[test]
fn a_tool_without_a_cluster_says_what_to_start() {
    let home = Home::new();
    let link = home.path().join("kafka-topics.sh");
    fs::create_dir_all(home.path()).unwrap();
    std::os::unix::fs::symlink(crate::program::program(), &link).unwrap();
    let ran = crate::program::finish(home.command(&link, &["--list"]), b"").exits(2);
    assert!(ran.err.contains("kafka-workbook lab start ID"), "{ran:?}");
}
