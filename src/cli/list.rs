//! `kafka-workbook list`, and what the program says where it has no screen.

use serde_json::json;

use super::output::{Exit, Ink, Output};
use super::warnings;
use crate::course::{Day, Lab};
use crate::lab::Workbook;
use crate::phrase;
use crate::problem::Problem;
use crate::progress::{LabProgress, Progress};

/// Days and labs, with the learner's points.
pub fn list(workbook: &Workbook, output: &Output) -> Result<Exit, Problem> {
    let standing = workbook.progress.standing()?;
    let progress = &standing.progress;
    if output.json {
        let days: Vec<_> = workbook
            .course
            .days
            .iter()
            .map(|day| day_object(workbook, day, progress, output))
            .collect();
        output.object(json!({
            "course": workbook.course.id,
            "title": output.say(&workbook.course.title),
            "days": days,
            "warnings": warnings::objects(workbook, &standing, output),
        }));
        return Ok(Exit::Done);
    }
    output.line(&output.ink(Ink::Bold, output.say(&workbook.course.title)));
    for day in &workbook.course.days {
        let (number, title) = (day.number, output.say(&day.title));
        output.line(&format!("{number:>3}  {title}"));
        labs_of(workbook, day).for_each(|lab| lab_line(lab, progress.labs.get(&lab.id), output));
    }
    output.line("");
    let next = phrase!(
        "read a day:    kafka-workbook lesson DAY\nstart a lab:   kafka-workbook lab start ID\nall commands:  kafka-workbook --help",
        "阅读课文：kafka-workbook lesson DAY\n开始实验：kafka-workbook lab start ID\n所有命令：kafka-workbook --help"
    );
    output.text(0, output.say(&next));
    Ok(Exit::Done)
}

fn labs_of<'a>(workbook: &'a Workbook, day: &'a Day) -> impl Iterator<Item = &'a Lab> {
    day.labs.iter().filter_map(|id| workbook.course.lab(id))
}

fn lab_line(lab: &Lab, known: Option<&LabProgress>, output: &Output) {
    let (sign, ink) = match known {
        Some(known) if known.passed => ("✓", Ink::Green),
        Some(known) if known.current.is_some() => ("▸", Ink::Yellow),
        _ => (" ", Ink::Bold),
    };
    let best = known.map_or(0, |known| known.best_points);
    let (id, title, points, minutes) =
        (&lab.id, output.say(&lab.texts.title), lab.points(), lab.minutes);
    let line = phrase!(
        "{id} {title}  {best}/{points}  {minutes} min",
        "{id} {title}  {best}/{points}  {minutes} 分钟"
    );
    output.line(&format!("     {} {}", output.ink(ink, sign), output.say(&line)));
}

fn day_object(
    workbook: &Workbook,
    day: &Day,
    progress: &Progress,
    output: &Output,
) -> serde_json::Value {
    let labs: Vec<_> = labs_of(workbook, day)
        .map(|lab| {
            let known = progress.labs.get(&lab.id);
            json!({
                "id": lab.id,
                "title": output.say(&lab.texts.title),
                "minutes": lab.minutes,
                "environment": lab.environment,
                "max_points": lab.points(),
                "best_points": known.map_or(0, |k| k.best_points),
                "passed": known.is_some_and(|k| k.passed),
                "attempts": known.map_or(0, |k| k.attempts),
                "open": known.is_some_and(|k| k.current.is_some()),
            })
        })
        .collect();
    json!({
        "number": day.number,
        "title": output.say(&day.title),
        "summary": output.say(&day.summary),
        "labs": labs,
    })
}
