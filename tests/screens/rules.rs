//! What holds of every frame.

use kafka_workbook::app::Model;
use kafka_workbook::app::areas;
use kafka_workbook::app::dialog::Dialog;
use kafka_workbook::app::keys::{action, bindings};
use kafka_workbook::app::model::Page;
use kafka_workbook::app::panes::lab_areas;
use ratatui::buffer::{Buffer, CellWidth as _};
use ratatui::layout::Rect;

use crate::picture::{row_text, screen_text};
use crate::stage::key;

/// Holds a frame to all rules.
#[track_caller]
pub fn hold(model: &Model, buffer: &Buffer) {
    every_character_has_its_columns(buffer);
    nothing_reaches_the_terminal_but_text(buffer);
    if model.is_cramped() {
        return;
    }
    every_frame_closes(model, buffer);
    every_key_at_the_bottom_is_bound(model, buffer);
}

/// No line is wider than the terminal, and nothing stands where the second half of a wide
/// character is: ratatui would not send it.
#[track_caller]
fn every_character_has_its_columns(buffer: &Buffer) {
    let area = buffer.area;
    for position in area.positions() {
        let width = buffer[position].cell_width();
        let end = position.x + width.max(1);
        assert!(end <= area.right(), "out of the terminal at {position}:\n{}", screen_text(buffer));
        for x in position.x + 1..end {
            let covered = buffer[(x, position.y)].symbol();
            assert_eq!(covered, " ", "half of a wide character is covered at {position}");
        }
    }
}

/// No control character, and none that is invisible or turns the direction.
#[track_caller]
fn nothing_reaches_the_terminal_but_text(buffer: &Buffer) {
    for position in buffer.area.positions() {
        let symbol = buffer[position].symbol();
        let bad = |c: char| {
            c.is_control()
                || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        };
        assert!(!symbol.contains(bad), "{symbol:?} at {position}:\n{}", screen_text(buffer));
    }
}

#[track_caller]
fn every_frame_closes(model: &Model, buffer: &Buffer) {
    match &model.dialog {
        // Of what is behind it nothing is promised; it is held to the rules without the dialog.
        Some(dialog) => closes(buffer, dialog_area(model, dialog, buffer)),
        None => panes(model).into_iter().for_each(|pane| closes(buffer, pane)),
    }
}

fn panes(model: &Model) -> Vec<Rect> {
    let parts = model.parts();
    let mut panes = match &model.page {
        Page::Home => {
            let areas = areas::home(parts.body, !model.warnings.is_empty());
            vec![areas.days, areas.day]
        }
        Page::Lesson(_) => {
            let areas = areas::lesson(parts.body);
            [areas.outline, Some(areas.text), areas.cluster].into_iter().flatten().collect()
        }
        Page::Lab(page) => {
            let lab = model.course.lab(&page.id).expect("a lab of the course");
            let areas = lab_areas(model, lab, page);
            vec![areas.task, areas.checks, areas.cluster]
        }
    };
    panes.extend(model.work.is_some().then_some(parts.work));
    panes
}

/// Where a dialog stands: in the middle, as high as it turned out to be.
#[track_caller]
fn dialog_area(model: &Model, dialog: &Dialog, buffer: &Buffer) -> Rect {
    let columns = match dialog {
        Dialog::Help(_) => 48,
        _ => areas::dialog_columns(model.size),
    };
    let is_frame = |area: &Rect| {
        buffer[(area.x, area.y)].symbol() == "╭"
            && buffer[(area.right() - 1, area.bottom() - 1)].symbol() == "╯"
    };
    let areas = (2..=model.size.1).map(|rows| areas::dialog(model.size, columns, rows));
    let found = areas.rev().find(is_frame);
    found.unwrap_or_else(|| panic!("no frame of the dialog:\n{}", screen_text(buffer)))
}

#[track_caller]
fn closes(buffer: &Buffer, pane: Rect) {
    if pane.height == 0 || pane.width == 0 {
        return;
    }
    let symbols = |y: u16| [pane.x, pane.right() - 1].map(|x| buffer[(x, y)].symbol());
    let (first, last) = (pane.y, pane.bottom() - 1);
    for y in first..=last {
        let expected = match y {
            _ if y == first => ["╭", "╮"],
            _ if y == last => ["╰", "╯"],
            _ => ["│", "│"],
        };
        assert_eq!(symbols(y), expected, "row {y} of {pane}:\n{}", screen_text(buffer));
    }
}

/// The last line is made of bindings, and each key that it names does what it says.
#[track_caller]
fn every_key_at_the_bottom_is_bound(model: &Model, buffer: &Buffer) {
    if model.notice.is_some() {
        return;
    }
    let line = row_text(buffer, buffer.area.bottom() - 1);
    let mut rest = line.trim();
    while !rest.is_empty() {
        let (binding, after) = bindings(model)
            .into_iter()
            .filter(|binding| binding.at_bottom)
            .find_map(|binding| {
                let shown = format!("{} {}", binding.shown, binding.words.get(model.lang));
                Some((binding, rest.strip_prefix(&shown)?))
            })
            .unwrap_or_else(|| panic!("not a key: {rest:?} in {line:?}"));
        for name in binding.shown.split(' ') {
            assert_eq!(action(model, key(name)), Some(binding.action), "{name} in {line:?}");
        }
        rest = after.trim_start();
    }
}
