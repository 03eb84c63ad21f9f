//! Which engine runs an environment.

use std::path::PathBuf;
use std::time::Duration;

use super::Engine;
use super::cluster::EngineKind;
use super::containers::Containers;
use super::jvm::Jvm;
use crate::paths::Paths;
use crate::phrase;
use crate::problem::Problem;

/// How long an engine may take to answer when any engine will do.
const ANY: Duration = Duration::from_secs(1);

/// How long the one that was asked for may take.
const NAMED: Duration = Duration::from_secs(10);

/// What was asked for with `--engine`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Choice {
    /// The first that answers.
    #[default]
    Auto,
    /// This one and no other.
    Only(EngineKind),
}

/// The engine for a choice, which has answered. `program` is this program's own file, see
/// [`Jvm::new`].
pub async fn choose(
    choice: Choice,
    paths: &Paths,
    program: Option<PathBuf>,
) -> Result<Box<dyn Engine>, Problem> {
    let containers = Containers::new(paths.clone());
    let kind = match choice {
        Choice::Auto if containers.answers(ANY).await.is_ok() => EngineKind::Containers,
        // That Java is there is seen when it is needed, with what has to be done about it.
        Choice::Auto => EngineKind::Jvm,
        Choice::Only(kind) => kind,
    };
    if choice == Choice::Only(EngineKind::Containers) {
        containers.answers(NAMED).await?;
    }
    engine_of(kind, paths, program)
}

/// An engine by its kind, whether it answers or not.
pub fn engine_of(
    kind: EngineKind,
    paths: &Paths,
    program: Option<PathBuf>,
) -> Result<Box<dyn Engine>, Problem> {
    match kind {
        EngineKind::Containers => Ok(Box::new(Containers::new(paths.clone()))),
        EngineKind::Jvm => Ok(Box::new(Jvm::new(paths.clone(), program))),
        EngineKind::Attach => Err(not_here(kind)),
    }
}

/// Every engine that may have something of this home's. The jvm engine is the last: it removes an
/// environment's folder, by which the others know what is theirs.
pub fn all(paths: &Paths) -> [Box<dyn Engine>; 2] {
    [Box::new(Containers::new(paths.clone())), Box::new(Jvm::new(paths.clone(), None))]
}

fn not_here(kind: EngineKind) -> Problem {
    Problem::new(
        "engine-not-here",
        phrase!("this version has no engine `{kind}`", "这个版本还没有 `{kind}` 引擎"),
        phrase!(
            "use --engine containers, which needs Docker, or --engine jvm, which needs Java",
            "请用 --engine containers（需要 Docker）或 --engine jvm（需要 Java）"
        ),
    )
}
