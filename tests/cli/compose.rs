//! Environments of a course that cannot be brought up.

use std::fs;

use crate::course::Copy;
use crate::program::Home;

const FILE: &str = "compose/kraft-single.yaml";

/// A course whose environment has this text in the place of another, and where that stands.
#[track_caller]
fn with(old: &str, new: &str) -> (Copy, String) {
    let course = Copy::new();
    let path = format!("{}/{FILE}", course.folder());
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches(old).count(), 1, "{old}");
    course.write(FILE, &text.replace(old, new));
    (course, path)
}

/// Old text, new text, line, column, code, a part of the message.
const FAULTS: [(&str, &str, u32, u32, &str, &str); 4] = [
    ("KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: [1", 23, 26, "compose-syntax", "not valid YAML"),
    ("    hostname: kafka", "    hostnam: kafka", 12, 5, "compose-not-supported", "`hostnam`"),
    ("KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: one", 22, 22, "compose-setting", "found `one`"),
    (
        "KAFKA_LISTENERS: INTERNAL://0.0.0.0:29092",
        "KAFKA_LISTENERS: INTERNAL",
        28,
        24,
        "compose-setting",
        "listeners of the service kafka",
    ),
];

#[test]
fn a_start_tells_file_line_and_column_and_changes_nothing() {
    for (old, new, line, column, code, words) in FAULTS {
        let (course, path) = with(old, new);
        for engine in ["auto", "jvm", "containers"] {
            let home = Home::new().with("KAFKA_WORKBOOK_COURSE", course.folder());
            let error = home.json(&["lab", "start", "D01-4", "--engine", engine], 2);
            let error = &error["error"];
            assert_eq!(error["code"], code, "{error}");
            let message = error["message"].as_str().unwrap();
            assert!(message.starts_with(&format!("{path}:{line}:{column}: ")), "{error}");
            assert!(message.contains(words), "{error}");
            assert!(!home.path().join("progress.log").exists(), "{new}");
            assert!(!home.path().join("env").exists(), "{new}");
        }
    }
}

#[test]
fn the_check_of_a_course_reads_its_environments_too() {
    for (old, new, line, column, code, words) in FAULTS {
        let (course, path) = with(old, new);
        let report = course.run(&["course", "check", "--json"]).exits(2).json();
        let errors = report["errors"].as_array().unwrap();
        assert_eq!((errors.len(), &errors[0]["code"]), (1, &code.into()), "{report}");
        let ran = course.run(&["course", "check"]).exits(2);
        assert!(ran.out.starts_with(&format!("{path}:{line}:{column}: ")), "{}", ran.out);
        assert!(ran.out.contains(words), "{}", ran.out);
    }
}

#[test]
fn a_course_is_read_although_one_of_its_environments_is_broken() {
    let (course, _) = with(FAULTS[0].0, FAULTS[0].1);
    course.run(&["list"]).exits(0);
    course.run(&["lab", "task", "D01-4"]).exits(0);
}
