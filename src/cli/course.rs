//! `kafka-workbook course …`

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::args::Verify;
use super::cancellable;
use super::output::{Exit, Ink, Output, Progress};
use crate::course::{Course, CourseError, Source, check as course_check};
use crate::lab::verify::{Run, Selection, run, workbook_at};
use crate::lab::{Workbook, environments};
use crate::phrase;
use crate::problem::{Explain, Problem};

/// Every file of the course, without a cluster.
pub fn check(workbook: &Workbook, output: &Output) -> Exit {
    let course = &workbook.course;
    let read = (course.labs().len(), course.lessons().len());
    report(&course_check::check(course), read, output)
}

/// A course that could not even be read.
pub fn broken(errors: &[CourseError], output: &Output) -> Exit {
    report(errors, (0, 0), output)
}

fn report(errors: &[CourseError], (labs, lessons): (usize, usize), output: &Output) -> Exit {
    if output.json {
        let list: Vec<Value> = errors.iter().map(|e| error_object(e, output)).collect();
        output.object(json!({"labs": labs, "lessons": lessons, "errors": list}));
    } else {
        for error in errors {
            let problem = error.problem();
            output.line(&output.ink(Ink::Red, output.say(&problem.message)));
            output.text(4, output.say(&problem.hint));
        }
        let count = errors.len();
        output.text(
            0,
            output.say(&phrase!(
                "labs read: {labs}, lessons read: {lessons}, errors: {count}",
                "已读取实验：{labs}，课文：{lessons}，错误：{count}"
            )),
        );
    }
    if errors.is_empty() { Exit::Done } else { Exit::Usage }
}

fn error_object(error: &CourseError, output: &Output) -> Value {
    let problem = error.problem();
    json!({"code": problem.code, "message": output.say(&problem.message), "hint": output.say(&problem.hint)})
}

/// Runs the lab gate in a home of its own, which is removed at the end.
pub async fn verify(workbook: Workbook, command: Verify, output: &Output) -> Result<Exit, Problem> {
    let selection = Selection { labs: command.ids, attempts: command.attempt };
    known_labs(&workbook, &selection.labs)?;
    let home = std::env::temp_dir().join(format!("kafka-workbook-verify-{}", std::process::id()));
    let source = workbook.course_folder.clone().map_or(Source::Embedded, Source::Dir);
    let course = Course::load(&source)
        .map_err(|errors| super::broken_course(&errors, workbook.course_folder.as_deref()))?;
    let gate = workbook_at(&home, &workbook, course);
    let timeout = Duration::from_secs(command.up.timeout);
    let progress = Arc::new(Progress::new(output));
    let mut runs: Vec<Run> = Vec::new();
    let work = async {
        for round in 1..=command.repeat {
            for (lab, attempt) in selection.of(&gate.course) {
                let how = (command.up.engine, timeout, round);
                let run = run(&gate, lab, attempt, how, Arc::clone(&progress) as Arc<_>).await?;
                if !output.json {
                    line(&run, output);
                }
                runs.push(run);
            }
        }
        Ok(())
    };
    let ended = cancellable(&progress, Box::pin(work)).await;
    environments::down_all(&gate, &*progress).await?;
    let _ = std::fs::remove_dir_all(&home);
    ended?;
    Ok(summary(&runs, output))
}

fn known_labs(workbook: &Workbook, ids: &[String]) -> Result<(), Problem> {
    ids.iter().try_for_each(|id| workbook.lab(id).map(|_| ()))
}

fn line(run: &Run, output: &Output) {
    let held = run.differences.is_empty();
    let sign = if held { output.ink(Ink::Green, "✓") } else { output.ink(Ink::Red, "✗") };
    let Run { lab, attempt, engine, points, .. } = run;
    let (start, script, check) =
        (run.start.as_secs_f64(), run.script.as_secs_f64(), run.check.as_millis());
    output.line(&format!(
        "{sign} {lab} {attempt} · {engine} · {points} pts · start {start:.2} s, script {script:.2} s, check {check} ms"
    ));
    run.differences.iter().for_each(|difference| output.text(4, &difference.to_string()));
}

fn summary(runs: &[Run], output: &Output) -> Exit {
    let failed = runs.iter().filter(|run| !run.differences.is_empty()).count();
    let passed = runs.len() - failed;
    if output.json {
        let list: Vec<Value> = runs.iter().map(run_object).collect();
        output.object(json!({"runs": list, "passed": passed, "failed": failed}));
    } else {
        output.line(&format!("{passed} passed, {failed} failed"));
    }
    // Nothing run is nothing proved.
    if failed == 0 && passed > 0 { Exit::Done } else { Exit::Failed }
}

fn run_object(run: &Run) -> Value {
    let ms = |d: Duration| u64::try_from(d.as_millis()).unwrap_or(u64::MAX);
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
