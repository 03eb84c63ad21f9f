//! Runs an environment: a cluster layout from `compose/`, in containers or as plain JVM processes.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use async_trait::async_trait;

pub mod choose;
pub mod cluster;
pub mod compose;
pub mod death;
pub mod environment;
pub mod files;
pub mod jvm;
pub mod kafka_service;
pub mod ports;
pub mod readiness;
pub mod report;
pub mod store;
pub mod tools;

use cluster::{Cluster, NodeAction, NodeStatus};
use environment::Environment;
use report::Report;

use crate::phrase;
use crate::problem::Problem;

/// A way to run the clusters of this home.
///
/// The cluster outlives the program: each method finds out anew what runs.
#[async_trait]
pub trait Engine: Send + Sync {
    /// Removes what is left of the environment, makes it anew from its golden state and starts
    /// every node. Returns when the processes run; see [`readiness`] for when they serve.
    async fn create(
        &self,
        environment: &Environment,
        report: Arc<dyn Report>,
    ) -> Result<Cluster, Problem>;

    /// The nodes as they are now.
    async fn status(&self, cluster: &Cluster) -> Result<Vec<NodeStatus>, Problem>;

    /// Does something to one node and returns when it is done.
    async fn act(&self, cluster: &Cluster, node: &str, action: NodeAction) -> Result<(), Problem>;

    /// A CLI tool of Kafka's own, such as `kafka-topics`, against this cluster's version and names.
    fn tool(&self, cluster: &Cluster, name: &str) -> Result<Command, Problem>;

    /// Files that a node's output goes to, oldest words first.
    fn log_files(&self, cluster: &Cluster, node: &str) -> Result<Vec<PathBuf>, Problem>;

    /// Called when the cluster serves: the time for what must not delay the learner.
    fn after_ready(&self, cluster: &Cluster);

    /// Kills every node of an environment and removes its data, also what a start that was cut off
    /// has left.
    async fn remove(&self, environment: &str) -> Result<(), Problem>;
}

/// The learner has called the work off.
pub fn cancelled() -> Problem {
    Problem::new(
        "cancelled",
        phrase!("cancelled; nothing is left running", "已取消；没有留下任何运行中的东西"),
        phrase!("start again whenever you like", "随时可以重新开始"),
    )
}
