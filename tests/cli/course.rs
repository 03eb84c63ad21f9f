//! What an author of a course sees.

use std::fs;
use std::path::{Path, PathBuf};

use kafka_workbook::course::{Course, Source};
use tempfile::TempDir;

use crate::program::{Home, Ran, finish, program};

#[test]
fn the_embedded_course_has_no_errors() {
    let home = Home::new();
    let course = Course::load(&Source::Embedded).unwrap();
    let (labs, lessons) = (course.labs().len(), course.lessons().len());
    assert_eq!(
        home.run(&["course", "check"]).exits(0).out,
        format!("labs read: {labs}, lessons read: {lessons}, errors: 0\n")
    );
    let report = home.json(&["course", "check"], 0);
    let expected = serde_json::json!({"schema": 1, "labs": labs, "lessons": lessons, "errors": []});
    assert_eq!(report, expected);
}

/// A copy of this repository's course, to be changed.
pub struct Copy(TempDir);

impl Copy {
    pub fn new() -> Self {
        let copy = Self(TempDir::new().unwrap());
        for folder in ["lessons", "labs", "compose"] {
            copy_tree(
                &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
                &copy.0.path().join(folder),
            );
        }
        copy
    }

    fn file(&self, path: &str) -> PathBuf {
        self.0.path().join("labs/D01-4-topic-lifecycle").join(path)
    }

    /// Replaces one text in a file of lab D01-4.
    #[track_caller]
    fn with(self, path: &str, old: &str, new: &str) -> Self {
        let text = fs::read_to_string(self.file(path)).unwrap();
        assert_eq!(text.matches(old).count(), 1, "{old} in {path}");
        fs::write(self.file(path), text.replace(old, new)).unwrap();
        self
    }

    /// Writes a file by its path below the course's folder.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Removes a folder of the course, if it is there.
    pub fn remove(&self, folder: &str) {
        let _ = fs::remove_dir_all(self.0.path().join(folder));
    }

    /// The folder, for `--course`.
    pub fn folder(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Ran {
        Home::new().run(&[&["--course", self.folder()], arguments].concat())
    }
}

fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().unwrap().is_dir() {
            copy_tree(&source, &target);
        } else {
            fs::copy(source, target).unwrap();
        }
    }
}

#[test]
fn a_course_is_read_from_a_folder() {
    let course = Copy::new().with("task.en.md", "Topic lifecycle", "Another title");
    assert!(course.run(&["list"]).exits(0).out.contains("D01-4 Another title"));
    let home = Home::new().with("KAFKA_WORKBOOK_COURSE", course.0.path());
    assert!(home.run(&["list"]).exits(0).out.contains("D01-4 Another title"));
    let unset = Home::new().with("KAFKA_WORKBOOK_COURSE", "");
    assert!(unset.run(&["list"]).exits(0).out.contains("D01-4 Topic lifecycle"));
}

#[test]
fn a_fault_is_told_with_its_file_line_and_column() {
    let course = Copy::new().with("lab.toml", "minutes = 15", "minutes = \"15\"");
    let place = format!("{}:3:11: ", course.file("lab.toml").display());
    let ran = course.run(&["course", "check"]).exits(2);
    assert!(ran.out.starts_with(&place), "{}", ran.out);
    assert!(ran.out.ends_with("labs read: 0, lessons read: 0, errors: 1\n"), "{}", ran.out);
    let report = course.run(&["course", "check", "--json"]).exits(2).json();
    let error = &report["errors"][0];
    assert!(error["message"].as_str().unwrap().starts_with(&place), "{error}");
    assert!(error["code"].is_string() && error["hint"].is_string(), "{error}");
}

#[test]
fn every_command_refuses_a_broken_course_and_says_where_to_see_all_of_it() {
    let course = Copy::new().with("lab.toml", "minutes = 15", "minutes = -1");
    for arguments in [&["list"][..], &["lab", "task", "D01-4"], &["env", "status"], &[]] {
        let ran = course.run(arguments).exits(2);
        assert_eq!(ran.out, "", "{arguments:?}");
        assert!(ran.err.contains("lab.toml:3:11"), "{arguments:?}: {}", ran.err);
        let words = ran.err.split_whitespace().collect::<Vec<_>>().join(" ");
        let command = format!("kafka-workbook course check --course {}", course.0.path().display());
        assert!(words.ends_with(&command), "{arguments:?}: {words}");
    }
}

#[test]
fn a_rule_that_makes_labs_fair_is_held_by_the_check_alone() {
    // A verdict that no attempt states is a hole in the gate, but no reason to lock learners out.
    let course =
        Copy::new().with("attempts/untouched/attempt.toml", "[checks.grown]", "[checks.nonsense]");
    let ran = course.run(&["course", "check"]).exits(2);
    assert!(ran.out.contains("untouched/attempt.toml:"), "{}", ran.out);
}

#[test]
fn a_folder_that_is_no_course_is_refused() {
    let empty = TempDir::new().unwrap();
    let home = Home::new();
    for folder in [empty.path().to_str().unwrap(), "/nonsense"] {
        home.run(&["list", "--course", folder]).exits(2);
        home.run(&["course", "check", "--course", folder]).exits(2);
    }
}

#[test]
fn a_course_sends_no_escape_sequences() {
    let course = Copy::new()
        .with("task.en.md", "Topic lifecycle", "Topic \u{1b}]0;owned\u{7}lifecycle")
        .with("task.en.md", "You create a topic, grow it", "You \u{1b}[31mcreate\u{9b}0m a topic");
    for arguments in
        [&["list"][..], &["list", "--json"], &["lab", "task", "D01-4"], &["course", "check"]]
    {
        let ran = course.run(arguments);
        let sent = |text: &str| text.chars().any(|c| c.is_control() && c != '\n');
        assert!(!sent(&ran.out) && !sent(&ran.err), "{arguments:?}: {ran:?}");
    }
    let mut command = Home::new().command(program(), &["list", "--course", "\u{1b}[31m/nowhere"]);
    command.env("TERM", "xterm");
    assert!(!finish(command, b"").err.contains('\u{1b}'));
}
