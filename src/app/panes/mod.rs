//! Lays texts out in rows whenever language, size or what stands in them has changed, so that a
//! frame has only to show them.

pub mod checks;
pub mod cluster;
mod help;

use super::areas::{self, Pane};
use super::dialog::Dialog;
use super::model::{LabPage, LessonPage, Model, Page};
use super::rows::{Laid, Row, Tone, marked_up};
use crate::course::{Lab, TIERS, substitute};
use crate::phrase::{Lang, Words};

/// Lays out what the screen shows now.
pub fn lay(model: &mut Model) {
    // Taken out, so that rows can be made from all else that the model knows.
    let mut page = std::mem::replace(&mut model.page, Page::Home);
    match &mut page {
        Page::Home => {}
        Page::Lesson(lesson) => lesson_page(model, lesson),
        Page::Lab(lab) => lab_page(model, lab),
    }
    model.page = page;
    let mut dialog = model.dialog.take();
    if let Some(dialog) = &mut dialog {
        lay_dialog(model, dialog);
    }
    model.dialog = dialog;
}

fn lesson_page(model: &Model, page: &mut LessonPage) {
    let Some(lesson) = model.course.lesson(page.day) else { return };
    let areas = areas::lesson(model.parts().body);
    let text = areas::inner(areas.text);
    let values = model.values_of_lesson(&lesson.environment);
    let laid = Laid { lang: model.lang, width: text.width, values };
    if page.laid.as_ref() == Some(&laid) {
        page.text.fit(text.height.into());
    } else {
        let mut rows: Vec<Row> = Vec::new();
        page.starts.clear();
        for section in &lesson.sections {
            if !rows.is_empty() {
                rows.extend([Row::default(), Row::default()]);
            }
            page.starts.push(rows.len());
            rows.push(Row::of(section.title.get(model.lang), Tone::Face(HEADING)));
            rows.push(Row::default());
            let body = substitute(section.body.get(model.lang), &laid.values);
            rows.extend(marked_up(&body, text.width.into()));
        }
        page.text.lay(rows, text.height.into());
        page.laid = Some(laid);
    }
    let (section, below) = page.anchor;
    page.go_to_place(section, below);
    if let Some(area) = areas.cluster.map(areas::inner) {
        page.cluster.lay(cluster::rows(model, area.width.into()), area.height.into());
    }
}

const HEADING: crate::markdown::Face = crate::markdown::Face::Heading;

impl LessonPage {
    /// The section that is being read, and how many rows below its heading.
    pub fn place(&self) -> (usize, usize) {
        let top = self.text.top();
        let section = self.starts.iter().rposition(|start| *start <= top).unwrap_or_default();
        (section, top - self.starts.get(section).copied().unwrap_or_default().min(top))
    }

    /// Goes back to a place, in whatever layout.
    pub fn go_to_place(&mut self, section: usize, below: usize) {
        let start = self.starts.get(section).copied().unwrap_or_default();
        let end = self.starts.get(section + 1).copied().unwrap_or(self.text.len());
        // In another layout the section may be shorter.
        self.text.go_to(start + below.min(end.saturating_sub(start + 1)));
    }
}

fn lab_page(model: &Model, page: &mut LabPage) {
    let Some(lab) = model.course.lab(&page.id) else { return };
    let areas = lab_areas(model, lab, page);
    let task = areas::inner(areas.task);
    let laid = Laid { lang: model.lang, width: task.width, values: model.values_of_lab(lab) };
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
        page.checks.show(starts.get(page.check).copied().unwrap_or_default(), end);
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
    // Counted at a usual width: the pane gets its height before its width is known.
    let cluster = u16::try_from(cluster::rows(model, 60).len()).unwrap_or(u16::MAX);
    areas::lab(model.parts().body, page.pane, checks, cluster)
}

/// The task, and below it what is to be typed in.
fn task_rows(lang: Lang, lab: &Lab, laid: &Laid) -> Vec<Row> {
    let width = laid.width.into();
    let mut rows = marked_up(&substitute(lab.texts.task.get(lang), &laid.values), width);
    for field in &lab.fields {
        rows.push(Row::default());
        rows.push(Row::of(format!("{} {}", ANSWER.get(lang), field.id), Tone::Title));
        let text = substitute(lab.texts.field(&field.id).get(lang), &laid.values);
        rows.extend(marked_up(&text, width));
    }
    rows
}

fn lay_dialog(model: &Model, dialog: &mut Dialog) {
    let columns = areas::dialog_columns(model.size);
    let height = usize::from(model.size.1.saturating_sub(8));
    match dialog {
        Dialog::Help(text) => {
            let rows = help::rows(model);
            let height = rows.len().min(height);
            text.lay(rows, height);
        }
        Dialog::Hint(hint) => {
            let Some(lab) = model.course.lab(&hint.lab) else { return };
            let values = model.values_of_lab(lab);
            let mut rows: Vec<Row> = Vec::new();
            let (mut newest, room) = (0, usize::from(columns.saturating_sub(4)));
            for tier in TIERS.into_iter().filter(|tier| *tier <= hint.tier) {
                if !rows.is_empty() {
                    rows.push(Row::default());
                }
                newest = rows.len();
                rows.push(Row::of(format!("{tier}/{}", TIERS.len()), Tone::Dim));
                let text = lab.texts.hint(&hint.check, tier).get(model.lang);
                rows.extend(marked_up(&substitute(text, &values), room));
            }
            let height = rows.len().min(height);
            hint.text.lay(rows, height);
            if std::mem::take(&mut hint.follow) {
                hint.text.go_to(newest);
            }
        }
        Dialog::Answer(_) | Dialog::Confirm(_) | Dialog::Trouble(_) => {}
    }
}

const ANSWER: Words = Words::new("Answer field", "答案栏");
