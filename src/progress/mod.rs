//! The learner's progress: an append-only log of events, and the state that they add up to.
//!
//! What [`ProgressLog::append`] has acknowledged is on the disk and stays, whatever is killed or
//! written at the same time by another program. [`Progress`] is never stored: it is folded from
//! the log, so nothing can disagree with it.

mod error;
mod event;
mod file;
mod line;
mod log;
mod reading;
mod stamp;
mod standing;
mod state;
mod warning;

pub use error::{Doing, ProgressError};
pub use event::{Entry, Event};
pub use line::Damage;
pub use log::ProgressLog;
pub use reading::{DamagedLine, Reading};
pub use stamp::Stamp;
pub use standing::Standing;
pub use state::{AttemptProgress, KnownVerdict, LabProgress, Progress};
pub use warning::rewritten;
