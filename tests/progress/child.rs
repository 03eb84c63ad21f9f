//! Another program on the same log: this test binary, run again.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kafka_workbook::problem::Explain;
use kafka_workbook::progress::{Event, ProgressError, ProgressLog};

use crate::support::{Random, answer, started};

const LOG: &str = "PROGRESS_CHILD_LOG";
const ROLE: &str = "PROGRESS_CHILD_ROLE";
const ID: &str = "PROGRESS_CHILD_ID";

/// What a child says begins with it, since the test harness writes to the same pipe.
pub const SAYS: &str = "child says ";

/// The lab that children write about.
pub const LAB: &str = "numbered";

/// Attempts that each child in the role `draw` starts.
pub const DRAWS: usize = 25;

/// The arguments of the test harness that run [`child`] and nothing else.
pub const ARGUMENTS: [&str; 5] =
    ["--exact", "child::child", "--ignored", "--nocapture", "--test-threads=1"];

/// A child process of this role; `program` is this binary or a copy of it.
pub fn command(program: &Path, role: &str, log: &Path, id: u32) -> Command {
    let mut command = Command::new(program);
    command.args(ARGUMENTS);
    set_up(&mut command, role, log, id);
    command
}

/// Tells a command that will become the child what to do.
pub fn set_up(command: &mut Command, role: &str, log: &Path, id: u32) {
    command.env(ROLE, role).env(LOG, log).env(ID, id.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::piped());
}

/// What the child said, in order.
pub fn said(output: &str) -> impl Iterator<Item = &str> {
    output.split_inclusive('\n').filter_map(heard)
}

/// What a child says in one line of its output, if the line is whole and its own.
pub fn heard(line: &str) -> Option<&str> {
    line.strip_suffix('\n')?.split_once(SAYS).map(|(_, said)| said)
}

#[test]
#[ignore = "run by the other tests, in a process of its own"]
fn child() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let path = PathBuf::from(std::env::var_os(LOG).unwrap());
    let log = ProgressLog::at(path);
    let id = std::env::var(ID).unwrap().parse().unwrap();
    match role.as_str() {
        "number" => number(&log, id, 20_000),
        "number-large" => number(&log, id, 300_000),
        "draw" => draw(&log),
        "fill" => fill(&log),
        "try" => try_both(&log),
        other => panic!("no role {other}"),
    }
}

/// Not through `println!`, so that each line is one write and is seen at once.
fn say(what: &str) {
    std::io::stdout().write_all(format!("{SAYS}{what}\n").as_bytes()).unwrap();
}

/// Appends numbered groups until it is killed, some of them with values of `large` bytes.
fn number(log: &ProgressLog, id: u32, large: usize) {
    let mut random = Random::seeded(u64::from(id));
    for number in 1_u32.. {
        log.append(&group(id, number, large, &mut random)).unwrap();
        say(&number.to_string());
    }
}

/// One to three events, at times over several pages: the kernel may stop a write between them.
fn group(id: u32, number: u32, large: usize, random: &mut Random) -> Vec<Event> {
    let size = if random.below(16) == 0 || large > 100_000 { large } else { 60 };
    let events = 1 + random.below(3);
    let event = |part| Event::AnswerGiven {
        lab: LAB.into(),
        attempt: id,
        field: format!("{number} {part} {events}"),
        value: "x".repeat(size),
    };
    (1..=events).map(event).collect()
}

fn draw(log: &ProgressLog) {
    for _ in 0..DRAWS {
        log.append_with::<ProgressError>(|progress| {
            Ok(vec![started(LAB, progress.next_attempt(LAB))])
        })
        .unwrap();
    }
}

/// Appends until it fails, saying each success and then the problem.
fn fill(log: &ProgressLog) {
    for size in 300..1300 {
        match log.append(&[answer(&"x".repeat(size))]) {
            Ok(()) => say("appended"),
            Err(error) => return say(error.problem().code),
        }
    }
}

fn try_both(log: &ProgressLog) {
    let word = |result: Result<(), ProgressError>| {
        result.map_or_else(|error| error.problem().code, |()| "fine")
    };
    say(word(log.append(&[answer("x")])));
    say(word(log.read().map(drop)));
}
