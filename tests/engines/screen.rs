//! The full-screen workbook at a real cluster: a person at one terminal, tools in another.

use std::time::Duration;

use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::progress::Event;
use serde_json::Value;

use crate::program::{Home, program};
use crate::pty::{CTRL_C, ENTER, ESC, Pty, TO_LAB};
use crate::stage::{LAB, Stage, until};

/// How long whatever a cluster has to do for may take to be shown.
const PATIENCE: Duration = Duration::from_secs(90);

/// The lab's name and how the titles of its checks begin, in both languages.
pub const EN: [&str; 5] = [
    "D01-4 Topic lifecycle",
    "quickstart-events has 5",
    "created with 3, grown",
    "you name the error",
    "old-topic is deleted",
];
const ZH: [&str; 5] = [
    "D01-4 Topic 生命周期",
    "quickstart-events 有 5",
    "创建时 3 个分区",
    "写出错误名",
    "old-topic 已删除",
];

/// A home where any engine will do, and only this one does.
pub fn stage(engine: EngineKind) -> Stage {
    stage_in(engine, Home::new())
}

pub fn stage_in(engine: EngineKind, home: Home) -> Stage {
    let home = match engine {
        EngineKind::Jvm => home.with("DOCKER_HOST", "unix:///dev/null/nobody"),
        _ => home,
    };
    Stage::in_home(engine, home)
}

/// The workbook at its first page: the course map, or the lab that is going on.
#[track_caller]
pub fn open(stage: &Stage, lang: &str) -> Pty {
    let mut command = stage.command(program(), &["--lang", lang]);
    command.env("SHELL", "/bin/bash");
    let mut pty = Pty::open(&command, 120, 40);
    pty.patience = PATIENCE;
    let mark = if lang == "en" { " EN" } else { " 中文" };
    let header = |shown: &str| shown.lines().next().is_some_and(|line| line.ends_with(mark));
    pty.wait_until("a page", header);
    pty
}

/// The lab's page, not started.
#[track_caller]
pub fn at_lab(stage: &Stage) -> Pty {
    let mut pty = open(stage, "en");
    pty.wait_for("Producers");
    pty.send(TO_LAB);
    pty.wait_for_all(&EN);
    pty
}

/// The lab's page with its first verdicts.
#[track_caller]
pub fn started(stage: &Stage) -> Pty {
    let mut pty = at_lab(stage);
    pty.send(ENTER);
    signs_are(&mut pty, EN, "✗✗✗✗");
    pty
}

/// The signs before the titles of the checks, from the first to the last.
fn signs(shown: &str, [_, titles @ ..]: [&str; 5]) -> String {
    let sign = |title: &str| {
        let before = shown.lines().find_map(|line| Some(line.split_once(title)?.0));
        // Before the title stand the check's id, its sign and, where it is chosen, a mark.
        let head = before.and_then(|before| before.rsplit('│').next()).unwrap_or_default();
        head.trim_start_matches([' ', '▸']).chars().next().unwrap_or(' ')
    };
    titles.into_iter().map(sign).collect()
}

#[track_caller]
pub fn signs_are(pty: &mut Pty, titles: [&str; 5], wanted: &str) {
    pty.wait_until(wanted, |shown| signs(shown, titles) == wanted);
}

#[track_caller]
pub fn points_are(pty: &mut Pty, points: &str) {
    pty.wait_until(points, |shown| shown.lines().next().is_some_and(|line| line.contains(points)));
}

/// Waits until nothing stands in front of a lab that is going on: the line of keys says so.
#[track_caller]
pub fn on_page(pty: &mut Pty) {
    pty.wait_until("the page", |shown| bottom(shown).contains("reset"));
}

/// Presses a key that opens a dialog on the page.
#[track_caller]
pub fn opens(pty: &mut Pty, key: &str) {
    on_page(pty);
    pty.send(key);
    pty.wait_until(&format!("a dialog by {key:?}"), |shown| !bottom(shown).contains("reset"));
}

fn bottom(shown: &str) -> &str {
    shown.lines().last().unwrap_or_default()
}

/// Changes the topic of the lab from the second terminal.
#[track_caller]
pub fn topic(stage: &Stage, action: &str, topic: &str, partitions: &[&str]) {
    let flags: &[&str] = if partitions.is_empty() { &[] } else { &["--partitions"] };
    stage.tool(&[&["kafka-topics.sh", action, "--topic", topic], flags, partitions].concat());
}

pub fn a_lab_is_worked_through_at_the_screen(engine: EngineKind) {
    let stage = stage(engine);
    let mut pty = at_lab(&stage);
    pty.send(ENTER);
    pty.wait_for("starting");
    signs_are(&mut pty, EN, "✗✗✗✗");
    points_are(&mut pty, "0/10");
    no_key_is_pressed_and_verdicts_change(&stage, &mut pty);
    hints_come_one_by_one(&mut pty);
    an_answer_is_typed(&stage, &mut pty);
    a_shell_takes_the_terminal_and_gives_it_back(&stage, &mut pty);
    a_reset_begins_anew(&stage, &mut pty);
    a_stop_leaves_nothing(&stage, &mut pty);
    pty.send("q");
    pty.wait_exit_with(0);
}

fn no_key_is_pressed_and_verdicts_change(stage: &Stage, pty: &mut Pty) {
    topic(stage, "--create", "quickstart-events", &["3"]);
    pty.wait_for("3 partitions");
    topic(stage, "--alter", "quickstart-events", &["5"]);
    signs_are(pty, EN, "✓✓✗✗");
    points_are(pty, "6/10");
    topic(stage, "--delete", "old-topic", &[]);
    signs_are(pty, EN, "✓✓✗✓");
    points_are(pty, "9/10");
    pty.wait_for("Topics 1");
    // The cluster is still asked, and says what it said.
    pty.assert_quiet(Duration::from_secs(2));
    pty.resize(80, 24);
    points_are(pty, " 9/10 ");
    pty.resize(120, 40);
    signs_are(pty, EN, "✓✓✗✓");
}

fn hints_come_one_by_one(pty: &mut Pty) {
    opens(pty, "h");
    for text in ["Ask for fewer partitions", "Shrinking is the same request", "The request fails"] {
        pty.wait_for(text);
        pty.send("h");
    }
    pty.send(ESC);
    on_page(pty);
}

fn an_answer_is_typed(stage: &Stage, pty: &mut Pty) {
    opens(pty, "a");
    // More than any answer holds is neither keys nor a crash.
    pty.send(&format!("\x1b[200~{}\x1b[201~", "q\r\x03中".repeat(1 << 17)));
    pty.send(ESC);
    on_page(pty);
    assert!(!answered(stage), "left without storing");

    opens(pty, "a");
    pty.send("lq?");
    pty.wait_for("lq?");
    pty.send("\x7f\x7f\x7f");
    pty.wait_gone("lq?");
    pty.send("\x1b[200~INVALID_\x1b[201~");
    pty.send("PARTITIONS");
    pty.wait_for("INVALID_PARTITIONS");
    pty.send(ENTER);
    signs_are(pty, EN, "✓✓✓✓");
    points_are(pty, "10/10");
    pty.wait_for("all passed");
    assert!(answered(stage));
}

fn answered(stage: &Stage) -> bool {
    stage.events().iter().any(|event| matches!(event, Event::AnswerGiven { .. }))
}

fn a_shell_takes_the_terminal_and_gives_it_back(stage: &Stage, pty: &mut Pty) {
    pty.send("s");
    pty.wait_for("[D01-4]");
    let shared = ["alternate screen", "hidden cursor", "colours"];
    assert!(!pty.left_behind().iter().any(|mode| shared.contains(mode)), "{}", pty.show());
    pty.send("echo at=$BOOTSTRAP_SERVERS in=${PWD##*/}\r");
    pty.wait_for(&format!("at={} in={LAB}", stage.bootstrap()));
    // The shell's keys are the shell's: nothing of them ends the workbook or gets to it.
    pty.send("sh -c 'echo asleep $((1 + 1)); exec sleep 100'\r");
    pty.wait_for("asleep 2");
    pty.send(CTRL_C);
    pty.send("echo code=$?\r");
    pty.wait_for("code=130");
    pty.resize(100, 30);
    pty.send("echo columns=$(tput cols)\r");
    pty.wait_for("columns=100");
    pty.resize(120, 40);
    pty.send("exit 3\r");
    signs_are(pty, EN, "✓✓✓✓");
    assert!(pty.left_behind().contains(&"bracketed paste"), "pastes are told from keys again");
    opens(pty, "?");
    pty.send(ESC);
    on_page(pty);
}

fn a_reset_begins_anew(stage: &Stage, pty: &mut Pty) {
    opens(pty, "r");
    pty.send(ESC);
    on_page(pty);
    assert_eq!(starts(stage), 1);
    opens(pty, "r");
    pty.send("y");
    signs_are(pty, EN, "✗✗✗✗");
    points_are(pty, "0/10");
    assert_eq!(starts(stage), 2);
}

pub fn starts(stage: &Stage) -> usize {
    stage.events().iter().filter(|event| matches!(event, Event::AttemptStarted { .. })).count()
}

fn a_stop_leaves_nothing(stage: &Stage, pty: &mut Pty) {
    opens(pty, "x");
    pty.send("y");
    nothing_runs(stage, pty);
}

/// The page shows no verdicts and no work any more, and nothing is left of the cluster.
#[track_caller]
pub fn nothing_runs(stage: &Stage, pty: &mut Pty) {
    until("the cluster is gone", || {
        let status = stage.json(&["env", "status"], 0);
        (status["environment"] == Value::Null && stage.traces().is_empty()).then_some(())
    });
    pty.wait_until("a lab that is not started", |shown| {
        let busy = ["starting D01-4", "stopping D01-4"].iter().any(|work| shown.contains(work));
        let has_signs = signs(shown, EN).contains(['✓', '✗', '⋯', '?']);
        shown.contains("not started") && !busy && !has_signs
    });
}

pub fn a_lab_reads_in_either_language_while_it_goes_on(engine: EngineKind) {
    let stage = stage(engine);
    let mut pty = open(&stage, "zh");
    pty.wait_for("生产者");
    pty.send(TO_LAB);
    pty.wait_for_all(&ZH);
    pty.send("r");
    signs_are(&mut pty, ZH, "✗✗✗✗");
    topic(&stage, "--delete", "old-topic", &[]);
    signs_are(&mut pty, ZH, "✗✗✗✓");
    points_are(&mut pty, "3/10");
    let page = pty.text();
    pty.send("l");
    signs_are(&mut pty, EN, "✗✗✗✓");
    pty.send("l");
    pty.wait_until("the page as it was", |shown| shown == page);
}
