//! Draws the [`Model`]: the same model gives the same frame.

mod dialog;
mod footer;
mod header;
mod home;
mod lab;
mod lesson;
mod look;
mod pane;
mod work;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};

use crate::app::areas::LEAST;
use crate::app::model::{Model, Page};
use crate::phrase;

/// Draws one frame.
pub fn draw(model: &Model, frame: &mut Frame<'_>) {
    if model.is_cramped() {
        return cramped(model, frame);
    }
    let parts = model.parts();
    header::draw(model, parts.header, frame);
    match &model.page {
        Page::Home => home::draw(model, parts.body, frame),
        Page::Lesson(page) => lesson::draw(model, page, parts.body, frame),
        Page::Lab(page) => lab::draw(model, page, frame),
    }
    if let Some(work) = &model.work {
        work::draw(model, work, parts.work, frame);
    }
    footer::draw(model, parts.footer, frame);
    if let Some(dialog) = &model.dialog {
        dialog::draw(model, dialog, frame);
    }
}

/// A terminal in which no page has room.
fn cramped(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    let (columns, rows) = LEAST;
    let (width, height) = (area.width, area.height);
    let lines = [
        phrase!("{width}×{height}: too small", "{width}×{height}：太小"),
        phrase!("needs {columns}×{rows}", "至少 {columns}×{rows}"),
        phrase!("q quits", "q 退出"),
    ];
    let lines = lines.iter().map(|line| Line::from(line.get(model.lang).to_owned()).centered());
    let top = height.saturating_sub(3) / 2;
    let middle = Rect { y: top, height: height - top, ..area };
    frame.render_widget(lines.collect::<Text<'_>>(), middle);
}
