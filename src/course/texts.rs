//! What a learner reads in a lab.

use std::collections::BTreeMap;
use std::fmt;

use crate::phrase::Phrase;

use super::fault::CourseError;
use super::sections::{Key, Sections};
use super::source::Files;

/// The tiers of hints: where to look, what to use, what to type.
pub const TIERS: [u8; 3] = [1, 2, 3];

static NOTHING: Phrase = Phrase { en: String::new(), zh: String::new() };

/// The texts of a lab, Markdown in both languages. What a course lacks is empty here and an error
/// of `course check`.
#[derive(Debug, Clone)]
pub struct Texts {
    /// The lab's title, without Markdown.
    pub title: Phrase,
    /// The task.
    pub task: Phrase,
    checks: BTreeMap<String, CheckText>,
    pub(super) sections: Sections<TextKey>,
}

#[derive(Debug, Clone)]
struct CheckText {
    title: Phrase,
    description: Phrase,
}

/// The id of a section in task.en.md and task.zh.md.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TextKey {
    Title,
    Task,
    Check(String),
    Hint(String, u8),
    Mistake(String),
    Field(String),
}

impl Texts {
    pub(super) fn read(files: &Files, folder: &str, errors: &mut Vec<CourseError>) -> Self {
        let sections = Sections::read(files, &format!("{folder}task"), errors);
        let of = |key: &TextKey| sections.get(key).cloned().unwrap_or_else(|| NOTHING.clone());
        Self {
            title: of(&TextKey::Title),
            task: of(&TextKey::Task),
            checks: check_texts(&sections),
            sections,
        }
    }

    /// A check's title, one line.
    pub fn check_title(&self, check: &str) -> &Phrase {
        self.checks.get(check).map_or(&NOTHING, |text| &text.title)
    }

    /// What a check asks, below its title; may be empty.
    pub fn check_description(&self, check: &str) -> &Phrase {
        self.checks.get(check).map_or(&NOTHING, |text| &text.description)
    }

    /// A check's hint of a tier, 1 to 3.
    pub fn hint(&self, check: &str, tier: u8) -> &Phrase {
        self.sections.get(&TextKey::Hint(check.to_owned(), tier)).unwrap_or(&NOTHING)
    }

    /// What a named mistake is, how it can be told, and what to do now.
    pub fn mistake(&self, mistake: &str) -> Option<&Phrase> {
        self.sections.get(&TextKey::Mistake(mistake.to_owned()))
    }

    /// What an answer field asks.
    pub fn field(&self, field: &str) -> &Phrase {
        self.sections.get(&TextKey::Field(field.to_owned())).unwrap_or(&NOTHING)
    }
}

fn check_texts(sections: &Sections<TextKey>) -> BTreeMap<String, CheckText> {
    let keys = crate::phrase::Lang::ALL.into_iter().flat_map(|lang| sections.spots(lang).keys());
    keys.filter_map(|key| {
        let TextKey::Check(id) = key else { return None };
        let Phrase { en, zh } = sections.get(key)?;
        let ((en, en_below), (zh, zh_below)) = (first_line(en), first_line(zh));
        let title = Phrase::new(en, zh);
        Some((id.clone(), CheckText { title, description: Phrase::new(en_below, zh_below) }))
    })
    .collect()
}

/// The first line, and what stands below it.
pub(super) fn first_line(text: &str) -> (&str, &str) {
    let (first, below) = text.split_once('\n').unwrap_or((text, ""));
    (first.trim(), below.trim_start_matches(['\n', '\r']))
}

impl Key for TextKey {
    const FORMS: &'static str =
        "# title, # task, # check ID, # hint ID 1 (to 3), # mistake ID, # field ID";

    fn of_heading(words: &[&str]) -> Option<Self> {
        match words {
            ["title"] => Some(Self::Title),
            ["task"] => Some(Self::Task),
            ["check", id] => Some(Self::Check((*id).to_owned())),
            ["hint", id, tier] => {
                let tier = TIERS.into_iter().find(|known| known.to_string() == **tier)?;
                Some(Self::Hint((*id).to_owned(), tier))
            }
            ["mistake", id] => Some(Self::Mistake((*id).to_owned())),
            ["field", id] => Some(Self::Field((*id).to_owned())),
            _ => None,
        }
    }
}

impl fmt::Display for TextKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Title => f.write_str("title"),
            Self::Task => f.write_str("task"),
            Self::Check(id) => write!(f, "check {id}"),
            Self::Hint(id, tier) => write!(f, "hint {id} {tier}"),
            Self::Mistake(id) => write!(f, "mistake {id}"),
            Self::Field(id) => write!(f, "field {id}"),
        }
    }
}
