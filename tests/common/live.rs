//! What live tests share: one cluster at a time, and a loud word where none can run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Mutex;

use kafka_workbook::course::{Course, Source};
use kafka_workbook::engine::jvm::Jvm;
use kafka_workbook::engine::report::{Report, Step};
use kafka_workbook::paths::Paths;
use libtest_mimic::{Arguments, Failed, Trial};
use rustix::process::{Signal, getpid, kill_process};
use tokio::runtime::Runtime;

/// A live test.
pub struct Test {
    /// What it is called: `D01-4::jvm::solution`.
    pub name: String,
    /// The environment of the course that it brings up.
    pub environment: String,
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

/// Runs tests one at a time. Those that this machine has no engine for are ignored, and why is
/// said on standard error; in CI (`CI` is set) they fail.
pub fn run(tests: Vec<Test>) -> ExitCode {
    let mut arguments = Arguments::from_args();
    // A cluster takes a core and half a gigabyte.
    arguments.test_threads = Some(1);
    let obstacles =
        if arguments.list { BTreeMap::new() } else { obstacles(&wanted(&tests, &arguments)) };
    for (environment, obstacle) in &obstacles {
        eprintln!("live tests on {environment} cannot run here: {obstacle}");
    }
    take_down_on_ctrl_c();
    let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    let trials = tests.into_iter().map(|test| trial(test, &obstacles, in_ci)).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(test: Test, obstacles: &BTreeMap<String, String>, in_ci: bool) -> Trial {
    let obstacle = obstacles.get(&test.environment).cloned();
    let ignored = obstacle.is_some() && !in_ci;
    let run = move || {
        let _turn =
            if let Some(obstacle) = obstacle { return Err(obstacle.into()) } else { turn() };
        (test.run)()
    };
    Trial::test(test.name, run).with_ignored_flag(ignored)
}

/// Environments of the tests that will run, so that nothing is downloaded for others.
fn wanted(tests: &[Test], arguments: &Arguments) -> BTreeSet<String> {
    let chosen = |test: &&Test| arguments.filter.as_ref().is_none_or(|f| test.name.contains(f));
    tests.iter().filter(chosen).map(|test| test.environment.clone()).collect()
}

/// What keeps an environment from running here. Fetches its Kafka if that can be had.
fn obstacles(environments: &BTreeSet<String>) -> BTreeMap<String, String> {
    let (course, engine) = (course(), Jvm::new(paths(), None));
    let obstacle = |environment: &String| {
        let text = &course.compose(environment)?.text;
        let problem = engine.runtime(kafka_version(text), &Aloud).err()?;
        Some((environment.clone(), format!("{} ({})", problem.message.en, problem.hint.en)))
    };
    environments.iter().filter_map(obstacle).collect()
}

/// `4.3.1` of `apache/kafka:4.3.1`.
fn kafka_version(compose: &str) -> &str {
    let (_, tag) = compose.split_once("apache/kafka:").expect("an environment with Kafka");
    let end = tag.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(tag.len());
    &tag[..end]
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
