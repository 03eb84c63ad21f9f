//! What something was from which offset on.

/// Values by the offset of the record that brought them, oldest first.
#[derive(Debug, Clone)]
pub(super) struct Timeline<T>(Vec<(i64, T)>);

impl<T> Default for Timeline<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Timeline<T> {
    /// From `offset` on it is `value`; offsets grow.
    pub(super) fn set(&mut self, offset: i64, value: T) {
        self.0.push((offset, value));
    }

    /// What it was when the record at `offset` was written.
    pub(super) fn at(&self, offset: i64) -> Option<&T> {
        let after = self.0.partition_point(|(from, _)| *from <= offset);
        self.0[..after].last().map(|(_, value)| value)
    }

    /// What it is.
    pub(super) fn now(&self) -> Option<&T> {
        self.0.last().map(|(_, value)| value)
    }
}
