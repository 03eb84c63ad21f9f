//! Holds verdicts against what an attempt states.

use std::fmt;

use crate::course::{Attempt, Expected, Lab, Word};
use crate::grade::verdict::Verdict;
use crate::lab::check::{CheckLine, Report};

/// Something is not as the attempt states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// A check says something else.
    Check {
        /// Its id.
        check: String,
        /// Verdict, points and mistake as stated.
        stated: String,
        /// Verdict, points and mistake as told, and what was observed.
        told: String,
    },
    /// The attempt was not made: it needs a program that is not there.
    Tool {
        /// The program's name.
        name: String,
    },
    /// The attempt's script failed.
    Script {
        /// How it ended and what it printed last.
        ended: String,
    },
}

/// What differs between a report and what the attempt states for this engine.
pub fn differences(lab: &Lab, attempt: &Attempt, engine: &str, report: &Report) -> Vec<Difference> {
    let stated = attempt.expected(engine);
    lab.checks
        .iter()
        .zip(&report.checks)
        .filter_map(|(check, line)| {
            let expected = stated.get(&check.id)?;
            (!agrees(expected, line)).then(|| Difference::Check {
                check: check.id.clone(),
                stated: format!(
                    "{} {} {}",
                    word_of(expected.verdict),
                    expected.points,
                    expected.mistake.as_deref().unwrap_or("-")
                ),
                told: format!(
                    "{} {} {} ({})",
                    line.verdict.word(),
                    line.points,
                    line.verdict.mistake().unwrap_or("-"),
                    evidence(line)
                ),
            })
        })
        .collect()
}

fn agrees(expected: &Expected, line: &CheckLine) -> bool {
    word_of(expected.verdict) == line.verdict.word()
        && expected.points == line.points
        && expected.mistake.as_deref() == line.verdict.mistake()
}

const fn word_of(stated: Word) -> &'static str {
    match stated {
        Word::Passed => "passed",
        Word::Failed => "failed",
        Word::Blocked => "blocked",
        Word::Unknown => "unknown",
    }
}

fn evidence(line: &CheckLine) -> String {
    match &line.verdict {
        Verdict::Passed { observed } => observed.en.clone(),
        Verdict::Failed(finding) => format!("{}; {}", finding.observed.en, finding.why.en),
        Verdict::Unknown { cause } => cause.en.clone(),
        Verdict::Blocked { by } => format!("{by:?}"),
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Check { check, stated, told } => {
                write!(f, "{check}: stated {stated}, told {told}")
            }
            Self::Tool { name } => write!(f, "not run: it needs {name}, which is not on PATH"),
            Self::Script { ended } => write!(f, "script: {ended}"),
        }
    }
}
