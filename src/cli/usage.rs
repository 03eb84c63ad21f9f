//! Tells what was wrong with the arguments, and prints help.

use std::io::{self, Write};

use clap::error::ErrorKind;

use super::output::{Exit, Output};
use crate::phrase;
use crate::phrase::Phrase;
use crate::printable;
use crate::problem::Problem;

/// Prints help to standard output, or what is wrong to where problems go.
pub fn tell(e: &clap::Error, json: bool) -> Exit {
    if !e.use_stderr() {
        let _ = e.print();
        return Exit::Done;
    }
    if json {
        return Output::new(true, None).problem(&problem(e));
    }
    let mut stderr = io::stderr().lock();
    for line in e.to_string().lines() {
        // It quotes the arguments, and they may hold anything.
        let _ = writeln!(stderr, "{}", printable::line(line));
    }
    Exit::Usage
}

fn problem(e: &clap::Error) -> Problem {
    let hint = phrase!("see: kafka-workbook --help", "参见：kafka-workbook --help");
    // What is printed then is the whole help, with the command's description first.
    if e.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Problem::usage("usage", phrase!("a command is missing", "缺少子命令"), hint);
    }
    Problem::usage("usage", Phrase::same(first_paragraph(&e.to_string())), hint)
}

/// Its lines as one: the names of what is missing stand on lines of their own.
fn first_paragraph(text: &str) -> String {
    let lines: Vec<&str> = text.lines().take_while(|l| !l.is_empty()).map(str::trim).collect();
    lines.join(" ").trim_start_matches("error: ").to_owned()
}
