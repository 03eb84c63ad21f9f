//! What lies around the learner's cluster: its file, its containers, its network.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use futures::future::join_all;
use tokio::sync::Mutex;

use super::find::{By, Found};
use super::review::{inner_addresses, review};
use super::workspace::file_of;
use crate::engine::cluster::{Cluster, EngineKind, Starter};
use crate::engine::containers::strangers::{self, Container};
use crate::engine::jvm::Jvm;
use crate::grade::surroundings::{Health, Inside, Review, Surroundings};
use crate::kafka::client::Client;
use crate::lab::check::PATIENCE;
use crate::paths::Paths;
use crate::phrase;
use crate::problem::{Explain as _, Problem};

/// What lies around one cluster that was found.
#[derive(Debug)]
pub struct Around {
    paths: Paths,
    /// The lab's workspace.
    folder: PathBuf,
    /// The engine that the lab was started with.
    engine: Option<EngineKind>,
    found: Found,
    /// A client in a container is a JVM: what it was told is kept for as long as the same cluster is
    /// found. That nothing answered is asked again.
    told_inside: Mutex<Option<Inside>>,
}

impl Around {
    /// Around what was found.
    pub fn new(paths: Paths, folder: PathBuf, engine: Option<EngineKind>, found: Found) -> Self {
        Self { paths, folder, engine, found, told_inside: Mutex::default() }
    }

    /// The file that the cluster was brought up with, else the workspace's.
    fn file(&self) -> PathBuf {
        if let Found::Runs { by: By::Us(Cluster { starter: Starter::Learner(file), .. }), .. } =
            &self.found
        {
            return file.clone();
        }
        file_of(&self.folder)
    }

    /// Whether what runs was started from this file of the workspace.
    fn runs_from(&self, file: &Path) -> bool {
        let real = |path: &Path| path.canonicalize().ok();
        match &self.found {
            Found::Runs { by: By::Us(cluster), .. } => match &cluster.starter {
                Starter::Learner(started) => real(started) == real(file),
                Starter::Workbook | Starter::Nobody => false,
            },
            Found::Runs { by: By::Docker { from_the_workspace, .. }, .. } => *from_the_workspace,
            _ => false,
        }
    }

    async fn containers(&self) -> Result<Vec<Container>, Problem> {
        let names: Vec<String> = match &self.found {
            Found::Runs { by: By::Docker { containers, .. }, .. } => {
                containers.iter().map(|container| container.id.clone()).collect()
            }
            Found::Runs { by: By::Us(cluster), .. } => {
                let engine = crate::engine::choose::engine_of(cluster.engine, &self.paths, None)?;
                let nodes = engine.status(cluster).await?;
                nodes.into_iter().filter_map(|node| node.container).collect()
            }
            _ => return Ok(Vec::new()),
        };
        strangers::named(&names).await.map_err(|e| e.problem())
    }

    /// A client in a container beside the nodes.
    async fn inside_containers(&self, addresses: Vec<String>) -> Inside {
        let mut kept = self.told_inside.lock().await;
        if let Some(told) = &*kept {
            return told.clone();
        }
        let containers = match self.containers().await {
            Ok(containers) => containers,
            Err(problem) => return Inside::Unknown { cause: problem.message },
        };
        let Some(container) = containers.iter().find(|container| container.running) else {
            return Inside::Unknown { cause: text::no_network() };
        };
        let asked = addresses.iter().map(|address| strangers::ask_beside(container, address));
        let mut best: Option<Inside> = None;
        for (address, answer) in addresses.iter().zip(join_all(asked).await) {
            let asked = address.clone();
            let told = match answer {
                Err(e) => Inside::Unknown { cause: e.problem().message },
                Ok(Err(words)) => Inside::Refused { asked, words },
                Ok(Ok(addresses)) => Inside::Told { asked, addresses },
            };
            best = Some(better(best, told));
        }
        let told = best.unwrap_or(Inside::NoListener);
        if matches!(told, Inside::Told { .. }) {
            *kept = Some(told.clone());
        }
        told
    }

    /// A client that resolves names as the nodes' own JVMs do.
    async fn inside_jvms(&self, cluster: &Cluster, addresses: Vec<String>) -> Inside {
        let jvm = Jvm::new(self.paths.clone(), None);
        let client = Client::new(Vec::new(), Vec::new(), PATIENCE);
        let mut best = None;
        for asked in addresses {
            let told = self.ask_jvm(&jvm, cluster, &client, asked).await;
            best = Some(better(best, told));
        }
        best.unwrap_or(Inside::NoListener)
    }

    async fn ask_jvm(
        &self,
        jvm: &Jvm,
        cluster: &Cluster,
        client: &Client,
        asked: String,
    ) -> Inside {
        let place = match jvm.inside(cluster, &asked) {
            Err(problem) => return Inside::Unknown { cause: problem.message },
            Ok(None) => return Inside::Refused { asked, words: text::nobody_there() },
            Ok(Some(place)) => place,
        };
        let metadata = match client.metadata_of(&place).await {
            Err(e) => return Inside::Refused { asked, words: e.to_string() },
            Ok(metadata) => metadata,
        };
        let mut addresses = Vec::new();
        for broker in metadata.brokers.values() {
            let trouble = match jvm.inside(cluster, &broker.address) {
                Err(problem) => Some(problem.message.en),
                Ok(None) => Some(text::nobody_there()),
                Ok(Some(place)) => client.metadata_of(&place).await.err().map(|e| e.to_string()),
            };
            addresses.push((broker.address.clone(), trouble));
        }
        Inside::Told { asked, addresses }
    }
}

/// Of two answers the one that lets a neighbour in, or says more.
fn better(before: Option<Inside>, now: Inside) -> Inside {
    let rank = |inside: &Inside| match inside {
        Inside::Told { addresses, .. }
            if addresses.iter().all(|(_, trouble)| trouble.is_none()) =>
        {
            4
        }
        Inside::Told { .. } => 3,
        Inside::Refused { .. } => 2,
        Inside::Unknown { .. } => 1,
        Inside::NoListener => 0,
    };
    match before {
        Some(before) if rank(&before) >= rank(&now) => before,
        _ => now,
    }
}

#[async_trait]
impl Surroundings for Around {
    /// The workspace's own, whatever was started: to put that in order is what the lab asks.
    async fn compose_file(&self) -> Review {
        let file = file_of(&self.folder);
        match review(&file) {
            // Where the text does not tell, a node that runs from it does: other checks ask it.
            Review::NotTold { file: name } if self.runs_from(&file) => {
                Review::Read { file: name, faults: Vec::new() }
            }
            review => review,
        }
    }

    async fn health(&self) -> Health {
        match self.found.engine().or(self.engine) {
            Some(EngineKind::Containers) => {}
            _ => return Health::NotHere { need: text::needs_containers() },
        }
        match self.containers().await {
            Err(problem) => Health::Unknown { cause: problem.message },
            Ok(containers) if containers.is_empty() => Health::NothingRuns,
            Ok(containers) => {
                Health::Nodes(containers.into_iter().map(|c| (c.name, c.health)).collect())
            }
        }
    }

    async fn inside(&self) -> Inside {
        let addresses = inner_addresses(&self.file());
        match &self.found {
            _ if addresses.is_empty() => Inside::NoListener,
            Found::Runs { by: By::Us(cluster), .. } if cluster.engine == EngineKind::Jvm => {
                self.inside_jvms(cluster, addresses).await
            }
            Found::Runs { by: By::Us(_) | By::Docker { .. }, .. } => {
                self.inside_containers(addresses).await
            }
            _ => Inside::Unknown { cause: text::no_network() },
        }
    }
}

mod text {
    use super::phrase;
    use crate::phrase::Phrase;

    pub fn needs_containers() -> Phrase {
        phrase!(
            "a container engine: plain processes have no health checks",
            "需要容器引擎：普通进程没有健康检查"
        )
    }

    pub fn no_network() -> Phrase {
        phrase!(
            "what answers was not started from the workspace's compose file: its network is not known",
            "应答的集群不是用工作目录里的 compose 文件启动的，不知道它在哪个网络"
        )
    }

    pub fn nobody_there() -> String {
        "no such host, or nothing listens there".to_owned()
    }
}
