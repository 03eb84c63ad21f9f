//! A fault in the course's files, with its place.

mod attempts;
mod files;
mod labs;
mod lessons;
mod terms;
mod texts;
mod tomls;

use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::{Explain, Problem};

use super::blocks::BlockFault;
use super::place::Place;

pub(super) use attempts::AttemptFault;
pub(super) use files::FileFault;
pub(super) use labs::LabFault;
pub(super) use lessons::LessonFault;
pub(super) use terms::{Type, What};
pub(super) use texts::TextFault;
pub(super) use tomls::TomlFault;

/// Something is wrong in a file of the course.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {}", .fault.told().message)]
pub struct CourseError {
    place: Place,
    /// Boxed: a `Result` should not be as large as its rarest case.
    fault: Box<Fault>,
}

/// What is wrong, by the part of the course that found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    File(FileFault),
    Toml(TomlFault),
    Lab(LabFault),
    Lesson(LessonFault),
    Block(BlockFault),
    Text(TextFault),
    Attempt(AttemptFault),
}

/// A fault in the author's terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// A stable name, kebab-case.
    pub code: &'static str,
    /// What was expected and what was found.
    pub message: Phrase,
    /// The next step.
    pub hint: Phrase,
}

impl CourseError {
    pub(super) fn new(place: Place, fault: impl Into<Fault>) -> Self {
        Self { place, fault: Box::new(fault.into()) }
    }

    /// Where it is.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Its stable name, kebab-case: `unknown-key`.
    pub fn code(&self) -> &'static str {
        self.fault.told().code
    }
}

impl Explain for CourseError {
    fn problem(&self) -> Problem {
        let Told { code, message, hint } = self.fault.told();
        let place = &self.place;
        let Phrase { en, zh } = message;
        let message = phrase!("{place}: {en}", "{place}：{zh}");
        Problem::usage(code, message, hint)
    }
}

impl Fault {
    fn told(&self) -> Told {
        match self {
            Self::File(fault) => fault.told(),
            Self::Toml(fault) => fault.told(),
            Self::Lab(fault) => fault.told(),
            Self::Lesson(fault) => fault.told(),
            Self::Block(fault) => fault.told(),
            Self::Text(fault) => fault.told(),
            Self::Attempt(fault) => fault.told(),
        }
    }
}

macro_rules! fault_from {
    ($($variant:ident($kind:ident)),*) => {$(
        impl From<$kind> for Fault {
            fn from(fault: $kind) -> Self {
                Self::$variant(fault)
            }
        }
    )*};
}

fault_from!(
    File(FileFault),
    Toml(TomlFault),
    Lab(LabFault),
    Lesson(LessonFault),
    Block(BlockFault),
    Text(TextFault),
    Attempt(AttemptFault)
);

impl Told {
    pub(super) const fn new(code: &'static str, message: Phrase, hint: Phrase) -> Self {
        Self { code, message, hint }
    }
}
