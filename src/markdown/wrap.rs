//! Prose, wrapped: where a line may end, and which lines that makes.
//!
//! Break opportunities are those of Unicode Standard Annex 14, so that Chinese breaks between
//! characters and no line begins with a comma. Two things are stricter: code, and names with
//! hyphens and slashes, stay in one piece as long as a line holds them.

use std::iter;
use std::ops::Range;

use textwrap::WordSeparator;
use unicode_segmentation::UnicodeSegmentation;

use super::block::BREAK;
use super::{Face, Line, Span, Ticks, columns};

/// In place of a column: no line can end within a grapheme.
const INSIDE: usize = usize::MAX;

/// What to do with a word that is wider than a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Long {
    /// It goes on in the next line.
    Cut,
    /// It stands out.
    Whole,
}

/// Text that is no Markdown, line by line.
pub fn plain(text: &str, face: Face, width: usize, long: Long) -> Vec<Line> {
    let wrapped = |line: &str| {
        let spans = [Span::new(columns::prose(line), face)];
        let lines = Flat::new(&spans, Ticks::Hidden).wrap(width, long);
        if lines.is_empty() { vec![Line::default()] } else { lines }
    };
    text.lines().flat_map(wrapped).collect()
}

/// The lines of a paragraph.
pub fn prose(spans: &[Span], width: usize, ticks: Ticks) -> Vec<Line> {
    let parts = spans.split(|span| span.text == BREAK);
    parts.flat_map(|part| Flat::new(part, ticks).wrap(width, Long::Cut)).collect()
}

/// The columns of a text that is not wrapped, and of its widest piece that cannot be.
pub fn widths(spans: &[Span], ticks: Ticks) -> (usize, usize) {
    let flats = || spans.split(|span| span.text == BREAK).map(|part| Flat::new(part, ticks));
    let whole = flats().map(|flat| flat.columns(0..flat.text.len())).max();
    let piece =
        flats().filter_map(|flat| flat.pieces().map(|piece| flat.columns(piece)).max()).max();
    (whole.unwrap_or(0), piece.unwrap_or(0))
}

/// Spans as one text.
struct Flat {
    text: String,
    parts: Vec<(Range<usize>, Face)>,
    /// The columns before each byte, [`INSIDE`] within a grapheme; one more than there are bytes.
    before: Vec<usize>,
}

impl Flat {
    fn new(spans: &[Span], ticks: Ticks) -> Self {
        let mut flat = Self { text: String::new(), parts: Vec::new(), before: Vec::new() };
        let mut columns = 0;
        for Span { text, face } in spans {
            let start = flat.text.len();
            if *face == Face::Code && ticks == Ticks::Shown {
                flat.text.push_str(&ticked(text));
            } else {
                flat.text.push_str(text);
            }
            for grapheme in flat.text[start..].graphemes(true) {
                flat.before.push(columns);
                flat.before.extend(iter::repeat_n(INSIDE, grapheme.len() - 1));
                columns += columns::of(grapheme);
            }
            flat.parts.push((start..flat.text.len(), *face));
        }
        flat.before.push(columns);
        flat
    }

    fn wrap(&self, width: usize, long: Long) -> Vec<Line> {
        let mut lines: Vec<Range<usize>> = Vec::new();
        let mut put = |piece: Range<usize>| match lines.last_mut() {
            Some(line) if self.columns(line.start..piece.end) <= width => line.end = piece.end,
            _ => lines.push(piece),
        };
        for piece in self.pieces() {
            if self.columns(piece.clone()) <= width {
                put(piece);
            } else {
                for word in self.words(piece) {
                    let cut = long == Long::Cut && self.columns(word.clone()) > width;
                    if cut { self.cut(word, width).for_each(&mut put) } else { put(word) }
                }
            }
        }
        lines.into_iter().map(|line| self.line(&line)).collect()
    }

    /// What stays in one piece as long as a line holds it, without the blanks behind it.
    fn pieces(&self) -> impl Iterator<Item = Range<usize>> {
        let ends = self.breaks().into_iter().chain([self.text.len()]);
        let mut start = 0;
        ends.map(move |end| std::mem::replace(&mut start, end)..end)
            .filter_map(|piece| self.trimmed(piece))
    }

    /// What has no blanks in it.
    fn words(&self, piece: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let text = &self.text[piece.clone()];
        let mut start = piece.start;
        text.split_inclusive(' ').filter_map(move |word| {
            start += word.len();
            self.trimmed(start - word.len()..start)
        })
    }

    /// Parts of a word, each as wide as a line can be.
    fn cut(&self, word: Range<usize>, width: usize) -> impl Iterator<Item = Range<usize>> {
        let mut start = word.start;
        iter::from_fn(move || {
            let rest = start..word.end;
            let mut ends = self.text[rest.clone()]
                .grapheme_indices(true)
                .map(|(at, g)| rest.start + at + g.len());
            let first = ends.next()?;
            let end = ends
                .take_while(|end| self.columns(rest.start..*end) <= width)
                .last()
                .unwrap_or(first);
            start = end;
            Some(rest.start..end)
        })
    }

    /// Where a line may end, in ascending order.
    fn breaks(&self) -> Vec<usize> {
        let words = WordSeparator::UnicodeBreakProperties.find_words(&self.text);
        let mut end = 0;
        let mut opportunities = words
            .map(|word| {
                end += word.word.len() + word.whitespace.len();
                end
            })
            .peekable();
        let mut previous = None;
        let mut breaks = Vec::new();
        for (at, next) in self.text.char_indices() {
            let is_opportunity = opportunities.next_if_eq(&at).is_some();
            let may_end = match previous.replace(next) {
                // A slash or a brace may begin a line, other than the annex has it.
                Some(' ') => next != ' ',
                Some('-' | '/') => is_opportunity && columns::is_wide(next),
                Some(_) => is_opportunity,
                None => false,
            };
            if may_end && self.before[at] != INSIDE && !self.is_in_code(at) {
                breaks.push(at);
            }
        }
        breaks
    }

    fn is_in_code(&self, at: usize) -> bool {
        let index = self.parts.partition_point(|(range, _)| range.end <= at);
        let part = self.parts.get(index);
        part.is_some_and(|(range, face)| *face == Face::Code && range.start < at)
    }

    fn trimmed(&self, range: Range<usize>) -> Option<Range<usize>> {
        let end = range.start + self.text[range.clone()].trim_end_matches(' ').len();
        (end > range.start).then_some(range.start..end)
    }

    /// Of a range that begins and ends beside graphemes.
    fn columns(&self, range: Range<usize>) -> usize {
        self.before[range.end].saturating_sub(self.before[range.start])
    }

    fn line(&self, range: &Range<usize>) -> Line {
        let first = self.parts.partition_point(|(part, _)| part.end <= range.start);
        let parts = self.parts[first..].iter().take_while(|(part, _)| part.start < range.end);
        let spans = parts.map(|(part, face)| {
            Span::new(&self.text[part.start.max(range.start)..part.end.min(range.end)], *face)
        });
        Line { spans: spans.collect() }
    }
}

/// Code between backticks, as one would write it.
fn ticked(code: &str) -> String {
    if code.contains('`') { format!("`` {code} ``") } else { format!("`{code}`") }
}
