//! Brings the learner's own compose file up within the attempt that is going on.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::find::addresses_of;
use super::workspace::variables;
use crate::course::{Cluster as Starts, Lab};
use crate::engine::choose::Choice;
use crate::engine::cluster::{Cluster, EngineKind, Starter};
use crate::engine::environment::Environment;
use crate::engine::readiness::wait_for_nodes;
use crate::engine::report::{Report, Step, called_off};
use crate::engine::{Engine, cancelled, death, store};
use crate::lab::stop::make_room;
use crate::lab::template::Template;
use crate::lab::{OpenAttempt, Workbook};
use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::Problem;

/// The lab whose cluster the learner starts and whose attempt goes on, if there is one.
pub fn open_attempt(workbook: &Workbook) -> Result<Option<(&Lab, OpenAttempt)>, Problem> {
    let progress = workbook.progress()?;
    let labs = workbook.course.labs().iter();
    let mut open =
        labs.filter(|lab| lab.cluster == Starts::Learner && progress.current(&lab.id).is_some());
    open.next().map(|lab| Ok((lab, workbook.open_attempt(lab)?))).transpose()
}

/// Brings `file` up as the attempt's cluster, in the place of what ran before; the attempt goes on.
/// The caller holds the environment's lock. A cluster that does not become ready stays as it is, to
/// be looked at: that is what such a lab is about.
pub async fn up(
    workbook: &Workbook,
    (attempt, file): (&OpenAttempt, &Path),
    choice: Choice,
    timeout: Duration,
    report: Arc<dyn Report>,
) -> Result<Cluster, Problem> {
    let choice = as_the_attempt(attempt, choice);
    let mut environment = environment_of(attempt, file)?;
    if choice == Choice::Only(EngineKind::Jvm) {
        // Which image a machine has instead is nothing to plain processes.
        environment.variables.retain(|name, _| !name.ends_with("_IMAGE"));
    }
    let engine = workbook.engine(choice, &environment, Arc::clone(&report)).await?;
    make_room(workbook, &*report).await?;
    let created = engine.create(&environment, Arc::clone(&report)).await;
    let mut cluster = match created {
        Ok(cluster) => cluster,
        Err(problem) => {
            engine.remove(&environment.name).await?;
            prepared_again(workbook, &*engine, attempt).await?;
            return Err(problem);
        }
    };
    cluster.starter = Starter::Learner(file.to_owned());
    store::write(&workbook.paths, &cluster)?;
    report.step(&Step::new(text::waiting()));
    let asked = as_it_answers(&cluster);
    tokio::select! {
        ready = wait_for_nodes(&asked, timeout) => ready.map_err(|e| text::runs_on(e.into()))?,
        died = death::of_a_node(&*engine, &cluster, None, &workbook.paths) => return Err(died),
        () = called_off(&*report) => return Err(cancelled()),
    }
    engine.after_ready(&cluster);
    Ok(cluster)
}

/// The file as an environment under the attempt's name: its tools, shells and checks find it there.
fn environment_of(attempt: &OpenAttempt, file: &Path) -> Result<Environment, Problem> {
    let text = fs::read_to_string(file).map_err(|e| Problem::file(file, &e))?;
    Ok(Environment {
        name: attempt.progress.environment.clone(),
        file_name: file.display().to_string(),
        folder: file.parent().unwrap_or(file).to_owned(),
        variables: variables(file, &text),
        text,
    })
}

/// The cluster for whoever waits for it: a node whose file sends no client of this machine on to it
/// is asked where a port leads in.
fn as_it_answers(cluster: &Cluster) -> Cluster {
    let mut cluster = cluster.clone();
    let way_in = addresses_of(&cluster).into_iter().next();
    for node in cluster.nodes.iter_mut().filter(|node| node.zookeeper.is_none()) {
        node.address = node.address.take().or_else(|| way_in.clone());
    }
    cluster
}

/// Where any engine will do, the one that the lab was started with.
fn as_the_attempt(attempt: &OpenAttempt, choice: Choice) -> Choice {
    match (choice, attempt.progress.engine.parse::<EngineKind>()) {
        (Choice::Auto, Ok(kind)) => Choice::Only(kind),
        (choice, _) => choice,
    }
}

/// What serves Kafka's tools as long as nothing of the learner's can be brought up.
async fn prepared_again(
    workbook: &Workbook,
    engine: &dyn Engine,
    attempt: &OpenAttempt,
) -> Result<(), Problem> {
    let template = Template::named(workbook, &attempt.progress.environment)?;
    let mut environment = template.as_it_stands();
    environment.variables.extend(attempt.progress.values.clone());
    engine.lay_out(&environment).await.map(drop)
}

mod text {
    use super::{Phrase, Problem, phrase};

    pub fn waiting() -> Phrase {
        phrase!("waiting until every node serves", "等待所有节点就绪")
    }

    pub fn runs_on(mut problem: Problem) -> Problem {
        problem.hint = phrase!(
            "it runs on as it is: kafka-workbook env logs shows what it says, lab check what is wrong",
            "它仍在运行：kafka-workbook env logs 看它的输出，lab check 看哪里不对"
        );
        problem
    }
}
