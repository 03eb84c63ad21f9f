//! An installed Kafka that the user points to.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::error::Reason;
use super::jars;
use super::manifest::fingerprint;
use super::release::{Release, SERVER_JAR};

/// Jars of an installed Kafka.
#[derive(Debug)]
pub(super) struct Installed {
    /// Absolute, sorted by file name.
    pub jars: Vec<PathBuf>,
    pub fingerprint: String,
}

/// The jars below `home`, if they are of this release.
pub(super) fn find(home: Option<&Path>, release: &Release) -> Result<Installed, Reason> {
    let home = home.ok_or(Reason::NotSet)?;
    let libs = std::path::absolute(home).unwrap_or_else(|_| home.to_owned()).join("libs");
    let names = jars::names(&libs).unwrap_or_default();
    for expected in release.core_jars() {
        if !names.contains(&expected) {
            let servers = names.into_iter().filter(|name| name.starts_with(SERVER_JAR));
            return Err(Reason::WrongHome {
                found: servers.filter(|name| *name != release.server_jar()).collect(),
                expected: libs.join(expected),
            });
        }
    }
    let told = names.iter().map(|name| (name.as_str(), content(&libs.join(name))));
    Ok(Installed {
        fingerprint: fingerprint(told),
        jars: names.iter().map(|name| libs.join(name)).collect(),
    })
}

/// What tells a jar's content without reading it: size and time, as the JVM's class archive does.
fn content(jar: &Path) -> String {
    let Ok(found) = fs::metadata(jar) else { return String::new() };
    let changed = found.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    format!("{} {}", found.len(), changed.unwrap_or_default().as_nanos())
}
