//! A lesson with a section that runs on a cluster of its own.

use std::fs;
use std::sync::Arc;

use kafka_workbook::app::dialog::Dialog;
use kafka_workbook::app::{Effect, Job, Message, Place};
use kafka_workbook::course::{Course, Source};
use kafka_workbook::lab::overview::Overview;
use kafka_workbook::phrase::Lang;
use kafka_workbook::progress::Progress;
use tempfile::TempDir;

use crate::picture::{draw, screen_text, shows};
use crate::stage::{SIZE, Stage};
use crate::story::cluster;

const FILES: [(&str, &str); 8] = [
    ("lessons/course.toml", "schema = 1\nid = \"two\"\n\n[[days]]\nnumber = 1\nlabs = []\n"),
    ("lessons/course.en.md", "# title\nTwo\n\n# day 1\nA day\n\nOne lesson.\n"),
    ("lessons/course.zh.md", "# title\n两个\n\n# day 1\n一天\n\n一课。\n"),
    ("compose/kraft-single.yaml", "services: {}\n"),
    ("compose/zookeeper-single.yaml", "services: {}\n"),
    ("lessons/day-01/lesson.toml", TOML),
    ("lessons/day-01/en.md", EN),
    ("lessons/day-01/zh.md", ZH),
];

const TOML: &str = r#"schema = 1
environment = "kraft-single"

[[elsewhere]]
sections = ["before"]
environment = "zookeeper-single"
"#;

const EN: &str = "# Who leads? {#now}\n\nAsk {bootstrap}.\n\n# Who led before? {#before}\n\nAsk {bootstrap} too.\n\n# What now? {#then}\n\nAsk {bootstrap} again.\n";

const ZH: &str = "# 谁说了算？ {#now}\n\n问 {bootstrap}。\n\n# 从前谁说了算？ {#before}\n\n也问 {bootstrap}。\n\n# 现在呢？ {#then}\n\n再问 {bootstrap}。\n";

fn course() -> Arc<Course> {
    let folder = TempDir::new().expect("a folder");
    for (path, text) in FILES {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    Arc::new(Course::load(&Source::Dir(folder.path().to_owned())).expect("a course"))
}

/// The lesson, at its section number `section`, from 0, while `running` runs.
fn at_section(lang: Lang, size: (u16, u16), section: usize, running: Option<&str>) -> Stage {
    let mut stage = Stage::of(course(), lang, size, Progress::default());
    stage.tell(Message::Looked(running.map(running_as)));
    stage.press("Enter Enter");
    (0..section).for_each(|_| drop(stage.press("n")));
    stage
}

fn running_as(environment: &str) -> Overview {
    let mut overview = cluster();
    environment.clone_into(&mut overview.cluster.environment);
    overview
}

fn starts(effects: &[Effect], section: &str) -> bool {
    let job = Job::StartLesson(1, section.to_owned());
    matches!(effects, [Effect::Work(_, started)] if *started == job)
}

#[test]
fn each_section_starts_its_own_cluster() {
    for (number, id) in ["now", "before", "then"].into_iter().enumerate() {
        let mut stage = at_section(Lang::En, SIZE, number, None);
        let effects = stage.press("u");
        assert!(starts(&effects, id), "{id}: {effects:?}");
    }
}

#[test]
fn a_cluster_is_not_replaced_unasked() {
    for (running, section) in
        [("kraft-single", 0), ("kraft-single", 1), ("zookeeper-single", 1), ("zookeeper-single", 2)]
    {
        let mut stage = at_section(Lang::En, SIZE, section, Some(running));
        assert_eq!(stage.press("u"), [], "{running}, section {section}");
        assert!(matches!(&stage.model.dialog, Some(Dialog::Confirm(_))));
        assert!(starts(&stage.press("y"), ["now", "before", "then"][section]));
    }
}

#[test]
fn a_shell_is_opened_only_on_the_cluster_that_the_section_is_for() {
    for (running, section, opens) in [
        ("kraft-single", 0, true),
        ("kraft-single", 1, false),
        ("zookeeper-single", 1, true),
        ("zookeeper-single", 2, false),
    ] {
        let mut stage = at_section(Lang::En, SIZE, section, Some(running));
        let effects = stage.press("s");
        let id = ["now", "before", "then"][section].to_owned();
        let expected = if opens { vec![Effect::Shell(Place::Lesson(1, id))] } else { Vec::new() };
        assert_eq!(effects, expected, "{running}, section {section}");
        assert_eq!(stage.model.notice.is_none(), opens);
    }
}

#[test]
fn an_address_is_shown_only_where_its_cluster_is_meant() {
    // The order matters: a cluster of the other environment with the same address comes after.
    let mut stage = at_section(Lang::En, SIZE, 0, Some("kraft-single"));
    let told = |stage: &Stage| {
        let shown = screen_text(&draw(&stage.model).buffer);
        ["Ask localhost:9092.", "Ask localhost:9092 too.", "Ask localhost:9092 again."]
            .map(|line| shown.contains(line))
    };
    assert_eq!(told(&stage), [true, false, true]);
    stage.tell(Message::Looked(Some(running_as("zookeeper-single"))));
    assert_eq!(told(&stage), [false, true, false]);
}

#[test]
fn a_section_for_another_cluster_says_so() {
    shows("lesson-elsewhere", |lang, size| at_section(lang, size, 1, Some("kraft-single")));
}

#[test]
fn the_question_names_what_goes_and_what_comes() {
    shows("replace-cluster", |lang, size| {
        let mut stage = at_section(lang, size, 1, Some("kraft-single"));
        stage.press("u");
        stage
    });
}
