//! What work that was cut off has left: nodes that nothing is written down of, and half-made entries
//! of the cache. Looking for it changes nothing.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::end::nodes_below;
use super::launch::{self, MARKER_END};
use super::process::ProcessId;
use crate::engine::cluster::Cluster;
use crate::engine::programs::is_alive;
use crate::paths::Paths;
use crate::printable;

/// A node's process that no written-down cluster knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// Its process id.
    pub pid: u32,
    /// The node's name, without what a terminal would act on.
    pub node: String,
}

/// Half-made work in the cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HalfMade {
    /// Where it lies.
    pub path: PathBuf,
    /// What it was to become.
    pub kind: HalfMadeKind,
}

/// What half-made work was to become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HalfMadeKind {
    /// The release archive: the next download goes on where it stopped.
    Download,
    /// The jars of a version: begun anew by whoever fetches them next.
    Jars,
    /// A formatted directory: made again under another name.
    Golden,
    /// Class archives: begun anew by the next training.
    Training,
}

/// Nodes that run in this home although `cluster`, the one that is written down, does not have
/// them.
pub fn strays(paths: &Paths, cluster: Option<&Cluster>) -> Vec<Stray> {
    let known = |process: &ProcessId| {
        cluster.is_some_and(|cluster| {
            let folder = paths.environment(&cluster.environment);
            let files = cluster.nodes.iter().map(|n| launch::process_file(&folder, &n.name));
            files.filter_map(|file| ProcessId::load(&file)).any(|own| own.pid == process.pid)
        })
    };
    let found = nodes_below(&paths.environments()).into_iter();
    found.filter(|process| !known(process)).map(|process| stray(&process)).collect()
}

/// Nodes that were started to train class archives, by a training that does not live any more.
pub fn untrained(cache: &Path) -> Vec<Stray> {
    let archives = cache.join("archives");
    let found = nodes_below(&archives).into_iter();
    let orphaned = |process: &ProcessId| {
        let entry = Path::new(process.marker()).strip_prefix(&archives).ok();
        let entry = entry.and_then(|path| path.components().next());
        entry.is_some_and(|entry| !is_held(&archives.join(entry).join("lock")))
    };
    found.filter(orphaned).map(|process| stray(&process)).collect()
}

fn stray(process: &ProcessId) -> Stray {
    let folder = process.marker().trim_end_matches(MARKER_END);
    let node = printable::name(folder.rsplit('/').next().unwrap_or(folder));
    Stray { pid: process.pid, node }
}

/// Work in the cache that nobody goes on with.
pub fn half_made(cache: &Path) -> Vec<HalfMade> {
    let (kafka, golden) = (cache.join("kafka"), cache.join("golden"));
    let of = |kind| move |path| HalfMade { path, kind };
    // Which version a download is of, its name says only to the sources.
    let is_fetching = entries(&kafka, ".lock").any(|lock| is_held(&lock));
    let downloads = entries(&kafka, ".part").filter(|_| !is_fetching);
    let jars = entries(&kafka, ".new").filter(|path| !is_held(&path.with_extension("lock")));
    let golden = entries(&golden, ".new").filter(|path| !is_being_made(path));
    let trainings = entries(&cache.join("archives"), "").map(|entry| entry.join("cluster"));
    let trainings =
        trainings.filter(|path| path.is_dir() && !is_held(&path.with_file_name("lock")));
    (downloads.map(of(HalfMadeKind::Download)))
        .chain(jars.map(of(HalfMadeKind::Jars)))
        .chain(golden.map(of(HalfMadeKind::Golden)))
        .chain(trainings.map(of(HalfMadeKind::Training)))
        .collect()
}

/// What of a folder has a name that ends so.
fn entries(folder: &Path, end: &str) -> std::vec::IntoIter<PathBuf> {
    let found = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let found = found.filter(|path| path.to_str().is_some_and(|path| path.ends_with(end)));
    found.collect::<Vec<_>>().into_iter()
}

/// Whether the process that the name `KEY.PID.new` ends with lives.
fn is_being_made(path: &Path) -> bool {
    let name = path.file_stem().and_then(|stem| stem.to_str());
    let pid = name.and_then(|name| name.rsplit_once('.')).map(|(_, pid)| pid);
    pid.and_then(|pid| pid.parse().ok()).is_some_and(is_alive)
}

/// Whether somebody holds the lock of a file. A lock needs no tidying up: the system takes it back
/// from whoever ends.
fn is_held(lock: &Path) -> bool {
    let held = |file: File| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
    File::open(lock).is_ok_and(held)
}

#[cfg(test)]
mod tests {
    use super::HalfMadeKind::{Download, Golden, Jars, Training};
    use super::*;

    #[test]
    fn what_somebody_is_at_is_not_left() {
        let cache = tempfile::tempdir().unwrap();
        let make = |path: &str| {
            let path = cache.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "").unwrap();
            path
        };
        let alive = std::process::id();
        assert_eq!(half_made(cache.path()), []);
        make("kafka/4.3.1/manifest.json");
        make("golden/4.3.1-aa/volumes");
        make("archives/4.3.1-bb/broker-1.jsa");
        let locks = ["kafka/4.3.1.lock", "archives/4.3.1-bb/lock"]
            .map(|lock| File::open(make(lock)).unwrap());
        make("kafka/kafka_2.13-4.3.1.tgz.part");
        make("kafka/4.3.1.new/entry");
        make(&format!("golden/4.3.1-aa.{alive}.new/nodes"));
        make("archives/4.3.1-bb/cluster/hosts");
        for lock in &locks {
            lock.lock().unwrap();
        }
        assert_eq!(half_made(cache.path()), []);
        drop(locks);
        make("golden/4.3.1-aa.419430499.new/nodes");
        let left: Vec<HalfMadeKind> =
            half_made(cache.path()).into_iter().map(|left| left.kind).collect();
        assert_eq!(left, [Download, Jars, Golden, Training]);
    }
}
