//! Writes a node's files out and starts its JVM.

use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::system::uname;

use super::distribution::Distribution;
use super::java::{Java, without_options};
use super::layout::{Layout, NodeLayout, node_folder};
use super::logging;
use super::process::ProcessId;

/// Start-up and memory matter more to a lab than peak throughput (measured: 1.4 s → 1.05 s).
const LAB_FLAGS: [&str; 4] = [
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
];

/// What the JVM does with a class archive.
#[derive(Debug, Clone, Copy)]
pub enum ClassArchive<'a> {
    /// Start without one.
    None,
    /// Start faster with this one.
    Use(&'a Path),
    /// Write one at the end.
    Write(&'a Path),
}

impl ClassArchive<'_> {
    fn flag(self) -> Option<String> {
        match self {
            Self::None => None,
            Self::Use(path) => Some(format!("-XX:SharedArchiveFile={}", path.display())),
            Self::Write(path) => Some(format!("-XX:ArchiveClassesAtExit={}", path.display())),
        }
    }
}

/// The hosts file of an environment, read by its JVMs and by the CLI tools.
pub fn hosts_file(folder: &Path) -> PathBuf {
    folder.join("hosts")
}

/// A node's own log.
pub fn log_file(folder: &Path, node: &str) -> PathBuf {
    node_folder(folder, node).join("server.log")
}

/// What a node's JVM printed before it could log.
pub fn console_file(folder: &Path, node: &str) -> PathBuf {
    node_folder(folder, node).join("console.log")
}

/// Where a node's process is written down.
pub fn process_file(folder: &Path, node: &str) -> PathBuf {
    node_folder(folder, node).join("process.json")
}

/// How the argument ends that tells a node's process from all others.
pub const MARKER_END: &str = "/server.properties";

/// The argument that tells a node's process from all others: its configuration's path.
pub fn marker(folder: &Path, node: &str) -> String {
    format!("{}{MARKER_END}", node_folder(folder, node).display())
}

/// Writes the hosts file and each node's configuration.
pub fn write_files(folder: &Path, layout: &Layout, distribution: &Distribution) -> io::Result<()> {
    let backend = distribution.log_backend();
    fs::create_dir_all(folder)?;
    fs::write(hosts_file(folder), hosts(layout))?;
    fs::write(logging::of_tools(folder), backend.tools())?;
    for node in &layout.nodes {
        let at = node_folder(folder, &node.name);
        fs::create_dir_all(at.join("tmp"))?;
        fs::write(at.join("server.properties"), node.properties.to_properties_text())?;
        fs::write(
            logging::of_node(folder, &node.name),
            backend.node(&log_file(folder, &node.name)),
        )?;
    }
    Ok(())
}

/// Starts a node whose files are written and writes its process down.
pub fn start(
    folder: &Path,
    node: &NodeLayout,
    (java, distribution): (&Java, &Distribution),
    archive: ClassArchive<'_>,
) -> io::Result<ProcessId> {
    let name = &node.name;
    let at = node_folder(folder, name);
    let console = fs::File::create(console_file(folder, name))?;
    let mut command = jvm(folder, (java, distribution), archive);
    command
        .args(&node.heap_options)
        .arg(format!("-Djava.io.tmpdir={}", at.join("tmp").display()))
        .arg(distribution.log_backend().option(&logging::of_node(folder, name)))
        .arg(node.program.class())
        .arg(marker(folder, name))
        .current_dir(&at)
        .stdin(Stdio::null())
        .stdout(console.try_clone()?)
        .stderr(console);
    let process = ProcessId::spawn(command, &marker(folder, name))?;
    process.store(&process_file(folder, name))?;
    Ok(process)
}

/// A JVM that takes nothing from the learner's surroundings.
pub fn java(java: &Java) -> Command {
    without_options(&java.program)
}

/// A JVM with the class path, names and flags that brokers and tools share.
pub fn jvm(
    folder: &Path,
    (java, distribution): (&Java, &Distribution),
    archive: ClassArchive<'_>,
) -> Command {
    let mut command = self::java(java);
    command
        .args(LAB_FLAGS)
        .args(archive.flag())
        // An archive of another machine's Java is passed over without a word.
        .args(["-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr"])
        .arg(format!("-Djdk.net.hosts.file={}", hosts_file(folder).display()))
        .arg("-cp")
        .arg(distribution.class_path());
    command
}

/// With `jdk.net.hosts.file` a JVM asks no other resolver, so this machine's names stand here too.
fn hosts(layout: &Layout) -> String {
    let machine = uname().nodename().to_string_lossy().into_owned();
    let this = format!("{} localhost {machine}", Ipv4Addr::LOCALHOST);
    let nodes =
        layout.nodes.iter().map(|n| format!("{} {}", n.own_address, n.host_names.join(" ")));
    let lines: Vec<String> = std::iter::once(this).chain(nodes).collect();
    lines.join("\n") + "\n"
}
