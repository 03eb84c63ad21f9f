//! Processes that outlive the program, found again later without ever touching a stranger's.
//!
//! A pid alone is no identity: it is recycled. A process is ours if pid, start time, boot and a
//! marker in its command line agree, and signals go through a pidfd that was opened before that
//! was checked, so that the process checked is the process signalled.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use process_wrap::std::{CommandWrap, ProcessSession};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::engine::cluster::NodeState;
use crate::engine::files::write_aside;

/// How often a process that should end is looked at.
const INTERVAL: Duration = Duration::from_millis(5);

/// The identity of a process, as written down at its start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessId {
    /// Process id.
    pub pid: u32,
    /// Start time in clock ticks since boot: field 22 of `/proc/<pid>/stat`, proc(5). Unlike a
    /// wall-clock time it does not move when the clock is set.
    started: u64,
    /// The boot that the ticks count from.
    boot: String,
    /// A word that its command line holds.
    marker: String,
}

impl ProcessId {
    /// Starts `command` in a session of its own and says who it is. `marker` must be one of its
    /// arguments.
    pub fn spawn(command: Command, marker: &str) -> io::Result<Self> {
        let mut wrapped = CommandWrap::from(command);
        wrapped.wrap(ProcessSession);
        let mut child = wrapped.spawn()?;
        let pid = child.id();
        let identity = Self::of(pid, marker);
        // Reaped by a thread of its own, lest it stays a zombie while this program runs.
        std::thread::Builder::new().name(format!("reap {pid}")).spawn(move || child.wait())?;
        identity
    }

    fn of(pid: u32, marker: &str) -> io::Result<Self> {
        let (_, started) = stat_of(pid)?;
        Ok(Self { pid, started, boot: boot_id(), marker: marker.to_owned() })
    }

    /// Processes that run with `marker` among their arguments: what a start that was cut off has
    /// left, before it could write an identity down.
    pub fn find(marker: &str) -> Vec<Self> {
        Self::find_by(|arguments| arguments.iter().copied().find(|argument| *argument == marker))
    }

    /// Processes that are known by one of their arguments, which `marker` picks.
    pub fn find_by(marker: impl for<'a> Fn(&[&'a str]) -> Option<&'a str>) -> Vec<Self> {
        let pids = fs::read_dir("/proc").into_iter().flatten().flatten();
        let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        pids.filter_map(|pid| {
            let bytes = arguments_of(pid);
            let texts = bytes.split(|b| *b == 0).filter_map(|a| std::str::from_utf8(a).ok());
            Self::of(pid, marker(&texts.collect::<Vec<_>>())?).ok()
        })
        .collect()
    }

    /// The word that its command line holds.
    pub fn marker(&self) -> &str {
        &self.marker
    }

    /// Reads an identity that [`ProcessId::store`] has written.
    pub fn load(path: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    /// Writes the identity down.
    pub fn store(&self, path: &Path) -> io::Result<()> {
        write_aside(path, &serde_json::to_vec(self)?)
    }

    /// What the process does now; `Stopped` where it is gone or its pid is somebody else's.
    pub fn state(&self) -> NodeState {
        match stat_of(self.pid) {
            Ok((state, started)) if self.started == started && self.boot == boot_id() => {
                match state {
                    // A killed process is a zombie at once, while threads of it still hold its ports.
                    'Z' | 'X' if self.has_threads() => NodeState::Running,
                    'Z' | 'X' => NodeState::Stopped,
                    _ if !self.is_marked() => NodeState::Stopped,
                    'T' | 't' => NodeState::Paused,
                    _ => NodeState::Running,
                }
            }
            _ => NodeState::Stopped,
        }
    }

    /// Sends a signal; `Ok(false)` if the process is gone.
    pub fn signal(&self, signal: Signal) -> io::Result<bool> {
        let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) else {
            return Ok(false);
        };
        let handle = match pidfd_open(pid, PidfdFlags::empty()) {
            Ok(handle) => handle,
            Err(rustix::io::Errno::SRCH) => return Ok(false),
            Err(e) => return Err(e.into()),
        };
        if self.state() == NodeState::Stopped {
            return Ok(false);
        }
        match pidfd_send_signal(&handle, signal) {
            Ok(()) => Ok(true),
            Err(rustix::io::Errno::SRCH) => Ok(false),
            Err(e) => Err(e.into()),
        }
    }

    /// Waits until the process is gone; `false` if it still runs after `timeout`.
    pub async fn gone(&self, timeout: Duration) -> bool {
        self.becomes(|state| state == NodeState::Stopped, timeout).await
    }

    /// Waits until the process does what is wanted; `false` if it does not after `timeout`.
    pub async fn becomes(&self, wanted: impl Fn(NodeState) -> bool, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        while !wanted(self.state()) {
            if Instant::now() >= deadline {
                return false;
            }
            tokio::time::sleep(INTERVAL).await;
        }
        true
    }

    /// A process that is about to end has no command line any more, but still its ports.
    fn is_marked(&self) -> bool {
        let arguments = arguments_of(self.pid);
        arguments.is_empty()
            || arguments.split(|b| *b == 0).any(|argument| argument == self.marker.as_bytes())
    }

    fn has_threads(&self) -> bool {
        fs::read_dir(format!("/proc/{}/task", self.pid)).is_ok_and(|tasks| tasks.count() > 1)
    }
}

/// State letter and start time of a process, from `/proc/<pid>/stat`.
fn stat_of(pid: u32) -> io::Result<(char, u64)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    parse_stat(&stat)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "unexpected /proc/<pid>/stat"))
}

fn parse_stat(stat: &str) -> Option<(char, u64)> {
    // The second field is the command's name in parentheses and may hold blanks and parentheses.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ');
    let state = fields.next()?.chars().next()?;
    let started = fields.nth(18)?.parse().ok()?;
    Some((state, started))
}

/// Arguments of a process, each ended by a zero byte; empty where it is gone.
fn arguments_of(pid: u32) -> Vec<u8> {
    fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default()
}

fn boot_id() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper() -> ProcessId {
        let mut command = Command::new("sleep");
        command.arg("600");
        ProcessId::spawn(command, "600").unwrap()
    }

    #[test]
    fn a_name_with_blanks_and_parentheses_does_not_shift_the_fields() {
        let fields: Vec<String> = (4..=52).map(|field: u32| field.to_string()).collect();
        let stat = format!("7 (a) b (c)) S {}", fields.join(" "));
        assert_eq!(parse_stat(&stat), Some(('S', 22)));
    }

    #[tokio::test]
    async fn a_process_is_paused_resumed_and_killed_by_its_identity() {
        let process = sleeper();
        assert_eq!(process.state(), NodeState::Running);
        assert!(process.signal(Signal::STOP).unwrap());
        while process.state() != NodeState::Paused {
            tokio::task::yield_now().await;
        }
        assert!(process.signal(Signal::CONT).unwrap());
        assert!(process.signal(Signal::KILL).unwrap());
        assert!(process.gone(Duration::from_secs(10)).await);
        assert!(!process.signal(Signal::KILL).unwrap(), "a dead process takes no signal");
    }

    #[tokio::test]
    async fn a_recycled_pid_is_never_signalled() {
        let process = sleeper();
        let strangers = [
            ProcessId { started: process.started + 1, ..process.clone() },
            ProcessId { boot: "another boot".to_owned(), ..process.clone() },
            ProcessId { marker: "another program".to_owned(), ..process.clone() },
        ];
        for stranger in strangers {
            assert_eq!(stranger.state(), NodeState::Stopped);
            assert!(!stranger.signal(Signal::KILL).unwrap());
        }
        assert_eq!(process.state(), NodeState::Running);
        process.signal(Signal::KILL).unwrap();
        assert!(process.gone(Duration::from_secs(10)).await);
    }

    #[tokio::test]
    async fn a_process_is_found_by_its_marker_when_no_identity_was_written() {
        let marker = "601.25";
        let mut command = Command::new("sleep");
        command.arg(marker);
        let process = ProcessId::spawn(command, marker).unwrap();
        while !process.is_marked() || arguments_of(process.pid).is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(ProcessId::find(marker), std::slice::from_ref(&process));
        assert!(process.signal(Signal::KILL).unwrap());
        assert!(process.gone(Duration::from_secs(10)).await);
        assert_eq!(ProcessId::find(marker), []);
    }

    #[tokio::test]
    async fn the_identity_survives_being_written_down() {
        let process = sleeper();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("process.json");
        process.store(&path).unwrap();
        let found = ProcessId::load(&path).unwrap();
        assert_eq!(found, process);
        assert!(found.signal(Signal::KILL).unwrap());
        assert!(process.gone(Duration::from_secs(10)).await);
    }
}
