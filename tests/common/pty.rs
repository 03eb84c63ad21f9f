//! A program in a terminal: keys go in, and what a person would see comes out.

use std::os::fd::OwnedFd;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Termios, Winsize, tcgetattr, tcsetwinsize};

use self::keeper::{ENDED, Keeper};
use self::seen::{Reader, Seen, State};

#[path = "pty/keeper.rs"]
mod keeper;
#[path = "pty/seen.rs"]
pub mod seen;

pub const ENTER: &str = "\r";
/// Followed by other bytes at once it may be read as Alt: wait for its effect.
pub const ESC: &str = "\x1b";
pub const CTRL_C: &str = "\x03";
/// From the course map at its start to the lab that the tests work on: past the lesson and three labs.
pub const TO_LAB: &str = "\x1b[C\x1b[B\x1b[B\x1b[B\x1b[B\r";

/// How long a program may take to show something.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long nothing has to come before a screen counts as idle.
const LULL: Duration = Duration::from_millis(500);

/// A terminal with a program in it, both of which end with this. It shows updates as a whole where
/// the program says where they begin and end, and answers no questions, as some terminals do not.
pub struct Pty {
    // In the order in which they have to go.
    keeper: Keeper,
    reader: Option<Reader>,
    master: Option<OwnedFd>,
    /// What the terminal has seen.
    pub seen: Arc<Seen>,
    before: Termios,
    /// How long it may take until what is waited for is there.
    pub patience: Duration,
}

impl Pty {
    /// Runs a command in a terminal of this size. It gets no variables but those set on it, and
    /// `TERM=xterm-256color` if it has no TERM.
    pub fn open(command: &Command, columns: u16, rows: u16) -> Self {
        let master =
            openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        fcntl_setfl(&master, fcntl_getfl(&master).unwrap() | OFlags::NONBLOCK).unwrap();
        tcsetwinsize(&master, winsize(columns, rows)).unwrap();
        let before = tcgetattr(&master).unwrap();
        let seen = Arc::new(Seen::new(columns, rows));
        let tty = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let keeper = Keeper::run(command, &tty, &seen);
        let reader = Some(Reader::of(master.try_clone().unwrap(), &seen));
        let patience = PATIENCE;
        Self { keeper, reader, master: Some(master), seen, before, patience }
    }

    #[track_caller]
    pub fn send(&mut self, keys: &str) {
        self.send_bytes(keys.as_bytes());
    }

    #[track_caller]
    pub fn send_bytes(&mut self, mut bytes: &[u8]) {
        let deadline = Instant::now() + self.patience;
        while !bytes.is_empty() {
            match rustix::io::write(self.master(), bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(Errno::AGAIN) => {
                    let taken = ready(self.master(), PollFlags::OUT, deadline);
                    assert!(
                        taken,
                        "keys are not read: {} bytes left\n{}",
                        bytes.len(),
                        self.show()
                    );
                }
                Err(Errno::INTR) => {}
                Err(e) => panic!("{e}\n{}", self.show()),
            }
        }
    }

    /// What the terminal shows: a line a row, without blanks at its end.
    pub fn text(&self) -> String {
        self.seen.lock().text()
    }

    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        self.wait_until(text, |shown| shown.contains(text));
    }

    #[track_caller]
    pub fn wait_for_all(&mut self, texts: &[&str]) {
        let what = format!("{texts:?}");
        self.wait_until(&what, |shown| texts.iter().all(|text| shown.contains(text)));
    }

    /// Waits until it is no longer shown.
    #[track_caller]
    pub fn wait_gone(&mut self, text: &str) {
        self.wait_until(&format!("no more {text:?}"), |shown| !shown.contains(text));
    }

    /// Waits until the screen looks as asked, looking again whenever something was written.
    #[track_caller]
    pub fn wait_until(&mut self, what: &str, look: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + self.patience;
        let seen = self.seen.wait(deadline, |state| look(&state.text()) || state.ended.is_some());
        let looks = look(&self.text());
        assert!(looks, "{}: {what}\n{}", if seen { "ended without" } else { "late" }, self.show());
    }

    #[track_caller]
    pub fn resize(&mut self, columns: u16, rows: u16) {
        // Both under the lock: what comes next is for the new size.
        let mut state = self.seen.lock();
        tcsetwinsize(self.master(), winsize(columns, rows)).unwrap();
        state.resize(columns, rows);
    }

    #[track_caller]
    pub fn signal(&self, signal: Signal) {
        assert!(!self.is_gone(), "it has ended already\n{}", self.show());
        kill_process(self.pid(), signal).unwrap();
    }

    /// The program's process.
    pub fn pid(&self) -> Pid {
        self.keeper.program
    }

    /// Whether the program's process has ended.
    pub fn is_gone(&self) -> bool {
        ready(&self.keeper.end, PollFlags::IN, Instant::now())
    }

    /// Waits for the program's end, and for the last that it wrote. Its exit code as a shell has
    /// it: 128 and the number of the signal that ended it.
    #[track_caller]
    pub fn wait_exit(&mut self) -> i32 {
        let deadline = Instant::now() + self.patience;
        let is_over = |state: &State| state.ended.is_some() && state.raw_ends_with(ENDED);
        assert!(self.seen.wait(deadline, is_over), "does not end\n{}", self.show());
        self.seen.lock().ended.unwrap()
    }

    /// The same, with an exit code that it has to have.
    #[track_caller]
    pub fn wait_exit_with(&mut self, code: i32) {
        let ended = self.wait_exit();
        assert_eq!(ended, code, "\n{}", self.show());
        self.assert_restored();
    }

    /// Closes the terminal, as one who closes its window does, and waits for the program's end.
    #[track_caller]
    pub fn hang_up(&mut self) {
        let last = self.show();
        self.reader = None;
        self.master = None;
        let deadline = Instant::now() + self.patience;
        assert!(ready(&self.keeper.end, PollFlags::IN, deadline), "outlives its terminal\n{last}");
    }

    /// What of the terminal is not as the program found it.
    pub fn left_behind(&self) -> Vec<&'static str> {
        let mut left = self.seen.lock().modes();
        let now = tcgetattr(self.master()).unwrap();
        let modes = |t: &Termios| (t.input_modes, t.output_modes, t.control_modes, t.local_modes);
        if modes(&now) != modes(&self.before) {
            left.push("line discipline");
        }
        left
    }

    /// Whether the terminal is as the program found it.
    #[track_caller]
    pub fn assert_restored(&self) {
        assert!(self.left_behind().is_empty(), "{:?}\n{}", self.left_behind(), self.show());
    }

    /// How much was written so far.
    pub fn raw_len(&self) -> usize {
        self.seen.lock().raw.len()
    }

    /// Waits until the screen comes to rest, and for this long that nothing at all is written.
    #[track_caller]
    pub fn assert_quiet(&mut self, time: Duration) {
        let deadline = Instant::now() + self.patience;
        while self.writes_within(LULL) {
            assert!(Instant::now() < deadline, "does not come to rest\n{}", self.show());
        }
        let before = self.raw_len();
        if self.writes_within(time) {
            // All of it, for whoever reads this.
            while self.writes_within(LULL) && Instant::now() < deadline {}
            let new = String::from_utf8_lossy(&self.seen.lock().raw[before..]).into_owned();
            panic!("an idle screen wrote {new:?}\n{}", self.show());
        }
    }

    fn writes_within(&self, time: Duration) -> bool {
        let before = self.raw_len();
        self.seen.wait(Instant::now() + time, |state| state.raw.len() > before)
    }

    fn master(&self) -> &OwnedFd {
        self.master.as_ref().expect("the terminal is open")
    }

    /// The screen, for whoever reads why a test failed.
    pub fn show(&self) -> String {
        self.seen.lock().show()
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if !self.is_gone() {
            let _ = kill_process(self.pid(), Signal::KILL);
        }
    }
}

/// Waits until a file is ready, at most until the deadline.
fn ready(file: &OwnedFd, what: PollFlags, deadline: Instant) -> bool {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match poll(&mut [PollFd::new(file, what)], Some(&left.try_into().unwrap())) {
            Err(Errno::INTR) => {}
            ended => return ended.unwrap() > 0,
        }
    }
}

fn winsize(columns: u16, rows: u16) -> Winsize {
    Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }
}
