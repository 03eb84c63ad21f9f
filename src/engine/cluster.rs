//! A cluster that an engine runs: what is written down so that the next start of the program can
//! adopt it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kafka::client::Client;
use crate::phrase;
use crate::phrase::Phrase;

/// A way to run an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EngineKind {
    /// An existing cluster.
    Attach,
    /// `docker compose`.
    Containers,
    /// Plain JVM processes.
    Jvm,
}

impl EngineKind {
    /// The name on the command line, in JSON and in attempt files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attach => "attach",
            Self::Containers => "containers",
            Self::Jvm => "jvm",
        }
    }
}

impl fmt::Display for EngineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for EngineKind {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        [Self::Attach, Self::Containers, Self::Jvm].into_iter().find(|k| k.name() == name).ok_or(())
    }
}

/// A cluster as it was brought up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cluster {
    /// The environment's name: the file name in `compose/` without its ending.
    pub environment: String,
    /// Who runs it.
    pub engine: EngineKind,
    /// The cluster id: 16 bytes in URL-safe base64 without padding. Empty until it is known: in
    /// `ZooKeeper` mode the first broker draws it.
    pub cluster_id: String,
    /// The version of Apache Kafka.
    pub kafka_version: String,
    /// Values of the file's variables, ports among them.
    pub variables: BTreeMap<String, String>,
    /// The nodes, in the order of the file.
    pub nodes: Vec<ClusterNode>,
    /// Ports of this machine that the file publishes.
    #[serde(default)]
    pub published: BTreeSet<u16>,
    /// Who starts it.
    #[serde(default)]
    pub starter: Starter,
}

/// Who starts a cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Starter {
    /// The workbook, from a file of the course.
    #[default]
    Workbook,
    /// The learner, who has not yet: what is written down serves Kafka's tools alone.
    Nobody,
    /// The learner, from this file.
    Learner(PathBuf),
}

/// A node of a [`Cluster`], by its unchanging facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterNode {
    /// The service's name in the file.
    pub name: String,
    /// `node.id`, in `ZooKeeper` mode `broker.id`; `None` for a server of `ZooKeeper`.
    pub node_id: Option<i32>,
    /// `host:port` that clients on this machine use; `None` for a node that is only a controller.
    pub address: Option<String>,
    /// `host:port` of the controller listener as seen from this machine.
    pub controller: Option<String>,
    /// `host:port` of a server of `ZooKeeper` as seen from this machine.
    #[serde(default)]
    pub zookeeper: Option<String>,
}

impl Cluster {
    /// Addresses for clients on this machine, as they would be written: `localhost:9092`.
    pub fn bootstrap_servers(&self) -> String {
        self.brokers().join(",")
    }

    /// Whether nothing of it was ever started.
    pub fn is_only_prepared(&self) -> bool {
        self.starter == Starter::Nobody
    }

    /// A node by its name.
    pub fn node(&self, name: &str) -> Option<&ClusterNode> {
        self.nodes.iter().find(|n| n.name == name)
    }

    /// Client addresses of the brokers.
    pub fn brokers(&self) -> Vec<String> {
        self.nodes.iter().filter_map(|n| n.address.clone()).collect()
    }

    /// Controller listeners, as seen from this machine.
    pub fn controllers(&self) -> Vec<String> {
        self.nodes.iter().filter_map(|n| n.controller.clone()).collect()
    }

    /// Servers of `ZooKeeper`, as seen from this machine; none: the cluster runs in `KRaft` mode.
    pub fn zookeepers(&self) -> Vec<String> {
        self.nodes.iter().filter_map(|n| n.zookeeper.clone()).collect()
    }

    /// A client for this cluster and no other that gives each question up after `patience`.
    pub fn client(&self, patience: Duration) -> Client {
        let client = Client::new(self.brokers(), self.controllers(), patience)
            .with_zookeepers(self.zookeepers());
        if self.cluster_id.is_empty() { client } else { client.of_cluster(self.cluster_id.clone()) }
    }
}

impl ClusterNode {
    /// `host:port` that clients of this node use, be it a broker or a server of `ZooKeeper`.
    pub fn dialled_at(&self) -> Option<&str> {
        self.address.as_deref().or(self.zookeeper.as_deref())
    }
}

/// A node as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeStatus {
    /// The unchanging facts.
    pub node: ClusterNode,
    /// What the engine sees of it.
    pub state: NodeState,
    /// Process id, on the jvm engine.
    pub pid: Option<u32>,
    /// Container name, on the containers engine.
    pub container: Option<String>,
}

/// What a node does, as the engine sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeState {
    /// Its process runs.
    Running,
    /// Its process is stopped in its tracks (`SIGSTOP`) and answers nothing.
    Paused,
    /// It has no process.
    Stopped,
}

impl NodeState {
    /// The word for people.
    pub fn phrase(self) -> Phrase {
        match self {
            Self::Running => phrase!("running", "运行中"),
            Self::Paused => phrase!("paused", "已暂停"),
            Self::Stopped => phrase!("stopped", "已停止"),
        }
    }

    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
        }
    }
}

/// Something done to one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeAction {
    /// Start it with its data.
    Start,
    /// Stop it cleanly: it hands its leaderships over.
    Stop,
    /// Kill it: the others find out by themselves.
    Kill,
    /// Stop it in its tracks: connections stay open and nothing answers.
    Pause,
    /// Let it go on.
    Resume,
}
