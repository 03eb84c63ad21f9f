//! The terminal that these tests stand on: what it would not see, they would not either.

use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;

use crate::pty::{CTRL_C, Pty};

fn shell(script: &str) -> Pty {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", script]).env("PATH", std::env::var_os("PATH").unwrap());
    Pty::open(&command, 40, 10)
}

#[test]
fn a_terminal_that_is_left_in_disorder_is_told_from_one_that_is_not() {
    let modes = "\\033[?1049h\\033[?25l\\033[?2004h\\033[?1000h\\033[31m";
    let mut pty = shell(&format!("stty raw -echo; printf '{modes}'"));
    assert_eq!(pty.wait_exit(), 0);
    let all = ["alternate screen", "hidden cursor", "mouse", "bracketed paste", "colours"];
    assert_eq!(pty.left_behind(), [&all[..], &["line discipline"]].concat());
    let mut pty = shell("was=$(stty -g); stty raw; printf '\\033[?1049hx\\033[?1049l'; stty $was");
    pty.wait_exit_with(0);
}

#[test]
fn what_is_typed_and_shown_goes_through_with_sizes_signals_and_exit_codes() {
    // Not told by a trap for WINCH: a shell that is about to read may then end its input instead.
    let script = "while read -r word; do echo \"<$word>\"; stty size; done; exit 7";
    let mut pty = shell(script);
    pty.send("中文\r");
    pty.wait_for("<中文>");
    pty.resize(120, 33);
    pty.send("again\r");
    pty.wait_for("33 120");
    pty.send("\x04");
    assert_eq!(pty.wait_exit(), 7);
    let sleeping = || {
        let mut pty = shell("echo ready; exec sleep 60");
        pty.wait_for("ready");
        pty
    };
    let mut pty = sleeping();
    pty.assert_quiet(Duration::from_millis(10));
    pty.send(CTRL_C);
    assert_eq!(pty.wait_exit(), 130);
    let mut pty = sleeping();
    pty.signal(Signal::KILL);
    assert_eq!(pty.wait_exit(), 137);
    sleeping().hang_up();
}

#[test]
#[should_panic(expected = "an idle screen wrote")]
fn a_screen_that_writes_now_and_then_is_not_idle() {
    let mut pty = shell("while sleep 0.7; do printf .; done");
    pty.assert_quiet(Duration::from_secs(2));
}
