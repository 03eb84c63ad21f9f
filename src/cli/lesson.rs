//! `kafka-workbook lesson DAY`

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::markdown::markdown;
use super::output::{Exit, Ink, Output};
use crate::course::{Lesson, Section, substitute};
use crate::engine::store;
use crate::lab::{Workbook, values};
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
    for section in &lesson.sections {
        output.line("");
        output.line(&output.ink(Ink::Bold, output.say(&section.title)));
        output.line("");
        markdown(&text(section), output);
    }
    Ok(Exit::Done)
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
