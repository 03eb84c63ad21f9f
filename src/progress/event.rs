//! What the log records.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::grade::verdict::Verdict;

/// Something that happened to one attempt at one lab.
///
/// The names and fields are the file format: a new event or a new field with a default may be
/// added, anything else needs a new format version (see `line`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A lab was started anew.
    AttemptStarted {
        /// The lab's id.
        lab: String,
        /// Its number within the lab, from 1; see [`super::Progress::next_attempt`].
        attempt: u32,
        /// What makes this attempt's names and answers its own.
        nonce: String,
        /// The values issued to the learner, by name.
        values: BTreeMap<String, String>,
        /// The engine that runs the cluster.
        engine: String,
        /// The cluster layout.
        environment: String,
    },
    /// An attempt is over, passed or not.
    AttemptStopped {
        /// The lab's id.
        lab: String,
        /// The attempt's number.
        attempt: u32,
    },
    /// The learner typed an answer; the last one of a field counts.
    AnswerGiven {
        /// The lab's id.
        lab: String,
        /// The attempt's number.
        attempt: u32,
        /// The answer field.
        field: String,
        /// The answer, as typed.
        value: String,
    },
    /// A check came to a verdict that differs from its last one.
    VerdictReached {
        /// The lab's id.
        lab: String,
        /// The attempt's number.
        attempt: u32,
        /// The check's id.
        check: String,
        /// Points awarded now.
        points: u32,
        /// The verdict.
        verdict: Verdict,
    },
    /// The points of a whole attempt, as they are now.
    Scored {
        /// The lab's id.
        lab: String,
        /// The attempt's number.
        attempt: u32,
        /// Points of all checks.
        points: u32,
        /// Points that could be had on this engine.
        max_points: u32,
        /// Whether every check has passed.
        passed: bool,
    },
    /// A hint was shown.
    HintShown {
        /// The lab's id.
        lab: String,
        /// The attempt's number.
        attempt: u32,
        /// The check that it helps with.
        check: String,
        /// 1 to 3.
        tier: u8,
    },
}

/// An event and when it was recorded.
///
/// The time is for people: order is the order of the log, whatever the clock did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The time of the append; the same for all events appended together.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// The names of all events as the file has them, to tell an unknown event from a misshapen one.
pub(super) const NAMES: [&str; 6] = [
    "attempt-started",
    "attempt-stopped",
    "answer-given",
    "verdict-reached",
    "scored",
    "hint-shown",
];

impl Event {
    /// The lab that it is about.
    pub fn lab(&self) -> &str {
        match self {
            Self::AttemptStarted { lab, .. }
            | Self::AttemptStopped { lab, .. }
            | Self::AnswerGiven { lab, .. }
            | Self::VerdictReached { lab, .. }
            | Self::Scored { lab, .. }
            | Self::HintShown { lab, .. } => lab,
        }
    }

    /// The attempt that it is about.
    pub const fn attempt(&self) -> u32 {
        match self {
            Self::AttemptStarted { attempt, .. }
            | Self::AttemptStopped { attempt, .. }
            | Self::AnswerGiven { attempt, .. }
            | Self::VerdictReached { attempt, .. }
            | Self::Scored { attempt, .. }
            | Self::HintShown { attempt, .. } => *attempt,
        }
    }
}
