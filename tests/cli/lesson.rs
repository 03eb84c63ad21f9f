//! A day's lesson, without a cluster.

use serde_json::json;
use textwrap::core::display_width;

use crate::course::Copy;
use crate::program::Home;

const TOML: &str = "schema = 1\nenvironment = \"kraft-single\"\n";

const EN: &str = "# What is a log? {#log}

A file that only grows at its end, and that says which of two things that were appended to it came first.

```console run
$ kafka-topics.sh --bootstrap-server {bootstrap} --list
a line that the command prints, and which is longer than any terminal of those days was wide
```

## What it costs

    orders-0  │ 0 │ 1 │ 2 │ →

# Who reads it? {#group}

Members.
";

const ZH: &str = "# 日志是什么？ {#log}

只在末尾追加的文件。

```console run
$ kafka-topics.sh --bootstrap-server {bootstrap} --list
a line that the command prints, and which is longer than any terminal of those days was wide
```

## 代价

    orders-0  │ 0 │ 1 │ 2 │ →

# 谁来读它？ {#group}

成员。
";

/// The course of this repository with a short lesson on day 2 and none on day 3.
fn course() -> Copy {
    let course = Copy::new();
    course.write("lessons/day-02/lesson.toml", TOML);
    course.write("lessons/day-02/en.md", EN);
    course.write("lessons/day-02/zh.md", ZH);
    course.remove("lessons/day-03");
    course
}

#[test]
fn a_lesson_is_prose_wrapped_and_code_as_it_stands() {
    let course = course();
    let out = course.run(&["lesson", "2"]).exits(0).out;
    let way_in = "to try its commands, start its cluster: kafka-workbook lesson 2 --start";
    let begin = format!("2 Producers\n\n{way_in}\n\nWhat is a log?\n\nA file that only grows");
    assert!(out.starts_with(&begin), "{out}");
    // Code is set off, and whole, so that it can be copied.
    let (code, prose): (Vec<&str>, Vec<&str>) =
        out.lines().partition(|line| line.starts_with("    "));
    assert!(prose.iter().all(|line| display_width(line) <= 80), "{out}");
    let kept = [
        // The cluster's address is not known yet.
        "    $ kafka-topics.sh --bootstrap-server {bootstrap} --list",
        "    a line that the command prints, and which is longer than any terminal of those days was wide",
        "    orders-0  │ 0 │ 1 │ 2 │ →",
    ];
    assert_eq!(code, kept);
    assert!(out.contains("\n\nWhat it costs\n\n"), "{out}");
    assert!(out.ends_with("\n\nWho reads it?\n\nMembers.\n"), "{out}");
}

#[test]
fn a_day_is_named_by_its_number_or_its_folder() {
    let course = course();
    let out = |day| course.run(&["lesson", day, "--lang", "zh"]).exits(0).out;
    assert!(
        out("2").starts_with("2 生产者\n\n想动手试")
            && out("2").contains("\n\n日志是什么？\n\n只在末尾追加的文件。\n"),
        "{}",
        out("2")
    );
    assert_eq!((out("02"), out("day-02")), (out("2"), out("2")));
}

#[test]
fn a_lesson_as_json_has_its_sections_in_order() {
    let lesson = course().run(&["lesson", "2", "--json"]).exits(0).json();
    let text = lesson["sections"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("A file that only grows") && text.contains("\n## What it costs\n"));
    let expected = json!({
        "schema": 1, "day": 2, "title": "Producers", "environment": "kraft-single",
        "sections": [
            {"id": "log", "title": "What is a log?", "environment": "kraft-single", "text": text},
            {"id": "group", "title": "Who reads it?", "environment": "kraft-single", "text": "Members."},
        ],
    });
    assert_eq!(lesson, expected);
}

#[test]
fn a_section_on_another_cluster_says_how_to_start_it() {
    let course = course();
    course.write("compose/another.yaml", "services: {}\n");
    let more = "[[elsewhere]]\nsections = [\"group\"]\nenvironment = \"another\"\n";
    course.write("lessons/day-02/lesson.toml", &format!("{TOML}{more}"));
    let start = "these commands are for another cluster, another: kafka-workbook lesson 2 --start \
        --section group";
    let out = course.run(&["lesson", "2"]).exits(0).out.replace('\n', " ");
    assert!(out.contains(&format!("Who reads it?  {start}  Members.")), "{out}");
    assert!(out.contains("start its cluster: kafka-workbook lesson 2 --start  What is"), "{out}");
    // One section alone, and its cluster.
    let lesson = course.run(&["lesson", "2", "--section", "group", "--json"]).exits(0).json();
    let section = json!({
        "id": "group", "title": "Who reads it?", "environment": "another", "text": "Members."
    });
    assert_eq!(lesson["sections"], json!([section]));
    let error = course.run(&["lesson", "2", "--shell", "--section", "group", "--json"]).exits(2);
    let error = &error.json()["error"];
    assert_eq!(error["code"], "lesson-not-started");
    assert_eq!(error["message"], "another, the cluster of lesson 2, does not run");
    assert_eq!(error["hint"], "start it: kafka-workbook lesson 2 --start --section group");
    let error = course.run(&["lesson", "2", "--start", "--section", "groups", "--json"]).exits(2);
    assert_eq!(error.json()["error"]["hint"], "its sections are log, group");
}

#[test]
fn a_day_without_a_lesson_says_which_days_have_one() {
    let error = &course().run(&["lesson", "3", "--json"]).exits(2).json()["error"];
    assert_eq!(
        (&error["code"], &error["message"]),
        (&json!("no-lesson"), &json!("day 3 has no lesson yet"))
    );
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.starts_with("days with a lesson: ") && hint.contains('2'), "{hint}");
}

#[test]
fn reading_a_lesson_writes_nothing() {
    let course = course();
    let home = Home::new();
    home.run(&["lesson", "2", "--course", course.folder()]).exits(0);
    assert!(!home.path().exists());
}

#[test]
fn what_is_wrong_with_a_lesson_is_told_with_its_place() {
    let course = course();
    course.write("lessons/day-02/zh.md", &ZH.replace("--list", "--describe"));
    let ran = course.run(&["course", "check"]).exits(2);
    assert!(ran.out.contains("lessons/day-02/zh.md:5:1: this block differs from"), "{}", ran.out);
    // A hole between the languages is no reason to lock learners out.
    course.run(&["lesson", "2"]).exits(0);
    course.write("lessons/day-02/en.md", &EN.replace(" {#log}", ""));
    let ran = course.run(&["lesson", "2"]).exits(2);
    assert!(ran.err.contains("en.md:1:1") && ran.out.is_empty(), "{ran:?}");
}
