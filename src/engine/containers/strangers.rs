//! Containers that a learner has started with Docker itself, and what lies around any container.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;

use super::docker::Docker;
use super::error::{DockerError, harmless};
use super::tools::FOLDER;

/// How long a client beside the nodes waits for an answer, in milliseconds.
const PATIENCE_MS: u32 = 2500;

/// How long it may take in all: a check answers within 10 s whatever a node does.
const LIMIT: Duration = Duration::from_secs(6);

/// A container as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether its process runs.
    pub running: bool,
    /// The exit code of a process that has ended.
    pub exit_code: i64,
    /// When it was started last, as Docker writes it: another start is another time.
    pub started: String,
    /// Its image.
    pub image: String,
    /// Ports on this machine that lead into it.
    pub ports: BTreeSet<u16>,
    /// Networks that it has joined.
    pub networks: Vec<String>,
    /// The word of its health check; `None` where it has none.
    pub health: Option<String>,
}

/// Containers that were started from the compose file in a folder; none of them need be this home's.
pub async fn of_folder(folder: &Path) -> Result<Vec<Container>, DockerError> {
    let label = format!("label=com.docker.compose.project.working_dir={}", folder.display());
    filtered(&label).await
}

/// Containers that publish a port of this machine; none of them need be this home's.
pub async fn at_port(port: u16) -> Result<Vec<Container>, DockerError> {
    filtered(&format!("publish={port}")).await
}

async fn filtered(filter: &str) -> Result<Vec<Container>, DockerError> {
    let docker = Docker::find()?;
    let ids: Vec<String> = ids(&docker, filter).await?.into_iter().collect();
    inspect(&docker, &ids).await
}

/// The containers of these names.
pub async fn named(names: &[String]) -> Result<Vec<Container>, DockerError> {
    inspect(&Docker::find()?, names).await
}

async fn ids(docker: &Docker, filter: &str) -> Result<BTreeSet<String>, DockerError> {
    let words = ["ps", "--all", "--no-trunc", "--format", "{{.ID}}", "--filter", filter];
    Ok(docker.ask(&words).await?.lines().map(str::to_owned).collect())
}

async fn inspect(docker: &Docker, names: &[String]) -> Result<Vec<Container>, DockerError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let words = ["container", "inspect", "--format", "{{json .}}", "--"].map(str::to_owned);
    let words: Vec<String> = words.into_iter().chain(names.iter().cloned()).collect();
    let answer = docker.ask(&words).await?;
    let read = |line: &str| serde_json::from_str::<Inspected>(line).ok().map(Container::from);
    Ok(answer.lines().filter_map(read).collect())
}

/// Asks a node on a container's network, as another container does: the addresses that it is sent
/// to, each with the words of whoever could not get there. An error is what the client said instead.
pub async fn ask_beside(
    container: &Container,
    address: &str,
) -> Result<Result<Vec<(String, Option<String>)>, String>, DockerError> {
    let docker = Docker::find()?;
    let network = container.networks.first().map_or("bridge", String::as_str);
    let script = format!(
        "printf 'default.api.timeout.ms={PATIENCE_MS}\\nrequest.timeout.ms={PATIENCE_MS}\\n' >/tmp/client.properties && exec \"$@\" --command-config /tmp/client.properties"
    );
    let mut command = docker.command(&["run", "--rm", "--init", "--pull", "never"]);
    command.args(["--log-driver", "none", "--network", network, "--entrypoint", "/bin/sh"]);
    command.args(["--env", "LOG_DIR=/tmp/kafka-logs", "--", &container.image, "-c", &script, "sh"]);
    command.arg(format!("{FOLDER}/kafka-broker-api-versions.sh"));
    command.args(["--bootstrap-server", address]).stdin(Stdio::null());
    let output = docker.run(command, LIMIT).await?;
    let told = String::from_utf8_lossy(&output.stdout);
    let addresses: Vec<_> = told.lines().filter_map(broker_line).collect();
    if addresses.is_empty() {
        let words = String::from_utf8_lossy(&output.stderr).into_owned() + &told;
        return Ok(Err(reason_in(&words)));
    }
    Ok(Ok(addresses))
}

/// `kafka:29092 (id: 1 rack: null isFenced: false) -> (` of `kafka-broker-api-versions`, or
/// `… -> ERROR: …` where the client got no further.
fn broker_line(line: &str) -> Option<(String, Option<String>)> {
    let (address, rest) = line.split_once(" (id: ")?;
    let (_, said) = rest.split_once(" -> ")?;
    let trouble = said.strip_prefix("ERROR: ").map(harmless);
    (!address.starts_with(char::is_whitespace)).then(|| (address.to_owned(), trouble))
}

/// The words of a client that say most.
fn reason_in(words: &str) -> String {
    let says =
        |line: &&str| line.contains("Exception") || line.contains("could not be established");
    let line = words.lines().rfind(says).or_else(|| words.lines().next_back());
    harmless(line.unwrap_or("-").trim())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Inspected {
    id: String,
    name: String,
    state: State,
    config: Config,
    network_settings: NetworkSettings,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct State {
    running: bool,
    exit_code: i64,
    started_at: String,
    health: Option<HealthState>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HealthState {
    status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Config {
    image: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NetworkSettings {
    #[serde(default)]
    ports: std::collections::BTreeMap<String, Option<Vec<Binding>>>,
    #[serde(default)]
    networks: std::collections::BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Binding {
    host_port: String,
}

impl From<Inspected> for Container {
    fn from(seen: Inspected) -> Self {
        let bindings = seen.network_settings.ports.into_values().flatten().flatten();
        Self {
            id: seen.id,
            name: seen.name.trim_start_matches('/').to_owned(),
            running: seen.state.running,
            exit_code: seen.state.exit_code,
            started: seen.state.started_at,
            image: seen.config.image,
            ports: bindings.filter_map(|binding| binding.host_port.parse().ok()).collect(),
            networks: seen.network_settings.networks.into_keys().collect(),
            health: seen.state.health.map(|health| health.status),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_that_was_reached_is_told_from_one_that_was_not() {
        let reached = "kafka:29092 (id: 1 rack: null isFenced: false) -> (";
        assert_eq!(broker_line(reached), Some(("kafka:29092".to_owned(), None)));
        let lost = "localhost:9092 (id: 1 rack: null isFenced: false) -> ERROR: org.apache.kafka.common.errors.DisconnectException";
        let (address, trouble) = broker_line(lost).unwrap();
        assert_eq!(address, "localhost:9092");
        assert!(trouble.unwrap().contains("DisconnectException"));
        assert_eq!(broker_line("\tProduce(0): 3 to 13 [usable: 13],"), None);
    }

    #[test]
    fn a_container_is_read_as_docker_describes_it() {
        let text = r#"{"Id":"abc","Name":"/p-kafka-1","State":{"Running":true,"ExitCode":0,"StartedAt":"2026-11-22T02:00:00Z","Health":{"Status":"healthy"}},"Config":{"Image":"apache/kafka:4.3.1"},"NetworkSettings":{"Ports":{"9092/tcp":[{"HostIp":"127.0.0.1","HostPort":"9092"}],"9093/tcp":null},"Networks":{"p_default":{}}}}"#;
        let container = Container::from(serde_json::from_str::<Inspected>(text).unwrap());
        assert_eq!((container.name.as_str(), container.running), ("p-kafka-1", true));
        assert_eq!(container.ports, BTreeSet::from([9092]));
        assert_eq!(container.networks, ["p_default"]);
        assert_eq!(container.health.as_deref(), Some("healthy"));
    }
}
