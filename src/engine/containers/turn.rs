//! Who may change the containers of a home: one program at a time, with the children that it has.

use std::fs::File;
use std::process::Stdio;
use std::time::Duration;

use tokio::time::Instant;

use super::error::DockerError;
use crate::engine::files;
use crate::paths::Paths;
use crate::problem::Problem;

/// How long another program of this home may take with its change.
const TIMEOUT: Duration = Duration::from_secs(90);

/// How often it is looked whether the other one is done.
const INTERVAL: Duration = Duration::from_millis(20);

/// The right to change containers of a home; passed on when this and every child that holds it
/// have gone.
#[derive(Debug)]
pub struct Turn {
    file: File,
}

impl Turn {
    /// Waits until no other program, nor a child that one has left behind, changes containers of
    /// this home.
    pub(super) async fn wait(paths: &Paths) -> Result<Self, Problem> {
        let begun = Instant::now();
        let go_on = || match begun.elapsed() {
            waited if waited < TIMEOUT => Ok(()),
            _ => Err(DockerError::Silent { limit: TIMEOUT }.into()),
        };
        Ok(Self { file: files::lock(&paths.containers_lock(), INTERVAL, go_on).await? })
    }

    /// Standard input for a child, which then holds the turn too; it reads as empty.
    pub(super) fn for_a_child(&self) -> Stdio {
        self.file.try_clone().map_or_else(|_| Stdio::null(), Stdio::from)
    }
}
