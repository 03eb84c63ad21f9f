//! The sources tried as a whole, against a local server and a stand-in for `mvn`.

mod archive;
mod broken_archive;
mod maven;
mod server;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha512};

use super::http::Limits;
use super::{Distribution, DistributionError, Reason, Wanted, checksum, provide_within};
use crate::engine::report::{Report, Silent, Step};

/// Long enough that a busy machine is not taken for a silent server.
const PATIENT: Limits =
    Limits { connect: Duration::from_secs(20), silence: Duration::from_secs(20) };

/// An address at which nothing listens.
const NOWHERE: &str = "http://127.0.0.1:1/dist";

const JARS: [&str; 5] = [
    "kafka-clients-4.3.1.jar",
    "kafka-tools-4.3.1.jar",
    "kafka_2.13-4.3.1.jar",
    "log4j-slf4j-impl-2.25.4.jar",
    "zstd-jni-1.5.6-10.jar",
];

/// A cache of its own, and what `provide` is asked in it.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn cache(&self) -> PathBuf {
        self.path().join("cache")
    }

    fn entry(&self) -> PathBuf {
        self.cache().join("kafka/4.3.1")
    }

    fn part(&self) -> PathBuf {
        self.cache().join("kafka/kafka_2.13-4.3.1.tgz.part")
    }

    /// Everything below `<cache>/kafka`, one level deep.
    fn cached_names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.cache().join("kafka"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn provide(&self, sources: &Sources<'_>) -> Result<Distribution, DistributionError> {
        self.provide_with(sources, PATIENT, &Silent)
    }

    fn provide_with(
        &self,
        sources: &Sources<'_>,
        limits: Limits,
        report: &dyn Report,
    ) -> Result<Distribution, DistributionError> {
        let wanted = Wanted {
            version: "4.3.1",
            cache: &self.cache(),
            kafka_home: sources.home,
            archive_url: Some(sources.url.unwrap_or(NOWHERE)),
            maven: sources.maven,
        };
        provide_within(&wanted, limits, report)
    }

    /// The reason why the last source, the archive, was passed over.
    fn archive_reason(&self, url: &str, limits: Limits) -> Reason {
        let sources = Sources { url: Some(url), ..Sources::default() };
        match self.provide_with(&sources, limits, &Silent).unwrap_err() {
            DistributionError::NoSource { mut tried, .. } => tried.pop().unwrap().reason,
            other => panic!("{other:?}"),
        }
    }

    /// A program that runs `body`. Written by another process: while this one has a file open for
    /// writing, a test on another thread may fork and keep it busy.
    fn script(&self, name: &str, body: &str) -> PathBuf {
        let path = self.path().join(name);
        let write = "printf '#!/bin/sh\n%s\n' \"$1\" > \"$2\" && chmod +x \"$2\"";
        let written = Command::new("sh").args(["-c", write, "sh", body]).arg(&path).status();
        assert!(written.unwrap().success());
        path
    }
}

#[derive(Default)]
struct Sources<'a> {
    home: Option<&'a Path>,
    url: Option<&'a str>,
    maven: Option<&'a Path>,
}

/// Keeps the steps, and calls the work off at the first one that `stop_at` accepts.
struct Recorder {
    steps: Mutex<Vec<Step>>,
    stop_at: fn(&Step) -> bool,
}

impl Recorder {
    fn new() -> Self {
        Self::stopping_at(|_| false)
    }

    fn stopping_at(stop_at: fn(&Step) -> bool) -> Self {
        Self { steps: Mutex::new(Vec::new()), stop_at }
    }

    fn steps(&self) -> Vec<Step> {
        self.steps.lock().unwrap().clone()
    }
}

impl Report for Recorder {
    fn step(&self, step: &Step) {
        self.steps.lock().unwrap().push(step.clone());
    }

    fn cancelled(&self) -> bool {
        self.steps.lock().unwrap().iter().any(self.stop_at)
    }
}

/// A jar as far as anyone looks; does not compress, so that the archive has a middle.
fn jar(name: &str) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    let mut block = Sha512::digest(name);
    for _ in 0..700 {
        bytes.extend_from_slice(&block);
        block = Sha512::digest(block);
    }
    bytes
}

fn put_jars(libs: &Path, names: &[&str]) {
    fs::create_dir_all(libs).unwrap();
    for name in names {
        fs::write(libs.join(name), jar(name)).unwrap();
    }
}

fn tgz(fill: impl FnOnce(&mut tar::Builder<GzEncoder<Vec<u8>>>)) -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    fill(&mut archive);
    archive.into_inner().unwrap().finish().unwrap()
}

fn add(archive: &mut tar::Builder<GzEncoder<Vec<u8>>>, path: &str, content: &[u8]) {
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    // Written as it is: the builder itself would refuse a path that leads out.
    header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_cksum();
    archive.append(&header, content).unwrap();
}

/// The release archive in small.
fn release_archive() -> Vec<u8> {
    tgz(|archive| {
        add(archive, "kafka_2.13-4.3.1/bin/kafka-topics.sh", b"#!/bin/bash\n");
        for name in JARS.iter().rev() {
            add(archive, &format!("kafka_2.13-4.3.1/libs/{name}"), &jar(name));
        }
        add(archive, "kafka_2.13-4.3.1/libs/kafka-clients-4.3.1-test.jar", b"PK\x03\x04");
        add(archive, "kafka_2.13-4.3.1/libs/deeper/other.jar", b"PK\x03\x04");
        add(archive, "kafka_2.13-4.3.1/other.jar", b"PK\x03\x04");
    })
}

/// As Apache publishes it.
fn sha512_file(content: &[u8]) -> String {
    let hex = checksum::hex(&Sha512::digest(content)).to_uppercase();
    let groups: Vec<&str> =
        hex.as_bytes().chunks(8).map(|group| std::str::from_utf8(group).unwrap()).collect();
    let lines: Vec<String> = groups.chunks(6).map(|line| line.join(" ")).collect();
    format!("kafka_2.13-4.3.1.tgz: {}\n", lines.join("\n                      "))
}

fn names_of(distribution: &Distribution) -> Vec<&str> {
    distribution.jars.iter().map(|jar| jar.file_name().unwrap().to_str().unwrap()).collect()
}
