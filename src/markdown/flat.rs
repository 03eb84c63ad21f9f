//! Spans as one text: where a line of it may end, and which lines that makes.
//!
//! Break opportunities are those of Unicode Standard Annex 14, so that Chinese breaks between
//! characters and no line begins with a comma. Two things are stricter: code, and names with
//! hyphens and slashes, stay in one piece as long as a line holds them.

use std::iter;
use std::ops::Range;

use textwrap::WordSeparator;
use unicode_segmentation::UnicodeSegmentation;

use super::{Face, Line, Span, Ticks, columns};

/// What to do with a word that is wider than a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Long {
    /// It goes on in the next line.
    Cut,
    /// It stands out.
    Whole,
}

/// In place of a column: no line can end within a grapheme.
const INSIDE: usize = usize::MAX;

/// What begins no line, not even where a word is cut.
const CLOSING: [char; 18] = [
    ',', '.', ';', ':', '?', '!', ')', ']', '}', '，', '。', '、', '；', '：', '？', '！', '）',
    '”',
];

/// Spans as one text.
pub struct Flat {
    text: String,
    parts: Vec<(Range<usize>, Face)>,
    /// The columns before each byte, [`INSIDE`] within a grapheme; one more than there are bytes.
    before: Vec<usize>,
}

impl Flat {
    /// One after the other.
    pub fn new(spans: &[Span], ticks: Ticks) -> Self {
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

    /// Its lines, each as full as it can be.
    pub fn wrap(&self, width: usize, long: Long) -> Vec<Line> {
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

    /// All of it.
    pub const fn all(&self) -> Range<usize> {
        0..self.text.len()
    }

    /// What stays in one piece as long as a line holds it, without the blanks behind it.
    pub fn pieces(&self) -> impl Iterator<Item = Range<usize>> {
        self.ranges(0, self.breaks().into_iter().chain([self.text.len()]))
    }

    /// What has no blanks in it.
    fn words(&self, piece: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let is_blank = |at: &usize| self.text.as_bytes()[at - 1] == b' ';
        let ends =
            (piece.start + 1..piece.end).filter(move |at| is_blank(at) && self.is_whole(*at));
        self.ranges(piece.start, ends.chain([piece.end]))
    }

    /// Parts of a word, each as wide as a line can be.
    fn cut(&self, word: Range<usize>, width: usize) -> impl Iterator<Item = Range<usize>> {
        let mut start = word.start;
        iter::from_fn(move || {
            let mut ends = (start + 1..=word.end).filter(|end| self.is_whole(*end));
            let first = ends.next()?;
            let fitting = ends.take_while(|end| self.columns(start..*end) <= width);
            let fitting: Vec<usize> = iter::once(first).chain(fitting).collect();
            let good = fitting.iter().rfind(|end| !self.text[**end..].starts_with(CLOSING));
            let end = good.or(fitting.last()).copied()?;
            Some(std::mem::replace(&mut start, end)..end)
        })
    }

    /// What lies between ends, the first beginning at `start`, without the blanks behind it.
    fn ranges(
        &self,
        mut start: usize,
        ends: impl Iterator<Item = usize>,
    ) -> impl Iterator<Item = Range<usize>> {
        ends.map(move |end| std::mem::replace(&mut start, end)..end)
            .filter_map(|range| self.trimmed(range))
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
                // A path behind a Chinese colon begins a line rather than that the colon's word is cut.
                Some('：') if next == '/' => true,
                Some('-' | '/') => is_opportunity && columns::is_wide(next),
                Some(_) => is_opportunity,
                None => false,
            };
            if may_end && self.is_whole(at) && !self.is_in_code(at) {
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
        // There are characters that make one grapheme with a blank behind them.
        let end = if self.is_whole(end) { end } else { range.end };
        (end > range.start).then_some(range.start..end)
    }

    /// Whether graphemes end before a byte.
    fn is_whole(&self, at: usize) -> bool {
        self.before[at] != INSIDE
    }

    /// Of a range that begins and ends beside graphemes.
    pub fn columns(&self, range: Range<usize>) -> usize {
        self.before[range.end] - self.before[range.start]
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
