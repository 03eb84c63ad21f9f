//! Ports that other programs hold, at the worst moment and for ever.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{Command, Stdio};

use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::engine::programs::find_program;
use rustix::fs::OFlags;
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Home, finish, program};
use crate::screen::starts;
use crate::stage::{COMPOSE_FILE, LAB, Stage, until};

/// Runs the real `docker`, but waits before containers are made until somebody has written to the
/// pipe, once.
const GATE: &str = r#"#!/bin/sh
here=${0%/*}
case "$*" in
*"up --detach"*) if [ -p "$here/gate" ]; then read -r go <"$here/gate"; rm "$here/gate"; fi ;;
esac
exec REAL "$@"
"#;

/// A `docker` that lets nobody make containers for a while.
struct Gate(TempDir);

impl Gate {
    fn new() -> Self {
        let gate = Self(TempDir::with_prefix("kafka-workbook-gate-").unwrap());
        let real = find_program("docker").unwrap();
        let text = GATE.replace("REAL", real.to_str().unwrap());
        let mut sh = Command::new("sh");
        sh.args(["-c", r#"mkfifo "$0/gate" && cat >"$0/docker" && chmod 755 "$0/docker""#]);
        sh.arg(gate.0.path());
        finish(sh, text.as_bytes()).exits(0);
        gate
    }

    /// PATH with this `docker` first.
    fn path(&self) -> OsString {
        let path = std::env::var_os("PATH").unwrap();
        let first = std::iter::once(self.0.path().to_owned());
        std::env::join_paths(first.chain(std::env::split_paths(&path))).unwrap()
    }

    /// Waits until somebody stands there, does something meanwhile and lets them through.
    #[track_caller]
    fn opens<T>(&self, meanwhile: impl FnOnce() -> T) -> T {
        let pipe = self.0.path().join("gate");
        // A pipe without a reader cannot be opened for writing alone.
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap();
        let open = || File::options().write(true).custom_flags(flags).open(&pipe).ok();
        let mut gate = until("containers are about to be made", open);
        let done = meanwhile();
        gate.write_all(b"go\n").unwrap();
        done
    }
}

/// A base above which this many blocks are free, as far as the first two ports go.
fn free_base(blocks: u16) -> u16 {
    let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    let has_room =
        |base: &u16| (0..blocks).all(|n| [0, 1].iter().all(|p| is_free(base + n * 100 + p)));
    (21_000_u16..27_000).step_by(500).find(has_room).unwrap()
}

pub fn a_port_that_is_taken_while_a_node_starts_moves_the_block(engine: EngineKind) {
    let base = free_base(2);
    let mut home = Home::new().with("KAFKA_WORKBOOK_PORT_BASE", base.to_string());
    let gate = (engine == EngineKind::Containers).then(Gate::new);
    if let Some(gate) = &gate {
        home = home.with("PATH", gate.path());
    }
    let stage = Stage::in_home(engine, home);
    let words = [&["--json"][..], &stage.start_words()].concat();
    let mut command = stage.command(program(), &words);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // On all addresses: nodes bind the controller's port on one of their own.
    let hold = || TcpListener::bind(("0.0.0.0", base + 1)).unwrap();
    let _held = if let Some(gate) = gate {
        gate.opens(hold)
    } else {
        // By now its ports are chosen, and a JVM takes ten times as long to bind them.
        let chosen = || stage.folder().join("cluster.json").exists().then_some(());
        until("the ports are chosen", chosen);
        hold()
    };
    let output = child.wait_with_output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(said["bootstrap_servers"], format!("localhost:{}", base + 100));
    assert_eq!((stage.running().len(), starts(&stage)), (1, 1));
    assert_eq!(stage.check(1).1, 0);
    assert!(!stage.path().join("failed-start").exists(), "it has not failed");
}

pub fn a_start_without_ports_leaves_the_cluster_that_runs(engine: EngineKind) {
    let stage = Stage::started(engine);
    let node = stage.incarnation();
    let base = 21_000_u16;
    // Whatever is held already is as good.
    let held: Vec<_> =
        (0..50).map(|block| TcpListener::bind(("127.0.0.1", base + 100 * block + 1))).collect();
    let try_to_start = |lang: &str| {
        let words = [&["--json", "--lang", lang][..], &stage.start_words()].concat();
        let mut command = stage.command(program(), &words);
        command.env("KAFKA_WORKBOOK_PORT_BASE", base.to_string());
        finish(command, b"")
    };
    for lang in ["en", "zh"] {
        let error = try_to_start(lang).exits(1).json()["error"].clone();
        assert_eq!(error["code"], "port-busy", "{error}");
        for (field, words) in [("message", "21001"), ("hint", "KAFKA_WORKBOOK_PORT_BASE")] {
            assert!(error[field].as_str().unwrap().contains(words), "{error}");
        }
    }
    assert_eq!((stage.incarnation(), starts(&stage)), (node, 1));
    assert_eq!(stage.check(1).1, 0, "the attempt goes on");
    drop(held);
    try_to_start("en").exits(0);
    assert_eq!((stage.running().len(), starts(&stage)), (1, 2));
}

pub fn a_port_of_the_other_localhost_moves_the_block(engine: EngineKind) {
    let base = free_base(2);
    let Ok(_held) = TcpListener::bind(("::1", base)) else {
        eprintln!("this machine has no IPv6: nobody can hold a port of it");
        return;
    };
    let home = Home::new().with("KAFKA_WORKBOOK_PORT_BASE", base.to_string());
    let stage = Stage::in_home(engine, home);
    assert_eq!(stage.start()["bootstrap_servers"], format!("localhost:{}", base + 100));
}

pub fn a_port_that_the_file_names_itself_is_told_with_what_helps(engine: EngineKind) {
    let stage = Stage::started(engine);
    let node = stage.incarnation();
    let held = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = held.local_addr().unwrap().port().to_string();
    let file = stage.path().with_file_name("mine.yaml");
    let text = fs::read_to_string(COMPOSE_FILE).unwrap();
    fs::write(&file, text.replace("29092", &port)).unwrap();
    let words = ["env", "up", "--engine", engine.name(), "--file", file.to_str().unwrap()];
    let error = stage.json(&words, 1)["error"].clone();
    assert_eq!(error["code"], "port-busy", "{error}");
    assert!(error["message"].as_str().unwrap().contains(&port), "{error}");
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("--engine containers") && !hint.contains("PORT_BASE"), "{error}");
    assert_eq!(stage.incarnation(), node);
    assert_eq!(stage.json(&["lab", "check", LAB], 1)["attempt"], 1);
    drop(held);
    stage.json(&words, 0);
}
