//! Long work: what it does, how far it is.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};

use super::look::style;
use super::pane::frame_of;
use crate::app::areas::inner;
use crate::app::model::{Model, Work};
use crate::app::rows::Tone;
use crate::engine::report::{Amount, Step};
use crate::markdown::Face;
use crate::phrase;
use crate::phrase::Phrase;
use crate::printable;

/// Cells of the bar.
const BAR: u64 = 20;

/// The last steps; the newest is under way.
pub fn draw(model: &Model, work: &Work, area: Rect, frame: &mut Frame<'_>) {
    let Phrase { en, zh } = work.job.title(model.course.labs(), model.course.lessons());
    let seconds = work.seconds;
    let title = if work.called_off {
        phrase!("{en} · being cancelled", "{zh} · 正在取消")
    } else {
        phrase!("{en} · {seconds} s", "{zh} · {seconds} 秒")
    };
    let title = title.get(model.lang);
    frame.render_widget(frame_of(model, title, true), area);
    let under_way = work.steps.len().saturating_sub(1);
    let lines = work.steps.iter().enumerate();
    let lines = lines.map(|(index, step)| step_line(model, step, index < under_way));
    frame.render_widget(lines.collect::<Text<'_>>(), inner(area));
}

fn step_line(model: &Model, step: &Step, done: bool) -> Line<'static> {
    let (sign, tone) = if done { ("· ", Tone::Dim) } else { ("… ", Tone::Open) };
    let what = printable::line(step.what.get(model.lang));
    let mut line = Line::from(vec![
        Span::styled(sign, style(model, tone)),
        Span::styled(what, style(model, Tone::Face(Face::Text))),
    ]);
    if let Some(amount) = step.amount.filter(|_| !done) {
        line.push_span(Span::styled(format!("  {}{amount}", bar(amount)), style(model, Tone::Dim)));
    }
    line
}

fn bar(amount: Amount) -> String {
    let Some(total) = amount.total.filter(|total| *total > 0) else { return String::new() };
    // What a server says of its file may be any number.
    let full = u128::from(amount.done.min(total)) * u128::from(BAR) / u128::from(total);
    let full = u64::try_from(full).unwrap_or(BAR);
    let cells = |sign: &str, count: u64| sign.repeat(usize::try_from(count).unwrap_or_default());
    format!("{}{} ", cells("█", full), cells("░", BAR - full))
}
