//! Gives the next hint.

use super::{Workbook, values};
use crate::course::Lab;
use crate::course::TIERS;
use crate::course::substitute;
use crate::grade::spec::CheckSpec;
use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::Problem;
use crate::progress::{AttemptProgress, Event};

/// A hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The check that it helps with.
    pub check: String,
    /// 1 where to look, 2 what to use, 3 what to type.
    pub tier: u8,
    /// The text, with addresses and issued values filled in.
    pub text: Phrase,
}

/// The next tier for `check`, or for the first check that has not passed. After the third tier the
/// third comes again. `None` when there is nothing left to hint at.
pub fn hint(workbook: &Workbook, lab: &Lab, check: Option<&str>) -> Result<Option<Hint>, Problem> {
    let open = workbook.open_attempt(lab)?;
    let attempt = &open.progress;
    let check = match check {
        Some(id) => lab.check(id).ok_or_else(|| no_such_check(lab, id))?,
        None => match first_open(lab, attempt) {
            Some(check) => check,
            None => return Ok(None),
        },
    };
    let shown = attempt.hints.get(&check.id).copied().unwrap_or_default();
    let tier = TIERS.into_iter().find(|tier| *tier > shown).unwrap_or(TIERS[2]);
    if tier > shown {
        workbook.progress.append(&[Event::HintShown {
            lab: lab.id.clone(),
            attempt: attempt.attempt,
            check: check.id.clone(),
            tier,
        }])?;
    }
    let values = values::placeholders(&attempt.values, open.cluster.as_ref());
    let text = lab.texts.hint(&check.id, tier);
    let text = Phrase::new(substitute(&text.en, &values), substitute(&text.zh, &values));
    Ok(Some(Hint { check: check.id.clone(), tier, text }))
}

/// The first check that has not passed.
pub fn first_open<'a>(lab: &'a Lab, attempt: &AttemptProgress) -> Option<&'a CheckSpec> {
    // The last verdict that is not unknown: a silent cluster takes nothing back.
    let passed = |check: &CheckSpec| {
        attempt.verdicts.get(&check.id).is_some_and(|known| known.verdict.passed())
    };
    lab.checks.iter().find(|check| !passed(check))
}

fn no_such_check(lab: &Lab, id: &str) -> Problem {
    let (lab_id, id) = (&lab.id, crate::printable::name(id));
    let checks: Vec<&str> = lab.checks.iter().map(|c| c.id.as_str()).collect();
    let checks = checks.join(", ");
    Problem::usage(
        "no-such-check",
        phrase!("{lab_id} has no check `{id}`", "{lab_id} 没有检查项 `{id}`"),
        phrase!("its checks: {checks}", "它的检查项：{checks}"),
    )
}
