//! Each rule of `course check` fires on a course that keeps all the others.

use super::{
    AT_ONCE, AT_ONCE_TOML, LAB, LAB_TOML, PASSED, TASK_EN, TASK_ZH, broken, changed, with,
};

const EN: &str = include_str!("task.en.md");
const ZH: &str = include_str!("task.zh.md");

fn bent(good: &str, piece: &str, by: &str) -> String {
    assert!(good.contains(piece), "{piece}");
    good.replacen(piece, by, 1)
}

/// Replaces the piece in both languages.
#[track_caller]
fn task(piece: &str, by: &str, told: &[&str]) {
    let (en, zh) = (bent(EN, piece, by), bent(ZH, piece, by));
    let files = changed(&[(TASK_EN, Some(en.as_bytes())), (TASK_ZH, Some(zh.as_bytes()))]);
    assert_eq!(broken(&files), told);
}

#[track_caller]
fn attempt(name: &str, text: &str, told: &[&str]) {
    let path = format!("labs/D01-1-grow/attempts/{name}/attempt.toml");
    assert_eq!(broken(&with(&path, text)), told);
}

#[test]
fn a_section_is_there_in_both_languages() {
    let lost = bent(ZH, "# hint grown 2\n`--alter`\n", "");
    assert_eq!(broken(&with(TASK_ZH, lost)), ["task.zh.md text-missing"]);
    let empty = bent(EN, "# hint grown 2\n`--alter`\n", "# hint grown 2\n");
    assert_eq!(broken(&with(TASK_EN, empty)), ["task.en.md:45:1 text-missing"]);
    let day = "# title\nKafka\n";
    assert_eq!(broken(&with("lessons/course.zh.md", day)), ["course.zh.md text-missing"]);
}

#[test]
fn every_check_field_and_mistake_has_its_text() {
    task(
        "# field error\n",
        "# mistake of-mine\n",
        &[
            "task.en.md text-missing",
            "task.en.md:87:1 text-unused",
            "task.zh.md text-missing",
            "task.zh.md:87:1 text-unused",
        ],
    );
    task(
        "# mistake made-again\nDeleted and made anew.\n",
        "",
        &["task.en.md text-missing", "task.zh.md text-missing"],
    );
    task(
        "# title",
        "# check nothing\nx\n# title",
        &["task.en.md:1:1 text-unused", "task.zh.md:1:1 text-unused"],
    );
}

#[test]
fn code_blocks_are_equal_byte_by_byte() {
    let zh = bent(ZH, "$ echo done\ndone", "$ echo done \ndone");
    assert_eq!(broken(&with(TASK_ZH, zh)), ["task.zh.md:14:1 blocks-differ"]);
    let zh = bent(ZH, "console run exit=1", "console run exit=2");
    assert_eq!(broken(&with(TASK_ZH, zh)), ["task.zh.md:65:1 blocks-differ"]);
    let zh = bent(ZH, "```console run\n$ echo grown\n```\n", "");
    assert_eq!(broken(&with(TASK_ZH, zh)), ["task.zh.md:48:1 blocks-differ"]);
}

#[test]
fn a_drawing_has_its_words_in_the_readers_language_but_as_many_lines() {
    let zh = bent(ZH, "之前    │ 0", "之前\n    │ 0");
    assert_eq!(broken(&with(TASK_ZH, zh)), ["task.zh.md:7:1 blocks-differ"]);
}

#[test]
fn headings_below_a_section_are_alike() {
    let zh = bent(ZH, "# check exists", "## 更多\n\n# check exists");
    assert_eq!(broken(&with(TASK_ZH, zh)), ["task.zh.md:4:1 headings-differ"]);
}

#[test]
fn console_blocks_are_marked_and_hold_commands() {
    let block = "```console run\n$ kafka-topics.sh --bootstrap-server {bootstrap} \\\n";
    let told = |code: &str| [format!("task.en.md:14:1 {code}"), format!("task.zh.md:14:1 {code}")];
    for (by, code) in [
        ("```console\n$ ls \\\n", "block-unmarked"),
        ("```console runs\n$ ls \\\n", "block-mark"),
        ("```console run exit=256\n$ ls \\\n", "block-mark"),
        ("```console skip=\"\"\n$ ls \\\n", "block-mark"),
        ("```sh run\n$ ls \\\n", "block-not-console"),
        ("```console run\nls\n$ ls \\\n", "block-output-first"),
        ("```console run\n```\n```console interactive\n$ ls \\\n", "block-no-command"),
        ("```console run\n$ ls \\\n```\n```console interactive\n$ ls \\\n", "block-unfinished"),
    ] {
        let told = told(code);
        task(block, by, &told.each_ref().map(String::as_str));
    }
}

#[test]
fn a_misspelt_placeholder_is_told_at_its_line() {
    task(
        "$ echo done",
        "$ echo {bootstap} ${home}",
        &["task.en.md:18:1 unknown-placeholder", "task.zh.md:18:1 unknown-placeholder"],
    );
}

#[test]
fn a_value_that_the_lab_does_not_issue_stands_for_nothing() {
    task(
        "$ echo done",
        "$ echo ${TOPIC} {TOPIC}",
        &["task.en.md:18:17 unknown-placeholder", "task.zh.md:18:17 unknown-placeholder"],
    );
}

#[test]
fn a_drawing_fits_the_terminal() {
    let fits = "好".repeat(38);
    task("```text\n", &format!("```text\n{fits}\n"), &[]);
    task(
        "```text\n",
        &format!("```text\n{fits}好\n"),
        &["task.en.md:8:1 too-wide", "task.zh.md:8:1 too-wide"],
    );
    let indented = format!("Then:\n\n    {}\n\n```console run\n$ kafka", "x".repeat(77));
    task(
        "```console run\n$ kafka",
        &indented,
        &["task.en.md:16:5 too-wide", "task.zh.md:16:5 too-wide"],
    );
}

#[test]
fn the_third_hint_can_be_run() {
    task(
        "```console run\n$ echo grown",
        "```console interactive\n$ echo grown",
        &["task.en.md:48:1 hint-not-runnable"],
    );
}

#[test]
fn earlier_hints_do_not_hold_the_answer() {
    let answer = "kafka-topics.sh --bootstrap-server {bootstrap} --create --topic events \
                  --partitions 3\n$ kafka-topics.sh --bootstrap-server {bootstrap} --alter";
    assert!(answer.chars().count() >= 120);
    let wrapped = answer.replace(' ', "\n");
    task(
        "List what is there.",
        &wrapped,
        &["task.en.md:27:1 hint-gives-away", "task.zh.md:27:1 hint-gives-away"],
    );
    let answer: String = answer.chars().take(119).collect();
    task("List what is there.", &answer, &[]);
    let script = format!("#!/bin/sh\n{}\n", "abcd ".repeat(30));
    let (en, zh) = (EN, bent(ZH, "`--alter`", &"abcd ".repeat(25)));
    let files = changed(&[
        (TASK_EN, Some(en.as_bytes())),
        (TASK_ZH, Some(zh.as_bytes())),
        ("labs/D01-1-grow/attempts/answer/run", Some(script.as_bytes())),
    ]);
    assert_eq!(broken(&files), ["task.zh.md:45:1 hint-gives-away"]);
}

#[test]
fn a_field_is_read_by_a_check() {
    let field = "[[fields]]\nid = \"spare\"\ntype = \"text\"\n\n[[fields]]";
    let lab = bent(LAB_TOML, "[[fields]]", field);
    let (en, zh) = (format!("{EN}\n# field spare\nx\n"), format!("{ZH}\n# field spare\nx\n"));
    let files = changed(&[
        (LAB, Some(lab.as_bytes())),
        (TASK_EN, Some(en.as_bytes())),
        (TASK_ZH, Some(zh.as_bytes())),
    ]);
    assert_eq!(broken(&files), ["lab.toml:12:6 field-unread"]);
}

#[test]
fn a_lab_has_every_kind_of_attempt_that_proves_it() {
    for (name, toml, run) in [
        ("answer", "answer/attempt.toml", Some("answer/run")),
        ("nothing", "nothing/attempt.toml", None),
        ("hints", "hints/attempt.toml", None),
    ] {
        let folder = "labs/D01-1-grow/attempts/";
        let (toml, run) = (format!("{folder}{toml}"), format!("{folder}{}", run.unwrap_or("x/y")));
        let script = format!("{folder}{name}/create.sh");
        let files = changed(&[(&toml, None), (&run, None), (&script, None)]);
        assert_eq!(broken(&files), ["lab.toml:2:6 attempt-missing"], "{name}");
    }
    let starter = "labs/D01-1-grow/attempts/starter/attempt.toml";
    assert_eq!(broken(&changed(&[(starter, None)])), ["lab.toml:2:6 attempt-missing"]);
    let files = changed(&[(starter, None), ("labs/D01-1-grow/starter/notes/.keep", None)]);
    assert_eq!(broken(&files), Vec::<String>::new(), "no starter, no attempt for it");
}

#[test]
fn three_wrong_ways_are_the_least() {
    let alternative = "schema = 1\nkind = \"alternative\"\n\
        checks.exists = { verdict = \"passed\", points = 3 }\n\
        checks.grown = { verdict = \"passed\", points = 3 }\n\
        checks.error = { verdict = \"passed\", points = 2 }\n";
    attempt(
        "too-far",
        alternative,
        &[
            "lab.toml:2:6 mistakes-too-few",
            "lab.toml:17:6 mistake-unasserted",
            "lab.toml:17:6 mistake-unasserted",
            "lab.toml:17:6 never-fails-alone",
        ],
    );
}

#[test]
fn the_right_ways_pass_every_check() {
    for kind in ["solution", "hints", "alternative"] {
        let toml = format!(
            "schema = 1\nkind = \"{kind}\"\n\
            checks.exists = {{ verdict = \"passed\", points = 3 }}\n\
            checks.grown = {{ verdict = \"failed\", points = 0 }}\n\
            checks.error = {{ verdict = \"passed\", points = 2 }}\n"
        );
        let name = if kind == "hints" { "hints" } else { "answer" };
        let mut told = vec!["attempt.toml:4:8 not-passed"];
        if kind == "alternative" {
            told.push("lab.toml:2:6 attempt-missing");
        }
        attempt(name, &toml, &told);
    }
}

#[test]
fn on_one_engine_a_right_way_may_be_blocked_but_not_fail() {
    let failed = bent(PASSED, "\"blocked\"", "\"failed\"");
    attempt("answer", &failed, &["attempt.toml:12:19 not-passed"]);
}

#[test]
fn who_does_nothing_earns_nothing() {
    for (name, kind) in [("nothing", "untouched"), ("starter", "starter")] {
        let toml = format!(
            "schema = 1\nkind = \"{kind}\"\n\
            checks.exists = {{ verdict = \"failed\", points = 0, mistake = \"name-differs\" }}\n\
            checks.grown = {{ verdict = \"blocked\", points = 0 }}\n\
            checks.error = {{ verdict = \"passed\", points = 2 }}\n"
        );
        attempt(name, &toml, &["attempt.toml:5:8 passed-unearned"]);
    }
}

#[test]
fn points_are_the_checks_own_or_none() {
    let three = bent(AT_ONCE_TOML, "points = 3", "points = 2");
    attempt("at-once", &three, &["attempt.toml:3:8 points-differ"]);
    let jvm = bent(AT_ONCE_TOML, "\npoints = 0\n", "\npoints = 3\n");
    attempt("at-once", &jvm, &["attempt.toml:6:16 points-differ"]);
}

#[test]
fn a_check_whose_need_has_not_passed_is_blocked() {
    let toml = "schema = 1\nkind = \"mistake\"\n\
        checks.exists = { verdict = \"failed\", points = 0, mistake = \"grown-too-far\" }\n\
        checks.grown = { verdict = \"failed\", points = 0 }\n\
        checks.error = { verdict = \"passed\", points = 2 }\n\
        [on.jvm.checks]\n\
        exists = { verdict = \"failed\", points = 0, mistake = \"name-differs\" }\n\
        grown = { verdict = \"blocked\", points = 0 }\n";
    attempt("too-far", toml, &["attempt.toml:4:8 not-blocked"]);
}

#[test]
fn a_wrong_way_fails_something() {
    let toml = "schema = 1\nkind = \"mistake\"\n\
        checks.exists = { verdict = \"passed\", points = 3 }\n\
        checks.grown = { verdict = \"passed\", points = 3 }\n\
        checks.error = { verdict = \"passed\", points = 2 }\n";
    let folder = "labs/D01-1-grow/attempts/another";
    let (run, path) = (format!("{folder}/run"), format!("{folder}/attempt.toml"));
    let files = changed(&[(&run, Some(b"#!/bin/sh\n")), (&path, Some(toml.as_bytes()))]);
    assert_eq!(broken(&files), ["attempt.toml nothing-fails"]);
}

#[test]
fn a_mistake_is_one_that_the_check_can_name() {
    let toml = bent(AT_ONCE_TOML, "\"made-again\"", "\"another-error\"");
    assert_eq!(
        broken(&with(AT_ONCE, toml)),
        ["attempt.toml:6:16 unknown-mistake", "lab.toml:25:6 mistake-unasserted"]
    );
}

#[test]
fn every_check_fails_alone_somewhere() {
    let toml = bent(AT_ONCE_TOML, "\"passed\", points = 2", "\"failed\", points = 0");
    assert_eq!(broken(&with(AT_ONCE, toml)), ["lab.toml:25:6 never-fails-alone"]);
}
