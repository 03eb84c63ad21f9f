//! Attempts: what a reset renews and what it keeps.

use std::fs;
use std::path::PathBuf;

use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::progress::Event;
use serde_json::{Value, json};

use crate::stage::{LAB, Stage};

pub fn a_reset_begins_anew_and_keeps_the_best_score_and_the_files(engine: EngineKind) {
    let stage = Stage::new(engine);
    let first = stage.start();
    four_points(&stage);
    the_verdicts_are_in_the_log(&stage);
    let notes = PathBuf::from(first["workspace"].as_str().unwrap()).join("notes.txt");
    fs::write(&notes, "mine").unwrap();
    hints_go_on_from_tier_to_tier(&stage);

    let second = stage.json(&["lab", "reset", LAB], 0);
    assert_eq!((&second["attempt"], &second["workspace"]), (&json!(2), &first["workspace"]));
    assert_eq!(second["engine"], json!(engine.name()), "the engine of the attempt before");
    assert_ne!(second["nonce"], first["nonce"]);
    assert_eq!(fs::read_to_string(&notes).unwrap(), "mine");
    nothing_of_the_first_attempt_counts(&stage);
    assert_eq!(map(&stage), (json!(4), json!(2), json!(true)));

    stage.run(&["lab", "stop", LAB]).exits(0);
    assert_eq!(map(&stage), (json!(4), json!(2), json!(false)));
    assert_eq!(stage.json(&["env", "status"], 0)["nodes"], json!([]));
    assert!(stage.traces().is_empty(), "{:?}", stage.traces());
    assert_eq!(fs::read_to_string(&notes).unwrap(), "mine");
    assert_eq!(stage.json(&["lab", "check", LAB], 2)["error"]["code"], "not-started");
}

/// An answer and a deleted topic.
fn four_points(stage: &Stage) {
    let stored = stage.json(&["lab", "answer", LAB, "error", "INVALID_PARTITIONS"], 0);
    assert_eq!(stored, json!({"schema": 1, "lab": LAB, "field": "error", "stored": true}));
    stage.tool(&["kafka-topics.sh", "--delete", "--topic", "old-topic"]);
    let verdicts = ["failed", "failed", "passed", "passed"].map(str::to_owned);
    assert_eq!(stage.check(1), (verdicts.to_vec(), 4));
}

fn the_verdicts_are_in_the_log(stage: &Stage) {
    let events = stage.events();
    let verdict = |event: &Event| match event {
        Event::VerdictReached { attempt: 1, check, points, verdict, .. } => {
            Some((check.clone(), verdict.word().to_owned(), *points))
        }
        _ => None,
    };
    let verdicts: Vec<_> = events.iter().filter_map(verdict).collect();
    let line = |check: &str, word: &str, points| (check.to_owned(), word.to_owned(), points);
    let expected = [
        line("partitions", "failed", 0),
        line("grown", "failed", 0),
        line("error", "passed", 1),
        line("old-topic", "passed", 3),
    ];
    assert_eq!(verdicts, expected);
    let scored =
        Event::Scored { lab: LAB.into(), attempt: 1, points: 4, max_points: 10, passed: false };
    assert_eq!(events.last(), Some(&scored));
    // What is known is not written again.
    stage.check(1);
    assert_eq!(stage.events(), events);
}

fn hints_go_on_from_tier_to_tier(stage: &Stage) {
    for tier in [1, 2, 3, 3] {
        let hint = stage.json(&["lab", "hint", LAB], 0);
        assert_eq!((&hint["check"], &hint["tier"]), (&json!("partitions"), &json!(tier)));
        // Runnable as it stands: the address is filled in.
        assert!(!hint["text"].as_str().unwrap().contains("{bootstrap}"), "{hint}");
    }
    let named = stage.json(&["lab", "hint", LAB, "grown"], 0);
    assert_eq!((&named["check"], &named["tier"]), (&json!("grown"), &json!(1)));
    let wrong = stage.json(&["lab", "hint", LAB, "nonsense"], 2);
    assert_eq!(wrong["error"]["code"], "no-such-check");
}

fn nothing_of_the_first_attempt_counts(stage: &Stage) {
    assert_eq!(stage.tool(&["kafka-topics.sh", "--list"]), "old-topic\n");
    assert_eq!(stage.check(1), (vec!["failed".to_owned(); 4], 0));
    assert_eq!(stage.json(&["lab", "hint", LAB], 0)["tier"], 1);
}

/// The lab in the map: best points, attempts, whether one is open.
fn map(stage: &Stage) -> (Value, Value, Value) {
    let list = stage.json(&["list"], 0);
    let days = list["days"].as_array().unwrap();
    let mut labs = days.iter().flat_map(|day| day["labs"].as_array().unwrap());
    let lab = labs.find(|lab| lab["id"] == LAB).unwrap();
    (lab["best_points"].clone(), lab["attempts"].clone(), lab["open"].clone())
}
