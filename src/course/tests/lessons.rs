//! Lessons: what they say, and where what is wrong with them is told.

use super::super::check::check;
use super::super::{Course, Mark, blocks};
use super::{
    LESSON, LESSON_EN, LESSON_TOML, LESSON_ZH, broken, changed, good, message, refused, with,
};
use crate::phrase::Phrase;

const EN: &str = include_str!("lesson.en.md");
const ZH: &str = include_str!("lesson.zh.md");

fn bent(good: &str, piece: &str, by: &str) -> String {
    assert!(good.contains(piece), "{piece}");
    good.replacen(piece, by, 1)
}

/// The English file with a piece replaced, and what loading says of it.
#[track_caller]
fn loads_not(piece: &str, by: &str, told: &[&str]) {
    assert_eq!(refused(&with(LESSON_EN, bent(EN, piece, by))), told);
}

/// The Chinese file with a piece replaced, and what the rules say of it.
#[track_caller]
fn differs(piece: &str, by: &str, told: &[&str]) {
    assert_eq!(broken(&with(LESSON_ZH, bent(ZH, piece, by))), told);
}

/// A piece replaced in both files.
#[track_caller]
fn both(piece: &str, by: &str, told: &[&str]) {
    let (en, zh) = (bent(EN, piece, by), bent(ZH, piece, by));
    let files = changed(&[(LESSON_EN, Some(en.as_bytes())), (LESSON_ZH, Some(zh.as_bytes()))]);
    assert_eq!(broken(&files), told);
}

#[test]
fn a_lesson_is_what_its_files_say() {
    let course = good();
    let lesson = course.lesson(1).unwrap();
    assert!(course.lesson(2).is_none());
    assert_eq!((lesson.id().as_str(), lesson.own.environment.as_str()), ("day-01", "one-node"));
    assert_eq!(
        (lesson.own.seed.topics[0].name.as_str(), lesson.own.seed.topics[0].records),
        ("orders", 12)
    );
    let ids: Vec<&str> = lesson.sections.iter().map(|section| section.id.as_str()).collect();
    assert_eq!(ids, ["partition", "group"]);
    let first = &lesson.sections[0];
    assert_eq!(first.title, Phrase::new("What does a partition promise?", "分区保证什么？"));
    assert!(first.body.en.starts_with("A topic is only a name."), "{}", first.body.en);
    assert!(first.body.zh.ends_with("done\n```"), "{}", first.body.zh);
}

#[test]
fn a_printed_line_is_found_in_its_file() {
    let course = good();
    let section = &course.lesson(1).unwrap().sections[0];
    let block = blocks(&section.body.en).into_iter().flatten().find(|b| b.mark != Mark::Text);
    let block = block.unwrap();
    let places: Vec<String> = block
        .commands
        .iter()
        .map(|command| section.place(block.line(command.output_line(0))).unwrap().to_string())
        .collect();
    assert_eq!(places, ["lessons/day-01/en.md:14:1", "lessons/day-01/en.md:17:1"]);
    let line = |number: usize| EN.lines().nth(number - 1).unwrap();
    assert!(line(14).starts_with("Topic: orders") && line(17) == "done");
}

#[test]
fn a_day_may_have_no_lesson() {
    let files = changed(&[(LESSON, None), (LESSON_EN, None), (LESSON_ZH, None)]);
    assert_eq!(broken(&files), Vec::<String>::new());
}

#[test]
fn a_heading_is_a_title_and_an_id() {
    let heading = "# Who reads it? {#group}";
    for other in ["# Who reads it?", "# {#group}", "# Who reads it? {group}", "# Who? {#group} x"] {
        loads_not(heading, other, &["en.md:20:1 heading-form"]);
    }
    for (other, column) in [("# Who? {#Group}", 10), ("# Who? {#}", 10), ("# 谁？ {#a b}", 8)] {
        loads_not(heading, other, &[&format!("en.md:20:{column} bad-id")]);
    }
    loads_not(heading, "# Who? {#partition}", &["en.md:20:1 duplicate"]);
    loads_not("# What", "Hello\n\n# What", &["en.md:1:1 text-before-heading"]);
    let [en, zh, hint, _] = message(&with(LESSON_EN, bent(EN, heading, "# Who reads it?")));
    assert_eq!(
        en,
        "lessons/day-01/en.md:20:1: \"# Who reads it?\" is not a title followed by an id"
    );
    assert_eq!(zh, "lessons/day-01/en.md:20:1：「# Who reads it?」不是「标题 + id」的形式");
    assert!(hint.starts_with("write # What is a log? {#log}, with the same id"), "{hint}");
}

#[test]
fn lesson_toml_is_read_as_lab_toml_is() {
    let toml = |piece: &str, by: &str, told: &str| {
        assert_eq!(refused(&with(LESSON, bent(LESSON_TOML, piece, by))), [told]);
    };
    toml("schema = 1", "schema = 2", "lesson.toml:1:10 newer-schema");
    toml("\"one-node\"", "\"two-nodes\"", "lesson.toml:2:15 unknown-environment");
    toml("environment", "minutes = 5\nenvironment", "lesson.toml:2:1 unknown-key");
    toml("partitions = 3", "partitions = 0", "lesson.toml:6:14 out-of-range");
    toml("\"orders\"", "\"my orders\"", "lesson.toml:5:8 bad-topic-name");
    toml("records = 12", "records = 12\nrecord = 3", "lesson.toml:9:1 unknown-key");
}

/// The good course with a second environment, and with more in lesson.toml: its faults.
fn with_elsewhere(more: &str) -> Vec<String> {
    let toml = format!("{LESSON_TOML}{more}");
    refused(&changed(&[
        ("compose/two-nodes.yaml", Some(b"services: {}\n")),
        (LESSON, Some(toml.as_bytes())),
    ]))
}

#[test]
fn a_section_may_run_on_a_cluster_of_another_environment() {
    let more = "\n[[elsewhere]]\nsections = [\"group\"]\nenvironment = \"two-nodes\"\n\
        [[elsewhere.seed.topics]]\nname = \"zk\"\npartitions = 1\nreplication_factor = 1\n";
    let toml = format!("{LESSON_TOML}{more}");
    let files = changed(&[
        ("compose/two-nodes.yaml", Some(b"services: {}\n")),
        (LESSON, Some(toml.as_bytes())),
    ]);
    let course = Course::read(&files).unwrap();
    assert!(check(&course).is_empty());
    let lesson = course.lesson(1).unwrap();
    let told: Vec<(&str, &str, Vec<&str>)> = lesson
        .stages()
        .map(|stage| {
            let sections = lesson.sections_on(stage).map(|section| section.id.as_str());
            let topic = stage.seed.topics[0].name.as_str();
            (stage.environment.as_str(), topic, sections.collect())
        })
        .collect();
    assert_eq!(
        told,
        [("one-node", "orders", vec!["partition"]), ("two-nodes", "zk", vec!["group"])]
    );
    assert!(lesson.is_elsewhere("group") && !lesson.is_elsewhere("partition"));
}

#[test]
fn sections_elsewhere_are_known_and_named_once() {
    let group = "[[elsewhere]]\nsections = [\"group\"]\nenvironment = \"two-nodes\"\n";
    let tells = |piece: &str, by: &str, told: &[&str]| {
        assert_eq!(with_elsewhere(&bent(group, piece, by)), told);
    };
    tells("[\"group\"]", "[\"groups\"]", &["lesson.toml:10:13 unknown-section"]);
    tells("[\"group\"]", "[\"group\", \"group\"]", &["lesson.toml:10:22 duplicate"]);
    tells("\"two-nodes\"", "\"three-nodes\"", &["lesson.toml:11:15 unknown-environment"]);
    tells("\"two-nodes\"", "\"one-node\"", &["lesson.toml:11:15 duplicate"]);
    tells("sections = [\"group\"]\n", "", &["lesson.toml:9:1 missing-key"]);
    tells("[\"group\"]", "[]", &["lesson.toml:9:1 missing-key"]);
    tells("environment", "seeds = 1\nenvironment", &["lesson.toml:11:1 unknown-key"]);
    let again = ["lesson.toml:13:13 duplicate", "lesson.toml:14:15 duplicate"];
    assert_eq!(with_elsewhere(&format!("{group}{group}")), again);
    // A section whose heading is broken is not unknown as well.
    let broken = bent(EN, "{#group}", "{#Group}");
    let toml = format!("{LESSON_TOML}{group}");
    let files = changed(&[
        ("compose/two-nodes.yaml", Some(b"services: {}\n")),
        (LESSON, Some(toml.as_bytes())),
        (LESSON_EN, Some(broken.as_bytes())),
    ]);
    assert_eq!(refused(&files), ["en.md:20:19 bad-id"]);
}

#[test]
fn a_lesson_has_its_three_files_no_others_and_a_day() {
    for path in [LESSON, LESSON_EN, LESSON_ZH] {
        let name = path.rsplit('/').next().unwrap();
        assert_eq!(refused(&changed(&[(path, None)])), [format!("{name} file-missing")]);
    }
    assert_eq!(refused(&with("lessons/day-01/fr.md", "")), ["fr.md unknown-file"]);
    for folder in ["day-1", "day-001", "day-x", "day01", "Day-01"] {
        let path = format!("lessons/{folder}/en.md");
        assert_eq!(refused(&with(&path, EN)), ["en.md unknown-file"], "{folder}");
    }
    let files = changed(&[
        ("lessons/day-02/lesson.toml", Some(LESSON_TOML.as_bytes())),
        ("lessons/day-02/en.md", Some(EN.as_bytes())),
        ("lessons/day-02/zh.md", Some(ZH.as_bytes())),
    ]);
    assert_eq!(refused(&files), ["lesson.toml unknown-day"]);
    assert_eq!(broken(&with("lessons/day-01/.DS_Store", "x")), Vec::<String>::new());
    assert_eq!(refused(&with(LESSON_ZH, b"# a {#b}\n\xff")), ["zh.md:2:1 not-utf8"]);
}

#[test]
fn both_languages_have_the_same_sections_in_the_same_order() {
    let group = &ZH[ZH.find("# 谁来读它").unwrap()..];
    differs(group, "", &["zh.md text-missing"]);
    differs(group, "# 谁来读它？ {#group}\n", &["zh.md:20:1 text-missing"]);
    differs(group, &format!("{group}\n# 再见 {{#bye}}\n好\n"), &["en.md text-missing"]);
    differs("{#group}", "{#reader}", &["en.md text-missing", "zh.md text-missing"]);
    let turned = format!("{group}\n{}", ZH.strip_suffix(group).unwrap());
    assert_eq!(broken(&with(LESSON_ZH, turned)), ["zh.md:1:1 sections-differ"]);
    let nothing = changed(&[(LESSON_EN, Some(b"")), (LESSON_ZH, Some(b"\n"))]);
    assert_eq!(broken(&nothing), ["en.md lesson-empty"]);
}

#[test]
fn blocks_and_deeper_headings_are_alike_in_both_languages() {
    differs("$ echo done\ndone", "$ echo done\n好", &["zh.md:11:1 blocks-differ"]);
    differs("一格是一条消息\n", "一格是\n一条消息\n", &["zh.md:5:1 blocks-differ"]);
    differs("## 看看", "### 看看", &["zh.md:1:1 headings-differ"]);
    differs("```console interactive\n", "```console run\n", &["zh.md:22:1 blocks-differ"]);
    both(
        "{bootstrap} --topic",
        "{bootstrp} --topic",
        &["en.md:23:1 unknown-placeholder", "zh.md:23:1 unknown-placeholder"],
    );
    both("console run", "console", &["en.md:11:1 block-unmarked", "zh.md:11:1 block-unmarked"]);
    let wide = format!("```text\n{}\n", "x".repeat(77));
    both("```text\n", &wide, &["en.md:6:1 too-wide", "zh.md:6:1 too-wide"]);
}

#[test]
fn one_block_in_ten_may_stay_untried() {
    let skip = "```console skip=\"why\"\n$ ls\n```\n\n";
    let run = "```console run\n$ ls\n…\n```\n\n";
    let at = "```console skip=\"needs the internet\"";
    both(at, &format!("{skip}{at}"), &["en.md:30:1 skips-too-many"]);
    // With these, 19 and 20 blocks.
    both(at, &format!("{skip}{}{at}", run.repeat(15)), &["en.md:105:1 skips-too-many"]);
    both(at, &format!("{skip}{}{at}", run.repeat(16)), &[]);
}
