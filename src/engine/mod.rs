//! Runs an environment: a cluster layout from `compose/`, in containers or as plain JVM processes.

use std::ffi::OsString;
use std::io::Read;
use std::process::Command;
use std::sync::Arc;

use async_trait::async_trait;

pub mod choose;
pub mod cluster;
pub mod compose;
pub mod containers;
pub mod death;
pub mod environment;
pub mod files;
pub mod findings;
pub mod holder;
pub mod jvm;
pub mod kafka_service;
pub mod memory;
pub mod node_service;
pub mod ports;
pub mod programs;
pub mod readiness;
pub mod referred;
pub mod report;
pub mod room;
pub mod store;
pub mod tools;
pub mod zookeeper_service;

use cluster::{Cluster, NodeAction, NodeStatus};
use environment::Environment;
use report::Report;

use crate::phrase;
use crate::printable;
use crate::problem::Problem;

/// A CLI tool that is about to run.
#[derive(Debug)]
pub struct Tool {
    /// What runs it, arguments included.
    pub command: Command,
    /// What ends it where `command` may have failed and left it running.
    pub end: Option<Command>,
}

/// A way to run the clusters of this home.
///
/// The cluster outlives the program: each method finds out anew what runs.
#[async_trait]
pub trait Engine: Send + Sync {
    /// Sees that the engine answers and has all that an environment needs, and fetches what is
    /// missing. To be called before anything else is taken down for it.
    async fn prepare(
        &self,
        environment: &Environment,
        report: Arc<dyn Report>,
    ) -> Result<(), Problem>;

    /// Removes what is left of the environment, makes it anew from its golden state and starts
    /// every node. Returns when the processes run; see [`readiness`] for when they serve.
    async fn create(
        &self,
        environment: &Environment,
        report: Arc<dyn Report>,
    ) -> Result<Cluster, Problem>;

    /// Lays an environment out as [`Engine::create`] does and starts nothing: Kafka's tools run on
    /// what is written down.
    async fn lay_out(&self, environment: &Environment) -> Result<Cluster, Problem>;

    /// The nodes as they are now.
    async fn status(&self, cluster: &Cluster) -> Result<Vec<NodeStatus>, Problem>;

    /// Does something to one node and returns when it is done.
    async fn act(&self, cluster: &Cluster, node: &str, action: NodeAction) -> Result<(), Problem>;

    /// A CLI tool of Kafka's own, such as `kafka-topics`, of this cluster's version and with its
    /// names, ready to be executed.
    async fn tool(
        &self,
        cluster: &Cluster,
        name: &str,
        arguments: &[OsString],
    ) -> Result<Tool, Problem>;

    /// What a node has printed, oldest words first.
    async fn log(&self, cluster: &Cluster, node: &str) -> Result<Box<dyn Read + Send>, Problem>;

    /// Called when the cluster serves: the time for what must not delay the learner.
    fn after_ready(&self, cluster: &Cluster);

    /// Kills every node of an environment that this engine has brought up and removes its data,
    /// also what a start that was cut off has left. Nothing of this engine's there is no error.
    async fn remove(&self, environment: &str) -> Result<(), Problem>;

    /// The same where the engine may be out of reach: then the environment is only forgotten, and
    /// what is left of it is for [`Engine::remove_unknown`] when the engine is back.
    async fn abandon(&self, environment: &str, report: &dyn Report) -> Result<(), Problem>;

    /// Removes what bears this home's mark although nothing is written down of it.
    async fn remove_unknown(&self, report: &dyn Report) -> Result<(), Problem>;
}

/// The learner has called the work off.
pub fn cancelled() -> Problem {
    Problem::new(
        "cancelled",
        phrase!("cancelled; nothing is left half done", "已取消；没有留下做了一半的东西"),
        phrase!("start again whenever you like", "随时可以重新开始"),
    )
}

fn no_such_node(cluster: &Cluster, node: &str) -> Problem {
    let names: Vec<&str> = cluster.nodes.iter().map(|n| n.name.as_str()).collect();
    let (names, environment) = (names.join(", "), &cluster.environment);
    let node = printable::name(node);
    Problem::usage(
        "no-such-node",
        phrase!("{environment} has no node `{node}`", "{environment} 没有节点 `{node}`"),
        phrase!("its nodes: {names}", "它的节点：{names}"),
    )
}

fn no_such_tool(name: &str, cluster: &Cluster) -> Problem {
    let (name, version) = (printable::name(name), &cluster.kafka_version);
    if tools::is_tool(&name) {
        return Problem::usage(
            "no-such-tool",
            phrase!(
                "Kafka {version} has no tool `{name}`",
                "Kafka {version} 没有 `{name}` 这个工具"
            ),
            phrase!(
                "zookeeper-shell.sh came with Kafka up to 3.9, some others came after it; this cluster has those of its own version",
                "zookeeper-shell.sh 只随 3.9 及更早的 Kafka 提供，另一些工具在它之后才有；这个集群只有自己版本的工具"
            ),
        );
    }
    Problem::usage(
        "no-such-tool",
        phrase!("`{name}` is none of Kafka's tools", "`{name}` 不是 Kafka 的命令行工具"),
        phrase!(
            "the lab shell has them on its PATH: kafka-topics.sh …",
            "它们都在实验 shell 的 PATH 上：kafka-topics.sh ……"
        ),
    )
}
