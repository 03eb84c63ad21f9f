//! `doctor` on what is below the engines: Java, Kafka's jars, memory, ports, folders, leftovers.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use tempfile::TempDir;

use crate::doctor::{Found, WITH_IMAGE, java, kafka};
use crate::fake_docker::{Machine, prints};
use crate::fake_java::Java;
use crate::program::Home;

/// Without Docker, with this Java and an installed Kafka.
fn on_java(java: &Java, folder: &Path) -> Home {
    Home::new()
        .with("PATH", "/nonsense")
        .with("JAVA_HOME", java.path())
        .with("KAFKA_HOME", kafka(folder))
}

fn well() -> Machine {
    Machine::with_docker(&[WITH_IMAGE])
}

#[test]
fn a_java_outside_of_kafkas_range_is_told_with_the_range() {
    let folder = TempDir::new().unwrap();
    for version in ["11.0.20", "1.8.0_392", "26-ea"] {
        let java = Java::that(&format!("echo 'openjdk version \"{version}\" 2026' >&2"));
        let home = on_java(&java, folder.path());
        let (message, hint) = Found::of(&home, false).told("problem", "java-range");
        assert!(message.contains("17 to 25") && message.contains(version), "{message}");
        assert!(hint.contains("JAVA_HOME"), "{hint}");
    }
    Found::of(&on_java(&java(), folder.path()), true).told("ok", "java");
}

#[test]
fn a_java_that_does_not_work_or_does_not_answer_is_unusable() {
    let folder = TempDir::new().unwrap();
    for java in [Java::that("exit 134"), Java::that(":"), Java::that("sleep 600")] {
        let path = std::env::var_os("PATH").unwrap();
        let home = on_java(&java, folder.path())
            .with("PATH", path)
            .with("DOCKER_HOST", "tcp://127.0.0.1:1");
        let (message, _) = Found::of(&home, false).told("problem", "java-unusable");
        assert!(message.contains(&java.path().display().to_string()), "{message}");
    }
}

#[test]
fn where_kafka_would_come_from_is_told_and_not_tried() {
    let java = java();
    let home = || Home::new().with("JAVA_HOME", java.path()).with("KAFKA_HOME", "");
    let path = TempDir::new().unwrap();
    let found = Found::of(&home().with("PATH", path.path()), true);
    let (message, hint) = found.told("note", "kafka-to-fetch");
    assert!(message.contains("archive") && message.contains("not tried"), "{message}");
    assert!(hint.contains("KAFKA_WORKBOOK_ARCHIVE_URL") && hint.contains("Maven"), "{hint}");
    assert!(found.engine("jvm").2.contains("not tried"), "{:?}", found.engine("jvm"));

    // It would leave a mark if it were called.
    std::os::unix::fs::symlink("/bin/false", path.path().join("mvn")).unwrap();
    let (message, _) =
        Found::of(&home().with("PATH", path.path()), true).told("note", "kafka-to-fetch");
    assert!(message.contains("Maven"), "{message}");
}

#[test]
fn a_kafka_home_of_another_version_is_passed_over_and_told() {
    let (java, folder) = (java(), TempDir::new().unwrap());
    let libs = folder.path().join("libs");
    fs::create_dir(&libs).unwrap();
    fs::write(libs.join("kafka_2.13-3.7.0.jar"), "").unwrap();
    let home = on_java(&java, folder.path()).with("KAFKA_HOME", folder.path());
    let found = Found::of(&home, true);
    let (message, hint) = found.told("note", "kafka-home-wrong");
    assert!(message.contains("3.7.0"), "{message}");
    assert!(hint.contains("unset KAFKA_HOME"), "{hint}");
    found.told("note", "kafka-to-fetch");
}

#[test]
fn memory_that_no_machine_has_is_too_little() {
    let course = TempDir::new().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::os::unix::fs::symlink(root.join("labs"), course.path().join("labs")).unwrap();
    std::os::unix::fs::symlink(root.join("lessons"), course.path().join("lessons")).unwrap();
    fs::create_dir(course.path().join("compose")).unwrap();
    for file in fs::read_dir(root.join("compose")).unwrap() {
        let file = file.unwrap();
        let text = fs::read_to_string(file.path()).unwrap().replace("-Xmx384m", "-Xmx900g");
        fs::write(course.path().join("compose").join(file.file_name()), text).unwrap();
    }
    let machine = well();
    let home = machine.home.with("KAFKA_WORKBOOK_COURSE", course.path());
    let (message, _) = Found::of(&home, false).told("problem", "memory-too-little");
    assert!(message.contains(" takes up to 92"), "{message}");
}

#[test]
fn who_holds_a_port_is_told_by_its_program_and_pid() {
    let held = (30_000..60_000).step_by(100).find_map(|base| {
        let next = TcpListener::bind(("127.0.0.1", base + 1)).ok()?;
        Some((base, next))
    });
    let (base, _held) = held.unwrap();
    let machine = well().with("KAFKA_WORKBOOK_PORT_BASE", &base.to_string());
    let found = Found::of(&machine.home, true);
    let (message, hint) = found.told("note", "ports-taken");
    let pid = format!("(pid {})", std::process::id());
    assert!(message.contains(&format!("{} is held by ", base + 1)), "{message}");
    assert!(message.contains(&pid) && message.contains("next free block"), "{message}");
    assert!(hint.contains("KAFKA_WORKBOOK_PORT_BASE"), "{hint}");
}

#[test]
fn a_machine_without_a_free_block_has_a_problem_and_so_has_a_base_that_is_none() {
    let base: u16 = 60_000;
    // What is taken already is taken as well.
    let _held: Vec<TcpListener> =
        (0..50).filter_map(|i| TcpListener::bind(("127.0.0.1", base + 100 * i)).ok()).collect();
    let machine = well().with("KAFKA_WORKBOOK_PORT_BASE", "60000");
    let (message, _) = Found::of(&machine.home, false).told("problem", "ports-none-free");
    assert!(message.contains("60000"), "{message}");
    for nonsense in ["80", "nonsense", "65000"] {
        let machine = well().with("KAFKA_WORKBOOK_PORT_BASE", nonsense);
        let (message, _) = Found::of(&machine.home, false).told("problem", "port-base");
        assert!(message.contains(nonsense), "{message}");
    }
}

#[test]
fn a_home_or_a_cache_in_whose_way_something_stands_is_told() {
    let machine = well();
    fs::write(machine.home.path(), "").unwrap();
    let found = Found::of(&machine.home, false);
    let (message, _) = found.told("problem", "home-not-writable");
    assert!(message.contains("is a file"), "{message}");
    found.told("ok", "cache");

    let machine = well();
    let cache = machine.home.path().parent().unwrap().join("cache");
    fs::create_dir(&cache).unwrap();
    fs::write(cache.join("golden"), "").unwrap();
    // Containers need none.
    let found = Found::of(&machine.home, true);
    let (message, _) = found.told("note", "cache-not-writable");
    assert!(message.contains("golden is a file"), "{message}");
    found.told("ok", "home");
    assert!(!found.engine("jvm").0);

    let (java, folder) = (java(), TempDir::new().unwrap());
    let home = on_java(&java, folder.path()).with("KAFKA_WORKBOOK_CACHE", &cache);
    let found = Found::of(&home, false);
    found.told("problem", "cache-not-writable");
    assert!(!found.engine("jvm").0);
}

#[test]
fn a_damaged_progress_log_is_a_note_and_one_that_cannot_be_read_a_problem() {
    let machine = well();
    fs::create_dir(machine.home.path()).unwrap();
    let log = machine.home.path().join("progress.log");
    fs::write(&log, "nonsense\n").unwrap();
    let (message, _) = Found::of(&machine.home, true).told("note", "progress-damaged");
    assert!(message.contains("progress.log"), "{message}");
    fs::remove_file(&log).unwrap();
    fs::create_dir(&log).unwrap();
    let found = Found::of(&machine.home, false);
    assert!(!found.ids("problem").is_empty());
}

#[test]
fn what_bears_this_homes_label_and_nobody_knows_is_told_by_kind() {
    let listed = prints("kraft-single\tsome-name-1\n\tnameless\n");
    for (question, id) in [
        ("ps*", "left-containers"),
        ("'volume ls'*", "left-volumes"),
        ("'network ls'*", "left-networks"),
    ] {
        let machine = Machine::with_docker(&[(question, &listed), WITH_IMAGE]);
        let found = Found::of(&machine.home, true);
        let (message, hint) = found.told("note", id);
        assert!(message.contains("some-name-1, nameless"), "{message}");
        assert!(hint.contains("kafka-workbook env down --all"), "{hint}");
        let left = found.ids("note").into_iter().filter(|id| id.starts_with("left"));
        assert_eq!(left.collect::<Vec<_>>(), [id]);
    }
}

#[test]
fn the_home_of_a_gate_that_was_killed_is_told_with_what_removes_it() {
    let temporary = TempDir::new().unwrap();
    let left = temporary.path().join("kafka-workbook-aside-419430499");
    let alive = format!("kafka-workbook-aside-{}", std::process::id());
    fs::create_dir(&left).unwrap();
    fs::create_dir(temporary.path().join(alive)).unwrap();
    let machine = well();
    let home = machine.home.with("TMPDIR", temporary.path());
    let (message, hint) = Found::of(&home, true).told("note", "left-home");
    assert!(message.contains(&left.display().to_string()), "{message}");
    assert!(hint.contains("env down --all && rm -r '"), "{hint}");
}
