//! `kafka-workbook course verify --live`

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::args::Verify;
use super::cancellable;
use super::output::{Exit, Ink, Output, Progress};
use crate::course::Lesson;
use crate::lab::Workbook;
use crate::lab::aside::Aside;
use crate::lab::verify::{LessonRun, Run, Selection, run, run_lesson};
use crate::problem::Problem;

/// Runs the gate in a home of its own, which is removed at the end.
pub async fn verify(
    workbook: &Workbook,
    command: Verify,
    output: &Output,
) -> Result<Exit, Problem> {
    let ids = named(workbook, &command.ids)?;
    let selection = Selection { ids, attempts: command.attempt };
    let aside = Aside::of(workbook);
    let gate = &aside.workbook;
    let timeout = Duration::from_secs(command.up.timeout);
    let progress = Arc::new(Progress::new(output));
    let mut done = Done::default();
    let work = async {
        for round in 1..=command.repeat {
            let how = (command.up.engine, timeout, round);
            for lesson in selection.lessons(&gate.course) {
                let run = run_lesson(gate, lesson, how, Arc::clone(&progress) as Arc<_>).await?;
                if !output.json {
                    lesson_line(&run, output);
                }
                done.lessons.push(run);
            }
            for (lab, attempt) in selection.of(&gate.course) {
                let run = run(gate, lab, attempt, how, Arc::clone(&progress) as Arc<_>).await?;
                if !output.json {
                    line(&run, output);
                }
                done.runs.push(run);
            }
        }
        Ok(())
    };
    let ended = cancellable(&progress, Box::pin(work)).await;
    // Not with the same progress: what is called off still has to be taken down.
    aside.remove(&Progress::new(output)).await?;
    ended?;
    Ok(summary(&done, output))
}

/// What has been run.
#[derive(Default)]
struct Done {
    lessons: Vec<LessonRun>,
    runs: Vec<Run>,
}

/// The labs and lessons that are meant, each by its own id.
fn named(workbook: &Workbook, ids: &[String]) -> Result<Vec<String>, Problem> {
    let is_day = |id: &str| id.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("day-"));
    let own = |id: &String| {
        if is_day(id) {
            workbook.lesson(&id[4..]).map(Lesson::id)
        } else {
            workbook.lab(id).map(|lab| lab.id.clone())
        }
    };
    ids.iter().map(own).collect()
}

fn sign(held: bool, output: &Output) -> String {
    if held { output.ink(Ink::Green, "✓") } else { output.ink(Ink::Red, "✗") }
}

fn lesson_line(run: &LessonRun, output: &Output) {
    let sign = sign(run.mismatches.is_empty(), output);
    let LessonRun { lesson, engine, blocks, .. } = run;
    let (start, took) = (run.start.as_secs_f64(), run.took.as_secs_f64());
    output.line(&format!(
        "{sign} {lesson} · {engine} · {blocks} blocks · start {start:.2} s, blocks {took:.2} s"
    ));
    run.mismatches.iter().for_each(|mismatch| output.text(4, &mismatch.to_string()));
}

fn line(run: &Run, output: &Output) {
    let sign = sign(run.differences.is_empty(), output);
    let Run { lab, attempt, engine, points, .. } = run;
    let (start, script, check) =
        (run.start.as_secs_f64(), run.script.as_secs_f64(), run.check.as_millis());
    output.line(&format!(
        "{sign} {lab} {attempt} · {engine} · {points} pts · start {start:.2} s, script {script:.2} s, check {check} ms"
    ));
    run.differences.iter().for_each(|difference| output.text(4, &difference.to_string()));
}

fn summary(Done { lessons, runs }: &Done, output: &Output) -> Exit {
    let failed = runs.iter().filter(|run| !run.differences.is_empty()).count()
        + lessons.iter().filter(|run| !run.mismatches.is_empty()).count();
    let passed = runs.len() + lessons.len() - failed;
    if output.json {
        let lessons: Vec<Value> = lessons.iter().map(lesson_object).collect();
        let runs: Vec<Value> = runs.iter().map(run_object).collect();
        output
            .object(json!({"lessons": lessons, "runs": runs, "passed": passed, "failed": failed}));
    } else {
        output.line(&format!("{passed} passed, {failed} failed"));
    }
    // Nothing run is nothing proved.
    if failed == 0 && passed > 0 { Exit::Done } else { Exit::Failed }
}

fn lesson_object(run: &LessonRun) -> Value {
    let differences: Vec<String> = run.mismatches.iter().map(ToString::to_string).collect();
    json!({
        "lesson": run.lesson,
        "repetition": run.round,
        "engine": run.engine,
        "blocks": run.blocks,
        "start_ms": ms(run.start),
        "blocks_ms": ms(run.took),
        "differences": differences,
    })
}

fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn run_object(run: &Run) -> Value {
    let differences: Vec<String> = run.differences.iter().map(ToString::to_string).collect();
    json!({
        "lab": run.lab,
        "attempt": run.attempt,
        "repetition": run.round,
        "engine": run.engine,
        "points": run.points,
        "start_ms": ms(run.start),
        "script_ms": ms(run.script),
        "check_ms": ms(run.check),
        "differences": differences,
    })
}
