//! The course: days, lessons, labs, texts and environments, read from the binary or from a folder.
//!
//! [`Course::load`] reads every file and refuses what it cannot understand, with file, line and
//! column. [`check::check`] then holds a course that loads against the rules that make its labs
//! fair; it is what `course check` runs, and no learner waits for it.

mod attempt;
mod attempt_file;
mod blocks;
pub mod check;
mod doc;
mod fault;
mod issued;
mod kinds;
mod lab;
mod lab_file;
mod lab_folder;
mod lesson;
mod lesson_folder;
mod lesson_text;
mod needs;
mod outline;
mod params;
mod pieces;
mod place;
mod placeholder;
mod program;
mod sections;
mod setting;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod texts;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::phrase::Phrase;

pub use attempt::{Attempt, AttemptKind, Expected, Word};
pub use blocks::{Block, BlockError, BlockFault, CONSOLE, Command, Mark, blocks, script};
pub use fault::CourseError;
pub use issued::{Value, ValueSource};
pub use kinds::name_of;
pub use lab::{Cluster, Field, FieldType, Lab, Seed, SeedTopic};
pub use lesson::{Lesson, Section, Stage};
pub use pieces::lines;
pub use place::{Place, Position};
pub use placeholder::{ADDRESSES, substitute};
pub use program::{ProgramStep, Until};
pub use source::Source;
pub use texts::{TIERS, Texts};

use fault::{LabFault, TomlFault, What};
use outline::{Outline, OutlineKey};
use sections::Sections;
use source::Files;

/// A course.
#[derive(Debug, Clone)]
pub struct Course {
    /// Its name for other programs, kebab-case.
    pub id: String,
    /// Its title, without Markdown.
    pub title: Phrase,
    /// The days, by number.
    pub days: Vec<Day>,
    labs: Vec<Lab>,
    shared: Vec<(PathBuf, Vec<u8>)>,
    lessons: Vec<Lesson>,
    compose: BTreeMap<String, ComposeText>,
    texts: Sections<OutlineKey>,
}

/// A day of the course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// From 1; no two are equal, some may be missing.
    pub number: u32,
    /// The title, one line without Markdown.
    pub title: Phrase,
    /// What the day is about, Markdown.
    pub summary: Phrase,
    /// The ids of its labs, in the order in which they are offered.
    pub labs: Vec<String>,
}

/// A file of `compose/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposeText {
    /// How errors name the file: `compose/kraft-single.yaml` below the course's folder.
    pub file_name: String,
    /// What stands in it.
    pub text: String,
}

impl Course {
    /// Reads a course whole. All faults that can be told apart are told at once, file by file.
    pub fn load(source: &Source) -> Result<Self, Vec<CourseError>> {
        Self::read(&source.files()?)
    }

    /// The lab called `id`, in any case.
    pub fn lab(&self, id: &str) -> Option<&Lab> {
        self.labs.iter().find(|lab| lab.id.eq_ignore_ascii_case(id))
    }

    /// Every lab, in the order of the days.
    pub fn labs(&self) -> &[Lab] {
        &self.labs
    }

    /// Files that every workspace shares, by their name: those that lie in `labs/` itself, such as
    /// the Go module that all starters are packages of.
    pub fn shared_files(&self) -> &[(PathBuf, Vec<u8>)] {
        &self.shared
    }

    /// The day of this number.
    pub fn day(&self, number: u32) -> Option<&Day> {
        self.days.iter().find(|day| day.number == number)
    }

    /// The lesson of a day; some days have none.
    pub fn lesson(&self, day: u32) -> Option<&Lesson> {
        self.lessons.iter().find(|lesson| lesson.day == day)
    }

    /// Every lesson, in the order of the days.
    pub fn lessons(&self) -> &[Lesson] {
        &self.lessons
    }

    /// The file of an environment.
    pub fn compose(&self, environment: &str) -> Option<&ComposeText> {
        self.compose.get(environment)
    }

    /// The names of all environments.
    pub fn environments(&self) -> impl Iterator<Item = &str> {
        self.compose.keys().map(String::as_str)
    }

    fn read(files: &Files) -> Result<Self, Vec<CourseError>> {
        let mut errors = Vec::new();
        let compose = compose(files, &mut errors);
        let environments: Vec<String> = compose.keys().cloned().collect();
        let outline = outline::read(files, &mut errors);
        let labs = lab_folder::read_all(files, &environments, &mut errors);
        let lessons = lesson_folder::read_all(files, &environments, &mut errors);
        // Whether days, lessons and labs fit can be told only once all of them could be read.
        let outline = outline.filter(|_| errors.is_empty());
        let Some(outline) = outline else { return Err(errors) };
        errors.extend(misfits(&outline, &labs));
        errors.extend(lessons_of_no_day(&outline, &lessons));
        if !errors.is_empty() {
            return Err(errors);
        }
        let shared = lab_folder::shared_files(files);
        Ok(Self { shared, ..assemble(outline, labs, lessons, compose) })
    }
}

fn assemble(
    outline: Outline,
    labs: Vec<Lab>,
    lessons: Vec<Lesson>,
    compose: BTreeMap<String, ComposeText>,
) -> Course {
    let days: Vec<Day> = outline
        .days
        .iter()
        .map(|day| {
            let (title, summary) = outline.day(day.number);
            let labs = day.labs.iter().map(|(id, _)| id.clone()).collect();
            Day { number: day.number, title, summary, labs }
        })
        .collect();
    let order: BTreeMap<&str, usize> =
        days.iter().flat_map(|day| &day.labs).map(String::as_str).zip(0..).collect();
    let mut labs = labs;
    labs.sort_by_key(|lab| order.get(lab.id.as_str()).copied());
    Course {
        title: outline.title(),
        id: outline.id,
        days,
        labs,
        shared: Vec::new(),
        lessons,
        compose,
        texts: outline.texts,
    }
}

/// Labs that no day lists, labs that do not exist, and labs of the same name.
fn misfits(outline: &Outline, labs: &[Lab]) -> Vec<CourseError> {
    let mut errors = Vec::new();
    let listed = || outline.days.iter().flat_map(|day| &day.labs);
    for (id, place) in listed().filter(|(id, _)| !labs.iter().any(|lab| lab.id == *id)) {
        let known = labs.iter().map(|lab| lab.id.clone()).collect();
        let fault = TomlFault::Unknown { what: What::Lab, found: id.clone(), known };
        errors.push(CourseError::new(place.clone(), fault));
    }
    for (index, lab) in labs.iter().enumerate() {
        let id = lab.id.clone();
        if labs[..index].iter().any(|other| other.id.eq_ignore_ascii_case(&id)) {
            let fault = TomlFault::Duplicate { what: What::Lab, id };
            errors.push(CourseError::new(lab.places.id.clone(), fault));
        } else if !listed().any(|(listed, _)| *listed == id) {
            errors.push(CourseError::new(lab.places.id.clone(), LabFault::InNoDay { id }));
        }
    }
    errors
}

fn lessons_of_no_day(outline: &Outline, lessons: &[Lesson]) -> Vec<CourseError> {
    let days: Vec<String> = outline.days.iter().map(|day| day.number.to_string()).collect();
    let unknown = lessons.iter().filter(|lesson| !days.contains(&lesson.day.to_string()));
    unknown
        .map(|lesson| {
            let found = lesson.day.to_string();
            let fault = TomlFault::Unknown { what: What::Day, found, known: days.clone() };
            CourseError::new(lesson.file.clone(), fault)
        })
        .collect()
}

fn compose(files: &Files, errors: &mut Vec<CourseError>) -> BTreeMap<String, ComposeText> {
    let mut all = BTreeMap::new();
    for (file_name, _) in files.below("compose/") {
        let Some(environment) = file_name.strip_suffix(".yaml") else { continue };
        let path = format!("compose/{file_name}");
        match doc::Doc::open(files, &path) {
            Ok(doc) => {
                let file_name = files.place(&path).path().display().to_string();
                let text = ComposeText { file_name, text: doc.text().to_owned() };
                all.insert(environment.to_owned(), text);
            }
            Err(error) => errors.push(error),
        }
    }
    all
}
