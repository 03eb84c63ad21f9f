//! The attempt that is going on is hosted, whatever page is open.

use crate::app::message::{Effect, RequestId};
use crate::app::model::{Hosted, Model};
use crate::lab::check::Report;
use crate::problem::Problem;

/// Hosts the attempt that is going on and no other. While clusters come and go none is.
pub fn follow(model: &mut Model) -> Vec<Effect> {
    let settled = model.work.is_none() && !model.leaving;
    let open = model.open_attempt().filter(|_| settled);
    let wanted = open.map(|(lab, attempt)| (lab.to_owned(), attempt.attempt));
    let hosted = model.hosted.as_ref().map(|hosted| (hosted.lab.clone(), hosted.attempt));
    if wanted == hosted {
        return Vec::new();
    }
    let Some((lab, attempt)) = wanted else {
        model.hosted = None;
        return vec![Effect::Unhost];
    };
    let id = model.request();
    model.hosted = Some(Hosted { id, lab: lab.clone(), attempt, report: None, trouble: None });
    vec![Effect::Host(id, lab)]
}

/// Verdicts have come.
pub fn told(model: &mut Model, id: RequestId, report: Report) {
    if let Some(hosted) = model.hosted.as_mut().filter(|hosted| hosted.id == id) {
        hosted.report = Some(report);
        hosted.trouble = None;
    }
}

/// The hosting has ended by itself. Where the attempt is over, the progress log tells; else it is
/// tried again, and what the verdicts were holds no more.
pub fn ended(model: &mut Model, id: RequestId, ended: Result<(), Problem>) {
    if let Some(hosted) = model.hosted.as_mut().filter(|hosted| hosted.id == id) {
        hosted.trouble = ended.err();
        if hosted.trouble.is_some() {
            hosted.report = None;
        }
    }
}
