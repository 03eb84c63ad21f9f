//! Runs the learner's program as the lab says: the executable `run` in the workspace, start by
//! start, each with its end.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, kill_process_group, test_kill_process_group, waitid,
};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::audience::{Audience, ProgramEvent, called_off};
use super::host::Host;
use super::{Workbook, check, shell, workspace};
use crate::course::{Lab, ProgramStep, Until};
use crate::engine::cluster::Cluster;
use crate::grade::groups::caught_up;
use crate::kafka::client::Client;
use crate::problem::Problem;

/// The executable in the workspace.
pub const PROGRAM: &str = "run";

/// Between two looks whether a start has reached its end.
const INTERVAL: Duration = Duration::from_millis(100);

/// How long one question about that may take.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Between two looks whether a program has ended.
const END_INTERVAL: Duration = Duration::from_millis(10);

/// How long a program has to stop after SIGTERM.
const GRACE: Duration = Duration::from_secs(10);

/// How long the last verdicts may take to settle.
const SETTLE: Duration = Duration::from_secs(10);

/// How the starts of a program went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// The verdicts afterwards.
    pub report: check::Report,
    /// Whether every start reached its end without an error of the program's.
    pub completed: bool,
}

/// Runs the program from the first start to the last, grades meanwhile and afterwards. `output` is
/// where the program writes to, both its output and its errors.
pub async fn run(
    workbook: &Workbook,
    lab: &Lab,
    audience: &dyn Audience,
    output: &(dyn Fn() -> Stdio + Send + Sync),
) -> Result<Ran, Problem> {
    let attempt = workbook.open_attempt(lab)?;
    let cluster = attempt.cluster()?.clone();
    let program = program_of(workbook, lab)?;
    let mut host = Host::of(workbook, lab).await?;
    let starts =
        Starts { workbook, lab, program, cluster, audience, output, over: AtomicBool::new(false) };
    let mut trouble = None;
    let completed = {
        let hosted = async {
            trouble = host.watch(audience).await.err();
            // There is nothing to run for any more: what runs is told to stop, and waited for.
            starts.over.store(true, Ordering::Relaxed);
            std::future::pending::<()>().await;
        };
        tokio::select! {
            completed = starts.all() => completed?,
            () = hosted => false,
        }
    };
    if let Some(problem) = trouble {
        return Err(problem);
    }
    Ok(Ran { report: host.conclude(SETTLE, !audience.called_off()).await?, completed })
}

/// The executable, or why it cannot be run.
fn program_of(workbook: &Workbook, lab: &Lab) -> Result<PathBuf, Problem> {
    if lab.program.is_empty() {
        return Err(text::no_program_asked(&lab.id));
    }
    let path = workspace::folder(workbook, lab)?.join(PROGRAM);
    let mode = std::fs::metadata(&path).map(|file| (file.is_file(), file.permissions().mode()));
    match mode {
        Ok((true, mode)) if mode & 0o111 != 0 => Ok(path),
        Ok((true, _)) => Err(text::not_executable(&path)),
        _ => Err(text::no_program(&path)),
    }
}

struct Starts<'a> {
    workbook: &'a Workbook,
    lab: &'a Lab,
    program: PathBuf,
    cluster: Cluster,
    audience: &'a dyn Audience,
    output: &'a (dyn Fn() -> Stdio + Send + Sync),
    /// Whether there is nothing to run for any more.
    over: AtomicBool,
}

impl Starts<'_> {
    /// One start after the other; ends at the first that goes wrong.
    async fn all(&self) -> Result<bool, Problem> {
        for step in &self.lab.program {
            if self.is_over() || !self.one(step).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn one(&self, step: &ProgramStep) -> Result<bool, Problem> {
        let child = self.start(step)?;
        self.audience.program(&ProgramEvent::Started { arguments: step.arguments.clone() });
        let deadline = Instant::now() + step.timeout;
        let stopped = tokio::select! {
            () = ended(&child) => None,
            () = self.until_reached(step) => Some(ProgramEvent::Done),
            () = self.over() => Some(ProgramEvent::CalledOff),
            () = sleep_until(deadline) => Some(ProgramEvent::TooLate(step.timeout.as_secs())),
        };
        if let Some(why) = &stopped {
            self.audience.program(why);
        }
        let status = self.stop(child).await?;
        Ok(match stopped {
            None => status.success() && self.reached(step).await,
            Some(ProgramEvent::CalledOff) => false,
            // Too late for its time, it may have committed as it stopped.
            Some(ProgramEvent::TooLate(_)) => step.until != Until::Exit && self.reached(step).await,
            Some(_) => status.success() || ended_by_its_signal(status),
        })
    }

    fn start(&self, step: &ProgramStep) -> Result<Child, Problem> {
        let program = OsString::from(&self.program);
        let words: Vec<OsString> =
            std::iter::once(program).chain(step.arguments.iter().map(OsString::from)).collect();
        let command = shell::command(self.workbook, self.lab, &words)?;
        Command::from(command)
            .stdin(Stdio::null())
            .stdout((self.output)())
            .stderr((self.output)())
            // A terminal's Ctrl-C is for this program, which passes it on as SIGTERM.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| text::not_started(&self.program, &e))
    }

    /// Ends the program and all that it has started and left: with SIGTERM, or with SIGKILL after
    /// the grace.
    async fn stop(&self, mut child: Child) -> Result<ExitStatus, Problem> {
        let deadline = Instant::now() + GRACE;
        let group = group_of(&child);
        // Not reaped yet: the number of the group is its own. Who has ended needs no signal.
        signal(group, Signal::TERM);
        let in_time = timeout_at(deadline, child.wait()).await;
        while left(group) && Instant::now() < deadline {
            sleep(END_INTERVAL).await;
        }
        if in_time.is_err() || left(group) {
            self.audience.program(&ProgramEvent::Killed(GRACE.as_secs()));
            signal(group, Signal::KILL);
        }
        let status = child.wait().await.map_err(|e| text::not_started(&self.program, &e))?;
        self.audience.program(&ProgramEvent::Ended(status));
        Ok(status)
    }

    /// Whether there is nothing to run for, or the audience has enough.
    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed) || self.audience.called_off()
    }

    async fn over(&self) {
        tokio::select! {
            () = called_off(self.audience) => {}
            () = async {
                while !self.over.load(Ordering::Relaxed) {
                    sleep(INTERVAL).await;
                }
            } => {}
        }
    }

    async fn until_reached(&self, step: &ProgramStep) {
        if step.until == Until::Exit {
            return std::future::pending().await;
        }
        let client = self.cluster.client(PATIENCE);
        while !has_reached(step, &client).await {
            sleep(INTERVAL).await;
        }
    }

    /// Whether a program that has ended by itself did so where it was to.
    async fn reached(&self, step: &ProgramStep) -> bool {
        has_reached(step, &self.cluster.client(PATIENCE)).await
    }
}

/// The process group of a program that was started, and of all that it starts; `None` once it was
/// reaped.
fn group_of(child: &Child) -> Option<Pid> {
    child.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?))
}

fn signal(group: Option<Pid>, signal: Signal) {
    if let Some(group) = group {
        let _ = kill_process_group(group, signal);
    }
}

/// Whether anything is left of a group whose first process was reaped.
fn left(group: Option<Pid>) -> bool {
    group.is_some_and(|group| test_kill_process_group(group).is_ok())
}

/// Waits for the end of a program without reaping it.
async fn ended(child: &Child) {
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    let Some(pid) = group_of(child) else { return };
    while matches!(waitid(WaitId::Pid(pid), look), Ok(None)) {
        sleep(END_INTERVAL).await;
    }
}

async fn has_reached(step: &ProgramStep, client: &Client) -> bool {
    match &step.until {
        Until::Exit => true,
        // A cluster that could not be asked is asked again.
        Until::Committed { group, topic } => caught_up(client, group, topic).await.unwrap_or(false),
    }
}

/// A program that does not handle SIGTERM is ended by it, which is what was asked of it.
fn ended_by_its_signal(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    let stopped = Signal::TERM.as_raw();
    status.signal() == Some(stopped) || status.code() == Some(128 + stopped)
}

mod text {
    use std::path::Path;

    use crate::phrase;
    use crate::problem::Problem;

    pub fn no_program_asked(id: &str) -> Problem {
        Problem::usage(
            "no-program-asked",
            phrase!("{id} asks for no program", "{id} 不需要编写程序"),
            phrase!(
                "see the task: kafka-workbook lab task {id}",
                "查看任务：kafka-workbook lab task {id}"
            ),
        )
    }

    pub fn no_program(path: &Path) -> Problem {
        let path = path.display();
        Problem::usage(
            "no-program",
            phrase!("an executable file is expected at {path}", "{path} 处应有一个可执行文件"),
            phrase!(
                "a script that starts your program with `exec` will do",
                "可以是用 `exec` 启动你的程序的脚本"
            ),
        )
    }

    pub fn not_executable(path: &Path) -> Problem {
        let path = path.display();
        Problem::usage(
            "program-not-executable",
            phrase!("{path} is not executable", "{path} 没有执行权限"),
            phrase!("make it so: chmod +x {path}", "加上执行权限：chmod +x {path}"),
        )
    }

    pub fn not_started(path: &Path, e: &std::io::Error) -> Problem {
        let path = path.display();
        Problem::usage(
            "program-not-started",
            phrase!("{path} cannot be run: {e}", "无法运行 {path}：{e}"),
            phrase!(
                "a script begins with #! and its interpreter; a program is built for this machine",
                "脚本要以 #! 和解释器开头；程序要为本机编译"
            ),
        )
    }
}
