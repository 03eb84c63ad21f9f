//! Several programs on one home, and others that change its progress log: as seen at a screen.

use std::fs;
use std::path::PathBuf;

use crate::attempt::{FIELD, LAB, answer};
use crate::history::{KEPT, at_attempt, home, keep, on_page, open_answer, stored};
use crate::program::{Home, finish, program};
use crate::pty::{ESC, Pty};
use crate::stage::{EN, press};

fn log_of(home: &Home) -> PathBuf {
    home.path().join("progress.log")
}

#[test]
fn answers_that_are_given_at_once_are_all_stored_once() {
    let home = home();
    std::thread::scope(|scope| {
        for program in 0..4 {
            let home = &home;
            scope.spawn(move || {
                for number in 0..5 {
                    let value = format!("{program} {number}");
                    home.run(&["lab", "answer", LAB, FIELD, &value]).exits(0);
                }
            });
        }
    });
    let mut all = stored(&home.path());
    assert_eq!(answer(&home.path()).as_ref(), all.last());
    all.sort();
    let values = (0..4).flat_map(|program| (0..5).map(move |number| format!("{program} {number}")));
    assert_eq!(all, values.collect::<Vec<_>>());
}

/// What was stored is shown by the next dialog, without a key in between.
#[track_caller]
fn shows(pty: &mut Pty, kept: &str) {
    open_answer(pty);
    pty.wait_for(&format!("saved so far: {kept}"));
    pty.send(ESC);
    on_page(pty);
}

#[test]
fn two_screens_and_a_command_keep_each_answer_once_and_all_of_them_show_it() {
    let home = home();
    let mut screens = [at_attempt(&home), at_attempt(&home)];
    for number in 0..2 {
        let value = format!("at screen {number}");
        keep(&mut screens[number], &value);
        screens[number].wait_for(KEPT);
        shows_soon(&mut screens[1 - number], &value);
    }
    home.run(&["lab", "answer", LAB, FIELD, "by command"]).exits(0);
    for pty in &mut screens {
        shows_soon(pty, "by command");
        pty.send("q");
        pty.wait_exit_with(0);
    }
    assert_eq!(stored(&home.path()), ["at screen 0", "at screen 1", "by command"]);
}

/// The same of an answer of another program, which a screen hears of in a moment: a dialog that was
/// opened before shows what was stored then.
#[track_caller]
fn shows_soon(pty: &mut Pty, kept: &str) {
    let mut tries = 0;
    loop {
        open_answer(pty);
        let is_there = pty.text().contains(&format!("saved so far: {kept}"));
        pty.send(ESC);
        on_page(pty);
        if is_there {
            return;
        }
        tries += 1;
        assert!(tries < 1000, "{kept} is never shown\n{}", pty.show());
    }
}

/// The hint of what is said then begins with it.
const REWRITTEN: &str = "kafka-workbook only ever adds";

#[test]
fn a_log_that_is_taken_away_is_told_and_counts_again_when_it_is_back() {
    let home = home();
    home.run(&["lab", "answer", LAB, FIELD, "kept"]).exits(0);
    let (log, aside) = (log_of(&home), home.path().join("aside"));
    let mut pty = at_attempt(&home);
    fs::rename(&log, &aside).unwrap();
    pty.wait_for(REWRITTEN);
    pty.send(ESC);
    pty.wait_for("not started");
    fs::rename(&aside, &log).unwrap();
    on_page(&mut pty);
    shows(&mut pty, "kept");
}

#[test]
fn a_log_that_another_program_saves_anew_is_told_only_where_something_is_missing() {
    let home = home();
    let (log, aside) = (log_of(&home), home.path().join("aside"));
    for value in ["one", "two"] {
        home.run(&["lab", "answer", LAB, FIELD, value]).exits(0);
    }
    let mut pty = at_attempt(&home);
    // An editor saves what is there, and one answer more.
    fs::copy(&log, &aside).unwrap();
    fs::rename(&aside, &log).unwrap();
    home.run(&["lab", "answer", LAB, FIELD, "three"]).exits(0);
    shows_soon(&mut pty, "three");
    assert!(!pty.text().contains(REWRITTEN), "{}", pty.show());
    // A sync tool brings an older one, of which the last line is missing.
    let text = fs::read_to_string(&log).unwrap();
    let older: String = text.split_inclusive('\n').take(3).collect();
    fs::write(&log, older).unwrap();
    pty.wait_for(REWRITTEN);
    pty.send(ESC);
    on_page(&mut pty);
    shows(&mut pty, "two");
}

#[test]
fn lines_that_cannot_be_read_show_on_the_map_without_a_key() {
    let home = home();
    home.run(&["lab", "answer", LAB, FIELD, "kept"]).exits(0);
    let mut pty = at_attempt(&home);
    press(&mut pty, ESC);
    EN.wait_for_map(&mut pty);
    let log = log_of(&home);
    let whole = fs::read_to_string(&log).unwrap();
    // Another program adds what is no line: nothing that was there is gone.
    fs::write(&log, format!("{whole}<<<<<<< HEAD\n")).unwrap();
    pty.wait_for("! 1 line of your progress cannot be read: 3 (not a line of progress)");
    press(&mut pty, "w");
    pty.wait_for_all(&["Warning", "restore the file"]);
    pty.send(ESC);
    pty.wait_gone("restore the file");
    pty.send("q");
    pty.wait_exit_with(0);
    let told = finish(home.command(program(), &["list"]), b"").exits(0);
    assert!(told.err.starts_with("warning: 1 line of your progress"), "{told:?}");
}
