//! What of the learner's progress does not count, told beside what a command says.

use serde_json::{Value, json};

use super::args::{Command, Lab};
use super::output::Output;
use crate::lab::Workbook;
use crate::problem::Problem;
use crate::progress::Standing;

/// Says on standard error what of the progress that `command` rests on cannot be read. That it
/// cannot be read at all is the command's own to tell.
pub fn warn(workbook: &Workbook, command: Option<&Command>, output: &Output) {
    let rests_on_progress = match command {
        // All that is written then is what the learner's command writes.
        Some(Command::Lab(Lab::Shell { command, .. })) => command.is_empty(),
        None | Some(Command::List | Command::Lab(_)) => true,
        Some(_) => false,
    };
    if !rests_on_progress || output.json {
        return;
    }
    if let Ok(standing) = workbook.progress.standing() {
        for warning in of(workbook, &standing) {
            output.problem(&warning);
        }
    }
}

/// The same for programs.
pub fn objects(workbook: &Workbook, standing: &Standing, output: &Output) -> Vec<Value> {
    let object = |warning: &Problem| {
        let (message, hint) = (output.say(&warning.message), output.say(&warning.hint));
        json!({"code": warning.code, "message": message, "hint": hint})
    };
    of(workbook, standing).iter().map(object).collect()
}

fn of(workbook: &Workbook, standing: &Standing) -> Vec<Problem> {
    standing.warnings(workbook.progress.path())
}
