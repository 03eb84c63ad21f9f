//! Finds what runs of a cluster that the learner starts, whoever started it.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::course::Lab;
use crate::engine::cluster::{Cluster, EngineKind, NodeState, NodeStatus, Starter};
use crate::engine::containers::strangers::{self, Container};
use crate::engine::{death, store};
use crate::grade::round::Absence;
use crate::lab::{OpenAttempt, Workbook, workspace};
use crate::phrase;

/// The variable of the port at which a client of this machine begins.
pub const PORT: &str = "KAFKA_PORT";

/// How long a port of this machine may take to take a connection.
const PATIENCE: Duration = Duration::from_millis(300);

/// How long a container engine may take to answer at all; one that does not has nothing of ours.
const ENGINE: Duration = Duration::from_secs(1);

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing runs.
    Nothing(Absence),
    /// Something does.
    Runs {
        /// Who started it.
        by: By,
        /// Where clients of this machine may begin, likeliest first; none where no port leads in.
        addresses: Vec<String>,
    },
}

/// Who started what runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// This program, on the learner's word: `env up --file`.
    Us(Cluster),
    /// Docker, on the learner's own command line.
    Docker {
        /// What it has started.
        containers: Vec<Container>,
        /// Whether it was from the lab's workspace.
        from_the_workspace: bool,
    },
    /// Somebody: a port answers.
    Somebody,
}

/// Looks for the attempt's cluster: what this program brought up, then the learner's containers, then
/// whatever listens at the issued port.
pub async fn find(workbook: &Workbook, lab: &Lab, attempt: &OpenAttempt) -> Found {
    let port = attempt.progress.values.get(PORT).and_then(|port| port.parse().ok());
    let ours = ours(workbook, attempt).await;
    if let Ours::Runs(cluster) = ours {
        let addresses = addresses_of(&cluster);
        return Found::Runs { by: By::Us(cluster), addresses };
    }
    let (containers, from_the_workspace) = containers(workbook, lab, port).await;
    if containers.iter().any(|container| container.running) {
        let addresses = published(&containers, port);
        return Found::Runs { by: By::Docker { containers, from_the_workspace }, addresses };
    }
    let issued = format!("localhost:{}", port.unwrap_or_default());
    if matches!(timeout(PATIENCE, TcpStream::connect(&issued)).await, Ok(Ok(_))) {
        return Found::Runs { by: By::Somebody, addresses: vec![issued] };
    }
    Found::Nothing(match (ours, containers.first()) {
        (Ours::Ended(words), _) => text::ended(words),
        (_, Some(container)) => text::exited(&container.name, container.exit_code),
        _ => text::nothing(&issued),
    })
}

/// What this program has brought up for the learner.
enum Ours {
    Nothing,
    Ended(phrase::Phrase),
    Runs(Cluster),
}

async fn ours(workbook: &Workbook, attempt: &OpenAttempt) -> Ours {
    let Some(cluster) = store::read(&workbook.paths) else { return Ours::Nothing };
    let is_its = cluster.environment == attempt.progress.environment;
    if !is_its || !matches!(cluster.starter, Starter::Learner(_)) {
        return Ours::Nothing;
    }
    let Ok(engine) = workbook.engine_of(&cluster) else { return Ours::Nothing };
    // An engine that does not answer has not said that nothing runs.
    let Ok(nodes) = engine.status(&cluster).await else { return Ours::Runs(cluster) };
    let stopped = |node: &NodeStatus| node.state == NodeState::Stopped;
    match nodes.iter().find(|node| stopped(node)) {
        Some(node) if nodes.iter().all(stopped) => {
            Ours::Ended(death::reason(&*engine, &cluster, &node.node.name).await.message)
        }
        _ => Ours::Runs(cluster),
    }
}

/// Ports of this machine that lead to the cluster's listeners for clients.
pub(super) fn addresses_of(cluster: &Cluster) -> Vec<String> {
    let mut addresses = cluster.brokers();
    let controllers = cluster.controllers();
    for port in &cluster.published {
        let address = format!("localhost:{port}");
        let is_controller = controllers.iter().any(|c| c.ends_with(&format!(":{port}")));
        if !is_controller && !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}

/// The learner's containers: those of the workspace, else one that leads in at the issued port.
async fn containers(workbook: &Workbook, lab: &Lab, port: Option<u16>) -> (Vec<Container>, bool) {
    let Ok(folder) = workspace::folder(workbook, lab) else { return (Vec::new(), false) };
    // Links on the way to the workspace are resolved by whoever runs Compose in it.
    let folder = folder.canonicalize().unwrap_or(folder);
    let found = timeout(ENGINE, strangers::of_folder(&folder)).await;
    let own = found.ok().and_then(Result::ok).unwrap_or_default();
    match port {
        Some(port) if own.is_empty() => {
            let found = timeout(ENGINE, strangers::at_port(port)).await;
            (found.ok().and_then(Result::ok).unwrap_or_default(), false)
        }
        _ => (own, true),
    }
}

fn published(containers: &[Container], issued: Option<u16>) -> Vec<String> {
    let ports: BTreeSet<u16> = containers.iter().flat_map(|c| c.ports.iter().copied()).collect();
    let first = issued.filter(|port| ports.contains(port));
    let others = ports.iter().copied().filter(|port| Some(*port) != first);
    first.into_iter().chain(others).map(|port| format!("localhost:{port}")).collect()
}

impl Found {
    /// The engine that shows what runs; `None` where nobody knows.
    pub const fn engine(&self) -> Option<EngineKind> {
        match self {
            Self::Runs { by: By::Us(cluster), .. } => Some(cluster.engine),
            Self::Runs { by: By::Docker { .. }, .. } => Some(EngineKind::Containers),
            _ => None,
        }
    }
}

mod text {
    use super::{Absence, phrase};
    use crate::phrase::Phrase;
    use crate::printable;

    pub fn nothing(address: &str) -> Absence {
        Absence {
            observed: phrase!(
                "no node of yours runs, and nothing listens at {address}",
                "你的节点没有运行，{address} 上也没有监听"
            ),
            why: phrase!(
                "the cluster of this lab is yours to start: kafka-workbook env up --file compose.yaml in the workspace, or docker compose up -d",
                "这个实验的集群要由你启动：在工作目录里运行 kafka-workbook env up --file compose.yaml，或 docker compose up -d"
            ),
        }
    }

    pub fn ended(words: Phrase) -> Absence {
        Absence {
            observed: words,
            why: phrase!("a node that has ended serves nobody", "节点已经退出，谁也连不上它"),
        }
    }

    pub fn exited(name: &str, code: i64) -> Absence {
        let name = printable::name(name);
        Absence {
            observed: phrase!(
                "the container {name} has ended with exit code {code}",
                "容器 {name} 已经退出，退出码 {code}"
            ),
            why: phrase!(
                "its last words say why: docker logs {name}",
                "原因在它最后的输出里：docker logs {name}"
            ),
        }
    }
}
