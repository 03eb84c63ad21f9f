//! The Java that runs Kafka, and whether it is one that the version runs on.

mod text;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use thiserror::Error;

use super::child;
use crate::engine::programs::find_program;
use crate::engine::report::Report;
use crate::phrase::Phrase;

/// How long a Java may take to say its version: it takes a tenth of a second.
const PATIENCE: Duration = Duration::from_secs(10);

/// Lines of a Java that are looked at for its version.
const LINES: usize = 20;

/// Variables that would change a JVM behind our back.
const JVM_VARIABLES: [&str; 3] = ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"];

/// A Java runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Java {
    /// The `java` program.
    pub program: PathBuf,
    /// Its version as it spells it: `17.0.15`.
    pub version: String,
}

/// No Java that fits.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JavaError {
    /// Neither `JAVA_HOME` nor PATH has one.
    #[error("no java found")]
    Missing {
        /// `JAVA_HOME`, where it is set.
        java_home: Option<PathBuf>,
    },
    /// It does not say its version.
    #[error("{program}: {why}")]
    Mute {
        /// The program.
        program: PathBuf,
        /// What it does instead.
        why: Phrase,
    },
    /// The learner has called it off.
    #[error("called off")]
    Cancelled,
    /// Kafka does not run on it.
    #[error("Kafka {kafka} needs Java {oldest} to {newest}, {program} is {found}")]
    Unfit {
        /// The program.
        program: PathBuf,
        /// Its version.
        found: String,
        /// Kafka's version.
        kafka: String,
        /// The oldest major version that Kafka runs on.
        oldest: u32,
        /// The newest major version that Kafka is released for.
        newest: u32,
    },
}

/// A `java` that heeds no options but those that it is given. What it makes of paths that are not
/// ASCII depends on the locale, which need not be one that this machine has.
pub fn without_options(program: &Path) -> Command {
    let mut command = Command::new(program);
    for name in JVM_VARIABLES {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C.UTF-8");
    command
}

/// Major versions of Java that a version of Kafka is released for, oldest and newest: the
/// compatibility table of its documentation.
pub fn range_for(kafka_version: &str) -> (u32, u32) {
    if kafka_version.starts_with("3.") { (11, 21) } else { (17, 25) }
}

/// Finds the Java for a version of Kafka: `JAVA_HOME` first, then PATH. Blocks, for [`PATIENCE`] at
/// most.
pub fn find(kafka_version: &str, report: &dyn Report) -> Result<Java, JavaError> {
    fits(installed(PATIENCE, report)?, kafka_version)
}

/// The Java of this machine, whatever its version. Blocks, for `patience` at most and a moment more
/// for one that does not end.
pub fn installed(patience: Duration, report: &dyn Report) -> Result<Java, JavaError> {
    let java_home = env::var_os("JAVA_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    let from_home = java_home.as_ref().map(|home| home.join("bin/java"));
    let program = from_home.filter(|java| java.is_file()).or_else(|| find_program("java"));
    let program = program.ok_or(JavaError::Missing { java_home })?;
    let version = version_of(&program, patience, report)?;
    Ok(Java { program, version })
}

/// The Java, if a version of Kafka runs on it.
pub fn fits(java: Java, kafka_version: &str) -> Result<Java, JavaError> {
    let (oldest, newest) = range_for(kafka_version);
    match major(&java.version) {
        Some(major) if (oldest..=newest).contains(&major) => Ok(java),
        _ => Err(JavaError::Unfit {
            program: java.program,
            found: java.version,
            kafka: kafka_version.to_owned(),
            oldest,
            newest,
        }),
    }
}

/// The version, from the `release` file beside it, which costs no JVM; else from the program.
fn version_of(
    program: &Path,
    patience: Duration,
    report: &dyn Report,
) -> Result<String, JavaError> {
    let real = fs::canonicalize(program).ok();
    let beside = real.as_deref().and_then(Path::parent).and_then(Path::parent);
    let release = beside.and_then(|folder| fs::read_to_string(folder.join("release")).ok());
    match release.and_then(|text| quoted_after(&text, "JAVA_VERSION=")) {
        Some(version) => Ok(version),
        None => said_by(program, patience, report),
    }
}

/// The version that a program says.
fn said_by(program: &Path, patience: Duration, report: &dyn Report) -> Result<String, JavaError> {
    let mut lines = Vec::new();
    let deadline = Instant::now() + patience;
    let ended = child::run(
        without_options(program).arg("-version"),
        &mut |line| {
            if lines.len() < LINES {
                lines.push(line.to_owned());
            }
        },
        &|| report.cancelled() || Instant::now() >= deadline,
    );
    let why = match ended {
        Ok(Some(status)) if status.success() => match quoted_after(&lines.join("\n"), "version ") {
            Some(version) => return Ok(version),
            None => text::no_version(&lines),
        },
        Ok(Some(status)) => text::failed(status, &lines),
        Ok(None) if report.cancelled() => return Err(JavaError::Cancelled),
        Ok(None) => text::silent(patience),
        Err(e) => text::not_run(&e),
    };
    Err(JavaError::Mute { program: program.to_owned(), why })
}

fn quoted_after(text: &str, key: &str) -> Option<String> {
    let (_, rest) = text.split_once(key)?;
    let quoted = rest.strip_prefix('"')?;
    quoted.split_once('"').map(|(version, _)| version.to_owned())
}

/// 17 of `17.0.15`, 8 of `1.8.0_392`, 25 of `25-ea`.
fn major(version: &str) -> Option<u32> {
    let mut numbers = version.split(|c: char| !c.is_ascii_digit());
    match numbers.next()?.parse().ok()? {
        1 => numbers.next()?.parse().ok(),
        major => Some(major),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn java(version: &str) -> Java {
        Java { program: "/opt/java".into(), version: version.to_owned() }
    }

    #[test]
    fn a_java_outside_the_range_is_refused_before_kafka_starts() {
        for (version, kafka, fit) in [
            ("17.0.15", "4.3.1", true),
            ("25", "4.3.1", true),
            ("11.0.20", "4.3.1", false),
            ("1.8.0_392", "3.9.2", false),
            ("24.0.1", "3.9.2", false),
            ("26-ea", "4.3.1", false),
            ("nonsense", "4.3.1", false),
        ] {
            assert_eq!(fits(java(version), kafka).is_ok(), fit, "{version} for {kafka}");
        }
    }

    #[test]
    fn what_is_no_version_is_none() {
        for text in ["", "version", "version \"17", "version 17", "JAVA_VERSION=17"] {
            assert_eq!(quoted_after(text, "version "), None, "{text}");
        }
    }

    #[test]
    fn both_places_of_the_version_are_understood() {
        let release = "IMPLEMENTOR=\"Debian\"\nJAVA_VERSION=\"17.0.15\"\n";
        assert_eq!(quoted_after(release, "JAVA_VERSION=").as_deref(), Some("17.0.15"));
        let printed = "openjdk version \"21.0.2\" 2024-01-16\n";
        assert_eq!(quoted_after(printed, "version ").as_deref(), Some("21.0.2"));
    }
}
