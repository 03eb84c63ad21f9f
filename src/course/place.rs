//! Where something stands in a file of the course.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A place in a file of the course; shown as `file`, or `file:line:column`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    file: Arc<Path>,
    position: Option<Position>,
}

/// A position in a text, as an editor counts: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Place {
    /// The file as a whole.
    pub fn file(file: impl Into<PathBuf>) -> Self {
        Self { file: Arc::from(file.into()), position: None }
    }

    /// Another place in the same file.
    #[must_use]
    pub fn at(&self, position: Position) -> Self {
        Self { file: Arc::clone(&self.file), position: Some(position) }
    }

    /// The file: relative to the content root for the embedded course, else as it was named.
    pub fn path(&self) -> &Path {
        &self.file
    }

    /// The position in the file, where there is one.
    pub const fn position(&self) -> Option<Position> {
        self.position
    }
}

impl Position {
    /// The position of the byte `offset` in `text`; an offset beyond the end is the end.
    pub fn of(text: &str, offset: usize) -> Self {
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let before = &text[..offset];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self { line: before.matches('\n').count() + 1, column: before[start..].chars().count() + 1 }
    }

    /// The same position in a text that has `lines` more lines before it.
    #[must_use]
    pub const fn down(self, lines: usize) -> Self {
        Self { line: self.line + lines, column: self.column }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        match self.position {
            Some(position) => write!(f, ":{}:{}", position.line, position.column),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let text = "一二三 = 1\nb";
        assert_eq!(Position::of(text, 10), Position { line: 1, column: 5 });
        assert_eq!(Position::of(text, text.len()), Position { line: 2, column: 2 });
    }

    #[test]
    fn an_offset_inside_a_character_or_beyond_the_end_still_has_a_position() {
        assert_eq!(Position::of("一", 1), Position { line: 1, column: 1 });
        assert_eq!(Position::of("a", 99), Position { line: 1, column: 2 });
    }
}
