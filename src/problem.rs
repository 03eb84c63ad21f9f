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
        match e.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => text::disk_full(path),
            io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
                text::in_the_way(path).unwrap_or_else(|| text::unusable(path, e))
            }
            _ => text::unusable(path, e),
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

mod text {
    use super::{Path, Problem, io, phrase};

    pub fn disk_full(path: &Path) -> Problem {
        let path = path.display();
        Problem::new(
            "disk-full",
            phrase!("the disk that holds {path} is full", "{path} 所在的磁盘已满"),
            phrase!(
                "free some space (df -h and df -i show what is left), or move to another disk with KAFKA_WORKBOOK_HOME and KAFKA_WORKBOOK_CACHE",
                "腾出空间（df -h 和 df -i 显示剩余），或用 KAFKA_WORKBOOK_HOME 和 KAFKA_WORKBOOK_CACHE 换到别的磁盘"
            ),
        )
    }

    pub fn unusable(path: &Path, e: &io::Error) -> Problem {
        let path = path.display();
        Problem::new(
            "state-file",
            phrase!("{path} cannot be used: {e}", "无法使用 {path}：{e}"),
            phrase!(
                "see that the folder belongs to you, or set KAFKA_WORKBOOK_HOME and KAFKA_WORKBOOK_CACHE",
                "确认目录归你所有，或设置 KAFKA_WORKBOOK_HOME 和 KAFKA_WORKBOOK_CACHE"
            ),
        )
    }

    /// What stands above `path` in the place of a folder. The system speaks of a file that exists
    /// even where it is a link that leads nowhere.
    pub fn in_the_way(path: &Path) -> Option<Problem> {
        let is_there = |place: &&Path| place.symlink_metadata().is_ok();
        let found = path.ancestors().find(is_there).filter(|found| !found.is_dir())?;
        let name = found.display();
        let message = if found.exists() {
            phrase!("{name} is a file, a folder is expected there", "{name} 是文件，这里应为目录")
        } else {
            phrase!(
                "{name} is a link that leads nowhere, a folder is expected there",
                "{name} 是失效的链接，这里应为目录"
            )
        };
        let hint = phrase!(
            "move it away, or set KAFKA_WORKBOOK_HOME and KAFKA_WORKBOOK_CACHE",
            "把它移走，或设置 KAFKA_WORKBOOK_HOME 和 KAFKA_WORKBOOK_CACHE"
        );
        Some(Problem::new("state-file", message, hint))
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

    #[test]
    fn what_stands_in_the_place_of_a_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link] = ["file", "link"].map(|name| folder.path().join(name));
        std::fs::write(&file, "").unwrap();
        std::os::unix::fs::symlink("/nonsense/nowhere", &link).unwrap();
        for (place, words) in [(&file, "is a file"), (&link, "is a link that leads nowhere")] {
            for path in [place.join("env"), place.join("deeper/than/that")] {
                let refused = std::fs::create_dir_all(&path).unwrap_err();
                let problem = Problem::file(&path, &refused);
                assert_eq!(problem.code, "state-file");
                let begin = format!("{} {words}", place.display());
                assert!(problem.message.en.starts_with(&begin), "{problem}");
            }
        }
    }
}
