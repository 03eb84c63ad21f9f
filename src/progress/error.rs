//! Why progress could not be read or recorded.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::line::VERSION;
use crate::problem::{Explain, Problem};

/// Progress could not be read or recorded. What was acknowledged before is untouched.
#[derive(Debug, thiserror::Error)]
pub enum ProgressError {
    /// A newer program has written to the log. This one neither reads nor writes it.
    #[error("{} has lines of format {version}, newer than {VERSION}", path.display())]
    TooNew {
        /// The log.
        path: PathBuf,
        /// The format version that was found.
        version: u32,
    },
    /// There is something at the log's path, but no file.
    #[error("{} is not a file", path.display())]
    NotAFile {
        /// The log's path.
        path: PathBuf,
    },
    /// The system refused.
    #[error("{} ({doing:?}): {source}", path.display())]
    Io {
        /// What was being done.
        doing: Doing,
        /// To what: the log, its lock, or a directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What was being done when the system refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Making the log's directory, or making it safe on the disk.
    MakeDirectory,
    /// Opening the lock or waiting for it.
    Lock,
    /// Opening the log.
    Open,
    /// Reading it.
    Read,
    /// Appending to it.
    Write,
}

impl ProgressError {
    /// Turns what the system said into an error.
    pub(super) fn io(doing: Doing, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { doing, path: path.to_owned(), source }
    }

    /// Whether the learner may not do this there.
    pub(super) fn is_denied(&self) -> bool {
        matches!(self, Self::Io { source, .. } if Cause::of(source) == Cause::Denied)
    }
}

impl Explain for ProgressError {
    fn problem(&self) -> Problem {
        match self {
            Self::TooNew { path, version } => text::too_new(path, *version),
            Self::NotAFile { path } => text::not_a_file(path),
            Self::Io { doing, path, source } => match Cause::of(source) {
                Cause::Full => text::full(path, source),
                Cause::Denied => text::denied(path, source),
                Cause::NotADirectory => text::not_a_directory(path, source),
                Cause::Other => text::refused(*doing, path, source),
            },
        }
    }
}

/// The refusals that have a next step of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    Full,
    Denied,
    NotADirectory,
    Other,
}

impl Cause {
    fn of(error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::Full
            }
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::Denied,
            // The standard library says "already exists" of a directory's name that is a file's.
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => Self::NotADirectory,
            _ => Self::Other,
        }
    }
}

mod text {
    use std::io;
    use std::path::Path;

    use super::super::line::Damage;
    use super::super::line::VERSION;
    use super::Doing;
    use crate::phrase;
    use crate::phrase::Phrase;
    use crate::printable;
    use crate::problem::Problem;

    pub(super) fn too_new(path: &Path, version: u32) -> Problem {
        Problem::new(
            "progress-too-new",
            phrase!(
                "{path} was written by a newer kafka-workbook: it has format {version}, this program knows up to {VERSION}",
                "{path} 由更新的 kafka-workbook 写入：其中有格式 {version}，这个程序只认识到 {VERSION}",
                path = path.display()
            ),
            phrase!(
                "use the newer kafka-workbook, or give this one a home of its own with KAFKA_WORKBOOK_HOME; the file was not changed",
                "请用较新的 kafka-workbook，或者用 KAFKA_WORKBOOK_HOME 给这个程序单独指定主目录；文件没有改动"
            ),
        )
    }

    pub(super) fn not_a_file(path: &Path) -> Problem {
        Problem::new(
            "progress-not-a-file",
            phrase!(
                "progress is kept in the file {path}, but what is there is not a file",
                "学习进度应保存在文件 {path}，但那里不是普通文件",
                path = path.display()
            ),
            phrase!(
                "see what it is with `ls -ld {path}` and move it away, or set KAFKA_WORKBOOK_HOME to another directory",
                "用 `ls -ld {path}` 看看那是什么，把它移走；或者把 KAFKA_WORKBOOK_HOME 设为别的目录",
                path = path.display()
            ),
        )
    }

    pub(super) fn full(path: &Path, source: &io::Error) -> Problem {
        Problem::new(
            "progress-disk-full",
            phrase!(
                "no room to write {path}: {source}; this step was not recorded, all before it is safe",
                "没有空间写入 {path}：{source}；这一步没有记录，之前的都完好",
                path = path.display()
            ),
            phrase!(
                "free space there (`df -h {path}` shows how much is left; also check quota and `ulimit -f`), then repeat the step",
                "在那里腾出空间（`df -h {path}` 显示剩余空间；也检查配额和 `ulimit -f`），然后重做这一步",
                path = path.display()
            ),
        )
    }

    pub(super) fn denied(path: &Path, source: &io::Error) -> Problem {
        Problem::new(
            "progress-denied",
            phrase!(
                "you may not use {path}: {source}",
                "你无权使用 {path}：{source}",
                path = path.display()
            ),
            phrase!(
                "see who may with `ls -ld {path}` and its directory, or set KAFKA_WORKBOOK_HOME to a directory that you can write",
                "用 `ls -ld {path}` 查看它和所在目录的权限，或者把 KAFKA_WORKBOOK_HOME 设为你可写的目录",
                path = path.display()
            ),
        )
    }

    pub(super) fn not_a_directory(path: &Path, source: &io::Error) -> Problem {
        Problem::new(
            "progress-no-directory",
            phrase!(
                "{path} needs a directory where there is a file: {source}",
                "{path} 需要目录，但那里是文件：{source}",
                path = path.display()
            ),
            phrase!(
                "move that file away, or set KAFKA_WORKBOOK_HOME to another directory",
                "把那个文件移走，或者把 KAFKA_WORKBOOK_HOME 设为别的目录"
            ),
        )
    }

    pub(super) fn refused(doing: Doing, path: &Path, source: &io::Error) -> Problem {
        let Phrase { en, zh } = what(doing);
        Problem::new(
            "progress-io",
            phrase!(
                "could not {en} {path}: {source}",
                "无法{zh} {path}：{source}",
                path = path.display()
            ),
            phrase!(
                "all recorded before is safe; if this stays, copy the file and set KAFKA_WORKBOOK_HOME to a directory on another disk",
                "之前的记录都完好；如果一直如此，请复制该文件，并把 KAFKA_WORKBOOK_HOME 设为另一块磁盘上的目录"
            ),
        )
    }

    fn what(doing: Doing) -> Phrase {
        match doing {
            Doing::MakeDirectory => phrase!("make the directory", "创建目录"),
            Doing::Lock => phrase!("lock", "锁定"),
            Doing::Open => phrase!("open", "打开"),
            Doing::Read => phrase!("read", "读取"),
            Doing::Write => phrase!("write", "写入"),
        }
    }

    impl Damage {
        /// What is wrong, in the learner's terms.
        pub fn phrase(&self) -> Phrase {
            match self {
                Self::CutOff => phrase!(
                    "a write that a crash cut off before it was acknowledged",
                    "崩溃打断的一次写入，从未确认成功"
                ),
                Self::NotALine => phrase!("not a line of progress", "不是进度记录"),
                Self::Checksum => {
                    phrase!("changed after it was written", "写入之后内容被改动过")
                }
                Self::Misshapen { reason } => {
                    let reason = printable::name(reason);
                    phrase!("not understood: {reason}", "无法理解：{reason}")
                }
            }
        }
    }
}
