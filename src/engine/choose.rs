//! Which engine runs an environment.

use std::path::PathBuf;

use super::Engine;
use super::cluster::EngineKind;
use super::jvm::Jvm;
use crate::paths::Paths;
use crate::phrase;
use crate::problem::Problem;

/// What was asked for with `--engine`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Choice {
    /// The first that answers.
    #[default]
    Auto,
    /// This one and no other.
    Only(EngineKind),
}

/// The engine for a choice. `program` is this program's own file, see [`Jvm::new`].
pub fn choose(
    choice: Choice,
    paths: &Paths,
    program: Option<PathBuf>,
) -> Result<Box<dyn Engine>, Problem> {
    match choice {
        Choice::Auto | Choice::Only(EngineKind::Jvm) => {
            Ok(Box::new(Jvm::new(paths.clone(), program)))
        }
        Choice::Only(kind) => Err(not_here(kind)),
    }
}

fn not_here(kind: EngineKind) -> Problem {
    Problem::new(
        "engine-not-here",
        phrase!("this version has no engine `{kind}`", "这个版本还没有 `{kind}` 引擎"),
        phrase!(
            "use --engine jvm, which needs Java and no container engine",
            "请用 --engine jvm，它只需要 Java，不需要容器引擎"
        ),
    )
}
