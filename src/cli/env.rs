//! `kafka-workbook env …`

use std::io::{BufRead, BufReader};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::args::{Env, Node, UpOptions};
use super::cancellable;
use super::output::{Exit, Output, Progress};
use crate::engine::cluster::{Cluster, NodeAction, NodeStatus};
use crate::engine::store;
use crate::lab::Workbook;
use crate::lab::environments::{self, Status, Up};
use crate::phrase;
use crate::printable;
use crate::problem::Problem;

/// Runs one of the commands.
pub async fn run(workbook: &Workbook, command: Env, output: &Output) -> Result<Exit, Problem> {
    match command {
        Env::List => Ok(list(workbook, output)),
        Env::Status => shown(workbook, output).await,
        Env::Up { environment, file, up } => {
            let what = match (environment, file) {
                (_, Some(file)) => Up::File(file),
                (Some(name), None) => Up::Named(name),
                (None, None) => Up::Again,
            };
            bring_up(workbook, what, &up, output).await?;
            shown(workbook, output).await
        }
        Env::Down { all: true } => {
            environments::down_all(workbook, &Progress::new(output)).await?;
            Ok(show(None, output))
        }
        Env::Down { all: false } => {
            environments::down(workbook).await?;
            shown(workbook, output).await
        }
        Env::Logs { node } => logs(workbook, &node, output).await,
        Env::Start(node) => act(workbook, &node, NodeAction::Start, output).await,
        Env::Stop(node) => act(workbook, &node, NodeAction::Stop, output).await,
        Env::Kill(node) => act(workbook, &node, NodeAction::Kill, output).await,
        Env::Pause(node) => act(workbook, &node, NodeAction::Pause, output).await,
        Env::Resume(node) => act(workbook, &node, NodeAction::Resume, output).await,
    }
}

/// Says that a cluster outlives the screen.
pub fn runs_on(environment: &str, output: &Output) {
    let words = phrase!(
        "{environment} runs on, and the workbook finds it again; to stop it: kafka-workbook env down",
        "{environment} 仍在运行，下次打开 workbook 会接着用；停止它：kafka-workbook env down"
    );
    output.text(0, output.say(&words));
}

async fn bring_up(
    workbook: &Workbook,
    what: Up,
    up: &UpOptions,
    output: &Output,
) -> Result<(), Problem> {
    let progress = Arc::new(Progress::new(output));
    let timeout = Duration::from_secs(up.timeout);
    let work =
        environments::up(workbook, what, up.engine, timeout, Arc::clone(&progress) as Arc<_>);
    cancellable(&progress, work).await.map(|_| ())
}

async fn act(
    workbook: &Workbook,
    node: &Node,
    action: NodeAction,
    output: &Output,
) -> Result<Exit, Problem> {
    let name = node_of(workbook, &node.node)?;
    environments::act(workbook, &name, action).await?;
    shown(workbook, output).await
}

/// The node that `[ENV] [NODE]` names: of an environment with one node both may be left out.
fn node_of(workbook: &Workbook, words: &[String]) -> Result<String, Problem> {
    let cluster = store::running(&workbook.paths)?;
    let only = || match cluster.nodes.as_slice() {
        [node] => Ok(node.name.clone()),
        _ => Err(which_node(&cluster)),
    };
    match words {
        [] => only(),
        [environment, node] if *environment == cluster.environment => Ok(node.clone()),
        [environment, _] => Err(does_not_run(environment, &cluster)),
        [word, ..] if *word == cluster.environment => only(),
        [node, ..] => Ok(node.clone()),
    }
}

fn list(workbook: &Workbook, output: &Output) -> Exit {
    let running = store::read(&workbook.paths).map(|c| c.environment);
    let names: Vec<&str> = workbook.course.environments().collect();
    if output.json {
        let environments: Vec<_> = names
            .iter()
            .map(|name| {
                let file = workbook.course.compose(name).map(|c| &c.file_name);
                json!({"environment": name, "file": file, "up": running.as_deref() == Some(name)})
            })
            .collect();
        output.object(json!({"environments": environments}));
    } else {
        for name in names {
            let sign = if running.as_deref() == Some(name) { "●" } else { "○" };
            output.line(&format!("{sign} {name}"));
        }
    }
    Exit::Done
}

async fn shown(workbook: &Workbook, output: &Output) -> Result<Exit, Problem> {
    Ok(show(environments::status(workbook).await?.as_ref(), output))
}

fn show(status: Option<&Status>, output: &Output) -> Exit {
    if output.json {
        output.object(status_object(status));
        return Exit::Done;
    }
    let Some(status) = status else {
        output.text(0, output.say(&phrase!("no environment", "没有环境")));
        return Exit::Done;
    };
    let Cluster { environment, engine, kafka_version, .. } = &status.cluster;
    output.line(&format!("{environment} · Kafka {kafka_version} · {engine}"));
    for node in &status.nodes {
        let role = if is_controller(status, node) { " · controller" } else { "" };
        let (name, word) = (&node.node.name, output.say(&node.state.phrase()).to_owned());
        let address = node.node.dialled_at().unwrap_or("-");
        let pid = node.pid.map(|pid| format!(" · pid {pid}"));
        let container = node.container.as_ref().map(|container| format!(" · {container}"));
        let runs_as = pid.or(container).unwrap_or_default();
        output.line(&format!("  {name}  {address}  {word}{role}{runs_as}"));
    }
    Exit::Done
}

fn status_object(status: Option<&Status>) -> serde_json::Value {
    let Some(status) = status else {
        return json!({"environment": null, "engine": null, "nodes": []});
    };
    let nodes: Vec<_> = status
        .nodes
        .iter()
        .map(|n| {
            json!({
                "name": n.node.name,
                "address": n.node.dialled_at(),
                "controller": is_controller(status, n),
                "state": n.state.word(),
                "pid": n.pid,
                "container": n.container,
            })
        })
        .collect();
    json!({"environment": status.cluster.environment, "engine": status.cluster.engine.name(), "nodes": nodes})
}

fn is_controller(status: &Status, node: &NodeStatus) -> bool {
    status.controller.is_some() && status.controller == node.node.node_id
}

/// Prints a node's log, line by line; lines are data and send nothing to the terminal.
async fn logs(workbook: &Workbook, words: &[String], output: &Output) -> Result<Exit, Problem> {
    let node = if words.is_empty() { None } else { Some(node_of(workbook, words)?) };
    let log = environments::log(workbook, node.as_deref()).await?;
    for line in BufReader::new(log).split(b'\n').map_while(Result::ok) {
        let text = printable::line(&String::from_utf8_lossy(&line));
        if output.json { output.object(json!({"line": text})) } else { output.line(&text) }
    }
    Ok(Exit::Done)
}

fn which_node(cluster: &Cluster) -> Problem {
    let names: Vec<&str> = cluster.nodes.iter().map(|n| n.name.as_str()).collect();
    let (environment, names) = (&cluster.environment, names.join(", "));
    Problem::usage(
        "which-node",
        phrase!("{environment} has several nodes", "{environment} 有多个节点"),
        phrase!("name one of them: {names}", "请指定其中一个：{names}"),
    )
}

fn does_not_run(environment: &str, cluster: &Cluster) -> Problem {
    let (environment, running) = (printable::name(environment), &cluster.environment);
    Problem::usage(
        "does-not-run",
        phrase!(
            "{environment} is not up; {running} is",
            "{environment} 没有启动；启动的是 {running}"
        ),
        phrase!(
            "bring it up: kafka-workbook env up {environment}",
            "启动它：kafka-workbook env up {environment}"
        ),
    )
}
