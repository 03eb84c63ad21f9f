//! YAML as a tree of marked nodes, bounded in depth and size.
//!
//! The tree is built from the parser's events, not by its loader: that one recurses without a
//! limit (20 KB of `- - -` end the process), keeps one position a key, and knows no merge keys.

mod builder;

use std::collections::BTreeMap;

use saphyr_parser::{Marker, Parser, ScanError};

use builder::Builder;

use super::MAX_FILE_BYTES;
use super::error::{Fault, Located, Read};
use super::interpolate::interpolate_at;
use super::model::{Position, Spanned};

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub position: Position,
    pub content: Content,
}

impl Node {
    /// Nothing was written: `key:` and no value.
    fn is_absent(&self) -> bool {
        matches!(&self.content, Content::Scalar(scalar) if scalar.null && scalar.text.is_empty())
    }
}

/// What a [`Node`] holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Scalar(Scalar),
    Sequence(Vec<Node>),
    Mapping(Vec<Entry>),
}

/// A scalar's text; its type is up to whoever reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scalar {
    pub text: String,
    /// Nothing, `~` or `null`, without quotes.
    pub null: bool,
    /// Where its source stands in the file, in characters.
    source: std::ops::Range<usize>,
}

/// A key of a mapping and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub key: Spanned<String>,
    pub value: Node,
}

/// The tree of the one document in `text`. A file without one is an empty mapping.
pub(super) fn load(text: &str) -> Read<Node> {
    if text.len() > MAX_FILE_BYTES {
        return Err(Fault::TooLong { bytes: text.len() }.at(Position::START));
    }
    let mut parser = Parser::new_from_str(text);
    let mut builder = Builder::default();
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| syntax(&error, text))?;
        builder.accept(event, span)?;
    }
    let empty = Node { position: Position::START, content: Content::Mapping(Vec::new()) };
    Ok(builder.root.unwrap_or(empty))
}

/// Resolves the variables in every scalar value below `node`; keys stay as they are.
pub(super) fn interpolate_values(
    node: &mut Node,
    source: &str,
    variables: &BTreeMap<String, String>,
) -> Read<()> {
    match &mut node.content {
        Content::Scalar(scalar) => interpolate_scalar(scalar, node.position, source, variables),
        Content::Sequence(items) => {
            items.iter_mut().try_for_each(|item| interpolate_values(item, source, variables))
        }
        Content::Mapping(entries) => entries
            .iter_mut()
            .try_for_each(|entry| interpolate_values(&mut entry.value, source, variables)),
    }
}

fn interpolate_scalar(
    scalar: &mut Scalar,
    position: Position,
    source: &str,
    variables: &BTreeMap<String, String>,
) -> Read<()> {
    if !scalar.text.contains('$') {
        return Ok(());
    }
    match interpolate_at(&scalar.text, variables) {
        Ok(text) => {
            scalar.text = text;
            Ok(())
        }
        Err((offset, fault)) => Err(fault.at(locate(scalar, position, source, offset))),
    }
}

/// Where the `$` at `offset` of a scalar's text stands in the file.
///
/// Quotes, escapes and folds move characters about, but a `$` stands for itself in all of them
/// (but for `\x24`; then the scalar's start is as near as one gets), so they are counted.
fn locate(scalar: &Scalar, position: Position, source: &str, offset: usize) -> Position {
    let dollars = scalar.text[..offset].matches('$').count();
    let length = scalar.source.len();
    let raw = source.chars().skip(scalar.source.start).take(length);
    if raw.clone().filter(|c| *c == '$').count() != scalar.text.matches('$').count() {
        return position;
    }
    let mut at = position;
    let mut seen = 0;
    for c in raw {
        match c {
            '$' if seen == dollars => return at,
            '$' => seen += 1,
            _ => {}
        }
        at = if c == '\n' {
            Position { line: at.line + 1, column: 1 }
        } else {
            Position { line: at.line, column: at.column + 1 }
        };
    }
    position
}

/// The parser's columns start at 0, its lines at 1.
fn position(marker: Marker) -> Position {
    Position { line: marker.line().max(1), column: marker.col() + 1 }
}

/// The parser counts what is missing at the end of the file to a line that does not exist.
fn syntax(error: &ScanError, text: &str) -> Located {
    let mut at = position(*error.marker());
    let lines = text.lines().count().max(1);
    if at.line > lines {
        let last = text.lines().last().unwrap_or_default();
        at = Position { line: lines, column: last.chars().count() + 1 };
    }
    Fault::Syntax { detail: error.info().to_owned() }.at(at)
}
