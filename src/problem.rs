//! What a learner is told when something could not be done.

use std::fmt;

use crate::phrase::Phrase;

/// Something could not be done: what, and what to do next.
///
/// Every error type of the program turns into one at the edge (screen, plain text, JSON).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A stable name for other programs, kebab-case: `port-busy`.
    pub code: &'static str,
    /// What was expected, what was found, and where.
    pub message: Phrase,
    /// The next step.
    pub hint: Phrase,
    /// Whether the command line or the course is at fault (exit code 2), or the surroundings (1).
    pub kind: ProblemKind,
}

/// Who can mend a [`Problem`]; decides the exit code (DESIGN §7 of the project).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// Wrong usage, an unknown id, a lab that is not started, a broken course.
    Usage,
    /// The machine: no Java, a busy port, a full disk.
    Surroundings,
    /// A cluster that does not answer.
    CouldNotAsk,
}

impl Problem {
    /// A problem of the surroundings; see [`Problem::usage`] and [`Problem::could_not_ask`].
    pub const fn new(code: &'static str, message: Phrase, hint: Phrase) -> Self {
        Self { code, message, hint, kind: ProblemKind::Surroundings }
    }

    /// A problem of the command line or the course.
    pub const fn usage(code: &'static str, message: Phrase, hint: Phrase) -> Self {
        Self { code, message, hint, kind: ProblemKind::Usage }
    }

    /// A cluster did not answer.
    pub const fn could_not_ask(code: &'static str, message: Phrase, hint: Phrase) -> Self {
        Self { code, message, hint, kind: ProblemKind::CouldNotAsk }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message.fmt(f)
    }
}

impl std::error::Error for Problem {}

/// A typed error that can be explained to a learner.
pub trait Explain: std::error::Error {
    /// The error in the learner's terms.
    fn problem(&self) -> Problem;
}

impl<E: Explain> From<E> for Problem {
    fn from(error: E) -> Self {
        error.problem()
    }
}
