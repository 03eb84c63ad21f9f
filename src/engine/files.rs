//! Files that are there whole or not at all.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use crate::problem::Problem;

/// Writes a file beside `path` and renames it into place.
pub fn write_aside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let aside = path.with_extension(format!("{}.new", std::process::id()));
    fs::write(&aside, bytes)?;
    fs::rename(&aside, path)
}

/// Waits until no other program holds the lock of a file, which is made if it is not there. The lock
/// lasts as long as the file is open, here or in a child that has inherited it.
///
/// `go_on` is asked each time before it is tried; what it fails with ends the waiting.
pub async fn lock(
    path: &Path,
    interval: Duration,
    go_on: impl Fn() -> Result<(), Problem>,
) -> Result<File, Problem> {
    let unusable = |e: io::Error| Problem::file(path, &e);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(unusable)?;
    }
    let file = File::options().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(unusable)?;
    loop {
        go_on()?;
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(interval).await,
            Err(TryLockError::Error(e)) => return Err(unusable(e)),
        }
    }
}

/// Removes a folder with all that is in it; one that is not there is no error.
pub fn remove_tree(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}
