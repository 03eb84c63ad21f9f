//! The first line: where the learner is, what runs, the language.

use jiff::Zoned;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr as _;

use super::look::style;
use crate::app::model::{LabPage, LessonPage, Model, Page};
use crate::app::rows::{Tone, cut};
use crate::engine::cluster::NodeState;
use crate::lab::overview::Overview;
use crate::markdown::Face;
use crate::phrase;
use crate::phrase::{Lang, Phrase};

const PLAIN: Tone = Tone::Face(Face::Text);

/// Columns between where the learner is and what runs.
const APART: usize = 2;

/// In fewer columns than a score takes, nothing is said.
const LEAST_FACTS: usize = 6;

/// Where the learner is, what runs, and the language.
pub fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let (title, facts) = match &model.page {
        Page::Home => (Phrase::same("Kafka Workbook"), course_facts(model)),
        Page::Lesson(page) => lesson_words(model, page),
        Page::Lab(page) => lab_words(model, page),
    };
    let (title, facts) = (title.get(model.lang), facts.get(model.lang));
    let left = 1 + title.width() + 3 + facts.width() + APART;
    let full = what_runs(model, true);
    let fits = left + full.width() <= usize::from(area.width);
    let right = if fits { full } else { what_runs(model, false) };
    let width = u16::try_from(right.width()).unwrap_or(area.width).min(area.width);
    let room = Rect { width: area.width - width, ..area };
    frame.render_widget(place(model, title, facts, room.width.into()), room);
    frame.render_widget(right, Rect { x: room.right(), width, ..area });
}

/// Where the learner is, in so many columns: the facts give way first.
fn place(model: &Model, title: &str, facts: &str, columns: usize) -> Line<'static> {
    let room = columns.saturating_sub(1 + APART);
    let title = cut(title, room);
    let room = room.saturating_sub(title.width() + 3);
    let facts = if room < LEAST_FACTS { String::new() } else { cut(facts, room) };
    Line::from(vec![
        Span::styled(format!(" {title}"), style(model, Tone::Title)),
        Span::styled(format!("   {facts}"), style(model, Tone::Dim)),
    ])
}

fn course_facts(model: &Model) -> Phrase {
    let labs = model.course.labs();
    let all: u32 = labs.iter().map(crate::course::Lab::points).sum();
    let best = |lab: &crate::course::Lab| {
        model.progress.labs.get(&lab.id).map_or(0, |known| known.best_points)
    };
    let points: u32 = labs.iter().map(best).sum();
    let days = model.course.days.len();
    let day = model.day().map_or(0, |day| day.number);
    phrase!(
        "day {day} of {days} · {points}/{all} pts",
        "第 {day} 天，共 {days} 天 · {points}/{all} 分"
    )
}

fn lesson_words(model: &Model, page: &LessonPage) -> (Phrase, Phrase) {
    let number = page.day;
    let title = model.course.day(number).map_or_else(|| Phrase::same("-"), |day| day.title.clone());
    let Phrase { en, zh } = title;
    let (section, sections) = (page.section() + 1, page.starts.len());
    let title = phrase!("Day {number} · {en}", "第 {number} 天 · {zh}");
    (title, phrase!("section {section} of {sections}", "第 {section} 节，共 {sections} 节"))
}

fn lab_words(model: &Model, page: &LabPage) -> (Phrase, Phrase) {
    let id = &page.id;
    let Some(lab) = model.course.lab(id) else { return (Phrase::same(id), Phrase::same("")) };
    let Phrase { en, zh } = &lab.texts.title;
    let title = phrase!("{id} {en}", "{id} {zh}");
    let all = lab.points();
    let Some(attempt) = model.progress.current(id) else {
        let best = model.progress.labs.get(id).map_or(0, |known| known.best_points);
        let minutes = lab.minutes;
        return (
            title,
            phrase!(
                "{minutes} min · best {best}/{all} pts",
                "{minutes} 分钟 · 最好成绩 {best}/{all} 分"
            ),
        );
    };
    let report = model.report(id);
    let points = report.map_or(attempt.points, |report| report.points);
    let max = report.map_or(attempt.max_points, |report| report.max_points);
    let max = if max == 0 { all } else { max };
    let started = Zoned::new(attempt.started, model.zone.clone()).strftime("%H:%M");
    (title, phrase!("{points}/{max} pts · since {started}", "{points}/{max} 分 · 始于 {started}"))
}

/// What runs, and the language; by which engine only where there is room.
fn what_runs(model: &Model, with_engine: bool) -> Line<'static> {
    let lang = match model.lang {
        Lang::En => "EN",
        Lang::Zh => "中文",
    };
    let mut line = cluster_words(model, with_engine);
    line.push_span(Span::styled(format!("  {lang} "), style(model, Tone::Title)));
    line
}

fn cluster_words(model: &Model, with_engine: bool) -> Line<'static> {
    let Some(Overview { cluster, nodes, contents }) = &model.overview else {
        let words = phrase!("no cluster", "没有集群");
        let words = format!("○ {}", words.get(model.lang));
        return Line::styled(words, style(model, Tone::Dim));
    };
    let in_state = |state| nodes.iter().filter(|node| node.state == state).count();
    let running = in_state(NodeState::Running);
    let (sign, tone) = match contents {
        Ok(_) => ("●", Tone::Good),
        Err(_) if running == 0 && in_state(NodeState::Paused) == 0 => ("○", Tone::Bad),
        Err(_) => ("?", Tone::Open),
    };
    let nodes = match cluster.nodes.len() {
        1 => phrase!("1 node", "1 个节点"),
        all => phrase!("{running}/{all} nodes", "{running}/{all} 个节点"),
    };
    let mut facts = vec![cluster.environment.as_str(), nodes.get(model.lang)];
    if with_engine {
        facts.push(cluster.engine.name());
    }
    Line::from(vec![
        Span::styled(format!("{sign} "), style(model, tone)),
        Span::styled(facts.join(" · "), style(model, PLAIN)),
    ])
}
