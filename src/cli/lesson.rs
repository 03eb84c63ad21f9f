//! `kafka-workbook lesson DAY`

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::markdown::markdown;
use super::output::{Exit, Ink, Output, Progress};
use super::{args, cancellable};
use crate::course::{Lesson, Section, Stage, substitute};
use crate::engine::store;
use crate::lab::{Workbook, lesson, values};
use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::Problem;

/// Shows the lesson of a day, or one section of it. Addresses are those of the cluster that runs in
/// this home, if it is of the section's environment; else placeholders stay as they are.
pub fn lesson(
    workbook: &Workbook,
    command: &args::Lesson,
    output: &Output,
) -> Result<Exit, Problem> {
    let lesson = workbook.lesson(&command.day)?;
    let named = command.section.as_deref();
    let only = named.map(|id| lesson::section_of(lesson, id)).transpose()?;
    let sections = only.map_or(lesson.sections.as_slice(), std::slice::from_ref);
    let cluster = store::read(&workbook.paths);
    let cluster_of = |section: &Section| {
        let environment = &lesson.stage_of(&section.id).environment;
        cluster.as_ref().filter(|cluster| cluster.environment == *environment)
    };
    let text = |section: &Section| {
        let values = values::placeholders(&BTreeMap::new(), cluster_of(section));
        substitute(output.say(&section.body), &values)
    };
    let title = workbook.course.day(lesson.day).map_or("", |day| output.say(&day.title));
    if output.json {
        output.object(object(lesson, sections, title, output, &text));
        return Ok(Exit::Done);
    }
    output.line(&output.ink(Ink::Bold, &format!("{} {title}", lesson.day)));
    if only.is_none() {
        let runs = lesson.sections_on(&lesson.own).any(|section| cluster_of(section).is_some());
        output.line("");
        output.text(0, output.say(&how_to_follow(lesson, &lesson.own, runs)));
    }
    for section in sections {
        output.line("");
        output.line(&output.ink(Ink::Bold, output.say(&section.title)));
        output.line("");
        if only.is_some() || lesson.is_elsewhere(&section.id) {
            let (stage, runs) = (lesson.stage_of(&section.id), cluster_of(section).is_some());
            output.text(0, output.say(&how_to_follow(lesson, stage, runs)));
            output.line("");
        }
        markdown(&text(section), output);
    }
    if only.is_some() {
        return Ok(Exit::Done);
    }
    if let Some(lab) = workbook.course.day(lesson.day).and_then(|day| day.labs.first()) {
        output.line("");
        let next = phrase!(
            "now a lab: kafka-workbook lab start {lab}",
            "接着做实验：kafka-workbook lab start {lab}"
        );
        output.text(0, output.say(&next));
    }
    Ok(Exit::Done)
}

/// Brings up a cluster of a lesson.
pub async fn start(
    workbook: &Workbook,
    command: &args::Lesson,
    output: &Output,
) -> Result<Exit, Problem> {
    let lesson = workbook.lesson(&command.day)?;
    let stage = lesson::stage(lesson, command.section.as_deref())?;
    let progress = Arc::new(Progress::new(output));
    let timeout = Duration::from_secs(command.up.timeout);
    let report = Arc::clone(&progress) as Arc<_>;
    let work = lesson::start(workbook, stage, command.up.engine, timeout, report);
    let cluster = cancellable(&progress, work).await?;
    let (servers, engine) = (cluster.bootstrap_servers(), cluster.engine);
    if output.json {
        output.object(json!({
            "day": lesson.day,
            "environment": cluster.environment,
            "engine": engine.name(),
            "bootstrap_servers": servers,
        }));
    } else {
        let facts = phrase!(
            "the cluster answers at {servers} ({engine})",
            "集群地址 {servers}（{engine}）"
        );
        output.text(0, output.say(&facts));
        output.text(0, output.say(&how_to_follow(lesson, stage, true)));
    }
    Ok(Exit::Done)
}

/// The shell on a cluster of a lesson, to be executed in place of this program.
pub fn shell(workbook: &Workbook, command: &args::Lesson) -> Result<Command, Problem> {
    let lesson = workbook.lesson(&command.day)?;
    let stage = lesson::stage(lesson, command.section.as_deref())?;
    lesson::shell(workbook, (lesson, stage), &command.command)
}

/// How to try what the lesson shows on one of its clusters.
fn how_to_follow(lesson: &Lesson, stage: &Stage, runs: bool) -> Phrase {
    let (day, section) = (lesson.day, lesson::section_option(lesson, stage));
    let environment = &stage.environment;
    match (section.is_empty(), runs) {
        (true, true) => phrase!(
            "its commands are for this shell, from top to bottom: kafka-workbook lesson {day} --shell",
            "课文中的命令在这个 shell 里从上到下运行：kafka-workbook lesson {day} --shell"
        ),
        (true, false) => phrase!(
            "to try its commands, start its cluster: kafka-workbook lesson {day} --start",
            "想动手试，先启动本课的集群：kafka-workbook lesson {day} --start"
        ),
        (false, true) => phrase!(
            "these commands are for {environment}: kafka-workbook lesson {day} --shell{section}",
            "这一节的命令在 {environment} 上运行：kafka-workbook lesson {day} --shell{section}"
        ),
        (false, false) => phrase!(
            "these commands are for another cluster, {environment}: kafka-workbook lesson {day} --start{section}",
            "这一节的命令要用另一个集群 {environment}：kafka-workbook lesson {day} --start{section}"
        ),
    }
}

fn object(
    lesson: &Lesson,
    sections: &[Section],
    title: &str,
    output: &Output,
    text: &dyn Fn(&Section) -> String,
) -> Value {
    let section = |section: &Section| {
        json!({
            "id": section.id,
            "title": output.say(&section.title),
            "environment": lesson.stage_of(&section.id).environment,
            "text": text(section),
        })
    };
    let sections: Vec<Value> = sections.iter().map(section).collect();
    json!({
        "day": lesson.day,
        "title": title,
        "environment": lesson.own.environment,
        "sections": sections,
    })
}
