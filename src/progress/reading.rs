//! What the bytes of a log say.

use super::event::Entry;
use super::line::{self, Group, Refusal};
use super::state::Progress;

/// A log as it was at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Every event of every sound line, in the order of the log.
    pub entries: Vec<Entry>,
    /// Lines that could not be read. They stay in the file as they are.
    pub damaged: Vec<DamagedLine>,
    /// Whether the log ends in the beginning of a line: a write that is going on, or one that was
    /// interrupted and never acknowledged.
    pub torn_tail: bool,
    /// Number of events that a newer program recorded and this one does not know. They stay too.
    pub unknown: usize,
}

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedLine {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: Damage,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// It ends early: a write that was interrupted by a crash, and so was never acknowledged.
    CutOff,
    /// It does not begin with a version and a checksum.
    NotALine,
    /// Its bytes were changed after they were written.
    Checksum,
    /// It is as it was written, but what was written is not a group of events.
    Misshapen {
        /// The parser's words.
        reason: String,
    },
}

impl Reading {
    /// Reads a whole log. The error is the version of the first line that a newer program wrote.
    pub(super) fn of(log: &[u8]) -> Result<Self, u32> {
        let mut reading = Self::default();
        for (index, line) in line::lines(log).enumerate() {
            if line.bytes.is_empty() {
                continue;
            }
            match line::decode(line.bytes) {
                Ok(group) => reading.add(group),
                Err(Refusal::Newer(version)) => return Err(version),
                Err(Refusal::Damaged(why)) => reading.damage(index + 1, why, line.ended),
            }
        }
        Ok(reading)
    }

    /// What the entries add up to.
    pub fn progress(&self) -> Progress {
        Progress::fold(&self.entries)
    }

    fn add(&mut self, Group { at, events, unknown }: Group) {
        self.entries.extend(events.into_iter().map(|event| Entry { at, event }));
        self.unknown += unknown;
    }

    /// A line whose checksum holds is whole even without its line feed; only another one is torn.
    fn damage(&mut self, line: usize, why: Damage, ended: bool) {
        if ended || matches!(why, Damage::Misshapen { .. }) {
            self.damaged.push(DamagedLine { line, why });
        } else {
            self.torn_tail = true;
        }
    }
}
