//! The course map.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};
use unicode_width::UnicodeWidthStr as _;

use super::look::{line, style};
use super::pane::frame_of;
use crate::app::areas::{HomeAreas, home as areas, inner};
use crate::app::model::{Item, Model};
use crate::app::rows::{Tone, cut, marked_up};
use crate::course::Day;
use crate::markdown::Face;
use crate::phrase;
use crate::phrase::{Lang, Words};
use crate::printable;

const PLAIN: Tone = Tone::Face(Face::Text);

/// Cells of the bar that shows how many labs of a day are passed.
const BAR: usize = 5;

/// In fewer columns the title needs the bar's room.
const WITH_BAR: usize = 28;

/// Days on the left, what the chosen one offers on the right.
pub fn draw(model: &Model, body: Rect, frame: &mut Frame<'_>) {
    let HomeAreas { days: left, day: right, warning } = areas(body, !model.warnings.is_empty());
    frame.render_widget(warning_line(model, warning.width.into()), warning);
    let in_items = model.home.item.is_some();
    frame.render_widget(frame_of(model, DAYS.get(model.lang), !in_items), left);
    let room = inner(left);
    let height = usize::from(room.height);
    // The chosen day is in view also where not all of them are.
    let top = (model.home.day + 1).saturating_sub(height);
    let lines = model.course.days.iter().enumerate().skip(top).take(height);
    let lines = lines.map(|(index, day)| day_line(model, index, day, room.width.into()));
    frame.render_widget(lines.collect::<Text<'_>>(), room);

    let Some(day) = model.day() else { return };
    let title = format!("{}  {}", day.number, day.title.get(model.lang));
    frame.render_widget(frame_of(model, &title, in_items), right);
    let room = inner(right);
    let summary = marked_up(day.summary.get(model.lang), room.width.min(80).into());
    let mut lines: Vec<Line<'_>> = summary.iter().map(|row| line(model, row)).collect();
    lines.push(Line::default());
    let items = model.items();
    if items.is_empty() {
        lines.push(Line::styled(NOT_YET.get(model.lang), style(model, Tone::Dim)));
    }
    let height = usize::from(room.height).saturating_sub(lines.len()).max(1);
    let top = (model.home.item.unwrap_or_default() + 1).saturating_sub(height);
    for (index, item) in items.iter().enumerate().skip(top) {
        let chosen = model.home.item == Some(index);
        lines.push(item_line(model, item, chosen, room.width.min(80).into()));
    }
    frame.render_widget(Text::from(lines), room);
}

/// As much of the first warning as has room; a key shows all.
fn warning_line(model: &Model, width: usize) -> Line<'static> {
    let Some(warning) = model.warnings.first() else { return Line::default() };
    let words = format!(" ! {}", printable::line(warning.message.get(model.lang)));
    Line::styled(cut(&words, width), style(model, Tone::Open))
}

fn day_line(model: &Model, index: usize, day: &Day, width: usize) -> Line<'static> {
    let chosen = index == model.home.day;
    let mark = if chosen { "▸" } else { " " };
    let has_content = !day.labs.is_empty() || model.course.lesson(day.number).is_some();
    let tone = match (chosen, has_content) {
        (true, _) => Tone::Chosen,
        (false, true) => PLAIN,
        (false, false) => Tone::Dim,
    };
    let passed = day.labs.iter().filter(|id| is_passed(model, id)).count();
    let figures = match day.labs.len() {
        0 => String::new(),
        all if width < WITH_BAR => format!("{passed}/{all}"),
        all => {
            let bar = passed * BAR / all;
            format!("{}{} {passed}/{all}", "█".repeat(bar), "░".repeat(BAR - bar))
        }
    };
    let lead = format!("{mark}{:>2} ", day.number);
    let room = width.saturating_sub(lead.width() + figures.width() + 1);
    let title = cut(day.title.get(model.lang), room);
    let gap = " ".repeat(width.saturating_sub(lead.width() + title.width() + figures.width()));
    Line::from(vec![
        Span::styled(format!("{lead}{title}"), style(model, tone)),
        Span::styled(format!("{gap}{figures}"), style(model, Tone::Dim)),
    ])
}

fn is_passed(model: &Model, lab: &str) -> bool {
    model.progress.labs.get(lab).is_some_and(|known| known.passed)
}

fn item_line(model: &Model, item: &Item, chosen: bool, width: usize) -> Line<'static> {
    let (sign, sign_tone, words, figures) = match item {
        Item::Lesson(day) => lesson_words(model, *day),
        Item::Lab(id) => lab_words(model, id),
    };
    let mark = if chosen { "▸ " } else { "  " };
    let tone = if chosen { Tone::Chosen } else { PLAIN };
    let words = cut(&words, width.saturating_sub(6 + figures.width()));
    let gap = width.saturating_sub(4 + words.width() + figures.width());
    Line::from(vec![
        Span::styled(mark, style(model, Tone::Chosen)),
        Span::styled(format!("{sign} "), style(model, sign_tone)),
        Span::styled(words, style(model, tone)),
        Span::styled(format!("{}{figures}", " ".repeat(gap)), style(model, Tone::Dim)),
    ])
}

type Shown = (&'static str, Tone, String, String);

fn lesson_words(model: &Model, day: u32) -> Shown {
    let sections = model.course.lesson(day).map_or(0, |lesson| lesson.sections.len());
    let figures = phrase!("{sections} sections", "{sections} 节");
    (" ", Tone::Dim, LESSON.get(model.lang).to_owned(), figures.get(model.lang).to_owned())
}

fn lab_words(model: &Model, id: &str) -> Shown {
    let Some(lab) = model.course.lab(id) else {
        return (" ", Tone::Dim, id.to_owned(), String::new());
    };
    let known = model.progress.labs.get(id);
    let (sign, tone) = match known {
        Some(known) if known.passed => ("✓", Tone::Good),
        Some(known) if known.current.is_some() => ("▶", Tone::Open),
        _ => ("·", Tone::Dim),
    };
    let best = known.map_or(0, |known| known.best_points);
    let (points, minutes) = (lab.points(), lab.minutes);
    let figures = match model.lang {
        Lang::En => format!("{best:>2}/{points:<2}  {minutes:>3} min"),
        Lang::Zh => format!("{best:>2}/{points:<2}  {minutes:>3} 分钟"),
    };
    (sign, tone, format!("{id} {}", lab.texts.title.get(model.lang)), figures)
}

const DAYS: Words = Words::new("Days", "课程");
const LESSON: Words = Words::new("Lesson", "课文");
const NOT_YET: Words = Words::new("Not written yet.", "还没有写。");
