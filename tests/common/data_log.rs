//! The log of one partition of an ordinary topic.

use super::batches::Draft;

/// Batches, and what the leader says of them.
#[derive(Debug, Clone, Default)]
pub struct DataLog {
    batches: Vec<(i64, Vec<u8>)>,
    /// The first offset that is still there.
    pub start: i64,
    /// The last stable offset, where it is not the end.
    pub stable: Option<i64>,
    /// Aborted transactions: the producer, the first offset and the marker's of each.
    pub aborted: Vec<(i64, i64, i64)>,
}

impl DataLog {
    /// Appends a batch.
    pub fn append(&mut self, draft: &Draft) -> &mut Self {
        self.batches.push((draft.next(), draft.bytes()));
        self
    }

    /// Records of these keys in one batch at the end.
    pub fn append_keys(&mut self, keys: &[Option<&str>]) -> &mut Self {
        let draft = Draft::of_keys(self.end(), keys);
        self.append(&draft)
    }

    /// The offset after the last record; the high watermark too.
    pub fn end(&self) -> i64 {
        self.batches.last().map_or(0, |(next, _)| *next)
    }

    /// The last stable offset.
    pub fn stable(&self) -> i64 {
        self.stable.unwrap_or_else(|| self.end())
    }

    /// At most `count` batches below the last stable offset, from the one that holds `offset`; none
    /// where that is out of range.
    pub fn read(&self, offset: i64, count: usize) -> Option<Vec<u8>> {
        if offset < self.start || offset > self.end() {
            return None;
        }
        let below = |next: i64| next > offset && next <= self.stable();
        let from = self.batches.iter().filter(|(next, _)| below(*next));
        Some(from.take(count).flat_map(|(_, bytes)| bytes.clone()).collect())
    }
}
