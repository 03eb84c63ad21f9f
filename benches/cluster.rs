//! What a learner waits for, on a live cluster: `cargo bench`.
//!
//! Prints the median of several runs on each engine that this machine has, and beside them what a
//! learner would do without the workbook: Kafka's own tools, `docker compose` by hand. Runs in a
//! home of its own and removes it.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench prints, and has nobody to hand an error to"
)]

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use kafka_workbook::engine::choose::Choice;
use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::engine::report::Silent;
use kafka_workbook::grade::round::Grader;
use kafka_workbook::grade::snapshot::Learner;
use kafka_workbook::lab::start::start;
use kafka_workbook::lab::{Workbook, environments, shell};
use kafka_workbook::phrase::Phrase;
use kafka_workbook::problem::Problem;

mod common;

use common::{line, median, workbook};

const LAB: &str = "D01-4";
/// How long a question may take.
const PATIENCE: Duration = Duration::from_secs(2);
const RESETS: usize = 7;
const ROUNDS: usize = 200;
const TOOL_RUNS: usize = 5;
const BY_HAND_RUNS: usize = 3;
const TIMEOUT: Duration = Duration::from_mins(1);

fn main() -> ExitCode {
    let home = tempfile::tempdir().expect("a temporary home");
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let workbook = workbook(home.path());
    let measured = runtime.block_on(measure(&workbook));
    let removed = runtime.block_on(environments::down_all(&workbook, &Silent));
    match measured.and(removed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("not measured: {problem} ({})", problem.hint);
            ExitCode::FAILURE
        }
    }
}

async fn measure(workbook: &Workbook) -> Result<(), Problem> {
    let mut measured = 0;
    for engine in [EngineKind::Jvm, EngineKind::Containers] {
        match measure_on(workbook, engine).await {
            Ok(()) => measured += 1,
            Err(problem) => eprintln!("{engine}: not measured: {problem} ({})", problem.hint),
        }
    }
    line("start of the program: kafka-workbook list", &mut lists(workbook));
    if measured == 0 { Err(no_engine()) } else { Ok(()) }
}

async fn measure_on(workbook: &Workbook, engine: EngineKind) -> Result<(), Problem> {
    // The first start may fetch Kafka and format; what is measured are the ones after it.
    reset(workbook, engine).await?;
    if engine == EngineKind::Jvm {
        wait_for_archives(workbook).await;
    }
    let mut resets = Vec::new();
    for _ in 0..RESETS {
        resets.push(reset(workbook, engine).await?);
    }
    line(&format!("{engine}: reset to ready and seeded"), &mut resets);
    let rounds = &mut rounds(workbook).await?;
    line(&format!("{engine}: one round of the lab's checks"), rounds);
    let tools = &mut tools(workbook)?;
    line(&format!("{engine}: kafka-topics.sh --describe"), tools);
    println!(
        "{:<44} {:>9.0}",
        format!("{engine}: rounds in the time of one tool call"),
        median(tools).as_secs_f64() / median(rounds).as_secs_f64()
    );
    if engine == EngineKind::Containers {
        environments::down_all(workbook, &Silent).await?;
        line("docker compose by hand: down, up, answers", &mut by_hand());
    }
    Ok(())
}

fn no_engine() -> Problem {
    Problem::new("no-engine", Phrase::same("no engine"), Phrase::same("see above"))
}

async fn reset(workbook: &Workbook, engine: EngineKind) -> Result<Duration, Problem> {
    let begun = Instant::now();
    let choice = Choice::Only(engine);
    start(workbook, workbook.lab(LAB)?, choice, TIMEOUT, Arc::new(Silent)).await?;
    Ok(begun.elapsed())
}

/// The same file without the workbook, until Kafka's own tool gets an answer from the broker.
fn by_hand() -> Vec<Duration> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/compose/kraft-single.yaml");
    let compose = |words: &[&str]| {
        let mut command = Command::new("docker");
        command.args(["compose", "-p", "kafka-workbook-bench", "-f", file]).args(words);
        timed(command.stdout(Stdio::null()).stderr(Stdio::null()))
    };
    let answers = || {
        let mut command = Command::new("docker");
        command.args(["exec", "kafka-workbook-bench-kafka-1", "/opt/kafka/bin/kafka-topics.sh"]);
        command.args(["--bootstrap-server", "kafka:29092", "--list"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    compose(&["up", "--detach"]);
    let mut taken = Vec::new();
    for _ in 0..BY_HAND_RUNS {
        let begun = Instant::now();
        compose(&["down", "--volumes"]);
        compose(&["up", "--detach"]);
        while !answers() {}
        taken.push(begun.elapsed());
    }
    compose(&["down", "--volumes"]);
    taken
}

/// Class archives are trained behind the first start; figures without them would be of a first day.
async fn wait_for_archives(workbook: &Workbook) {
    let deadline = Instant::now() + Duration::from_mins(2);
    let files = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_archive = |file: &Path| file.extension().is_some_and(|ending| ending == "jsa");
    let archived = || {
        // One for brokers and one for tools.
        let mut folders = files(&workbook.paths.cache().join("archives"));
        folders.any(|f| files(&f.path()).filter(|file| is_archive(&file.path())).count() > 1)
    };
    while !archived() && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn rounds(workbook: &Workbook) -> Result<Vec<Duration>, Problem> {
    let lab = workbook.lab(LAB)?;
    let attempt = workbook.open_attempt(lab)?;
    let grader = Grader::new(lab.checks.clone(), attempt.cluster()?.client(PATIENCE));
    grader.round(Learner::default()).await;
    let mut taken = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        grader.round(Learner::default()).await;
        taken.push(begun.elapsed());
    }
    Ok(taken)
}

fn tools(workbook: &Workbook) -> Result<Vec<Duration>, Problem> {
    let lab = workbook.lab(LAB)?;
    let attempt = workbook.open_attempt(lab)?;
    let servers = attempt.cluster()?.bootstrap_servers();
    let words =
        ["kafka-topics.sh", "--bootstrap-server", &servers, "--describe"].map(OsString::from);
    let mut taken = Vec::new();
    for _ in 0..TOOL_RUNS {
        let mut command = shell::command(workbook, lab, &words)?;
        taken.push(timed(command.stdout(Stdio::null())));
    }
    Ok(taken)
}

fn lists(workbook: &Workbook) -> Vec<Duration> {
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kafka-workbook"));
        timed(
            command
                .arg("list")
                .env("KAFKA_WORKBOOK_HOME", workbook.paths.home())
                .stdout(Stdio::null()),
        )
    };
    (0..20).map(|_| run()).collect()
}

fn timed(command: &mut Command) -> Duration {
    let begun = Instant::now();
    let status = command.status().expect("the command runs");
    assert!(status.success(), "{command:?} ended with {status}");
    begun.elapsed()
}
