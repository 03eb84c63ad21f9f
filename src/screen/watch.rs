//! Tells what other programs change: the progress log, the cluster.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::runner::Sender;
use crate::app::Message;
use crate::lab::Workbook;
use crate::lab::overview::{self, Onlooker, Overview};

/// Between two looks at the size of the progress log.
const INTERVAL: Duration = Duration::from_millis(250);

/// Tells the progress whenever the log has grown. It is read again then, which is rare.
pub async fn progress(workbook: Arc<Workbook>, messages: Sender) {
    let size = || fs::metadata(workbook.progress.path()).map_or(0, |file| file.len());
    // The first look tells in any case: the log may have grown since it was read at the start.
    let mut known = None;
    while !messages.is_closed() {
        sleep(INTERVAL).await;
        let now = Some(size());
        if now != known {
            known = now;
            tell_progress(&workbook, &messages);
        }
    }
}

/// Tells the progress as it is now.
pub fn tell_progress(workbook: &Workbook, messages: &Sender) {
    let _ = messages.send(match workbook.progress() {
        Ok(progress) => Message::Progressed(progress),
        Err(problem) => Message::ProgressUnreadable(problem),
    });
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
