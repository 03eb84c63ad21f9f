//! The Java that runs Kafka, and whether it is one that the version runs on.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use thiserror::Error;

use crate::engine::programs::find_program;
use crate::phrase;
use crate::problem::{Explain, Problem};

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
    Missing,
    /// It does not say its version.
    #[error("{program} does not say its version")]
    Mute {
        /// The program.
        program: PathBuf,
    },
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

/// Major versions of Java that a version of Kafka is released for, oldest and newest: the
/// compatibility table of its documentation.
pub fn range_for(kafka_version: &str) -> (u32, u32) {
    if kafka_version.starts_with("3.") { (11, 21) } else { (17, 25) }
}

/// Finds the Java for a version of Kafka: `JAVA_HOME` first, then PATH.
pub fn find(kafka_version: &str) -> Result<Java, JavaError> {
    let from_home = env::var_os("JAVA_HOME").map(|home| PathBuf::from(home).join("bin/java"));
    let program = from_home.filter(|java| java.is_file()).or_else(|| find_program("java"));
    let program = program.ok_or(JavaError::Missing)?;
    let version =
        version_of(&program).ok_or_else(|| JavaError::Mute { program: program.clone() })?;
    fits(Java { program, version }, kafka_version)
}

fn fits(java: Java, kafka_version: &str) -> Result<Java, JavaError> {
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
fn version_of(program: &Path) -> Option<String> {
    let real = fs::canonicalize(program).ok()?;
    let beside = real.parent()?.parent()?.join("release");
    let from_file =
        fs::read_to_string(beside).ok().and_then(|text| quoted_after(&text, "JAVA_VERSION="));
    from_file.or_else(|| {
        let output = Command::new(program).arg("-version").output().ok()?;
        quoted_after(&String::from_utf8_lossy(&output.stderr), "version ")
    })
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

impl Explain for JavaError {
    fn problem(&self) -> Problem {
        let hint = phrase!(
            "install a Java runtime (17 to 25), or point JAVA_HOME at one; or start Docker, which needs no Java",
            "安装 Java 运行时（17 到 25），或让 JAVA_HOME 指向它；也可以启动 Docker，那样就不需要 Java"
        );
        match self {
            Self::Missing => Problem::new(
                "no-java",
                phrase!(
                    "there is no Java on PATH or in JAVA_HOME",
                    "PATH 和 JAVA_HOME 里都没有 Java"
                ),
                hint,
            ),
            Self::Mute { program } => {
                let program = program.display();
                Problem::new(
                    "no-java",
                    phrase!("{program} does not say its version", "{program} 没有报告自己的版本"),
                    hint,
                )
            }
            Self::Unfit { program, found, kafka, oldest, newest } => {
                let program = program.display();
                Problem::new(
                    "wrong-java",
                    phrase!(
                        "Kafka {kafka} runs on Java {oldest} to {newest}; {program} is {found}",
                        "Kafka {kafka} 需要 Java {oldest} 到 {newest}；{program} 是 {found}"
                    ),
                    hint,
                )
            }
        }
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
    fn both_places_of_the_version_are_understood() {
        let release = "IMPLEMENTOR=\"Debian\"\nJAVA_VERSION=\"17.0.15\"\n";
        assert_eq!(quoted_after(release, "JAVA_VERSION=").as_deref(), Some("17.0.15"));
        let printed = "openjdk version \"21.0.2\" 2024-01-16\n";
        assert_eq!(quoted_after(printed, "version ").as_deref(), Some("21.0.2"));
    }
}
