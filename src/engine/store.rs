//! The written-down state of the running environment, and the lock of whoever changes it.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::cancelled;
use super::cluster::Cluster;
use super::files::{self, write_aside};
use super::report::{Report, Step};
use crate::paths::Paths;
use crate::phrase;
use crate::problem::{Explain, Problem};

/// How often it is looked whether the other program is done.
const INTERVAL: Duration = Duration::from_millis(10);

/// Version of `cluster.json`.
const SCHEMA: u32 = 1;

/// The environment's state could not be read or written.
#[derive(Debug, Error)]
#[error("{path}: {source}")]
pub struct StoreError {
    path: PathBuf,
    source: io::Error,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    schema: u32,
    cluster: Cluster,
}

/// Held while an environment of this home is changed; released on drop.
#[derive(Debug)]
pub struct EnvironmentLock {
    _file: File,
}

/// Waits until no other program changes an environment of this home, or until the learner calls
/// it off.
pub async fn lock(paths: &Paths, report: &dyn Report) -> Result<EnvironmentLock, Problem> {
    let tries = AtomicU32::new(0);
    let go_on = || {
        // Most are through at once: who waits is told.
        if tries.fetch_add(1, Ordering::Relaxed) == 2 {
            report.step(&Step::new(phrase!(
                "waiting: another kafka-workbook is changing the cluster",
                "等待中：另一个 kafka-workbook 正在改动集群"
            )));
        }
        if report.cancelled() { Err(cancelled()) } else { Ok(()) }
    };
    let file = files::lock(&paths.environment_lock(), INTERVAL, go_on).await?;
    Ok(EnvironmentLock { _file: file })
}

/// Whether another program changes an environment of this home at this moment.
pub fn is_changing(paths: &Paths) -> bool {
    let held = |file: File| matches!(file.try_lock(), Err(TryLockError::WouldBlock));
    File::open(paths.environment_lock()).is_ok_and(held)
}

/// Writes a cluster down, aside and then renamed: a reader sees the old state or the new one.
pub fn write(paths: &Paths, cluster: &Cluster) -> Result<(), StoreError> {
    let path = file_of(paths, &cluster.environment);
    let text = serde_json::to_vec_pretty(&Stored { schema: SCHEMA, cluster: cluster.clone() });
    write_aside(&path, &text.unwrap_or_default()).map_err(|source| StoreError { path, source })
}

/// The cluster of this home, if one is written down. What cannot be read is as good as none: the
/// next start removes its folder.
pub fn read(paths: &Paths) -> Option<Cluster> {
    let folders = fs::read_dir(paths.environments()).ok()?;
    let mut clusters: Vec<Cluster> = folders
        .flatten()
        .filter_map(|folder| fs::read(folder.path().join("cluster.json")).ok())
        .filter_map(|bytes| serde_json::from_slice::<Stored>(&bytes).ok())
        .filter(|stored| stored.schema == SCHEMA)
        .map(|stored| stored.cluster)
        .collect();
    clusters.pop()
}

/// The cluster of this home of which something was ever started: what serves Kafka's tools alone is
/// none.
pub fn started(paths: &Paths) -> Option<Cluster> {
    read(paths).filter(|cluster| !cluster.is_only_prepared())
}

/// The cluster of this home, or that there is none.
pub fn running(paths: &Paths) -> Result<Cluster, Problem> {
    read(paths).ok_or_else(nothing_runs)
}

fn file_of(paths: &Paths, environment: &str) -> PathBuf {
    paths.environment(environment).join("cluster.json")
}

impl Explain for StoreError {
    fn problem(&self) -> Problem {
        Problem::file(&self.path, &self.source)
    }
}

fn nothing_runs() -> Problem {
    Problem::usage(
        "nothing-runs",
        phrase!("this home has no environment", "当前没有任何环境"),
        phrase!(
            "start a lab: kafka-workbook lab start ID; or a cluster alone: kafka-workbook env up kraft-single",
            "开始一个实验：kafka-workbook lab start ID；或只启动集群：kafka-workbook env up kraft-single"
        ),
    )
}
