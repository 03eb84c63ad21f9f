//! The log on the disk: the lock, the one write, and what makes it last.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::error::{Doing, ProgressError};

/// A log that no other program writes to until this is dropped.
///
/// The lock is on a file beside the log, not on the log itself: where locks are mandatory a locked
/// log could not be read, and a lock on a log that is moved away or restored from a copy would
/// guard the wrong file. The system lets go of it when its holder dies.
pub(super) struct LockedLog<'a> {
    path: &'a Path,
    log: File,
    _lock: File,
}

impl<'a> LockedLog<'a> {
    /// Waits for the lock, and makes the log and its directory if they are not there.
    pub(super) fn open(path: &'a Path) -> Result<Self, ProgressError> {
        let directory = directory(path);
        fs::create_dir_all(directory)
            .map_err(ProgressError::io(Doing::MakeDirectory, directory))?;
        let lock = lock(&lock_path(path))?;
        ensure_file_or_nothing(path)?;
        let log = OpenOptions::new().read(true).append(true).create(true).open(path);
        let log = log.map_err(ProgressError::io(Doing::Open, path))?;
        Ok(Self { path, log, _lock: lock })
    }

    /// Length of the log in bytes.
    pub(super) fn length(&self) -> Result<u64, ProgressError> {
        let metadata = self.log.metadata().map_err(ProgressError::io(Doing::Read, self.path))?;
        Ok(metadata.len())
    }

    /// The bytes from `offset` to the end.
    pub(super) fn read_from(&mut self, offset: u64) -> Result<Vec<u8>, ProgressError> {
        let mut bytes = Vec::new();
        self.log
            .seek(SeekFrom::Start(offset))
            .and_then(|_| self.log.read_to_end(&mut bytes))
            .map_err(ProgressError::io(Doing::Read, self.path))?;
        Ok(bytes)
    }

    /// Appends `bytes` and returns the length of the log once they are safe on the disk.
    ///
    /// The directory is made safe before the first byte is written, so a log that is not empty is
    /// known to be found again, whoever made it and died.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<u64, ProgressError> {
        let length = self.length()?;
        if length == 0 {
            sync_directories(self.path)?;
        }
        append_whole(&mut self.log, length, bytes)
            .map_err(ProgressError::io(Doing::Write, self.path))?;
        self.length()
    }

    /// Whether what was written is found under the log's name. Who saves a file by renaming
    /// another one over it, or removes it, asks for no lock.
    pub(super) fn is_in_place(&self) -> Result<bool, ProgressError> {
        let opened = self.log.metadata().map_err(ProgressError::io(Doing::Read, self.path))?;
        let named = fs::metadata(self.path);
        Ok(named.is_ok_and(|named| (named.dev(), named.ino()) == (opened.dev(), opened.ino())))
    }
}

/// All bytes of the log, without a lock; none if there is no log.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, ProgressError> {
    ensure_file_or_nothing(path)?;
    match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        read => read.map_err(ProgressError::io(Doing::Read, path)),
    }
}

/// A file that bytes can be made safe in and taken back from. Lets tests run out of space.
trait Durable: Write {
    /// Returns when what was written is on the disk.
    fn make_safe(&mut self) -> io::Result<()>;

    /// Takes back all beyond `length` bytes.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

impl Durable for File {
    fn make_safe(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}

/// All of `bytes`, safe on the disk, or nothing of them.
///
/// Where even the cut fails, what stays is at worst a torn tail; the first error is the one told.
fn append_whole(file: &mut impl Durable, length: u64, bytes: &[u8]) -> io::Result<()> {
    let appended = file.write_all(bytes).and_then(|()| file.make_safe());
    if appended.is_err() && file.cut(length).is_ok() {
        file.make_safe().ok();
    }
    appended
}

fn lock(path: &Path) -> Result<File, ProgressError> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(path);
    let file = file.map_err(ProgressError::io(Doing::Lock, path))?;
    loop {
        match file.lock() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            locked => break locked.map_err(ProgressError::io(Doing::Lock, path))?,
        }
    }
    Ok(file)
}

fn lock_path(log: &Path) -> PathBuf {
    let mut name = log.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

/// A pipe would block for ever, and some devices never end.
fn ensure_file_or_nothing(path: &Path) -> Result<(), ProgressError> {
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            Err(ProgressError::NotAFile { path: path.to_owned() })
        }
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(ProgressError::io(Doing::Open, path)(error))
        }
        _ => Ok(()),
    }
}

fn directory(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the log's name safe, and those of its directories: any of them may be new.
fn sync_directories(log: &Path) -> Result<(), ProgressError> {
    sync_directory(directory(log))?;
    for above in directory(log).ancestors().skip(1).filter(|path| !path.as_os_str().is_empty()) {
        match sync_directory(above) {
            // Not ours to read, so not ours to have made.
            Err(error) if error.is_denied() => {}
            synced => synced?,
        }
    }
    Ok(())
}

/// Some file systems cannot do this for a directory and say so; there it is not needed or not to
/// be had.
fn sync_directory(path: &Path) -> Result<(), ProgressError> {
    match File::open(path).and_then(|directory| directory.sync_all()) {
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {
            Ok(())
        }
        synced => synced.map_err(ProgressError::io(Doing::MakeDirectory, path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk with room for so many bytes, which may fail to make them safe.
    #[derive(Default)]
    struct SmallDisk {
        bytes: Vec<u8>,
        room: usize,
        broken: bool,
        /// What is there after a power cut.
        safe: Vec<u8>,
    }

    impl Write for SmallDisk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let fits = bytes.len().min(self.room - self.bytes.len());
            self.bytes.extend(&bytes[..fits]);
            if fits == 0 { Err(ErrorKind::StorageFull.into()) } else { Ok(fits) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Durable for SmallDisk {
        fn make_safe(&mut self) -> io::Result<()> {
            if self.broken {
                return Err(io::Error::other("I/O error"));
            }
            self.safe.clone_from(&self.bytes);
            Ok(())
        }

        fn cut(&mut self, length: u64) -> io::Result<()> {
            self.bytes.truncate(usize::try_from(length).unwrap());
            Ok(())
        }
    }

    fn old(room: usize) -> SmallDisk {
        SmallDisk { bytes: b"old\n".to_vec(), room, ..SmallDisk::default() }
    }

    #[test]
    fn a_write_that_runs_out_of_space_is_taken_back() {
        let mut disk = old(9);
        let error = append_whole(&mut disk, 4, b"too long\n").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StorageFull);
        assert_eq!((&disk.bytes[..], &disk.safe[..]), (&b"old\n"[..], &b"old\n"[..]));
    }

    #[test]
    fn a_write_that_cannot_be_made_safe_is_taken_back() {
        let mut disk = SmallDisk { broken: true, ..old(99) };
        assert!(append_whole(&mut disk, 4, b"new\n").is_err());
        assert_eq!(disk.bytes, b"old\n");
    }

    #[test]
    fn a_write_that_fits_is_safe_when_it_is_acknowledged() {
        let mut disk = old(8);
        append_whole(&mut disk, 4, b"new\n").unwrap();
        assert_eq!(disk.bytes, b"old\nnew\n");
        assert_eq!(disk.safe, disk.bytes);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_device_is_told_as_a_full_disk() {
        let mut full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let error = append_whole(&mut full, 0, b"line\n").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StorageFull);
    }

    #[test]
    fn a_log_without_a_directory_is_in_the_current_one() {
        assert_eq!(directory(Path::new("progress.log")), Path::new("."));
        assert_eq!(directory(Path::new("home/progress.log")), Path::new("home"));
        assert_eq!(lock_path(Path::new("h/progress.log")), Path::new("h/progress.log.lock"));
    }
}
