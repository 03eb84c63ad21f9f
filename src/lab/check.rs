//! What the checks of an attempt say, and what it is worth.

use std::time::Duration;

use crate::course::Lab;
use crate::grade::round::{Outcome, Round};
use crate::grade::spec::CheckSpec;
use crate::grade::verdict::{Blocker, Verdict};
use crate::progress::AttemptProgress;

/// How long one question to the cluster may take. Twice this, for two rounds, stays well below
/// the 10 s within which a check answers whatever a node does.
pub(super) const PATIENCE: Duration = Duration::from_millis(1500);

/// What the checks of a lab say now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The lab.
    pub lab: String,
    /// The attempt's number.
    pub attempt: u32,
    /// Points held now; an unknown check keeps those of its last known verdict, and so does one that
    /// waits for unknown ones alone.
    pub points: u32,
    /// Points that can be had on this engine.
    pub max_points: u32,
    /// Whether every check that counts on this engine has passed.
    pub passed: bool,
    /// Whether every verdict rests on two equal observations.
    pub settled: bool,
    /// How long it took.
    pub elapsed: Duration,
    /// The checks, in the order of the lab.
    pub checks: Vec<CheckLine>,
}

impl Report {
    /// Whether the cluster could not be asked for at least one check.
    pub fn could_not_ask(&self) -> bool {
        self.checks.iter().any(|line| matches!(line.verdict, Verdict::Unknown { .. }))
    }

    /// Whether nothing that a learner is told differs.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let mut pairs = self.checks.iter().zip(&other.checks);
        self.checks.len() == other.checks.len()
            && self.settled == other.settled
            && pairs.all(|(a, b)| !is_news(a, b))
    }
}

/// One check in a [`Report`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckLine {
    /// What was asked.
    pub check: CheckSpec,
    /// What came back.
    pub verdict: Verdict,
    /// Points held for it.
    pub points: u32,
}

/// What an outcome is worth.
pub fn tell(lab: &Lab, attempt: &AttemptProgress, outcome: Outcome) -> Report {
    let lines = lines(lab, attempt, outcome.round);
    let counting = || lines.iter().filter(|line| !line.verdict.blocked_by_engine());
    Report {
        lab: lab.id.clone(),
        attempt: attempt.attempt,
        points: counting().map(|line| line.points).sum(),
        max_points: counting().map(|line| line.check.points).sum(),
        passed: counting().all(|line| line.verdict.passed()),
        settled: outcome.settled,
        elapsed: Duration::ZERO,
        checks: lines,
    }
}

fn lines(lab: &Lab, attempt: &AttemptProgress, round: Round) -> Vec<CheckLine> {
    let points = |check: &CheckSpec, verdict: &Verdict| match verdict {
        Verdict::Passed { .. } => check.points,
        _ if is_in_doubt(verdict, &round) => {
            attempt.verdicts.get(&check.id).map_or(0, |known| known.points)
        }
        _ => 0,
    };
    let points: Vec<u32> =
        lab.checks.iter().zip(&round).map(|(check, (_, verdict))| points(check, verdict)).collect();
    let line = |((check, (_, verdict)), points): ((&CheckSpec, (String, Verdict)), u32)| {
        CheckLine { check: check.clone(), verdict, points }
    };
    lab.checks.iter().zip(round).zip(points).map(line).collect()
}

/// Whether the cluster could not be asked: for this check, or for all that it still waits for.
/// That never costs points.
fn is_in_doubt(verdict: &Verdict, round: &Round) -> bool {
    let in_doubt = |blocker: &Blocker| match blocker {
        Blocker::Check { id } => round
            .iter()
            .find(|(other, _)| other == id)
            .is_some_and(|(_, verdict)| is_in_doubt(verdict, round)),
        Blocker::Engine { .. } | Blocker::Host { .. } => false,
    };
    match verdict {
        Verdict::Unknown { .. } => true,
        Verdict::Blocked { by } => by.iter().all(in_doubt),
        Verdict::Passed { .. } | Verdict::Failed(_) => false,
    }
}

/// Whether a check says something else than before.
pub fn is_news(before: &CheckLine, now: &CheckLine) -> bool {
    before.points != now.points || differs(&before.verdict, &now.verdict)
}

/// Whether a verdict is news. That the cluster still cannot be asked is none, however long this
/// question took.
pub(super) fn differs(before: &Verdict, now: &Verdict) -> bool {
    let both_unknown = matches!((before, now), (Verdict::Unknown { .. }, Verdict::Unknown { .. }));
    before != now && !both_unknown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::verdict::Finding;
    use crate::phrase::Phrase;

    fn round(verdicts: &[(&str, Verdict)]) -> Round {
        verdicts.iter().map(|(id, verdict)| ((*id).to_owned(), verdict.clone())).collect()
    }

    fn waits_for(ids: &[&str]) -> Verdict {
        let by = ids.iter().map(|id| Blocker::Check { id: (*id).to_owned() });
        Verdict::Blocked { by: by.collect() }
    }

    #[test]
    fn a_silent_cluster_costs_no_points_of_what_waits_for_its_answer() {
        let said = || Phrase::same("-");
        let unknown = Verdict::Unknown { cause: said() };
        let failed = Verdict::Failed(Finding {
            expected: said(),
            observed: said(),
            why: said(),
            mistake: None,
        });
        let round = round(&[
            ("a", unknown),
            ("b", failed),
            ("c", waits_for(&["a"])),
            ("d", waits_for(&["c"])),
            ("e", waits_for(&["a", "b"])),
        ]);
        let doubts: Vec<bool> = round.iter().map(|(_, v)| is_in_doubt(v, &round)).collect();
        assert_eq!(doubts, [true, false, true, true, false]);
    }
}
