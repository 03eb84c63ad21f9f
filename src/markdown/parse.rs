//! From a text to its blocks.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::Face;
use super::block::{Alignment, Block, List, Prose, Table};
use super::fence;
use super::inline::Collector;

/// Quotes and lists within each other: what is deeper stands at this depth, or a line of `>` alone
/// could exhaust the stack.
const DEEPEST: usize = 24;

/// The blocks of a text.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut events = Parser::new_ext(text, Options::ENABLE_TABLES);
    read(&mut events, 0).blocks
}

type Events<'a> = Parser<'a>;

/// The blocks of a text, a quote or an item, as far as they have been read.
#[derive(Default)]
struct Reading {
    blocks: Vec<Block>,
    /// The text of the block that is being read.
    text: Collector,
    /// Whether a paragraph is marked as one: so it is in items that blank lines part.
    loose: bool,
    /// Quotes, lists and items that began too deep and have not ended.
    too_deep: usize,
}

fn read(events: &mut Events<'_>, depth: usize) -> Reading {
    let mut reading = Reading::default();
    while let Some(event) = events.next() {
        match event {
            Event::Start(tag) => reading.begin(tag, events, depth),
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item) => {
                reading.end_paragraph();
                if reading.too_deep == 0 {
                    break;
                }
                reading.too_deep -= 1;
            }
            Event::End(TagEnd::Paragraph | TagEnd::HtmlBlock) => reading.end_paragraph(),
            Event::End(TagEnd::Heading(_)) => reading.end_heading(),
            Event::Rule => reading.push(Block::Rule),
            other => reading.text.take(other),
        }
    }
    reading.end_paragraph();
    reading
}

impl Reading {
    fn begin(&mut self, tag: Tag<'_>, events: &mut Events<'_>, depth: usize) {
        match tag {
            Tag::BlockQuote(_) | Tag::List(_) | Tag::Item if depth >= DEEPEST => {
                self.end_paragraph();
                self.too_deep += 1;
            }
            Tag::BlockQuote(_) => {
                let block = Block::Quote(warned(read(events, depth + 1).blocks));
                self.push(block);
            }
            Tag::List(first) => {
                let block = Block::List(list(first, events, depth + 1));
                self.push(block);
            }
            Tag::CodeBlock(kind) => {
                let block = Block::Code(fence::read(&kind, events));
                self.push(block);
            }
            Tag::Table(alignments) => {
                let alignments = alignments.into_iter().map(Alignment::from).collect();
                let block = Block::Table(table(alignments, events));
                self.push(block);
            }
            Tag::Paragraph => {
                self.loose = true;
                self.end_paragraph();
            }
            Tag::Heading { .. } | Tag::HtmlBlock => self.end_paragraph(),
            other => self.text.take(Event::Start(other)),
        }
    }

    /// Text in an item that no blank line parts from the next is not marked as a paragraph.
    fn end_paragraph(&mut self) {
        let text = self.text.finish();
        if !text.is_empty() {
            self.blocks.push(Block::Paragraph(text));
        }
    }

    fn end_heading(&mut self) {
        let mut text = self.text.finish();
        for span in text.iter_mut().filter(|span| span.face != Face::Code) {
            span.face = Face::Heading;
        }
        self.blocks.push(Block::Paragraph(text));
    }

    fn push(&mut self, block: Block) {
        self.end_paragraph();
        self.blocks.push(block);
    }
}

/// A quote whose first strong words are marked as a warning's.
fn warned(mut blocks: Vec<Block>) -> Vec<Block> {
    if let Some(Block::Paragraph(text)) = blocks.first_mut() {
        for span in text.iter_mut().take_while(|span| span.face == Face::Strong) {
            span.face = Face::Trap;
        }
    }
    blocks
}

fn list(first: Option<u64>, events: &mut Events<'_>, depth: usize) -> List {
    let mut list = List { first, loose: false, items: Vec::new() };
    while let Some(Event::Start(Tag::Item)) = events.next() {
        let item = read(events, depth);
        list.loose |= item.loose;
        list.items.push(item.blocks);
    }
    list
}

fn table(alignments: Vec<Alignment>, events: &mut Events<'_>) -> Table {
    let mut text = Collector::default();
    let mut cells: Vec<Prose> = Vec::new();
    let mut table = Table { alignments, header: Vec::new(), rows: Vec::new() };
    for event in events {
        match event {
            Event::End(TagEnd::TableCell) => cells.push(text.finish()),
            Event::End(TagEnd::TableHead) => table.header = headed(std::mem::take(&mut cells)),
            Event::End(TagEnd::TableRow) => table.rows.push(std::mem::take(&mut cells)),
            Event::End(TagEnd::Table) => break,
            other => text.take(other),
        }
    }
    table
}

fn headed(mut cells: Vec<Prose>) -> Vec<Prose> {
    for span in cells.iter_mut().flatten().filter(|span| span.face != Face::Code) {
        span.face = Face::Strong;
    }
    cells
}

impl From<pulldown_cmark::Alignment> for Alignment {
    fn from(alignment: pulldown_cmark::Alignment) -> Self {
        match alignment {
            pulldown_cmark::Alignment::Right => Self::Right,
            pulldown_cmark::Alignment::Center => Self::Centre,
            pulldown_cmark::Alignment::Left | pulldown_cmark::Alignment::None => Self::Left,
        }
    }
}
