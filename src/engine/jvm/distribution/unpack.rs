//! Takes the jars, and nothing else, out of a release archive.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Component, Path};

use flate2::read::MultiGzDecoder;
use tar::{Archive, Entry};

use super::error::{DistributionError, Obstacle, Reason};
use super::jars;
use crate::engine::report::Report;

/// Unpacks `*/libs/*.jar` of `archive` into `libs`, an empty folder. `needed`: bytes for the
/// disk-full message.
pub(super) fn unpack(
    archive: &Path,
    libs: &Path,
    needed: u64,
    report: &dyn Report,
) -> Result<(), Obstacle> {
    let file =
        File::open(archive).map_err(|cause| DistributionError::of_io(cause, archive, needed))?;
    let mut archive = Archive::new(MultiGzDecoder::new(file));
    for entry in archive.entries().map_err(damaged)? {
        if report.cancelled() {
            return Err(DistributionError::Cancelled.into());
        }
        let mut entry = entry.map_err(damaged)?;
        if let Some(name) = wanted(&entry)? {
            write(&mut entry, &libs.join(name), needed)?;
        }
    }
    Ok(())
}

/// The file name of a jar to take, `None` for what is not taken.
fn wanted(entry: &Entry<'_, impl io::Read>) -> Result<Option<String>, Obstacle> {
    let path = entry.path().map_err(damaged)?;
    let unsafe_entry = || unsafe_entry(&path);
    let mut names = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => names.push(name.to_str().ok_or_else(unsafe_entry)?),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(unsafe_entry().into());
            }
        }
    }
    match names[..] {
        [_, "libs", name] if jars::belongs(name) && entry.header().entry_type().is_file() => {
            Ok(Some(name.to_owned()))
        }
        [_, "libs", name] if jars::belongs(name) => Err(unsafe_entry().into()),
        _ => Ok(None),
    }
}

fn write(entry: &mut impl io::Read, path: &Path, needed: u64) -> Result<(), Obstacle> {
    let on_disk = |cause| DistributionError::of_io(cause, path, needed);
    // Two entries of one name: the archive is not what it says.
    let mut file = match OpenOptions::new().write(true).create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(unsafe_entry(path).into());
        }
        opened => opened.map_err(on_disk)?,
    };
    let mut block = vec![0; 64 * 1024];
    loop {
        let read = entry.read(&mut block).map_err(damaged)?;
        if read == 0 {
            return Ok(());
        }
        io::Write::write_all(&mut file, &block[..read]).map_err(on_disk)?;
    }
}

/// Escaped: the name goes to the learner's terminal.
fn unsafe_entry(path: &Path) -> Reason {
    Reason::UnsafeEntry { name: path.to_string_lossy().escape_debug().to_string() }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
fn damaged(cause: io::Error) -> Obstacle {
    Reason::ArchiveDamaged { cause: cause.to_string() }.into()
}
