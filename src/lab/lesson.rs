//! A learner's way through a lesson: its clusters and a shell on them. Nothing is graded.

use std::ffi::OsString;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use super::Workbook;
use super::boot::replace;
use super::shell::{Surroundings, command_of, interactive_in};
use super::template::Template;
use crate::course::{Lesson, Section, Stage};
use crate::engine::choose::Choice;
use crate::engine::cluster::Cluster;
use crate::engine::report::Report;
use crate::engine::store;
use crate::phrase;
use crate::problem::Problem;

/// The cluster of a section, which is named by its id; the lesson's own where none is named.
pub fn stage<'a>(lesson: &'a Lesson, section: Option<&str>) -> Result<&'a Stage, Problem> {
    let Some(id) = section else { return Ok(&lesson.own) };
    section_of(lesson, id).map(|section| lesson.stage_of(&section.id))
}

/// A section of the lesson by its id.
pub fn section_of<'a>(lesson: &'a Lesson, id: &str) -> Result<&'a Section, Problem> {
    let found = lesson.sections.iter().find(|section| section.id == id);
    found.ok_or_else(|| no_such_section(lesson, id))
}

/// How the shell of a stage, its start and its text are asked for on the command line: `--section
/// ID` with a space before it, nothing for the lesson's own.
pub fn section_option(lesson: &Lesson, stage: &Stage) -> String {
    let named = lesson.sections_on(stage).next().filter(|section| lesson.is_elsewhere(&section.id));
    named.map(|section| format!(" --section {}", section.id)).unwrap_or_default()
}

/// Brings a cluster of a lesson up in its seed's state, in the place of whatever ran before.
pub async fn start(
    workbook: &Workbook,
    stage: &Stage,
    choice: Choice,
    timeout: Duration,
    report: Arc<dyn Report>,
) -> Result<Cluster, Problem> {
    let template = Template::named(workbook, &stage.environment)?;
    let engine = workbook.engine(choice, &template.as_it_stands(), Arc::clone(&report)).await?;
    let _lock = store::lock(&workbook.paths, &*report).await?;
    replace(workbook, (&*engine, template), (&stage.seed, timeout), report).await
}

/// The learner's shell on a cluster of the lesson's, or one command in it.
pub fn shell(
    workbook: &Workbook,
    (lesson, stage): (&Lesson, &Stage),
    words: &[OsString],
) -> Result<Command, Problem> {
    let cluster = store::read(&workbook.paths);
    let cluster = cluster.filter(|cluster| cluster.environment == stage.environment);
    let cluster = cluster.ok_or_else(|| not_started(lesson, stage))?;
    let surroundings = Surroundings::of_lesson(workbook, lesson, &cluster)?;
    if words.is_empty() {
        interactive_in(workbook, &surroundings, &cluster.environment)
    } else {
        Ok(surroundings.around(workbook, command_of(words)?))
    }
}

fn not_started(lesson: &Lesson, stage: &Stage) -> Problem {
    let (day, environment) = (lesson.day, &stage.environment);
    let section = section_option(lesson, stage);
    Problem::usage(
        "lesson-not-started",
        phrase!(
            "{environment}, the cluster of lesson {day}, does not run",
            "第 {day} 课的集群 {environment} 没有运行"
        ),
        phrase!(
            "start it: kafka-workbook lesson {day} --start{section}",
            "启动它：kafka-workbook lesson {day} --start{section}"
        ),
    )
}

fn no_such_section(lesson: &Lesson, id: &str) -> Problem {
    let day = lesson.day;
    let ids: Vec<&str> = lesson.sections.iter().map(|section| section.id.as_str()).collect();
    let (commas, dots) = (ids.join(", "), ids.join("、"));
    Problem::usage(
        "no-such-section",
        phrase!("lesson {day} has no section \"{id}\"", "第 {day} 课没有「{id}」这一节"),
        phrase!("its sections are {commas}", "本课的各节：{dots}"),
    )
}
