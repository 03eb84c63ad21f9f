//! Which batches of a log count: data, of no transaction that was aborted.
//!
//! The rule is a consumer's with `isolation.level=read_committed` (KIP-98): the leader names the
//! aborted transactions of what it sends; a producer's batches belong to one from its first offset
//! on, until the marker that ends it.

use std::collections::{BTreeSet, VecDeque};

use super::batch::{Batch, BatchHeader};
use super::fetch::AbortedTransaction;
use super::record::{ControlType, DEFAULT_LIMIT, Record, RecordError, records};

/// Tells committed data apart, batch by batch in the order of the log.
#[derive(Debug)]
pub struct Filter {
    /// Those that have not begun yet, by first offset.
    coming: VecDeque<AbortedTransaction>,
    /// The producers in the middle of one.
    open: BTreeSet<i64>,
}

impl Filter {
    /// For one answer, with the transactions that it names.
    pub fn new(mut aborted: Vec<AbortedTransaction>) -> Self {
        aborted.sort_by_key(|transaction| transaction.first_offset);
        Self { coming: aborted.into(), open: BTreeSet::new() }
    }

    /// Whether the batch holds data that count.
    ///
    /// # Errors
    /// [`RecordError`] if a marker cannot be read.
    pub fn keeps(&mut self, batch: &Batch<'_>) -> Result<bool, RecordError> {
        let header = batch.header;
        while let Some(next) = self.coming.front()
            && next.first_offset <= header.last_offset()
        {
            self.open.insert(next.producer_id);
            self.coming.pop_front();
        }
        if header.is_control() {
            if is_abort(batch)? {
                self.open.remove(&header.producer_id);
            }
            return Ok(false);
        }
        Ok(!(header.is_transactional() && self.open.contains(&header.producer_id)))
    }
}

fn is_abort(batch: &Batch<'_>) -> Result<bool, RecordError> {
    for record in records(batch, DEFAULT_LIMIT)? {
        if ControlType::of(&record?) == Some(ControlType::Abort) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A batch of committed data.
#[derive(Debug, Clone, Copy)]
pub struct CommittedBatch<'a> {
    batch: Batch<'a>,
    from: i64,
}

impl<'a> CommittedBatch<'a> {
    /// The batch, of which records below the offset `from` do not count: `DeleteRecords` may cut a
    /// log in the middle of a batch.
    pub(super) const fn new(batch: Batch<'a>, from: i64) -> Self {
        Self { batch, from }
    }

    /// What the header says, of the records that do not count too.
    pub const fn header(&self) -> &BatchHeader {
        &self.batch.header
    }

    /// Whether every record of the batch counts, so that its header tells how many there are.
    pub const fn is_whole(&self) -> bool {
        self.batch.header.base_offset >= self.from
    }

    /// The records that count.
    ///
    /// # Errors
    /// [`RecordError`] if the batch cannot be expanded; what is wrong with a record, the iterator
    /// says.
    pub fn records(
        &self,
    ) -> Result<impl Iterator<Item = Result<Record, RecordError>> + use<>, RecordError> {
        let from = self.from;
        let counts = move |record: &Result<Record, RecordError>| {
            record.as_ref().map_or(true, |record| record.offset >= from)
        };
        Ok(records(&self.batch, DEFAULT_LIMIT)?.filter(counts))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::kafka::batch::Batches;
    use crate::kafka::testing::{JAVA_TRANSACTIONS, unhex};

    fn kept(bytes: &Bytes, aborted: &[(i64, i64)]) -> Vec<i64> {
        let aborted = aborted
            .iter()
            .map(|&(producer_id, first_offset)| AbortedTransaction { producer_id, first_offset });
        let mut filter = Filter::new(aborted.collect());
        let batches = Batches::new(bytes).map(Result::unwrap);
        batches
            .filter(|batch| filter.keeps(batch).unwrap())
            .map(|batch| batch.header.base_offset)
            .collect()
    }

    /// Java's two transactions (offsets 0 and 2, markers at 1 and 3), and the first of them once
    /// more at offset 4.
    fn three_transactions() -> Bytes {
        let two = unhex(JAVA_TRANSACTIONS);
        let mut again = two[..two.len() / 2].to_vec();
        again[7] = 4;
        [two.to_vec(), again].concat().into()
    }

    #[test]
    fn markers_and_aborted_records_do_not_count() {
        let producer = 2005;
        assert_eq!(kept(&three_transactions(), &[(producer, 2)]), [0, 4]);
    }

    #[test]
    fn an_aborted_transaction_of_another_producer_takes_nothing_away() {
        assert_eq!(kept(&three_transactions(), &[(7, 0)]), [0, 2, 4]);
        assert_eq!(kept(&three_transactions(), &[]), [0, 2, 4]);
    }

    #[test]
    fn a_transaction_ends_at_its_marker_and_not_at_the_next_transaction() {
        let producer = 2005;
        let bytes = three_transactions();
        // Without the abort marker the producer's next records would belong to it still.
        let markerless: Bytes = {
            let headers: Vec<_> = Batches::new(&bytes).map(|b| b.unwrap().header).collect();
            let sizes: Vec<usize> = headers.iter().map(BatchHeader::size).collect();
            let third = sizes[..3].iter().sum::<usize>();
            [&bytes[..third], &bytes[third + sizes[3]..]].concat().into()
        };
        assert_eq!(kept(&markerless, &[(producer, 2)]), [0]);
    }

    #[test]
    fn records_below_the_log_start_offset_are_left_out_of_a_batch() {
        let bytes = unhex(crate::kafka::testing::JAVA_BATCHES[0]);
        let batch = Batches::new(&bytes).next().unwrap().unwrap();
        let offsets = |from| {
            let batch = CommittedBatch::new(batch, from);
            let records = batch.records().unwrap().map(|record| record.unwrap().offset);
            (batch.is_whole(), records.collect::<Vec<_>>())
        };
        assert_eq!(offsets(0), (true, vec![0, 1, 2]));
        assert_eq!(offsets(2), (false, vec![2]));
    }
}
