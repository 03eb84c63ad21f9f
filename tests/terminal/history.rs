//! Answers that are stored in an attempt without a cluster, held against what the log has.

use std::path::Path;

use kafka_workbook::progress::Event;

use crate::attempt::{FIELD, LAB, log, started};
use crate::moment::Moment;
use crate::program::{Home, program};
use crate::pty::{ENTER, Pty};

/// What a screen shows when an answer is kept.
pub const KEPT: &str = "saved, checking";

/// A home with an attempt that is going on.
pub fn home() -> Home {
    let home = Home::new();
    log(&home.path()).append(&[started(1)]).unwrap();
    home
}

/// An answer that a killed program was to store.
#[derive(Debug, Clone)]
pub struct Try {
    pub value: String,
    /// Where the program was when it was killed.
    pub moment: Moment,
    /// Whether it had said that it is stored.
    pub said: bool,
}

/// What became of tries.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    /// Stored, and said to be.
    pub said: usize,
    /// Stored, and killed before that was said.
    pub between: usize,
    /// Killed before they were stored.
    pub nothing: usize,
}

/// Both.
pub fn add(one: Tally, other: Tally) -> Tally {
    Tally {
        said: one.said + other.said,
        between: one.between + other.between,
        nothing: one.nothing + other.nothing,
    }
}

/// Holds the log against all tries at it: each that was said is there, and none twice; nobody else's
/// is there, and all of it can be read.
#[track_caller]
pub fn hold(home: &Path, tries: &[Try]) -> Tally {
    let stored = stored(home);
    let mut tally = Tally::default();
    for Try { value, moment, said } in tries {
        let times = stored.iter().filter(|known| *known == value).count();
        match (said, times) {
            (true, 1) => tally.said += 1,
            (false, 1) => tally.between += 1,
            (false, 0) => tally.nothing += 1,
            _ => panic!("{value} is stored {times} times, said: {said}, killed at {moment:?}"),
        }
    }
    let stranger = stored.iter().find(|value| !tries.iter().any(|t| t.value == **value));
    assert_eq!(stranger, None);
    let standing = log(home).standing().unwrap();
    assert_eq!(standing.damaged, []);
    let attempt = standing.progress.current(LAB).unwrap();
    assert_eq!(attempt.answers.get(FIELD), stored.last());
    tally
}

/// The answers in the log, in its order.
pub fn stored(home: &Path) -> Vec<String> {
    let entries = log(home).read().unwrap().entries;
    let value = |event| match event {
        Event::AnswerGiven { value, .. } => Some(value),
        _ => None,
    };
    entries.into_iter().filter_map(|entry| value(entry.event)).collect()
}

/// The screen at the attempt that is going on.
#[track_caller]
pub fn at_attempt(home: &Home) -> Pty {
    let mut pty = Pty::open(&home.command(program(), &["--lang", "en"]), 120, 40);
    pty.wait_for("D01-4 Topic lifecycle");
    on_page(&mut pty);
    pty
}

/// Waits until nothing stands in front of an attempt that is going on: the line of keys says so.
#[track_caller]
pub fn on_page(pty: &mut Pty) {
    has_keys(pty, "r reset");
}

/// Opens the dialog in which answers are typed.
#[track_caller]
pub fn open_answer(pty: &mut Pty) {
    pty.send("a");
    has_keys(pty, "Enter store");
}

#[track_caller]
fn has_keys(pty: &mut Pty, keys: &str) {
    let has = |shown: &str| shown.lines().last().is_some_and(|line| line.contains(keys));
    pty.wait_until(keys, has);
}

/// Types an answer and has it kept; it may not be yet when this returns.
#[track_caller]
pub fn keep(pty: &mut Pty, value: &str) {
    open_answer(pty);
    // The word on the last one goes with the key, so that it is not taken for one on this.
    pty.wait_gone(KEPT);
    pty.send(value);
    pty.wait_for(&format!("> {value}"));
    pty.send(ENTER);
}
