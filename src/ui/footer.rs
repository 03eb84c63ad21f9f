//! The last line: a word on what was just done, and the keys.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::look::style;
use crate::app::keys::{Action, Binding, at_bottom};
use crate::app::model::Model;
use crate::app::rows::{Tone, cut};
use crate::printable;

/// A word on what was just done, else the keys, as many as have room.
pub fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let (help, keys): (Vec<_>, Vec<_>) =
        at_bottom(model).into_iter().partition(|binding| binding.action == Action::Help);
    // Where not all have room, the one that lists them has.
    let mut last = Line::default();
    for binding in help {
        add_key(model, binding, &mut last);
    }
    let room = usize::from(area.width).saturating_sub(last.width());
    let mut line = notice(model, room);
    for binding in keys {
        let mut longer = line.clone();
        add_key(model, binding, &mut longer);
        if longer.width() > room {
            break;
        }
        line = longer;
    }
    line.extend(last);
    frame.render_widget(line, area);
}

/// What was just done; the keys that have room stand behind it.
fn notice(model: &Model, room: usize) -> Line<'static> {
    let Some(notice) = &model.notice else { return Line::default() };
    let text = cut(&printable::line(notice.get(model.lang)), room.saturating_sub(3));
    Line::styled(format!(" {text}  "), style(model, Tone::Open))
}

fn add_key(model: &Model, binding: &Binding, line: &mut Line<'_>) {
    let words = binding.words.get(model.lang);
    line.push_span(Span::styled(format!(" {}", binding.shown), style(model, Tone::Chosen)));
    line.push_span(Span::styled(format!(" {words} "), style(model, Tone::Dim)));
}
