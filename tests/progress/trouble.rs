//! Disks that are full and places that are not ours: a clear problem, and nothing half written.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use kafka_workbook::problem::{Explain, Problem};
use kafka_workbook::progress::{ProgressError, ProgressLog};
use tempfile::TempDir;

use crate::child;
use crate::support::{Home, answer};

const NOBODY: u32 = 65534;

fn problem(result: Result<(), ProgressError>) -> Problem {
    result.unwrap_err().problem()
}

#[test]
fn a_directory_in_the_log_s_place_is_named() {
    let home = Home::new();
    fs::create_dir(home.path()).unwrap();
    for problem in
        [problem(home.log().append(&[answer("x")])), problem(home.log().read().map(drop))]
    {
        assert_eq!(problem.code, "progress-not-a-file");
        let path = home.path().display().to_string();
        assert!(problem.message.en.contains(&path) && problem.message.zh.contains(&path));
        assert!(problem.hint.en.contains("KAFKA_WORKBOOK_HOME"));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_in_the_log_s_place_is_not_read_for_ever() {
    let home = Home::new();
    symlink("/dev/full", home.path()).unwrap();
    assert_eq!(problem(home.log().append(&[answer("x")])).code, "progress-not-a-file");
    assert_eq!(problem(home.log().read().map(drop)).code, "progress-not-a-file");
}

#[test]
fn a_file_in_the_home_s_place_is_named() {
    let home = Home::new();
    fs::write(home.path(), "mine").unwrap();
    for log in [home.path().join("progress.log"), home.path().join("deeper").join("progress.log")] {
        let problem = problem(ProgressLog::at(&log).append(&[answer("x")]));
        assert_eq!(problem.code, "progress-no-directory", "{problem:?}");
    }
    assert_eq!(home.bytes(), b"mine");
}

#[test]
fn a_line_that_does_not_fit_on_the_disk_leaves_no_trace() {
    let home = Home::new();
    let mut limited = Command::new("sh");
    // The limit on the size of a file makes the kernel cut a write short, as a full disk does.
    limited.args(["-c", r#"trap "" XFSZ; ulimit -f 8 && exec "$0" "$@""#]);
    limited.arg(std::env::current_exe().unwrap()).args(child::ARGUMENTS);
    child::set_up(&mut limited, "fill", &home.path(), 0);
    let output = String::from_utf8(limited.output().unwrap().stdout).unwrap();
    let said: Vec<&str> = child::said(&output).collect();
    let (last, appended) = said.split_last().unwrap();
    assert_eq!(*last, "progress-disk-full");
    let reading = home.log().read().unwrap();
    assert!(appended.len() > 3);
    assert_eq!(reading.entries.len(), appended.len());
    assert!(reading.damaged.is_empty() && !reading.torn_tail);
    assert_eq!(home.bytes().last(), Some(&b'\n'));

    home.log().append(&[answer("room again")]).unwrap();
    assert_eq!(home.log().read().unwrap().entries.len(), appended.len() + 1);
}

/// What a program that may not write says of an append and of a read. Root may do all, so there
/// it is run as nobody, from a copy that nobody can reach.
fn as_stranger(directory: &Path, log: &Path) -> Vec<String> {
    let mut program = std::env::current_exe().unwrap();
    let root = rustix::process::geteuid().is_root();
    if root {
        let copy = directory.join("program");
        // A process of its own writes it: what this one had open for writing could not be run for as
        // long as a child that another test forks at that moment has it open too.
        assert!(Command::new("cp").args([&program, &copy]).status().unwrap().success());
        program = copy;
    }
    let mut command = child::command(&program, "try", log, 0);
    if root {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.current_dir(directory);
    let output = String::from_utf8(command.output().unwrap().stdout).unwrap();
    child::said(&output).map(str::to_owned).collect()
}

/// A home that can be read but not written.
fn read_only_home() -> (TempDir, PathBuf) {
    let directory = TempDir::new().unwrap();
    fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
    let home = directory.path().join("home");
    fs::create_dir(&home).unwrap();
    let log = home.join("progress.log");
    ProgressLog::at(&log).append(&[answer("before")]).unwrap();
    (directory, home)
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_read_only_home_can_be_read_and_says_why_it_is_not_written() {
    let (directory, home) = read_only_home();
    let log = home.join("progress.log");
    let before = fs::read(&log).unwrap();
    allow(&home.join("progress.log.lock"), 0o444);
    allow(&log, 0o444);
    allow(&home, 0o555);
    assert_eq!(as_stranger(directory.path(), &log), ["progress-denied", "fine"]);
    assert_eq!(fs::read(&log).unwrap(), before);
    allow(&home, 0o755);
}

#[test]
fn a_home_that_may_not_be_entered_says_so() {
    let (directory, home) = read_only_home();
    allow(&home, 0o000);
    let said = as_stranger(directory.path(), &home.join("progress.log"));
    assert_eq!(said, ["progress-denied", "progress-denied"]);
    allow(&home, 0o755);
}
