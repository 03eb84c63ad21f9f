//! Two homes side by side.

use std::fs;

use kafka_workbook::engine::cluster::EngineKind;
use serde_json::Value;

use crate::stage::{LAB, Stage};

pub fn down_all_leaves_nothing_of_this_home_and_touches_no_other(engine: EngineKind) {
    let (ours, theirs) = (Stage::started(engine), Stage::started(engine));
    assert_ne!(ours.bootstrap(), theirs.bootstrap(), "two clusters");
    let neighbour = (theirs.node(), theirs.incarnation(), theirs.traces());
    let notes = ours.path().join("workspaces").join(LAB).join("notes.txt");
    fs::write(&notes, "mine").unwrap();

    let down = ours.json(&["env", "down", "--all"], 0);
    assert_eq!((&down["environment"], ours.traces()), (&Value::Null, vec![]));
    assert_eq!(fs::read_dir(ours.path().join("env")).unwrap().count(), 0);
    assert_eq!(fs::read_to_string(notes).unwrap(), "mine");
    assert_eq!(ours.json(&["lab", "check", LAB], 2)["error"]["code"], "not-started");
    // Nothing to remove is nothing to complain about.
    ours.json(&["env", "down", "--all"], 0);

    assert_eq!((theirs.node(), theirs.incarnation(), theirs.traces()), neighbour);
    assert_eq!(theirs.check(1).1, 0);
    theirs.tool(&["kafka-topics.sh", "--create", "--topic", "still-here"]);
}
