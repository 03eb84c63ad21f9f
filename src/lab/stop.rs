//! Ends attempts and takes clusters down.

use super::Workbook;
use crate::course::Lab;
use crate::engine::choose::Choice;
use crate::engine::report::{Report, Step};
use crate::engine::store;
use crate::phrase;
use crate::problem::Problem;
use crate::progress::Event;

/// Ends the attempt at a lab and removes its cluster. Progress and workspace stay.
pub async fn stop(workbook: &Workbook, lab: &Lab, report: &dyn Report) -> Result<u32, Problem> {
    let _lock = store::lock(&workbook.paths)?;
    let attempt = workbook.open_attempt(lab)?;
    if attempt.cluster.is_some() {
        clear_environment(workbook, report).await?;
    }
    let number = attempt.progress.attempt;
    workbook.progress.append(&[Event::AttemptStopped { lab: lab.id.clone(), attempt: number }])?;
    Ok(number)
}

/// Removes the cluster that this home runs, and whatever a start that was cut off has left.
pub async fn clear_environment(workbook: &Workbook, report: &dyn Report) -> Result<(), Problem> {
    if let Some(cluster) = store::read(&workbook.paths) {
        let name = &cluster.environment;
        report.step(&Step::new(phrase!("removing the cluster {name}", "正在移除集群 {name}")));
        workbook.engine_of(&cluster)?.remove(name).await?;
    }
    let engine = workbook.engine(Choice::Auto)?;
    for folder in std::fs::read_dir(workbook.paths.environments()).into_iter().flatten().flatten() {
        engine.remove(&folder.file_name().to_string_lossy()).await?;
    }
    Ok(())
}

/// Ends every attempt that is going on: one cluster a home, so that none of them can go on.
pub fn close_attempts(workbook: &Workbook) -> Result<(), Problem> {
    workbook.progress.append_with(|progress| {
        let open =
            progress.labs.iter().filter_map(|(lab, known)| Some((lab, known.current.as_ref()?)));
        let stopped = open.map(|(lab, attempt)| Event::AttemptStopped {
            lab: lab.clone(),
            attempt: attempt.attempt,
        });
        Ok::<_, Problem>(stopped.collect())
    })?;
    Ok(())
}
