//! A child process whose output is read line by line and which can be stopped.

use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

/// How often it is looked whether the work was called off.
const POLL: Duration = Duration::from_millis(50);

/// How long a child that was told to end may take before it is killed.
const GRACE: Duration = Duration::from_secs(2);

/// Runs `command` in a process group of its own until it ends, or until `cancelled`: then the whole
/// group is ended and the answer is `None`. Lines of both outputs go to `on_line`.
pub(super) fn run(
    command: &mut Command,
    on_line: &mut dyn FnMut(&str),
    cancelled: &dyn Fn() -> bool,
) -> io::Result<Option<ExitStatus>> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn()?;
    let (sender, lines) = mpsc::channel();
    follow(child.stdout.take(), sender.clone());
    follow(child.stderr.take(), sender);
    loop {
        if cancelled() {
            return stop(&mut child).map(|()| None);
        }
        match lines.recv_timeout(POLL) {
            Ok(line) => {
                on_line(&line);
                continue;
            }
            Err(RecvTimeoutError::Timeout) => {}
            // Both outputs are closed, so it has ended or is about to.
            Err(RecvTimeoutError::Disconnected) => thread::sleep(Duration::from_millis(1)),
        }
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
    }
}

fn follow(output: Option<impl Read + Send + 'static>, lines: Sender<String>) {
    let Some(output) = output else { return };
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while output.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            if lines.send(String::from_utf8_lossy(&line).trim_end().to_owned()).is_err() {
                return;
            }
            line.clear();
        }
    });
}

/// Ends the whole group: a wrapper script may have started the program proper as its own child.
fn stop(child: &mut Child) -> io::Result<()> {
    let group = Pid::from_child(child);
    kill_process_group(group, Signal::TERM)?;
    let deadline = Instant::now() + GRACE;
    while Instant::now() < deadline {
        if child.try_wait()?.is_some() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(10));
    }
    kill_process_group(group, Signal::KILL)?;
    child.wait().map(drop)
}
