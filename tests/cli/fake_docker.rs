//! A machine whose PATH has nothing but a `docker` of the test's own: no engine is ever asked.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};

use tempfile::TempDir;

use crate::program::{DEADLINE, Home, Ran, finish, finish_while, program};
use rustix::process::{Pid, Signal, kill_process};

/// The beginning of every `docker`: it says what it was called with, each word ended by U+001F and
/// the call by U+001E. As long as it lives it holds the pipe on which it says so.
const SCRIPT: &str = "#!/bin/sh
here=${0%/*}
exec 9>\"$here/life\"
said=
for word; do said=\"$said$word\u{1f}\"; done
printf '%s\\036' \"$said\" >&9
case \"$*\" in
";

/// Makes the pipes and the program. A process of its own writes it: a file that this one had open
/// for writing could not be run for as long as any child forked at that moment has it open too.
const INSTALL: &str = r#"mkfifo "$0/life" "$0/never" && cat >"$0/docker" && chmod +x "$0/docker""#;

/// What Docker does when nothing is wrong, with no image and no container. Arguments are matched
/// as the shell's `case` does, and the first match holds.
const WELL: [(&str, &str); 4] = [
    ("version*", "echo 28.5.2"),
    ("'compose version'*", "echo 2.40.3"),
    ("ps*|'network ls'*|'volume ls'*", ":"),
    ("*", "echo 'Error response from daemon: there is none' >&2; exit 1"),
];

/// What a daemon that is not running makes of every question.
pub const DAEMON_DOWN: &str = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";

/// Says nothing and does not end; ended by the test's end at the latest.
pub const HANGS: &str = r#"read -r answer <"$here/never"; exit 1"#;

/// Prints this and ends well.
pub fn prints(words: impl AsRef<[u8]>) -> String {
    format!("printf '{}'", octal(words.as_ref()))
}

/// Prints this on standard error and fails.
pub fn refuses(words: impl AsRef<[u8]>) -> String {
    format!("{} >&2; exit 1", prints(words))
}

/// Any bytes as `printf` takes them.
fn octal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "\\{byte:03o}");
        text
    })
}

/// A learner's machine.
pub struct Machine {
    pub home: Home,
    folder: TempDir,
    /// Every call of `docker`, until no `docker` lives and the test has let go of `life`.
    calls: Receiver<Vec<String>>,
    life: Option<File>,
    never: Option<File>,
}

impl Machine {
    /// Without any program.
    pub fn without_docker() -> Self {
        let folder = TempDir::with_prefix("kafka-workbook-path-").unwrap();
        let home = Home::new().with("PATH", folder.path()).with("JAVA_HOME", "");
        let home = home.with("KAFKA_IMAGE", "").with("KAFKA_ZOOKEEPER_IMAGE", "");
        let home = home.with("DOCKER_HOST", "");
        Self { home, folder, calls: channel().1, life: None, never: None }
    }

    /// With a `docker` that is well, but for these answers.
    pub fn with_docker(answers: &[(&str, &str)]) -> Self {
        let mut machine = Self::without_docker();
        machine.install(answers);
        machine
    }

    /// With a `docker` that answers this to everything.
    pub fn with_docker_that(does: &str) -> Self {
        Self::with_docker(&[("*", does)])
    }

    /// Installs it where there was none.
    pub fn install(&mut self, answers: &[(&str, &str)]) {
        let cases = answers.iter().chain(&WELL).fold(String::new(), |mut cases, (words, does)| {
            let _ = writeln!(cases, "{words}) {does} ;;");
            cases
        });
        let mut sh = Command::new("sh");
        sh.args(["-c", INSTALL]).arg(self.folder.path());
        finish(sh, format!("{SCRIPT}{cases}esac\n").as_bytes()).exits(0);
        // For reading and writing, so that whoever opens it next does not wait for the other side.
        let both =
            |name| File::options().read(true).write(true).open(self.folder.path().join(name));
        self.life = Some(both("life").unwrap());
        self.never = Some(both("never").unwrap());
        let life = BufReader::new(File::open(self.folder.path().join("life")).unwrap());
        let (sender, calls) = channel();
        std::thread::spawn(move || {
            let calls = life.split(b'\x1e').map_while(Result::ok);
            calls.map(|call| words_of(&call)).try_for_each(|words| sender.send(words))
        });
        self.calls = calls;
    }

    /// Sets a variable of the learner's.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.home = self.home.with(name, value);
        self
    }

    /// A file beside `docker`: `"$here/NAME"` to it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The code of the error that a command ends with.
    #[track_caller]
    pub fn error_of(&self, arguments: &[&str]) -> Told {
        let error = self.home.json(arguments, 1)["error"].clone();
        let text = |field: &str| error[field].as_str().unwrap().to_owned();
        Told { code: text("code"), message: text("message"), hint: text("hint") }
    }

    /// Runs the program and sends it a signal once `docker` was called with these first words.
    #[track_caller]
    pub fn run_and_send(&self, signal: Signal, call: &[&str], arguments: &[&str]) -> Ran {
        finish_while(self.home.command(program(), arguments), b"", |pid: Pid| {
            let begins =
                |words: &Vec<String>| words.len() >= call.len() && words[..call.len()] == *call;
            while !begins(&self.calls.recv_timeout(DEADLINE).unwrap()) {}
            kill_process(pid, signal).unwrap();
        })
    }

    /// What `docker` was called with, in order. Waits until no `docker` lives any more.
    #[track_caller]
    pub fn calls(mut self) -> Vec<Vec<String>> {
        drop(self.life.take());
        // Whoever hangs goes on hanging until all have been waited for.
        let _held = self.never.take();
        let mut calls = Vec::new();
        loop {
            match self.calls.recv_timeout(DEADLINE) {
                Ok(call) => calls.push(call),
                Err(RecvTimeoutError::Disconnected) => return calls,
                Err(RecvTimeoutError::Timeout) => panic!("a `docker` is left behind: {calls:?}"),
            }
        }
    }
}

/// An error as the program tells it.
#[derive(Debug)]
pub struct Told {
    pub code: String,
    pub message: String,
    pub hint: String,
}

fn words_of(call: &[u8]) -> Vec<String> {
    let call = String::from_utf8_lossy(call);
    call.split_terminator('\x1f').map(str::to_owned).collect()
}
