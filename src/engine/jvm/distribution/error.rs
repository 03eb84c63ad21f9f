//! Why Kafka could not be provided, and why one source was passed over.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{Source, text};
use crate::phrase::Phrase;
use crate::problem::{Explain, Problem};

/// Why no Kafka could be provided.
#[derive(Debug, Error)]
pub enum DistributionError {
    /// The version is not in the table.
    #[error("{}", text::unknown_version(version))]
    UnknownVersion {
        /// The version asked for.
        version: String,
    },
    /// The caller called it off; what was downloaded so far stays for the next time.
    #[error("{}", text::cancelled())]
    Cancelled,
    /// The disk is full; whatever had been written was removed again.
    #[error("{}", text::disk_full(directory, *needed))]
    DiskFull {
        /// Where space is missing.
        directory: PathBuf,
        /// How much is needed there in all, in bytes.
        needed: u64,
    },
    /// The cache directory cannot be read or written.
    #[error("{}", text::cache_unusable(path, cause))]
    CacheUnusable {
        /// The file or directory in question.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// No source has it.
    #[error("{}", text::no_source(version, tried))]
    NoSource {
        /// The version asked for.
        version: String,
        /// Every source, in the order in which they were tried.
        tried: Vec<Skipped>,
    },
}

impl DistributionError {
    /// Tells a full disk from other trouble with a file of the cache.
    pub(super) fn of_io(cause: io::Error, path: &Path, needed: u64) -> Self {
        if is_full(&cause) {
            let directory = path.parent().unwrap_or(path).to_owned();
            Self::DiskFull { directory, needed }
        } else {
            Self::CacheUnusable { path: path.to_owned(), cause }
        }
    }
}

impl Explain for DistributionError {
    fn problem(&self) -> Problem {
        match self {
            Self::UnknownVersion { version } => Problem::usage(
                "kafka-version-unknown",
                text::unknown_version(version),
                text::unknown_version_hint(),
            ),
            Self::Cancelled => Problem::new("cancelled", text::cancelled(), text::cancelled_hint()),
            Self::DiskFull { directory, needed } => {
                Problem::new("disk-full", text::disk_full(directory, *needed), text::disk_hint())
            }
            Self::CacheUnusable { path, cause } => Problem::new(
                "cache-unusable",
                text::cache_unusable(path, cause),
                text::cache_hint(),
            ),
            Self::NoSource { version, tried } => Problem::new(
                "kafka-unavailable",
                text::no_source(version, tried),
                text::no_source_hint(version, tried),
            ),
        }
    }
}

/// A source that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Which one.
    pub source: Source,
    /// Why.
    pub reason: Reason,
}

impl Skipped {
    /// The source and the reason, for `doctor` and error messages.
    pub fn phrase(&self) -> Phrase {
        text::skipped(self)
    }
}

/// Why a source was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// `KAFKA_HOME` is not set.
    NotSet,
    /// `KAFKA_HOME` lacks a jar that this version has.
    WrongHome {
        /// The jar looked for.
        expected: PathBuf,
        /// Server jars of other versions found beside it.
        found: Vec<String>,
    },
    /// The cache holds nothing of this version.
    NotCached,
    /// The cache entry is not as it was written.
    EntryDamaged {
        /// The file at fault.
        file: PathBuf,
    },
    /// There is no `mvn` on PATH.
    NoMaven,
    /// `mvn` could not be started.
    MavenNotStarted {
        /// The program.
        program: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// `mvn` failed.
    MavenFailed {
        /// How it ended: `exit status: 1`.
        status: String,
        /// Its first error lines, without escape sequences.
        lines: Vec<String>,
    },
    /// What a source gave lacks a jar.
    JarMissing {
        /// The jar, or how its name begins.
        name: String,
    },
    /// What a source gave holds a file that is no jar.
    NotAJar {
        /// The file.
        name: String,
    },
    /// The archive server could not be reached.
    Unreachable {
        /// The address.
        url: String,
        /// What went wrong.
        cause: String,
    },
    /// The archive server answered with something else than the file.
    Status {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// The connection broke off; what came is kept.
    BrokenOff {
        /// The address.
        url: String,
        /// What went wrong.
        cause: String,
        /// Bytes kept.
        kept: u64,
        /// Bytes in all, where the server said so.
        total: Option<u64>,
    },
    /// No byte came for a while; what came before is kept.
    Silent {
        /// The address.
        url: String,
        /// How long was waited, in seconds.
        seconds: u64,
        /// Bytes kept.
        kept: u64,
        /// Bytes in all, where the server said so.
        total: Option<u64>,
    },
    /// The checksum file is not in a known format.
    ChecksumUnreadable {
        /// The address.
        url: String,
    },
    /// The archive is not the one its checksum is of; it was removed.
    ChecksumMismatch {
        /// The address.
        url: String,
        /// SHA-512 of the checksum file, in hex.
        expected: String,
        /// SHA-512 of what came, in hex.
        found: String,
    },
    /// The archive cannot be unpacked; it was removed.
    ArchiveDamaged {
        /// What went wrong.
        cause: String,
    },
    /// The archive holds an entry that would lead out of its folder, or a link; it was removed.
    UnsafeEntry {
        /// The entry, escaped.
        name: String,
    },
}

/// What ends the attempt at one source.
#[derive(Debug)]
pub(super) enum Obstacle {
    /// The next source may have it.
    Reason(Reason),
    /// No other source would help.
    Fatal(DistributionError),
}

impl Obstacle {
    /// The reason to go on to the next source, unless no other source would help.
    pub(super) fn passable(self) -> Result<Reason, DistributionError> {
        match self {
            Self::Reason(reason) => Ok(reason),
            Self::Fatal(error) => Err(error),
        }
    }
}

impl From<Reason> for Obstacle {
    fn from(reason: Reason) -> Self {
        Self::Reason(reason)
    }
}

impl From<DistributionError> for Obstacle {
    fn from(error: DistributionError) -> Self {
        Self::Fatal(error)
    }
}

/// Whether the disk or the quota is used up.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
