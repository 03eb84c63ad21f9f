//! Formatted log directories, made once a version and layout and copied from then on.
//!
//! `kafka-storage format` costs a JVM start, about a second. What it writes depends on the version
//! and the layout alone, but for the cluster id in `meta.properties`, which is rewritten on copy.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::distribution::Distribution;
use super::java::Java;
use super::key::short_hex;
use super::launch;
use super::layout::{Layout, NodeLayout, Program};
use crate::engine::files::remove_tree;
use crate::engine::room;
use crate::phrase;
use crate::printable;
use crate::problem::{Explain, Problem};

/// The cluster id that golden directories are formatted with: "kafka-workbook.1".
const GOLDEN_CLUSTER_ID: &str = "a2Fma2Etd29ya2Jvb2suMQ";

/// `kafka-storage format` failed.
#[derive(Debug, Error)]
#[error("kafka-storage format of {node} failed: {output}")]
pub struct FormatError {
    /// The node.
    node: String,
    /// What it printed.
    output: String,
}

/// Fills `folder` with a freshly formatted state of every node, as cluster `cluster_id`.
///
/// `lay_out_at` lays the same environment out below another folder: golden directories are
/// formatted where they will stay.
pub fn restore(
    cache: &Path,
    folder: &Path,
    cluster_id: &str,
    layout: &Layout,
    runtime: (&Java, &Distribution),
    lay_out_at: impl Fn(&Path) -> Result<Layout, Problem>,
) -> Result<(), Problem> {
    if formatted(layout).next().is_none() {
        return fs::create_dir_all(folder).map_err(|e| Problem::file(folder, &e));
    }
    let golden = provide(cache, layout, runtime, lay_out_at)?;
    copy_tree(&golden, folder, cluster_id).map_err(|e| Problem::file(folder, &e))
}

/// Sees that the golden directories of a layout are there, if it has any.
pub fn prepare(
    cache: &Path,
    layout: &Layout,
    runtime: (&Java, &Distribution),
    lay_out_at: impl Fn(&Path) -> Result<Layout, Problem>,
) -> Result<(), Problem> {
    if formatted(layout).next().is_none() {
        return Ok(());
    }
    provide(cache, layout, runtime, lay_out_at).map(drop)
}

/// The golden directories of a layout, which are made where they are not there.
fn provide(
    cache: &Path,
    layout: &Layout,
    runtime: (&Java, &Distribution),
    lay_out_at: impl Fn(&Path) -> Result<Layout, Problem>,
) -> Result<PathBuf, Problem> {
    let golden = place_of(cache, layout);
    if golden.is_dir() {
        return Ok(golden);
    }
    let key = key(layout);
    let aside = cache.join("golden").join(format!("{key}.{}.new", std::process::id()));
    let made = make(&aside, runtime, lay_out_at).map_err(|problem| match problem.code {
        // Named by a folder that is still there afterwards.
        room::FULL => room::full(&cache.join("golden")),
        _ => problem,
    });
    // Another home may have been quicker; its state is as good as ours.
    let placed = made.and_then(|()| match fs::rename(&aside, &golden) {
        Err(_) if golden.is_dir() => Ok(()),
        other => other.map_err(|e| Problem::file(&golden, &e)),
    });
    let removed = remove_tree(&aside).map_err(|e| Problem::file(&aside, &e));
    // Why it was not made says more than what could not be removed then.
    placed.and(removed).map(|()| golden)
}

/// Where the golden directories of a layout are, or would be made.
pub fn place_of(cache: &Path, layout: &Layout) -> PathBuf {
    cache.join("golden").join(key(layout))
}

/// Formats every node of the layout below `aside`.
fn make(
    aside: &Path,
    runtime: (&Java, &Distribution),
    lay_out_at: impl Fn(&Path) -> Result<Layout, Problem>,
) -> Result<(), Problem> {
    remove_tree(aside).map_err(|e| Problem::file(aside, &e))?;
    let there = lay_out_at(aside)?;
    formatted(&there).try_for_each(|node| format_node(aside, node, runtime))
}

/// The nodes whose data are formatted beforehand; `ZooKeeper` and its brokers make theirs themselves.
fn formatted(layout: &Layout) -> impl Iterator<Item = &NodeLayout> {
    layout.nodes.iter().filter(|node| node.program == Program::KRaft)
}

/// What the formatted state depends on.
fn key(layout: &Layout) -> String {
    let mut digest = Sha256::new();
    for node in formatted(layout) {
        let p = &node.properties;
        let names = [
            "process.roles",
            "controller.quorum.voters",
            "controller.listener.names",
            "inter.broker.listener.name",
        ];
        // Which ports the voters have is nothing that the formatted state knows.
        let settings: Vec<String> =
            names.iter().map(|n| without_ports(p.get(n).unwrap_or_default())).collect();
        let places: Vec<String> =
            p.get("log.dirs").unwrap_or_default().split(',').map(tail_of).collect();
        let id = node.node_id.unwrap_or_default();
        digest.update(format!("{} {id} {settings:?} {places:?};", node.name));
    }
    format!("{}-{}", layout.kafka_version, short_hex(&digest.finalize()))
}

/// `1@kafka` of `1@kafka:9093`.
fn without_ports(voters: &str) -> String {
    let names = voters.split(',').map(|voter| voter.split(':').next().unwrap_or_default());
    names.collect::<Vec<_>>().join(",")
}

/// The part of a mapped path that does not name the home.
fn tail_of(path: &str) -> String {
    let from = path.rfind("/volumes/").or_else(|| path.rfind("/nodes/")).unwrap_or(0);
    path[from..].to_owned()
}

fn format_node(
    folder: &Path,
    node: &NodeLayout,
    (java, distribution): (&Java, &Distribution),
) -> Result<(), Problem> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |e| Problem::file(&path, &e)
    };
    fs::create_dir_all(folder).map_err(io(folder))?;
    for dir in node.properties.get("log.dirs").unwrap_or_default().split(',') {
        fs::create_dir_all(dir).map_err(io(Path::new(dir)))?;
    }
    let file = folder.join("server.properties");
    fs::write(&file, node.properties.to_properties_text()).map_err(io(&file))?;
    let output = launch::java(java)
        .args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp"])
        .arg(distribution.class_path())
        .args(["kafka.tools.StorageTool", "format", "--cluster-id", GOLDEN_CLUSTER_ID, "--config"])
        .arg(&file)
        .stdin(Stdio::null())
        .output()
        .map_err(io(&java.program))?;
    fs::remove_file(&file).map_err(io(&file))?;
    if output.status.success() {
        return Ok(());
    }
    let mut printed = String::from_utf8_lossy(&output.stdout).into_owned();
    printed.push_str(&String::from_utf8_lossy(&output.stderr));
    if room::is_full(folder) || printed.contains("No space left on device") {
        return Err(room::full(folder));
    }
    Err(FormatError { node: node.name.clone(), output: first_words(&printed) }.into())
}

/// The message of a Java program that has failed, without its stack trace.
fn first_words(printed: &str) -> String {
    let line =
        printed.lines().find(|line| line.contains("Exception")).or_else(|| printed.lines().next());
    printable::line(line.unwrap_or("-").trim_start_matches("Exception in thread \"main\" "))
}

fn copy_tree(from: &Path, to: &Path, cluster_id: &str) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target, cluster_id)?;
        } else if entry.file_name() == "meta.properties" {
            let text = fs::read_to_string(entry.path())?;
            fs::write(target, text.replace(GOLDEN_CLUSTER_ID, cluster_id))?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

impl Explain for FormatError {
    fn problem(&self) -> Problem {
        let Self { node, output } = self;
        Problem::new(
            "format-failed",
            phrase!(
                "kafka-storage format of {node} failed: {output}",
                "{node} 的 kafka-storage format 失败：{output}"
            ),
            phrase!(
                "mend the setting that it names in the compose file; where it names none, see that this Java works: java -version",
                "在 compose 文件中改正它指出的配置；如果没有指出配置，确认 Java 可用：java -version"
            ),
        )
    }
}
