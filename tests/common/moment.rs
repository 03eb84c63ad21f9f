//! When to kill a program that appends to the progress log: where it is then can be aimed at.

use std::path::Path;

/// Where a program is when it is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// Anywhere.
    AnyTime,
    /// It waits for the lock or has it.
    LockOpened,
    /// It has the lock, and has written nothing.
    LogOpened,
    /// The kernel is copying its line into the log: of a long one a part is there.
    Growing,
    /// Its line is in the log, and not yet safe on the disk.
    Written,
    /// Its line is safe, and it has told nobody.
    Closed,
}

pub use self::system::Watch;

#[cfg(target_os = "linux")]
mod system {
    use std::fs;
    use std::mem::MaybeUninit;
    use std::os::fd::OwnedFd;
    use std::path::PathBuf;
    use std::time::{Duration, Instant};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::inotify::{CreateFlags, ReadFlags, Reader, WatchFlags, add_watch, init};
    use rustix::io::Errno;

    use super::{Moment, Path};

    /// How long a program may take to get there.
    const PATIENCE: Duration = Duration::from_secs(30);

    impl Moment {
        /// Those that can be aimed at here.
        pub const AIMED: &[Self] =
            &[Self::LockOpened, Self::LogOpened, Self::Growing, Self::Written, Self::Closed];

        fn is_told_by(self, file: &str, told: ReadFlags) -> bool {
            let is_lock = Path::new(file).extension().is_some_and(|last| last == "lock");
            match self {
                Self::LockOpened => is_lock && told.contains(ReadFlags::OPEN),
                Self::LogOpened | Self::Growing => !is_lock && told.contains(ReadFlags::OPEN),
                Self::Written => !is_lock && told.contains(ReadFlags::MODIFY),
                Self::Closed => !is_lock && told.contains(ReadFlags::CLOSE_WRITE),
                Self::AnyTime => true,
            }
        }
    }

    /// Sees what is done to a log and its lock.
    pub struct Watch {
        inotify: OwnedFd,
        log: PathBuf,
    }

    impl Watch {
        /// Of a log whose directory is there.
        pub fn of(log: &Path) -> Self {
            let inotify = init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).unwrap();
            let what = WatchFlags::OPEN | WatchFlags::MODIFY | WatchFlags::CLOSE_WRITE;
            add_watch(&inotify, log.parent().unwrap(), what).unwrap();
            Self { inotify, log: log.to_owned() }
        }

        /// What was done so far does not count.
        pub fn forget(&self) {
            self.news();
        }

        /// Waits until some program is there, or has been since it was forgotten or asked last.
        pub fn wait_for(&self, moment: Moment) {
            if moment == Moment::AnyTime {
                return;
            }
            let length = || fs::metadata(&self.log).map_or(0, |log| log.len());
            let before = length();
            let deadline = Instant::now() + PATIENCE;
            while !self.news().iter().any(|(file, told)| moment.is_told_by(file, *told)) {
                self.rest(deadline);
            }
            // The kernel tells of a write when it is over.
            while moment == Moment::Growing && length() == before {
                assert!(Instant::now() < deadline, "nothing is written");
            }
        }

        /// What was done since this was asked last, and to which file.
        fn news(&self) -> Vec<(String, ReadFlags)> {
            let mut buffer = [MaybeUninit::uninit(); 4096];
            let mut reader = Reader::new(&self.inotify, &mut buffer);
            let mut news = Vec::new();
            loop {
                match reader.next() {
                    Ok(event) => {
                        let name = event.file_name().unwrap_or_default();
                        news.push((name.to_string_lossy().into_owned(), event.events()));
                    }
                    Err(Errno::WOULDBLOCK) => return news,
                    Err(error) => panic!("{error}"),
                }
            }
        }

        fn rest(&self, deadline: Instant) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "no program comes there");
            let left = Timespec::try_from(left).unwrap();
            let _ = poll(&mut [PollFd::new(&self.inotify, PollFlags::IN)], Some(&left));
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::{Moment, Path};

    impl Moment {
        /// Those that can be aimed at here.
        pub const AIMED: &[Self] = &[];
    }

    /// Sees nothing: what is done to a file is told on Linux alone.
    pub struct Watch;

    impl Watch {
        pub fn of(_log: &Path) -> Self {
            Self
        }

        pub fn forget(&self) {}

        pub fn wait_for(&self, _moment: Moment) {}
    }
}
