//! Runs a tool that has to be ended by somebody, should the command that runs it be killed.

use std::io::{self, stdin};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitStatus, Stdio};

use rustix::process::{Pid, Signal, getpgrp, kill_process};
use rustix::termios::tcgetpgrp;
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use crate::engine::Tool;

/// Runs the tool to its end, hands signals on to it, and says its exit code: that of a shell where
/// a signal has ended it.
pub async fn supervise(tool: Tool) -> io::Result<u8> {
    let Tool { command, end } = tool;
    let (mut interrupt, mut quit) = (signal(SignalKind::interrupt())?, signal(SignalKind::quit())?);
    let (mut terminate, mut hangup) =
        (signal(SignalKind::terminate())?, signal(SignalKind::hangup())?);
    let mut child = Command::from(command).spawn()?;
    let pid = child.id();
    let status = loop {
        tokio::select! {
            status = child.wait() => break status?,
            _ = interrupt.recv() => hand_on(pid, Signal::INT, !from_the_terminal()),
            _ = quit.recv() => hand_on(pid, Signal::QUIT, !from_the_terminal()),
            _ = terminate.recv() => hand_on(pid, Signal::TERM, true),
            _ = hangup.recv() => hand_on(pid, Signal::HUP, true),
        }
    };
    if let (false, Some(end)) = (status.success(), end) {
        // Most often it has ended by itself, which is all that is wanted.
        let _ = Command::from(end).stdout(Stdio::null()).stderr(Stdio::null()).status().await;
    }
    Ok(code_of(status))
}

fn hand_on(pid: Option<u32>, signal: Signal, wanted: bool) {
    let pid = pid.and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?));
    if let (Some(pid), true) = (pid, wanted) {
        // A child that has just ended needs no signal.
        let _ = kill_process(pid, signal);
    }
}

/// A terminal sends Ctrl-C to the whole foreground process group, the child included.
fn from_the_terminal() -> bool {
    tcgetpgrp(stdin()).is_ok_and(|foreground| foreground == getpgrp())
}

fn code_of(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| Some(128 + status.signal()?)).unwrap_or(1);
    u8::try_from(code).unwrap_or(1)
}
