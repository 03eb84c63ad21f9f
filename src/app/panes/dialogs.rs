//! The texts of dialogs.

use super::help;
use crate::app::areas;
use crate::app::dialog::{Dialog, Hint, Trouble};
use crate::app::model::Model;
use crate::app::rows::{Row, Tone, marked_up, prose};
use crate::course::{TIERS, substitute};
use crate::markdown::Face;
use crate::printable;

/// Lays a dialog's text out, as high as it is and has room.
pub fn lay(model: &Model, dialog: &mut Dialog) {
    let height = usize::from(model.size.1.saturating_sub(4));
    match dialog {
        Dialog::Help(text) => {
            let rows = help::rows(model);
            let height = rows.len().min(height);
            text.lay(rows, height);
        }
        Dialog::Hint(hint) => lay_hint(model, hint, height),
        Dialog::Trouble(trouble) => {
            let rows = trouble_rows(model, trouble);
            let height = rows.len().min(height);
            trouble.text.lay(rows, height);
        }
        Dialog::Answer(_) | Dialog::Confirm(_) => {}
    }
}

fn lay_hint(model: &Model, hint: &mut Hint, height: usize) {
    let Some(lab) = model.course.lab(&hint.lab) else { return };
    let values = model.values_of_lab(lab);
    let (mut rows, mut newest): (Vec<Row>, usize) = (Vec::new(), 0);
    for tier in TIERS.into_iter().filter(|tier| *tier <= hint.tier) {
        if !rows.is_empty() {
            rows.push(Row::default());
        }
        newest = rows.len();
        rows.push(Row::of(format!("{tier}/{}", TIERS.len()), Tone::Dim));
        let text = lab.texts.hint(&hint.check, tier).get(model.lang);
        rows.extend(marked_up(&substitute(text, &values), room(model)));
    }
    let height = rows.len().min(height);
    hint.text.lay(rows, height);
    if std::mem::take(&mut hint.follow) {
        hint.text.go_to(newest);
    }
}

fn trouble_rows(model: &Model, trouble: &Trouble) -> Vec<Row> {
    let problem = &trouble.problem;
    let mut rows = foreign(problem.message.get(model.lang), Tone::Face(Face::Text), room(model));
    rows.push(Row::default());
    rows.extend(foreign(problem.hint.get(model.lang), Tone::Title, room(model)));
    rows
}

/// Text that may hold what others have said: Docker, Java, the file system.
pub fn foreign(text: &str, tone: Tone, width: usize) -> Vec<Row> {
    text.lines().flat_map(|line| prose(&printable::line(line), tone, width)).collect()
}

/// Columns of prose in a dialog.
pub fn room(model: &Model) -> usize {
    usize::from(areas::dialog_columns(model.size).saturating_sub(4))
}
