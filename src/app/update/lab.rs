//! A lab.

use super::{dialogs, work};
use crate::app::areas::Pane;
use crate::app::dialog::{Answer, Dialog};
use crate::app::keys::Action;
use crate::app::message::{Effect, Job, Place};
use crate::app::model::{LabPage, Model, Page};
use crate::app::rows::Move;
use crate::course::Cluster as Starts;
use crate::phrase;

/// A key on a lab's page.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Page::Lab(page) = &mut model.page else { return Vec::new() };
    let id = page.id.clone();
    match action {
        Action::Go(to) => go(model, to),
        Action::Onward => {
            page.pane = match page.pane {
                Pane::Task => Pane::Checks,
                Pane::Checks => Pane::Cluster,
                Pane::Cluster => Pane::Task,
            };
            page.follow = true;
        }
        Action::Back => model.page = Page::Home,
        Action::Next => next(model, &id),
        Action::Start | Action::Reset => return start(model, id),
        Action::Stop => {
            let attempt = model.progress.current(&id).map_or(0, |attempt| attempt.attempt);
            let question = phrase!(
                "End attempt {attempt} of {id} and remove its cluster? Your points and files stay.",
                "结束 {id} 的第 {attempt} 次尝试并移除集群？得分和文件都会保留。"
            );
            dialogs::ask(model, question, Job::StopLab(id));
        }
        Action::Answer => answer(model, &id),
        Action::Hint => return dialogs::open_hint(model),
        Action::Shell => return vec![Effect::Shell(Place::Lab(id))],
        Action::Up => return up(model, id),
        _ => {}
    }
    Vec::new()
}

/// The arrows choose a check or move over text, as the pane has it.
fn go(model: &mut Model, to: Move) {
    let checks = model.lab().map_or(0, |lab| lab.checks.len());
    let Page::Lab(page) = &mut model.page else { return };
    match (page.pane, to) {
        (Pane::Task, to) => page.task.go(to),
        (Pane::Cluster, to) => page.cluster.go(to),
        (Pane::Checks, Move::Up) => choose(page, page.check.saturating_sub(1)),
        (Pane::Checks, Move::Down) => choose(page, (page.check + 1).min(checks.saturating_sub(1))),
        (Pane::Checks, Move::Top) => choose(page, 0),
        (Pane::Checks, Move::Bottom) => choose(page, checks.saturating_sub(1)),
        (Pane::Checks, to) => page.checks.go(to),
    }
}

const fn choose(page: &mut LabPage, check: usize) {
    page.check = check;
    page.follow = true;
}

/// The lab after this one; after the last the course map.
fn next(model: &mut Model, id: &str) {
    let mut labs = model.course.labs().iter().skip_while(|lab| lab.id != id).skip(1);
    model.page = labs
        .next()
        .map_or(Page::Home, |lab| Page::Lab(LabPage { id: lab.id.clone(), ..LabPage::default() }));
}

/// What would be lost with it is asked first.
fn start(model: &mut Model, id: String) -> Vec<Effect> {
    let question = dialogs::what_ends(model, Some(&id));
    let job = Job::StartLab(id);
    if let Some(question) = question {
        dialogs::ask(model, question, job);
        return Vec::new();
    }
    work::begin(model, job)
}

/// What ran, with its data; where the cluster is the learner's to start, the learner's file anew.
fn up(model: &mut Model, id: String) -> Vec<Effect> {
    let learners = model.course.lab(&id).is_some_and(|lab| lab.cluster == Starts::Learner);
    work::begin(model, if learners { Job::OwnFile(id) } else { Job::BringBack })
}

fn answer(model: &mut Model, id: &str) {
    let (Some(lab), Some(attempt)) = (model.course.lab(id), model.progress.current(id)) else {
        return;
    };
    if lab.fields.is_empty() {
        model.notice = Some(phrase!("this lab asks for no answer", "这个实验不需要作答"));
        return;
    }
    if attempt.passed {
        model.notice = Some(phrase!(
            "the lab is passed: its answers are closed",
            "实验已经通过：答案不再更改"
        ));
        return;
    }
    // The first one that is still open.
    let open = lab.fields.iter().position(|field| !attempt.answers.contains_key(&field.id));
    let answer = Answer::to(lab, open.unwrap_or_default(), attempt);
    model.dialog = Some(Dialog::Answer(answer));
}
