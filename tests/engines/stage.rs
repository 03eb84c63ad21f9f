//! A home with a cluster, for as long as a test lasts.

use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::paths::Paths;
use kafka_workbook::progress::{Event, ProgressLog};
use serde_json::Value;

use crate::live::{self, Clusters};
use crate::program::{Home, Ran, finish, program};

/// The lab that the tests work on: topics, an answer, history.
pub const LAB: &str = "D01-4";

/// Its environment.
pub const ENVIRONMENT: &str = "kraft-single";

/// The environment's file.
pub const COMPOSE_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/compose/kraft-single.yaml");

/// How long a condition may take to come true.
const DEADLINE: Duration = Duration::from_mins(1);

/// A home whose clusters go away with it.
pub struct Stage {
    // Before the home, whose folder the clusters use to the last.
    _clusters: Clusters,
    home: Home,
    cache: PathBuf,
    pub engine: EngineKind,
}

impl Deref for Stage {
    type Target = Home;

    fn deref(&self) -> &Home {
        &self.home
    }
}

impl Stage {
    pub fn new(engine: EngineKind) -> Self {
        Self::in_home(engine, Home::new())
    }

    pub fn in_home(engine: EngineKind, home: Home) -> Self {
        Self::with_cache(engine, home, live::paths().cache())
    }

    /// The same with a cache of its own.
    pub fn with_cache(engine: EngineKind, home: Home, cache: &Path) -> Self {
        let home = home.with("KAFKA_WORKBOOK_CACHE", cache);
        Self { _clusters: Clusters::of(&home.path()), home, cache: cache.to_owned(), engine }
    }

    /// Where what can be fetched again is kept.
    pub fn cache(&self) -> &Path {
        &self.cache
    }

    /// A stage where the lab is started.
    #[track_caller]
    pub fn started(engine: EngineKind) -> Self {
        let stage = Self::new(engine);
        stage.start();
        stage
    }

    /// Starts the lab and says what `--json` says.
    #[track_caller]
    pub fn start(&self) -> Value {
        self.json(&[&self.start_words()[..], &["--timeout", "120"]].concat(), 0)
    }

    /// What starts the lab on this engine.
    pub fn start_words(&self) -> [&'static str; 5] {
        ["lab", "start", LAB, "--engine", self.engine.name()]
    }

    pub fn paths(&self) -> Paths {
        Paths::at(self.path(), &self.cache)
    }

    /// A command in the lab shell, not yet run.
    pub fn in_shell(&self, words: &[&str]) -> Command {
        self.command(program(), &[&["lab", "shell", LAB, "--"], words].concat())
    }

    /// A command in the lab shell, run to its end.
    #[track_caller]
    pub fn shell(&self, words: &[&str]) -> Ran {
        finish(self.in_shell(words), b"")
    }

    /// The same for a tool of Kafka's that has to succeed against this cluster.
    #[track_caller]
    pub fn tool(&self, words: &[&str]) -> String {
        let servers = self.bootstrap();
        let (name, rest) = words.split_first().unwrap();
        self.shell(&[&[name, "--bootstrap-server", &servers], rest].concat()).exits(0).out
    }

    #[track_caller]
    pub fn bootstrap(&self) -> String {
        self.node()["address"].as_str().unwrap().to_owned()
    }

    /// The only node, as `env status` has it.
    #[track_caller]
    pub fn node(&self) -> Value {
        let status = self.json(&["env", "status"], 0);
        assert_eq!(
            (&status["environment"], &status["engine"]),
            (&ENVIRONMENT.into(), &self.engine.name().into())
        );
        assert_eq!(status["nodes"].as_array().unwrap().len(), 1, "{status}");
        status["nodes"][0].clone()
    }

    /// Verdicts in the order of the checks, and the points, of a check that exits with `code`.
    #[track_caller]
    pub fn check(&self, code: i32) -> (Vec<String>, u64) {
        let report = self.json(&["lab", "check", LAB], code);
        let word = |check: &Value| check["verdict"].as_str().unwrap().to_owned();
        let verdicts = report["checks"].as_array().unwrap().iter().map(word).collect();
        (verdicts, report["points"].as_u64().unwrap())
    }

    /// What the progress log has, in its order.
    pub fn events(&self) -> Vec<Event> {
        let reading = ProgressLog::at(self.path().join("progress.log")).read().unwrap();
        reading.entries.into_iter().map(|entry| entry.event).collect()
    }

    /// Where the environment keeps its files.
    pub fn folder(&self) -> PathBuf {
        self.path().join("env").join(ENVIRONMENT)
    }

    /// What runs a node: its process on one engine, its container on the other.
    #[track_caller]
    pub fn incarnation(&self) -> String {
        let node = self.node();
        match self.engine {
            EngineKind::Containers => {
                let name = node["container"].as_str().unwrap();
                docker(&["inspect", "--format", "{{.State.Pid}}", name]).trim().to_owned()
            }
            _ => node["pid"].to_string(),
        }
    }

    /// What runs of this home: pids, or ids of containers.
    pub fn running(&self) -> Vec<String> {
        match self.engine {
            EngineKind::Containers => self.labelled(&["ps", "--quiet"]),
            _ => processes(&self.path()).iter().map(ToString::to_string).collect(),
        }
    }

    /// What there is of this home outside its folder, running or not.
    pub fn traces(&self) -> Vec<String> {
        let kinds = [&["ps", "--all"][..], &["volume", "ls"], &["network", "ls"]];
        match self.engine {
            EngineKind::Containers => kinds
                .iter()
                .flat_map(|kind| self.labelled(&[kind, &["--quiet"][..]].concat()))
                .collect(),
            _ => self.running(),
        }
    }

    /// What `docker` lists of this home.
    pub fn labelled(&self, words: &[&str]) -> Vec<String> {
        labelled(&self.paths(), words)
    }
}

/// What `docker` lists of a home.
pub fn labelled(paths: &Paths, words: &[&str]) -> Vec<String> {
    let label = format!("label=kafka-workbook.home={}", paths.home_id());
    let listed = docker(&[words, &["--filter", &label]].concat());
    listed.lines().map(str::to_owned).collect()
}

/// Pids of all processes whose command line names this home.
pub fn processes(home: &Path) -> Vec<u32> {
    let mark = home.as_os_str().as_encoded_bytes();
    let names_home = |pid: &u32| {
        let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        words.windows(mark.len()).any(|part| part == mark)
    };
    let entries = fs::read_dir("/proc").unwrap().map_while(Result::ok);
    entries.filter_map(|e| e.file_name().to_str()?.parse().ok()).filter(names_home).collect()
}

/// What a `docker` command that has to succeed prints.
#[track_caller]
pub fn docker(words: &[&str]) -> String {
    let mut command = Command::new("docker");
    command.args(words);
    finish(command, b"").exits(0).out
}

/// Looks until there is something to see.
#[track_caller]
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(Instant::now() < deadline, "not within {DEADLINE:?}: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
