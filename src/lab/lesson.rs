//! A learner's way through a lesson: its cluster and a shell on it. Nothing is graded.

use std::ffi::OsString;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use super::Workbook;
use super::boot::replace;
use super::shell::{Surroundings, command_of, interactive_in};
use super::template::Template;
use crate::course::Lesson;
use crate::engine::choose::Choice;
use crate::engine::cluster::Cluster;
use crate::engine::report::Report;
use crate::engine::store;
use crate::phrase;
use crate::problem::Problem;

/// Brings the lesson's environment up in its seed's state, in the place of whatever ran before.
pub async fn start(
    workbook: &Workbook,
    lesson: &Lesson,
    choice: Choice,
    timeout: Duration,
    report: Arc<dyn Report>,
) -> Result<Cluster, Problem> {
    let template = Template::named(workbook, &lesson.environment)?;
    let engine = workbook.engine(choice, &template.as_it_stands(), Arc::clone(&report)).await?;
    let _lock = store::lock(&workbook.paths, &*report).await?;
    replace(workbook, (&*engine, template), (&lesson.seed, timeout), report).await
}

/// The learner's shell on the lesson's cluster, or one command in it.
pub fn shell(workbook: &Workbook, lesson: &Lesson, words: &[OsString]) -> Result<Command, Problem> {
    let cluster = store::read(&workbook.paths);
    let cluster = cluster.filter(|cluster| cluster.environment == lesson.environment);
    let cluster = cluster.ok_or_else(|| not_started(lesson.day))?;
    let surroundings = Surroundings::of_lesson(workbook, lesson, &cluster)?;
    if words.is_empty() {
        interactive_in(workbook, &surroundings, &cluster.environment)
    } else {
        Ok(surroundings.around(workbook, command_of(words)?))
    }
}

fn not_started(day: u32) -> Problem {
    Problem::usage(
        "lesson-not-started",
        phrase!("the cluster of lesson {day} does not run", "第 {day} 课的集群没有运行"),
        phrase!(
            "start it: kafka-workbook lesson {day} --start",
            "启动它：kafka-workbook lesson {day} --start"
        ),
    )
}
