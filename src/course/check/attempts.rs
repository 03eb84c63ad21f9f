//! Rules about attempts: each check is passed by the right way, by nothing less, and failed by
//! someone who got only that wrong.

use std::collections::BTreeSet;

use super::super::attempt::{Attempt, AttemptKind, Stated, Word};
use super::super::fault::{AttemptFault, CourseError, TomlFault, What};
use super::super::lab::Lab;
use super::super::needs;
use super::super::place::Place;
use crate::grade::spec::CheckSpec;

/// With fewer named wrong ways a lab's checks are not tried.
const LEAST_MISTAKES: usize = 3;

pub(super) fn of_lab(lab: &Lab) -> Vec<CourseError> {
    let mut errors = missing_kinds(lab);
    for attempt in &lab.attempts {
        errors.extend(verdicts(lab, attempt));
        for (check, stated, engine) in statements(lab, attempt) {
            errors.extend(of_statement(attempt, check, stated, engine));
        }
    }
    errors.extend(unasserted(lab));
    errors.extend(never_alone(lab));
    errors
}

fn missing_kinds(lab: &Lab) -> Vec<CourseError> {
    let count = |kind| lab.attempts.iter().filter(|attempt| attempt.kind == kind).count();
    let place = || lab.places.id.clone();
    let starter = (!lab.starter.is_empty()).then_some(AttemptKind::Starter);
    let wanted = [AttemptKind::Solution, AttemptKind::Untouched, AttemptKind::Hints];
    let missing = wanted.into_iter().chain(starter).filter(|kind| count(*kind) == 0);
    let mut errors: Vec<CourseError> = missing
        .map(|kind| CourseError::new(place(), AttemptFault::Missing { kind: kind.word() }))
        .collect();
    let found = count(AttemptKind::Mistake);
    if found < LEAST_MISTAKES {
        let fault = AttemptFault::MistakesTooFew { found, least: LEAST_MISTAKES };
        errors.push(CourseError::new(place(), fault));
    }
    errors
}

/// Every statement with its check, and the engine for which alone it holds.
fn statements<'a>(
    lab: &'a Lab,
    attempt: &'a Attempt,
) -> impl Iterator<Item = (&'a CheckSpec, &'a Stated, Option<&'a str>)> {
    let base = attempt.base.iter().map(|(id, stated)| (id, stated, None));
    let on = attempt.on.iter().flat_map(|(engine, stated)| {
        stated.iter().map(move |(id, stated)| (id, stated, Some(engine.as_str())))
    });
    base.chain(on).filter_map(|(id, stated, engine)| Some((lab.check(id)?, stated, engine)))
}

fn of_statement(
    attempt: &Attempt,
    check: &CheckSpec,
    stated: &Stated,
    engine: Option<&str>,
) -> Vec<CourseError> {
    let mut errors = Vec::new();
    let mut fault = |fault| errors.push(CourseError::new(stated.place.clone(), fault));
    let expected = &stated.expected;
    let passed = expected.verdict == Word::Passed;
    let kind = attempt.kind.word();
    let (id, engine_name) = (check.id.clone(), engine.map(str::to_owned));
    // What an engine cannot show is blocked there, also for who did everything right.
    let excused = engine.is_some() && expected.verdict == Word::Blocked;
    if attempt.kind.passes() && !passed && !excused {
        fault(AttemptFault::NotPassed { kind, check: id, engine: engine_name });
    } else if attempt.kind.earns_nothing() && passed {
        fault(AttemptFault::PassedUnearned { kind, check: id, engine: engine_name });
    }
    let due = if passed { check.points } else { 0 };
    if expected.points != due {
        let (check, stated) = (check.id.clone(), expected.points);
        fault(AttemptFault::PointsDiffer { check, stated, due });
    }
    errors.extend(unknown_mistake(check, stated));
    errors
}

fn unknown_mistake(check: &CheckSpec, stated: &Stated) -> Option<CourseError> {
    if check.kind.explains_itself() {
        return None;
    }
    let mistakes = check.kind.mistakes();
    let found = stated.expected.mistake.as_deref().filter(|id| !mistakes.contains(id))?;
    let fault = TomlFault::Unknown {
        what: What::Mistake,
        found: found.to_owned(),
        known: mistakes.iter().map(|&id| id.to_owned()).collect(),
    };
    Some(CourseError::new(stated.place.clone(), fault))
}

/// What an attempt says of checks that depend on each other, on every engine it speaks of.
fn verdicts(lab: &Lab, attempt: &Attempt) -> Vec<CourseError> {
    let mut errors = BTreeSet::new();
    for engine in attempt.on.keys().map(|engine| Some(engine.as_str())).chain([None]) {
        for check in &lab.checks {
            let Some(stated) = attempt.stated(engine, &check.id) else { continue };
            let failed_need =
                check.needs.iter().find(|need| attempt.verdict(engine, need) != Some(Word::Passed));
            if let Some(need) = failed_need
                && stated.expected.verdict != Word::Blocked
            {
                errors.insert((stated.place.clone(), check.id.clone(), need.clone()));
            }
        }
    }
    let not_blocked =
        |(place, check, need)| CourseError::new(place, AttemptFault::NotBlocked { check, need });
    let mut errors: Vec<CourseError> = errors.into_iter().map(not_blocked).collect();
    let all_pass = attempt.base.values().all(|stated| stated.expected.verdict == Word::Passed);
    if attempt.kind == AttemptKind::Mistake && all_pass {
        errors.push(CourseError::new(attempt.file.clone(), AttemptFault::NothingFails));
    }
    errors
}

/// Mistakes that the lab's checks can name and no attempt makes.
fn unasserted(lab: &Lab) -> Vec<CourseError> {
    let asserted: BTreeSet<&str> = lab
        .attempts
        .iter()
        .flat_map(|attempt| statements(lab, attempt))
        .filter_map(|(_, stated, _)| stated.expected.mistake.as_deref())
        .collect();
    let mut told = BTreeSet::new();
    let mut errors = Vec::new();
    for check in &lab.checks {
        for &id in check.kind.mistakes() {
            if !asserted.contains(id) && told.insert(id) {
                let fault = AttemptFault::MistakeUnasserted { mistake: id.to_owned() };
                errors.push(CourseError::new(place_of(lab, check), fault));
            }
        }
    }
    errors
}

/// Checks that no attempt fails alone: whether they test anything of their own is unknown.
fn never_alone(lab: &Lab) -> Vec<CourseError> {
    let fails_alone = |check: &CheckSpec| {
        let independent: Vec<&str> = lab
            .checks
            .iter()
            .filter(|other| other.id != check.id)
            .filter(|other| !needs::before(&lab.checks, &other.id).contains(check.id.as_str()))
            .map(|other| other.id.as_str())
            .collect();
        lab.attempts.iter().any(|attempt| {
            attempt.verdict(None, &check.id) == Some(Word::Failed)
                && independent.iter().all(|id| attempt.verdict(None, id) == Some(Word::Passed))
        })
    };
    let never = lab.checks.iter().filter(|check| !fails_alone(check));
    never
        .map(|check| {
            let fault = AttemptFault::NeverFailsAlone { check: check.id.clone() };
            CourseError::new(place_of(lab, check), fault)
        })
        .collect()
}

fn place_of(lab: &Lab, check: &CheckSpec) -> Place {
    lab.places.checks.get(&check.id).unwrap_or(&lab.places.id).clone()
}
