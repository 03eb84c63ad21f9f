//! A disk of the test's own, small enough to be filled.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// How much is written at once, in bytes: what a file system hands out at least.
const BLOCK: usize = 4096;

/// A file system in memory, which goes away with this.
pub struct Disk {
    path: PathBuf,
}

impl Disk {
    /// Mounts one at a folder, which is made: `size=64m`, `nr_inodes=500` (tmpfs(5)).
    pub fn at(path: &Path, options: &str) -> Self {
        fs::create_dir_all(path).unwrap();
        mount(path, options).unwrap();
        Self { path: path.to_owned() }
    }

    /// What keeps tests from mounting here, if anything.
    pub fn obstacle() -> Option<String> {
        let folder = TempDir::new().unwrap();
        let tried = mount(folder.path(), "size=4k");
        tried.map(|()| unmount(folder.path())).err()
    }

    /// Fills it to the last byte, but for this many.
    pub fn fill(&self, but_for: u64) {
        let filler = self.filler();
        let mut file = File::create(&filler).unwrap();
        let block = [1; BLOCK];
        let full = loop {
            if let Err(e) = file.write_all(&block) {
                break e;
            }
        };
        assert_eq!(full.kind(), ErrorKind::StorageFull, "{full}");
        let length = file.metadata().unwrap().len();
        file.set_len(length.checked_sub(but_for).unwrap()).unwrap();
    }

    /// Makes so many files that only a few more can be made.
    pub fn fill_with_files(&self, left: usize) {
        let folder = self.filler();
        fs::create_dir(&folder).unwrap();
        let made = (0..)
            .map(|n| folder.join(format!("{n}")))
            .take_while(|file| File::create(file).is_ok());
        let made: Vec<PathBuf> = made.collect();
        made[made.len() - left..].iter().for_each(|file| fs::remove_file(file).unwrap());
    }

    /// Makes room again.
    pub fn free(&self) {
        let filler = self.filler();
        if filler.is_dir() {
            fs::remove_dir_all(filler).unwrap();
        } else {
            fs::remove_file(filler).unwrap();
        }
    }

    fn filler(&self) -> PathBuf {
        self.path.join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        unmount(&self.path);
        // What it was mounted on could not be removed before.
        let _ = self.path.parent().map(fs::remove_dir_all);
    }
}

fn mount(path: &Path, options: &str) -> Result<(), String> {
    let mut command = Command::new("mount");
    let output = command.args(["-t", "tmpfs", "-o", options, "kafka-workbook-test"]).arg(path);
    let output = output.output().map_err(|e| format!("no disk can be mounted: {e}"))?;
    let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if output.status.success() { Ok(()) } else { Err(format!("no disk can be mounted: {words}")) }
}

/// Whoever still uses it keeps it until he is done.
fn unmount(path: &Path) {
    let _ = Command::new("umount").arg("--lazy").arg(path).output();
}
