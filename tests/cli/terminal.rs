//! How text looks: width, colours, escape sequences.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use textwrap::core::display_width;

use crate::program::{Home, program};

/// Commands that print text without a cluster.
const TEXTS: [&[&str]; 13] = [
    &[],
    &["list"],
    &["lab", "task", "D01-4"],
    &["env", "list"],
    &["env", "status"],
    &["course", "check"],
    &["--help"],
    &["lab", "start", "--help"],
    &["env", "--help"],
    &["course", "verify", "--help"],
    &["lab", "check", "D01-4"],
    &["lab", "task", "a-lab-with-a-name-that-is-longer-than-any-lab-of-the-course-has-ever-been"],
    &["env", "up", "nonsense"],
];

#[test]
fn text_fits_80_columns_in_both_languages() {
    let home = Home::new();
    for arguments in TEXTS {
        for lang in ["en", "zh"] {
            let ran = home.run(&[arguments, &["--lang", lang]].concat());
            // Commands to be copied are never broken.
            let is_prose = |line: &&str| !line.trim_start().starts_with("$ ");
            let lines = ran.out.lines().chain(ran.err.lines()).filter(is_prose);
            for line in lines {
                assert!(
                    display_width(line) <= 80,
                    "{arguments:?}, {} columns: {line}",
                    display_width(line)
                );
            }
        }
    }
}

#[test]
fn without_a_terminal_nothing_is_coloured() {
    let home = Home::new();
    for arguments in TEXTS {
        let ran = home.run(arguments);
        assert!(
            !ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'),
            "{arguments:?}: {ran:?}"
        );
    }
}

/// A terminal and the end that the program writes to.
fn terminal() -> (OwnedFd, File) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let slave = File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    (master, slave)
}

/// What a terminal gets from the command, until the program has closed it.
fn shown_on_a_terminal(mut command: Command) -> String {
    let (master, slave) = terminal();
    command.stdin(Stdio::null()).stdout(slave.try_clone().unwrap()).stderr(slave);
    let mut child = command.spawn().unwrap();
    // The command holds the last copies of the program's end.
    drop(command);
    let lines = BufReader::new(File::from(master)).split(b'\n').map_while(Result::ok);
    let text = String::from_utf8(lines.flatten().collect()).unwrap();
    child.wait().unwrap();
    text
}

#[test]
fn a_terminal_is_coloured_unless_no_color_is_set() {
    let home = Home::new();
    let coloured = shown_on_a_terminal(home.command(program(), &["list"]));
    assert!(coloured.contains("\u{1b}[1mKafka in fifteen days\u{1b}[0m"), "{coloured:?}");
    let mut plain = home.command(program(), &["list"]);
    plain.env("NO_COLOR", "1");
    let plain = shown_on_a_terminal(plain);
    assert!(plain.contains("Kafka in fifteen days") && !plain.contains('\u{1b}'), "{plain:?}");
    let json = shown_on_a_terminal(home.command(program(), &["list", "--json"]));
    assert!(json.contains("Kafka in fifteen days") && !json.contains('\u{1b}'), "{json:?}");
}

#[test]
fn arguments_send_nothing_to_the_terminal() {
    let home = Home::new();
    let hostile = "nonsense\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}x";
    let commands: [&[&str]; 10] = [
        &[hostile],
        &["lesson", hostile],
        &["lab", "task", hostile],
        &["lab", "start", "D01-4", "--engine", hostile],
        &["lab", "answer", "D01-4", hostile, "x"],
        &["list", "--lang", hostile],
        &["list", "--course", hostile],
        &["env", "up", hostile],
        &["env", "up", "--file", hostile],
        &["course", "verify", "--live", hostile],
    ];
    for arguments in commands {
        let shown = shown_on_a_terminal(home.command(program(), arguments));
        // Colours of the program's own are no harm.
        let bare = ["[0m", "[1m", "[31m", "[32m", "[33m", "[36m", "[4m"]
            .iter()
            .fold(shown.clone(), |text, colour| text.replace(&format!("\u{1b}{colour}"), ""));
        let sent = bare.chars().find(|c| (c.is_control() && *c != '\r') || *c == '\u{202e}');
        assert_eq!(sent, None, "{arguments:?}: {shown:?}");
        assert!(shown.contains("nonsense"), "what was wrong is shown: {arguments:?}: {shown:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let home = Home::new();
    for arguments in [&["list"][..], &["list", "--json"], &["lab", "task", "D01-4"], &["--help"]] {
        let mut command = home.command(program(), arguments);
        let (reader, writer) = std::io::pipe().unwrap();
        command.stdout(writer).stderr(Stdio::piped());
        // Gone before the first byte: what `head -1` is to a program that is slower than it.
        drop(reader);
        let output = command.spawn().unwrap().wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), err.as_ref()), (Some(0), ""), "{arguments:?}");
    }
}
