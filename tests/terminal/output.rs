//! What is written to the terminal, whatever it shows.

use std::time::Instant;

use crate::pty::Pty;
use crate::pty::seen::State;

impl Pty {
    /// All bytes that were written so far.
    pub fn raw(&self) -> Vec<u8> {
        self.seen.lock().raw.clone()
    }

    /// Waits until more than this was written.
    #[track_caller]
    pub fn wait_written(&mut self, length: usize) {
        let deadline = Instant::now() + self.patience;
        let is_more = |state: &State| state.raw.len() > length || state.ended.is_some();
        let written = self.seen.wait(deadline, is_more) && !self.is_gone();
        assert!(written, "nothing is drawn\n{}", self.show());
    }
}
