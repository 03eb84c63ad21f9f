//! Whether a log has changed, without reading it.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Differs from an earlier one of the same log if the log has changed in between, was replaced by
/// another file or is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp(Option<File>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct File {
    device: u64,
    inode: u64,
    /// Bytes: where the clock of the file system is coarse, an append shows here.
    length: u64,
    /// Seconds since 1970 and nanoseconds: an edit that keeps the length shows here.
    changed: (i64, i64),
}

impl Stamp {
    /// Of the file at `path` as it is now.
    pub(super) fn of(path: &Path) -> Self {
        let file = |found: fs::Metadata| File {
            device: found.dev(),
            inode: found.ino(),
            length: found.len(),
            changed: (found.mtime(), found.mtime_nsec()),
        };
        Self(fs::metadata(path).ok().map(file))
    }
}
