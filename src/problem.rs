//! What a learner is told when something could not be done.

use std::path::Path;
use std::{fmt, io};

use crate::phrase;
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
    /// Nothing: it keeps nobody from going on, and is only told.
    Warning,
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

    /// Something that keeps nobody from going on.
    pub const fn warning(code: &'static str, message: Phrase, hint: Phrase) -> Self {
        Self { code, message, hint, kind: ProblemKind::Warning }
    }

    /// A file or folder of ours cannot be used.
    pub fn file(path: &Path, e: &io::Error) -> Self {
        let path = path.display();
        match e.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::new(
                "disk-full",
                phrase!("the disk that holds {path} is full", "{path} 所在的磁盘已满"),
                phrase!(
                    "free some space, or move to another disk with KAFKA_WORKBOOK_HOME and KAFKA_WORKBOOK_CACHE",
                    "腾出空间，或用 KAFKA_WORKBOOK_HOME 和 KAFKA_WORKBOOK_CACHE 换到别的磁盘"
                ),
            ),
            _ => Self::new(
                "state-file",
                phrase!("{path} cannot be used: {e}", "无法使用 {path}：{e}"),
                phrase!(
                    "see that the folder belongs to you, or set KAFKA_WORKBOOK_HOME and KAFKA_WORKBOOK_CACHE",
                    "确认目录归你所有，或设置 KAFKA_WORKBOOK_HOME 和 KAFKA_WORKBOOK_CACHE"
                ),
            ),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_a_folder_that_is_not_ours() {
        let told = |kind: io::ErrorKind| Problem::file(Path::new("/p"), &kind.into()).code;
        assert_eq!(told(io::ErrorKind::StorageFull), "disk-full");
        assert_eq!(told(io::ErrorKind::QuotaExceeded), "disk-full");
        assert_eq!(told(io::ErrorKind::PermissionDenied), "state-file");
    }
}
