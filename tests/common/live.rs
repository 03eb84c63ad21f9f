//! What live tests share: one cluster at a time, and a loud word where none can run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::{Arc, Mutex};

use kafka_workbook::course::{Course, Source};
use kafka_workbook::engine::choose::engine_of;
use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::engine::report::{Report, Step};
use kafka_workbook::lab::template::Template;
use kafka_workbook::paths::Paths;
use libtest_mimic::{Arguments, Failed, Trial};
use rustix::process::{Signal, getpid, kill_process};
use tokio::runtime::Runtime;

/// A live test.
pub struct Test {
    /// What it is called: `D01-4::jvm::solution`.
    pub name: String,
    /// The engine that it needs.
    pub engine: EngineKind,
    /// The environment of the course that it brings up.
    pub environment: String,
    /// What keeps it from running here, whatever its engine.
    pub obstacle: Option<String>,
    /// The test itself; it may also fail by a panic.
    pub run: Box<dyn FnOnce() -> Result<(), Failed> + Send>,
}

/// Where state that can be made again is shared with the learner's own clusters.
pub fn paths() -> Paths {
    Paths::from_env().expect("a home directory")
}

/// The course of this repository.
pub fn course() -> Course {
    Course::load(&Source::Embedded).expect("the course has no errors: kafka-workbook course check")
}

/// The engines on which whatever can be graded is graded alike.
pub const ENGINES: [EngineKind; 2] = [EngineKind::Jvm, EngineKind::Containers];

/// What a test cannot do without: an engine, and an environment on it.
type Need = (EngineKind, String);

/// Runs tests one at a time. Those that this machine has no engine for are ignored, and why is
/// said on standard error; in CI (`CI` is set) they fail.
pub fn run(tests: Vec<Test>) -> ExitCode {
    let mut arguments = Arguments::from_args();
    // A cluster takes a core and half a gigabyte.
    arguments.test_threads = Some(1);
    let obstacles =
        if arguments.list { BTreeMap::new() } else { obstacles(&wanted(&tests, &arguments)) };
    for ((engine, environment), obstacle) in &obstacles {
        eprintln!("live tests of {environment} on {engine} cannot run here: {obstacle}");
    }
    for test in &tests {
        if let Some(obstacle) = &test.obstacle {
            eprintln!("{} cannot run here: {obstacle}", test.name);
        }
    }
    take_down_on_ctrl_c();
    let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    let trials = tests.into_iter().map(|test| trial(test, &obstacles, in_ci)).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(test: Test, obstacles: &BTreeMap<Need, String>, in_ci: bool) -> Trial {
    let of_engine = obstacles.get(&(test.engine, test.environment.clone())).cloned();
    let obstacle = test.obstacle.or(of_engine);
    let ignored = obstacle.is_some() && !in_ci;
    let run = move || {
        let _turn =
            if let Some(obstacle) = obstacle { return Err(obstacle.into()) } else { turn() };
        (test.run)()
    };
    Trial::test(test.name, run).with_ignored_flag(ignored)
}

/// What the tests that will run need, so that nothing is downloaded for others.
fn wanted(tests: &[Test], arguments: &Arguments) -> BTreeSet<Need> {
    let chosen = |test: &&Test| arguments.filter.as_ref().is_none_or(|f| test.name.contains(f));
    tests.iter().filter(chosen).map(|test| (test.engine, test.environment.clone())).collect()
}

/// What keeps an environment from running here. Fetches its Kafka if that can be had.
fn obstacles(needs: &BTreeSet<Need>) -> BTreeMap<Need, String> {
    let course = course();
    let runtime = Runtime::new().unwrap();
    let obstacle = |need: &Need| {
        let (kind, name) = need;
        let file = course.compose(name)?;
        let environment = Template::new(name, (&file.file_name, Path::new("/")), &file.text)
            .unwrap()
            .as_it_stands();
        let engine = engine_of(*kind, &paths(), None).unwrap();
        let problem = runtime.block_on(engine.prepare(&environment, Arc::new(Aloud))).err()?;
        Some((need.clone(), format!("{} ({})", problem.message.en, problem.hint.en)))
    };
    needs.iter().filter_map(obstacle).collect()
}

/// Held by whoever runs a cluster for a test: two that start at once would want the same ports.
fn turn() -> File {
    let cache = paths().cache().to_owned();
    fs::create_dir_all(&cache).unwrap();
    let file = File::create(cache.join("live-tests.lock")).unwrap();
    file.lock().unwrap();
    file
}

/// Says on standard error what takes long.
struct Aloud;

impl Report for Aloud {
    fn step(&self, step: &Step) {
        if step.amount.is_none() {
            eprintln!("{} …", step.what);
        }
    }
}

/// Homes where a cluster may run.
static HOMES: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// The clusters of a home, which go away with this.
pub struct Clusters(PathBuf);

impl Clusters {
    pub fn of(home: &Path) -> Self {
        HOMES.lock().unwrap().push(home.to_owned());
        Self(home.to_owned())
    }
}

impl Drop for Clusters {
    fn drop(&mut self) {
        take_down(&self.0);
        if let Ok(mut homes) = HOMES.lock() {
            homes.retain(|home| *home != self.0);
        }
    }
}

fn take_down(home: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kafka-workbook"));
    command.args(["env", "down", "--all"]).env("KAFKA_WORKBOOK_HOME", home);
    let ended = command.output();
    if !ended.as_ref().is_ok_and(|output| output.status.success()) {
        eprintln!("clusters of {} may still run: {ended:?}", home.display());
    }
}

/// Ctrl-C ends the tests, but the clusters have sessions of their own.
fn take_down_on_ctrl_c() {
    std::thread::spawn(|| {
        let signal = Runtime::new().unwrap().block_on(tokio::signal::ctrl_c());
        signal.unwrap();
        // Held to the end, so that no test brings up another one.
        let homes = HOMES.lock().unwrap();
        homes.iter().for_each(|home| take_down(home));
        kill_process(getpid(), Signal::TERM).unwrap();
    });
}
