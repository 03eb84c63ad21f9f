//! What an attempt is graded against: the cluster that was started for it, or the one that the
//! learner has started by now.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::check::PATIENCE;
use super::learner::{Around, Found, find};
use super::{OpenAttempt, Workbook};
use crate::course::{Cluster as Starts, Lab};
use crate::engine::cluster::EngineKind;
use crate::grade::round::{Grader, Outcome};
use crate::grade::snapshot::Learner;
use crate::kafka::client::Client;
use crate::problem::Problem;
use crate::progress::AttemptProgress;

/// Between two looks for a cluster that the learner may have started, stopped or changed: with
/// containers each is a few processes.
const LOOK: Duration = Duration::from_secs(2);

/// What an attempt is graded against.
#[derive(Debug)]
pub struct Target {
    grader: Grader,
    /// `None` where the workbook started the cluster.
    learners: Option<Learners>,
}

/// A cluster of the learner's.
#[derive(Debug)]
struct Learners {
    found: Found,
    around: Arc<Around>,
    looked: Instant,
}

impl Target {
    /// The target of an attempt.
    pub async fn of(
        workbook: &Workbook,
        lab: &Lab,
        attempt: &OpenAttempt,
    ) -> Result<Self, Problem> {
        if lab.cluster == Starts::Learner {
            let found = Box::pin(find(workbook, lab, attempt)).await;
            return Ok(Self::found(workbook, lab, attempt, found));
        }
        let client = attempt.cluster()?.client(PATIENCE);
        Ok(Self { grader: Grader::new(lab.checks.clone(), client), learners: None })
    }

    /// Looks again where the learner may have changed what runs.
    pub async fn look_again(&mut self, workbook: &Workbook, lab: &Lab, attempt: &OpenAttempt) {
        let Some(learners) = &mut self.learners else { return };
        if learners.looked.elapsed() < LOOK {
            return;
        }
        let found = Box::pin(find(workbook, lab, attempt)).await;
        if found == learners.found {
            learners.looked = Instant::now();
        } else {
            *self = Self::found(workbook, lab, attempt, found);
        }
    }

    fn found(workbook: &Workbook, lab: &Lab, attempt: &OpenAttempt, found: Found) -> Self {
        let addresses = match &found {
            Found::Nothing(_) => Vec::new(),
            Found::Runs { addresses, .. } => addresses.clone(),
        };
        let client = Client::new(addresses, Vec::new(), PATIENCE);
        let mut grader = Grader::new(lab.checks.clone(), client);
        if let Found::Nothing(absence) = &found {
            grader = grader.of_nothing(absence.clone());
        }
        let engine = attempt.progress.engine.parse::<EngineKind>().ok();
        let folder = workbook.paths.workspace(&lab.id);
        let around = Around::new(workbook.paths.clone(), folder, engine, found.clone());
        let (around, looked) = (Arc::new(around), Instant::now());
        Self { grader, learners: Some(Learners { found, around, looked }) }
    }

    /// Grades, see [`Grader::settle`].
    pub async fn settle(
        &self,
        attempt: &AttemptProgress,
        deadline: Instant,
        patient: bool,
    ) -> Outcome {
        let around = self.learners.as_ref().map(|learners| &*learners.around);
        let learner = Learner {
            answers: &attempt.answers,
            values: &attempt.values,
            surroundings: around.map(|around| around as _),
        };
        self.grader.settle(learner, deadline, patient).await
    }
}
