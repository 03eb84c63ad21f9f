//! Framed parts of a page.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::text::{Line, Text};
use ratatui::widgets::{Block, BorderType};

use super::look::{line, style};
use crate::app::areas::inner;
use crate::app::model::Model;
use crate::app::rows::{Scroll, Tone};
use crate::markdown::Face;

/// A frame with a title; bright where the learner is.
pub fn frame_of<'a>(model: &Model, title: &'a str, chosen: bool) -> Block<'a> {
    let border = if chosen { Tone::Chosen } else { Tone::Face(Face::Frame) };
    let title_tone = if chosen { Tone::Chosen } else { Tone::Title };
    let title = Line::styled(format!(" {title} "), style(model, title_tone));
    Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(style(model, border))
        .title(title)
}

/// A frame around the part of a text that is seen, and how much there is beyond it.
pub fn scrolled(
    model: &Model,
    title: &str,
    chosen: bool,
    text: &Scroll,
    area: Rect,
    frame: &mut Frame<'_>,
) {
    let mut block = frame_of(model, title, chosen);
    let (above, below) = text.hidden();
    if above || below {
        let up = if above { "↑" } else { " " };
        let down = if below { "↓" } else { " " };
        let percent = text.percent().unwrap_or_default();
        let mark = format!(" {up}{down} {percent:>3}% ");
        let mark = Line::styled(mark, style(model, Tone::Dim)).alignment(Alignment::Right);
        block = block.title_bottom(mark);
    }
    frame.render_widget(block, area);
    let lines = text.seen().iter().map(|row| line(model, row));
    frame.render_widget(lines.collect::<Text<'_>>(), inner(area));
}
