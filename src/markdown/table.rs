//! Tables: columns that share the width, or one line a cell where it is too narrow for columns.

use super::block::{Alignment, Prose, Table};
use super::wrap::{prose, widths};
use super::{Face, Line, Look, Span};

/// Below this width a table is shown as lines.
const NARROWEST: usize = 30;
/// The columns that each cell should have where cells are wrapped.
const NARROWEST_CELL: usize = 6;
const BETWEEN: &str = " │ ";
const CROSSING: &str = "─┼─";
/// The columns of either.
const GAP: usize = 3;

/// The lines of a table.
pub fn lines(table: &Table, width: usize, look: Look) -> Vec<Line> {
    match shares(table, width, look) {
        Some(shares) => grid(table, &shares, look),
        None => records(table, width, look),
    }
}

/// The width of each column; None where there is no room for columns.
fn shares(table: &Table, width: usize, look: Look) -> Option<Vec<usize>> {
    let count = table.header.len();
    let room = width.checked_sub(GAP * count.checked_sub(1)?)?;
    let cells = |column: usize| {
        let rows = table.rows.iter().filter_map(move |row| row.get(column));
        rows.chain(table.header.get(column)).map(|cell| widths(cell, look.ticks))
    };
    let most =
        |column| cells(column).fold((1, 1), |(w, p), (whole, piece)| (w.max(whole), p.max(piece)));
    let (wholes, pieces): (Vec<usize>, Vec<usize>) = (0..count).map(most).unzip();
    if width < NARROWEST {
        None
    } else if wholes.iter().sum::<usize>() <= room {
        Some(wholes)
    } else if room < NARROWEST_CELL * count {
        None
    } else {
        Some(shrunk(&wholes, &pieces, room))
    }
}

/// Each column gets its longest word; what is left is shared in proportion to what is missing.
fn shrunk(wholes: &[usize], pieces: &[usize], room: usize) -> Vec<usize> {
    let mut shares: Vec<usize> = pieces.iter().map(|piece| *piece.min(&room)).collect();
    // Words that do not fit beside each other are cut, the longest first.
    while shares.iter().sum::<usize>() > room {
        let Some(widest) = shares.iter_mut().max() else { break };
        *widest -= 1;
    }
    let missing: Vec<usize> =
        wholes.iter().zip(&shares).map(|(whole, share)| whole.saturating_sub(*share)).collect();
    let (left, all) = (room - shares.iter().sum::<usize>(), missing.iter().sum::<usize>());
    for (share, missing) in shares.iter_mut().zip(&missing) {
        *share += left * missing / all.max(1);
    }
    let rounded = room - shares.iter().sum::<usize>();
    let short = shares.iter_mut().zip(wholes).filter(|(share, whole)| **share < **whole);
    short.take(rounded).for_each(|(share, _)| *share += 1);
    shares
}

fn grid(table: &Table, shares: &[usize], look: Look) -> Vec<Line> {
    let row = |cells: &[Prose]| row(cells, shares, &table.alignments, look);
    let rows: Vec<Vec<Line>> = table.rows.iter().map(|cells| row(cells)).collect();
    // Where rows have more than one line, it must be seen where each ends.
    let is_ruled = rows.iter().any(|lines| lines.len() > 1);
    let rule = Line::of(
        shares.iter().map(|share| "─".repeat(*share)).collect::<Vec<_>>().join(CROSSING),
        Face::Frame,
    );
    let mut lines = row(&table.header);
    lines.push(rule.clone());
    for (index, row) in rows.into_iter().enumerate() {
        if index > 0 && is_ruled {
            lines.push(rule.clone());
        }
        lines.extend(row);
    }
    lines
}

fn row(cells: &[Prose], shares: &[usize], alignments: &[Alignment], look: Look) -> Vec<Line> {
    let cells: Vec<Vec<Line>> =
        cells.iter().zip(shares).map(|(cell, share)| prose(cell, *share, look.ticks)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |index: usize| {
        let mut spans = Vec::new();
        for (column, (cell, share)) in cells.iter().zip(shares).enumerate() {
            if column > 0 {
                spans.push(Span::new(BETWEEN, Face::Frame));
            }
            let alignment = alignments.get(column).copied().unwrap_or(Alignment::Left);
            let text = cell.get(index).cloned().unwrap_or_default();
            spans.extend(padded(text, *share, alignment));
        }
        Line { spans: without_blanks_behind(spans) }
    };
    (0..height).map(line).collect()
}

fn padded(line: Line, width: usize, alignment: Alignment) -> impl Iterator<Item = Span> {
    let hole = width.saturating_sub(line.width());
    let before = match alignment {
        Alignment::Left => 0,
        Alignment::Centre => hole / 2,
        Alignment::Right => hole,
    };
    let blanks = |count: usize| (count > 0).then(|| Span::new(" ".repeat(count), Face::Text));
    blanks(before).into_iter().chain(line.spans).chain(blanks(hole - before))
}

fn without_blanks_behind(mut spans: Vec<Span>) -> Vec<Span> {
    while let Some(last) = spans.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        if !last.text.is_empty() {
            break;
        }
        spans.pop();
    }
    spans
}

/// `header: value`, a line a cell, with a blank line between rows.
fn records(table: &Table, width: usize, look: Look) -> Vec<Line> {
    let mut lines = Vec::new();
    let headers_alone = [vec![Vec::new(); table.header.len()]];
    let rows = if table.rows.is_empty() { &headers_alone[..] } else { &table.rows };
    for row in rows {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        for (header, value) in table.header.iter().zip(row) {
            let mut cell = header.clone();
            if !header.is_empty() {
                cell.push(Span::new(": ", Face::Strong));
            }
            cell.extend(value.iter().cloned());
            lines.extend(prose(&cell, width, look.ticks));
        }
    }
    lines
}
