//! The sections of a lab's or the course's Markdown: their headings of level 1 are ids.

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::phrase::{Lang, Phrase};

use super::doc::Doc;
use super::fault::{CourseError, FileFault, TomlFault, What};
use super::pieces::{Piece, pieces};
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
    /// Whether anything stands below the heading.
    pub has_text: bool,
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
            let spot = Spot::of(&piece, doc);
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
    /// Where a piece stands.
    pub(super) fn of(piece: &Piece<'_>, doc: &Doc<'_>) -> Self {
        Self {
            heading: doc.file().at(Position { line: piece.line, column: 1 }),
            lines_before: piece.lines_before,
            has_text: !piece.body.is_empty(),
        }
    }

    /// The place of a position in the section's text.
    pub(super) fn place(&self, position: Position) -> Place {
        self.heading.at(position.down(self.lines_before))
    }
}

fn path(stem: &str, lang: Lang) -> String {
    format!("{stem}.{lang}.md")
}

pub(super) const fn index(lang: Lang) -> usize {
    match lang {
        Lang::En => 0,
        Lang::Zh => 1,
    }
}

pub(super) const fn get_mut(phrase: &mut Phrase, lang: Lang) -> &mut String {
    match lang {
        Lang::En => &mut phrase.en,
        Lang::Zh => &mut phrase.zh,
    }
}
