//! What stands below a check's verdict, the same on the screen and in plain text.

use crate::course::Lab;
use crate::grade::verdict::{Blocker, Verdict};
use crate::phrase::{Phrase, Words};

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What it says; nothing before the text of a named mistake.
    pub label: Option<Words>,
    /// The text.
    pub text: Phrase,
}

/// The evidence for a verdict, most telling first.
pub fn evidence(lab: &Lab, verdict: &Verdict) -> Vec<Evidence> {
    let piece = |label, text: &Phrase| Evidence { label: Some(label), text: text.clone() };
    match verdict {
        Verdict::Passed { observed } => vec![piece(OBSERVED, observed)],
        Verdict::Failed(finding) => {
            let mut pieces = vec![
                piece(EXPECTED, &finding.expected),
                piece(OBSERVED, &finding.observed),
                piece(WHY, &finding.why),
            ];
            let mistake = finding.mistake.as_deref().and_then(|id| lab.texts.mistake(id));
            pieces.extend(mistake.map(|text| Evidence { label: None, text: text.clone() }));
            pieces
        }
        Verdict::Blocked { by } => {
            by.iter().map(|blocker| piece(WAITS_FOR, need_of(lab, blocker))).collect()
        }
        Verdict::Unknown { cause } => vec![piece(WHY, cause)],
    }
}

/// The sign and the word for a verdict: colour is never the only sign.
pub const fn sign(verdict: &Verdict) -> (&'static str, Words) {
    match verdict {
        Verdict::Passed { .. } => ("✓", Words::new("passed", "通过")),
        Verdict::Failed(_) => ("✗", Words::new("failed", "未通过")),
        Verdict::Blocked { .. } => ("⋯", Words::new("blocked", "受阻")),
        Verdict::Unknown { .. } => ("?", Words::new("unknown", "未知")),
    }
}

fn need_of<'a>(lab: &'a Lab, blocker: &'a Blocker) -> &'a Phrase {
    match blocker {
        Blocker::Check { id } => lab.texts.check_title(id),
        Blocker::Engine { need } | Blocker::Host { need } => need,
    }
}

const EXPECTED: Words = Words::new("expected", "期望");
const OBSERVED: Words = Words::new("observed", "实际");
const WHY: Words = Words::new("why", "原因");
const WAITS_FOR: Words = Words::new("waits for", "等待");
