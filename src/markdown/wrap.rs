//! Prose, wrapped.

use super::block::BREAK;
use super::flat::{Flat, Long};
use super::{Face, Line, Span, Ticks, columns};

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
    let whole = flats().map(|flat| flat.columns(flat.all())).max();
    let piece =
        flats().filter_map(|flat| flat.pieces().map(|piece| flat.columns(piece)).max()).max();
    (whole.unwrap_or(0), piece.unwrap_or(0))
}
