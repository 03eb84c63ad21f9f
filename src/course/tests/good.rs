//! A course that keeps every rule says what its files say.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::super::check::check;
use super::super::{
    AttemptKind, Cluster, Command, Course, Expected, FieldType, Mark, Source, Word, blocks,
};
use super::{GOOD, good, told};
use crate::phrase::Phrase;

/// The third-tier hints of the good lab, one after the other.
const HINTS_SCRIPT: &str = r#"#!/usr/bin/env bash
set -e
kafka-topics.sh --bootstrap-server {bootstrap} --create --topic events --partitions 3
kafka-topics.sh --bootstrap-server {bootstrap} --alter --topic events --partitions 5
echo grown
if kafka-topics.sh --bootstrap-server {bootstrap} --alter --topic events --partitions 2
then code=0
else code=$?
fi
[ "$code" -eq 1 ]
kafka-workbook lab answer D01-1 error INVALID_PARTITIONS
"#;

#[test]
fn a_good_course_keeps_every_rule() {
    assert_eq!(told(&check(&good())), Vec::<String>::new());
}

#[test]
fn days_and_labs_are_what_the_files_say() {
    let course = good();
    assert_eq!((course.id.as_str(), &course.title), ("kafka", &Phrase::new("Kafka", "Kafka 入门")));
    let day = &course.days[0];
    assert_eq!((day.number, &day.labs), (1, &vec!["D01-1".to_owned()]));
    assert_eq!(day.title, Phrase::new("Foundations", "基础"));
    assert_eq!(day.summary, Phrase::new("Logs and readers.", "日志与读者。"));
    assert_eq!(course.compose("one-node").unwrap().file_name, "compose/one-node.yaml");
    assert!(course.compose("one-node.yaml").is_none());
    assert_eq!(course.environments().collect::<Vec<_>>(), ["one-node"]);
    assert_eq!(course.lab("d01-1").unwrap().id, "D01-1");
    assert!(course.lab("D01-11").is_none());
}

#[test]
fn a_lab_is_what_its_file_says() {
    let course = good();
    let lab = course.lab("D01-1").unwrap();
    assert_eq!((lab.folder.as_str(), lab.minutes, lab.points()), ("D01-1-grow", 15, 8));
    assert_eq!((lab.environment.as_str(), lab.cluster), ("one-node", Cluster::Workbook));
    assert_eq!(lab.seed.topics[0].name, "old");
    assert_eq!(lab.seed.topics[0].records, 0);
    assert_eq!(lab.field("error").unwrap().kind, FieldType::Text);
    assert_eq!(lab.check("grown").unwrap().needs, ["exists"]);
    let (path, text) = &lab.starter[0];
    assert_eq!((path, text.as_slice()), (&PathBuf::from("notes/.keep"), &b"# notes\n"[..]));
}

#[test]
fn texts_are_found_by_id() {
    let course = good();
    let texts = &course.lab("D01-1").unwrap().texts;
    assert_eq!(texts.title, Phrase::new("Grow a topic", "让 topic 增长"));
    assert_eq!(
        texts.check_title("exists"),
        &Phrase::new("events has 5 partitions", "events 有 5 个分区")
    );
    assert_eq!(texts.check_description("exists").en, "As it is now.");
    assert_eq!(texts.check_description("grown").en, "");
    assert_eq!(texts.hint("grown", 2).en, "`--alter`");
    assert_eq!(texts.mistake("made-again").unwrap().en, "Deleted and made anew.");
    assert!(texts.mistake("no-such").is_none());
    assert_eq!(texts.field("error").en, "The name of the error.");
}

#[test]
fn an_engine_changes_only_what_its_section_states() {
    let course = good();
    let lab = course.lab("D01-1").unwrap();
    let attempt = lab.attempts.iter().find(|attempt| attempt.name == "at-once").unwrap();
    let failed = |mistake: &str| Expected {
        verdict: Word::Failed,
        points: 0,
        mistake: Some(mistake.to_owned()),
    };
    assert_eq!(attempt.expected("containers")["grown"], failed("created-at-once"));
    assert_eq!(attempt.expected("jvm")["grown"], failed("made-again"));
    let passed = Expected { verdict: Word::Passed, points: 3, mistake: None };
    assert_eq!(attempt.expected("jvm")["exists"], passed);
    assert_eq!(attempt.expected("jvm").len(), 3);
}

#[test]
fn each_kind_of_attempt_has_the_script_it_runs() {
    let course = good();
    let lab = course.lab("D01-1").unwrap();
    let scripts: BTreeMap<&str, Option<&[u8]>> = lab
        .attempts
        .iter()
        .map(|attempt| (attempt.kind.word(), attempt.script.as_deref()))
        .collect();
    assert_eq!(scripts["solution"], Some(&b"#!/bin/sh\n./create.sh\n"[..]));
    assert_eq!(scripts["untouched"], None);
    assert_eq!(scripts["starter"], None);
    let solution = lab.attempts.iter().find(|a| a.kind == AttemptKind::Solution).unwrap();
    assert_eq!(solution.files[0].0, PathBuf::from("create.sh"));
    assert_eq!(String::from_utf8_lossy(scripts["hints"].unwrap()), HINTS_SCRIPT);
}

#[test]
fn a_console_block_is_commands_and_what_they_print() {
    let course = good();
    let task = &course.lab("D01-1").unwrap().texts.task.en;
    let blocks: Vec<_> = blocks(task).into_iter().map(Result::unwrap).collect();
    assert_eq!((blocks[0].language.as_str(), &blocks[0].mark), ("text", &Mark::Text));
    assert_eq!((blocks[1].position.line, blocks[1].position.column), (10, 1));
    assert_eq!(blocks[1].mark, Mark::Run { exit: 0 });
    let describe = Command {
        text: "kafka-topics.sh --bootstrap-server {bootstrap} \\\n    --describe --topic events"
            .to_owned(),
        output: vec!["Topic: events  TopicId: …  PartitionCount: 5".to_owned()],
        line: 0,
    };
    let echo = Command { text: "echo done".to_owned(), output: vec!["done".to_owned()], line: 3 };
    assert_eq!([describe.output_line(0), echo.output_line(0)], [2, 4]);
    assert_eq!(blocks[1].line(4).line, 15);
    assert_eq!(blocks[1].commands, [describe, echo]);
}

#[test]
fn a_folder_is_read_as_the_binary_is() {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in GOOD {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let course = Course::load(&Source::Dir(root.path().to_owned())).unwrap();
    assert_eq!(course.labs().len(), 1);
    assert_eq!(course.lab("D01-1").unwrap().attempts.len(), 7);
    assert!(check(&course).is_empty());
}

#[test]
fn a_folder_that_is_not_there_is_one_error_with_its_path() {
    let root = tempfile::tempdir().unwrap();
    let none = root.path().join("none");
    let errors = Course::load(&Source::Dir(none.clone())).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert_eq!((errors[0].code(), errors[0].place().path()), ("unreadable", none.as_path()));
}

#[test]
fn faults_in_a_folder_are_told_with_the_path_that_was_given() {
    let root = tempfile::tempdir().unwrap();
    let errors = Course::load(&Source::Dir(root.path().to_owned())).unwrap_err();
    let first = root.path().join("lessons/course.en.md");
    assert_eq!((errors[0].code(), errors[0].place().path()), ("file-missing", first.as_path()));
}

/// A course may come from anyone: what it holds is what is in its folder.
#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let root = tempfile::tempdir().unwrap();
    let labs = root.path().join("labs");
    fs::create_dir_all(&labs).unwrap();
    std::os::unix::fs::symlink("/etc", labs.join("D01-1-x")).unwrap();
    let errors = Course::load(&Source::Dir(root.path().to_owned())).unwrap_err();
    assert_eq!(told(&errors), ["D01-1-x link"]);
}
