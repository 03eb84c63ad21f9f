//! Kafka's CLI tools in a container of their own: `docker run`, never `docker exec` into a broker,
//! which loses signals and dies with the node.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{IsTerminal as _, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::{getgid, getuid};

use super::Containers;
use super::docker::Docker;
use super::error::DockerError;
use crate::engine::cluster::Cluster;
use crate::engine::compose::ComposeFile;
use crate::engine::environment::Environment;
use crate::engine::kafka_service::KafkaService;
use crate::engine::tools::class_of;
use crate::problem::Problem;

/// Where an image of Kafka has the tools.
const FOLDER: &str = "/opt/kafka/bin";

/// Tools that read standard input. The others leave it to whoever comes after them, as a process
/// would: `docker run --interactive` drains it.
const READERS: [&str; 4] =
    ["kafka-acls", "kafka-console-producer", "kafka-metadata-shell", "kafka-verifiable-producer"];

/// Folders of the image that must not be hidden behind those of this machine.
const OF_THE_IMAGE: [&str; 14] = [
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/mnt/shared",
    "/opt",
    "/proc",
    "/run",
    "/sbin",
    "/sys",
    "/usr",
    "/var",
];

/// The network that a tool runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// This machine's: every address is the learner's own.
    Host,
    /// The project's, where the engine cannot share this machine's (Docker Desktop, rootless):
    /// addresses of this machine become those between the nodes.
    Project,
}

impl Network {
    /// What the engine can do.
    pub fn of(docker: &Docker) -> Result<Self, DockerError> {
        if !cfg!(target_os = "linux") {
            return Ok(Self::Project);
        }
        let words = ["info", "--format", "{{.OperatingSystem}} {{.SecurityOptions}}"];
        let output = docker.command(&words).output().map_err(DockerError::not_run)?;
        if !output.status.success() {
            return Err(DockerError::said(&String::from_utf8_lossy(&output.stderr)));
        }
        let info = String::from_utf8_lossy(&output.stdout);
        let apart = ["Docker Desktop", "name=rootless"].iter().any(|mark| info.contains(mark));
        Ok(if apart { Self::Project } else { Self::Host })
    }
}

impl Containers {
    /// A tool with its arguments on a given network, ready to be executed.
    pub fn tool_on(
        &self,
        docker: &Docker,
        network: Network,
        cluster: &Cluster,
        (name, arguments): (&str, &[OsString]),
    ) -> Result<Command, Problem> {
        let name = name.strip_suffix(".sh").unwrap_or(name);
        class_of(name).ok_or_else(|| crate::engine::no_such_tool(name))?;
        let environment = Environment::kept(&self.folder(&cluster.environment), cluster)?;
        let file = environment.read()?;
        let image = file.services.first().map(|s| s.image.value.as_str()).unwrap_or_default();
        let project = self.project(&cluster.environment);

        let mut command = docker.command(&["run", "--rm", "--init", "--pull", "never"]);
        command.args(["--log-driver", "none", "--entrypoint"]).arg(format!("{FOLDER}/{name}.sh"));
        for (key, value) in project.labels() {
            command.args(["--label", &format!("{key}={value}")]);
        }
        if READERS.contains(&name) {
            command.arg("--interactive");
            if stdin().is_terminal() && stdout().is_terminal() {
                command.arg("--tty");
            }
        }
        as_the_learner(&mut command);
        match network {
            Network::Host => {
                command.args(["--network", "host", "--", image]).args(arguments);
            }
            Network::Project => {
                let addresses = addresses(cluster, &file)?;
                command.args(["--network", &project.network(), "--", image]);
                command.args(arguments.iter().map(|argument| mapped(argument, &addresses)));
            }
        }
        Ok(command)
    }
}

/// Files of the learner lie at the same paths inside, and what a tool writes is the learner's.
fn as_the_learner(command: &mut Command) {
    command.args(["--user", &format!("{}:{}", getuid().as_raw(), getgid().as_raw())]);
    let here = std::env::current_dir().ok();
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let shared = [here.clone(), home, Some(std::env::temp_dir())];
    for folder in shared.into_iter().flatten().filter(|folder| can_be_shared(folder)) {
        command.arg("--mount").arg(mount(&folder));
    }
    if let Some(here) = here {
        command.arg("--workdir").arg(here);
    }
}

/// Whether a folder can lie inside at its own path without hiding what the image needs.
fn can_be_shared(folder: &Path) -> bool {
    let needed = OF_THE_IMAGE.iter().any(|own| Path::new(own).starts_with(folder));
    folder.is_absolute() && folder.is_dir() && !needed
}

/// `--mount` takes comma-separated values (RFC 4180): quoted, any path can stand in them.
fn mount(folder: &Path) -> OsString {
    let path = folder.to_string_lossy().replace('"', "\"\"");
    OsString::from(format!("type=bind,\"source={path}\",\"target={path}\""))
}

/// What stands for an address of this machine on the project's network.
fn addresses(cluster: &Cluster, file: &ComposeFile) -> Result<BTreeMap<String, String>, Problem> {
    let mut addresses = BTreeMap::new();
    for service in &file.services {
        let kafka = KafkaService::read(service)?;
        let Some(node) = cluster.node(&service.name) else { continue };
        if let (Some(outer), Some(inner)) = (&node.address, kafka.inner_address()) {
            addresses.insert(outer.clone(), inner.clone());
            addresses.insert(outer.replace("localhost", "127.0.0.1"), inner);
        }
        if let (Some(outer), Some(listener)) = (&node.controller, kafka.controller()) {
            let inner = format!("{}:{}", service.name, listener.port);
            addresses.insert(outer.clone(), inner.clone());
            addresses.insert(outer.replace("127.0.0.1", "localhost"), inner);
        }
    }
    Ok(addresses)
}

/// An argument with its addresses replaced; one that is no text stays as it is.
fn mapped(argument: &OsStr, addresses: &BTreeMap<String, String>) -> OsString {
    let Some(text) = argument.to_str() else { return argument.to_owned() };
    let map = |part: &str| addresses.get(part).cloned().unwrap_or_else(|| part.to_owned());
    // Alone, in a list of servers, or as the value of `--option=…`.
    let (option, list) = match text.split_once('=') {
        Some((option, list)) if text.starts_with("--") => (format!("{option}="), list),
        _ => (String::new(), text),
    };
    let parts: Vec<String> = list.split(',').map(map).collect();
    OsString::from(format!("{option}{}", parts.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_mapped_and_nothing_else_is() {
        let pairs = [("localhost:9092", "kafka:29092"), ("127.0.0.1:9092", "kafka:29092")];
        let addresses =
            pairs.map(|(outer, inner)| (outer.to_owned(), inner.to_owned())).into_iter().collect();
        for (argument, expected) in [
            ("localhost:9092", "kafka:29092"),
            ("127.0.0.1:9092,localhost:9092", "kafka:29092,kafka:29092"),
            ("--bootstrap-server=localhost:9092", "--bootstrap-server=kafka:29092"),
            ("localhost:90921", "localhost:90921"),
            ("my-localhost:9092", "my-localhost:9092"),
            ("--topic", "--topic"),
            ("a,b=c", "a,b=c"),
            ("", ""),
        ] {
            assert_eq!(mapped(OsStr::new(argument), &addresses), OsStr::new(expected));
        }
    }

    #[test]
    fn what_the_image_needs_is_never_hidden() {
        for folder in ["/", "/etc", "/mnt", "/opt", "/usr", "relative"] {
            assert!(!can_be_shared(Path::new(folder)), "{folder}");
        }
        let folder = tempfile::tempdir().unwrap();
        assert!(can_be_shared(folder.path()));
    }

    #[test]
    fn a_path_with_commas_and_quotes_can_be_mounted() {
        let words = mount(Path::new("/a,b \"c\""));
        assert_eq!(words, r#"type=bind,"source=/a,b ""c""","target=/a,b ""c""""#);
    }
}
