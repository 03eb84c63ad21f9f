//! Starts a lab: a fresh cluster in the lab's seed state, a new attempt.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::Workbook;
use super::boot::replace;
use super::learner;
use super::template::Template;
use super::values::{issue, nonce};
use super::workspace::prepare;
use crate::course::{Cluster as Starts, Lab};
use crate::engine::choose::Choice;
use crate::engine::cluster::{Cluster, EngineKind};
use crate::engine::environment::no_randomness;
use crate::engine::report::Report;
use crate::engine::store;
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

/// Starts `lab` anew, whatever ran before in this home. What stands in the way of its engine is
/// found while all is as it was before; on a later error nothing runs and no attempt is open.
pub async fn start(
    workbook: &Workbook,
    lab: &Lab,
    choice: Choice,
    timeout: Duration,
    report: Arc<dyn Report>,
) -> Result<Started, Problem> {
    if lab.cluster == Starts::Learner {
        return Box::pin(learner::start(workbook, lab, choice, report)).await;
    }
    let template = Template::named(workbook, &lab.environment)?;
    let engine = workbook.engine(choice, &template.as_it_stands(), Arc::clone(&report)).await?;
    let _lock = store::lock(&workbook.paths, &*report).await?;
    let workspace = prepare(workbook, lab)?;
    let cluster = replace(workbook, (&*engine, template), (&lab.seed, timeout), report).await?;
    match record(workbook, lab, (&cluster, &BTreeMap::new())) {
        Ok((attempt, nonce, values)) => Ok(Started { attempt, nonce, cluster, workspace, values }),
        Err(problem) => {
            engine.remove(&cluster.environment).await?;
            Err(problem)
        }
    }
}

/// The choice for beginning `lab` anew: where any engine will do, the one of the attempt that is
/// going on. Only an attempt on jvm has to say so: containers are what any other begins with.
pub fn as_before(workbook: &Workbook, lab: &Lab, choice: Choice) -> Result<Choice, Problem> {
    let progress = workbook.progress()?;
    let on_jvm = progress.current(&lab.id).is_some_and(|a| a.engine == EngineKind::Jvm.name());
    Ok(if choice == Choice::Auto && on_jvm { Choice::Only(EngineKind::Jvm) } else { choice })
}

type Values = BTreeMap<String, String>;

/// Records a new attempt, which is issued the lab's values and `more`.
pub(super) fn record(
    workbook: &Workbook,
    lab: &Lab,
    (cluster, more): (&Cluster, &Values),
) -> Result<(u32, String, Values), Problem> {
    let nonce = nonce().map_err(|e| no_randomness(&e))?;
    let mut values = issue(&lab.values, &nonce);
    values.extend(more.clone());
    let mut number = 0;
    workbook.progress.append_with(|progress| {
        number = progress.next_attempt(&lab.id);
        Ok::<_, Problem>(vec![Event::AttemptStarted {
            lab: lab.id.clone(),
            attempt: number,
            nonce: nonce.clone(),
            values: values.clone(),
            engine: cluster.engine.name().to_owned(),
            environment: cluster.environment.clone(),
        }])
    })?;
    Ok((number, nonce, values))
}
