//! Reads lessons/course.toml and lessons/course.en.md, course.zh.md: the days and what they hold.

use std::fmt;

use crate::phrase::Phrase;

use super::doc::Doc;
use super::fault::{CourseError, TomlFault, What};
use super::place::Place;
use super::sections::{Key, Sections};
use super::source::Files;
use super::table::{At, Table, is_id, parse};
use super::texts::first_line;

const FILE: &str = "lessons/course.toml";

/// What the course's own files say.
#[derive(Debug)]
pub(super) struct Outline {
    pub id: String,
    pub days: Vec<DayLine>,
    pub texts: Sections<OutlineKey>,
}

/// A day of course.toml.
#[derive(Debug)]
pub(super) struct DayLine {
    pub number: u32,
    /// Ids of labs, with their places.
    pub labs: Vec<(String, Place)>,
}

/// The id of a section in course.en.md and course.zh.md.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum OutlineKey {
    Title,
    Day(u32),
}

/// Reads the files; none if course.toml is not usable, which is then among `errors`.
pub(super) fn read(files: &Files, errors: &mut Vec<CourseError>) -> Option<Outline> {
    let texts = Sections::read(files, "lessons/course", errors);
    let doc = match Doc::open(files, FILE) {
        Ok(doc) => doc,
        Err(error) => {
            errors.push(error);
            return None;
        }
    };
    let found = read_toml(&doc);
    errors.extend(doc.into_errors());
    let (id, days) = found?;
    Some(Outline { id, days, texts })
}

fn read_toml(doc: &Doc<'_>) -> Option<(String, Vec<DayLine>)> {
    let parsed = parse(doc)?;
    let mut table = Table::root(doc, &parsed)?;
    let id = table.id("id");
    let mut days: Vec<DayLine> = Vec::new();
    if !table.has("days") {
        table.missing("days");
    }
    for mut entry in table.tables("days") {
        let number = entry.number("number", 1..=999);
        let labs = labs(doc, &mut entry, &days);
        if let Some(number) = number {
            if days.iter().any(|day| day.number == number.value) {
                let id = number.value.to_string();
                entry.fault(number.offset, TomlFault::Duplicate { what: What::Day, id });
            }
            days.push(DayLine { number: number.value, labs });
        }
        entry.finish();
    }
    table.finish();
    days.sort_by_key(|day| day.number);
    Some((id?.value, days))
}

/// The labs of a day. A lab listed a second time is noted.
fn labs(doc: &Doc<'_>, entry: &mut Table<'_>, days: &[DayLine]) -> Vec<(String, Place)> {
    let mut labs: Vec<(String, Place)> = Vec::new();
    for At { value, offset } in entry.texts("labs") {
        let mut listed = days.iter().flat_map(|day| &day.labs).chain(&labs);
        if !is_id(&value.to_ascii_lowercase()) {
            entry.fault(offset, TomlFault::BadId { found: value });
        } else if listed.any(|(other, _)| *other == value) {
            entry.fault(offset, TomlFault::Duplicate { what: What::Lab, id: value });
        } else {
            labs.push((value, doc.place(offset)));
        }
    }
    labs
}

impl Outline {
    /// The course's title.
    pub(super) fn title(&self) -> Phrase {
        self.texts.get(&OutlineKey::Title).cloned().unwrap_or_else(|| Phrase::same(&self.id))
    }

    /// The title of a day, and the text below it.
    pub(super) fn day(&self, number: u32) -> (Phrase, Phrase) {
        let Some(Phrase { en, zh }) = self.texts.get(&OutlineKey::Day(number)) else {
            return (Phrase::same(number.to_string()), Phrase::same(""));
        };
        let ((en, en_below), (zh, zh_below)) = (first_line(en), first_line(zh));
        (Phrase::new(en, zh), Phrase::new(en_below, zh_below))
    }
}

impl Key for OutlineKey {
    const FORMS: &'static str = "# title, # day 1";

    fn of_heading(words: &[&str]) -> Option<Self> {
        match words {
            ["title"] => Some(Self::Title),
            ["day", number] => number.parse().ok().map(Self::Day),
            _ => None,
        }
    }
}

impl fmt::Display for OutlineKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Title => f.write_str("title"),
            Self::Day(number) => write!(f, "day {number}"),
        }
    }
}
