//! The real program as a child process, in a home of its own.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// How long one command may take before it counts as hanging.
pub const DEADLINE: Duration = Duration::from_mins(3);

/// What a child inherits; whatever else this machine has set must not decide a test.
const INHERITED: [&str; 10] = [
    "PATH",
    "HOME",
    "TMPDIR",
    "JAVA_HOME",
    "KAFKA_HOME",
    "KAFKA_IMAGE",
    "KAFKA_ZOOKEEPER_IMAGE",
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
    "DOCKER_CONFIG",
];

/// A home, which goes away with it.
pub struct Home {
    folder: TempDir,
    variables: Vec<(&'static str, OsString)>,
}

impl Home {
    pub fn new() -> Self {
        let folder = TempDir::with_prefix("kafka-workbook-test-").unwrap();
        let cache = folder.path().join("cache").into_os_string();
        Self { folder, variables: vec![("KAFKA_WORKBOOK_CACHE", cache)] }
    }

    /// Sets a variable for every call.
    pub fn with(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// The learner's state.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The program in this home, not yet run.
    pub fn command(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.env_clear();
        for name in INHERITED {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        command.env("LANG", "C.UTF-8").env("KAFKA_WORKBOOK_HOME", self.path());
        command.envs(self.variables.clone()).args(arguments);
        command
    }

    /// Runs the program and waits for its end.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Ran {
        finish(self.command(program(), arguments), b"")
    }

    /// A lab as the map of the course has it.
    #[track_caller]
    pub fn lab(&self, id: &str) -> Value {
        let list = self.json(&["list"], 0);
        let days = list["days"].as_array().unwrap();
        let mut labs = days.iter().flat_map(|day| day["labs"].as_array().unwrap());
        labs.find(|lab| lab["id"] == id).unwrap_or_else(|| panic!("{list}")).clone()
    }

    /// Runs it, expects this exit code and reads the JSON object that it prints.
    #[track_caller]
    pub fn json(&self, arguments: &[&str], code: i32) -> Value {
        self.run(&[&["--json"], arguments].concat()).exits(code).json()
    }
}

/// The program under test.
pub fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_kafka-workbook"))
}

/// A command that has ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Runs a command to its end, with this on its standard input.
#[track_caller]
pub fn finish(command: Command, input: &[u8]) -> Ran {
    finish_while(command, input, |_| ())
}

/// The same, while something else is done to the process or waited for.
#[track_caller]
pub fn finish_while(mut command: Command, input: &[u8], meanwhile: impl FnOnce(Pid)) -> Ran {
    let words = format!("{command:?}");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = Pid::from_child(&child);
    // A command need not read what it is given.
    let _ = child.stdin.take().unwrap().write_all(input);
    let (sender, ended) = mpsc::channel();
    std::thread::spawn(move || sender.send(child.wait_with_output()));
    meanwhile(pid);
    let Ok(output) = ended.recv_timeout(DEADLINE) else {
        let _ = kill_process(pid, Signal::KILL);
        panic!("still running after {DEADLINE:?}: {words}");
    };
    let Output { status, stdout, stderr } = output.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: status.code(), out: text(stdout), err: text(stderr) }
}

impl Ran {
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        let Self { out, err, .. } = &self;
        assert_eq!(self.code, Some(code), "\nstdout: {out}\nstderr: {err}");
        self
    }

    /// The one object that `--json` prints.
    #[track_caller]
    pub fn json(&self) -> Value {
        let value: Value =
            serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"));
        assert_eq!(value["schema"], 1, "{value}");
        assert_eq!(self.out.lines().count(), 1, "one object is one line");
        value
    }
}
