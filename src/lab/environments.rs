//! The environments of a home, apart from any lab: what `kafka-workbook env` does.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::Workbook;
use super::boot::replace;
use super::learner;
use super::stop::{clear_environments, clear_unknown, close_attempts};
use super::template::Template;
use super::tools::install;
use crate::course::{ComposeText, Course, Lab, Seed};
use crate::engine::choose::Choice;
use crate::engine::cluster::{Cluster, ClusterNode, NodeAction, NodeState, NodeStatus};
use crate::engine::node_service::NodeService;
use crate::engine::readiness::{wait_for_node, wait_for_nodes, wait_until_forgotten};
use crate::engine::report::{Report, Silent};
use crate::engine::{Engine, compose, death, store};
use crate::kafka::quorum::active_controller;
use crate::phrase;
use crate::problem::Problem;

/// How long the status may wait for the active controller's name.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long a node that was started is waited for.
const START_PATIENCE: Duration = Duration::from_secs(10);

/// What a home's cluster does now.
#[derive(Debug, Clone)]
pub struct Status {
    /// The cluster as it was brought up.
    pub cluster: Cluster,
    /// Its nodes.
    pub nodes: Vec<NodeStatus>,
    /// Node id of the active controller, if a quorum or `ZooKeeper` answers.
    pub controller: Option<i32>,
}

/// The cluster of this home and what its nodes do; `None` if there is none.
pub async fn status(workbook: &Workbook) -> Result<Option<Status>, Problem> {
    let Some(cluster) = store::started(&workbook.paths) else { return Ok(None) };
    let nodes = workbook.engine_of(&cluster)?.status(&cluster).await?;
    let some_run = nodes.iter().any(|n| n.state == NodeState::Running);
    let controller = if some_run {
        active_controller(&cluster.client(PATIENCE)).await.ok().flatten()
    } else {
        None
    };
    Ok(Some(Status { cluster, nodes, controller }))
}

/// What is wrong with the environments of a course, as far as it shows without an engine: the first
/// fault of each file.
pub fn faults(course: &Course) -> Vec<Problem> {
    let texts = course.environments().filter_map(|name| course.compose(name));
    let fault = |text: &ComposeText| {
        let read = compose::parse(&text.file_name, &text.text, &BTreeMap::new());
        let nodes = read.map_err(Problem::from).and_then(|file| {
            let read = |service| Ok(NodeService::read(&file, service).map(drop)?);
            file.services.iter().try_for_each(read)
        });
        nodes.err()
    };
    texts.filter_map(fault).collect()
}

/// What to bring up.
#[derive(Debug, Clone)]
pub enum Up {
    /// What this home ran last, with its data; nothing else is named.
    Again,
    /// An environment of the course: with its data if this home has it, else anew.
    Named(String),
    /// A compose file of the learner's own, anew.
    File(PathBuf),
}

/// Brings an environment up and waits until it serves.
pub async fn up(
    workbook: &Workbook,
    what: Up,
    choice: Choice,
    timeout: Duration,
    report: Arc<dyn Report>,
) -> Result<Cluster, Problem> {
    let _lock = store::lock(&workbook.paths, &*report).await?;
    install(workbook)?;
    let here = store::read(&workbook.paths);
    let what = match (what, learner::open_attempt(workbook)?) {
        (Up::File(path), Some((_, attempt))) => {
            let path = absolute(&path)?;
            let up = learner::up(workbook, (&attempt, &path), choice, timeout, report);
            return Box::pin(up).await;
        }
        (Up::Again, Some((lab, _))) if here.as_ref().is_some_and(Cluster::is_only_prepared) => {
            return Err(text::the_learners_to_start(lab));
        }
        (what, _) => what,
    };
    let template = match (what, here) {
        (Up::Again, Some(cluster)) => return again(workbook, cluster, timeout).await,
        (Up::Named(name), Some(cluster))
            if cluster.environment == name && !cluster.is_only_prepared() =>
        {
            if matches!(choice, Choice::Only(kind) if kind != cluster.engine) {
                return Err(text::on_another_engine(&cluster));
            }
            return again(workbook, cluster, timeout).await;
        }
        (Up::Again, None) => return Err(text::nothing_to_bring_up()),
        (Up::Named(name), _) => Template::named(workbook, &name)?,
        (Up::File(path), _) => from_file(&path)?,
    };
    let engine = workbook.engine(choice, &template.as_it_stands(), Arc::clone(&report)).await?;
    replace(workbook, (&*engine, template), (&Seed::default(), timeout), report).await
}

/// Starts the nodes that do not run, with their data.
async fn again(
    workbook: &Workbook,
    cluster: Cluster,
    timeout: Duration,
) -> Result<Cluster, Problem> {
    let engine = workbook.engine_of(&cluster)?;
    for node in &cluster.nodes {
        forgotten(&cluster, node, &engine.status(&cluster).await?).await;
        engine.act(&cluster, &node.name, NodeAction::Start).await?;
    }
    tokio::select! {
        ready = wait_for_nodes(&cluster, timeout) => ready?,
        died = death::of_a_node(&*engine, &cluster, None, &workbook.paths) => return Err(died),
    }
    Ok(cluster)
}

fn absolute(path: &Path) -> Result<PathBuf, Problem> {
    std::path::absolute(path).map_err(|e| text::no_file(path, &e))
}

fn from_file(path: &Path) -> Result<Template, Problem> {
    let text = fs::read_to_string(path).map_err(|e| text::no_file(path, &e))?;
    let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let path = absolute(path)?;
    let folder = path.parent().unwrap_or(&path);
    Template::new(&name, (&path.display().to_string(), folder), &text)
}

/// Does something to one node of this home's cluster. A node that is started is waited for, as
/// long as the cluster lets it serve within [`START_PATIENCE`]; one that ends again is an error.
pub async fn act(workbook: &Workbook, node: &str, action: NodeAction) -> Result<Cluster, Problem> {
    let _lock = store::lock(&workbook.paths, &Silent).await?;
    let cluster = store::running(&workbook.paths)?;
    if let (true, Some((lab, _))) = (cluster.is_only_prepared(), learner::open_attempt(workbook)?) {
        return Err(text::the_learners_to_start(lab));
    }
    let engine = workbook.engine_of(&cluster)?;
    if matches!(action, NodeAction::Pause | NodeAction::Resume) {
        must_run(&*engine, &cluster, node).await?;
    }
    if let (NodeAction::Start, Some(node)) = (action, cluster.node(node)) {
        let nodes = engine.status(&cluster).await?;
        forgotten(&cluster, node, &nodes).await;
    }
    engine.act(&cluster, node, action).await?;
    if let (NodeAction::Start, Some(started)) = (action, cluster.node(node)) {
        tokio::select! {
            // Without its quorum a node cannot serve: it runs all the same.
            _ = wait_for_node(&cluster, started, START_PATIENCE) => {}
            died = death::of_a_node(&*engine, &cluster, Some(node), &workbook.paths) => return Err(died),
        }
    }
    Ok(cluster)
}

/// Waits until a broker that does not run may come back.
async fn forgotten(cluster: &Cluster, node: &ClusterNode, nodes: &[NodeStatus]) {
    let stopped = |n: &NodeStatus| n.node.name == node.name && n.state == NodeState::Stopped;
    if nodes.iter().any(stopped) {
        wait_until_forgotten(cluster, node, START_PATIENCE).await;
    }
}

/// A node that is stopped can neither be paused nor go on.
async fn must_run(engine: &dyn Engine, cluster: &Cluster, node: &str) -> Result<(), Problem> {
    let nodes = engine.status(cluster).await?;
    let stopped = |n: &NodeStatus| n.node.name == node && n.state == NodeState::Stopped;
    if nodes.iter().any(stopped) { Err(text::node_is_stopped(node)) } else { Ok(()) }
}

/// Stops every node; the data stay for `env up`.
pub async fn down(workbook: &Workbook) -> Result<Option<Cluster>, Problem> {
    let _lock = store::lock(&workbook.paths, &Silent).await?;
    let Some(cluster) = store::read(&workbook.paths) else { return Ok(None) };
    let engine = workbook.engine_of(&cluster)?;
    // The other way round than they were started: a broker that stops cleanly needs ZooKeeper.
    for node in cluster.nodes.iter().rev() {
        engine.act(&cluster, &node.name, NodeAction::Stop).await?;
    }
    Ok(Some(cluster))
}

/// Removes every cluster of this home with its data. Progress and workspaces stay.
pub async fn down_all(workbook: &Workbook, report: &dyn Report) -> Result<(), Problem> {
    let _lock = store::lock(&workbook.paths, report).await?;
    // An attempt whose cluster could not be removed is still going on.
    clear_environments(workbook, report).await?;
    close_attempts(workbook, report)?;
    clear_unknown(workbook, report).await
}

/// What a node has printed; the first node where none is named.
pub async fn log(workbook: &Workbook, node: Option<&str>) -> Result<Box<dyn Read + Send>, Problem> {
    let cluster = store::running(&workbook.paths)?;
    let first = cluster.nodes.first().map(|n| n.name.clone()).unwrap_or_default();
    workbook.engine_of(&cluster)?.log(&cluster, node.unwrap_or(&first)).await
}

mod text {
    use super::{Cluster, Lab, Path, Problem, phrase};

    pub fn nothing_to_bring_up() -> Problem {
        Problem::usage(
            "nothing-to-bring-up",
            phrase!("this home has no environment to bring up again", "没有可以再次启动的环境"),
            phrase!(
                "name one: kafka-workbook env up kraft-single",
                "请指定一个：kafka-workbook env up kraft-single"
            ),
        )
    }

    pub fn the_learners_to_start(lab: &Lab) -> Problem {
        let id = &lab.id;
        Problem::usage(
            "yours-to-start",
            phrase!(
                "the cluster of {id} is yours to start: there is none to bring up again",
                "{id} 的集群要由你来启动：还没有可以再次启动的集群"
            ),
            phrase!(
                "from the lab's workspace: kafka-workbook env up --file compose.yaml",
                "在实验的工作目录里：kafka-workbook env up --file compose.yaml"
            ),
        )
    }

    pub fn on_another_engine(cluster: &Cluster) -> Problem {
        let (name, engine) = (&cluster.environment, cluster.engine);
        Problem::usage(
            "another-engine",
            phrase!(
                "{name} is here already, on the engine {engine}",
                "{name} 已经在 {engine} 引擎上"
            ),
            phrase!(
                "bring it back there: kafka-workbook env up; or remove it first: kafka-workbook env down --all",
                "在原引擎上恢复：kafka-workbook env up；或先移除：kafka-workbook env down --all"
            ),
        )
    }

    pub fn node_is_stopped(node: &str) -> Problem {
        Problem::new(
            "node-stopped",
            phrase!("{node} is stopped", "{node} 已停止"),
            phrase!(
                "start it: kafka-workbook env start {node}",
                "启动它：kafka-workbook env start {node}"
            ),
        )
    }

    pub fn no_file(path: &Path, e: &std::io::Error) -> Problem {
        let path = path.display();
        Problem::usage(
            "no-file",
            phrase!("{path} cannot be read: {e}", "无法读取 {path}：{e}"),
            phrase!("name a compose file", "请指定一个 compose 文件"),
        )
    }
}
