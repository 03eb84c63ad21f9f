//! Runs a solution's script so that every command is seen before what it prints.

use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};

use super::{Scene, Spectator};
use crate::course::{Attempt, Lab};
use crate::engine::cancelled;
use crate::engine::report::{Report, called_off};
use crate::lab::tools::{SELF, is_tool};
use crate::lab::verify::lay_script;
use crate::lab::{Workbook, shell};
use crate::phrase::Lang;
use crate::problem::Problem;

/// How long the script may take.
const TIMEOUT: Duration = Duration::from_mins(3);

/// How long what it has started may take to end when it is called off: a tool in a container takes
/// its container with it.
const GRACE: Duration = Duration::from_secs(5);

/// Begins a line in which bash says what it runs: information separator two of ASCII, which no tool
/// prints. It is repeated for each level of nesting (bash(1), PS4).
const MARK: char = '\u{1e}';

/// Ends everything when this program does, even where it is killed: standard input is a pipe that
/// nobody writes to, and whose other end is here.
const WATCHED: &str =
    "exec 8<&0 </dev/null; (read -r _ <&8; kill -TERM 0) >/dev/null 2>&1 & exec 8<&-; ";

/// Both outputs and what is run go into one pipe, which keeps their order.
const SOURCED: &str = "exec 2>&1 9>&1; BASH_XTRACEFD=9 PS4=$'\\x1e'; set -x; . \"$0\"";

/// Other scripts are seen by what they print.
const EXECUTED: &str = "exec 2>&1; exec \"$0\"";

/// Runs the script to its end. How it ends does not matter: the checks tell.
pub async fn run(
    workbook: &Workbook,
    (lab, attempt): (&Lab, &Attempt),
    (spectator, lang): (&dyn Spectator, Lang),
    report: &dyn Report,
) -> Result<(), Problem> {
    let Some(file) = lay_script(workbook, lab, attempt)? else { return Ok(()) };
    let mut command = Command::from(shell::command(workbook, lab, &words(&file, attempt))?);
    command.env("KAFKA_WORKBOOK_LANG", lang.tag());
    command.env_remove("BASH_ENV").process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|e| Problem::file(&file, &e))?;
    let group = Group(child.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?)));
    let (_life, output) = (child.stdin.take(), child.stdout.take());
    let followed = async {
        if let Some(output) = output {
            follow(output, spectator).await;
        }
        // Its status is the checks' to tell.
        let _ = child.wait().await;
    };
    let ended = tokio::select! {
        ended = tokio::time::timeout(TIMEOUT, followed) => ended.is_ok(),
        () = called_off(report) => false,
    };
    if !ended {
        group.end(&mut child).await;
    }
    if report.cancelled() { Err(cancelled()) } else { Ok(()) }
}

fn words(file: &Path, attempt: &Attempt) -> Vec<OsString> {
    let script = attempt.script.as_deref().unwrap_or_default();
    let first = script.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let how = if first.ends_with(b"bash") { SOURCED } else { EXECUTED };
    let how = format!("{WATCHED}{how}");
    let words = ["bash", "--noprofile", "--norc", "-c", &how].map(OsString::from);
    words.into_iter().chain([file.into()]).collect()
}

/// Shows what comes, line by line, until nobody writes any more.
async fn follow(output: impl AsyncRead + Unpin, spectator: &dyn Spectator) {
    let mut lines = BufReader::new(output).split(b'\n');
    while let Ok(Some(line)) = lines.next_segment().await {
        show(&String::from_utf8_lossy(&line), spectator);
    }
}

fn show(line: &str, spectator: &dyn Spectator) {
    // A program that ends its output without a line's end has the mark behind it.
    let (printed, command) = match line.split_once(MARK) {
        Some((printed, command)) => (printed, Some(command.trim_start_matches(MARK))),
        None => (line, None),
    };
    if command.is_none() || !printed.is_empty() {
        spectator.sees(Scene::Printed(printed));
    }
    // The script's own functions, tests and loops are no news.
    if let Some(command) = command.filter(|command| is_of_the_workbook(command)) {
        spectator.sees(Scene::Command(command));
    }
}

fn is_of_the_workbook(command: &str) -> bool {
    let program = command.split(' ').next().unwrap_or_default();
    program == SELF || is_tool(program)
}

/// The script and all that it has started; gone with this at the latest.
struct Group(Option<Pid>);

impl Group {
    /// Asks all of it to end, and waits for the script.
    async fn end(&self, child: &mut Child) {
        self.signal(Signal::TERM);
        let _ = tokio::time::timeout(GRACE, child.wait()).await;
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.0 {
            // One that has ended needs none.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Default)]
    struct Seen(Mutex<Vec<String>>);

    impl Spectator for Seen {
        fn sees(&self, scene: Scene<'_>) {
            let line = match scene {
                Scene::Command(command) => format!("$ {command}"),
                Scene::Printed(line) => line.to_owned(),
                _ => return,
            };
            self.0.lock().unwrap().push(line);
        }
    }

    /// What is seen of a bash script.
    async fn seen(script: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("run");
        std::fs::write(&file, script).unwrap();
        let mut bash = Command::new("bash");
        let script = format!("{WATCHED}{SOURCED}");
        bash.args(["-c", &script]).arg(&file).process_group(0);
        let mut child = bash.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let seen = Seen::default();
        // Its own watch over this program does not hold up its end.
        follow(child.stdout.take().unwrap(), &seen).await;
        seen.0.into_inner().unwrap()
    }

    #[tokio::test]
    async fn commands_are_seen_with_their_values_before_what_they_print() {
        let script = "set -eu
            kafka-topics.sh() { echo \"said $1\"; printf 'and no end'; }
            topics() { kafka-topics.sh \"$@\" 2>/dev/null; }
            name='a topic'
            if topics \"$name\"; then echo done; fi
            kafka-workbook() { false; }
            kafka-workbook lab answer || echo refused >&2
            exit 3";
        let expected = [
            "$ kafka-topics.sh 'a topic'",
            "said a topic",
            "and no end",
            "done",
            "$ kafka-workbook lab answer",
            "refused",
        ];
        assert_eq!(seen(script).await, expected);
    }

    #[tokio::test]
    async fn what_is_no_text_does_no_harm() {
        assert_eq!(seen("printf '\\xff\\x1e\\n\\n'").await, ["\u{fffd}", ""]);
    }
}
