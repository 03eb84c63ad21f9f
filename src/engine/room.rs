//! Whether there is room on a disk, for bytes and for files.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rustix::fs::statvfs;
use rustix::process::geteuid;

use crate::phrase;
use crate::problem::Problem;

/// On a disk with less, nothing that matters succeeds, in bytes.
const NOTHING: u64 = 256 * 1024;

/// Files that a cluster of a lab makes, a few dozen, and as many again.
const FILES: u64 = 200;

/// Bytes in a block of `stat`, whatever the file system's own are: stat(2).
const STAT_BLOCK: u64 = 512;

/// What is left of a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Room {
    /// Bytes that may be written.
    bytes: u64,
    /// Files that may be made.
    files: u64,
}

/// The room where `path` is or would be made; `None` where the system does not say.
fn room_at(path: &Path) -> Option<Room> {
    let there = path.ancestors().find(|ancestor| ancestor.exists())?;
    let disk = statvfs(there).ok()?;
    // The last blocks of some file systems are for root alone.
    let (blocks, files) = if geteuid().is_root() {
        (disk.f_bfree, disk.f_ffree)
    } else {
        (disk.f_bavail, disk.f_favail)
    };
    // Without a table of files there is no limit to them.
    let files = if disk.f_files == 0 { u64::MAX } else { files };
    Some(Room { bytes: blocks.saturating_mul(disk.f_frsize), files })
}

/// Bytes that may be written where `path` is or would be made; `None` where the system does not say.
pub fn bytes_left(path: &Path) -> Option<u64> {
    room_at(path).map(|room| room.bytes)
}

/// Whether `bytes` may be written where `path` is or would be made. A disk that does not tell has
/// room.
pub fn has(path: &Path, bytes: u64) -> bool {
    room_at(path).is_none_or(|room| room.bytes >= bytes)
}

/// Whether next to nothing can be written any more.
pub fn is_full(path: &Path) -> bool {
    room_at(path).is_some_and(|room| room.bytes < NOTHING || room.files == 0)
}

/// Sees that there is room for a cluster that writes `bytes`, given that what is below `path` now
/// will be removed for it.
pub fn for_a_cluster(path: &Path, bytes: u64) -> Result<(), Problem> {
    let needed = Room { bytes, files: FILES };
    let Some(room) = room_at(path).filter(|room| !room.holds(needed)) else { return Ok(()) };
    let freed = size_of(path);
    let room = Room {
        bytes: room.bytes.saturating_add(freed.bytes),
        files: room.files.saturating_add(freed.files),
    };
    if room.holds(needed) { Ok(()) } else { Err(text::too_little(path, room, needed)) }
}

impl Room {
    const fn holds(self, needed: Self) -> bool {
        self.bytes >= needed.bytes && self.files >= needed.files
    }
}

/// What a folder with all that is in it takes, as far as it can be read.
fn size_of(path: &Path) -> Room {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.fold(Room { bytes: 0, files: 0 }, |sum, entry| {
        let taken = entry.metadata().map_or(0, |file| file.blocks() * STAT_BLOCK);
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let inside = is_folder.then(|| size_of(&entry.path()));
        let inside = inside.unwrap_or(Room { bytes: 0, files: 0 });
        Room { bytes: sum.bytes + taken + inside.bytes, files: sum.files + 1 + inside.files }
    })
}

/// The code of every problem that is about a full disk.
pub const FULL: &str = "disk-full";

/// The problem of a full disk.
pub fn full(path: &Path) -> Problem {
    Problem::file(path, &ErrorKind::StorageFull.into())
}

mod text {
    use super::{Path, Problem, Room, full, phrase};

    pub fn too_little(place: &Path, room: Room, needed: Room) -> Problem {
        let path = place.display();
        let message = if room.bytes < needed.bytes {
            let (found, needed) = (room.bytes / 1024, needed.bytes / 1024);
            phrase!(
                "the disk that holds {path} has {found} KiB left, a cluster needs {needed} KiB",
                "{path} 所在的磁盘只剩 {found} KiB，集群需要 {needed} KiB"
            )
        } else {
            let (found, needed) = (room.files, needed.files);
            phrase!(
                "the disk that holds {path} takes {found} more files, a cluster needs {needed}",
                "{path} 所在的磁盘只能再建 {found} 个文件，集群需要 {needed} 个"
            )
        };
        Problem { message, ..full(place) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_will_be_removed_counts_as_room() {
        let folder = tempfile::tempdir().unwrap();
        let disk = room_at(folder.path()).unwrap();
        // More than is left by as much as lies there.
        fs::create_dir(folder.path().join("volumes")).unwrap();
        fs::write(folder.path().join("volumes/0.log"), vec![1; 1 << 20]).unwrap();
        let taken = size_of(folder.path());
        assert!((1 << 20..1 << 21).contains(&taken.bytes) && taken.files == 2, "{taken:?}");
        let problem = for_a_cluster(folder.path(), disk.bytes + (1 << 40)).unwrap_err();
        assert_eq!(problem.code, "disk-full");
        assert!(for_a_cluster(&folder.path().join("not/there/yet"), 0).is_ok());
    }

    #[test]
    fn a_disk_with_bytes_and_without_files_has_no_room() {
        let needed = Room { bytes: 10, files: 10 };
        assert!(needed.holds(needed));
        assert!(!Room { bytes: 9, ..needed }.holds(needed));
        assert!(!Room { files: 9, ..needed }.holds(needed));
    }
}
