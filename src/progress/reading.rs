//! What the bytes of a log say.

use super::event::Entry;
use super::line::{self, Damage, Group, Line, Refusal};
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

/// What one line says.
pub(super) enum Told {
    Group(Group),
    Damaged(DamagedLine),
    /// The beginning of a line at the log's end.
    Torn,
}

impl Reading {
    /// Reads a whole log. The error is the version of the first line that a newer program wrote.
    pub(super) fn of(log: &[u8]) -> Result<Self, u32> {
        let mut reading = Self::default();
        for told in told(log, 1) {
            match told? {
                Told::Group(Group { at, events, unknown }) => {
                    reading.entries.extend(events.into_iter().map(|event| Entry { at, event }));
                    reading.unknown += unknown;
                }
                Told::Damaged(line) => reading.damaged.push(line),
                Told::Torn => reading.torn_tail = true,
            }
        }
        Ok(reading)
    }

    /// What the entries add up to.
    pub fn progress(&self) -> Progress {
        Progress::fold(&self.entries)
    }
}

/// What the lines of `log` say, the first of which has the number `first`; blank ones say nothing.
/// The error is the version of a line that a newer program wrote.
pub(super) fn told(log: &[u8], first: usize) -> impl Iterator<Item = Result<Told, u32>> {
    let numbered = (first..).zip(line::lines(log));
    numbered.filter(|(_, line)| !line.bytes.is_empty()).map(|(number, line)| tell(number, line))
}

fn tell(number: usize, Line { bytes, ended }: Line<'_>) -> Result<Told, u32> {
    match line::decode(bytes) {
        Ok(group) => Ok(Told::Group(group)),
        Err(Refusal::Newer(version)) => Err(version),
        // A line whose checksum holds is whole even without its line feed; only another one is torn.
        Err(Refusal::Damaged(why)) if ended || matches!(why, Damage::Misshapen { .. }) => {
            Ok(Told::Damaged(DamagedLine { line: number, why }))
        }
        Err(Refusal::Damaged(_)) => Ok(Told::Torn),
    }
}
