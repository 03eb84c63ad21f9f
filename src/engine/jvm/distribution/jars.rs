//! Looks at folders of jars.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::checksum::hex;
use super::error::{DistributionError, Obstacle, Reason};
use super::release::Release;

/// A jar as it was when it was put into the cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Jar {
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// In hex.
    pub sha256: String,
}

/// A ZIP file begins with the header of its first entry (APPNOTE.TXT 4.3.7).
const ZIP_MAGIC: [u8; 4] = *b"PK\x03\x04";

/// Jars that a release carries beside its program; `kafka-run-class.sh` leaves them out too.
const NOT_PROGRAM: [&str; 5] =
    ["-test.jar", "-test-sources.jar", "-src.jar", "-javadoc.jar", "-scaladoc.jar"];

/// Whether `name` belongs on the class path.
pub(super) fn belongs(name: &str) -> bool {
    name.strip_suffix(".jar").is_some_and(|stem| !stem.is_empty())
        && !name.contains(['/', '\\', ':', '\0'])
        && !NOT_PROGRAM.iter().any(|suffix| name.ends_with(suffix))
}

/// The names of the jars in `libs`, sorted.
pub(super) fn names(libs: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(libs)? {
        if let Ok(name) = entry?.file_name().into_string()
            && belongs(&name)
        {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Reads every jar that a source has put into `libs`; sorted by name.
pub(super) fn inspect(libs: &Path, release: &Release) -> Result<Vec<Jar>, Obstacle> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |cause| DistributionError::of_io(cause, &path, release.jar_bytes)
    };
    let names = names(libs).map_err(io(libs))?;
    if let Some(name) = missing(&names, release) {
        return Err(Reason::JarMissing { name }.into());
    }
    let mut jars = Vec::with_capacity(names.len());
    for name in names {
        let path = libs.join(&name);
        let jar = read(&path, name.clone()).map_err(io(&path))?;
        jars.push(jar.ok_or(Reason::NotAJar { name })?);
    }
    Ok(jars)
}

fn missing(names: &[String], release: &Release) -> Option<String> {
    let core = release.core_jars().into_iter().find(|jar| !names.contains(jar));
    core.or_else(|| {
        let bound = names.iter().any(|name| name.starts_with(release.log_binding));
        (!bound).then(|| format!("{}*.jar", release.log_binding))
    })
}

/// `None` if the file does not begin as a jar does.
fn read(path: &Path, name: String) -> io::Result<Option<Jar>> {
    let mut file = File::open(path)?;
    let mut magic = Vec::with_capacity(ZIP_MAGIC.len());
    file.by_ref().take(ZIP_MAGIC.len() as u64).read_to_end(&mut magic)?;
    if magic != ZIP_MAGIC {
        return Ok(None);
    }
    let mut hash = Sha256::new();
    hash.update(&magic);
    let mut size = magic.len() as u64;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(Some(Jar { name, size, sha256: hex(&hash.finalize()) }));
        }
        hash.update(&buffer[..read]);
        size += read as u64;
    }
}
