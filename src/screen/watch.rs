//! Tells what other programs change: the progress log, the cluster.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::Sender;
use crate::app::Message;
use crate::lab::Workbook;
use crate::lab::overview::{self, Onlooker, Overview};
use crate::problem::Explain as _;
use crate::progress::{self, ProgressError, Standing};

/// Between two looks at whether the progress log has changed.
const INTERVAL: Duration = Duration::from_millis(250);

/// Tells the progress whenever the log has changed, and that it is another log than before.
pub async fn progress(workbook: Arc<Workbook>, messages: Sender) {
    // The first look tells in any case: the log may have grown since it was read at the start.
    let mut known = None;
    let (mut rewritten, mut refused, mut again) = (0, None, false);
    while !messages.is_closed() {
        sleep(INTERVAL).await;
        let now = Some(workbook.progress.stamp());
        if now == known && !again {
            continue;
        }
        known = now;
        match workbook.progress.standing() {
            Ok(standing) => {
                if standing.rewritten > rewritten {
                    let problem = progress::rewritten(workbook.progress.path());
                    let _ = messages.send(Message::ProgressUnreadable(problem));
                }
                (rewritten, refused, again) = (standing.rewritten, None, false);
                tell(&workbook, &messages, standing);
            }
            Err(error) => {
                // A right to read may come back without a change of the file.
                again = matches!(error, ProgressError::Io { .. });
                let problem = error.problem();
                // Told once for as long as it stays.
                if refused.as_ref() != Some(&problem) {
                    let _ = messages.send(Message::ProgressUnreadable(problem.clone()));
                }
                refused = Some(problem);
            }
        }
    }
}

/// Tells the progress as it is now.
pub fn tell_progress(workbook: &Workbook, messages: &Sender) {
    // That it cannot be read is told by whoever watches.
    if let Ok(standing) = workbook.progress.standing() {
        tell(workbook, messages, standing);
    }
}

fn tell(workbook: &Workbook, messages: &Sender, standing: Standing) {
    let warnings = standing.warnings(workbook.progress.path());
    let _ = messages.send(Message::Progressed(standing.progress));
    let _ = messages.send(Message::Warned(warnings));
}

/// Tells what stands in the cluster, whenever it differs.
pub async fn cluster(workbook: Arc<Workbook>, messages: Sender) {
    overview::watch(&workbook, &Telling(messages)).await;
}

struct Telling(Sender);

impl Onlooker for Telling {
    fn overview(&self, overview: Option<&Overview>) {
        let _ = self.0.send(Message::Looked(overview.cloned()));
    }

    fn called_off(&self) -> bool {
        self.0.is_closed()
    }
}
