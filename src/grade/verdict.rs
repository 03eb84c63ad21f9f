//! What a check says.

use serde::{Deserialize, Serialize};

use crate::phrase::Phrase;

/// The answer to one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Verdict {
    /// The cluster shows it.
    Passed {
        /// What was seen.
        observed: Phrase,
    },
    /// The cluster shows something else.
    Failed(Finding),
    /// It could not be decided yet, and not because of the learner's cluster.
    Blocked {
        /// What stands in the way; never empty.
        by: Vec<Blocker>,
    },
    /// The cluster could not be asked. Never costs points.
    Unknown {
        /// Who did not answer, and for how long.
        cause: Phrase,
    },
}

/// Why a check failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What the task asks for.
    pub expected: Phrase,
    /// What the cluster shows, with real values.
    pub observed: Phrase,
    /// One sentence of cause.
    pub why: Phrase,
    /// The named mistake that this is, where it is one; its text is in the lab.
    pub mistake: Option<String>,
}

/// What keeps a check from being decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Blocker {
    /// A check that has to pass first.
    Check {
        /// The id of that check.
        id: String,
    },
    /// The engine cannot show it.
    Engine {
        /// What would be needed.
        need: Phrase,
    },
    /// No process samples the cluster.
    Host {
        /// What would be needed.
        need: Phrase,
    },
}

impl Verdict {
    /// Whether the check has passed.
    pub const fn passed(&self) -> bool {
        matches!(self, Self::Passed { .. })
    }

    /// The word for it in JSON and attempt files: `passed`, `failed`, `blocked` or `unknown`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Passed { .. } => "passed",
            Self::Failed(_) => "failed",
            Self::Blocked { .. } => "blocked",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// The named mistake, if the check failed by one.
    pub fn mistake(&self) -> Option<&str> {
        match self {
            Self::Failed(finding) => finding.mistake.as_deref(),
            _ => None,
        }
    }

    /// Whether the engine cannot show it: such a check is left out of the points.
    pub fn blocked_by_engine(&self) -> bool {
        matches!(self, Self::Blocked { by } if by.iter().any(|b| matches!(b, Blocker::Engine { .. })))
    }
}
