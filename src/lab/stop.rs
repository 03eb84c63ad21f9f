//! Ends attempts and takes clusters down.

use super::{Workbook, learner};
use crate::course::{Cluster as Starts, Lab};
use crate::engine::choose::all;
use crate::engine::containers::Containers;
use crate::engine::report::{Report, Step};
use crate::engine::store;
use crate::phrase;
use crate::problem::Problem;
use crate::progress::Event;

/// Ends the attempt at a lab and removes its cluster. Progress and workspace stay.
pub async fn stop(workbook: &Workbook, lab: &Lab, report: &dyn Report) -> Result<u32, Problem> {
    let _lock = store::lock(&workbook.paths, report).await?;
    let attempt = workbook.open_attempt(lab)?;
    clear_learners(workbook, lab).await?;
    if attempt.cluster.is_some() {
        clear_environments(workbook, report).await?;
    } else {
        clear_unknown(workbook, report).await?;
    }
    let number = attempt.progress.attempt;
    workbook.progress.append(&[Event::AttemptStopped { lab: lab.id.clone(), attempt: number }])?;
    Ok(number)
}

/// Removes every environment of this home, also what a start that was cut off has left.
pub async fn clear_environments(workbook: &Workbook, report: &dyn Report) -> Result<(), Problem> {
    for name in environments(workbook) {
        report.step(&removing(&name));
        for engine in all(&workbook.paths) {
            engine.remove(&name).await?;
        }
    }
    Ok(())
}

/// Removes what the learner has started from the lab's workspace with Docker itself.
pub async fn clear_learners(workbook: &Workbook, lab: &Lab) -> Result<(), Problem> {
    // Without a workspace there is nothing that it could have been started from.
    if lab.cluster != Starts::Learner || !workbook.paths.workspace(&lab.id).exists() {
        return Ok(());
    }
    let project = learner::project(&workbook.paths, lab);
    Containers::new(workbook.paths.clone()).remove_project(&project).await
}

/// Removes what is of this home although nothing is written down of it any more.
pub async fn clear_unknown(workbook: &Workbook, report: &dyn Report) -> Result<(), Problem> {
    for engine in all(&workbook.paths) {
        engine.remove_unknown(report).await?;
    }
    for lab in workbook.course.labs() {
        clear_learners(workbook, lab).await?;
    }
    Ok(())
}

/// Removes every environment to make room for another one: an engine that is out of reach does not hold it up.
pub async fn make_room(workbook: &Workbook, report: &dyn Report) -> Result<(), Problem> {
    for name in environments(workbook) {
        report.step(&removing(&name));
        for engine in all(&workbook.paths) {
            engine.abandon(&name, report).await?;
        }
    }
    Ok(())
}

fn environments(workbook: &Workbook) -> Vec<String> {
    let folders = std::fs::read_dir(workbook.paths.environments()).into_iter().flatten().flatten();
    folders.map(|folder| folder.file_name().to_string_lossy().into_owned()).collect()
}

fn removing(name: &str) -> Step {
    Step::new(phrase!("removing the cluster {name}", "正在移除集群 {name}"))
}

/// Ends every attempt that is going on: one cluster a home, so that none of them can go on.
pub fn close_attempts(workbook: &Workbook, report: &dyn Report) -> Result<(), Problem> {
    workbook.progress.append_with(|progress| {
        let open =
            progress.labs.iter().filter_map(|(lab, known)| Some((lab, known.current.as_ref()?)));
        let stopped = open.map(|(lab, attempt)| {
            let number = attempt.attempt;
            report.step(&Step::new(phrase!(
                "this ends attempt {number} of {lab}",
                "{lab} 的第 {number} 次尝试到此结束"
            )));
            Event::AttemptStopped { lab: lab.clone(), attempt: number }
        });
        Ok::<_, Problem>(stopped.collect())
    })?;
    Ok(())
}
