//! Lines of text with meanings instead of colours, and a window that moves over them.

use std::collections::BTreeMap;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::markdown::{self, Face};
use crate::phrase::Lang;

/// What a piece of text is; the screen gives it its look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Of a rendered text.
    Face(Face),
    /// Good: passed, running.
    Good,
    /// Bad: failed, stopped.
    Bad,
    /// Not decided: blocked, unknown, under way.
    Open,
    /// Beside the point: labels, figures.
    Dim,
    /// A heading within a pane.
    Title,
    /// Where the learner stands.
    Chosen,
}

/// A piece of a [`Row`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Without control characters.
    pub text: String,
    /// What it is.
    pub tone: Tone,
}

/// One line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// From left to right.
    pub pieces: Vec<Piece>,
}

/// Rows, and the part of them that is seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scroll {
    rows: Vec<Row>,
    top: usize,
    height: usize,
}

/// For what a text was laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    /// The language.
    pub lang: Lang,
    /// Columns.
    pub width: u16,
    /// What stands for its placeholders.
    pub values: BTreeMap<String, String>,
    /// The environment that these are of, in a text that knows several.
    pub environment: Option<String>,
}

/// A movement over text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// A line up.
    Up,
    /// A line down.
    Down,
    /// A window up.
    PageUp,
    /// A window down.
    PageDown,
    /// To the first line.
    Top,
    /// To the last line.
    Bottom,
}

impl Row {
    /// A row of one piece.
    pub fn of(text: impl Into<String>, tone: Tone) -> Self {
        Self::default().and(text, tone)
    }

    /// The row with one more piece.
    #[must_use]
    pub fn and(mut self, text: impl Into<String>, tone: Tone) -> Self {
        self.pieces.push(Piece { text: text.into(), tone });
        self
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.pieces.iter().map(|piece| piece.text.width()).sum()
    }

    /// The row moved to the right.
    #[must_use]
    pub fn indented(mut self, columns: usize) -> Self {
        let margin = Piece { text: " ".repeat(columns), tone: Tone::Face(Face::Text) };
        self.pieces.insert(0, margin);
        self
    }
}

impl From<markdown::Line> for Row {
    fn from(line: markdown::Line) -> Self {
        let piece = |span: markdown::Span| Piece { text: span.text, tone: Tone::Face(span.face) };
        Self { pieces: line.spans.into_iter().map(piece).collect() }
    }
}

/// At most so many columns of a text on one line; what is missing is told by `…`.
pub fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let (mut shown, mut used) = (String::new(), 1);
    for grapheme in text.graphemes(true) {
        used += grapheme.width();
        if used > columns {
            break;
        }
        shown.push_str(grapheme);
    }
    shown.push('…');
    shown
}

/// Plain prose in rows of at most `width` columns.
pub fn prose(text: &str, tone: Tone, width: usize) -> Vec<Row> {
    let lines = markdown::wrap(text, Face::Text, width.max(1));
    let piece = |span: markdown::Span| Piece { text: span.text, tone };
    lines
        .into_iter()
        .map(|line| Row { pieces: line.spans.into_iter().map(piece).collect() })
        .collect()
}

/// Markdown in rows of at most `width` columns.
pub fn marked_up(text: &str, width: usize) -> Vec<Row> {
    markdown::parse(text).layout(width.max(1)).into_iter().map(Row::from).collect()
}

impl Scroll {
    /// Other rows, or a window of another height; the top stays where it is as far as it can.
    pub fn lay(&mut self, rows: Vec<Row>, height: usize) {
        self.rows = rows;
        self.fit(height);
    }

    /// A window of another height.
    pub fn fit(&mut self, height: usize) {
        self.height = height;
        self.top = self.top.min(self.last_top());
    }

    /// Moves the window.
    pub fn go(&mut self, to: Move) {
        // A line of the page before stays, so that the eye finds its place.
        let page = self.height.saturating_sub(1).max(1);
        let top = match to {
            Move::Up => self.top.saturating_sub(1),
            Move::Down => self.top + 1,
            Move::PageUp => self.top.saturating_sub(page),
            Move::PageDown => self.top + page,
            Move::Top => 0,
            Move::Bottom => usize::MAX,
        };
        self.go_to(top);
    }

    /// Moves the window so that `row` is its first one, as far as there are rows below it.
    pub fn go_to(&mut self, row: usize) {
        self.top = row.min(self.last_top());
    }

    /// Moves the window as little as shows the rows from `first` to before `end`.
    pub fn show(&mut self, first: usize, end: usize) {
        if end > self.top + self.height {
            self.go_to(end - self.height);
        }
        if first < self.top {
            self.go_to(first);
        }
    }

    /// What is seen.
    pub fn seen(&self) -> &[Row] {
        let end = (self.top + self.height).min(self.rows.len());
        &self.rows[self.top.min(end)..end]
    }

    /// The first row that is seen.
    pub const fn top(&self) -> usize {
        self.top
    }

    /// The number of rows.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is nothing to be seen.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether there are rows above and below what is seen.
    pub const fn hidden(&self) -> (bool, bool) {
        (self.top > 0, self.top + self.height < self.rows.len())
    }

    /// How much has been seen at least once from the top, in per cent; nothing where all is seen.
    pub fn percent(&self) -> Option<usize> {
        let last = self.last_top();
        (last > 0).then(|| self.top * 100 / last)
    }

    const fn last_top(&self) -> usize {
        self.rows.len().saturating_sub(self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scroll(rows: usize, height: usize) -> Scroll {
        let mut scroll = Scroll::default();
        scroll.lay((0..rows).map(|n| Row::of(n.to_string(), Tone::Dim)).collect(), height);
        scroll
    }

    #[test]
    fn a_window_never_leaves_its_text() {
        let mut window = scroll(10, 4);
        for (to, top) in [
            (Move::Up, 0),
            (Move::PageDown, 3),
            (Move::PageDown, 6),
            (Move::Down, 6),
            (Move::Top, 0),
            (Move::Bottom, 6),
            (Move::PageUp, 3),
        ] {
            window.go(to);
            assert_eq!(window.top(), top, "{to:?}");
            assert_eq!(window.seen().len(), 4);
        }
        window.lay(Vec::new(), 4);
        assert!(window.seen().is_empty() && window.hidden() == (false, false));
        window.fit(0);
        assert_eq!(window.percent(), None);
    }

    #[test]
    fn what_is_to_be_shown_moves_the_window_as_little_as_it_can() {
        let mut window = scroll(20, 5);
        window.show(3, 4);
        assert_eq!(window.top(), 0);
        window.show(8, 10);
        assert_eq!(window.top(), 5);
        window.show(2, 9);
        assert_eq!(window.top(), 2, "the first row counts where not all fit");
    }
}
