//! The learner's shell in the terminal that the workbook has given back.

use std::io::{Write as _, stdout};
use std::process::Command;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::time::timeout;

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
        Place::Lesson(day, section) => {
            let lesson = workbook.lesson(&day.to_string())?;
            lesson::shell(workbook, (lesson, lesson.stage_of(section)), &[])
        }
    }
}

/// How long a shell that is told to end may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// Runs it until the learner leaves it, or until a signal ends both: its number.
pub async fn run(
    command: Command,
    place: &Place,
    lang: Lang,
    signals: &mut Signals,
) -> Result<Option<u8>, Problem> {
    let (name, text) = match place {
        Place::Lab(id) => (id.clone(), format!("kafka-workbook lab task {id}")),
        Place::Lesson(day, _) => (format!("day-{day:02}"), format!("kafka-workbook lesson {day}")),
    };
    let welcome = phrase!(
        "{name}: Kafka's tools are on PATH. The text with commands to copy: {text}\nexit brings you back to the workbook.",
        "{name}：Kafka 的命令行工具都在 PATH 上。要复制文中的命令：{text}\n输入 exit 回到 workbook。"
    );
    let _ = writeln!(stdout(), "{}", welcome.get(lang));
    let program = command.get_program().to_string_lossy().into_owned();
    let child = tokio::process::Command::from(command).spawn();
    let mut child = child.map_err(|e| no_shell(&program, &e))?;
    let pid = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    tokio::select! {
        ended = child.wait() => ended.map(|_| None).map_err(|e| no_shell(&program, &e)),
        signal = signals.told_to_end() => {
            if let Some(pid) = pid {
                let _ = kill_process(pid, Signal::HUP);
            }
            // It gives the terminal back on its way out.
            if timeout(PATIENCE, child.wait()).await.is_err() {
                let _ = child.kill().await;
            }
            Ok(Some(signal))
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
