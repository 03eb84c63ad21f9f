//! How long a frame takes, and what a key, a lesson and a start cost: `cargo bench --bench screen`.
//!
//! Frames are drawn at 200×60, the largest size that the screen is made for, of pages as a learner
//! has them. The start is that of the real program in a terminal, in a home of its own.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and has nobody to hand an error to"
)]

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;
use std::time::{Duration, Instant};

use kafka_workbook::app::{Message, Model};
use kafka_workbook::phrase::Lang;
use kafka_workbook::ui;
use ratatui::backend::{Backend, CrosstermBackend, TestBackend};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

#[expect(dead_code, reason = "no cluster is needed here")]
mod common;
#[expect(dead_code, reason = "the tests' learner does more than is measured")]
#[path = "../tests/screens/stage.rs"]
mod stage;
#[expect(dead_code, reason = "the tests' learner does more than is measured")]
#[path = "../tests/screens/story.rs"]
mod story;
#[path = "common/terminal.rs"]
mod terminal;
#[path = "../tests/screens/verdicts.rs"]
mod verdicts;

use common::line;
use stage::Stage;
use terminal::Shown;

/// The size that frames are measured at.
const LARGE: (u16, u16) = (200, 60);

/// The size that most terminals open with.
const USUAL: (u16, u16) = (80, 24);

const FRAMES: usize = 3000;
const LAYOUTS: usize = 300;
const STARTS: usize = 20;
const IDLE: Duration = Duration::from_secs(10);

fn main() {
    let (columns, rows) = LARGE;
    println!("frames at {columns}×{rows}, drawn into a buffer");
    let mut buffer = Terminal::new(TestBackend::new(columns, rows)).expect("a terminal");
    pages(&mut buffer);
    println!("the same, as bytes for a terminal");
    let written = Rc::new(Cell::new(0));
    let backend = CrosstermBackend::new(Bytes { frame: Vec::new(), written: Rc::clone(&written) });
    let viewport = Viewport::Fixed(Rect::new(0, 0, columns, rows));
    let options = TerminalOptions { viewport };
    pages(&mut Terminal::with_options(backend, options).expect("a terminal"));
    println!("{:<52} {:>9} bytes a frame on average", "", written.get() / (4 * FRAMES));
    println!("one key");
    keys();
    layout();
    println!("the program in a terminal of {columns}×{rows}");
    program();
}

/// What a terminal would get, frame by frame; kept as long as a frame is written.
struct Bytes {
    frame: Vec<u8>,
    written: Rc<Cell<usize>>,
}

impl Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.written.set(self.written.get() + self.frame.len());
        self.frame.clear();
        Ok(())
    }
}

/// An attempt with verdicts of every kind beside a full cluster.
fn lab() -> Stage {
    let mut lab = Stage::with(Lang::En, LARGE, story::under_way(story::RECORDS_LAB));
    lab.tell(Message::Looked(Some(story::busy_cluster())));
    lab.tell(Message::Verdicts(lab.hosted_as(), verdicts::of_every_kind()));
    lab
}

fn lesson(lang: Lang, size: (u16, u16)) -> Stage {
    let mut lesson = Stage::new(lang, size);
    lesson.tell(Message::Looked(Some(story::busy_cluster())));
    lesson.press("Enter Enter");
    lesson
}

fn pages<B: Backend>(terminal: &mut Terminal<B>) {
    let unchanged = lab();
    spread("lab with verdicts, nothing has changed", frames(terminal, unchanged, |_, _| {}));
    let verdicts = [verdicts::of_every_kind(), verdicts::all_passed(story::RECORDS_LAB)];
    spread(
        "lab, every verdict has changed",
        frames(terminal, lab(), move |stage, number| {
            stage.tell(Message::Verdicts(stage.hosted_as(), verdicts[number % 2].clone()));
        }),
    );
    for (name, lang) in [("English", Lang::En), ("Chinese", Lang::Zh)] {
        let what = format!("lesson, a line further, {name}");
        spread(&what, frames(terminal, lesson(lang, LARGE), |stage, _| scroll(stage)));
    }
}

/// A line further; from the end back to the beginning.
fn scroll(stage: &mut Stage) {
    let before = stage.place();
    stage.press("j");
    if stage.place() == before {
        stage.press("g");
    }
}

/// The time that each of many frames takes after something has happened.
fn frames<B: Backend>(
    terminal: &mut Terminal<B>,
    mut stage: Stage,
    mut happens: impl FnMut(&mut Stage, usize),
) -> Vec<Duration> {
    draw(terminal, &stage.model);
    let frame = |number| {
        happens(&mut stage, number);
        let begun = Instant::now();
        draw(terminal, &stage.model);
        begun.elapsed()
    };
    (0..FRAMES).map(frame).collect()
}

fn draw<B: Backend>(terminal: &mut Terminal<B>, model: &Model) {
    let drawn = terminal.draw(|frame| ui::draw(model, frame));
    assert!(drawn.is_ok(), "a frame cannot be drawn");
}

/// From a key to the frame that shows it.
fn keys() {
    let (columns, rows) = LARGE;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a terminal");
    let contexts = [
        ("lesson, line down and up", lesson(Lang::En, LARGE), "j k"),
        ("lab, next pane", lab(), "Tab Tab"),
        ("lab, a dialog opened and closed", lab(), "? Esc"),
        ("lesson, the other language", lesson(Lang::En, LARGE), "l l"),
    ];
    for (name, mut stage, keys) in contexts {
        draw(&mut terminal, &stage.model);
        let keys: Vec<&str> = keys.split(' ').collect();
        let taken = (0..FRAMES / 10).map(|number| {
            let begun = Instant::now();
            stage.press(keys[number % keys.len()]);
            draw(&mut terminal, &stage.model);
            begun.elapsed()
        });
        spread(name, taken.collect());
    }
}

/// The longest thing that a key can ask for: a lesson that was not open yet.
fn layout() {
    let (columns, rows) = USUAL;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a terminal");
    for (name, lang) in [("English", Lang::En), ("Chinese", Lang::Zh)] {
        let mut closed = Stage::new(lang, USUAL);
        closed.press("Enter");
        let taken = (0..LAYOUTS).map(|_| {
            let mut stage = closed.clone();
            let begun = Instant::now();
            stage.press("Enter");
            draw(&mut terminal, &stage.model);
            begun.elapsed()
        });
        let what = format!("lesson of day 1 opened at {columns}×{rows}, {name}");
        spread(&what, taken.collect());
    }
}

/// The real program: until it shows something, and what it takes while nobody does anything.
fn program() {
    let home = tempfile::tempdir().expect("a home");
    let start = || Shown::start(home.path(), LARGE, "Workbook");
    let mut taken: Vec<Duration> = (0..STARTS)
        .map(|_| {
            let shown = start();
            let taken = shown.first_frame;
            shown.leave();
            taken
        })
        .collect();
    line("start to first frame", &mut taken);
    let shown = start();
    let (share, written) = shown.idle(IDLE);
    let seconds = IDLE.as_secs();
    println!("{:<44} {share:>9.1} %    of a core, {written} bytes written in {seconds} s", "idle");
    shown.leave();
}

/// The median, and what one in a hundred takes.
fn spread(what: &str, mut taken: Vec<Duration>) {
    taken.sort_unstable();
    let ms = |permille: usize| {
        taken[(taken.len() * permille / 1000).min(taken.len() - 1)].as_secs_f64() * 1000.0
    };
    let (p50, p99, count) = (ms(500), ms(990), taken.len());
    println!("  {what:<50} p50 {p50:>8.3} ms  p99 {p99:>8.3} ms  ({count})");
}
