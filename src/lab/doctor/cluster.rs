//! The cluster of this home: what is written down of it, and what its nodes do.

use std::collections::BTreeSet;

use tokio::time::timeout;

use super::{Finding, Level, Subject, ports};
use crate::engine::choose::PATIENCE;
use crate::engine::cluster::{Cluster, NodeState, NodeStatus, Starter};
use crate::engine::holder::holders;
use crate::engine::{ports as blocks, store};
use crate::lab::Workbook;
use crate::phrase::Phrase;

/// What was seen of this home's cluster.
#[derive(Debug)]
pub struct HomeCluster {
    written: Option<Cluster>,
    /// What its nodes do; nothing where its engine did not say.
    nodes: Option<Vec<NodeStatus>>,
    /// Whether another program changes it at this moment.
    pub is_changing: bool,
    /// Ports of a cluster that stands still, which somebody else holds by now.
    lost: BTreeSet<u16>,
}

impl HomeCluster {
    /// Looks at the cluster that is written down, for a second at most.
    pub async fn look(workbook: &Workbook, written: Option<Cluster>) -> Self {
        let is_changing = store::is_changing(&workbook.paths);
        let mut seen = Self { nodes: None, is_changing, lost: BTreeSet::new(), written };
        if let Some(cluster) = &seen.written
            && let Ok(engine) = workbook.engine_of(cluster)
        {
            let status = timeout(PATIENCE, engine.status(cluster)).await;
            seen.nodes = status.ok().and_then(Result::ok);
            if seen.nodes.is_some() && seen.running().is_none() {
                let ports = blocks::among(&cluster.variables).into_iter();
                seen.lost = ports.filter(|port| !blocks::is_free(*port)).collect();
            }
        }
        seen
    }

    /// The cluster, if it is written down.
    pub const fn written(&self) -> Option<&Cluster> {
        self.written.as_ref()
    }

    /// The cluster, if a node of it runs, or nobody can say that none does; also one that the learner
    /// is to start, whose ports are the learner's.
    pub fn running(&self) -> Option<&Cluster> {
        if self.written.as_ref().is_some_and(is_prepared) {
            return self.written.as_ref();
        }
        let stands = |node: &NodeStatus| node.state == NodeState::Stopped;
        let all_stand = self.nodes.as_ref().is_some_and(|nodes| nodes.iter().all(stands));
        self.written.as_ref().filter(|_| !all_stand)
    }

    /// What there is to say.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.is_changing {
            let told = (text::changing(), text::changing_hint());
            findings.push(Finding::lack(("cluster-changing", Level::Note), Subject::Cluster, told));
        }
        let Some(cluster) = &self.written else {
            if findings.is_empty() {
                findings.push(Finding::ok("cluster", Subject::Cluster, text::none()));
            }
            return findings;
        };
        if is_prepared(cluster) {
            findings.push(Finding::ok("cluster", Subject::Cluster, text::prepared(cluster)));
            return findings;
        }
        let Some(nodes) = &self.nodes else {
            let told = (text::not_told(cluster), text::not_told_hint());
            findings.push(Finding::lack(("cluster-not-told", Level::Note), Subject::Cluster, told));
            return findings;
        };
        findings.push(of_nodes(cluster, nodes));
        if !self.lost.is_empty() {
            let told = text::lost(cluster, &ports::listed(&self.lost, &holders(&self.lost)));
            let lack = ("cluster-ports-taken", Level::Note);
            findings.push(Finding::lack(lack, Subject::Cluster, told));
        }
        findings
    }
}

/// Whether the learner is to start it: what is written down of it serves the tools alone.
pub fn is_prepared(cluster: &Cluster) -> bool {
    cluster.starter == Starter::Nobody
}

fn of_nodes(cluster: &Cluster, nodes: &[NodeStatus]) -> Finding {
    let named = |state| {
        let names = nodes.iter().filter(|n| n.state == state).map(|n| n.node.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    let (stopped, paused) = (named(NodeState::Stopped), named(NodeState::Paused));
    let note = |id, told| Finding::lack((id, Level::Note), Subject::Cluster, told);
    match (stopped.as_str(), paused.as_str()) {
        ("", "") => Finding::ok("cluster", Subject::Cluster, text::runs(cluster)),
        ("", paused) => note("cluster-paused", text::paused(cluster, paused)),
        (stopped, _) => note("cluster-stopped", text::stopped(cluster, stopped)),
    }
}

mod text {
    use super::{Cluster, Phrase};
    use crate::phrase;

    pub fn none() -> Phrase {
        phrase!("none runs in this home", "当前主目录没有集群")
    }

    pub fn prepared(cluster: &Cluster) -> Phrase {
        let environment = &cluster.environment;
        phrase!(
            "{environment} is yours to start: the lab has prepared its files",
            "{environment} 由你启动：实验已准备好它的文件"
        )
    }

    pub fn runs(cluster: &Cluster) -> Phrase {
        let Cluster { environment, engine, .. } = cluster;
        let servers = cluster.bootstrap_servers();
        phrase!(
            "{environment} runs at {servers} ({engine})",
            "{environment} 正在运行，地址 {servers}（{engine}）"
        )
    }

    pub fn stopped(cluster: &Cluster, nodes: &str) -> (Phrase, Phrase) {
        let Cluster { environment, engine, .. } = cluster;
        (
            phrase!(
                "{environment} is here, and does not run: {nodes} ({engine})",
                "{environment} 还在，但没有运行：{nodes}（{engine}）"
            ),
            phrase!(
                "bring it back with its data: kafka-workbook env up; or remove it: kafka-workbook env down --all",
                "带着数据恢复：kafka-workbook env up；或移除：kafka-workbook env down --all"
            ),
        )
    }

    pub fn paused(cluster: &Cluster, nodes: &str) -> (Phrase, Phrase) {
        let environment = &cluster.environment;
        (
            phrase!(
                "{environment} has nodes that are paused: {nodes}",
                "{environment} 有节点处于暂停状态：{nodes}"
            ),
            phrase!(
                "let them go on: kafka-workbook env resume NODE",
                "让它们继续：kafka-workbook env resume NODE"
            ),
        )
    }

    pub fn lost(cluster: &Cluster, ports: &Phrase) -> (Phrase, Phrase) {
        let (environment, Phrase { en, zh }) = (&cluster.environment, ports);
        (
            phrase!(
                "{environment} cannot be brought back at its address: {en}",
                "{environment} 无法在原来的地址恢复：{zh}"
            ),
            phrase!(
                "stop who holds it, or begin anew at another address: kafka-workbook lab start ID",
                "停掉占用端口的程序，或换个地址重新开始：kafka-workbook lab start ID"
            ),
        )
    }

    pub fn not_told(cluster: &Cluster) -> Phrase {
        let Cluster { environment, engine, .. } = cluster;
        phrase!(
            "{environment} is here, and its engine ({engine}) does not say what it does",
            "{environment} 还在，但它的引擎（{engine}）没有说明它的状态"
        )
    }

    pub fn not_told_hint() -> Phrase {
        phrase!(
            "bring the engine back, then: kafka-workbook env status; or begin anew on another one: kafka-workbook lab start ID --engine jvm",
            "先恢复引擎，再执行 kafka-workbook env status；或换个引擎重新开始：kafka-workbook lab start ID --engine jvm"
        )
    }

    pub fn changing() -> Phrase {
        phrase!(
            "another kafka-workbook is changing the cluster of this home right now",
            "另一个 kafka-workbook 正在改动当前主目录的集群"
        )
    }

    pub fn changing_hint() -> Phrase {
        phrase!(
            "ask again when it is done: kafka-workbook doctor",
            "等它结束再问一次：kafka-workbook doctor"
        )
    }
}
