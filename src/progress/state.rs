//! What the log adds up to.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::event::{Entry, Event};
use crate::grade::verdict::Verdict;

/// All that is known of a learner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Labs that were started at least once, by id.
    pub labs: BTreeMap<String, LabProgress>,
}

/// All that is known of one lab.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabProgress {
    /// Number of attempts so far, which is the number of the newest one.
    pub attempts: u32,
    /// The newest attempt, if it is not stopped.
    pub current: Option<AttemptProgress>,
    /// The best score of any attempt; never goes down.
    pub best_points: u32,
    /// What could be had where the best score was reached: engines differ. 0 if never scored.
    pub max_points: u32,
    /// Whether any attempt ever passed.
    pub passed: bool,
}

/// One attempt that is going on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptProgress {
    /// Its number within the lab, from 1.
    pub attempt: u32,
    /// What makes its names and answers its own.
    pub nonce: String,
    /// The values issued to the learner, by name.
    pub values: BTreeMap<String, String>,
    /// The engine that runs the cluster.
    pub engine: String,
    /// The cluster layout.
    pub environment: String,
    /// When it was started.
    pub started: Timestamp,
    /// The last answer to each field.
    pub answers: BTreeMap<String, String>,
    /// By check, the last verdict that is not `Unknown`: its points count.
    pub verdicts: BTreeMap<String, KnownVerdict>,
    /// By check, the last verdict of any kind.
    pub latest: BTreeMap<String, KnownVerdict>,
    /// By check, the highest tier of hint that was shown.
    pub hints: BTreeMap<String, u8>,
    /// The last score.
    pub points: u32,
    /// What could be had at the last score; 0 if never scored.
    pub max_points: u32,
    /// Whether it was ever passed; answers are closed from then on.
    pub passed: bool,
}

/// A verdict of a check, and what it was worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownVerdict {
    /// Points awarded with it.
    pub points: u32,
    /// The verdict.
    pub verdict: Verdict,
    /// When it was recorded.
    pub at: Timestamp,
}

impl Progress {
    /// Adds up entries, in the order of the log.
    pub fn fold<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut progress = Self::default();
        for entry in entries {
            progress.apply(entry);
        }
        progress
    }

    /// Adds one more entry.
    pub fn apply(&mut self, entry: &Entry) {
        let lab = entry.event.lab();
        match self.labs.get_mut(lab) {
            Some(known) => known.apply(entry),
            None => self.labs.entry(lab.to_owned()).or_default().apply(entry),
        }
    }

    /// The number for a new attempt at `lab`, from 1. Unique only where it is drawn within
    /// [`super::ProgressLog::append_with`].
    pub fn next_attempt(&self, lab: &str) -> u32 {
        self.labs.get(lab).map_or(0, |lab| lab.attempts).saturating_add(1)
    }

    /// The attempt at `lab` that is going on.
    pub fn current(&self, lab: &str) -> Option<&AttemptProgress> {
        self.labs.get(lab)?.current.as_ref()
    }
}

impl LabProgress {
    fn apply(&mut self, entry: &Entry) {
        let newest = self.supersede(entry.event.attempt());
        match &entry.event {
            Event::AttemptStarted { .. } if newest => {
                self.current = AttemptProgress::started(entry);
            }
            Event::AttemptStopped { attempt, .. } => {
                self.current.take_if(|current| current.attempt == *attempt);
            }
            Event::Scored { points, max_points, passed, .. } => {
                self.score(*points, *max_points, *passed);
            }
            _ => {}
        }
        let current = self.current.as_mut();
        if let Some(current) = current.filter(|c| c.attempt == entry.event.attempt()) {
            current.apply(entry);
        }
    }

    /// Whether `attempt` is newer than all before. An older one is over then, even where the line
    /// that started the newer one is lost: the cluster is not its own any more.
    fn supersede(&mut self, attempt: u32) -> bool {
        let newest = attempt > self.attempts;
        if newest {
            self.attempts = attempt;
            self.current = None;
        }
        newest
    }

    /// Of equal points those count that were more of what could be had.
    fn score(&mut self, points: u32, max_points: u32, passed: bool) {
        let first = self.max_points == 0;
        let as_good = points == self.best_points && max_points < self.max_points;
        if first || points > self.best_points || as_good {
            self.max_points = max_points;
        }
        self.best_points = self.best_points.max(points);
        self.passed |= passed;
    }
}

impl AttemptProgress {
    fn started(entry: &Entry) -> Option<Self> {
        let Event::AttemptStarted { attempt, nonce, values, engine, environment, .. } =
            &entry.event
        else {
            return None;
        };
        Some(Self {
            attempt: *attempt,
            nonce: nonce.clone(),
            values: values.clone(),
            engine: engine.clone(),
            environment: environment.clone(),
            started: entry.at,
            answers: BTreeMap::new(),
            verdicts: BTreeMap::new(),
            latest: BTreeMap::new(),
            hints: BTreeMap::new(),
            points: 0,
            max_points: 0,
            passed: false,
        })
    }

    fn apply(&mut self, entry: &Entry) {
        match &entry.event {
            Event::AnswerGiven { field, value, .. } => {
                self.answers.insert(field.clone(), value.clone());
            }
            Event::VerdictReached { check, points, verdict, .. } => {
                let known =
                    KnownVerdict { points: *points, verdict: verdict.clone(), at: entry.at };
                self.reach(check, known);
            }
            Event::Scored { points, max_points, passed, .. } => {
                (self.points, self.max_points) = (*points, *max_points);
                self.passed |= passed;
            }
            Event::HintShown { check, tier, .. } => {
                let shown = self.hints.entry(check.clone()).or_default();
                *shown = (*shown).max(*tier);
            }
            Event::AttemptStarted { .. } | Event::AttemptStopped { .. } => {}
        }
    }

    fn reach(&mut self, check: &str, verdict: KnownVerdict) {
        if !matches!(verdict.verdict, Verdict::Unknown { .. }) {
            self.verdicts.insert(check.to_owned(), verdict.clone());
        }
        self.latest.insert(check.to_owned(), verdict);
    }
}
