//! Makes the tree of the parser's events, and keeps it small.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, ScalarStyle, Span, Tag};

use super::{Content, Entry, Node, Scalar, position};
use crate::engine::compose::MAX_FILE_BYTES;
use crate::engine::compose::error::{Fault, Read};
use crate::engine::compose::model::{Position, Spanned};

/// How deep lists and mappings may stand inside each other; our own files need six levels.
const MAX_DEPTH: usize = 32;
/// How many nodes a file may have once its aliases are resolved.
const MAX_NODES: usize = 20_000;
/// How many bytes of scalars may come from resolved aliases.
const MAX_ALIAS_BYTES: usize = MAX_FILE_BYTES;

/// Lists and mappings that are still open, innermost last.
#[derive(Default)]
pub(super) struct Builder {
    pub root: Option<Node>,
    open: Vec<Frame>,
    anchors: HashMap<usize, Anchored>,
    documents: usize,
    nodes: usize,
    alias_bytes: usize,
}

struct Frame {
    position: Position,
    anchor: usize,
    /// Levels of the deepest value so far.
    height: usize,
    content: Open,
}

enum Open {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<Entry>, seen: HashMap<String, Position>, key: Option<Spanned<String>> },
}

#[derive(Clone)]
struct Anchored {
    node: Node,
    height: usize,
    nodes: usize,
    bytes: usize,
}

impl Builder {
    /// Takes the parser's next event.
    pub fn accept(&mut self, event: Event<'_>, span: Span) -> Read<()> {
        let position = position(span.start);
        match event {
            Event::DocumentStart(_) => self.begin_document(position),
            Event::SequenceStart(anchor, tag) => {
                refuse_tag(tag.as_deref(), position)?;
                self.begin(position, anchor, Open::Sequence(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                refuse_tag(tag.as_deref(), position)?;
                let content =
                    Open::Mapping { entries: Vec::new(), seen: HashMap::new(), key: None };
                self.begin(position, anchor, content)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Scalar(text, style, anchor, tag) => {
                refuse_tag(tag.as_deref(), position)?;
                let null = style == ScalarStyle::Plain && is_null(&text);
                let source = span.start.index()..span.end.index();
                let scalar = Scalar { text: text.into_owned(), null, source };
                self.add(Node { position, content: Content::Scalar(scalar) }, anchor, 0)
            }
            Event::Alias(anchor) => self.repeat(anchor, position),
            Event::DocumentEnd | Event::StreamStart | Event::StreamEnd | Event::Nothing => Ok(()),
        }
    }

    fn begin_document(&mut self, position: Position) -> Read<()> {
        self.documents += 1;
        if self.documents > 1 {
            return Err(Fault::SecondDocument.at(position));
        }
        Ok(())
    }

    fn begin(&mut self, position: Position, anchor: usize, content: Open) -> Read<()> {
        self.refuse_as_key(position)?;
        check_depth(self.open.len() + 1, position)?;
        self.open.push(Frame { position, anchor, height: 0, content });
        Ok(())
    }

    fn end(&mut self) -> Read<()> {
        let Some(frame) = self.open.pop() else { return Ok(()) };
        let content = match frame.content {
            Open::Sequence(items) => Content::Sequence(items),
            Open::Mapping { entries, .. } => Content::Mapping(merged(entries)?),
        };
        let node = Node { position: frame.position, content };
        self.add(node, frame.anchor, frame.height + 1)
    }

    /// A copy of an earlier value. Its cost is counted before it is made.
    fn repeat(&mut self, anchor: usize, position: Position) -> Read<()> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(Fault::AliasOfItself.at(position));
        };
        self.nodes += anchored.nodes;
        self.alias_bytes += anchored.bytes;
        if self.nodes > MAX_NODES || self.alias_bytes > MAX_ALIAS_BYTES {
            return Err(Fault::TooManyValues { limit: MAX_NODES }.at(position));
        }
        check_depth(self.open.len() + anchored.height, position)?;
        let (node, height) = (anchored.node.clone(), anchored.height);
        self.add(node, 0, height)
    }

    /// Puts a finished value where it belongs: into the open list or mapping, or at the root.
    fn add(&mut self, mut node: Node, anchor: usize, height: usize) -> Read<()> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Fault::TooManyValues { limit: MAX_NODES }.at(node.position));
        }
        if anchor > 0 {
            let (nodes, bytes) = size(&node);
            self.anchors.insert(anchor, Anchored { node: node.clone(), height, nodes, bytes });
        }
        let Some(frame) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        frame.height = frame.height.max(height);
        match &mut frame.content {
            Open::Sequence(items) => items.push(node),
            Open::Mapping { entries, seen, key } => match key.take() {
                None => *key = Some(new_key(node, seen)?),
                Some(key) => {
                    if node.is_absent() {
                        node.position = key.position;
                    }
                    entries.push(Entry { key, value: node });
                }
            },
        }
        Ok(())
    }

    fn refuse_as_key(&self, position: Position) -> Read<()> {
        match self.open.last() {
            Some(Frame { content: Open::Mapping { key: None, .. }, .. }) => {
                Err(Fault::KeyIsNotText.at(position))
            }
            _ => Ok(()),
        }
    }
}

fn new_key(node: Node, seen: &mut HashMap<String, Position>) -> Read<Spanned<String>> {
    let position = node.position;
    let Content::Scalar(Scalar { text, null: false, .. }) = node.content else {
        return Err(Fault::KeyIsNotText.at(position));
    };
    if let Some(first) = seen.insert(text.clone(), position) {
        return Err(Fault::DuplicateKey { key: text, first }.at(position));
    }
    Ok(Spanned { value: text, position })
}

/// Resolves `<<`: the mapping's own keys win, then the merged mappings in their order.
fn merged(mut entries: Vec<Entry>) -> Read<Vec<Entry>> {
    let Some(index) = entries.iter().position(|entry| entry.key.value == "<<") else {
        return Ok(entries);
    };
    let merge = entries.remove(index);
    let sources = match merge.value.content {
        Content::Sequence(items) => items,
        _ => vec![merge.value],
    };
    let mut taken: HashSet<String> = entries.iter().map(|entry| entry.key.value.clone()).collect();
    for source in sources {
        let Content::Mapping(more) = source.content else {
            return Err(text::merge_of_no_mapping(merge.key.position));
        };
        entries.extend(more.into_iter().filter(|entry| taken.insert(entry.key.value.clone())));
    }
    Ok(entries)
}

/// How many nodes a value has, itself included, and how many bytes of text.
fn size(node: &Node) -> (usize, usize) {
    let add = |sum: (usize, usize), one: (usize, usize)| (sum.0 + one.0, sum.1 + one.1);
    match &node.content {
        Content::Scalar(scalar) => (1, scalar.text.len()),
        Content::Sequence(items) => items.iter().map(size).fold((1, 0), add),
        Content::Mapping(entries) => entries
            .iter()
            .map(|entry| add((1, entry.key.value.len()), size(&entry.value)))
            .fold((1, 0), add),
    }
}

fn check_depth(depth: usize, position: Position) -> Read<()> {
    if depth > MAX_DEPTH {
        return Err(Fault::TooDeep { limit: MAX_DEPTH }.at(position));
    }
    Ok(())
}

fn refuse_tag(tag: Option<&Tag>, position: Position) -> Read<()> {
    match tag {
        None => Ok(()),
        Some(tag) => Err(Fault::Tag { tag: tag.to_string() }.at(position)),
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

mod text {
    use crate::engine::compose::error::{Located, malformed};
    use crate::engine::compose::model::Position;
    use crate::phrase;

    pub(super) fn merge_of_no_mapping(position: Position) -> Located {
        malformed(
            position,
            phrase!("a mapping to merge, such as `*name`", "可合并的映射，例如 `*name`"),
            phrase!("another value", "别的值"),
        )
    }
}
