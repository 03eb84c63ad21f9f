//! The groups' log folded into a history of each group.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

use super::GroupsError;
use super::history::GroupHistory;
use super::record::{GroupRecord, decode};
use crate::kafka::batch::Batches;
use crate::kafka::journal::Moment;
use crate::kafka::record::{DEFAULT_LIMIT, Record, records};

/// What one partition of `__consumer_offsets` tells of the groups that live in it.
///
/// Folded record by record from offset 0 on; a record seen twice counts once, so that reading may
/// begin anew at the start of any batch. What makes no sense (a tombstone of what never was) is
/// passed over. Grows with the log. Records of aborted transactions must be left out, and those
/// of open ones not be read yet: what a Fetch with `read_committed` allows.
#[derive(Debug, Clone, Default)]
pub struct GroupJournal {
    groups: BTreeMap<Arc<str>, GroupHistory>,
    next: i64,
    gap: Option<i64>,
}

impl GroupJournal {
    /// The history of an empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds every record in `bytes`, a Fetch response's or a segment file's; passes over markers
    /// of transactions and an incomplete last batch.
    ///
    /// # Errors
    /// [`GroupsError`] at the first damaged batch or record; those before it have been added, and
    /// [`Self::next_offset`] is where the trouble is.
    pub fn read(&mut self, bytes: &Bytes) -> Result<(), GroupsError> {
        for batch in Batches::new(bytes) {
            let batch = batch?;
            let header = batch.header;
            if header.next_offset() <= self.next {
                continue;
            }
            self.expect(header.base_offset);
            if !header.is_control() {
                for record in records(&batch, DEFAULT_LIMIT)? {
                    self.add(&record?)?;
                }
                self.expect(header.next_offset());
            }
            self.skip_to(header.next_offset());
        }
        Ok(())
    }

    /// Adds one record.
    ///
    /// # Errors
    /// [`GroupsError`] if it is damaged: it then was not added.
    pub fn add(&mut self, record: &Record) -> Result<(), GroupsError> {
        if record.offset < self.next {
            return Ok(());
        }
        let decoded = decode(record.key.as_deref(), record.value.as_deref())?;
        let at = Moment { offset: record.offset, timestamp_ms: record.timestamp };
        self.apply(at, decoded);
        Ok(())
    }

    /// Adds one record that has been decoded.
    pub fn apply(&mut self, at: Moment, record: GroupRecord) {
        if at.offset < self.next {
            return;
        }
        self.expect(at.offset);
        self.skip_to(at.offset.saturating_add(1));
        let Some(group) = record.group() else { return };
        let id = self.groups.get_key_value(group).map(|(id, _)| Arc::clone(id));
        let id = id.unwrap_or_else(|| group.into());
        let history = self.groups.entry(Arc::clone(&id));
        history.or_insert_with(|| GroupHistory::new(id)).apply(at, record);
    }

    /// Says that there is nothing to add below `offset`: a marker, an aborted transaction.
    pub fn skip_to(&mut self, offset: i64) {
        self.next = self.next.max(offset);
    }

    /// The offset after the last record that was added or skipped: where to read on.
    pub const fn next_offset(&self) -> i64 {
        self.next
    }

    /// The first offset at which a record is missing: deleted at the log's beginning, or compacted
    /// away. What was before the record that follows is then not known.
    pub const fn gap(&self) -> Option<i64> {
        self.gap
    }

    /// The history of a group; none if the log has nothing of it.
    pub fn group(&self, id: &str) -> Option<&GroupHistory> {
        self.groups.get(id)
    }

    /// Every group that the log has something of, in the order of their ids.
    pub fn groups(&self) -> impl Iterator<Item = &GroupHistory> {
        self.groups.values()
    }

    /// Notices that the next record does not follow the last one.
    fn expect(&mut self, found: i64) {
        if found > self.next {
            self.gap.get_or_insert(self.next);
        }
    }
}
