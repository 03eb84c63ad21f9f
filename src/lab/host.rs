//! Hosts an attempt: grades it for as long as it goes on and tells what changes.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::audience::{Audience, called_off};
use super::check::{Report, tell};
use super::record::{Pace, record};
use super::target::Target;
use super::{OpenAttempt, Workbook};
use crate::course::Lab;
use crate::engine::store;
use crate::problem::Problem;
use crate::progress::{AttemptProgress, Progress, Stamp};

/// Between two looks. With a round and its repetition a change is told within 300 ms.
const INTERVAL: Duration = Duration::from_millis(150);

/// How long one look may take: a node that is silent costs a question's patience, twice.
const LOOK: Duration = Duration::from_secs(4);

/// How long rounds are repeated when nobody asked to wait.
const HURRY: Duration = Duration::from_secs(4);

/// An attempt that is hosted.
#[derive(Debug)]
pub struct Host<'a> {
    workbook: &'a Workbook,
    lab: &'a Lab,
    target: Target,
    attempt: OpenAttempt,
    /// The progress log when `attempt` was read from it.
    read: Stamp,
    last: Option<Report>,
}

/// Asks the checks of a lab until two rounds agree, and records the verdicts that have changed.
///
/// With `wait` it goes on asking, as long as something is unknown or unsettled.
pub async fn check(
    workbook: &Workbook,
    lab: &Lab,
    wait: Option<Duration>,
) -> Result<Report, Problem> {
    let begun = Instant::now();
    let mut report =
        Host::of(workbook, lab).await?.conclude(wait.unwrap_or(HURRY), wait.is_some()).await?;
    report.elapsed = begun.elapsed();
    Ok(report)
}

impl<'a> Host<'a> {
    /// Hosts the attempt at `lab` that is going on.
    pub async fn of(workbook: &'a Workbook, lab: &'a Lab) -> Result<Self, Problem> {
        let read = workbook.progress.stamp();
        let attempt = workbook.open_attempt(lab)?;
        let target = Target::of(workbook, lab, &attempt).await?;
        Ok(Self { workbook, lab, target, attempt, read, last: None })
    }

    /// Grades until the attempt is over or the audience has enough. Verdicts are recorded.
    pub async fn watch(&mut self, audience: &dyn Audience) -> Result<(), Problem> {
        while !audience.called_off() {
            // A node that is silent holds up a look; nothing is lost with one that is cut off.
            let goes_on = tokio::select! {
                goes_on = self.look(audience) => goes_on?,
                () = called_off(audience) => false,
            };
            if !goes_on {
                break;
            }
            sleep(INTERVAL).await;
        }
        Ok(())
    }

    /// The verdicts at the end: asked until they have settled, at most until `patience` is over; an
    /// unknown one again if the asker is `patient`.
    pub async fn conclude(&mut self, patience: Duration, patient: bool) -> Result<Report, Problem> {
        let over = |host: &Self| text::over(host.attempt.progress.attempt, &host.lab.id);
        if !self.catch_up()? {
            return Err(over(self));
        }
        self.look_again().await;
        let report = tokio::select! {
            report = Box::pin(self.ask(patience, patient)) => report,
            () = self.ended_by_another() => return Err(over(self)),
        };
        if !self.catch_up()? || !self.record(&report, Pace::Once)? {
            return Err(over(self));
        }
        Ok(report)
    }

    /// One look; false when the attempt is over.
    async fn look(&mut self, audience: &dyn Audience) -> Result<bool, Problem> {
        if !self.catch_up()? {
            return Ok(false);
        }
        self.look_again().await;
        let report = Box::pin(self.ask(LOOK, false)).await;
        // Who stops an attempt takes its cluster away first: that is no silence of the cluster's.
        if report.could_not_ask() && store::is_changing(&self.workbook.paths) {
            return Ok(true);
        }
        if !self.catch_up()? || !self.record(&report, Pace::Often)? {
            return Ok(false);
        }
        if self.last.as_ref().is_none_or(|last| !last.says_the_same(&report)) {
            audience.verdicts(&report);
            self.last = Some(report);
        }
        Ok(true)
    }

    /// The learner may have started, stopped or changed the cluster.
    async fn look_again(&mut self) {
        self.target.look_again(self.workbook, self.lab, &self.attempt).await;
    }

    async fn ask(&self, patience: Duration, patient: bool) -> Report {
        let begun = Instant::now();
        let progress = &self.attempt.progress;
        let outcome = self.target.settle(progress, begun + patience, patient).await;
        let mut report = tell(self.lab, progress, outcome);
        report.elapsed = begun.elapsed();
        report
    }

    /// False when the attempt is no longer the one that goes on.
    fn record(&self, report: &Report, pace: Pace) -> Result<bool, Problem> {
        record(self.workbook, &self.attempt.progress, report, pace)
    }

    /// Waits until another program has ended the attempt.
    async fn ended_by_another(&self) {
        let mut read = self.read;
        loop {
            sleep(INTERVAL).await;
            let now = self.workbook.progress.stamp();
            if now == read {
                continue;
            }
            read = now;
            if self.workbook.progress().is_ok_and(|now| self.current_in(&now).is_none()) {
                return;
            }
        }
    }

    /// The hosted attempt, if it is still the one that goes on.
    fn current_in<'p>(&self, progress: &'p Progress) -> Option<&'p AttemptProgress> {
        let current = progress.current(&self.lab.id);
        current.filter(|current| current.attempt == self.attempt.progress.attempt)
    }

    /// Takes in what another program has added to the progress: an answer, a stop. False when the
    /// attempt is no longer the one that goes on.
    fn catch_up(&mut self) -> Result<bool, Problem> {
        let now = self.workbook.progress.stamp();
        if now == self.read {
            return Ok(true);
        }
        let progress = self.workbook.progress()?;
        let Some(current) = self.current_in(&progress) else { return Ok(false) };
        self.attempt.progress = current.clone();
        self.read = now;
        Ok(true)
    }
}

mod text {
    use crate::phrase;
    use crate::problem::Problem;

    pub fn over(attempt: u32, id: &str) -> Problem {
        Problem::usage(
            "attempt-over",
            phrase!("attempt {attempt} of {id} is over", "{id} 的第 {attempt} 次尝试已经结束"),
            phrase!(
                "it was stopped or begun anew meanwhile: kafka-workbook lab task {id}",
                "它已被停止或重新开始：kafka-workbook lab task {id}"
            ),
        )
    }
}
