//! What a learner waits for, on a live cluster: `cargo bench`.
//!
//! Prints the median of several runs, and beside the checks what the same facts cost with Kafka's
//! own tools. Needs Java; runs in a home of its own and removes it.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench prints, and has nobody to hand an error to"
)]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use kafka_workbook::course::{Course, Source};
use kafka_workbook::engine::choose::Choice;
use kafka_workbook::engine::report::Silent;
use kafka_workbook::lab::start::start;
use kafka_workbook::lab::{Workbook, check, environments, shell};
use kafka_workbook::paths::Paths;
use kafka_workbook::problem::Problem;

const LAB: &str = "D01-4";
const RESETS: usize = 7;
const ROUNDS: usize = 200;
const TOOL_RUNS: usize = 5;
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

fn workbook(home: &Path) -> Workbook {
    let cache = Paths::from_env().expect("a cache").cache().to_owned();
    let course = Course::load(&Source::Embedded).expect("the course");
    let program = PathBuf::from(env!("CARGO_BIN_EXE_kafka-workbook"));
    Workbook::new(Paths::at(home, cache), course, None, Some(program))
}

async fn measure(workbook: &Workbook) -> Result<(), Problem> {
    // The first start may fetch Kafka and format; what is measured are the ones after it.
    reset(workbook).await?;
    wait_for_archives(workbook).await;
    let mut resets = Vec::new();
    for _ in 0..RESETS {
        resets.push(reset(workbook).await?);
    }
    line("reset to ready and seeded, one node", &mut resets);
    let rounds = &mut rounds(workbook).await?;
    line("one round of the lab's checks", rounds);
    let tools = &mut tools(workbook)?;
    line("kafka-topics.sh --describe, one call", tools);
    println!(
        "{:<44} {:>9.0}",
        "rounds in the time of one tool call",
        median(tools).as_secs_f64() / median(rounds).as_secs_f64()
    );
    line("start of the program: kafka-workbook list", &mut lists(workbook));
    Ok(())
}

async fn reset(workbook: &Workbook) -> Result<Duration, Problem> {
    let begun = Instant::now();
    start(workbook, workbook.lab(LAB)?, Choice::Auto, TIMEOUT, Arc::new(Silent)).await?;
    Ok(begun.elapsed())
}

/// Class archives are trained behind the first start; figures without them would be of a first day.
async fn wait_for_archives(workbook: &Workbook) {
    let deadline = Instant::now() + Duration::from_mins(2);
    let archived = || {
        let folders = std::fs::read_dir(workbook.paths.cache().join("archives"))
            .into_iter()
            .flatten()
            .flatten();
        folders
            .into_iter()
            .any(|f| f.path().join("broker.jsa").exists() && f.path().join("tools.jsa").exists())
    };
    while !archived() && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn rounds(workbook: &Workbook) -> Result<Vec<Duration>, Problem> {
    let lab = workbook.lab(LAB)?;
    let attempt = workbook.open_attempt(lab)?;
    let grader = check::grader(lab, attempt.cluster()?);
    grader.round(&attempt.progress.answers).await;
    let mut taken = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        grader.round(&attempt.progress.answers).await;
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

fn line(what: &str, taken: &mut [Duration]) {
    let middle = median(taken);
    let (least, most) = (taken[0], taken[taken.len() - 1]);
    println!(
        "{what:<44} {:>9.1} ms   ({:.1} to {:.1}, {} runs)",
        ms(middle),
        ms(least),
        ms(most),
        taken.len()
    );
}

fn median(taken: &mut [Duration]) -> Duration {
    taken.sort_unstable();
    taken[taken.len() / 2]
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
