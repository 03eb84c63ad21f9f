//! Starts a lab: a fresh cluster in the lab's seed state, a new attempt.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::Workbook;
use super::begun::{Started, record};
use super::boot::replace;
use super::learner;
use super::template::Template;
use super::workspace::prepare;
use crate::course::{Cluster as Starts, Lab};
use crate::engine::choose::Choice;
use crate::engine::cluster::EngineKind;
use crate::engine::report::Report;
use crate::engine::store;
use crate::problem::Problem;

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
