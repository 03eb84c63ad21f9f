//! A round of checks, and the rule that a verdict rests on two equal rounds.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::join_all;
use tokio::time::Instant;

use super::snapshot::{Journal, Learner, Snapshot};
use super::spec::CheckSpec;
use super::verdict::{Blocker, Finding, Verdict};
use crate::kafka::client::Client;
use crate::phrase::Phrase;

/// Between two rounds that have to agree: long enough for a change under way to show.
const BETWEEN: Duration = Duration::from_millis(25);

/// What an impatient asker gives an unknown verdict to pass: a leader that moves is known to a
/// client moments later.
const PASSING: Duration = Duration::from_millis(500);

/// The verdicts of one round, in the order of the lab's checks.
pub type Round = Vec<(String, Verdict)>;

/// What several rounds agree on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The verdicts of the last round.
    pub round: Round,
    /// Whether every verdict was the same in the round before.
    pub settled: bool,
}

/// Everything that a round asks; lives as long as the lab is watched.
#[derive(Debug)]
pub struct Grader {
    checks: Vec<CheckSpec>,
    client: Client,
    journal: Journal,
    absence: Option<Absence>,
}

/// That no cluster runs where the learner is to start one: then every check of the cluster has
/// failed, and nothing was left unasked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// What was seen where it was looked for.
    pub observed: Phrase,
    /// What is missing.
    pub why: Phrase,
}

impl Grader {
    /// Grades `checks` against the cluster behind `client`.
    pub fn new(checks: Vec<CheckSpec>, client: Client) -> Self {
        Self { checks, client, journal: Journal::default(), absence: None }
    }

    /// The same where no cluster runs that could be asked.
    #[must_use]
    pub fn of_nothing(self, absence: Absence) -> Self {
        Self { absence: Some(absence), ..self }
    }

    /// Asks every check once, in parallel.
    pub async fn round(&self, learner: Learner<'_>) -> Round {
        let snapshot = Snapshot::new(&self.client, &self.journal, learner);
        let ask = async |check: &CheckSpec| match &self.absence {
            Some(absence) if check.kind.asks_the_cluster() => absence.verdict(),
            _ => super::evaluate(&check.kind, &snapshot).await,
        };
        let verdicts = join_all(self.checks.iter().map(ask)).await;
        block(&self.checks, &verdicts)
    }

    /// Asks until two rounds in a row agree, or until `deadline`. An unknown verdict is no
    /// observation: a `patient` caller has it asked again until `deadline`, others for half a
    /// second and two rounds that agree on it.
    pub async fn settle(&self, learner: Learner<'_>, deadline: Instant, patient: bool) -> Outcome {
        let begun = Instant::now();
        let mut last = self.round(learner).await;
        while Instant::now() < deadline {
            tokio::time::sleep(BETWEEN).await;
            let round = self.round(learner).await;
            let (agree, known) = (agree(&last, &round), all_known(&round));
            last = round;
            if agree && (known || (!patient && begun.elapsed() >= PASSING)) {
                return Outcome { round: last, settled: known };
            }
        }
        Outcome { round: last, settled: false }
    }
}

impl Absence {
    fn verdict(&self) -> Verdict {
        let Self { observed, why } = self.clone();
        Verdict::Failed(Finding { expected: text::a_cluster(), observed, why, mistake: None })
    }
}

/// Whether two rounds say the same; the wording of a cause may differ (it holds a duration).
fn agree(one: &Round, other: &Round) -> bool {
    one.iter().zip(other).all(|((_, a), (_, b))| match (a, b) {
        (Verdict::Unknown { .. }, Verdict::Unknown { .. }) => true,
        _ => a == b,
    })
}

fn all_known(round: &Round) -> bool {
    !round.iter().any(|(_, verdict)| matches!(verdict, Verdict::Unknown { .. }))
}

/// A check whose needs have not passed is blocked by them, whatever it says itself.
fn block(checks: &[CheckSpec], verdicts: &[Verdict]) -> Round {
    let said: BTreeMap<&str, (&CheckSpec, &Verdict)> = checks
        .iter()
        .zip(verdicts)
        .map(|(check, verdict)| (check.id.as_str(), (check, verdict)))
        .collect();
    let unmet = |check: &CheckSpec| -> Vec<Blocker> {
        let unmet = check.needs.iter().filter(|need| !stands(need, &said));
        unmet.map(|need| Blocker::Check { id: need.clone() }).collect()
    };
    let blocked: Vec<Vec<Blocker>> = checks.iter().map(unmet).collect();
    let verdicts = blocked
        .into_iter()
        .zip(verdicts)
        .map(|(by, verdict)| if by.is_empty() { verdict.clone() } else { Verdict::Blocked { by } });
    checks.iter().map(|check| check.id.clone()).zip(verdicts).collect()
}

/// Whether a check has passed and nothing that it needs is missing. Needs have no cycle: the
/// course is refused otherwise.
fn stands(id: &str, said: &BTreeMap<&str, (&CheckSpec, &Verdict)>) -> bool {
    said.get(id).is_some_and(|(check, verdict)| {
        verdict.passed() && check.needs.iter().all(|need| stands(need, said))
    })
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn a_cluster() -> Phrase {
        phrase!("a cluster of yours that runs", "你启动的集群正在运行")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::spec::{CheckKind, TopicDeletedSpec};

    fn check(id: &str, needs: &[&str]) -> CheckSpec {
        let kind = CheckKind::TopicDeleted(TopicDeletedSpec { topic: "t".to_owned() });
        let needs = needs.iter().map(|n| (*n).to_owned()).collect();
        CheckSpec { id: id.to_owned(), points: 1, needs, kind }
    }

    fn passed() -> Verdict {
        Verdict::Passed { observed: Phrase::same("yes") }
    }

    fn failed() -> Verdict {
        let no = || Phrase::same("no");
        Verdict::Failed(Finding { expected: no(), observed: no(), why: no(), mistake: None })
    }

    fn unknown(cause: &str) -> Verdict {
        Verdict::Unknown { cause: Phrase::same(cause) }
    }

    fn words(round: &Round) -> Vec<&str> {
        round.iter().map(|(_, verdict)| verdict.word()).collect()
    }

    #[test]
    fn a_check_waits_for_what_it_needs_also_over_several_steps() {
        let checks = [check("a", &[]), check("b", &["a"]), check("c", &["b"])];
        let round = block(&checks, &[failed(), passed(), passed()]);
        assert_eq!(words(&round), ["failed", "blocked", "blocked"]);
        let round = block(&checks, &[passed(), passed(), failed()]);
        assert_eq!(words(&round), ["passed", "passed", "failed"]);
    }

    #[test]
    fn a_check_whose_need_could_not_be_asked_is_blocked_not_failed() {
        let round = block(&[check("a", &[]), check("b", &["a"])], &[unknown("silence"), failed()]);
        assert_eq!(words(&round), ["unknown", "blocked"]);
    }

    #[test]
    fn rounds_agree_by_what_was_seen_not_by_how_long_a_silence_took() {
        let round = |verdict| vec![("a".to_owned(), verdict)];
        assert!(agree(&round(unknown("1501 ms")), &round(unknown("1502 ms"))));
        assert!(!agree(&round(unknown("1501 ms")), &round(passed())));
        assert!(!agree(&round(failed()), &round(passed())));
        assert!(!all_known(&round(unknown("1501 ms"))));
    }
}
