//! The lesson reader.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};

use super::look::style;
use super::pane::{frame_of, scrolled};
use crate::app::areas::{inner, lesson as areas};
use crate::app::model::{LessonPage, Model};
use crate::app::rows::{Tone, cut};
use crate::markdown::Face;
use crate::phrase::Words;

/// The text; beside it, where there is room, its headings and the cluster.
pub fn draw(model: &Model, page: &LessonPage, body: Rect, frame: &mut Frame<'_>) {
    let areas = areas(body);
    let section = page.section();
    let sections = model.course.lesson(page.day).map(|lesson| lesson.sections.as_slice());
    let sections = sections.unwrap_or_default();
    if let Some(area) = areas.outline {
        frame.render_widget(frame_of(model, SECTIONS.get(model.lang), false), area);
        let room = inner(area);
        let height = usize::from(room.height);
        let top = (section + 1).saturating_sub(height);
        let lines = sections.iter().enumerate().skip(top).take(height).map(|(index, known)| {
            let here = index == section;
            let tone = if here { Tone::Chosen } else { Tone::Face(Face::Text) };
            let title = cut(known.title.get(model.lang), usize::from(room.width).max(3) - 2);
            let mark = if here { "▸ " } else { "  " };
            Line::from(Span::styled(format!("{mark}{title}"), style(model, tone)))
        });
        frame.render_widget(lines.collect::<Text<'_>>(), room);
    }
    let title = sections.get(section).map_or("", |known| known.title.get(model.lang));
    let title = cut(title, usize::from(areas.text.width).saturating_sub(4));
    scrolled(model, &title, true, &page.text, areas.text, frame);
    if let Some(area) = areas.cluster {
        scrolled(model, CLUSTER.get(model.lang), false, &page.cluster, area, frame);
    }
}

const SECTIONS: Words = Words::new("Sections", "目录");
const CLUSTER: Words = Words::new("Cluster", "集群");
