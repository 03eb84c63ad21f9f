//! What a message changes, and what it asks for.

mod dialogs;
mod hosting;
mod lab;
mod pages;
mod work;

use crossterm::event::{KeyEvent, KeyEventKind};

use super::dialog::{Dialog, Trouble};
use super::keys::{self, Action};
use super::message::{Effect, Message};
use super::model::{Model, Page};
use super::panes::lay;
use super::rows::Scroll;
use crate::phrase::Lang;

/// Takes a message in. What it returns is to be done in this order.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let mut effects = take(model, message);
    effects.extend(hosting::follow(model));
    if model.dialog.is_none() {
        let trouble = |problem| Dialog::Trouble(Trouble { problem, text: Scroll::default() });
        model.dialog = model.troubles.pop_front().map(trouble);
    }
    lay(model);
    effects
}

fn take(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => return pressed(model, key),
        // What is typed blindly is not typed.
        Message::Paste(_) if model.is_cramped() => {}
        Message::Paste(text) => dialogs::paste(model, &text),
        Message::Resized(columns, rows) => model.size = (columns, rows),
        Message::Second => work::second(model),
        Message::Terminated => return work::leave(model),
        Message::Progressed(progress) => {
            model.progress = progress;
            dialogs::close_outdated(model);
        }
        Message::Warned(warnings) => model.warnings = warnings,
        Message::ProgressUnreadable(problem) | Message::Forgotten(problem) => {
            model.troubles.push_back(problem);
        }
        Message::Looked(overview) => model.overview = overview,
        Message::Step(id, step) => work::step(model, id, step),
        Message::Worked(id, ended) => return work::ended(model, id, ended),
        Message::Verdicts(id, report) => hosting::told(model, id, report),
        Message::Unhosted(id, ended) => hosting::ended(model, id, ended),
        Message::Answered(id, stored) => dialogs::answered(model, id, stored),
        Message::Hinted(id, hint) => dialogs::hinted(model, id, hint),
        Message::ShellLeft(left) => model.troubles.extend(left.err()),
    }
    Vec::new()
}

fn pressed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    if key.kind == KeyEventKind::Release {
        return Vec::new();
    }
    model.notice = None;
    match keys::action(model, key) {
        Some(Action::Quit) => work::leave(model),
        Some(Action::Suspend) => vec![Effect::Suspend],
        None if model.is_cramped() => Vec::new(),
        Some(Action::Language) => {
            model.lang = match model.lang {
                Lang::En => Lang::Zh,
                Lang::Zh => Lang::En,
            };
            vec![Effect::Remember(model.lang)]
        }
        Some(action) if model.dialog.is_some() => dialogs::act(model, action),
        Some(Action::Help) => {
            model.dialog = Some(Dialog::Help(Scroll::default()));
            Vec::new()
        }
        Some(Action::CallOff) => work::call_off(model),
        Some(action) => match model.page {
            Page::Home => pages::home(model, action),
            Page::Lesson(_) => pages::lesson(model, action),
            Page::Lab(_) => lab::act(model, action),
        },
        None => {
            dialogs::type_in(model, key);
            Vec::new()
        }
    }
}
