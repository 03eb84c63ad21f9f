//! Lays texts out in rows whenever language, size or what stands in them has changed, so that a
//! frame has only to show them.

pub mod checks;
pub mod cluster;
pub mod dialogs;
mod help;
mod lesson;

use super::areas::{self, Pane};
use super::model::{LabPage, Model, Page};
use super::rows::{Laid, Row, Tone, marked_up};
use crate::course::{Lab, substitute};
use crate::phrase::{Lang, Words};

/// Lays out what the screen shows now.
pub fn lay(model: &mut Model) {
    // Taken out, so that rows can be made from all else that the model knows.
    let mut page = std::mem::replace(&mut model.page, Page::Home);
    match &mut page {
        Page::Home => {}
        Page::Lesson(page) => lesson::lay(model, page),
        Page::Lab(lab) => lab_page(model, lab),
    }
    model.page = page;
    let mut dialog = model.dialog.take();
    if let Some(dialog) = &mut dialog {
        dialogs::lay(model, dialog);
    }
    model.dialog = dialog;
}

fn lab_page(model: &Model, page: &mut LabPage) {
    let Some(lab) = model.course.lab(&page.id) else { return };
    let areas = lab_areas(model, lab, page);
    let task = areas::inner(areas.task);
    let laid = Laid {
        lang: model.lang,
        width: task.width,
        values: model.values_of_lab(lab),
        environment: None,
    };
    if page.laid.as_ref() == Some(&laid) {
        page.task.fit(task.height.into());
    } else {
        page.task.lay(task_rows(model.lang, lab, &laid), task.height.into());
        page.laid = Some(laid);
    }
    let area = areas::inner(areas.checks);
    let brief = areas.stacked && page.pane != Pane::Checks;
    let (rows, starts) = checks::rows(model, lab, page, area.width.into(), brief);
    let end = starts.get(page.check + 1).copied().unwrap_or(rows.len());
    page.checks.lay(rows, area.height.into());
    if page.pane == Pane::Checks && page.follow {
        // What holds of all of them stands above the first one.
        let from_top = page.check == 0 && end <= usize::from(area.height);
        let start = starts.get(page.check).copied().unwrap_or_default();
        let first = if from_top { 0 } else { start };
        page.checks.show(first, end);
        page.follow = false;
    }
    let area = areas::inner(areas.cluster);
    let rows = if areas.stacked && page.pane != Pane::Cluster {
        vec![cluster::summary(model)]
    } else {
        cluster::rows(model, area.width.into())
    };
    page.cluster.lay(rows, area.height.into());
}

/// Where the panes of a lab stand.
pub fn lab_areas(model: &Model, lab: &Lab, page: &LabPage) -> areas::LabAreas {
    let checks = u16::try_from(lab.checks.len()).unwrap_or(u16::MAX);
    areas::lab(model.parts().body, page.pane, checks)
}

/// The task, and below it what is to be typed in.
fn task_rows(lang: Lang, lab: &Lab, laid: &Laid) -> Vec<Row> {
    let width = laid.width.into();
    let mut rows = marked_up(&substitute(lab.texts.task.get(lang), &laid.values), width);
    for field in &lab.fields {
        rows.push(Row::default());
        rows.push(Row::of(format!("{}{}", ANSWER.get(lang), field.id), Tone::Title));
        let text = substitute(lab.texts.field(&field.id).get(lang), &laid.values);
        rows.extend(marked_up(&text, width));
    }
    rows
}

const ANSWER: Words = Words::new("Answer field: ", "答案栏：");
