//! An attempt that is going on, without a cluster: as a learner has it whose machine was restarted.

use std::path::Path;

use kafka_workbook::progress::{Event, ProgressLog};

/// The lab of the attempt.
pub const LAB: &str = "D01-4";

/// Its field.
pub const FIELD: &str = "error";

/// The progress log of the home at `path`.
pub fn log(home: &Path) -> ProgressLog {
    ProgressLog::at(home.join("progress.log"))
}

/// An attempt at [`LAB`] begins.
pub fn started(attempt: u32) -> Event {
    Event::AttemptStarted {
        lab: LAB.to_owned(),
        attempt,
        nonce: "k7m2x9qa".to_owned(),
        values: [].into(),
        engine: "jvm".to_owned(),
        environment: "kraft-single".to_owned(),
    }
}

/// Its last answer, if there is one.
pub fn answer(home: &Path) -> Option<String> {
    let progress = log(home).standing().unwrap().progress;
    progress.current(LAB)?.answers.get(FIELD).cloned()
}
