//! Who may change the containers of a home: one program at a time, with the children that it has.

use std::fs::{self, File, TryLockError};
use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::time::Instant;

use super::error::DockerError;
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
        let path = paths.containers_lock();
        let unusable = |e: io::Error| Problem::file(&path, &e);
        fs::create_dir_all(paths.home()).map_err(unusable)?;
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(unusable)?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { file }),
                Err(TryLockError::WouldBlock) if begun.elapsed() < TIMEOUT => {
                    tokio::time::sleep(INTERVAL).await;
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(DockerError::Silent { limit: TIMEOUT }.into());
                }
                Err(TryLockError::Error(e)) => return Err(unusable(e)),
            }
        }
    }

    /// Standard input for a child, which then holds the turn too; it reads as empty.
    pub(super) fn for_a_child(&self) -> Stdio {
        self.file.try_clone().map_or_else(|_| Stdio::null(), Stdio::from)
    }
}
