//! A way through a lab whose verdicts are known: how it is proved that checks tell right from
//! wrong.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::place::Place;

/// One folder of `attempts/`.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The folder's name.
    pub name: String,
    /// What it proves.
    pub kind: AttemptKind,
    /// Programs that the script needs on PATH besides the lab shell's own and those of every
    /// system: `go`, `kcat`.
    pub tools: Vec<String>,
    /// What to run in the lab shell; begins with `#!`. None where nothing is to be run, or where
    /// the workbook itself knows what (the learner's unchanged starter).
    pub script: Option<Vec<u8>>,
    /// Further files of the folder by their path in it, for the script to use.
    pub files: Vec<(PathBuf, Vec<u8>)>,
    pub(super) base: BTreeMap<String, Stated>,
    pub(super) on: BTreeMap<String, BTreeMap<String, Stated>>,
    /// attempt.toml as a whole.
    pub(super) file: Place,
}

/// What an attempt proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptKind {
    /// The reference solution passes.
    Solution,
    /// Whoever does nothing earns nothing.
    Untouched,
    /// The third-tier hints alone pass.
    Hints,
    /// The starter, unchanged, earns nothing.
    Starter,
    /// A wrong way is told as what it is.
    Mistake,
    /// Another right way passes.
    Alternative,
}

/// What one check has to say after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The verdict.
    pub verdict: Word,
    /// The points it earns.
    pub points: u32,
    /// The named mistake, where one is to be told; otherwise it does not matter which.
    pub mistake: Option<String>,
}

/// A verdict without its details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// The cluster shows it.
    Passed,
    /// The cluster shows something else.
    Failed,
    /// It cannot be decided yet.
    Blocked,
    /// The cluster could not be asked.
    Unknown,
}

/// What attempt.toml says of a check, with its place.
#[derive(Debug, Clone)]
pub(super) struct Stated {
    pub expected: Expected,
    pub place: Place,
}

impl Attempt {
    /// What every check of the lab has to say on `engine` (`jvm`, `containers` or `attach`).
    pub fn expected(&self, engine: &str) -> BTreeMap<String, Expected> {
        let stated = self.base.iter().chain(self.on.get(engine).into_iter().flatten());
        stated.map(|(check, stated)| (check.clone(), stated.expected.clone())).collect()
    }

    /// What is stated of a check: on `engine`, or, without one, where no engine differs.
    pub(super) fn stated(&self, engine: Option<&str>, check: &str) -> Option<&Stated> {
        let own = engine.and_then(|engine| self.on.get(engine)?.get(check));
        own.or_else(|| self.base.get(check))
    }

    /// The verdict of [`Attempt::stated`].
    pub(super) fn verdict(&self, engine: Option<&str>, check: &str) -> Option<Word> {
        self.stated(engine, check).map(|stated| stated.expected.verdict)
    }
}

impl AttemptKind {
    /// Every kind by its name in attempt.toml.
    pub(super) const NAMES: [(&str, Self); 6] = [
        ("solution", Self::Solution),
        ("untouched", Self::Untouched),
        ("hints", Self::Hints),
        ("starter", Self::Starter),
        ("mistake", Self::Mistake),
        ("alternative", Self::Alternative),
    ];

    /// The name in attempt.toml.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Solution => "solution",
            Self::Untouched => "untouched",
            Self::Hints => "hints",
            Self::Starter => "starter",
            Self::Mistake => "mistake",
            Self::Alternative => "alternative",
        }
    }

    /// Whether every check passes after it.
    pub const fn passes(self) -> bool {
        matches!(self, Self::Solution | Self::Hints | Self::Alternative)
    }

    /// Whether no check passes after it.
    pub const fn earns_nothing(self) -> bool {
        matches!(self, Self::Untouched | Self::Starter)
    }
}

impl Word {
    /// Every verdict by its name in attempt.toml and in JSON.
    pub(super) const NAMES: [(&str, Self); 4] = [
        ("passed", Self::Passed),
        ("failed", Self::Failed),
        ("blocked", Self::Blocked),
        ("unknown", Self::Unknown),
    ];

    /// The name, as [`crate::grade::verdict::Verdict::word`] gives it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Blocked => "blocked",
            Self::Unknown => "unknown",
        }
    }
}
