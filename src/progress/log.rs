//! The log itself.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::error::{Doing, ProgressError};
use super::event::{Entry, Event};
use super::file::{self, LockedLog};
use super::line;
use super::reading::Reading;
use super::stamp::Stamp;
use super::standing::{Known, Standing};
use super::state::Progress;

/// How often events are appended where the log is taken away at that moment. Some network file
/// systems number a file anew at each look, which is no reason to go on for ever.
const TRIES: usize = 3;

/// The append-only log of one home.
///
/// Any number of programs and threads may use one log at once: writers wait for each other,
/// readers wait for nobody. All calls block (a disk write, another writer); not for a UI task.
#[derive(Debug, Clone)]
pub struct ProgressLog {
    path: PathBuf,
    /// So many first bytes are known to be of no newer program, so that an append need not read
    /// the whole log each time. Always the end of a line that this program appended.
    vetted: Arc<AtomicU64>,
    /// What was read last, by whichever clone. Held for no longer than a reading takes.
    known: Arc<Mutex<Known>>,
}

impl ProgressLog {
    /// The log at `path`; nothing is read or made yet.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), vetted: Arc::default(), known: Arc::default() }
    }

    /// Where the log is. Its lock is beside it, with `.lock` added to the name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Records `events` together: after a crash at any moment either all of them are in the log or
    /// none. When this returns they are on the disk. An error means that nothing was recorded, unless the
    /// disk also refused to take back what it had got: then all of them may be there.
    pub fn append(&self, events: &[Event]) -> Result<(), ProgressError> {
        if events.is_empty() {
            return Ok(());
        }
        for _ in 0..TRIES {
            let mut log = LockedLog::open(&self.path)?;
            let unvetted = self.read_unvetted(&mut log)?;
            if let Some(version) = line::lines(&unvetted).find_map(|line| line::newer(line.bytes)) {
                return Err(self.too_new(version));
            }
            self.write(&mut log, &unvetted, Timestamp::now(), events)?;
            if log.is_in_place()? {
                break;
            }
        }
        Ok(())
    }

    /// Records what `decide` makes of the progress so far, and returns it as recorded. No other
    /// program appends in between, so an attempt number drawn there is unique.
    ///
    /// Reads the whole log. `decide` should be quick, and must not append to this log: it would
    /// wait for itself.
    pub fn append_with<E: From<ProgressError>>(
        &self,
        decide: impl FnOnce(&Progress) -> Result<Vec<Event>, E>,
    ) -> Result<Vec<Entry>, E> {
        let mut log = LockedLog::open(&self.path)?;
        let bytes = log.read_from(0)?;
        let events = decide(&self.add_up(&bytes)?.progress)?;
        let at = Timestamp::now();
        if !events.is_empty() {
            self.write(&mut log, &bytes, at, &events)?;
            let in_place = log.is_in_place()?;
            drop(log);
            if !in_place {
                self.append(&events)?;
            }
        }
        Ok(events.into_iter().map(|event| Entry { at, event }).collect())
    }

    /// What the log says now; a log that is not there says nothing. Takes no lock: a write that is
    /// going on may show as a torn tail.
    pub fn read(&self) -> Result<Reading, ProgressError> {
        let bytes = file::read(&self.path)?;
        Reading::of(&bytes).map_err(|version| self.too_new(version))
    }

    /// What the log adds up to now. The same as [`Self::read`] without the single events; of a log
    /// that was read before, only what was added is decoded.
    pub fn standing(&self) -> Result<Standing, ProgressError> {
        self.add_up(&file::read(&self.path)?)
    }

    /// Tells whether the log has changed since another stamp. Costs no reading.
    pub fn stamp(&self) -> Stamp {
        Stamp::of(&self.path)
    }

    fn add_up(&self, log: &[u8]) -> Result<Standing, ProgressError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.catch_up(log).map_err(|version| self.too_new(version))
    }

    fn read_unvetted(&self, log: &mut LockedLog<'_>) -> Result<Vec<u8>, ProgressError> {
        let vetted = self.vetted.load(Ordering::Relaxed);
        // A shorter log is another one. The last byte tells whether its line is ended, still.
        let from = if log.length()? < vetted { 0 } else { vetted.saturating_sub(1) };
        log.read_from(from)
    }

    /// `before` ends where the log ends. After a torn tail the group starts on a line of its own,
    /// in the same write, so that the torn bytes take nothing with them.
    fn write(
        &self,
        log: &mut LockedLog<'_>,
        before: &[u8],
        at: Timestamp,
        events: &[Event],
    ) -> Result<(), ProgressError> {
        let mut bytes = Vec::new();
        if before.last().is_some_and(|&last| last != b'\n') {
            bytes.push(b'\n');
        }
        let line = line::encode(at, events)
            .map_err(|error| ProgressError::io(Doing::Write, &self.path)(error.into()))?;
        bytes.extend(line);
        let length = log.append(&bytes)?;
        self.vetted.store(length, Ordering::Relaxed);
        Ok(())
    }

    fn too_new(&self, version: u32) -> ProgressError {
        ProgressError::TooNew { path: self.path.clone(), version }
    }
}
