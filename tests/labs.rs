//! Every attempt of every lab on a live cluster: the grader says what its attempt.toml states. And
//! every lesson: its commands print what it shows.
//!
//! `cargo test --test labs D01-4` runs those of one lab, `day-01` those of one lesson.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use kafka_workbook::engine::choose::Choice;
use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::engine::report::Silent;
use kafka_workbook::lab::Workbook;
use kafka_workbook::lab::aside::workbook_at;
use kafka_workbook::lab::verify::{Run, Selection, missing_tool, run, run_lesson};
use libtest_mimic::Failed;
use tokio::runtime::Runtime;

#[cfg(test)]
#[path = "common/live.rs"]
mod live;

use live::{Clusters, Test};

/// How long a cluster may take to be ready: the first start on a machine has no class archive.
const READY: Duration = Duration::from_mins(2);

fn main() -> ExitCode {
    live::run(tests())
}

fn tests() -> Vec<Test> {
    let course = live::course();
    let all = Selection::default();
    let lessons = live::ENGINES
        .into_iter()
        .flat_map(|engine| all.lessons(&course).map(move |lesson| (engine, lesson)))
        .map(|(engine, lesson)| {
            let day = lesson.day;
            Test {
                name: format!("{}::{engine}::lesson", lesson.id()),
                engine,
                environment: lesson.own.environment.clone(),
                obstacle: None,
                run: Box::new(move || hold_lesson(engine, day)),
            }
        });
    let attempts = live::ENGINES
        .into_iter()
        .flat_map(|engine| all.of(&course).map(move |(lab, attempt)| (engine, lab, attempt)))
        .map(|(engine, lab, attempt)| {
            let (id, name) = (lab.id.clone(), attempt.name.clone());
            Test {
                name: format!("{id}::{engine}::{name}"),
                engine,
                environment: lab.environment.clone(),
                obstacle: missing_tool(attempt)
                    .map(|tool| format!("it needs {tool}, which is not on PATH")),
                run: Box::new(move || hold(engine, &id, &name)),
            }
        });
    lessons.chain(attempts).collect()
}

fn hold(engine: EngineKind, lab: &str, attempt: &str) -> Result<(), Failed> {
    let run = attempted(engine, lab, attempt)?;
    let lines: Vec<String> = run.differences.iter().map(ToString::to_string).collect();
    if lines.is_empty() {
        return Ok(());
    }
    Err(format!("not as attempt.toml states:\n{}", lines.join("\n")).into())
}

fn hold_lesson(engine: EngineKind, day: u32) -> Result<(), Failed> {
    let home = tempfile::tempdir()?;
    let _clusters = Clusters::of(home.path());
    let gate = gate(home.path());
    let lesson = gate.course.lesson(day).ok_or("no such lesson")?;
    let how = (Choice::Only(engine), READY, 1);
    let run = Runtime::new()?.block_on(run_lesson(&gate, lesson, how, Arc::new(Silent)));
    let run = run.map_err(|problem| format!("{} ({})", problem.message, problem.hint))?;
    let lines: Vec<String> = run.mismatches.iter().map(ToString::to_string).collect();
    if lines.is_empty() {
        return Ok(());
    }
    Err(format!("not as the lesson shows:\n{}", lines.join("\n")).into())
}

/// Runs one attempt in a home of its own, which is gone afterwards whatever happens.
fn attempted(engine: EngineKind, lab: &str, attempt: &str) -> Result<Run, Failed> {
    let home = tempfile::tempdir()?;
    let _clusters = Clusters::of(home.path());
    let gate = gate(home.path());
    let selection = Selection { ids: vec![lab.to_owned()], attempts: vec![attempt.to_owned()] };
    let (lab, attempt) = selection.of(&gate.course).next().ok_or("no such attempt")?;
    let how = (Choice::Only(engine), READY, 1);
    let run = Runtime::new()?.block_on(run(&gate, lab, attempt, how, Arc::new(Silent)));
    run.map_err(|problem| format!("{} ({})", problem.message, problem.hint).into())
}

fn gate(home: &Path) -> Workbook {
    let program = Some(PathBuf::from(env!("CARGO_BIN_EXE_kafka-workbook")));
    let own = Workbook::new(live::paths(), live::course(), None, program);
    workbook_at(home, &own)
}
