//! A progress log of which not all can be read: what counts, and what is said.

use std::fs;
use std::path::PathBuf;

use crate::attempt::{FIELD, LAB, answer, log, started};
use crate::program::{Home, finish, program};

/// An attempt, with an answer on line 2.
fn with_attempt() -> (Home, PathBuf) {
    let home = Home::new();
    log(&home.path()).append(&[started(1)]).unwrap();
    home.run(&["lab", "answer", LAB, FIELD, "first"]).exits(0);
    let path = home.path().join("progress.log");
    (home, path)
}

/// The answer is not as it was written any more, and there is a line of a merge.
fn damaged() -> (Home, PathBuf) {
    let (home, path) = with_attempt();
    let text = fs::read_to_string(&path).unwrap().replace("first", "worst");
    fs::write(&path, text + "<<<<<<< HEAD\n").unwrap();
    (home, path)
}

#[test]
fn commands_that_rest_on_progress_say_once_what_of_it_cannot_be_read() {
    let (home, path) = damaged();
    let before = fs::read(&path).unwrap();
    for arguments in [
        &["list"][..],
        &[],
        &["lab", "task", LAB],
        &["lab", "check", LAB],
        &["lab", "answer", LAB, "nonsense", "x"],
        &["lab", "hint", LAB, "nonsense"],
    ] {
        let err = home.run(arguments).err;
        let words = err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words.matches("warning: ").count(), 1, "{arguments:?}: {err}");
        let which = "2 lines of your progress cannot be read: 2 (changed after it was written), 3 (not a line of progress);";
        assert!(words.starts_with(&format!("warning: {which}")), "{err}");
        assert!(err.contains(path.to_str().unwrap()), "{err}");
    }
    let err = home.run(&["list", "--lang", "zh"]).exits(0).err;
    assert!(err.starts_with("警告：学习进度有 2 行无法读取"), "{err}");
    assert_eq!(fs::read(&path).unwrap(), before, "they stay as they are");
}

#[test]
fn what_rests_on_no_progress_and_what_the_learner_runs_are_not_disturbed() {
    let (home, _) = damaged();
    for arguments in [&["env", "list"][..], &["course", "check"], &["lesson", "1"]] {
        assert_eq!(home.run(arguments).err, "", "{arguments:?}");
    }
    let err = home.run(&["lab", "shell", LAB, "--", "true"]).err;
    assert!(!err.contains("warning"), "{err}");
}

#[test]
fn programs_are_told_in_the_list_and_nowhere_else() {
    let (home, path) = damaged();
    let ran = home.run(&["list", "--json"]).exits(0);
    assert_eq!(ran.err, "");
    let warnings = ran.json()["warnings"].clone();
    assert_eq!(warnings.as_array().map(Vec::len), Some(1), "{warnings}");
    assert_eq!(warnings[0]["code"], "progress-damaged");
    assert!(warnings[0]["message"].as_str().unwrap().contains(path.to_str().unwrap()));
    assert!(warnings[0]["hint"].as_str().unwrap().contains("restore"), "{warnings}");
    let stored = home.run(&["--json", "lab", "answer", LAB, FIELD, "next"]).exits(0);
    assert_eq!(stored.err, "");
    assert_eq!(stored.json()["stored"], true);
    let (whole, _) = with_attempt();
    assert_eq!(whole.json(&["list"], 0)["warnings"], serde_json::json!([]));
}

#[test]
fn what_a_kill_leaves_behind_alarms_nobody() {
    let (home, path) = with_attempt();
    let torn = fs::read_to_string(&path).unwrap() + "1 ab12cd34 {\"at\":\"20";
    fs::write(&path, torn).unwrap();
    assert_eq!(home.run(&["list"]).exits(0).err, "");
    home.run(&["lab", "answer", LAB, FIELD, "next"]).exits(0);
    assert_eq!(home.run(&["list"]).exits(0).err, "");
    assert_eq!(answer(&home.path()).as_deref(), Some("next"));
}

#[test]
fn a_log_that_went_through_an_editor_of_windows_is_the_same_log() {
    let (home, path) = with_attempt();
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("\u{feff}{}", text.replace('\n', "\r\n"))).unwrap();
    let list = home.json(&["list"], 0);
    assert_eq!(home.lab(LAB)["open"], true, "{list}");
    assert_eq!(list["warnings"], serde_json::json!([]));
    assert_eq!(answer(&home.path()).as_deref(), Some("first"));
    home.run(&["lab", "answer", LAB, FIELD, "next"]).exits(0);
    assert_eq!(answer(&home.path()).as_deref(), Some("next"));
}

/// The kernel kills who lets a file grow beyond the limit, unless it heeds the signal.
#[test]
fn a_limit_on_the_size_of_files_is_told_and_leaves_no_half_of_a_line() {
    let (home, path) = with_attempt();
    let before = fs::read(&path).unwrap();
    let limited = r#"ulimit -c 0; ulimit -f 1; exec "$0" "$@""#;
    let long = "x".repeat(1000);
    let program = program().to_str().unwrap();
    let arguments = ["-c", limited, program, "lab", "answer", LAB, FIELD, &long];
    let ran = finish(home.command("/bin/sh".as_ref(), &arguments), b"").exits(1);
    assert!(ran.err.starts_with("error: no room to write"), "{ran:?}");
    assert!(ran.err.contains("ulimit -f"), "{ran:?}");
    assert_eq!(fs::read(&path).unwrap(), before);
}
