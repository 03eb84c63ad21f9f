//! From blocks to lines: what stands below what, and behind which margin.

use super::block::{Block, List};
use super::flat::Long;
use super::{Face, Line, Look, Span, code, columns, table, wrap};

/// The narrowest text that is still set off by a margin.
const NARROWEST: usize = 4;
const BAR: &str = "▎ ";
const BULLET: &str = "• ";

/// Blocks with a blank line between each two.
pub fn blocks(blocks: &[Block], width: usize, look: Look) -> Vec<Line> {
    let mut lines = Vec::new();
    for block in blocks {
        append(&mut lines, self::block(block, width, look), true);
    }
    lines
}

fn append(lines: &mut Vec<Line>, block: Vec<Line>, apart: bool) {
    let seen = |line: &Line| !line.is_blank();
    let Some(first) = block.iter().position(seen) else { return };
    let end = block.iter().rposition(seen).map_or(first, |last| last + 1);
    if apart && lines.last().is_some_and(seen) {
        lines.push(Line::default());
    }
    lines.extend(block.into_iter().take(end).skip(first));
}

fn block(block: &Block, width: usize, look: Look) -> Vec<Line> {
    match block {
        Block::Paragraph(text) => wrap::prose(text, width, look.ticks),
        Block::Rule => vec![Line::of("─".repeat(width), Face::Frame)],
        Block::Quote(inner) => quote(inner, width, look),
        Block::List(list) => self::list(list, width, look),
        Block::Code(code) => code::lines(code, width, look),
        Block::Table(table) => table::lines(table, width, look),
    }
}

fn quote(inner: &[Block], width: usize, look: Look) -> Vec<Line> {
    let bar = columns::of(BAR);
    if width < bar + NARROWEST {
        return blocks(inner, width, look);
    }
    let mut lines = blocks(inner, width - bar, look);
    for line in &mut lines {
        let text = if line.spans.is_empty() { BAR.trim_end() } else { BAR };
        line.spans.insert(0, Span::new(text, Face::Frame));
    }
    lines
}

fn list(list: &List, width: usize, look: Look) -> Vec<Line> {
    let mut lines = Vec::new();
    for (marker, blocks) in markers(list).into_iter().zip(&list.items) {
        append(&mut lines, item(&marker, blocks, width, look, list.loose), list.loose);
    }
    lines
}

/// The markers of all items, of the same width.
fn markers(list: &List) -> Vec<String> {
    let Some(first) = list.first else { return vec![BULLET.to_owned(); list.items.len()] };
    let markers: Vec<String> = (first..).map(|n| format!("{n}. ")).take(list.items.len()).collect();
    let width = markers.iter().map(String::len).max().unwrap_or(0);
    markers.iter().map(|marker| format!("{marker:>width$}")).collect()
}

fn item(marker: &str, blocks: &[Block], width: usize, look: Look, loose: bool) -> Vec<Line> {
    let margin = columns::of(marker);
    if width < margin + NARROWEST {
        let mut lines = wrap::plain(marker.trim(), Face::Marker, width, Long::Cut);
        lines.extend(self::blocks(blocks, width, look));
        return lines;
    }
    let mut lines = Vec::new();
    // Commands begin their line, so that they can be copied.
    if matches!(blocks.first(), None | Some(Block::Code(_))) {
        lines.push(Line::default());
    }
    for block in blocks {
        let apart = loose || !matches!(block, Block::List(_));
        append(&mut lines, self::block(block, width - margin, look), apart);
    }
    for (index, line) in lines.iter_mut().enumerate() {
        if index == 0 {
            let marker = if line.spans.is_empty() { marker.trim_end() } else { marker };
            line.spans.insert(0, Span::new(marker, Face::Marker));
        } else if !line.spans.is_empty() {
            line.spans.insert(0, Span::new(" ".repeat(margin), Face::Text));
        }
    }
    lines
}
