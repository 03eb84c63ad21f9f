//! Kafka's CLI tools in a container of their own: `docker run`, never `docker exec` into a broker,
//! which loses signals and dies with the node.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{IsTerminal as _, stdin, stdout};

use super::Containers;
use super::docker::Docker;
use super::error::DockerError;
use super::sharing::share;
use crate::engine::Tool;
use crate::engine::cluster::Cluster;
use crate::engine::compose::ComposeFile;
use crate::engine::environment::{Environment, no_randomness};
use crate::engine::node_service::NodeService;
use crate::engine::tools::class_of;
use crate::problem::Problem;

/// Where an image of Kafka has the tools.
pub(super) const FOLDER: &str = "/opt/kafka/bin";

/// Tools that read standard input. The others leave it to whoever comes after them, as a process
/// would: `docker run --interactive` drains it.
const READERS: [&str; 3] = ["kafka-acls", "kafka-console-producer", "kafka-metadata-shell"];

/// What a tool finds: Java writes what learners wrote, and Kafka's own scripts make their folder
/// for logs where any user may make one.
const SURROUNDINGS: [(&str, &str); 2] = [("LANG", "C.UTF-8"), ("LOG_DIR", "/tmp/kafka-logs")];

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
    pub async fn of(docker: &Docker) -> Result<Self, DockerError> {
        if !cfg!(target_os = "linux") {
            return Ok(Self::Project);
        }
        let words = ["info", "--format", "{{.OperatingSystem}} {{.SecurityOptions}}"];
        let info = docker.ask(&words).await?;
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
    ) -> Result<Tool, Problem> {
        let name = name.strip_suffix(".sh").unwrap_or(name);
        class_of(name, &cluster.kafka_version)
            .ok_or_else(|| crate::engine::no_such_tool(name, cluster))?;
        let environment = Environment::kept(&self.folder(&cluster.environment), cluster)?;
        let file = environment.read()?;
        let image = file.services.first().map(|s| s.image.value.as_str()).unwrap_or_default();
        let project = self.project(&cluster.environment);

        let container = own_name()?;
        let mut command = docker.command(&["run", "--rm", "--init", "--pull", "never"]);
        command.args(["--name", &container]);
        command.args(["--log-driver", "none", "--entrypoint"]).arg(format!("{FOLDER}/{name}.sh"));
        for (key, value) in project.labels() {
            command.args(["--label", &format!("{key}={value}")]);
        }
        if reads_input(name, arguments) {
            command.arg("--interactive");
            if stdin().is_terminal() && stdout().is_terminal() {
                command.arg("--tty");
            }
        }
        for (name, value) in SURROUNDINGS {
            command.args(["--env", &format!("{name}={value}")]);
        }
        share(&mut command, &self.paths.workspaces(), arguments);
        match network {
            Network::Host => {
                command.args(["--network", "host", "--", image]).args(arguments);
            }
            Network::Project => {
                let addresses = addresses(cluster, &file)?;
                command.args(["--network", &project.network_of(&file), "--", image]);
                command.args(arguments.iter().map(|argument| mapped(argument, &addresses)));
            }
        }
        // A reader that has gone away (`| head`) ends `docker run`, and nobody tells the tool. It is
        // asked to end, so that a consumer leaves its group.
        let end = docker.command(&["stop", "-t", "5", &container]);
        Ok(Tool { command, end: Some(end) })
    }
}

/// Whether a tool reads standard input: `zookeeper-shell` does where it is given a server alone.
fn reads_input(name: &str, arguments: &[OsString]) -> bool {
    READERS.contains(&name) || (name == "zookeeper-shell" && arguments.len() < 2)
}

fn own_name() -> Result<String, Problem> {
    let mut bytes = [0_u8; 6];
    getrandom::fill(&mut bytes).map_err(|e| no_randomness(&e))?;
    let digits = bytes.iter().fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"));
    Ok(format!("kafka-workbook-tool-{digits}"))
}

/// What stands for an address of this machine on the project's network.
fn addresses(cluster: &Cluster, file: &ComposeFile) -> Result<BTreeMap<String, String>, Problem> {
    let mut addresses = BTreeMap::new();
    for service in &file.services {
        let Some(node) = cluster.node(&service.name) else { continue };
        let kafka = match NodeService::read(file, service)? {
            NodeService::Kafka(kafka) => kafka,
            NodeService::ZooKeeper(server) => {
                if let Some(outer) = &node.zookeeper {
                    addresses.insert(outer.clone(), server.inner_address());
                    addresses
                        .insert(outer.replace("localhost", "127.0.0.1"), server.inner_address());
                }
                continue;
            }
        };
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
}
