//! `kafka-workbook lesson DAY`

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::markdown::markdown;
use super::output::{Exit, Ink, Output, Progress};
use super::{args, cancellable};
use crate::course::{Lesson, Section, substitute};
use crate::engine::store;
use crate::lab::{Workbook, lesson, values};
use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::Problem;

/// Shows the lesson of a day. Addresses are those of the cluster that runs in this home, if it is
/// of the lesson's environment; else placeholders stay as they are.
pub fn lesson(workbook: &Workbook, day: &str, output: &Output) -> Result<Exit, Problem> {
    let lesson = workbook.lesson(day)?;
    let cluster = store::read(&workbook.paths);
    let cluster = cluster.filter(|cluster| cluster.environment == lesson.environment);
    let values = values::placeholders(&BTreeMap::new(), cluster.as_ref());
    let text = |section: &Section| substitute(output.say(&section.body), &values);
    let title = workbook.course.day(lesson.day).map_or("", |day| output.say(&day.title));
    if output.json {
        output.object(object(lesson, title, output, &text));
        return Ok(Exit::Done);
    }
    output.line(&output.ink(Ink::Bold, &format!("{} {title}", lesson.day)));
    output.line("");
    output.text(0, output.say(&how_to_follow(lesson.day, cluster.is_some())));
    for section in &lesson.sections {
        output.line("");
        output.line(&output.ink(Ink::Bold, output.say(&section.title)));
        output.line("");
        markdown(&text(section), output);
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

/// Brings up the cluster of a lesson.
pub async fn start(
    workbook: &Workbook,
    command: &args::Lesson,
    output: &Output,
) -> Result<Exit, Problem> {
    let lesson = workbook.lesson(&command.day)?;
    let progress = Arc::new(Progress::new(output));
    let timeout = Duration::from_secs(command.up.timeout);
    let report = Arc::clone(&progress) as Arc<_>;
    let work = lesson::start(workbook, lesson, command.up.engine, timeout, report);
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
        output.text(0, output.say(&how_to_follow(lesson.day, true)));
    }
    Ok(Exit::Done)
}

/// The shell on a lesson's cluster, to be executed in place of this program.
pub fn shell(workbook: &Workbook, command: &args::Lesson) -> Result<Command, Problem> {
    lesson::shell(workbook, workbook.lesson(&command.day)?, &command.command)
}

/// How to try what the lesson shows.
fn how_to_follow(day: u32, runs: bool) -> Phrase {
    if runs {
        phrase!(
            "its commands are for this shell, from top to bottom: kafka-workbook lesson {day} --shell",
            "课文中的命令在这个 shell 里从上到下运行：kafka-workbook lesson {day} --shell"
        )
    } else {
        phrase!(
            "to try its commands, start its cluster: kafka-workbook lesson {day} --start",
            "想动手试，先启动本课的集群：kafka-workbook lesson {day} --start"
        )
    }
}

fn object(
    lesson: &Lesson,
    title: &str,
    output: &Output,
    text: &dyn Fn(&Section) -> String,
) -> Value {
    let section = |section: &Section| {
        json!({
            "id": section.id,
            "title": output.say(&section.title),
            "text": text(section),
        })
    };
    let sections: Vec<Value> = lesson.sections.iter().map(section).collect();
    json!({
        "day": lesson.day,
        "title": title,
        "environment": lesson.environment,
        "sections": sections,
    })
}
