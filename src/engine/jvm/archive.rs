//! Class archives (`AppCDS`, JEP 350): a JVM maps them instead of parsing thousands of classes.
//!
//! An archive fits one JVM build and one ordered list of jars. It is trained after the learner's
//! first cluster is ready, by a process of its own on a cluster of its own, written aside and then
//! renamed.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::distribution::Distribution;
use super::java::Java;
use super::key::short_hex;
use super::launch::ClassArchive;

/// What an archive is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Brokers and controllers.
    Broker,
    /// CLI tools.
    Tools,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::Broker => "broker",
            Self::Tools => "tools",
        }
    }
}

/// The archives of one JVM build and one distribution.
#[derive(Debug, Clone)]
pub struct Archives {
    folder: PathBuf,
}

impl Archives {
    /// The archives that fit `java` and `distribution`, whether they exist yet or not.
    pub fn of(cache: &Path, java: &Java, distribution: &Distribution) -> Self {
        let build = fs::metadata(&java.program).and_then(|m| m.modified()).ok();
        let mut digest = Sha256::new();
        digest.update(format!(
            "{} {} {build:?} {}",
            java.program.display(),
            java.version,
            distribution.fingerprint
        ));
        // The archive names the jars' paths.
        digest.update(distribution.class_path().as_encoded_bytes());
        let key = short_hex(&digest.finalize());
        Self { folder: cache.join("archives").join(format!("{}-{key}", distribution.version)) }
    }

    /// Where they lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of one archive.
    pub fn file(&self, purpose: Purpose) -> PathBuf {
        self.folder.join(format!("{}.jsa", purpose.word()))
    }

    /// The archive to start with, if it is there.
    pub fn existing(&self, purpose: Purpose) -> Option<PathBuf> {
        Some(self.file(purpose)).filter(|path| path.is_file())
    }

    /// Whether all of them are there.
    pub fn complete(&self) -> bool {
        self.existing(Purpose::Broker).is_some() && self.existing(Purpose::Tools).is_some()
    }
}

/// The archive at `path`, or none.
pub fn use_if_any(path: Option<&PathBuf>) -> ClassArchive<'_> {
    path.map_or(ClassArchive::None, |path| ClassArchive::Use(path))
}
