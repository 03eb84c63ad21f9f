//! The gate: runs every attempt of a lab on a live cluster and holds the grader to what its
//! attempt.toml states, check by check; runs every block of a lesson and holds Kafka to what the
//! lesson shows, line by line.

mod compare;
mod lesson;
mod printed;
mod script;
mod session;
#[cfg(test)]
mod tests;

use std::env;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Workbook;
use super::check::Report as CheckReport;
use super::host::check;
use super::start::start;
use super::stop::stop;
use crate::course::{Attempt, Course, Lab, Lesson};
use crate::engine::choose::Choice;
use crate::engine::files::remove_tree;
use crate::engine::report::Report;
use crate::problem::Problem;

pub use compare::{Difference, differences};
pub use lesson::{LessonRun, Mismatch, run as run_lesson};
pub use script::{Ended, lay as lay_script};

/// How long a verdict may take to become what the attempt states.
const SETTLE: Duration = Duration::from_secs(20);

/// One attempt, run.
#[derive(Debug, Clone)]
pub struct Run {
    /// The lab.
    pub lab: String,
    /// The attempt's name.
    pub attempt: String,
    /// Which repetition, from 1.
    pub round: u32,
    /// The engine that ran it.
    pub engine: &'static str,
    /// From nothing to ready and seeded.
    pub start: Duration,
    /// The attempt's script.
    pub script: Duration,
    /// The checks, until two rounds agreed.
    pub check: Duration,
    /// Points at the end.
    pub points: u32,
    /// What differs from what the attempt states; empty when the gate holds.
    pub differences: Vec<Difference>,
}

/// What to run.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Ids of labs and, as `day-01`, of lessons; empty for all.
    pub ids: Vec<String>,
    /// Names of attempts; empty for all. Where there are any, no lesson is selected.
    pub attempts: Vec<String>,
}

impl Selection {
    /// The attempts that are selected, with their labs, in the order of the course.
    pub fn of<'a>(&'a self, course: &'a Course) -> impl Iterator<Item = (&'a Lab, &'a Attempt)> {
        let wanted = |lab: &Lab| {
            self.ids.is_empty() || self.ids.iter().any(|id| id.eq_ignore_ascii_case(&lab.id))
        };
        let named =
            |attempt: &Attempt| self.attempts.is_empty() || self.attempts.contains(&attempt.name);
        let labs = course.labs().iter().filter(move |lab| wanted(lab));
        labs.flat_map(|lab| lab.attempts.iter().map(move |attempt| (lab, attempt)))
            .filter(move |(_, attempt)| named(attempt))
    }

    /// The lessons that are selected, in the order of the course.
    pub fn lessons<'a>(&'a self, course: &'a Course) -> impl Iterator<Item = &'a Lesson> {
        let wanted = |lesson: &&Lesson| {
            let named = || self.ids.iter().any(|id| id.eq_ignore_ascii_case(&lesson.id()));
            self.attempts.is_empty() && (self.ids.is_empty() || named())
        };
        course.lessons().iter().filter(wanted)
    }
}

/// The first program that the attempt needs and PATH has not.
pub fn missing_tool(attempt: &Attempt) -> Option<&str> {
    let path = env::var_os("PATH").unwrap_or_default();
    let has = |tool: &str| env::split_paths(&path).any(|folder| folder.join(tool).is_file());
    attempt.tools.iter().map(String::as_str).find(|tool| !has(tool))
}

impl Run {
    /// One that could not be made: nothing was proved by it.
    fn without(lab: &Lab, attempt: &Attempt, round: u32, tool: &str) -> Self {
        Self {
            lab: lab.id.clone(),
            attempt: attempt.name.clone(),
            round,
            engine: "-",
            start: Duration::ZERO,
            script: Duration::ZERO,
            check: Duration::ZERO,
            points: 0,
            differences: vec![Difference::Tool { name: tool.to_owned() }],
        }
    }
}

/// Runs one attempt on a fresh cluster.
pub async fn run(
    workbook: &Workbook,
    lab: &Lab,
    attempt: &Attempt,
    (choice, timeout, round): (Choice, Duration, u32),
    report: Arc<dyn Report>,
) -> Result<Run, Problem> {
    if let Some(tool) = missing_tool(attempt) {
        return Ok(Run::without(lab, attempt, round, tool));
    }
    // The last attempt's program is not this one's.
    let workspaces = workbook.paths.workspaces();
    remove_tree(&workspaces).map_err(|e| Problem::file(&workspaces, &e))?;
    let begun = Instant::now();
    let started = start(workbook, lab, choice, timeout, Arc::clone(&report)).await?;
    let start = begun.elapsed();
    let begun = Instant::now();
    let ended = script::run(workbook, lab, attempt).await?;
    let script = begun.elapsed();
    let engine = started.cluster.engine.name();
    let told = settled(workbook, lab, attempt, engine).await?;
    let mut differences = differences(lab, attempt, engine, &told);
    differences.extend(ended.difference());
    let run = Run {
        lab: lab.id.clone(),
        attempt: attempt.name.clone(),
        round,
        engine,
        start,
        script,
        check: told.elapsed,
        points: told.points,
        differences,
    };
    stop(workbook, lab, &*report).await?;
    Ok(run)
}

/// Checks once and, while that differs from what is stated, again: a cluster's own view may lag
/// its journal for a moment after the script has ended. What is stated must then stay so.
pub async fn settled(
    workbook: &Workbook,
    lab: &Lab,
    attempt: &Attempt,
    engine: &str,
) -> Result<CheckReport, Problem> {
    let begun = Instant::now();
    loop {
        let told = check(workbook, lab, Some(SETTLE)).await?;
        if differences(lab, attempt, engine, &told).is_empty() || begun.elapsed() > SETTLE {
            return Ok(told);
        }
    }
}
