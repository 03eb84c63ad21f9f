//! Columns of a terminal: how many a text takes, and which part of it fits.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Face, Line, Span};
use crate::printable;

/// Before what goes on from the line above.
const GOES_ON: &str = "┊ ";

/// Columns from one tab stop to the next, and of a tab within prose.
const TAB: usize = 4;

/// The columns of a text: those of its graphemes, one by one, as they come into a terminal's cells.
pub fn of(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.graphemes(true).map(UnicodeWidthStr::width).sum()
    }
}

/// Whether a character takes two columns, as those of Chinese do.
pub fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

/// A line of prose as it may be shown.
pub fn prose(text: &str) -> String {
    printable::line(text).replace('\t', &" ".repeat(TAB))
}

/// A line of code as it may be shown.
pub fn code(line: &str) -> String {
    let mut shown = String::new();
    for (index, part) in printable::line(line).split('\t').enumerate() {
        if index > 0 {
            shown.push_str(&" ".repeat(TAB - of(&shown) % TAB));
        }
        shown.push_str(part);
    }
    shown
}

/// A text in lines of `width` columns, cut wherever they end; each but the first shows that it goes
/// on from the one before.
pub fn fold(text: &str, face: Face, width: usize) -> Vec<Line> {
    let mark = if width > 2 * of(GOES_ON) { GOES_ON } else { "" };
    let (mut lines, mut piece) = (Vec::new(), String::new());
    for grapheme in text.graphemes(true) {
        let room = if lines.is_empty() { width } else { width - of(mark) };
        if !piece.is_empty() && of(&piece) + of(grapheme) > room {
            lines.push(Line::of(std::mem::take(&mut piece), face));
        }
        piece.push_str(grapheme);
    }
    lines.push(Line::of(piece, face));
    for line in lines.iter_mut().skip(1).filter(|_| !mark.is_empty()) {
        line.spans.insert(0, Span::new(mark, Face::Frame));
    }
    lines
}

/// A text in `width` columns; where it is too long, `…` stands in the last of them.
pub fn cut(text: &str, face: Face, width: usize) -> Line {
    if of(text) <= width {
        return Line::of(text, face);
    }
    let (mut kept, mut used) = (String::new(), 0);
    for grapheme in text.graphemes(true) {
        used += of(grapheme);
        if used >= width {
            break;
        }
        kept.push_str(grapheme);
    }
    // A wide character that does not fit leaves a hole.
    kept.push_str(&" ".repeat((width.max(1) - 1).saturating_sub(of(&kept))));
    let mut line = Line::of("…", Face::Frame);
    if !kept.is_empty() {
        line.spans.insert(0, Span::new(kept, face));
    }
    line
}
