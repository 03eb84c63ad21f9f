//! The course map and the lessons.

use super::work;
use crate::app::keys::Action;
use crate::app::message::{Effect, Job, Place};
use crate::app::model::{Item, LabPage, LessonPage, Model, Page};
use crate::app::rows::Move;
use crate::phrase;

/// A key on the course map.
pub fn home(model: &mut Model, action: Action) -> Vec<Effect> {
    let items = model.items();
    match action {
        Action::Go(to) => match &mut model.home.item {
            Some(item) => *item = moved(*item, items.len(), to),
            None => model.home.day = moved(model.home.day, model.course.days.len(), to),
        },
        Action::Back => model.home.item = None,
        Action::Onward | Action::Open if model.home.item.is_none() => {
            model.home.item = (!items.is_empty()).then_some(0);
        }
        Action::Open => {
            if let Some(item) = model.home.item.and_then(|index| items.get(index)) {
                open(model, item);
            }
        }
        Action::Warnings => model.troubles.extend(model.warnings.iter().cloned()),
        _ => {}
    }
    Vec::new()
}

fn moved(from: usize, count: usize, to: Move) -> usize {
    let last = count.saturating_sub(1);
    match to {
        Move::Up => from.saturating_sub(1),
        Move::Down => (from + 1).min(last),
        Move::PageUp | Move::Top => 0,
        Move::PageDown | Move::Bottom => last,
    }
}

/// Opens what a day offers.
fn open(model: &mut Model, item: &Item) {
    model.page = match item {
        Item::Lesson(day) => {
            let anchor = model.places.get(day).copied().unwrap_or_default();
            Page::Lesson(LessonPage { day: *day, anchor, ..LessonPage::default() })
        }
        Item::Lab(id) => Page::Lab(LabPage { id: id.clone(), ..LabPage::default() }),
    };
}

/// A key in a lesson.
pub fn lesson(model: &mut Model, action: Action) -> Vec<Effect> {
    let Page::Lesson(page) = &mut model.page else { return Vec::new() };
    let day = page.day;
    let section = page.section();
    match action {
        Action::Go(to) => page.go(to),
        Action::Next => page.next(),
        Action::Previous => page.previous(),
        Action::Up => return start(model, day, section),
        Action::Shell => return shell(model, day, section),
        Action::Back => {
            model.places.insert(day, page.anchor);
            model.page = Page::Home;
        }
        _ => {}
    }
    Vec::new()
}

/// A section of a lesson by its index: its id and the environment that it is written for.
fn section_of(model: &Model, day: u32, index: usize) -> Option<(String, String)> {
    let lesson = model.course.lesson(day)?;
    let id = &lesson.sections.get(index)?.id;
    Some((id.clone(), lesson.stage_of(id).environment.clone()))
}

/// A section's commands are for its own cluster.
fn shell(model: &mut Model, day: u32, section: usize) -> Vec<Effect> {
    let Some((section, environment)) = section_of(model, day, section) else { return Vec::new() };
    let running = model.cluster_of_lesson(day).map(|cluster| &cluster.environment);
    if running == Some(&environment) {
        return vec![Effect::Shell(Place::Lesson(day, section))];
    }
    let other = running.is_some();
    model.notice = Some(match model.open_attempt() {
        Some((lab, _)) => phrase!(
            "the cluster that is running belongs to {lab}; u starts the lesson's",
            "正在运行的集群属于 {lab}；按 u 启动本课的集群"
        ),
        None if other => phrase!(
            "this section is for another cluster, {environment}; u starts it",
            "这一节要用另一个集群 {environment}；按 u 启动"
        ),
        None => phrase!(
            "the lesson's cluster is not running; u starts it",
            "本课的集群没有运行；按 u 启动"
        ),
    });
    Vec::new()
}

/// A section's cluster takes the place of whatever runs: what is lost with that is asked first.
fn start(model: &mut Model, day: u32, section: usize) -> Vec<Effect> {
    let Some((section, environment)) = section_of(model, day, section) else { return Vec::new() };
    let goes = model.cluster_of_lesson(day).map(|cluster| match &cluster.environment {
        same if *same == environment => phrase!(
            "Begin the lesson's cluster anew? What you made on it goes.",
            "重建本课的集群？你在上面做过的东西会消失。"
        ),
        other => phrase!(
            "Start {environment} in the place of {other}? What you made on that goes.",
            "用 {environment} 换掉 {other}？你在 {other} 上做过的东西会消失。"
        ),
    });
    let job = Job::StartLesson(day, section);
    if let Some(question) = super::dialogs::what_ends(model, None).or(goes) {
        super::dialogs::ask(model, question, job);
        return Vec::new();
    }
    work::begin(model, job)
}
