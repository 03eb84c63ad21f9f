//! A lab: the task, the checks, the cluster.

use ratatui::Frame;

use super::pane::scrolled;
use crate::app::areas::Pane;
use crate::app::model::{LabPage, Model};
use crate::app::panes::lab_areas;
use crate::phrase;
use crate::phrase::{Phrase, Words};

/// Three panes.
pub fn draw(model: &Model, page: &LabPage, frame: &mut Frame<'_>) {
    let Some(lab) = model.course.lab(&page.id) else { return };
    let areas = lab_areas(model, lab, page);
    let at = |pane| page.pane == pane;
    scrolled(model, TASK.get(model.lang), at(Pane::Task), &page.task, areas.task, frame);
    let checks = checks_title(model, page);
    let checks = checks.get(model.lang);
    scrolled(model, checks, at(Pane::Checks), &page.checks, areas.checks, frame);
    let open = model.progress.current(&page.id).is_some();
    let cluster = if open || model.overview.is_none() { CLUSTER } else { OTHER_CLUSTER };
    let cluster = cluster.get(model.lang);
    scrolled(model, cluster, at(Pane::Cluster), &page.cluster, areas.cluster, frame);
}

/// What holds of all checks together.
fn checks_title(model: &Model, page: &LabPage) -> Phrase {
    let open = model.progress.current(&page.id).is_some();
    let hosted = model.hosted.as_ref().filter(|hosted| hosted.lab == page.id);
    let trouble = hosted.and_then(|hosted| hosted.trouble.as_ref());
    match (open, trouble, model.report(&page.id)) {
        (false, ..) => phrase!("Checks · not started", "检查项 · 尚未开始"),
        (true, Some(_), _) => phrase!("Checks · not watched", "检查项 · 没有观察"),
        (true, None, None) => phrase!("Checks · looking", "检查项 · 正在查看"),
        (true, None, Some(report)) if report.passed => {
            phrase!("Checks · all passed", "检查项 · 全部通过")
        }
        (true, None, Some(report)) if report.could_not_ask() => {
            phrase!("Checks · the cluster does not answer", "检查项 · 集群没有应答")
        }
        (true, None, Some(_)) => phrase!("Checks · live", "检查项 · 实时"),
    }
}

const TASK: Words = Words::new("Task", "任务");
const CLUSTER: Words = Words::new("Cluster", "集群");
const OTHER_CLUSTER: Words = Words::new("Cluster · not this lab's", "集群 · 不属于本实验");
