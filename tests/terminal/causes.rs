//! What keeps the workbook from its work, as a person at a terminal is told of it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use tempfile::TempDir;

use crate::fake_java::Java;
use crate::keys::DOWN;
use crate::program::{Home, program};
use crate::pty::{ENTER, ESC, Pty, TO_LAB};
use crate::stage::{COMFORTABLE, EN, ZH, at_lab, press};

/// A machine without Docker, where this is `JAVA_HOME`. What a fake Java needs is on PATH.
fn with_java(java_home: &Path) -> Home {
    let tools = std::env::var_os("PATH").unwrap();
    let home = Home::new().with("DOCKER_HOST", "unix:///dev/null/nobody").with("PATH", tools);
    home.with("JAVA_HOME", java_home)
}

/// Starts the lab that is shown and reads why that cannot be done, in both languages. Then the page
/// is what it was, and nothing is written down.
#[track_caller]
fn start_is_refused(home: &Home, mut pty: Pty, en: &str, zh: &str) {
    let page = pty.text();
    pty.send(ENTER);
    pty.wait_for_all(&["This could not be done", en]);
    pty.send("l");
    pty.wait_for_all(&["没有做成", zh]);
    pty.send("l");
    pty.wait_for_all(&["This could not be done", en]);
    pty.send(ESC);
    pty.wait_until("the page as it was", |shown| shown == page);
    pty.send("q");
    pty.wait_exit_with(0);
    let log = fs::read(home.path().join("progress.log")).unwrap_or_default();
    assert!(log.is_empty(), "{}", String::from_utf8_lossy(&log));
    assert_eq!(fs::read_dir(home.path().join("env")).into_iter().flatten().count(), 0);
}

#[test]
fn a_java_that_does_not_fit_is_told() {
    let old = Java::that("echo 'openjdk version \"11.0.20\"' >&2");
    let broken = Java::that("echo 'Error: no libjava.so' >&2; exit 1");
    for (java, en, zh) in [
        (&old, "11.0.20", "需要 Java 17 到 25"),
        (&broken, "Error: no libjava.so", "在报告版本时失败"),
    ] {
        let home = with_java(java.path());
        start_is_refused(&home, at_lab(&home, &EN), en, zh);
    }
}

#[test]
fn a_start_that_waits_for_java_is_called_off_by_a_key() {
    let java = Java::that_hangs();
    let home = with_java(java.path());
    let mut pty = at_lab(&home, &EN);
    pty.send(ENTER);
    java.wait_asked();
    pty.wait_for("starting");
    pty.send("c");
    pty.wait_for("cancelled");
    pty.wait_gone("starting");
    pty.send("q");
    pty.wait_exit_with(0);
}

#[test]
fn a_base_for_ports_that_is_none_is_told() {
    let home = Home::new().with("KAFKA_WORKBOOK_PORT_BASE", "70000");
    start_is_refused(&home, at_lab(&home, &EN), "from 1024 to 60000", "1024 到 60000");
}

#[test]
fn an_environment_that_is_broken_is_told_by_its_line() {
    let course = TempDir::new().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["lessons", "labs"] {
        symlink(root.join(folder), course.path().join(folder)).unwrap();
    }
    let text = fs::read_to_string(root.join("compose/kraft-single.yaml")).unwrap();
    let file = course.path().join("compose/kraft-single.yaml");
    fs::create_dir(course.path().join("compose")).unwrap();
    fs::write(&file, text.replace("KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: one")).unwrap();
    let other = "compose/zookeeper-single.yaml";
    fs::copy(root.join(other), course.path().join(other)).unwrap();
    let home = Home::new().with("KAFKA_WORKBOOK_COURSE", course.path());
    start_is_refused(&home, at_lab(&home, &EN), "kraft-single.yaml:22:22", "实际是 `one`");
}

#[test]
fn a_home_that_is_a_dead_link_is_told_where_something_is_to_be_written() {
    let folder = TempDir::new().unwrap();
    let link = folder.path().join("link");
    symlink("/nonsense/nowhere", &link).unwrap();
    let home = Home::new().with("KAFKA_WORKBOOK_HOME", &link);
    let mut pty = at_lab(&home, &EN);
    press(&mut pty, "l");
    pty.wait_for_all(&["没有做成", "是失效的链接"]);
    press(&mut pty, ESC);
    ZH.wait_for_lab(&mut pty);
    pty.send("q");
    pty.wait_exit_with(0);
}

#[test]
fn what_cannot_even_be_read_is_told_before_there_is_a_screen() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("file"), "mine").unwrap();
    fs::create_dir(folder.path().join("labs")).unwrap();
    let file = Home::new().with("KAFKA_WORKBOOK_HOME", folder.path().join("file"));
    let course = Home::new().with("KAFKA_WORKBOOK_COURSE", folder.path());
    let cache = Home::new().with("KAFKA_WORKBOOK_CACHE", "/tmp/a:b");
    for (home, code, words) in [
        (file, 1, "progress.log"),
        (course, 2, "lessons/course.en.md: this file is missing"),
        (cache, 2, "/tmp/a:b has a colon"),
    ] {
        let command = home.command(program(), &["--lang", "en"]);
        let mut pty = Pty::open(&command, COMFORTABLE.0, COMFORTABLE.1);
        pty.wait_exit_with(code);
        let shown = pty.text();
        assert!(shown.contains("error: ") && shown.contains(words), "{}", pty.show());
    }
}

#[test]
fn a_long_reason_can_be_read_on_the_smallest_terminal() {
    let java =
        Java::that(&format!("echo 'Error: {}the end' >&2; exit 1", "no libjava.so, ".repeat(6)));
    let home = with_java(java.path());
    let command = home.command(program(), &["--lang", "en"]);
    let mut pty = Pty::open(&command, 60, 15);
    pty.wait_for("Foundations");
    pty.send(TO_LAB);
    pty.wait_for(EN.lab[0]);
    pty.send(ENTER);
    pty.wait_for_all(&["This could not be done", "no libjava.so"]);
    pty.send(&DOWN.repeat(20));
    pty.wait_for("│ no Java ");
}
