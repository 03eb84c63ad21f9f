//! What a text is made of, before it has a width.

use super::Span;

/// Text that is wrapped as one; a span of [`BREAK`] ends a line within it.
pub type Prose = Vec<Span>;

/// The text of a span that ends a line. No other span holds a line feed.
pub const BREAK: &str = "\n";

/// A part of a text, set off by blank lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Paragraph(Prose),
    Rule,
    Quote(Vec<Block>),
    List(List),
    Code(Code),
    Table(Table),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The number of the first item; None for bullets.
    pub first: Option<u64>,
    /// Whether blank lines part the items.
    pub loose: bool,
    pub items: Vec<Vec<Block>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Whether fences enclose it; else it is indented: a drawing.
    pub fenced: bool,
    pub parts: Vec<CodePart>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodePart {
    /// What follows the prompt: lines, of which all but the last end in a backslash.
    Command(Vec<String>),
    /// A line of anything else.
    Printed(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// One a column.
    pub alignments: Vec<Alignment>,
    /// As many as there are columns, as in each row.
    pub header: Vec<Prose>,
    pub rows: Vec<Vec<Prose>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    Left,
    Centre,
    Right,
}
