//! A lesson: all its sections one below the other, and where in them the learner is.

use super::cluster;
use crate::app::areas;
use crate::app::model::{LessonPage, Model};
use crate::app::rows::{Laid, Move, Row, Tone, cut, marked_up};
use crate::course::{Lesson, substitute};
use crate::markdown::Face;
use crate::phrase;
use crate::phrase::Phrase;

/// Lays a lesson out.
pub fn lay(model: &Model, page: &mut LessonPage) {
    let Some(lesson) = model.course.lesson(page.day) else { return };
    let areas = areas::lesson(model.parts().body);
    let text = areas::inner(areas.text);
    let environment = model.cluster_of_lesson(page.day).map(|cluster| cluster.environment.clone());
    let values = model.values_of_lesson(page.day);
    let laid = Laid { lang: model.lang, width: text.width, values, environment };
    if page.laid.as_ref() == Some(&laid) {
        page.text.fit(text.height.into());
    } else {
        let (rows, starts) = rows(lesson, &laid);
        page.starts = starts;
        page.text.lay(rows, text.height.into());
        page.laid = Some(laid);
    }
    page.show_anchor();
    if let Some(area) = areas.cluster.map(areas::inner) {
        page.cluster.lay(cluster::rows(model, area.width.into()), area.height.into());
    }
}

/// The rows of all sections, and at which of them each begins.
fn rows(lesson: &Lesson, laid: &Laid) -> (Vec<Row>, Vec<usize>) {
    let (mut rows, mut starts) = (Vec::new(), Vec::new());
    for section in &lesson.sections {
        if !rows.is_empty() {
            rows.extend([Row::default(), Row::default()]);
        }
        starts.push(rows.len());
        rows.push(Row::of(section.title.get(laid.lang), Tone::Face(Face::Heading)));
        rows.push(Row::default());
        let environment = &lesson.stage_of(&section.id).environment;
        let runs = laid.environment.as_ref() == Some(environment);
        if lesson.is_elsewhere(&section.id) {
            let words = cut(for_another(environment, runs).get(laid.lang), laid.width.into());
            rows.extend([Row::of(words, Tone::Dim), Row::default()]);
        }
        let body = section.body.get(laid.lang);
        let body = if runs { substitute(body, &laid.values) } else { body.to_owned() };
        rows.extend(marked_up(&body, laid.width.into()));
    }
    (rows, starts)
}

/// What stands below the heading of a section that is not for the lesson's own cluster.
fn for_another(environment: &str, runs: bool) -> Phrase {
    if runs {
        phrase!("on {environment}, which is running", "在 {environment} 上，它正在运行")
    } else {
        phrase!(
            "on {environment}, another cluster than the rest: u starts it",
            "在 {environment} 上，与其他各节不是同一个集群：按 u 启动"
        )
    }
}

impl LessonPage {
    /// The section that is being read, an index.
    pub const fn section(&self) -> usize {
        self.anchor.0
    }

    /// The section and how many rows below its heading.
    pub const fn place(&self) -> (usize, usize) {
        self.anchor
    }

    /// Moves over the text.
    pub fn go(&mut self, to: Move) {
        self.text.go(to);
        self.anchor = self.seen();
    }

    /// To the next section; after the last to the end.
    pub fn next(&mut self) {
        if self.section() + 1 < self.starts.len() {
            self.anchor = (self.section() + 1, 0);
        } else {
            self.go(Move::Bottom);
        }
    }

    /// To the beginning of the section, or of the one before.
    pub fn previous(&mut self) {
        let within = self.text.top() > self.start(self.section());
        self.anchor = (self.section().saturating_sub(usize::from(!within)), 0);
    }

    /// The section at the top, and how many rows below its heading; the last section where the end
    /// of the text is seen, which may be short.
    fn seen(&self) -> (usize, usize) {
        let top = self.text.top();
        let at_top = self.starts.iter().rposition(|start| *start <= top).unwrap_or_default();
        let last = self.starts.len().saturating_sub(1);
        let section = if self.text.hidden() == (true, false) { last } else { at_top };
        (section, top.saturating_sub(self.start(section)))
    }

    fn start(&self, section: usize) -> usize {
        self.starts.get(section).copied().unwrap_or_default()
    }

    /// Goes to the anchor, in whatever layout.
    fn show_anchor(&mut self) {
        let (section, below) = self.anchor;
        let end = self.starts.get(section + 1).copied().unwrap_or(self.text.len());
        // In another layout the section may be shorter.
        let start = self.start(section);
        self.text.go_to(start + below.min(end.saturating_sub(start + 1)));
    }
}
