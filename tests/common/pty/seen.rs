//! What a terminal was sent, and what it shows of that.

use std::io::{PipeReader, PipeWriter, pipe};
use std::num::NonZeroU16;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use vt100::{Callbacks, Color, MouseProtocolMode, Parser, Screen};

/// The smallest screen that is emulated: a wide character has room on it.
const SMALLEST: u16 = 2;

/// What a terminal has seen so far, shared with the thread that reads.
pub struct Seen {
    state: Mutex<State>,
    changed: Condvar,
}

pub struct State {
    parser: Parser<Held>,
    /// All bytes, for what no screen shows.
    pub raw: Vec<u8>,
    /// The program's exit code.
    pub ended: Option<i32>,
}

/// What is shown while a synchronized update goes on: what was there before it.
#[derive(Default)]
struct Held(Option<String>);

impl Callbacks for Held {
    fn unhandled_csi(
        &mut self,
        screen: &mut Screen,
        first: Option<u8>,
        _second: Option<u8>,
        parameters: &[&[u16]],
        last: char,
    ) {
        match (first, parameters, last) {
            (Some(b'?'), [[2026]], 'h') => self.0 = Some(text_of(screen)),
            (Some(b'?'), [[2026]], 'l') => self.0 = None,
            _ => {}
        }
    }
}

impl Seen {
    pub fn new(columns: u16, rows: u16) -> Self {
        let size = (clamped(rows), clamped(columns));
        let parser = Parser::new_with_callbacks(size.0, size.1, 0, Held::default());
        let state = State { parser, raw: Vec::new(), ended: None };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    /// Waits for something to come true; false if it has not by then.
    pub fn wait(&self, deadline: Instant, is_true: impl Fn(&State) -> bool) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        let waited = self.changed.wait_timeout_while(self.lock(), left, |state| !is_true(state));
        !waited.unwrap().1.timed_out()
    }
}

impl State {
    pub fn text(&self) -> String {
        let held = self.parser.callbacks().0.clone();
        held.unwrap_or_else(|| text_of(self.parser.screen()))
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.parser.set_size(clamped(rows), clamped(columns));
    }

    pub fn raw_ends_with(&self, bytes: &str) -> bool {
        self.raw.ends_with(bytes.as_bytes())
    }

    /// Modes that a program has turned on and not off.
    pub fn modes(&self) -> Vec<&'static str> {
        let screen = self.parser.screen();
        let modes = [
            (screen.alternate_screen(), "alternate screen"),
            (screen.hide_cursor(), "hidden cursor"),
            (screen.mouse_protocol_mode() != MouseProtocolMode::None, "mouse"),
            (screen.bracketed_paste(), "bracketed paste"),
            (screen.application_cursor(), "cursor keys"),
            (screen.application_keypad(), "keypad"),
            (is_coloured(screen), "colours"),
            (self.parser.callbacks().0.is_some(), "synchronized update"),
        ];
        modes.into_iter().filter(|(is_on, _)| *is_on).map(|(_, name)| name).collect()
    }

    /// The screen in a frame.
    pub fn show(&self) -> String {
        let (rows, columns) = self.parser.screen().size();
        let text = self.text().replace('\n', "\n│");
        format!("{columns}×{rows}, {:?}, ended: {:?}\n│{text}", self.modes(), self.ended)
    }
}

fn text_of(screen: &Screen) -> String {
    let rows: Vec<_> = screen.rows(0, screen.size().1.get()).collect();
    rows.iter().map(|row| row.trim_end()).collect::<Vec<_>>().join("\n")
}

fn is_coloured(screen: &Screen) -> bool {
    let colours = [screen.fgcolor(), screen.bgcolor()];
    colours != [Color::Default; 2] || screen.bold() || screen.inverse() || screen.underline()
}

fn clamped(length: u16) -> NonZeroU16 {
    NonZeroU16::new(length.max(SMALLEST)).unwrap()
}

/// Reads what is written to a terminal for as long as this lives.
pub struct Reader {
    thread: Option<JoinHandle<()>>,
    stop: Option<PipeWriter>,
}

impl Reader {
    pub fn of(master: OwnedFd, seen: &Arc<Seen>) -> Self {
        let (stopped, stop) = pipe().unwrap();
        let seen = Arc::clone(seen);
        let thread = std::thread::spawn(move || read(&master, &stopped, &seen));
        Self { thread: Some(thread), stop: Some(stop) }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.stop = None;
        let ended = self.thread.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            ended.unwrap().unwrap();
        }
    }
}

fn read(master: &OwnedFd, stopped: &PipeReader, seen: &Seen) {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let mut files =
            [PollFd::new(master, PollFlags::IN), PollFd::new(stopped, PollFlags::empty())];
        match poll(&mut files, None) {
            Err(Errno::INTR) => continue,
            ended => ended.unwrap(),
        };
        if !files[1].revents().is_empty() {
            return;
        }
        match rustix::io::read(master, &mut buffer) {
            Ok(length) => seen.change(|state| {
                state.raw.extend_from_slice(&buffer[..length]);
                state.parser.process(&buffer[..length]);
            }),
            Err(Errno::AGAIN | Errno::INTR) => {}
            // EIO: nobody has the other end any more.
            Err(_) => return,
        }
    }
}
