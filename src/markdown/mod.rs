//! Markdown in two stages, for the screen and for the command line alike: [`parse`] once a text,
//! [`Document::layout`] once a width. Lines of spans come out, whose [`Face`]s say what a span is;
//! which colours that means is decided where it is shown.

use textwrap::core::display_width;

use crate::printable;

/// A Markdown text, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    text: String,
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
    /// What is shown: no control characters, and none that is invisible or turns the direction.
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
    /// Borders of code and tables, rules, the bar of a quote.
    Frame,
    /// Bullets and numbers of lists.
    Marker,
    /// The word that begins a warning.
    Trap,
}

/// Reads a text.
pub fn parse(text: &str) -> Document {
    Document { text: text.to_owned() }
}

impl Document {
    /// Its lines at a width of `width` columns, at least 1.
    pub fn layout(&self, width: usize) -> Vec<Line> {
        self.text.lines().flat_map(|line| wrap(line, Face::Text, width)).collect()
    }

    /// As [`Document::layout`], to be copied from: code has no frame, and commands are not broken.
    pub fn layout_plain(&self, width: usize) -> Vec<Line> {
        self.layout(width)
    }
}

impl Line {
    /// In columns.
    pub fn width(&self) -> usize {
        self.spans.iter().map(|span| display_width(&span.text)).sum()
    }

    /// Without faces.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// Whether nothing is to be seen in it.
    pub fn is_blank(&self) -> bool {
        self.spans.iter().all(|span| span.text.trim().is_empty())
    }
}

/// Plain prose, wrapped by the rules of [`Document::layout`]; Markdown in it means nothing.
pub fn wrap(text: &str, face: Face, width: usize) -> Vec<Line> {
    let line = |text: &str| Line { spans: vec![Span { text: text.to_owned(), face }] };
    let wrapped = |text: &str| -> Vec<Line> {
        let shown = printable::line(text).replace('\t', "    ");
        textwrap::wrap(&shown, width.max(1)).iter().map(|text| line(text)).collect()
    };
    text.lines().flat_map(wrapped).collect()
}
