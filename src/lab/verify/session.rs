//! Runs the commands of one block in one shell, as a learner would type them.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, WaitIdStatus, kill_process_group, test_kill_process_group,
    waitid,
};

use super::printed::Printed;
use crate::engine::files::remove_tree;

/// How often it is looked whether the shell has ended.
const INTERVAL: Duration = Duration::from_millis(5);
/// How long what a block has left running may take to end.
const GRACE: Duration = Duration::from_secs(5);
/// What is kept of what one command prints on each output, in bytes.
const MOST_PRINTED: u64 = 1024 * 1024;

/// A command that has been run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// How it ended.
    pub end: End,
    /// What it printed.
    pub printed: Printed,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With this exit code; that of a shell where a signal has ended it.
    Code(i32),
    /// Not within the time that its block has.
    TooLate,
    /// The work was called off.
    CalledOff,
}

/// A command and the exit code that its text promises.
pub type Promise = (String, u8);

/// A shell whose block is over. What the block has left running goes on, as in a learner's
/// terminal, until this is dropped, which may take [`GRACE`].
#[derive(Debug)]
pub struct Shell {
    /// Not reaped before the drop: until then its group's number is its own.
    child: Child,
}

/// Runs commands one after the other in one bash, in the surroundings of `bash`, which names the
/// program only; `folder` takes what they print. The list ends with the first command that does
/// not end as promised or ends the shell.
pub fn run(
    mut bash: Command,
    commands: &[Promise],
    folder: &Path,
    limit: Duration,
    called_off: &dyn Fn() -> bool,
) -> io::Result<(Vec<Ran>, Shell)> {
    // What another run has left would be taken for this one's.
    remove_tree(folder)?;
    fs::create_dir_all(folder)?;
    // Files of the learner's own would make the shell another one than the gate's next run has.
    bash.args(["--noprofile", "--norc", "-c", &script_of(commands, folder), "bash"]);
    bash.env_remove("BASH_ENV").process_group(0);
    bash.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let shell = Shell { child: bash.spawn()? };
    let ended = shell.follow(limit, called_off)?;
    let mut all = Vec::new();
    for (index, (_, promised)) in commands.iter().enumerate() {
        let read = |kind| read(&file(folder, index, kind));
        let code = read("code").parse().ok().map(End::Code);
        let printed = Printed { out: read("out"), err: read("err") };
        let ran = Ran { end: code.unwrap_or(ended), printed };
        let goes_on = code == Some(End::Code((*promised).into()));
        all.push(ran);
        if !goes_on {
            break;
        }
    }
    Ok((all, shell))
}

/// `eval` keeps what a command has changed in the shell, and keeps a mistake in its syntax to
/// itself.
fn script_of(commands: &[Promise], folder: &Path) -> String {
    let mut script = String::new();
    for (index, (command, promised)) in commands.iter().enumerate() {
        let file = |kind| quoted(&file(folder, index, kind).display().to_string());
        let (command, out, err, code) = (quoted(command), file("out"), file("err"), file("code"));
        let _ = writeln!(script, "eval {command} >{out} 2>{err}");
        let _ = writeln!(script, "set -- \"$?\"; printf %s \"$1\" >{code}");
        let _ = writeln!(script, "[ \"$1\" -eq {promised} ] || exit");
    }
    script
}

/// Where a command's `out`, `err` or `code` goes.
fn file(folder: &Path, index: usize, kind: &str) -> PathBuf {
    folder.join(format!("{index}.{kind}"))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn read(file: &Path) -> String {
    let mut bytes = Vec::new();
    // A command that was never reached has printed nothing.
    let _ = File::open(file).and_then(|file| file.take(MOST_PRINTED).read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Shell {
    fn group(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Waits for the shell's end, as long as it may take.
    fn follow(&self, limit: Duration, called_off: &dyn Fn() -> bool) -> io::Result<End> {
        let deadline = Instant::now() + limit;
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        loop {
            if let Some(status) = waitid(WaitId::Pid(self.group()), look)? {
                return Ok(End::Code(code_of(&status)));
            } else if called_off() {
                return Ok(End::CalledOff);
            } else if Instant::now() > deadline {
                return Ok(End::TooLate);
            }
            thread::sleep(INTERVAL);
        }
    }

    /// Ends the whole group, with time for a consumer to leave its own.
    fn end(&mut self) -> io::Result<()> {
        let group = self.group();
        kill_process_group(group, Signal::TERM)?;
        let deadline = Instant::now() + GRACE;
        let mut is_reaped = self.child.try_wait()?.is_some();
        while !is_reaped || test_kill_process_group(group).is_ok() {
            if Instant::now() > deadline {
                kill_process_group(group, Signal::KILL)?;
                break;
            }
            thread::sleep(INTERVAL);
            is_reaped = self.child.try_wait()?.is_some();
        }
        self.child.wait().map(drop)
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        // What cannot be ended has ended.
        let _ = self.end();
    }
}

fn code_of(status: &WaitIdStatus) -> i32 {
    let signal = || Some(128 + status.terminating_signal()?);
    status.exit_status().or_else(signal).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    fn run_all(commands: &[(&str, u8)], limit: Duration) -> Vec<(End, String)> {
        let folder = tempfile::tempdir().unwrap();
        let commands: Vec<Promise> =
            commands.iter().map(|(command, code)| ((*command).to_owned(), *code)).collect();
        let bash = Command::new("bash");
        let (ran, _shell) = run(bash, &commands, folder.path(), limit, &|| false).unwrap();
        ran.into_iter().map(|ran| (ran.end, ran.printed.out + &ran.printed.err)).collect()
    }

    #[track_caller]
    fn prints(command: &str, printed: &str) {
        assert_eq!(run_all(&[(command, 0)], LIMIT), [(End::Code(0), printed.to_owned())]);
    }

    fn code(code: i32, printed: &str) -> (End, String) {
        (End::Code(code), printed.to_owned())
    }

    #[test]
    fn a_command_prints_on_both_outputs() {
        prints("echo a; echo b >&2; echo c", "a\nc\nb\n");
        prints("printf 'no end of line'", "no end of line");
    }

    #[test]
    fn commands_of_a_block_share_their_shell() {
        let ran = run_all(&[("cd / && x=\"it's\"", 0), ("pwd; echo \"$x\"", 0)], LIMIT);
        assert_eq!(ran, [code(0, ""), code(0, "/\nit's\n")]);
    }

    #[test]
    fn a_command_may_have_several_lines_and_be_no_command_at_all() {
        prints("printf '%s|' a \\\n  b", "a|b|");
        prints("# a remark", "");
        prints("(exit 1) || echo mended # and a remark", "mended\n");
    }

    #[test]
    fn the_last_command_may_promise_a_failure() {
        let ran = run_all(&[("true", 0), ("echo no; false", 1)], LIMIT);
        assert_eq!(ran, [code(0, ""), code(1, "no\n")]);
    }

    #[test]
    fn what_does_not_end_as_promised_is_the_last() {
        let ran = run_all(&[("echo a", 0), ("(exit 3)", 0), ("echo b", 0)], LIMIT);
        assert_eq!(ran, [code(0, "a\n"), code(3, "")]);
        assert_eq!(run_all(&[("true", 1)], LIMIT), [code(0, "")]);
    }

    #[test]
    fn a_command_that_ends_the_shell_is_told_by_the_shells_code() {
        assert_eq!(run_all(&[("echo a; exit 4", 0), ("echo b", 0)], LIMIT), [code(4, "a\n")]);
        assert_eq!(run_all(&[("kill -9 $$", 0), ("echo b", 0)], LIMIT), [code(137, "")]);
        // An end that nobody promised is a difference, whatever its code.
        assert_eq!(run_all(&[("exit", 0), ("echo b", 0)], LIMIT), [code(0, "")]);
    }

    #[test]
    fn a_mistake_in_the_syntax_stays_with_its_command() {
        let ran = run_all(&[("echo 'a", 0), ("echo b", 0)], LIMIT);
        assert!(matches!(ran.as_slice(), [(End::Code(1 | 2), printed)] if !printed.is_empty()));
    }

    #[test]
    fn a_command_that_does_not_end_is_ended() {
        let limit = Duration::from_millis(300);
        let ran = run_all(&[("echo a; sleep 600", 0), ("echo b", 0)], limit);
        assert_eq!(ran, [(End::TooLate, "a\n".to_owned())]);
    }

    #[test]
    fn what_another_run_has_left_is_not_taken_for_this_ones() {
        let folder = tempfile::tempdir().unwrap();
        let run = |command: &str| {
            let commands = [(command.to_owned(), 0)];
            let ran = run(Command::new("bash"), &commands, folder.path(), LIMIT, &|| false);
            ran.unwrap().0[0].clone()
        };
        assert_eq!((run("echo a").end, run("exit 9").end), (End::Code(0), End::Code(9)));
    }

    #[test]
    fn what_a_block_leaves_running_goes_on_until_its_shell_is_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let commands = [("sleep 600 & echo $!".to_owned(), 0)];
        let bash = Command::new("bash");
        let (ran, shell) = run(bash, &commands, folder.path(), LIMIT, &|| false).unwrap();
        // Its parent has gone; whoever has inherited it may not reap it at once.
        let runs = || {
            let stat = fs::read_to_string(format!("/proc/{}/stat", ran[0].printed.out.trim()));
            stat.is_ok_and(|stat| !stat.contains(") Z "))
        };
        assert!(runs());
        drop(shell);
        assert!(!runs());
    }

    #[test]
    fn work_that_is_called_off_ends_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let commands = [("sleep 600".to_owned(), 0)];
        let bash = Command::new("bash");
        let (ran, _shell) = run(bash, &commands, folder.path(), LIMIT, &|| true).unwrap();
        assert_eq!(ran[0].end, End::CalledOff);
    }
}
