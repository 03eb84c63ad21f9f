//! However the program ends or pauses, the terminal is what it was.

use std::fs;
use std::process::Command;

use rustix::process::Signal;

use crate::keys::CTRL_Z;
use crate::program::{Home, finish, program};
use crate::pty::{CTRL_C, ENTER, Pty};
use crate::stage::{EN, at_lab, at_lesson, at_map, in_language, press};

#[test]
fn every_way_out_leaves_the_terminal_as_it_was() {
    let home = Home::new();
    for open in [in_language, at_lesson, at_lab] {
        for key in ["q", CTRL_C] {
            let mut pty = open(&home, &EN);
            pty.send(key);
            pty.wait_exit_with(0);
        }
    }
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let mut pty = at_map(&home);
        pty.signal(signal);
        pty.wait_exit_with(code);
    }
    // Behind help the keys and signals are the same.
    let mut pty = at_map(&home);
    press(&mut pty, "?");
    pty.send(CTRL_C);
    pty.wait_exit_with(0);
}

#[test]
fn it_ends_with_its_terminal() {
    let home = Home::new();
    for open in [in_language, at_lesson, at_lab] {
        open(&home, &EN).hang_up();
    }
}

#[test]
fn after_a_kill_the_home_is_as_good_as_before() {
    let home = Home::new();
    let mut pty = at_lab(&home, &EN);
    pty.signal(Signal::KILL);
    assert_eq!(pty.wait_exit(), 137);
    assert!(!pty.left_behind().is_empty(), "nobody could restore it");
    home.json(&["list"], 0);
    at_map(&home);
}

/// A shell with job control in a terminal.
fn bash(home: &Home) -> Pty {
    let mut command = home.command("/bin/bash".as_ref(), &["--norc", "--noprofile", "-i"]);
    let settings = home.path().with_file_name("inputrc");
    fs::write(&settings, "set enable-bracketed-paste off\n").unwrap();
    command.env("INPUTRC", settings).env("PS1", "prompt> ");
    let mut pty = Pty::open(&command, 120, 40);
    pty.wait_for("prompt>");
    pty
}

#[test]
fn it_is_suspended_and_comes_back_to_its_page() {
    let home = Home::new();
    let mut pty = bash(&home);
    pty.send(&format!("{}\r", program().display()));
    EN.wait_for_map(&mut pty);
    press(&mut pty, "j");
    let page = pty.text();
    for (time, (columns, rows)) in [(1, (120, 40)), (2, (90, 30))] {
        pty.send(CTRL_Z);
        pty.wait_until("the shell's prompt", |shown| {
            shown.matches("Stopped").count() == time && shown.trim_end().ends_with("prompt>")
        });
        // What is left differs by the shell's own line editor alone.
        assert!(
            pty.left_behind().iter().all(|mode| *mode == "line discipline"),
            "{:?}\n{}",
            pty.left_behind(),
            pty.show()
        );
        pty.resize(columns, rows);
        pty.send("fg\r");
        EN.wait_for_map(&mut pty);
        pty.wait_gone("Stopped");
    }
    pty.resize(120, 40);
    pty.wait_until("the page as it was", |shown| shown == page);
    press(&mut pty, "k");
    pty.send("q");
    pty.wait_for("prompt>");
    pty.send("clear; echo code $?\r");
    pty.wait_for("code 0");
    pty.send("exit\r");
    pty.wait_exit_with(0);
}

/// Without job control nobody could continue it: the kernel does not stop it at all.
#[test]
fn where_nobody_could_continue_it_it_goes_on() {
    let home = Home::new();
    let mut pty = at_map(&home);
    let before = pty.text();
    let written = pty.raw_len();
    pty.send(CTRL_Z);
    pty.wait_written(written);
    EN.wait_for_map(&mut pty);
    press(&mut pty, "j");
    pty.send("k");
    pty.wait_until("the page as it was", |shown| shown == before);
    pty.send("q");
    pty.wait_exit_with(0);
}

/// Runs a command to its end and says whether it ever took the screen.
fn takes_the_screen(pty: &mut Pty) -> bool {
    let raw = String::from_utf8_lossy(&pty.raw()).into_owned();
    raw.contains("\x1b[?1049h")
}

#[test]
fn what_cannot_be_shown_is_told_without_touching_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new();
    fs::write(home.path(), "a file where a folder should be").unwrap();
    let course = folder.path().to_str().unwrap();
    for (home, arguments) in [(Home::new(), &["--course", course][..]), (home, &[])] {
        let told = finish(home.command(program(), &[arguments, &["list"]].concat()), b"");
        assert_ne!(told.code, Some(0), "{told:?}");
        let mut pty = Pty::open(&home.command(program(), arguments), 120, 40);
        assert_eq!(Some(pty.wait_exit()), told.code, "{}", pty.show());
        let first: String = told.err.lines().next().unwrap().chars().take(60).collect();
        assert!(pty.text().contains(&first), "{first}\n{}", pty.show());
        assert!(!takes_the_screen(&mut pty), "{}", pty.show());
        pty.assert_restored();
    }
}

#[test]
fn where_no_page_can_be_drawn_the_course_is_listed() {
    let home = Home::new();
    let through = |script: &str| {
        let mut command: Command = home.command("/bin/sh".as_ref(), &["-c", script]);
        command.env("P", program());
        command
    };
    let mut dumb = home.command(program(), &[]);
    dumb.env("TERM", "dumb");
    let piped = ["exec \"$P\" </dev/null", "\"$P\" | cat", "exec \"$P\" --json"].map(through);
    for command in [dumb].into_iter().chain(piped) {
        let mut pty = Pty::open(&command, 120, 40);
        assert_eq!(pty.wait_exit(), 0, "{command:?}\n{}", pty.show());
        assert!(pty.text().contains("Kafka in fifteen days"), "{command:?}\n{}", pty.show());
        assert!(!takes_the_screen(&mut pty), "{command:?}\n{}", pty.show());
        pty.assert_restored();
    }
}

#[test]
fn keys_typed_ahead_are_not_lost() {
    let home = Home::new();
    let mut pty = at_map(&home);
    pty.send(&["j", "k", "l", "l", "\x1b[C", ENTER].concat());
    EN.wait_for_lesson(&mut pty);
}
