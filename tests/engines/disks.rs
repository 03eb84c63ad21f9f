//! Disks that are full, of the home and of the cache.

use std::fs;
use std::path::Path;
use std::process::Command;

use kafka_workbook::engine::cluster::EngineKind;

use crate::disk::Disk;
use crate::live;
use crate::program::Home;
use crate::pty::{ENTER, ESC};
use crate::screen::{EN, at_lab, nothing_runs, on_page, signs_are, stage_in, started, starts};
use crate::stage::{LAB, Stage, until};
use crate::start::{half_started, nothing_is_left};

/// Room for a cluster, and not for many.
const SIZE: &str = "size=64m";

/// More than what is left of the last block of a file, in bytes.
const LONG: usize = 4096;

/// A stage whose home is a disk of its own, which has to outlive it.
fn stage_on(engine: EngineKind, options: &str) -> (Disk, Stage) {
    let home = Home::new();
    let disk = Disk::at(&home.path(), options);
    (disk, stage_in(engine, home))
}

/// What a command says in both languages when it fails so.
#[track_caller]
fn told(stage: &Stage, arguments: &[&str], code: &str) -> [String; 2] {
    ["en", "zh"].map(|lang| {
        let error = &stage.json(&[&["--lang", lang][..], arguments].concat(), 1)["error"];
        assert_eq!(error["code"], code, "{error}");
        format!("{}\n{}", error["message"].as_str().unwrap(), error["hint"].as_str().unwrap())
    })
}

pub fn too_little_room_is_told_while_the_cluster_still_runs(engine: EngineKind) {
    let (disk, stage) = stage_on(engine, SIZE);
    stage.start();
    let node = stage.incarnation();
    // The data of containers are elsewhere. Not so little that the node itself would notice.
    let (left, needed) = match engine {
        EngineKind::Containers => (128 << 10, "256 KiB"),
        _ => (2 << 20, "16384 KiB"),
    };
    disk.fill(left);
    let path = stage.path().display().to_string();
    for words in told(&stage, &stage.start_words(), "disk-full") {
        assert!(words.contains(&path) && words.contains(needed), "{words}");
        assert!(words.contains("df -h") && words.contains("KAFKA_WORKBOOK_HOME"), "{words}");
    }
    assert_eq!((stage.incarnation(), starts(&stage)), (node, 1));
    assert_eq!(stage.check(1).1, 0, "the attempt goes on");
    disk.free();
    stage.start();
    assert_eq!((stage.running().len(), starts(&stage)), (1, 2));
}

/// What the cluster before has written will be removed: it is no reason to refuse the next one.
pub fn room_that_the_next_start_makes_counts(engine: EngineKind) {
    let (disk, stage) = stage_on(engine, SIZE);
    stage.start();
    let data = stage.folder().join("volumes/much");
    fs::write(data, vec![1; 20 << 20]).unwrap();
    disk.fill(2 << 20);
    stage.start();
    assert_eq!((stage.running().len(), starts(&stage)), (1, 2));
}

pub fn a_disk_that_takes_no_more_files_is_told(engine: EngineKind) {
    let (disk, stage) = stage_on(engine, "size=64m,nr_inodes=2000");
    disk.fill_with_files(20);
    let [en, zh] = told(&stage, &stage.start_words(), "disk-full");
    assert!(en.contains("more files") && zh.contains("个文件") && en.contains("df -i"), "{en}");
    nothing_is_left(&stage);
    disk.free();
    stage.start();
}

pub fn a_disk_that_fills_while_a_node_starts_is_told_as_such(engine: EngineKind) {
    let (disk, stage) = stage_on(engine, SIZE);
    let child = half_started(&stage);
    disk.fill(0);
    let output = child.wait_with_output().unwrap();
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let error = &said["error"];
    assert_eq!((output.status.code(), &error["code"]), (Some(1), &"disk-full".into()), "{error}");
    assert!(!error["hint"].as_str().unwrap().contains("failed-start"), "no log could be kept");
    nothing_is_left(&stage);
    disk.free();
    stage.start();
    assert_eq!(stage.check(1).1, 0);
}

pub fn a_disk_that_fills_while_a_node_starts_is_told_on_the_screen(engine: EngineKind) {
    let (disk, stage) = stage_on(engine, SIZE);
    let mut pty = at_lab(&stage);
    pty.send(ENTER);
    until("the node runs", || (!stage.running().is_empty()).then_some(()));
    disk.fill(0);
    pty.wait_for_all(&["This could not be done", "is full", "df -h"]);
    pty.send(ESC);
    nothing_runs(&stage, &mut pty);
    disk.free();
    pty.send("r");
    signs_are(&mut pty, EN, "✗✗✗✗");
}

/// Nothing that was recorded is lost, and all goes on when there is room.
pub fn what_a_full_disk_does_not_take_can_be_repeated(engine: EngineKind) {
    let (disk, stage) = stage_on(engine, SIZE);
    stage.start();
    stage.run(&["lab", "answer", LAB, "error", "37"]).exits(0);
    let log = stage.path().join("progress.log");
    // A node at work frees a block now and then.
    stage.run(&["env", "pause"]).exits(0);
    disk.fill(0);
    let before = fs::read(&log).unwrap();
    let answer = "x".repeat(LONG);
    for words in told(&stage, &["lab", "answer", LAB, "error", &answer], "progress-disk-full") {
        assert!(words.contains(log.to_str().unwrap()) && words.contains("df -h"), "{words}");
    }
    assert_eq!(fs::read(&log).unwrap(), before);
    disk.free();
    stage.run(&["lab", "answer", LAB, "error", &answer]).exits(0);
    stage.run(&["env", "resume"]).exits(0);
    stage.json(&["lab", "check", LAB, "--wait", "10"], 1);
    stage.run(&["lab", "stop", LAB]).exits(0);
}

pub fn what_a_full_disk_does_not_take_is_told_on_the_screen(engine: EngineKind) {
    let (disk, stage) = stage_on(engine, SIZE);
    let mut pty = started(&stage);
    stage.run(&["env", "pause"]).exits(0);
    disk.fill(0);
    pty.send("l");
    pty.wait_for_all(&["没有做成", "磁盘已满"]);
    pty.send(ESC);
    pty.wait_gone("没有做成");
    disk.free();
    pty.send("l");
    on_page(&mut pty);
    let chosen = || fs::read_to_string(stage.path().join("language")).ok();
    until("the language is kept", || chosen().filter(|tag| tag == "en"));
}

/// A stage whose cache is a disk of its own, with what is copied into it.
fn with_cache(engine: EngineKind, options: &str, copied: &[&str]) -> (Disk, Stage) {
    let home = Home::new();
    let cache = home.path().with_file_name("own").join("cache");
    let disk = Disk::at(&cache, options);
    for name in copied {
        let mut copy = Command::new("cp");
        copy.current_dir(live::paths().cache());
        copy.args(["--recursive", "--parents", name]).arg(&cache);
        assert!(copy.status().unwrap().success());
    }
    (disk, Stage::with_cache(engine, home, &cache))
}

fn files_in(folder: &Path) -> usize {
    fs::read_dir(folder).into_iter().flatten().count()
}

pub fn a_cache_without_room_for_kafka_is_told(engine: EngineKind) {
    let (_disk, stage) = with_cache(engine, "size=4m", &[]);
    for words in told(&stage, &stage.start_words(), "disk-full") {
        assert!(words.contains("60 MiB") && words.contains("KAFKA_WORKBOOK_CACHE"), "{words}");
    }
    nothing_is_left(&stage);
    assert_eq!(files_in(&stage.cache().join("kafka")), 1, "the lock and nothing else");
}

/// There is room for what a start needs, and none for what would make the next ones faster.
pub fn a_cache_that_is_nearly_full_costs_no_cluster(engine: EngineKind) {
    let (disk, stage) = with_cache(engine, "size=80m", &["kafka/4.3.1"]);
    disk.fill(0);
    for words in told(&stage, &stage.start_words(), "disk-full") {
        assert!(words.contains(stage.cache().to_str().unwrap()), "{words}");
    }
    nothing_is_left(&stage);
    assert_eq!(files_in(&stage.cache().join("golden")), 0);
    disk.free();
    disk.fill(1 << 20);
    stage.start();
    assert_eq!(stage.check(1).1, 0);
    assert_eq!(files_in(&stage.cache().join("golden")), 1);
    assert!(!stage.cache().join("archives").exists(), "nobody trains on what is left");
}
