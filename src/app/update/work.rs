//! Long work: one at a time, seen, and called off where that leads to a known state.

use crate::app::message::{Effect, Job, RequestId};
use crate::app::model::{Model, STEPS, Work};
use crate::engine::report::Step;
use crate::phrase;
use crate::problem::Problem;

/// Begins long work, unless some is under way.
pub fn begin(model: &mut Model, job: Job) -> Vec<Effect> {
    if model.work.is_some() {
        model.notice = Some(phrase!("one thing after the other", "请等当前操作完成"));
        return Vec::new();
    }
    let id = model.request();
    let steps = Vec::new();
    model.work = Some(Work { id, job: job.clone(), steps, seconds: 0, called_off: false });
    vec![Effect::Work(id, job)]
}

/// A step has begun or has got further.
pub fn step(model: &mut Model, id: RequestId, step: Step) {
    let Some(work) = model.work.as_mut().filter(|work| work.id == id) else { return };
    match work.steps.last_mut() {
        Some(last) if last.what == step.what => *last = step,
        _ => work.steps.push(step),
    }
    if work.steps.len() > STEPS {
        work.steps.remove(0);
    }
}

/// One more second of it.
pub const fn second(model: &mut Model) {
    if let Some(work) = &mut model.work {
        work.seconds += 1;
    }
}

/// It is over.
pub fn ended(model: &mut Model, id: RequestId, ended: Result<(), Problem>) -> Vec<Effect> {
    let Some(work) = model.work.take_if(|work| work.id == id) else { return Vec::new() };
    if model.leaving {
        return vec![Effect::Quit];
    }
    match ended {
        Err(problem) if work.called_off => model.notice = Some(problem.message),
        Err(problem) => model.troubles.push_back(problem),
        Ok(()) => {}
    }
    Vec::new()
}

/// Calls it off.
pub fn call_off(model: &mut Model) -> Vec<Effect> {
    let Some(work) = &mut model.work else { return Vec::new() };
    if !work.job.can_be_called_off() {
        model.notice = Some(phrase!(
            "this cannot be called off; it does not take long",
            "这一步不能取消，很快就好"
        ));
        return Vec::new();
    }
    work.called_off = true;
    vec![Effect::CallOff(work.id)]
}

/// Ends the program; work under way is called off first. Asked twice, it does not wait.
pub fn leave(model: &mut Model) -> Vec<Effect> {
    if model.work.is_none() || model.leaving {
        return vec![Effect::Quit];
    }
    model.leaving = true;
    call_off(model)
}
