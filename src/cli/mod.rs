//! The command line: parses, calls the layer below, shows what comes back.

mod args;
mod course;
mod doctor;
mod env;
mod harmless;
mod host;
mod lab;
mod lesson;
mod list;
mod markdown;
mod output;
mod signals;
mod supervise;
mod tour;
mod usage;
mod verdicts;
mod verify;
mod warnings;

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use self::args::{Cli, Command};
use self::output::{Exit, Output, Progress};
use crate::course::{Course, CourseError, Source};
use crate::engine::jvm::Jvm;
use crate::engine::jvm::training;
use crate::engine::store;
use crate::lab::{Workbook, tools};
use crate::paths::Paths;
use crate::phrase;
use crate::problem::{Explain, Problem};
use crate::screen::{self, Ended};

/// What a command leaves to be done.
enum Next {
    /// Nothing but to exit.
    Exit(Exit),
    /// To exit as the screen has ended.
    Ended(Ended),
    /// To become another program.
    Become(std::process::Command),
}

/// Runs the program with its arguments, the program's own name first.
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    let called = arguments.first().map(PathBuf::from).unwrap_or_default();
    let name = called.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    if tools::is_tool(&name) {
        return become_tool(&name, &arguments[1..]);
    }
    let json = arguments.iter().take_while(|a| *a != "--").any(|a| a == "--json");
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(e) => return ExitCode::from(usage::tell(&e, json) as u8),
    };
    let output = Output::new(cli.global.json, cli.global.lang);
    match dispatch(cli, &output) {
        Ok(Next::Exit(exit)) => ExitCode::from(exit as u8),
        Ok(Next::Ended(Ended::ByLearner)) => ExitCode::SUCCESS,
        Ok(Next::Ended(Ended::BySignal(number))) => ExitCode::from(128 + number),
        Ok(Next::Become(command)) => ExitCode::from(replace(command, &output) as u8),
        Err(problem) => ExitCode::from(output.problem(&problem) as u8),
    }
}

fn dispatch(cli: Cli, output: &Output) -> Result<Next, Problem> {
    let folder = cli.global.course.or_else(course_of_environment);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|e| no_runtime(&e))?;
    runtime.block_on(async { outlive_limits() });
    let source = folder.clone().map_or(Source::Embedded, Source::Dir);
    let course = match (Course::load(&source), &cli.command) {
        (Ok(course), _) => course,
        (Err(errors), Some(Command::Course(args::Course::Check))) => {
            return Ok(Next::Exit(course::broken(&errors, output)));
        }
        (Err(errors), _) => return Err(broken_course(&errors, folder.as_deref())),
    };
    // A lab's shell is in another folder and reads the same course.
    let folder = folder.map(|folder| std::path::absolute(&folder).unwrap_or(folder));
    let workbook = Workbook::new(Paths::from_env()?, course, folder, std::env::current_exe().ok());
    let has_screen = cli.command.is_none() && output.has_screen();
    if !has_screen {
        warnings::warn(&workbook, cli.command.as_ref(), output);
    }
    let exit = match cli.command {
        None if has_screen => {
            let shown = screen::run(Arc::new(workbook), output.lang, output.colour);
            let ended = runtime.block_on(shown);
            // A cluster that is being looked at holds nobody up.
            runtime.shutdown_background();
            let screen::Left { ended, runs_on } = ended?;
            if let Some(environment) = &runs_on {
                env::runs_on(environment, output);
            }
            return Ok(Next::Ended(ended));
        }
        None | Some(Command::List) => list::list(&workbook, output)?,
        Some(Command::Lesson(command)) if command.shell => {
            return lesson::shell(&workbook, &command).map(Next::Become);
        }
        Some(Command::Lesson(command)) if command.start => {
            runtime.block_on(lesson::start(&workbook, &command, output))?
        }
        Some(Command::Lesson(command)) => lesson::lesson(&workbook, &command, output)?,
        Some(Command::Lab(args::Lab::Shell { id, command })) => {
            return lab::shell(&workbook, &id, &command).map(Next::Become);
        }
        Some(Command::Lab(command)) => runtime.block_on(lab::run(&workbook, command, output))?,
        Some(Command::Env(command)) => runtime.block_on(env::run(&workbook, command, output))?,
        Some(Command::Tour(options)) => {
            runtime.block_on(tour::tour(&workbook, &options, output))?
        }
        Some(Command::Doctor) => runtime.block_on(doctor::doctor(&workbook, output))?,
        Some(Command::Course(args::Course::Check)) => course::check(&workbook, output),
        Some(Command::Course(args::Course::Verify(command))) => {
            runtime.block_on(verify::verify(&workbook, command, output))?
        }
        Some(Command::Train { environment }) => runtime.block_on(train(&workbook, &environment))?,
    };
    Ok(Next::Exit(exit))
}

/// A file that may grow no further (`ulimit -f`) is an error of the write, which is told and taken
/// back, and not this program's death.
fn outlive_limits() {
    // Whoever heeds a signal once is not killed by it any more; programs that are started are.
    let _ = signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()));
}

/// Runs long work; Ctrl-C, SIGTERM and the end of the terminal call it off into a state where
/// nothing runs.
async fn cancellable<T>(
    progress: &Arc<Progress>,
    work: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    let (called_off, signal) = (Arc::clone(progress), signals::call_off());
    let watcher = tokio::spawn(async move {
        signal.await;
        called_off.cancel();
    });
    let result = work.await;
    watcher.abort();
    result
}

async fn train(workbook: &Workbook, environment: &str) -> Result<Exit, Problem> {
    let cluster = store::read(&workbook.paths).filter(|c| c.environment == environment);
    if let Some(cluster) = cluster {
        training::train(&Jvm::new(workbook.paths.clone(), None), &cluster).await?;
    }
    Ok(Exit::Done)
}

fn become_tool(name: &str, arguments: &[OsString]) -> ExitCode {
    let output = Output::new(false, None);
    let run = || -> Result<ExitCode, Problem> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| no_runtime(&e))?;
        let paths = Paths::from_env()?;
        let tool = runtime.block_on(tools::tool(&paths, name, arguments))?;
        if tool.end.is_none() {
            return Ok(ExitCode::from(replace(tool.command, &output) as u8));
        }
        let program = tool.command.get_program().to_string_lossy().into_owned();
        let ended = runtime.block_on(supervise::supervise(tool));
        ended.map(ExitCode::from).map_err(|e| no_such_command(&program, &e))
    };
    run().unwrap_or_else(|problem| ExitCode::from(output.problem(&problem) as u8))
}

/// Becomes the command: signals, terminal and exit code are its own from then on.
fn replace(mut command: std::process::Command, output: &Output) -> Exit {
    let program = command.get_program().to_string_lossy().into_owned();
    let e = command.exec();
    output.problem(&no_such_command(&program, &e))
}

fn no_such_command(program: &str, e: &std::io::Error) -> Problem {
    Problem::usage(
        "no-such-command",
        phrase!("{program} cannot be run: {e}", "无法运行 {program}：{e}"),
        phrase!("check its spelling and PATH", "检查拼写和 PATH"),
    )
}

fn course_of_environment() -> Option<PathBuf> {
    let folder = std::env::var_os("KAFKA_WORKBOOK_COURSE").filter(|folder| !folder.is_empty());
    folder.map(PathBuf::from)
}

fn broken_course(errors: &[CourseError], folder: Option<&Path>) -> Problem {
    let option = folder.map(|f| format!(" --course {}", f.display())).unwrap_or_default();
    let mut problem = errors.first().map_or_else(
        || {
            Problem::usage(
                "course",
                phrase!("the course is broken", "课程有错误"),
                phrase!("-", "-"),
            )
        },
        Explain::problem,
    );
    problem.hint = phrase!(
        "see every error: kafka-workbook course check{option}",
        "查看全部错误：kafka-workbook course check{option}"
    );
    problem
}

fn no_runtime(e: &std::io::Error) -> Problem {
    Problem::new(
        "no-runtime",
        phrase!("no threads could be started: {e}", "无法创建线程：{e}"),
        phrase!("see the limits of this session: ulimit -a", "查看当前会话的限制：ulimit -a"),
    )
}
