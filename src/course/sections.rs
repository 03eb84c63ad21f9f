//! Splits a Markdown file into sections at its headings of level 1, which are ids.

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::phrase::{Lang, Phrase};

use super::doc::Doc;
use super::fault::{CourseError, FileFault, TomlFault, What};
use super::place::{Place, Position};
use super::source::Files;

/// How the sections of a kind of file are named.
pub(super) trait Key: Ord + Clone + Display {
    /// The forms that a heading may take, for the author.
    const FORMS: &'static str;

    /// The key that a heading's text names.
    fn of_heading(words: &[&str]) -> Option<Self>;
}

/// The sections of a pair of files, one a language.
#[derive(Debug, Clone)]
pub(super) struct Sections<K> {
    phrases: BTreeMap<K, Phrase>,
    spots: [BTreeMap<K, Spot>; 2],
    files: [Place; 2],
}

/// Where a section stands in its file.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// The heading.
    pub heading: Place,
    /// The lines of the file before the section's text.
    pub lines_before: usize,
    has_text: bool,
}

impl<K: Key> Sections<K> {
    /// Reads `stem.en.md` and `stem.zh.md`.
    pub(super) fn read(files: &Files, stem: &str, errors: &mut Vec<CourseError>) -> Self {
        let mut sections = Self {
            phrases: BTreeMap::new(),
            spots: [BTreeMap::new(), BTreeMap::new()],
            files: Lang::ALL.map(|lang| files.place(&path(stem, lang))),
        };
        for lang in Lang::ALL {
            match Doc::open(files, &path(stem, lang)) {
                Ok(doc) => {
                    sections.add(&doc, lang);
                    errors.extend(doc.into_errors());
                }
                Err(error) => errors.push(error),
            }
        }
        sections.fill_gaps();
        sections
    }

    fn add(&mut self, doc: &Doc<'_>, lang: Lang) {
        for piece in pieces(doc.text()) {
            let Some(heading) = piece.heading else {
                if !piece.body.is_empty() {
                    doc.fault(piece.offset, FileFault::TextBeforeHeading);
                }
                continue;
            };
            let words: Vec<&str> = heading.split_whitespace().collect();
            let Some(key) = K::of_heading(&words) else {
                let found = words.join(" ");
                doc.fault(piece.offset, FileFault::UnknownHeading { found, known: K::FORMS });
                continue;
            };
            let spot = Spot {
                heading: doc.file().at(Position { line: piece.line, column: 1 }),
                lines_before: piece.lines_before,
                has_text: !piece.body.is_empty(),
            };
            if self.spots[index(lang)].insert(key.clone(), spot).is_some() {
                let fault = TomlFault::Duplicate { what: What::Section, id: key.to_string() };
                doc.fault(piece.offset, fault);
            }
            let phrase = self.phrases.entry(key).or_insert_with(|| Phrase::new("", ""));
            piece.body.clone_into(get_mut(phrase, lang));
        }
    }

    /// What one language lacks is shown in the other; `course check` tells the author.
    fn fill_gaps(&mut self) {
        for Phrase { en, zh } in self.phrases.values_mut() {
            if en.is_empty() {
                en.clone_from(zh);
            } else if zh.is_empty() {
                zh.clone_from(en);
            }
        }
    }

    pub(super) fn get(&self, key: &K) -> Option<&Phrase> {
        self.phrases.get(key)
    }

    /// Whether this language's file has the section, with a text.
    pub(super) fn is_written(&self, lang: Lang, key: &K) -> bool {
        self.spots[index(lang)].get(key).is_some_and(|spot| spot.has_text)
    }

    /// The file of a language.
    pub(super) const fn file(&self, lang: Lang) -> &Place {
        &self.files[index(lang)]
    }

    /// The keys that a language's file has, with their places.
    pub(super) fn spots(&self, lang: Lang) -> &BTreeMap<K, Spot> {
        &self.spots[index(lang)]
    }

    /// A section with its text, if this language's file has it.
    pub(super) fn section(&self, lang: Lang, key: &K) -> Option<(&Spot, &str)> {
        let spot = self.spots[index(lang)].get(key).filter(|spot| spot.has_text)?;
        Some((spot, self.phrases.get(key)?.get(lang)))
    }
}

impl Spot {
    /// The place of a position in the section's text.
    pub(super) fn place(&self, position: Position) -> Place {
        self.heading.at(position.down(self.lines_before))
    }
}

fn path(stem: &str, lang: Lang) -> String {
    format!("{stem}.{lang}.md")
}

const fn index(lang: Lang) -> usize {
    match lang {
        Lang::En => 0,
        Lang::Zh => 1,
    }
}

const fn get_mut(phrase: &mut Phrase, lang: Lang) -> &mut String {
    match lang {
        Lang::En => &mut phrase.en,
        Lang::Zh => &mut phrase.zh,
    }
}

/// A heading, or the start of the file, with the text below it.
struct Piece<'a> {
    heading: Option<&'a str>,
    /// The byte at which the heading starts; without one, at which the text does.
    offset: usize,
    /// Without blank lines at its ends.
    body: &'a str,
    lines_before: usize,
    /// The heading's own line, from 1.
    line: usize,
}

/// Splits at lines that begin with `# ` outside of fenced code. A scan of lines instead of a
/// Markdown parse: it is ten times as fast, and this is done at every start of the program.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut starts = vec![(None, 0, 0)];
    let mut ends = Vec::new();
    let mut fence: Option<Fence> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let next = offset + line.len();
        match (&fence, line.strip_prefix("# ")) {
            (None, Some(heading)) => {
                ends.push(offset);
                starts.push((Some(heading.trim()), offset, next));
            }
            (Some(open), _) if open.closed_by(line) => fence = None,
            (None, None) => fence = Fence::opened_by(line),
            (Some(_), _) => {}
        }
        offset = next;
    }
    ends.push(text.len());
    let mut lines = LineCount { text, offset: 0, lines: 0 };
    let piece = |((heading, offset, from), to): ((Option<_>, usize, usize), usize)| {
        let line = lines.before(offset) + 1;
        let (body, start) = trim_blank_lines(text, from, to);
        let offset = if heading.is_some() { offset } else { start };
        Piece { heading, offset, body, lines_before: lines.before(start), line }
    };
    starts.into_iter().zip(ends).map(piece).collect()
}

/// `text[from..to]` without blank lines at its ends, and where it then starts.
fn trim_blank_lines(text: &str, from: usize, to: usize) -> (&str, usize) {
    let whole = text[from..to].trim_end();
    let content = whole.len() - whole.trim_start().len();
    let start = whole[..content].rfind('\n').map_or(0, |newline| newline + 1);
    (&whole[start..], from + start)
}

/// Counts line ends up to offsets that only grow.
struct LineCount<'a> {
    text: &'a str,
    offset: usize,
    lines: usize,
}

impl LineCount<'_> {
    fn before(&mut self, offset: usize) -> usize {
        self.lines += self.text[self.offset.min(offset)..offset].matches('\n').count();
        self.offset = offset;
        self.lines
    }
}

/// An open code fence: its character and how often it stands there.
struct Fence {
    mark: char,
    length: usize,
}

impl Fence {
    fn opened_by(line: &str) -> Option<Self> {
        let line = line.trim_start_matches([' ', '>']);
        let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let length = line.chars().take_while(|c| *c == mark).count();
        // Backticks later in the line make it code within a sentence.
        let inline = mark == '`' && line[length..].contains('`');
        (length >= 3 && !inline).then_some(Self { mark, length })
    }

    fn closed_by(&self, line: &str) -> bool {
        let line = line.trim_start_matches([' ', '>']).trim_end();
        line.chars().count() >= self.length && line.chars().all(|c| c == self.mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(Option<&str>, &str, usize)> {
        pieces(text).into_iter().map(|p| (p.heading, p.body, p.lines_before)).collect()
    }

    #[test]
    fn a_hash_in_a_code_block_is_no_heading() {
        let text = "# a\n```console run\n# comment\n```\n~~~~\n# b\n~~~\n~~~~\n# c\nd\n";
        let found = split(text);
        assert_eq!(found.len(), 3);
        assert_eq!(found[2], (Some("c"), "d", 9));
    }

    #[test]
    fn blank_lines_around_a_text_go_but_its_indentation_stays() {
        assert_eq!(
            split("\n# a\n\n \n    code\n\n\n# b"),
            [(None, "", 0), (Some("a"), "    code", 4), (Some("b"), "", 7)]
        );
    }

    #[test]
    fn a_deeper_heading_and_a_hash_without_a_blank_belong_to_the_text() {
        assert_eq!(split("# a\n## b\n#c\n")[1], (Some("a"), "## b\n#c", 1));
    }
}
