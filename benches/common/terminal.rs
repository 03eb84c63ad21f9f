//! The real program in a terminal of its own.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// How long the program may take to show its first frame.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long nothing has to come before the first page counts as whole.
const LULL: Duration = Duration::from_millis(500);

/// Ticks of `/proc/PID/stat` in a second: `USER_HZ`, which Linux keeps at 100 for programs.
const TICKS: f64 = 100.0;

/// The program, which shows its first page.
pub struct Shown {
    child: Child,
    master: File,
    reader: JoinHandle<()>,
    written: Arc<AtomicU64>,
    /// From its start until the terminal got the first frame.
    pub first_frame: Duration,
}

impl Shown {
    /// Starts it in a home that may be empty and waits until it has shown `text`.
    pub fn start(home: &Path, (columns, rows): (u16, u16), text: &str) -> Self {
        let (master, slave) = terminal(columns, rows);
        let mut command = Command::new(env!("CARGO_BIN_EXE_kafka-workbook"));
        command.env("KAFKA_WORKBOOK_HOME", home.join("home"));
        command.env("KAFKA_WORKBOOK_CACHE", home.join("cache"));
        command.env("TERM", "xterm-256color").env("LANG", "C.UTF-8").env_remove("NO_COLOR");
        command.stdin(slave.try_clone().expect("a handle"));
        command.stdout(slave.try_clone().expect("a handle")).stderr(Stdio::from(slave));
        let written = Arc::new(AtomicU64::new(0));
        let begun = Instant::now();
        let child = command.spawn().expect("the program");
        // The command holds the last copies of the program's end.
        drop(command);
        let (reader, seen) = read(master.try_clone().expect("a handle"), text, &written);
        let seen = seen.recv_timeout(PATIENCE).expect("a first frame");
        Self { child, master, reader, written, first_frame: seen - begun }
    }

    /// Waits until it has nothing more to show of its own.
    fn settle(&self) {
        let mut before = None;
        while before != Some(self.written.load(Ordering::Relaxed)) {
            before = Some(self.written.load(Ordering::Relaxed));
            std::thread::sleep(LULL);
        }
    }

    /// The share of a core that it takes while nothing happens, in per cent, and the bytes that it
    /// writes meanwhile.
    pub fn idle(&self, duration: Duration) -> (f64, u64) {
        self.settle();
        let (ticks, written) = (self.ticks(), self.written.load(Ordering::Relaxed));
        std::thread::sleep(duration);
        let used = f64::from(self.ticks() - ticks) / TICKS;
        let written = self.written.load(Ordering::Relaxed) - written;
        (100.0 * used / duration.as_secs_f64(), written)
    }

    /// Leaves it by its key and waits for its end.
    pub fn leave(mut self) {
        self.master.write_all(b"q").expect("a key");
        let status = self.child.wait().expect("its end");
        assert!(status.success(), "{status}");
        self.reader.join().expect("a reader");
    }

    /// Time of all its threads in user mode and in the kernel: fields 14 and 15 of proc(5), counted
    /// behind the name in parentheses, which may hold blanks.
    fn ticks(&self) -> u32 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        let stat = stat.expect("a running program");
        let (_, fields) = stat.rsplit_once(')').expect("a name");
        let fields = fields.split_whitespace().skip(11).take(2);
        fields.map(|ticks| ticks.parse::<u32>().expect("ticks")).sum()
    }
}

/// A terminal and the end that the program has.
fn terminal(columns: u16, rows: u16) -> (File, OwnedFd) {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let master = openpt(flags).expect("a terminal");
    grantpt(&master).expect("a terminal");
    unlockpt(&master).expect("a terminal");
    let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&master, size).expect("a size");
    let name = ptsname(&master, Vec::new()).expect("a name").into_string().expect("a name");
    let slave = File::options().read(true).write(true).open(name).expect("a terminal");
    (File::from(master), slave.into())
}

/// Reads all that is written to the terminal, and says when `text` has come.
fn read(
    mut master: File,
    text: &str,
    written: &Arc<AtomicU64>,
) -> (JoinHandle<()>, Receiver<Instant>) {
    let (sender, receiver) = channel();
    let (text, written) = (text.as_bytes().to_vec(), Arc::clone(written));
    let reader = std::thread::spawn(move || {
        let (mut sender, mut before, mut bytes) = (Some(sender), Vec::new(), [0; 1 << 13]);
        // On Linux the end is an error: no one has the other side any more.
        while let Ok(count @ 1..) = master.read(&mut bytes) {
            written.fetch_add(count as u64, Ordering::Relaxed);
            if sender.is_some() {
                before.extend_from_slice(&bytes[..count]);
                if before.windows(text.len()).any(|window| window == text) {
                    sender.take().map(|sender| sender.send(Instant::now()));
                }
            }
        }
    });
    (reader, receiver)
}
