//! Who is told what happens while an attempt is hosted.

use std::process::ExitStatus;
use std::time::Duration;

use tokio::time::sleep;

use super::check::Report;

/// How often it is looked whether the hosting should end.
const HEED: Duration = Duration::from_millis(20);

/// Is told what happens while an attempt is hosted. Must not block.
pub trait Audience: Send + Sync {
    /// The verdicts are others than before, or the first ones.
    fn verdicts(&self, report: &Report);

    /// Something happened to the learner's program.
    fn program(&self, event: &ProgramEvent);

    /// Whether the hosting should end.
    fn called_off(&self) -> bool;
}

/// Something that happened to the learner's program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProgramEvent {
    /// It was started.
    Started {
        /// With these arguments.
        arguments: Vec<String>,
    },
    /// It has done what it was to do, and is told to stop (SIGTERM).
    Done,
    /// It took longer than it may, in seconds, and is told to stop.
    TooLate(u64),
    /// Nobody waits for it any more, and it is told to stop.
    CalledOff,
    /// It did not stop within the grace, in seconds, and was killed.
    Killed(u64),
    /// It has ended.
    Ended(ExitStatus),
}

/// Waits until the audience has enough.
pub(super) async fn called_off(audience: &dyn Audience) {
    while !audience.called_off() {
        sleep(HEED).await;
    }
}
