//! Runs a lesson: every block of it, top to bottom, on one fresh cluster, or on one for each
//! environment that it names.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::printed::{Difference, difference};
use super::script::tail;
use super::session::{self, End, Promise, Ran, Shell};
use crate::course::{self, Block, Lesson, Mark, Place, Section, Stage, blocks, substitute};
use crate::engine::choose::Choice;
use crate::engine::files::remove_tree;
use crate::engine::report::Report;
use crate::engine::{cancelled, store};
use crate::lab::lesson::start;
use crate::lab::shell::Surroundings;
use crate::lab::stop::clear_environments;
use crate::lab::{Workbook, values};
use crate::problem::Problem;

/// How long the commands of one block may take.
const LIMIT: Duration = Duration::from_mins(2);

/// A lesson, run.
#[derive(Debug, Clone)]
pub struct LessonRun {
    /// Its id: `day-01`.
    pub lesson: String,
    /// Which repetition, from 1.
    pub round: u32,
    /// The engine that ran it: that of its last cluster.
    pub engine: &'static str,
    /// From nothing to ready and seeded, all its clusters together.
    pub start: Duration,
    /// How many blocks were run.
    pub blocks: usize,
    /// How long they took.
    pub took: Duration,
    /// What is not as the lesson shows; empty when the gate holds.
    pub mismatches: Vec<Mismatch>,
}

/// Something is not as a lesson shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The printed line in the lesson; the command's where it is not about a line.
    pub place: Place,
    /// What the lesson says.
    pub expected: String,
    /// What there was.
    pub found: String,
}

/// Runs a lesson on fresh clusters, one after the other and each in an empty folder, which are
/// removed at the end: to be called with a home of the gate's own. A block that does not end as the
/// lesson promises is the last on its cluster: what follows builds on it.
pub async fn run(
    workbook: &Workbook,
    lesson: &Lesson,
    (choice, timeout, round): (Choice, Duration, u32),
    report: Arc<dyn Report>,
) -> Result<LessonRun, Problem> {
    let mut run = LessonRun {
        lesson: lesson.id(),
        round,
        engine: "-",
        start: Duration::ZERO,
        blocks: 0,
        took: Duration::ZERO,
        mismatches: Vec::new(),
    };
    for stage in lesson.stages() {
        run_on(workbook, (lesson, stage), (choice, timeout), (&mut run, &report)).await?;
    }
    let _lock = store::lock(&workbook.paths, &*report).await?;
    clear_environments(workbook, &*report).await?;
    Ok(run)
}

/// Runs the sections of one cluster and adds what came of it to `run`.
async fn run_on(
    workbook: &Workbook,
    (lesson, stage): (&Lesson, &Stage),
    (choice, timeout): (Choice, Duration),
    (run, report): (&mut LessonRun, &Arc<dyn Report>),
) -> Result<(), Problem> {
    let begun = Instant::now();
    let cluster = start(workbook, stage, choice, timeout, Arc::clone(report)).await?;
    run.start += begun.elapsed();
    run.engine = cluster.engine.name();

    let begun = Instant::now();
    let workspace = workbook.paths.workspace(&lesson.id());
    remove_tree(&workspace).map_err(|e| Problem::file(&workspace, &e))?;
    let setting = Setting {
        surroundings: Surroundings::of_lesson(workbook, lesson, &cluster)?,
        values: values::placeholders(&BTreeMap::new(), Some(&cluster)),
        folder: workbook.paths.home().join("lessons").join(lesson.id()).join(&stage.environment),
    };
    let mut shells = Vec::new();
    let sections = lesson.sections_on(stage);
    let held = blocks_of(workbook, sections, (&setting, &mut shells), report).await;
    // What the blocks have left running ends, which may take a moment.
    let _ = tokio::task::spawn_blocking(move || drop(shells)).await;
    let (blocks, mismatches) = held?;
    run.took += begun.elapsed();
    run.blocks += blocks;
    run.mismatches.extend(mismatches);
    Ok(())
}

/// What the shells on one cluster have in common.
struct Setting {
    surroundings: Surroundings,
    /// What stands for its placeholders.
    values: BTreeMap<String, String>,
    /// Where the output of its blocks goes.
    folder: PathBuf,
}

/// How many blocks were run, and what was not as they show.
async fn blocks_of(
    workbook: &Workbook,
    sections: impl Iterator<Item = &Section>,
    (setting, shells): (&Setting, &mut Vec<Shell>),
    report: &Arc<dyn Report>,
) -> Result<(usize, Vec<Mismatch>), Problem> {
    let mut mismatches = Vec::new();
    let mut count = 0;
    for section in sections {
        // A block that cannot be understood is for `course check` to tell.
        for block in blocks(&section.body.en).into_iter().flatten() {
            let Mark::Run { exit } = block.mark else { continue };
            count += 1;
            let commands = promises(&block, exit, &setting.values);
            let folder = setting.folder.join(count.to_string());
            let bash = setting.surroundings.around(workbook, Command::new("bash"));
            let (ran, shell) = run_block(bash, commands.clone(), folder, report).await?;
            shells.push(shell);
            if ran.iter().any(|ran| ran.end == End::CalledOff) {
                return Err(cancelled());
            }
            mismatches.extend(judge(section, &block, &setting.values, &commands, &ran));
            if ended_early(&commands, &ran) {
                return Ok((count, mismatches));
            }
        }
    }
    Ok((count, mismatches))
}

/// The commands of a block as they are typed, each with the exit code that it has to have.
pub(super) fn promises(block: &Block, exit: u8, values: &BTreeMap<String, String>) -> Vec<Promise> {
    let typed = block.commands.iter().map(|command| (substitute(&command.text, values), 0));
    let mut typed: Vec<Promise> = typed.collect();
    if let Some((_, code)) = typed.last_mut() {
        *code = exit;
    }
    typed
}

async fn run_block(
    bash: Command,
    commands: Vec<Promise>,
    folder: PathBuf,
    report: &Arc<dyn Report>,
) -> Result<(Vec<Ran>, Shell), Problem> {
    let (path, follower) = (folder.clone(), Arc::clone(report));
    let work = tokio::task::spawn_blocking(move || {
        session::run(bash, &commands, &path, LIMIT, &|| follower.cancelled())
    });
    let ran = work.await.map_err(std::io::Error::other).flatten();
    ran.map_err(|e| Problem::file(&folder, &e))
}

/// Whether the shell has not got to the end of the block as the lesson promises.
pub(super) fn ended_early(commands: &[Promise], ran: &[Ran]) -> bool {
    ran.len() < commands.len() || commands.iter().zip(ran).any(|((_, code), ran)| !ends(ran, *code))
}

fn ends(ran: &Ran, promised: u8) -> bool {
    ran.end == End::Code(promised.into())
}

/// What is not as a block shows.
pub(super) fn judge(
    section: &Section,
    block: &Block,
    values: &BTreeMap<String, String>,
    commands: &[Promise],
    all: &[Ran],
) -> Vec<Mismatch> {
    let each = block.commands.iter().zip(commands).zip(all);
    let mut told: Vec<Told> = each
        .filter_map(|((command, (_, promised)), ran)| {
            if ends(ran, *promised) {
                of_printed(command, values, ran)
            } else {
                Some((command.line, format!("exit code {promised}"), ended(ran)))
            }
        })
        .collect();
    let all_ended_well = commands.iter().zip(all).all(|((_, code), ran)| ends(ran, *code));
    if let (Some(next), true) = (block.commands.get(all.len()), all_ended_well) {
        let expected = "a shell for this command".to_owned();
        told.push((next.line, expected, "that it has ended".to_owned()));
    }
    let placed = told.into_iter().filter_map(|(line, expected, found)| {
        Some(Mismatch { place: section.place(block.line(line))?, expected, found })
    });
    placed.collect()
}

/// A line of the block, what it says, and what there was.
type Told = (usize, String, String);

/// Where a command has printed something else than its block shows.
fn of_printed(
    command: &course::Command,
    values: &BTreeMap<String, String>,
    ran: &Ran,
) -> Option<Told> {
    let shown: Vec<String> = command.output.iter().map(|line| substitute(line, values)).collect();
    let Difference { expected, found } = difference(&shown, &ran.printed)?;
    // What is too much comes after the last line that is shown, or after the command.
    let line = match expected {
        Some(index) => command.output_line(index),
        None => command.output_line(shown.len()) - 1,
    };
    let quote = |line: &String| format!("`{}`", line.trim());
    let shown = expected.and_then(|index| shown.get(index)).map(quote);
    let found = found.iter().map(quote).collect::<Vec<_>>().join(" and ");
    let or_nothing = |text: String| if text.is_empty() { "nothing more".to_owned() } else { text };
    Some((line, or_nothing(shown.unwrap_or_default()), or_nothing(found)))
}

/// How a command ended and what it printed last.
fn ended(ran: &Ran) -> String {
    let end = match ran.end {
        End::Code(code) => format!("exit code {code}"),
        End::TooLate => format!("it running after {} s", LIMIT.as_secs()),
        End::CalledOff => "it called off".to_owned(),
    };
    match tail(&format!("{}{}", ran.printed.out, ran.printed.err)).as_str() {
        "" => end,
        printed => format!("{end}: {printed}"),
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, found {}", self.place, self.expected, self.found)
    }
}
