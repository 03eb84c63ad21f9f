//! Class archives (`AppCDS`, JEP 350): a JVM maps them instead of parsing thousands of classes.
//!
//! An archive fits one JVM build and one ordered list of jars. It is trained after the learner's
//! first cluster is ready, by a process of its own on a cluster of its own, written aside and then
//! renamed.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::distribution::Distribution;
use super::java::Java;
use super::key::short_hex;
use super::launch::ClassArchive;
use super::layout::Program;
use crate::engine::cluster::Cluster;

/// What an archive is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Brokers and controllers.
    Broker,
    /// Servers of `ZooKeeper`.
    ZooKeeper,
    /// CLI tools.
    Tools,
}

impl Purpose {
    /// What a node is started with.
    pub const fn of(program: Program) -> Self {
        match program {
            Program::KRaft | Program::Broker => Self::Broker,
            Program::ZooKeeper => Self::ZooKeeper,
        }
    }

    /// The purposes that a cluster has.
    pub fn of_cluster(cluster: &Cluster) -> Vec<Self> {
        let server = (!cluster.zookeepers().is_empty()).then_some(Self::ZooKeeper);
        [Self::Broker, Self::Tools].into_iter().chain(server).collect()
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Broker => "broker",
            Self::ZooKeeper => "zookeeper",
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

    /// Puts an archive that was written elsewhere on the same disk in its place. A JVM that maps
    /// one that is cut short crashes: it is made safe first, and its name says how long it is.
    pub fn place(&self, purpose: Purpose, written: &Path) -> io::Result<()> {
        let file = File::open(written)?;
        file.sync_all()?;
        let length = file.metadata()?.len();
        fs::rename(written, self.folder.join(name_of(purpose, length)))
    }

    /// The archive to start with, if it is there and as long as it was written.
    pub fn existing(&self, purpose: Purpose) -> Option<PathBuf> {
        let files = fs::read_dir(&self.folder).ok()?.flatten();
        let mut whole = files.filter(|file| {
            let length = file.metadata().map_or(0, |found| found.len());
            file.file_name() == *name_of(purpose, length)
        });
        whole.next().map(|file| file.path())
    }

    /// Whether there is one for each of these.
    pub fn complete(&self, purposes: &[Purpose]) -> bool {
        purposes.iter().all(|purpose| self.existing(*purpose).is_some())
    }
}

fn name_of(purpose: Purpose, length: u64) -> String {
    format!("{}-{length}.jsa", purpose.word())
}

/// The archive at `path`, or none.
pub fn use_if_any(path: Option<&PathBuf>) -> ClassArchive<'_> {
    path.map_or(ClassArchive::None, |path| ClassArchive::Use(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_that_was_cut_short_is_none() {
        let cache = tempfile::tempdir().unwrap();
        let archives = Archives { folder: cache.path().join("archives") };
        assert_eq!(archives.existing(Purpose::Broker), None);
        fs::create_dir(archives.folder()).unwrap();
        let written = cache.path().join("written");
        fs::write(&written, [1; 1000]).unwrap();
        archives.place(Purpose::Broker, &written).unwrap();
        assert!(!written.exists() && !archives.complete(&[Purpose::Broker, Purpose::Tools]));
        let placed = archives.existing(Purpose::Broker).unwrap();
        assert_eq!(
            (fs::read(&placed).unwrap().len(), archives.existing(Purpose::Tools)),
            (1000, None)
        );
        File::options().write(true).open(&placed).unwrap().set_len(999).unwrap();
        assert_eq!(archives.existing(Purpose::Broker), None);
    }
}
