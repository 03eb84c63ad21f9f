//! Runs an attempt's script in the lab shell.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use super::Difference;
use crate::course::{Attempt, AttemptKind, Block, Lab, TIERS, blocks, script, substitute};
use crate::lab::workspace::write_file;
use crate::lab::{Workbook, shell, values};
use crate::phrase;
use crate::problem::Problem;

/// How long an attempt's script may take.
const TIMEOUT: Duration = Duration::from_mins(3);

/// How a script ended.
#[derive(Debug)]
pub enum Ended {
    /// There was none to run.
    Nothing,
    /// With this status, after printing this.
    With(ExitStatus, String),
    /// Not within the time it has.
    TooLate,
}

impl Ended {
    /// A script has to end with exit code 0.
    pub fn difference(&self) -> Option<Difference> {
        let ended = match self {
            Self::Nothing => return None,
            Self::With(status, _) if status.success() => return None,
            Self::With(status, printed) => format!("{status}: {}", tail(printed)),
            Self::TooLate => format!("still running after {} s", TIMEOUT.as_secs()),
        };
        Some(Difference::Script { ended })
    }
}

/// Writes the attempt's script out, with the files that it uses; `None` where there is none.
pub fn lay(workbook: &Workbook, lab: &Lab, attempt: &Attempt) -> Result<Option<PathBuf>, Problem> {
    let Some(text) = script_of(workbook, lab, attempt)? else { return Ok(None) };
    // Beside the workspace: a learner's folder holds the learner's files.
    let folder = workbook.paths.home().join("attempts").join(&lab.id).join(&attempt.name);
    for (path, content) in &attempt.files {
        let target = folder.join(path);
        write_file(&target, content).map_err(|e| Problem::file(&target, &e))?;
    }
    let file = folder.join("run");
    write_file(&file, &text).map_err(|e| Problem::file(&file, &e))?;
    Ok(Some(file))
}

/// Runs the attempt's script to its end.
pub async fn run(workbook: &Workbook, lab: &Lab, attempt: &Attempt) -> Result<Ended, Problem> {
    let Some(file) = lay(workbook, lab, attempt)? else { return Ok(Ended::Nothing) };
    let command = shell::command(workbook, lab, &[OsString::from(&file)])?;
    let mut command = tokio::process::Command::from(command);
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let child = child.map_err(|e| Problem::file(&file, &e))?;
    match tokio::time::timeout(TIMEOUT, child.wait_with_output()).await {
        Err(_) => Ok(Ended::TooLate),
        Ok(output) => {
            let output = output.map_err(|e| Problem::file(&file, &e))?;
            let mut printed = String::from_utf8_lossy(&output.stdout).into_owned();
            printed.push_str(&String::from_utf8_lossy(&output.stderr));
            Ok(Ended::With(output.status, printed))
        }
    }
}

fn script_of(
    workbook: &Workbook,
    lab: &Lab,
    attempt: &Attempt,
) -> Result<Option<Vec<u8>>, Problem> {
    match attempt.kind {
        AttemptKind::Untouched => Ok(None),
        AttemptKind::Hints => {
            let open = workbook.open_attempt(lab)?;
            let values = values::placeholders(&open.progress.values, open.cluster.as_ref());
            Ok(Some(substitute(&script(&last_hints(lab)?), &values).into_bytes()))
        }
        _ => Ok(attempt.script.clone()),
    }
}

/// The blocks of every check's third hint, in the order of the checks.
fn last_hints(lab: &Lab) -> Result<Vec<Block>, Problem> {
    let texts = lab.checks.iter().map(|check| lab.texts.hint(&check.id, TIERS[2]));
    let found: Result<Vec<Block>, _> = texts.flat_map(|text| blocks(&text.en)).collect();
    found.map_err(|e| {
        let (id, fault) = (&lab.id, &e.fault);
        Problem::usage(
            "hint-block",
            phrase!(
                "a hint of {id} has a block that cannot be run: {fault:?}",
                "{id} 的提示里有无法运行的代码块：{fault:?}"
            ),
            phrase!(
                "see it in full: kafka-workbook course check",
                "查看详情：kafka-workbook course check"
            ),
        )
    })
}

/// The last lines of what was printed, as one.
pub(super) fn tail(printed: &str) -> String {
    let lines: Vec<&str> = printed.trim_end().lines().collect();
    lines[lines.len().saturating_sub(6)..].join(" | ")
}
