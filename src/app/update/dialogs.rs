//! Dialogs: what their keys do, and what comes back for them.

use crossterm::event::{Event, KeyEvent};
use tui_input::InputRequest;
use tui_input::backend::crossterm::to_input_request;

use super::work;
use crate::app::areas::Pane;
use crate::app::dialog::{Answer, Confirm, Dialog, Hint};
use crate::app::keys::Action;
use crate::app::message::{Effect, Job, Place, RequestId, Store};
use crate::app::model::{Model, Page};
use crate::app::rows::{Move, Scroll};
use crate::course::{Lab, TIERS};
use crate::lab::hint;
use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::Problem;

/// The longest answer that can be typed, in characters; what is stored is bounded again.
const LONGEST: usize = 1000;

/// A key in the dialog that is open.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(mut dialog) = model.dialog.take() else { return Vec::new() };
    let effects = match (&mut dialog, action) {
        (_, Action::Close) => return Vec::new(),
        (Dialog::Confirm(confirm), Action::Accept) => {
            return work::begin(model, confirm.job.clone());
        }
        (Dialog::Help(text), Action::Go(to)) => go(text, to),
        (Dialog::Hint(hint), Action::Go(to)) => go(&mut hint.text, to),
        (Dialog::Trouble(trouble), Action::Go(to)) => go(&mut trouble.text, to),
        (Dialog::Hint(hint), Action::Hint) => next_hint(model, hint),
        (Dialog::Hint(hint), Action::Shell) => vec![Effect::Shell(Place::Lab(hint.lab.clone()))],
        (Dialog::Answer(answer), action) => answering(model, answer, action),
        _ => Vec::new(),
    };
    model.dialog = Some(dialog);
    effects
}

fn go(text: &mut Scroll, to: Move) -> Vec<Effect> {
    text.go(to);
    Vec::new()
}

/// Asks before something that cannot be taken back.
pub fn ask(model: &mut Model, question: Phrase, job: Job) {
    let about = going_on(model);
    model.dialog = Some(Dialog::Confirm(Confirm { question, job, about }));
}

/// The attempt that is going on: its lab and number.
fn going_on(model: &Model) -> Option<(String, u32)> {
    model.open_attempt().map(|(lab, attempt)| (lab.to_owned(), attempt.attempt))
}

/// Closes a dialog about an attempt that is not the one that goes on any more: what it asks or
/// takes would be for another one.
pub fn close_outdated(model: &mut Model) {
    let now = going_on(model);
    let outdated = match &model.dialog {
        Some(Dialog::Confirm(confirm)) => confirm.about != now,
        Some(Dialog::Answer(answer)) => Some((answer.lab.clone(), answer.attempt)) != now,
        Some(Dialog::Hint(hint)) => now.is_none_or(|(lab, _)| lab != hint.lab),
        _ => false,
    };
    if outdated {
        model.dialog = None;
        model.notice = Some(phrase!(
            "another program has begun or ended an attempt meanwhile",
            "其间另一个程序开始或结束了一次尝试"
        ));
    }
}

/// What would end if another cluster took the place of the one that runs; `starting` is the lab
/// that is to be started. Nothing where no attempt is going on.
pub fn what_ends(model: &Model, starting: Option<&str>) -> Option<Phrase> {
    let (lab, attempt) = model.open_attempt()?;
    let number = attempt.attempt;
    Some(if starting == Some(lab) {
        phrase!(
            "Begin {lab} anew? Attempt {number} and its cluster go; the best score and your files stay.",
            "重新开始 {lab}？第 {number} 次尝试和它的集群会被移除，最好成绩和文件都保留。"
        )
    } else {
        phrase!(
            "This ends attempt {number} of {lab} and removes its cluster; its points stay. Go on?",
            "这会结束 {lab} 的第 {number} 次尝试并移除它的集群，得分保留。继续吗？"
        )
    })
}

fn answering(model: &mut Model, answer: &mut Answer, action: Action) -> Vec<Effect> {
    let Some(lab) = model.course.lab(&answer.lab) else { return Vec::new() };
    let Some(field) = lab.fields.get(answer.field) else { return Vec::new() };
    match action {
        Action::Accept => {
            let value = answer.value(field);
            if value.is_empty() || answer.sent.is_some() {
                return Vec::new();
            }
            let store = Store { lab: lab.id.clone(), field: field.id.clone(), value };
            let id = model.request();
            answer.sent = Some(id);
            return vec![Effect::Answer(id, store)];
        }
        Action::Choose(to) if !field.choices.is_empty() => {
            answer.choice = match to {
                Move::Up => answer.choice.saturating_sub(1),
                _ => (answer.choice + 1).min(field.choices.len() - 1),
            };
        }
        // A word on what was sent would find another field here.
        Action::Next if answer.sent.is_none() => {
            let next = (answer.field + 1) % lab.fields.len();
            if let Some(attempt) = model.progress.current(&lab.id) {
                *answer = answer.clone().moved_to(lab, next, attempt);
            }
        }
        _ => {}
    }
    Vec::new()
}

/// A key that is bound to nothing: where something is being typed, it is typed.
pub fn type_in(model: &mut Model, key: KeyEvent) {
    let Some(Dialog::Answer(answer)) = &mut model.dialog else { return };
    answer.refused = None;
    let Some(request) = to_input_request(&Event::Key(key)) else { return };
    let adds = matches!(request, InputRequest::InsertChar(_));
    if !adds || answer.input.value().chars().count() < LONGEST {
        answer.input.handle(request);
    }
}

/// Pasted text goes where something is being typed, as one line.
pub fn paste(model: &mut Model, text: &str) {
    let Some(Dialog::Answer(answer)) = &mut model.dialog else { return };
    answer.refused = None;
    let room = LONGEST.saturating_sub(answer.input.value().chars().count());
    let line = text.trim().lines().next().unwrap_or_default();
    for c in line.chars().filter(|c| !c.is_control()).take(room) {
        answer.input.handle(InputRequest::InsertChar(c));
    }
}

/// An answer is stored, or why not.
pub fn answered(model: &mut Model, id: RequestId, stored: Result<(), Problem>) {
    let Some(Dialog::Answer(answer)) = &mut model.dialog else { return };
    if answer.sent != Some(id) {
        return;
    }
    answer.sent = None;
    match stored {
        Ok(()) => {
            model.dialog = None;
            model.notice = Some(phrase!("saved, checking", "已保存，正在检查"));
        }
        Err(problem) => answer.refused = Some(problem),
    }
}

/// Opens the hints for the chosen check, or for the first that has not passed: those that were
/// shown before, else the first.
pub fn open_hint(model: &mut Model) -> Vec<Effect> {
    let Some(lab) = model.lab() else { return Vec::new() };
    let Some(check) = check_to_hint_at(model, lab) else {
        model.notice = Some(phrase!("every check has passed", "所有检查都已通过"));
        return Vec::new();
    };
    let shown = model.progress.current(&lab.id).and_then(|attempt| attempt.hints.get(&check));
    let tier = shown.copied().unwrap_or_default();
    let mut hint = Hint {
        lab: lab.id.clone(),
        check,
        tier,
        asked: None,
        follow: false,
        text: Scroll::default(),
    };
    let effects = if tier == 0 { next_hint(model, &mut hint) } else { Vec::new() };
    model.dialog = Some(Dialog::Hint(hint));
    effects
}

fn check_to_hint_at(model: &Model, lab: &Lab) -> Option<String> {
    if let Page::Lab(page) = &model.page
        && page.pane == Pane::Checks
    {
        return lab.checks.get(page.check).map(|check| check.id.clone());
    }
    let attempt = model.progress.current(&lab.id)?;
    hint::first_open(lab, attempt).map(|check| check.id.clone())
}

fn next_hint(model: &mut Model, hint: &mut Hint) -> Vec<Effect> {
    if hint.asked.is_some() || hint.tier >= TIERS[TIERS.len() - 1] {
        return Vec::new();
    }
    let id = model.request();
    hint.asked = Some(id);
    vec![Effect::Hint(id, hint.lab.clone(), hint.check.clone())]
}

/// A hint has come.
pub fn hinted(model: &mut Model, id: RequestId, came: Result<Option<hint::Hint>, Problem>) {
    let Some(Dialog::Hint(shown)) = &mut model.dialog else { return };
    if shown.asked != Some(id) {
        return;
    }
    shown.asked = None;
    match came {
        Ok(Some(hint)) => {
            shown.tier = hint.tier;
            shown.follow = true;
        }
        Ok(None) => {}
        Err(problem) => {
            model.dialog = None;
            model.troubles.push_back(problem);
        }
    }
}
