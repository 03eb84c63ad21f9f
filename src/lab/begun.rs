//! A new attempt: what a start gives back, and its line in the progress log.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::Workbook;
use super::values::{issue, nonce};
use crate::course::Lab;
use crate::engine::cluster::Cluster;
use crate::engine::environment::no_randomness;
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
