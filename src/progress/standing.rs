//! What a log adds up to, kept between two looks at it.

use super::event::Entry;
use super::line::{self, Damage, Group};
use super::reading::{DamagedLine, Told, told};
use super::state::Progress;

/// What a log adds up to, and what could not be added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// What the sound lines add up to.
    pub progress: Progress,
    /// Lines that were whole once and cannot be read now. What a crash cut off is not among them:
    /// it was never acknowledged.
    pub damaged: Vec<DamagedLine>,
    /// Number of events that a newer program recorded and this one does not know.
    pub unknown: usize,
    /// How often the log was found to be another one than what this program had read of it and
    /// something added.
    pub rewritten: u32,
}

impl Standing {
    fn add(&mut self, told: Told) {
        match told {
            Told::Group(Group { at, events, unknown }) => {
                for event in events {
                    self.progress.apply(&Entry { at, event });
                }
                self.unknown += unknown;
            }
            Told::Damaged(DamagedLine { why: Damage::CutOff, .. }) | Told::Torn => {}
            Told::Damaged(line) => self.damaged.push(line),
        }
    }
}

/// What was read last. To decode a line costs about thirty times what its checksum does, so lines
/// that are known to be the same are not decoded again.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// So many bytes are taken in: whole lines.
    length: usize,
    /// Of those bytes (CRC-32C).
    checksum: u32,
    /// The number of those lines.
    lines: usize,
    standing: Standing,
}

impl Known {
    /// What `log` adds up to. The error is the version of a line that a newer program wrote.
    pub(super) fn catch_up(&mut self, log: &[u8]) -> Result<Standing, u32> {
        let added = if self.is_beginning_of(log) { &log[self.length..] } else { self.forget(log) };
        let whole = added.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1);
        let (whole, rest) = added.split_at(whole);
        // Taken in as a whole or not at all.
        let mut standing = self.standing.clone();
        for told in told(whole, self.lines + 1) {
            standing.add(told?);
        }
        self.length += whole.len();
        self.checksum = crc32c::crc32c_append(self.checksum, whole);
        self.lines += line::lines(whole).count();
        self.standing = standing.clone();
        for told in told(rest, self.lines + 1) {
            standing.add(told?);
        }
        Ok(standing)
    }

    fn is_beginning_of(&self, log: &[u8]) -> bool {
        log.get(..self.length).is_some_and(|same| crc32c::crc32c(same) == self.checksum)
    }

    /// Begins anew with all of `log`.
    fn forget<'a>(&mut self, log: &'a [u8]) -> &'a [u8] {
        let rewritten = self.standing.rewritten + 1;
        *self = Self { standing: Standing { rewritten, ..Standing::default() }, ..Self::default() };
        log
    }
}
