//! What has been fetched before: `<cache>/kafka/<version>/{libs/*.jar, manifest.json}`.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;

use super::error::{DistributionError, Obstacle, Reason};
use super::manifest::Manifest;
use super::release::Release;
use super::{POLL, jars, text};
use crate::engine::files::remove_tree;
use crate::engine::report::{Report, Step};

/// The part of the cache that is about one version.
#[derive(Debug)]
pub(super) struct Cache {
    root: PathBuf,
    release: &'static Release,
}

impl Cache {
    pub(super) fn new(cache: &Path, release: &'static Release) -> Self {
        let cache = std::path::absolute(cache).unwrap_or_else(|_| cache.to_owned());
        Self { root: cache.join("kafka"), release }
    }

    /// The folder of the jars.
    pub(super) fn libs(&self) -> PathBuf {
        self.entry().join(LIBS)
    }

    /// Where the release archive is downloaded to.
    pub(super) fn part(&self) -> PathBuf {
        self.root.join(format!("{}.part", self.release.archive_name()))
    }

    /// What is there, judged by manifest, existence and size alone: this is on the way of every
    /// start.
    pub(super) fn load(&self) -> Result<Manifest, Reason> {
        let path = self.entry().join(MANIFEST);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Reason::NotCached),
            Err(_) => return Err(Reason::EntryDamaged { file: path }),
        };
        let manifest = Manifest::parse(&bytes, self.release.version)
            .ok_or(Reason::EntryDamaged { file: path })?;
        let libs = self.libs();
        let changed = manifest.jars().iter().find(|jar| {
            fs::metadata(libs.join(&jar.name))
                .map_or(true, |found| !found.is_file() || found.len() != jar.size)
        });
        match changed {
            Some(jar) => Err(Reason::EntryDamaged { file: libs.join(&jar.name) }),
            None => Ok(manifest),
        }
    }

    /// Waits until nobody else fetches this version. The open file is the lock.
    pub(super) fn lock(&self, report: &dyn Report) -> Result<File, DistributionError> {
        let path = self.root.join(format!("{}.lock", self.release.version));
        let failed = |cause| DistributionError::of_io(cause, &path, self.release.jar_bytes);
        fs::create_dir_all(&self.root).map_err(failed)?;
        let file = File::options().create(true).append(true).open(&path).map_err(failed)?;
        let mut told = false;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(cause)) => return Err(failed(cause)),
                Err(TryLockError::WouldBlock) if report.cancelled() => {
                    return Err(DistributionError::Cancelled);
                }
                Err(TryLockError::WouldBlock) => {}
            }
            if !told {
                report.step(&Step::new(text::waiting(self.release.version)));
                told = true;
            }
            thread::sleep(POLL);
        }
    }

    /// Lets `fetch` put jars into an empty folder (its first argument; the second is for work
    /// files), looks at them, and only then puts the folder in the entry's place.
    pub(super) fn fill(
        &self,
        _held: &File,
        fetch: impl FnOnce(&Path, &Path) -> Result<(), Obstacle>,
    ) -> Result<Manifest, Obstacle> {
        let workshop = Workshop::new(self.root.join(format!("{}.new", self.release.version)))
            .map_err(|cause| self.failed(cause))?;
        let libs = workshop.entry().join(LIBS);
        let jars = fetch(&libs, &workshop.work())
            .and_then(|()| jars::inspect(&libs, self.release))
            .map_err(|obstacle| self.named(obstacle))?;
        let manifest = Manifest::new(self.release.version, jars);
        manifest
            .write(&workshop.entry().join(MANIFEST))
            .and_then(|()| self.replace_entry(&workshop))
            .map_err(|cause| self.failed(cause))?;
        Ok(manifest)
    }

    fn replace_entry(&self, workshop: &Workshop) -> io::Result<()> {
        let entry = self.entry();
        if entry.exists() {
            // A rename cannot replace a folder that is not empty. The old one goes with the workshop.
            fs::rename(&entry, workshop.0.join("old"))?;
        }
        fs::rename(workshop.entry(), entry)
    }

    /// A full disk is named by a folder that is still there afterwards.
    fn named(&self, obstacle: Obstacle) -> Obstacle {
        match obstacle {
            Obstacle::Fatal(DistributionError::DiskFull { needed, .. }) => {
                DistributionError::DiskFull { directory: self.root.clone(), needed }.into()
            }
            other => other,
        }
    }

    fn failed(&self, cause: io::Error) -> DistributionError {
        DistributionError::of_io(cause, &self.entry(), self.release.jar_bytes)
    }

    fn entry(&self) -> PathBuf {
        self.root.join(self.release.version)
    }
}

/// A folder beside the entry in which the next one is made; removed when dropped.
#[derive(Debug)]
struct Workshop(PathBuf);

impl Workshop {
    fn new(path: PathBuf) -> io::Result<Self> {
        let workshop = Self(path);
        remove_tree(&workshop.0)?;
        fs::create_dir_all(workshop.entry().join(LIBS))?;
        fs::create_dir_all(workshop.work())?;
        Ok(workshop)
    }

    fn entry(&self) -> PathBuf {
        self.0.join("entry")
    }

    fn work(&self) -> PathBuf {
        self.0.join("work")
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // What cannot be removed now is removed before the next fetch.
        let _left_behind = remove_tree(&self.0);
    }
}

const LIBS: &str = "libs";
const MANIFEST: &str = "manifest.json";
