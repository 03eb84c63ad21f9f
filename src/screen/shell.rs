//! The learner's shell in the terminal that the workbook has given back.

use std::io::{Write as _, stdout};
use std::process::Command;

use rustix::process::{Pid, Signal, kill_process};

use super::signals::Signals;
use crate::app::Place;
use crate::lab::{Workbook, lesson, shell};
use crate::phrase;
use crate::phrase::Lang;
use crate::problem::Problem;

/// The shell of a place, not yet run.
pub fn command(workbook: &Workbook, place: &Place) -> Result<Command, Problem> {
    match place {
        Place::Lab(id) => shell::interactive(workbook, workbook.lab(id)?),
        Place::Lesson(day) => lesson::shell(workbook, workbook.lesson(&day.to_string())?, &[]),
    }
}

/// Runs it until the learner leaves it.
pub async fn run(
    command: Command,
    place: &Place,
    lang: Lang,
    signals: &mut Signals,
) -> Result<(), Problem> {
    let name = match place {
        Place::Lab(id) => id.clone(),
        Place::Lesson(day) => format!("day-{day:02}"),
    };
    let welcome = phrase!(
        "{name}: Kafka's tools are on PATH. `exit` brings you back to the workbook.",
        "{name}：Kafka 的命令行工具都在 PATH 上。输入 exit 回到 workbook。"
    );
    let _ = writeln!(stdout(), "{}", welcome.get(lang));
    let program = command.get_program().to_string_lossy().into_owned();
    let child = tokio::process::Command::from(command).spawn();
    let mut child = child.map_err(|e| no_shell(&program, &e))?;
    let pid = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    tokio::select! {
        ended = child.wait() => ended.map(drop).map_err(|e| no_shell(&program, &e)),
        _ = signals.told_to_end() => {
            // The workbook ends, and the shell with it.
            if let Some(pid) = pid {
                let _ = kill_process(pid, Signal::HUP);
            }
            let _ = rustix::process::kill_process(rustix::process::getpid(), Signal::TERM);
            Ok(())
        }
    }
}

fn no_shell(program: &str, e: &std::io::Error) -> Problem {
    Problem::new(
        "no-shell",
        phrase!("{program} cannot be run: {e}", "无法运行 {program}：{e}"),
        phrase!(
            "set SHELL to a shell that is there: SHELL=/bin/bash kafka-workbook",
            "把 SHELL 设为一个存在的 shell：SHELL=/bin/bash kafka-workbook"
        ),
    )
}
