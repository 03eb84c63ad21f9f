//! Starts a lab whose cluster the learner starts: a prepared workspace, a new attempt, no cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::course::Lab;
use crate::engine::choose::Choice;
use crate::engine::report::Report;
use crate::engine::{ports, store};
use crate::lab::Workbook;
use crate::lab::begun::{Started, record};
use crate::lab::stop::{clear_learners, close_attempts, make_room};
use crate::lab::template::Template;
use crate::lab::tools::install;
use crate::problem::Problem;

use super::workspace::{COMPOSE_FILE, prepare};

/// Prepares `lab` anew, whatever ran before in this home. What stands in the way of its engine is
/// found while all is as it was before.
pub async fn start(
    workbook: &Workbook,
    lab: &Lab,
    choice: Choice,
    report: Arc<dyn Report>,
) -> Result<Started, Problem> {
    let template = Template::named(workbook, &lab.environment)?.and_ports_of(&own_file_of(lab));
    let engine = workbook.engine(choice, &template.as_it_stands(), Arc::clone(&report)).await?;
    let _lock = store::lock(&workbook.paths, &*report).await?;
    install(workbook)?;
    template.has_ports(&workbook.paths)?;
    close_attempts(workbook, &*report)?;
    make_room(workbook, &*report).await?;
    clear_learners(workbook, lab).await?;
    let environment = template.fill(&BTreeSet::new(), &*report)?;
    let ports = ports_of(&environment.variables);
    let workspace = prepare(workbook, lab, &environment, &ports)?;
    let cluster = engine.lay_out(&environment).await?;
    match record(workbook, lab, (&cluster, &ports)) {
        Ok((attempt, nonce, values)) => Ok(Started { attempt, nonce, cluster, workspace, values }),
        Err(problem) => {
            engine.remove(&cluster.environment).await?;
            Err(problem)
        }
    }
}

/// The compose file that the lab hands to the learner; nothing where it is the environment's.
fn own_file_of(lab: &Lab) -> String {
    let is_it = |path: &Path| path == Path::new(COMPOSE_FILE);
    let file = lab.starter.iter().find(|(path, _)| is_it(path));
    file.map(|(_, content)| String::from_utf8_lossy(content).into_owned()).unwrap_or_default()
}

/// The ports that are the learner's to use.
fn ports_of(variables: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let is_port = |name: &String| ports::is_variable(name);
    variables
        .iter()
        .filter(|(name, _)| is_port(name))
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect()
}
