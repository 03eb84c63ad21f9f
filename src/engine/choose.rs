//! Which engine runs an environment.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::Engine;
use super::cluster::EngineKind;
use super::containers::Containers;
use super::containers::error::DockerError;
use super::environment::Environment;
use super::jvm::Jvm;
use super::report::{Report, Step};
use crate::paths::Paths;
use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::{Explain as _, Problem};

/// How long an engine may take to answer when any engine will do.
pub const PATIENCE: Duration = Duration::from_secs(1);

/// What was asked for with `--engine`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Choice {
    /// The first that answers and has what it needs.
    #[default]
    Auto,
    /// This one and no other.
    Only(EngineKind),
}

/// The engine for a choice, prepared for `environment`. `program` is this program's own file, see
/// [`Jvm::new`].
pub async fn choose(
    choice: Choice,
    (paths, program): (&Paths, Option<PathBuf>),
    environment: &Environment,
    report: Arc<dyn Report>,
) -> Result<Box<dyn Engine>, Problem> {
    let engine = |kind| engine_of(kind, paths, program.clone());
    match choice {
        Choice::Only(kind) => {
            let engine = engine(kind)?;
            engine.prepare(environment, report).await?;
            Ok(engine)
        }
        Choice::Auto => {
            let offer = match containers(paths, environment, &report).await {
                Offer::Ready(containers) => return Ok(containers),
                _ if report.cancelled() => return Err(super::cancelled()),
                offer => offer,
            };
            let jvm = engine(EngineKind::Jvm)?;
            match jvm.prepare(environment, Arc::clone(&report)).await {
                Ok(()) => Ok(jvm),
                Err(problem) if report.cancelled() => Err(problem),
                Err(problem) => Err(match offer {
                    // Whoever has Docker is told what that lacks.
                    Offer::Lacks(lack) => lack,
                    Offer::Silent(silence) => neither(problem, &silence),
                    Offer::Ready(_) => problem,
                }),
            }
        }
    }
}

/// What an engine has to say when any engine will do.
enum Offer {
    /// It has all that the environment needs.
    Ready(Box<dyn Engine>),
    /// It answers, and something is missing.
    Lacks(Problem),
    /// It does not answer.
    Silent(Problem),
}

async fn containers(paths: &Paths, environment: &Environment, report: &Arc<dyn Report>) -> Offer {
    let containers = Containers::new(paths.clone());
    match containers.answers(PATIENCE).await {
        Ok(_) => {}
        Err(e) => {
            let problem = e.problem();
            // That it was never installed is no news.
            if e != DockerError::Missing {
                report.step(&Step::new(without_containers(&problem)));
            }
            return Offer::Silent(problem);
        }
    }
    match containers.provide(environment, &**report).await {
        Ok(()) => Offer::Ready(Box::new(containers)),
        Err(problem) => {
            report.step(&Step::new(without_containers(&problem)));
            Offer::Lacks(problem)
        }
    }
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

fn without_containers(problem: &Problem) -> Phrase {
    let Phrase { en, zh } = &problem.message;
    Phrase::new(format!("without containers: {en}"), format!("不使用容器：{zh}"))
}

/// Neither engine: what the second lacks, and why it was not the first.
fn neither(mut problem: Problem, first: &Problem) -> Problem {
    let (Phrase { en, zh }, first) = (&problem.message, without_containers(first));
    problem.message = Phrase::new(format!("{en} ({})", first.en), format!("{zh}（{}）", first.zh));
    problem
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
