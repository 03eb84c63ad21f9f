//! Hears what a hosted attempt tells.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Sender;
use crate::app::{Message, RequestId};
use crate::lab::audience::{Audience, ProgramEvent};
use crate::lab::check::Report;

/// Sends verdicts on.
#[derive(Debug)]
pub struct Listener {
    /// The request for the hosting.
    pub id: RequestId,
    /// Where they go.
    pub messages: Sender,
    /// Whether it is to end.
    pub off: Arc<AtomicBool>,
}

impl Audience for Listener {
    fn verdicts(&self, report: &Report) {
        let _ = self.messages.send(Message::Verdicts(self.id, report.clone()));
    }

    /// The screen runs no program: that is `kafka-workbook lab run`.
    fn program(&self, _event: &ProgramEvent) {}

    fn called_off(&self) -> bool {
        self.off.load(Ordering::Relaxed) || self.messages.is_closed()
    }
}
