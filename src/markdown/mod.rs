//! Markdown in two stages, for the screen and for the command line alike: [`parse`] once a text,
//! [`Document::layout`] once a width. Lines of spans come out, whose [`Face`]s say what a span is;
//! which colours that means is decided where it is shown.

mod block;
mod code;
mod columns;
mod fence;
mod flat;
mod inline;
mod layout;
mod parse;
mod shell;
mod table;
#[cfg(test)]
mod tests;
mod wrap;

use block::Block;
use flat::Long;

/// A Markdown text, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    blocks: Vec<Block>,
}

/// A line as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// What stands in it, from left to right.
    pub spans: Vec<Span>,
}

/// A part of a line that looks the same throughout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// What is shown. Control characters, and those that are invisible or turn the direction, are
    /// escaped.
    pub text: String,
    /// What it is.
    pub face: Face,
}

/// What a span is, which decides how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Face {
    /// Prose.
    Text,
    /// What the author holds important.
    Strong,
    /// What the author stresses.
    Emphasis,
    /// Code within prose.
    Code,
    /// A heading.
    Heading,
    /// The words of a link.
    Link,
    /// The `$ ` before a command.
    Prompt,
    /// What is typed.
    Command,
    /// What a command prints, and other code.
    Printed,
    /// Borders of code and tables, rules, the bar of a quote, and the `…` where a line is cut.
    Frame,
    /// Bullets and numbers of lists.
    Marker,
    /// The word that begins a warning: strong words at the start of a quote.
    Trap,
}

/// Whether code within prose stands between backticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ticks {
    /// It does, where no colour tells it from prose.
    Shown,
    /// It does not.
    Hidden,
}

/// How code looks.
#[derive(Debug, Clone, Copy)]
struct Look {
    /// Whether blocks of code have a frame and are cut; else they are set off by blanks, and whole.
    framed: bool,
    /// Code within prose.
    ticks: Ticks,
}

/// Reads a text: `CommonMark` and tables. HTML and images are shown as text.
pub fn parse(text: &str) -> Document {
    Document { blocks: parse::blocks(text) }
}

impl Document {
    /// Its lines for a width in columns. From 8 columns on no line is wider; code that is too wide
    /// is cut, commands go on in the next line. No blank line begins or ends it.
    pub fn layout(&self, width: usize) -> Vec<Line> {
        let look = Look { framed: true, ticks: Ticks::Hidden };
        layout::blocks(&self.blocks, width, look)
    }

    /// Its lines to be copied from: code has no frame, is set off by four blanks, and is whole,
    /// whatever the width.
    pub fn layout_plain(&self, width: usize, ticks: Ticks) -> Vec<Line> {
        layout::blocks(&self.blocks, width, Look { framed: false, ticks })
    }
}

impl Span {
    fn new(text: impl Into<String>, face: Face) -> Self {
        Self { text: text.into(), face }
    }
}

impl Line {
    /// In columns.
    pub fn width(&self) -> usize {
        self.spans.iter().map(|span| columns::of(&span.text)).sum()
    }

    /// Without faces.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// Whether nothing is to be seen in it.
    pub fn is_blank(&self) -> bool {
        self.spans.iter().all(|span| span.text.trim().is_empty())
    }

    fn of(text: impl Into<String>, face: Face) -> Self {
        let span = Span::new(text, face);
        Self { spans: if span.text.is_empty() { Vec::new() } else { vec![span] } }
    }
}

/// Plain prose, wrapped by the rules of [`Document::layout`]; Markdown in it means nothing. Blank
/// lines stay, blanks at both ends of a line go.
pub fn wrap(text: &str, face: Face, width: usize) -> Vec<Line> {
    wrap::plain(text, face, width, Long::Cut)
}

/// As [`wrap`], but a word that is wider than the width stays whole, so that it can be copied.
pub fn wrap_whole(text: &str, face: Face, width: usize) -> Vec<Line> {
    wrap::plain(text, face, width, Long::Whole)
}
