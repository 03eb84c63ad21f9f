//! Makes the class archives: boots a cluster of its own, uses it as a lab does, ends it cleanly.
//!
//! Runs as a process of its own at low priority, started when the learner's cluster is ready, so
//! that the first start is not delayed and every later one is fast.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use process_wrap::std::{CommandWrap, ProcessSession};
use rustix::process::{Signal, nice};

use super::archive::{Archives, Purpose};
use super::launch::{self, ClassArchive};
use super::layout::{Layout, Program};
use super::process::ProcessId;
use super::{Jvm, golden, lay_out, layout, tools};
use crate::engine::cluster::{Cluster, NodeState};
use crate::engine::environment::{CLUSTER_ID, Environment, random_cluster_id};
use crate::engine::files::remove_tree;
use crate::engine::report::Silent;
use crate::engine::tools::class_of;
use crate::engine::{ports, readiness, room};
use crate::kafka::admin::{self, NewTopic};
use crate::kafka::load::{NewRecord, load};
use crate::problem::Problem;

/// Where the training cluster's ports begin: far from the learner's, and below those that the
/// kernel lends to outgoing connections (32768 and up on Linux).
const PORT_BASE: u16 = 21_092;

/// What has to be free on the cache's disk, in bytes: the archives of Kafka 4.3 take 75 MB, and are
/// written from memory.
pub const NEEDED: u64 = 256 * 1024 * 1024;

/// How long the training cluster may take to be ready; nobody waits for it.
const READY_TIMEOUT: Duration = Duration::from_mins(2);

/// How long a JVM may take to write its archive at the end.
const WRITE_TIMEOUT: Duration = Duration::from_mins(2);

/// How often the training cluster's nodes are looked at.
const INTERVAL: Duration = Duration::from_millis(200);

/// Starts training in a process of its own, unless the archives are there.
///
/// Nothing is reported: without archives everything works, only slower.
pub fn start_in_background(engine: &Jvm, program: &Path, cluster: &Cluster) {
    let Ok((java, distribution)) = engine.runtime(&cluster.kafka_version, &Silent) else { return };
    let archives = Archives::of(engine.paths.cache(), &java, &distribution);
    // On a disk that is nearly full the learner's cluster needs what is left.
    let purposes = Purpose::of_cluster(cluster);
    let wanted = !archives.complete(&purposes) && room::has(engine.paths.cache(), NEEDED);
    if !wanted || fs::create_dir_all(archives.folder()).is_err() {
        return;
    }
    let Ok(log) = File::create(archives.folder().join("training.log")) else { return };
    let mut command = Command::new(program);
    command
        .args([TRAIN_COMMAND, &cluster.environment])
        .env("KAFKA_WORKBOOK_HOME", engine.paths.home())
        .env("KAFKA_WORKBOOK_CACHE", engine.paths.cache())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log);
    let mut wrapped = CommandWrap::from(command);
    wrapped.wrap(ProcessSession);
    if let Ok(mut child) = wrapped.spawn() {
        // Reaped where this program lives on; the training goes on without it.
        let _ = std::thread::Builder::new()
            .name("reap training".to_owned())
            .spawn(move || child.wait());
    }
}

/// The hidden command that trains.
pub const TRAIN_COMMAND: &str = "train-class-archives";

/// Makes the archives for the Kafka of the environment that runs now. `Ok` also when another
/// process is at it.
pub async fn train(engine: &Jvm, cluster: &Cluster) -> Result<(), Problem> {
    let _ = nice(10);
    let environment = training_environment(engine, cluster)?;
    let (java, distribution) = engine.runtime(&cluster.kafka_version, &Silent)?;
    let archives = Archives::of(engine.paths.cache(), &java, &distribution);
    let unusable = |e: io::Error| Problem::file(archives.folder(), &e);
    fs::create_dir_all(archives.folder()).map_err(unusable)?;
    let lock = File::create(archives.folder().join("lock")).map_err(unusable)?;
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => return Ok(()),
        other => other.map_err(|e| unusable(e.into()))?,
    }
    let folder = archives.folder().join("cluster");
    remove_tree(&folder).map_err(unusable)?;
    let trained = train_in(&folder, engine, &environment, (&java, &distribution)).await;
    let placed = trained.and_then(|()| {
        Purpose::of_cluster(cluster).into_iter().try_for_each(|purpose| {
            archives.place(purpose, &written(&folder, purpose)).map_err(unusable)
        })
    });
    placed.and(remove_tree(&folder).map_err(unusable))
}

async fn train_in(
    folder: &Path,
    engine: &Jvm,
    environment: &Environment,
    runtime: (&super::Java, &super::Distribution),
) -> Result<(), Problem> {
    let network = layout::network_of(folder);
    let layout = lay_out(environment, folder, network)?;
    let (cache, id) = (engine.paths.cache(), &layout.cluster_id);
    golden::restore(cache, folder, id, &layout, runtime, |there| {
        lay_out(environment, there, network)
    })?;
    launch::write_files(folder, &layout, runtime.1).map_err(|e| Problem::file(folder, &e))?;
    use_and_end(folder, environment, &layout, runtime).await
}

fn training_environment(engine: &Jvm, cluster: &Cluster) -> Result<Environment, Problem> {
    let mut environment = Environment::kept(&engine.folder(&cluster.environment), cluster)?;
    let chosen = ports::choose(&ports::variables_in(&environment.text), PORT_BASE, ports::is_free)?;
    environment.variables.extend(chosen.into_iter().map(|(name, port)| (name, port.to_string())));
    environment.variables.insert(CLUSTER_ID.to_owned(), random_cluster_id()?);
    Ok(environment)
}

async fn use_and_end(
    folder: &Path,
    environment: &Environment,
    layout: &Layout,
    runtime: (&super::Java, &super::Distribution),
) -> Result<(), Problem> {
    let mut processes = Vec::new();
    let mut written_by_now = Vec::new();
    for node in &layout.nodes {
        let purpose = Purpose::of(node.program);
        let place = written(folder, purpose);
        // The first of its kind writes for all of them.
        let archive = if written_by_now.contains(&purpose) {
            ClassArchive::None
        } else {
            ClassArchive::Write(&place)
        };
        let process = launch::start(folder, node, runtime, archive);
        processes.push(process.map_err(|e| Problem::file(folder, &e))?);
        written_by_now.push(purpose);
    }
    let cluster = super::describe(environment, layout);
    let used = tokio::select! {
        used = exercise(folder, &cluster, runtime) => used,
        () = one_ends(&processes) => Err(Problem::file(folder, &ErrorKind::BrokenPipe.into())),
    };
    let (servers, brokers): (Vec<_>, Vec<_>) =
        layout.nodes.iter().zip(&processes).partition(|(n, _)| n.program == Program::ZooKeeper);
    // A broker that stops cleanly needs ZooKeeper for that.
    for nodes in [brokers, servers] {
        end_all(nodes.into_iter().map(|(_, process)| process), used.is_ok()).await;
    }
    used
}

/// Ends nodes side by side, cleanly where they are to write their archives.
async fn end_all<'p>(processes: impl Iterator<Item = &'p ProcessId>, cleanly: bool) {
    let processes: Vec<&ProcessId> = processes.collect();
    for process in &processes {
        let _ = process.signal(if cleanly { Signal::TERM } else { Signal::KILL });
    }
    for process in &processes {
        if !process.gone(WRITE_TIMEOUT).await {
            let _ = process.signal(Signal::KILL);
        }
    }
}

/// Returns when a node has ended: nobody waits for it any longer.
async fn one_ends(processes: &[ProcessId]) {
    while processes.iter().all(|process| process.state() != NodeState::Stopped) {
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Does with the cluster what a lab does, so that the classes for it are loaded.
async fn exercise(
    folder: &Path,
    cluster: &Cluster,
    runtime: (&super::Java, &super::Distribution),
) -> Result<(), Problem> {
    readiness::wait_for_nodes(cluster, READY_TIMEOUT).await?;
    let client = cluster.client(Duration::from_secs(10));
    let address = cluster.brokers().first().cloned().unwrap_or_default();
    let topic = NewTopic { name: "training".to_owned(), partitions: 1, replication_factor: 1 };
    admin::create_topics(&client, &address, std::slice::from_ref(&topic)).await?;
    readiness::wait_for_topics(cluster, std::slice::from_ref(&topic.name), READY_TIMEOUT).await?;
    let record = NewRecord { partition: 0, key: None, value: b"a".to_vec() };
    load(address.clone(), topic.name, std::iter::once(record), READY_TIMEOUT).await?;
    let archive = written(folder, Purpose::Tools);
    let class = class_of("kafka-topics", &cluster.kafka_version).unwrap_or_default();
    let mut list = tools::command(folder, class, runtime, ClassArchive::Write(&archive));
    list.args(["--bootstrap-server", &address, "--describe"])
        .stdout(Stdio::null())
        .stdin(Stdio::null());
    let ended = tokio::process::Command::from(list).status().await;
    ended.map(|_| ()).map_err(|e| Problem::file(folder, &e))
}

fn written(folder: &Path, purpose: Purpose) -> std::path::PathBuf {
    match purpose {
        Purpose::Broker => folder.join("broker.jsa"),
        Purpose::ZooKeeper => folder.join("zookeeper.jsa"),
        Purpose::Tools => folder.join("tools.jsa"),
    }
}
