//! Gets the jars of an exact Apache Kafka version from the first source that has them: `KAFKA_HOME`,
//! the program's cache, the user's Maven, the Apache project's release archive.

mod archive;
mod cache;
mod checksum;
mod download;
mod error;
mod http;
mod jars;
mod kafka_home;
mod manifest;
mod maven;
mod release;
#[cfg(test)]
mod tests;
mod text;
mod unpack;

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use self::error::{DistributionError, Reason, Skipped};

use self::cache::Cache;
use self::error::Obstacle;
use self::http::Limits;
use self::kafka_home::Installed;
use self::manifest::Manifest;
use self::release::Release;
use crate::engine::jvm::logging::LogBackend;
use crate::engine::report::Report;

/// What is wanted, and where it may come from.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The Kafka version: `4.3.1`.
    pub version: &'a str,
    /// The program's cache directory; the jars go to `kafka/<version>/libs` below it.
    pub cache: &'a Path,
    /// `KAFKA_HOME`, where set.
    pub kafka_home: Option<&'a Path>,
    /// `KAFKA_WORKBOOK_ARCHIVE_URL`, where set: the address above the folders of versions.
    pub archive_url: Option<&'a str>,
    /// The `mvn` program; `None` if it is not installed.
    pub maven: Option<&'a Path>,
}

/// Kafka's jars, on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// The Kafka version.
    pub version: String,
    /// The class path: absolute, sorted by file name, as a class archive needs one order.
    pub jars: Vec<PathBuf>,
    /// One hash over names and contents of the jars in that order, for whatever is derived from
    /// them. Of `KAFKA_HOME` it rests on sizes and times.
    pub fingerprint: String,
    /// Where they come from.
    pub source: Source,
    /// The sources before it, and why each was not taken.
    pub skipped: Vec<Skipped>,
}

impl Distribution {
    /// The library that its jars log with.
    pub fn log_backend(&self) -> LogBackend {
        let is_reload4j = |jar: &PathBuf| {
            jar.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("slf4j-reload4j-"))
        };
        if self.jars.iter().any(is_reload4j) { LogBackend::Reload4j } else { LogBackend::Log4j2 }
    }

    /// The class path as a JVM takes it.
    pub fn class_path(&self) -> OsString {
        let mut path = OsString::new();
        for (at, jar) in self.jars.iter().enumerate() {
            if at > 0 {
                path.push(":");
            }
            path.push(jar);
        }
        path
    }
}

/// Where Kafka can come from, in the order in which it is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The installed Kafka that `KAFKA_HOME` names.
    KafkaHome,
    /// What was fetched before.
    Cache,
    /// The user's Maven.
    Maven,
    /// The Apache project's release archive.
    Archive,
}

/// How often a wait looks whether it was called off.
const POLL: Duration = Duration::from_millis(50);

const LIMITS: Limits =
    Limits { connect: Duration::from_secs(10), silence: Duration::from_secs(30) };

/// Provides `wanted.version` from the first source that has it. Blocks, for minutes if it must be
/// downloaded; a second caller waits for the first one and finds the cache filled.
pub fn provide(
    wanted: &Wanted<'_>,
    report: &dyn Report,
) -> Result<Distribution, DistributionError> {
    provide_within(wanted, LIMITS, report)
}

fn provide_within(
    wanted: &Wanted<'_>,
    limits: Limits,
    report: &dyn Report,
) -> Result<Distribution, DistributionError> {
    let release = release::find(wanted.version)?;
    let cache = Cache::new(wanted.cache, release);
    Search { wanted, release, cache, limits, report, skipped: Vec::new() }.run()
}

/// Where Kafka is on this machine, or would come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prospect {
    /// The first source that has it, or the first that may be able to fetch it.
    pub source: Source,
    /// The sources before it, and why each was passed over.
    pub skipped: Vec<Skipped>,
}

/// Looks for `wanted.version` on this machine. Nothing is fetched and nothing is changed: whether a
/// source that is not here can be reached, is not tried.
pub fn look(wanted: &Wanted<'_>) -> Result<Prospect, DistributionError> {
    let release = release::find(wanted.version)?;
    let mut skipped = Vec::new();
    let mut skip = |source, reason| skipped.push(Skipped { source, reason });
    let source = 'found: {
        match kafka_home::find(wanted.kafka_home, release) {
            Ok(_) => break 'found Source::KafkaHome,
            Err(reason) => skip(Source::KafkaHome, reason),
        }
        match Cache::new(wanted.cache, release).load() {
            Ok(_) => break 'found Source::Cache,
            Err(reason) => skip(Source::Cache, reason),
        }
        if wanted.maven.is_some() {
            break 'found Source::Maven;
        }
        skip(Source::Maven, Reason::NoMaven);
        Source::Archive
    };
    Ok(Prospect { source, skipped })
}

/// About how much the jars of a version take, in bytes; `None` of one that is not known.
pub fn jar_bytes(version: &str) -> Option<u64> {
    release::find(version).ok().map(|release| release.jar_bytes)
}

/// One way through the sources.
struct Search<'a> {
    wanted: &'a Wanted<'a>,
    release: &'static Release,
    cache: Cache,
    limits: Limits,
    report: &'a dyn Report,
    skipped: Vec<Skipped>,
}

impl Search<'_> {
    fn run(mut self) -> Result<Distribution, DistributionError> {
        match kafka_home::find(self.wanted.kafka_home, self.release) {
            Ok(found) => return Ok(self.installed(found)),
            Err(reason) => self.skip(Source::KafkaHome, reason),
        }
        if let Ok(manifest) = self.cache.load() {
            return Ok(self.cached(&manifest, Source::Cache));
        }
        let held = self.cache.lock(self.report)?;
        // Whoever held the lock before may have filled the cache.
        match self.cache.load() {
            Ok(manifest) => return Ok(self.cached(&manifest, Source::Cache)),
            Err(reason) => self.skip(Source::Cache, reason),
        }
        match self.try_maven(&held) {
            Ok(manifest) => return Ok(self.cached(&manifest, Source::Maven)),
            Err(obstacle) => self.skip(Source::Maven, obstacle.passable()?),
        }
        match self.try_archive(&held) {
            Ok(manifest) => return Ok(self.cached(&manifest, Source::Archive)),
            Err(obstacle) => self.skip(Source::Archive, obstacle.passable()?),
        }
        let version = self.release.version.to_owned();
        Err(DistributionError::NoSource { version, tried: self.skipped })
    }

    fn try_maven(&self, held: &File) -> Result<Manifest, Obstacle> {
        let program = self.wanted.maven.ok_or(Reason::NoMaven)?;
        self.cache
            .fill(held, |libs, work| maven::fetch(program, self.release, libs, work, self.report))
    }

    fn try_archive(&self, held: &File) -> Result<Manifest, Obstacle> {
        let base = self.wanted.archive_url;
        self.cache.fill(held, |libs, _work| {
            archive::fetch(base, self.release, &self.cache, libs, self.limits, self.report)
        })
    }

    fn skip(&mut self, source: Source, reason: Reason) {
        self.skipped.push(Skipped { source, reason });
    }

    fn installed(self, found: Installed) -> Distribution {
        Distribution {
            version: self.release.version.to_owned(),
            jars: found.jars,
            fingerprint: found.fingerprint,
            source: Source::KafkaHome,
            skipped: self.skipped,
        }
    }

    fn cached(self, manifest: &Manifest, source: Source) -> Distribution {
        let libs = self.cache.libs();
        Distribution {
            version: self.release.version.to_owned(),
            jars: manifest.jars().iter().map(|jar| libs.join(&jar.name)).collect(),
            fingerprint: manifest.fingerprint(),
            source,
            skipped: self.skipped,
        }
    }
}
