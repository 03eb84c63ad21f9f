//! The full-screen workbook when something comes between: a kill, a node that is silent, a start
//! that is called off, another terminal.

use std::path::Path;
use std::time::{Duration, Instant};

use kafka_workbook::engine::cluster::EngineKind;
use rustix::process::Signal;
use serde_json::Value;

use crate::pty::{CTRL_C, ENTER, ESC, Pty};
use crate::screen::{
    EN, at_lab, nothing_runs, on_page, open, opens, points_are, signs_are, stage, started, starts,
    topic,
};
use crate::stage::{LAB, Stage, processes, until};

/// How long a key may take on a loaded machine; a person should not notice.
const MOMENT: Duration = Duration::from_secs(1);

pub fn a_screen_that_was_killed_comes_back_to_the_same_attempt(engine: EngineKind) {
    let stage = stage(engine);
    let mut pty = started(&stage);
    topic(&stage, "--delete", "old-topic", &[]);
    signs_are(&mut pty, EN, "✗✗✗✓");
    let node = stage.incarnation();
    for _ in 0..2 {
        pty.signal(Signal::KILL);
        assert_eq!(pty.wait_exit(), 137);
        pty = open(&stage, "en");
        // Where the work is, without a key.
        signs_are(&mut pty, EN, "✗✗✗✓");
        points_are(&mut pty, "3/10");
    }
    assert_eq!((stage.incarnation(), starts(&stage)), (node, 1));
    topic(&stage, "--create", "old-topic", &["1"]);
    signs_are(&mut pty, EN, "✗✗✗✗");
}

pub fn a_node_that_does_not_answer_holds_up_no_key(engine: EngineKind) {
    let stage = stage(engine);
    let mut pty = started(&stage);
    topic(&stage, "--delete", "old-topic", &[]);
    signs_are(&mut pty, EN, "✗✗✗✓");
    stage.run(&["env", "pause", "kafka"]).exits(0);
    // An answer is in the log, not in the cluster.
    signs_are(&mut pty, EN, "??✗?");
    points_are(&mut pty, "3/10");
    for _ in 0..5 {
        let begun = Instant::now();
        opens(&mut pty, "?");
        pty.send(ESC);
        on_page(&mut pty);
        assert!(begun.elapsed() < MOMENT, "{:?}\n{}", begun.elapsed(), pty.show());
    }
    stage.run(&["env", "resume", "kafka"]).exits(0);
    signs_are(&mut pty, EN, "✗✗✗✓");
    stage.run(&["env", "kill", "kafka"]).exits(0);
    signs_are(&mut pty, EN, "??✗?");
    let begun = Instant::now();
    pty.send("q");
    pty.wait_exit_with(0);
    assert!(begun.elapsed() < MOMENT, "{:?}", begun.elapsed());
}

pub fn a_start_is_called_off_by_a_key(engine: EngineKind) {
    let stage = stage(engine);
    let mut pty = at_lab(&stage);
    pty.send(ENTER);
    pty.wait_for("starting");
    pty.send("c");
    nothing_runs(&stage, &mut pty);
    pty.send(ENTER);
    until("the node runs", || (!stage.running().is_empty()).then_some(()));
    pty.send("c");
    nothing_runs(&stage, &mut pty);
    assert_eq!(stage.events(), []);
    pty.send("r");
    signs_are(&mut pty, EN, "✗✗✗✗");
    assert_eq!(starts(&stage), 1);
}

/// The lab's page in the middle of its start.
#[track_caller]
fn half_started(stage: &Stage) -> Pty {
    let mut pty = at_lab(stage);
    pty.send(ENTER);
    until("the node runs", || (!stage.running().is_empty()).then_some(()));
    pty
}

pub fn a_start_that_the_end_of_the_program_cuts_off_leaves_nothing(engine: EngineKind) {
    let terminated = |pty: &mut Pty| {
        pty.signal(Signal::TERM);
        pty.wait_exit_with(143);
    };
    let left = |pty: &mut Pty| {
        pty.send(CTRL_C);
        pty.wait_exit_with(0);
    };
    for end in [terminated, left] {
        let stage = stage(engine);
        end(&mut half_started(&stage));
        assert!(stage.traces().is_empty(), "{:?}", stage.traces());
        assert_eq!(stage.json(&["env", "status"], 0)["environment"], Value::Null);
        assert_eq!(stage.events(), []);
    }
}

/// Closing the window is no time for tidying up: whoever comes next does it.
pub fn a_start_that_lost_its_terminal_is_tidied_up_by_the_next(engine: EngineKind) {
    let stage = stage(engine);
    half_started(&stage).hang_up();
    assert_eq!(stage.json(&["lab", "check", LAB], 2)["error"]["code"], "not-started");
    drop(started(&stage));
    assert_eq!((stage.running().len(), starts(&stage)), (1, 1));
    assert_eq!(stage.check(1).1, 0);
}

pub fn what_is_done_in_another_terminal_shows(engine: EngineKind) {
    let stage = stage(engine);
    let mut pty = at_lab(&stage);
    stage.start();
    signs_are(&mut pty, EN, "✗✗✗✗");
    stage.run(&["lab", "answer", LAB, "error", "37"]).exits(0);
    signs_are(&mut pty, EN, "✗✗✓✗");
    points_are(&mut pty, "1/10");
    let mut other = open(&stage, "en");
    signs_are(&mut other, EN, "✗✗✓✗");
    stage.json(&["lab", "reset", LAB], 0);
    for pty in [&mut pty, &mut other] {
        signs_are(pty, EN, "✗✗✗✗");
    }
    topic(&stage, "--delete", "old-topic", &[]);
    for pty in [&mut pty, &mut other] {
        signs_are(pty, EN, "✗✗✗✓");
    }
    stage.run(&["lab", "stop", LAB]).exits(0);
    for pty in [&mut pty, &mut other] {
        nothing_runs(&stage, pty);
    }
}

/// The terminal is the shell's then, and its keys too; a signal is meant for the workbook.
pub fn a_signal_while_the_shell_has_the_terminal_ends_both(engine: EngineKind) {
    let stage = stage(engine);
    let mut pty = started(&stage);
    let in_shell = |pty: &mut Pty, marker: &str| {
        pty.send("s");
        pty.wait_for("[D01-4]");
        pty.send(&format!("sh -c 'echo asleep $((1 + 1)); exec sleep {marker}'\r"));
        pty.wait_for("asleep 2");
    };
    let sleeps = |seconds: &str| !processes(Path::new(seconds)).is_empty();
    in_shell(&mut pty, "1000.25");
    pty.signal(Signal::TERM);
    pty.wait_exit_with(143);
    until("nothing of the shell is left", || (!sleeps("1000.25")).then_some(()));

    let mut pty = open(&stage, "en");
    signs_are(&mut pty, EN, "✗✗✗✗");
    in_shell(&mut pty, "1000.75");
    pty.hang_up();
    until("nothing of the shell is left", || (!sleeps("1000.75")).then_some(()));
    assert_eq!(stage.running().len(), 1, "the cluster goes on");
}

/// Who is killed gives nothing back: the terminal still listens to a group of processes that is gone.
pub fn a_shell_that_is_killed_leaves_a_workbook_that_can_be_used(engine: EngineKind) {
    let stage = stage(engine);
    let mut pty = started(&stage);
    pty.send("s");
    pty.wait_for("[D01-4]");
    pty.send("kill -9 $$\r");
    signs_are(&mut pty, EN, "✗✗✗✗");
    opens(&mut pty, "?");
    pty.send(ESC);
    on_page(&mut pty);
    pty.send("q");
    pty.wait_exit_with(0);
}
