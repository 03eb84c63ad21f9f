//! Starts a lab: a fresh cluster in the lab's seed state, a new attempt.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::stop::{clear_environment, close_attempts};
use super::tools::install;
use super::values::nonce;
use super::workspace::prepare;
use super::{Workbook, seed};
use crate::course::Lab;
use crate::engine::choose::Choice;
use crate::engine::cluster::Cluster;
use crate::engine::environment::{CLUSTER_ID, Environment, no_randomness, random_cluster_id};
use crate::engine::readiness::wait_for_nodes;
use crate::engine::report::{Report, Step};
use crate::engine::{Engine, ports, store};
use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::Problem;
use crate::progress::Event;

/// A lab that has been started.
#[derive(Debug, Clone)]
pub struct Started {
    /// The attempt's number within the lab, from 1.
    pub attempt: u32,
    /// What makes its names and answers its own.
    pub nonce: String,
    /// Its cluster.
    pub cluster: Cluster,
    /// The learner's folder.
    pub workspace: PathBuf,
    /// The values issued to the learner, by name.
    pub values: BTreeMap<String, String>,
}

/// Starts `lab` anew, whatever ran before in this home. On an error nothing runs and no attempt is
/// open.
pub async fn start(
    workbook: &Workbook,
    lab: &Lab,
    choice: Choice,
    timeout: Duration,
    report: Arc<dyn Report>,
) -> Result<Started, Problem> {
    let engine = workbook.engine(choice)?;
    let _lock = store::lock(&workbook.paths)?;
    close_attempts(workbook)?;
    clear_environment(workbook, &*report).await?;
    let workspace = prepare(workbook, lab)?;
    install(workbook)?;
    let cluster = boot(workbook, lab, &*engine, timeout, report).await?;
    let started = record(workbook, lab, &cluster);
    let (attempt, nonce) = match started {
        Ok(started) => started,
        Err(problem) => {
            engine.remove(&cluster.environment).await?;
            return Err(problem);
        }
    };
    engine.after_ready(&cluster);
    Ok(Started { attempt, nonce, cluster, workspace, values: BTreeMap::new() })
}

/// Brings the lab's environment up and seeds it; takes it down again where that fails.
async fn boot(
    workbook: &Workbook,
    lab: &Lab,
    engine: &dyn Engine,
    timeout: Duration,
    report: Arc<dyn Report>,
) -> Result<Cluster, Problem> {
    let environment = environment_of(workbook, &lab.environment)?;
    let booted = async {
        let cluster = engine.create(&environment, Arc::clone(&report)).await?;
        report.step(&Step::new(text::waiting()));
        wait_for_nodes(&cluster, timeout).await?;
        seed::plant(&lab.seed, &cluster, timeout).await?;
        Ok(cluster)
    };
    match booted.await {
        Ok(cluster) => Ok(cluster),
        Err(problem) => {
            engine.remove(&environment.name).await?;
            Err(problem)
        }
    }
}

/// An environment of the course with ports that are free and a cluster id of its own.
pub fn environment_of(workbook: &Workbook, name: &str) -> Result<Environment, Problem> {
    let file = workbook.course.compose(name).ok_or_else(|| text::no_such_environment(name))?;
    let base = ports::base_from(std::env::var("KAFKA_WORKBOOK_PORT_BASE").ok().as_deref())?;
    let chosen = ports::choose(&ports::variables_in(&file.text), base, ports::is_free)?;
    let mut variables: BTreeMap<String, String> =
        chosen.into_iter().map(|(name, port)| (name, port.to_string())).collect();
    variables.insert(CLUSTER_ID.to_owned(), random_cluster_id()?);
    Ok(Environment {
        name: name.to_owned(),
        file_name: file.file_name.clone(),
        text: file.text.clone(),
        variables,
    })
}

fn record(workbook: &Workbook, lab: &Lab, cluster: &Cluster) -> Result<(u32, String), Problem> {
    let nonce = nonce().map_err(|e| no_randomness(&e))?;
    let mut number = 0;
    workbook.progress.append_with(|progress| {
        number = progress.next_attempt(&lab.id);
        Ok::<_, Problem>(vec![Event::AttemptStarted {
            lab: lab.id.clone(),
            attempt: number,
            nonce: nonce.clone(),
            values: BTreeMap::new(),
            engine: cluster.engine.name().to_owned(),
            environment: cluster.environment.clone(),
        }])
    })?;
    Ok((number, nonce))
}

mod text {
    use super::{Phrase, Problem, phrase};

    pub fn waiting() -> Phrase {
        phrase!("waiting until every node serves", "等待所有节点就绪")
    }

    pub fn no_such_environment(name: &str) -> Problem {
        Problem::usage(
            "no-such-environment",
            phrase!("the course has no environment `{name}`", "课程里没有环境 `{name}`"),
            phrase!("see them: kafka-workbook env list", "查看所有环境：kafka-workbook env list"),
        )
    }
}
