//! One real lab, hands off: a fresh cluster, checks that fail, the reference solution line by line,
//! the same checks again, and nothing left.
//!
//! It happens in a workbook aside: whatever is the learner's stays as it is, a running cluster too.

mod visible;

use std::sync::Arc;
use std::time::Duration;

use super::aside::Aside;
use super::check::Report as CheckReport;
use super::host::check;
use super::start::start;
use super::verify::{missing_tool, settled};
use super::{Workbook, environments};
use crate::course::{Attempt, AttemptKind, Cluster as Starts, Lab};
use crate::engine::cancelled;
use crate::engine::choose::Choice;
use crate::engine::cluster::{Cluster, NodeState};
use crate::engine::memory::{memory, need_of};
use crate::engine::report::{Report, Silent, called_off};
use crate::phrase;
use crate::phrase::Lang;
use crate::problem::Problem;

/// The lab that is shown where the course has it; else the first that can be.
const LAB: &str = "D01-4";

/// How long the verdicts before anything is done may take to settle.
const SETTLE: Duration = Duration::from_secs(20);

/// What a tour shows, one thing after the other.
#[derive(Debug, Clone, Copy)]
pub enum Scene<'a> {
    /// This lab is about to be gone through.
    Begin(&'a Lab),
    /// A cluster of the learner's runs, and goes on beside the tour's own, which takes up to so
    /// many bytes of memory.
    Beside(&'a Cluster, u64),
    /// A cluster is about to be made.
    Cluster,
    /// It serves, after so long.
    Serves(&'a Cluster, Duration),
    /// The checks are about to be asked, while nothing is done yet.
    Before,
    /// The reference solution is about to run.
    Solve,
    /// A command of the solution, as the shell runs it.
    Command(&'a str),
    /// A line that it prints.
    Printed(&'a str),
    /// The checks are about to be asked again.
    After,
    /// What the checks say.
    Verdicts(&'a CheckReport),
    /// The cluster is about to be removed.
    Down,
}

/// Whoever watches a tour.
pub trait Spectator: Sync {
    /// Is shown the next thing.
    fn sees(&self, scene: Scene<'_>);
}

/// A tour that has come to its end.
#[derive(Debug, Clone)]
pub struct Toured {
    /// The engine that ran the cluster.
    pub engine: &'static str,
    /// What the checks said before anything was done.
    pub before: CheckReport,
    /// What they said after the solution.
    pub after: CheckReport,
}

impl Toured {
    /// Whether nothing had passed while nothing was done.
    pub fn failed_before(&self) -> bool {
        self.before.points == 0 && !self.before.passed && !self.before.could_not_ask()
    }

    /// Whether everything has passed afterwards.
    pub const fn passed_after(&self) -> bool {
        self.after.passed
    }
}

/// The lab of the tour, and its reference solution.
pub fn subject(workbook: &Workbook) -> Result<(&Lab, &Attempt), Problem> {
    let solution = |lab| {
        let is_solution = |a: &&Attempt| a.kind == AttemptKind::Solution && a.script.is_some();
        let lab: &Lab = lab;
        let attempt = lab.attempts.iter().find(is_solution)?;
        // Who watches starts nothing.
        (lab.cluster == Starts::Workbook).then_some((lab, attempt))
    };
    let preferred = workbook.course.lab(LAB).and_then(solution);
    let any = || workbook.course.labs().iter().find_map(solution);
    preferred.or_else(any).ok_or_else(text::nothing_to_show)
}

/// How a tour goes.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// The engine.
    pub engine: Choice,
    /// How long the cluster may take to serve.
    pub timeout: Duration,
    /// The language of what the solution's commands print.
    pub lang: Lang,
}

/// Goes through the lab. Whatever happens, nothing of it is left but what the cache keeps; the
/// tidying up is not called off.
pub async fn tour(
    workbook: &Workbook,
    way: Way,
    spectator: &dyn Spectator,
    report: Arc<dyn Report>,
) -> Result<Toured, Problem> {
    let (lab, solution) = subject(workbook)?;
    if let Some(tool) = missing_tool(solution) {
        return Err(text::tool_missing(&lab.id, tool));
    }
    spectator.sees(Scene::Begin(lab));
    beside(workbook, lab, spectator).await?;
    let mut aside = Aside::of(workbook);
    // Training goes on after the end.
    aside.workbook.trains = false;
    let shown = Shown { workbook: &aside.workbook, lab, solution, spectator };
    let toured = Box::pin(shown.go_through(way, report)).await;
    spectator.sees(Scene::Down);
    let removed = aside.remove(&Silent).await;
    // Why it has ended says more than what could not be removed then.
    let toured = toured?;
    removed.map(|()| toured)
}

/// Says that a cluster of the learner's goes on, and sees that both have room in memory.
async fn beside(workbook: &Workbook, lab: &Lab, spectator: &dyn Spectator) -> Result<(), Problem> {
    // Where its engine does not say, it may well run.
    let runs = match environments::status(workbook).await {
        Ok(Some(status)) if status.nodes.iter().all(|n| n.state == NodeState::Stopped) => None,
        Ok(status) => status.map(|status| status.cluster),
        Err(_) => crate::engine::store::read(&workbook.paths),
    };
    let Some(cluster) = runs else { return Ok(()) };
    let needed =
        need_of(&super::template::Template::named(workbook, &lab.environment)?.as_it_stands());
    match memory() {
        Some(memory) if memory.available < needed => {
            Err(text::no_memory(&cluster, memory.available, needed))
        }
        _ => {
            spectator.sees(Scene::Beside(&cluster, needed));
            Ok(())
        }
    }
}

/// What is shown, and where.
struct Shown<'a> {
    workbook: &'a Workbook,
    lab: &'a Lab,
    solution: &'a Attempt,
    spectator: &'a dyn Spectator,
}

impl Shown<'_> {
    async fn go_through(
        &self,
        Way { engine, timeout, lang }: Way,
        report: Arc<dyn Report>,
    ) -> Result<Toured, Problem> {
        let Self { workbook, lab, solution, spectator } = *self;
        spectator.sees(Scene::Cluster);
        let begun = std::time::Instant::now();
        let started = start(workbook, lab, engine, timeout, Arc::clone(&report)).await?;
        spectator.sees(Scene::Serves(&started.cluster, begun.elapsed()));
        let engine = started.cluster.engine.name();
        spectator.sees(Scene::Before);
        let before =
            unless_called_off(Box::pin(check(workbook, lab, Some(SETTLE))), &*report).await?;
        spectator.sees(Scene::Verdicts(&before));
        spectator.sees(Scene::Solve);
        visible::run(workbook, (lab, solution), (spectator, lang), &*report).await?;
        spectator.sees(Scene::After);
        let after = Box::pin(settled(workbook, lab, solution, engine));
        let after = unless_called_off(after, &*report).await?;
        spectator.sees(Scene::Verdicts(&after));
        Ok(Toured { engine, before, after })
    }
}

/// Does work that may be cut off at any point.
async fn unless_called_off<T>(
    work: impl Future<Output = Result<T, Problem>>,
    report: &dyn Report,
) -> Result<T, Problem> {
    tokio::select! {
        done = work => done,
        () = called_off(report) => Err(cancelled()),
    }
}

mod text {
    use super::{Cluster, Problem, phrase};

    const MIB: u64 = 1024 * 1024;

    pub fn nothing_to_show() -> Problem {
        Problem::usage(
            "nothing-to-show",
            phrase!(
                "no lab of this course has a solution that can be shown",
                "这门课程没有可以演示的实验"
            ),
            phrase!("leave out --course, for the workbook's own", "去掉 --course，使用自带的课程"),
        )
    }

    pub fn tool_missing(lab: &str, tool: &str) -> Problem {
        Problem::new(
            "tool-missing",
            phrase!(
                "the solution of {lab} needs `{tool}`, which is not on PATH",
                "{lab} 的参考答案需要 `{tool}`，PATH 上没有"
            ),
            phrase!("install {tool}", "安装 {tool}"),
        )
    }

    pub fn no_memory(cluster: &Cluster, available: u64, needed: u64) -> Problem {
        let (name, available, needed) =
            (&cluster.environment, available / MIB, needed.div_ceil(MIB));
        Problem::new(
            "memory-short",
            phrase!(
                "{name} runs, and the tour's own cluster beside it takes up to {needed} MiB; {available} MiB are left",
                "{name} 正在运行，tour 自己的集群还要用最多 {needed} MiB 内存，而现在只剩 {available} MiB"
            ),
            phrase!(
                "stop it for the time being: kafka-workbook env down; its data stay, and env up brings it back",
                "先停掉它：kafka-workbook env down；数据会保留，之后用 env up 恢复"
            ),
        )
    }
}
