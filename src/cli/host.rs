//! `kafka-workbook lab watch` and `lab run`: a line at each change.

use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde_json::{Value, json};
use tokio::task::AbortHandle;

use super::output::{Exit, Ink, Output};
use super::{signals, verdicts};
use crate::course::Lab;
use crate::lab::Workbook;
use crate::lab::audience::{Audience, ProgramEvent};
use crate::lab::check::{Report, is_news};
use crate::lab::host::Host;
use crate::lab::program::{self, PROGRAM, Ran};
use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::Problem;

/// Shows what it is told.
struct Shown<'a> {
    lab: &'a Lab,
    output: Output,
    last: Mutex<Option<Report>>,
    called_off: Arc<AtomicBool>,
}

/// Hosts a lab until Ctrl-C or the end of the attempt; the exit code is that of the last verdicts.
pub async fn watch(workbook: &Workbook, lab: &Lab, output: &Output) -> Result<Exit, Problem> {
    let mut host = Host::of(workbook, lab).await?;
    let shown = Shown::of(lab, output);
    let signals = heed_signals(&shown.called_off);
    let watched = host.watch(&shown).await;
    signals.abort();
    watched?;
    if !shown.called_off() {
        over(output);
    }
    let last = shown.last.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(last.as_ref().map_or(Exit::CouldNotAsk, verdicts::exit_of))
}

/// Runs the learner's program and hosts the lab meanwhile.
pub async fn run(workbook: &Workbook, lab: &Lab, output: &Output) -> Result<Exit, Problem> {
    let shown = Shown::of(lab, output);
    let signals = heed_signals(&shown.called_off);
    let ran = program::run(workbook, lab, &shown, &to_stderr).await;
    signals.abort();
    let Ran { report, completed } = ran?;
    if output.json {
        output.object(event("result", verdicts::object(lab, &report, output)));
    } else {
        output.line("");
        verdicts::text(lab, &report, output);
    }
    let exit = verdicts::exit_of(&report);
    Ok(if completed { exit } else { exit.max(Exit::Failed) })
}

/// Says that there is nothing to watch any more.
fn over(output: &Output) {
    if output.json {
        output.object(event("over", json!({})));
    } else {
        let over = phrase!(
            "this attempt is over: it was stopped or begun anew",
            "本次尝试已结束：它被停止或重新开始了"
        );
        output.text(0, output.say(&over));
    }
}

/// Standard output is for verdicts: what the program writes goes where its errors go.
fn to_stderr() -> Stdio {
    Stdio::from(io::stderr())
}

/// Whether whoever reads what is written has gone (`| head -1`).
fn nobody_reads() -> bool {
    let stdout = io::stdout();
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    let mut asked = [PollFd::new(&stdout, PollFlags::empty())];
    let gone = PollFlags::ERR | PollFlags::HUP;
    poll(&mut asked, Some(&now)).is_ok() && asked[0].revents().intersects(gone)
}

/// Calls off at Ctrl-C, SIGTERM or the end of the terminal, from now on.
fn heed_signals(called_off: &Arc<AtomicBool>) -> AbortHandle {
    let (called_off, signal) = (Arc::clone(called_off), signals::call_off());
    let heeded = async move {
        signal.await;
        called_off.store(true, Ordering::Relaxed);
    };
    tokio::spawn(heeded).abort_handle()
}

impl<'a> Shown<'a> {
    fn of(lab: &'a Lab, output: &Output) -> Self {
        Self { lab, output: *output, last: Mutex::default(), called_off: Arc::default() }
    }
}

impl Audience for Shown<'_> {
    fn verdicts(&self, report: &Report) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if self.output.json {
            let report = verdicts::object(self.lab, report, &self.output);
            self.output.object(event("verdicts", report));
        } else {
            match &*last {
                None => verdicts::text(self.lab, report, &self.output),
                Some(before) => changes(self.lab, before, report, &self.output),
            }
        }
        *last = Some(report.clone());
    }

    fn program(&self, event: &ProgramEvent) {
        if self.output.json {
            self.output.object(program_object(event));
        } else {
            let line = program_text(event);
            self.output.line(&self.output.ink(Ink::Bold, self.output.say(&line)));
        }
    }

    fn called_off(&self) -> bool {
        self.called_off.load(Ordering::Relaxed) || nobody_reads()
    }
}

/// The checks that say something else than before, and the points where they have changed.
fn changes(lab: &Lab, before: &Report, report: &Report, output: &Output) {
    let pairs = before.checks.iter().zip(&report.checks);
    for (_, line) in pairs.filter(|(before, now)| is_news(before, now)) {
        verdicts::check_text(lab, line, output);
    }
    if before.points != report.points {
        let (points, max) = (report.points, report.max_points);
        let line = if report.passed {
            phrase!("{points}/{max} pts, all passed", "{points}/{max} 分，全部通过")
        } else {
            phrase!("{points}/{max} pts", "{points}/{max} 分")
        };
        output.line(&output.ink(Ink::Bold, output.say(&line)));
    }
}

fn event(name: &str, mut object: Value) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.insert("event".to_owned(), json!(name));
    }
    object
}

fn program_object(told: &ProgramEvent) -> Value {
    let fields = match told {
        ProgramEvent::Started { arguments } => json!({"state": "started", "arguments": arguments}),
        ProgramEvent::Done => json!({"state": "stopping", "reason": "done"}),
        ProgramEvent::TooLate(after) => {
            json!({"state": "stopping", "reason": "too-late", "seconds": after})
        }
        ProgramEvent::CalledOff => json!({"state": "stopping", "reason": "called-off"}),
        ProgramEvent::Killed(after) => json!({"state": "killed", "seconds": after}),
        ProgramEvent::Ended(status) => {
            json!({"state": "ended", "exit_code": status.code(), "signal": status.signal()})
        }
    };
    event("program", fields)
}

fn program_text(told: &ProgramEvent) -> Phrase {
    match told {
        ProgramEvent::Started { arguments } => {
            let arguments = arguments.join(" ");
            phrase!("{PROGRAM} {arguments}: started", "{PROGRAM} {arguments}：已启动")
        }
        ProgramEvent::Done => phrase!(
            "its work is done; it is told to stop (SIGTERM)",
            "任务已完成；通知它停止（SIGTERM）"
        ),
        ProgramEvent::TooLate(after) => phrase!(
            "not done after {after} s; it is told to stop (SIGTERM)",
            "{after} 秒仍未完成；通知它停止（SIGTERM）"
        ),
        ProgramEvent::CalledOff => {
            phrase!("called off; it is told to stop (SIGTERM)", "已取消；通知它停止（SIGTERM）")
        }
        ProgramEvent::Killed(after) => phrase!(
            "it did not stop within {after} s, and was killed (SIGKILL)",
            "{after} 秒内没有停止，已强制结束（SIGKILL）"
        ),
        ProgramEvent::Ended(status) => ended(*status),
    }
}

fn ended(status: ExitStatus) -> Phrase {
    match (status.code(), status.signal()) {
        (Some(code), _) => phrase!("ended with exit code {code}", "已结束，退出码 {code}"),
        (None, Some(signal)) => phrase!("ended by signal {signal}", "被信号 {signal} 终止"),
        (None, None) => phrase!("ended", "已结束"),
    }
}
