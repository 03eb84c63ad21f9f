//! The `docker` command line as a child process: one question or change, one answer, a time limit.

use std::env;
use std::ffi::OsStr;
use std::io::{self, PipeReader};
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::Command;

use super::error::DockerError;
use super::turn::Turn;
use crate::engine::programs::find_program;

/// How long a question may take: each is answered in milliseconds by an engine that is well.
const ANSWER: Duration = Duration::from_secs(10);

/// How long a change may take: stopping a node cleanly is the longest of them.
const CHANGE: Duration = Duration::from_mins(1);

/// The `docker` program of this machine, whatever engine it talks to.
#[derive(Debug, Clone)]
pub struct Docker {
    program: PathBuf,
}

impl Docker {
    /// The program on PATH.
    pub fn find() -> Result<Self, DockerError> {
        find_program("docker").map(|program| Self { program }).ok_or(DockerError::Missing)
    }

    /// The program with its first arguments, not yet run.
    pub fn command(&self, words: &[impl AsRef<OsStr>]) -> std::process::Command {
        let mut command = std::process::Command::new(&self.program);
        command.args(words);
        // Compose would take files, profiles and names from these, and not from what is given.
        let of_compose = |name: &OsStr| name.as_encoded_bytes().starts_with(b"COMPOSE_");
        env::vars_os().filter(|(name, _)| of_compose(name)).for_each(|(name, _)| {
            command.env_remove(name);
        });
        command
    }

    /// Asks for something that changes nothing; gives standard output.
    pub async fn ask(&self, words: &[impl AsRef<OsStr>]) -> Result<String, DockerError> {
        let mut command = Command::from(self.command(words));
        command.stdin(Stdio::null());
        finish(command, ANSWER).await
    }

    /// Runs a command to its end, whatever its exit code.
    pub async fn run(
        &self,
        command: std::process::Command,
        limit: Duration,
    ) -> Result<Output, DockerError> {
        ended(Command::from(command), limit).await
    }

    /// Both outputs of a command, in one, while it runs.
    pub fn output_of(&self, words: &[impl AsRef<OsStr>]) -> Result<PipeReader, DockerError> {
        let run = || {
            let (reader, writer) = io::pipe()?;
            let mut command = self.command(words);
            // One pipe keeps the lines of both outputs in order.
            command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
            command.spawn().map(|_| reader)
        };
        run().map_err(DockerError::not_run)
    }

    /// Changes something, in the turn of whoever holds `turn`.
    ///
    /// The child holds the turn too: should this program be killed, nobody else begins before the
    /// child has ended.
    pub async fn change(
        &self,
        command: std::process::Command,
        turn: &Turn,
    ) -> Result<String, DockerError> {
        let mut command = Command::from(command);
        command.stdin(turn.for_a_child());
        finish(command, CHANGE).await
    }
}

/// Runs a command to its end, in a process group of its own, so that Ctrl-C does not cut it in two.
/// It is killed with all that it has started after `limit`, and when nobody waits for it any more.
async fn finish(command: Command, limit: Duration) -> Result<String, DockerError> {
    answer(&ended(command, limit).await?)
}

async fn ended(mut command: Command, limit: Duration) -> Result<Output, DockerError> {
    command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().map_err(DockerError::not_run)?;
    let mut group = Group(child.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?)));
    let output = tokio::time::timeout(limit, child.wait_with_output()).await;
    let output = output.map_err(|_| DockerError::Silent { limit })?;
    group.0 = None;
    output.map_err(DockerError::not_run)
}

/// A process group that does not outlive this: Compose is a child of `docker`.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // One that has just ended need not be killed.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

fn answer(output: &Output) -> Result<String, DockerError> {
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(DockerError::said(&String::from_utf8_lossy(&output.stderr)))
    }
}
