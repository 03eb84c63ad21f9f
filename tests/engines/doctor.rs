//! `doctor` beside real clusters: what was killed, what is left, and a real `docker` that reaches
//! nobody.

use std::fs;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::time::{Duration, Instant};

use kafka_workbook::engine::cluster::EngineKind;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::program::Home;
use crate::stage::{Stage, docker, until};

/// What was found: the finding's id, level, message and hint.
fn findings(stage: &Stage, code: i32) -> Vec<[String; 4]> {
    let found = stage.json(&["doctor"], code);
    assert_eq!(found["ready"], code == 0, "{found}");
    let text =
        |finding: &Value, field: &str| finding[field].as_str().unwrap_or_default().to_owned();
    let findings = found["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|f| ["id", "level", "message", "hint"].map(|field| text(f, field)))
        .collect()
}

#[track_caller]
fn told(stage: &Stage, id: &str) -> (String, String, String) {
    let findings = findings(stage, 0);
    let found = findings.iter().find(|[found, ..]| found == id);
    let [_, level, message, hint] = found.unwrap_or_else(|| panic!("{id} in {findings:?}")).clone();
    (level, message, hint)
}

/// Ids of what is not well and begins so.
fn notes(stage: &Stage, begin: &str) -> Vec<String> {
    let notes = findings(stage, 0).into_iter().filter(|[_, level, ..]| level != "ok");
    notes.map(|[id, ..]| id).filter(|id| id.starts_with(begin)).collect()
}

/// Kills the node behind everybody's back.
fn kill_node(stage: &Stage) {
    let node = stage.node();
    if let Some(name) = node["container"].as_str() {
        docker(&["kill", name]);
    } else {
        let pid = i32::try_from(node["pid"].as_i64().unwrap()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
    }
    until("the node is gone", || (stage.node()["state"] == "stopped").then_some(()));
}

pub fn a_cluster_that_runs_is_well_and_one_that_was_killed_is_told(engine: EngineKind) {
    let stage = Stage::started(engine);
    let port = stage.bootstrap().rsplit_once(':').unwrap().1.to_owned();
    let (level, message, _) = told(&stage, "cluster");
    assert!(level == "ok" && message.contains(&stage.bootstrap()), "{message}");
    assert!(
        !findings(&stage, 0)
            .iter()
            .any(|[id, _, message, _]| { id == "ports-taken" && message.contains(&port) })
    );
    assert_eq!(notes(&stage, "left"), Vec::<String>::new());

    kill_node(&stage);
    let (level, message, hint) = told(&stage, "cluster-stopped");
    assert!(level == "note" && message.contains("kafka"), "{message}");
    assert!(hint.contains("kafka-workbook env up"), "{hint}");
    // In the meantime somebody else takes its address.
    let held = until("the port is free", || TcpListener::bind(format!("127.0.0.1:{port}")).ok());
    let (_, message, _) = told(&stage, "cluster-ports-taken");
    let holder = format!("(pid {})", std::process::id());
    assert!(message.contains(&port) && message.contains(&holder), "{message}");
    drop(held);
    stage.json(&["env", "up"], 0);
    assert_eq!(told(&stage, "cluster").0, "ok");
    assert_eq!(notes(&stage, "cluster"), Vec::<String>::new());
}

pub fn what_nothing_is_written_down_of_is_told_with_its_cure(engine: EngineKind) {
    let stage = Stage::started(engine);
    let running = stage.running();
    fs::remove_file(stage.folder().join("cluster.json")).unwrap();
    let (_, message, _) = told(&stage, "left-environments");
    assert!(message.contains(&stage.folder().display().to_string()), "{message}");
    fs::remove_dir_all(stage.folder()).unwrap();
    let expected: &[&str] = match engine {
        EngineKind::Containers => &["left-containers", "left-volumes", "left-networks"],
        _ => &["left-processes"],
    };
    assert_eq!(notes(&stage, "left"), expected);
    let (_, message, hint) = told(&stage, expected[0]);
    if engine == EngineKind::Jvm {
        assert!(message.contains(&format!("kafka (pid {})", running[0])), "{message}");
    }
    assert!(hint.contains("kafka-workbook env down --all"), "{hint}");
    assert_eq!(stage.running(), running, "looking changes nothing");

    stage.json(&["env", "down", "--all"], 0);
    assert_eq!((notes(&stage, "left"), stage.traces()), (vec![], vec![]));
}

/// What the real `docker` says when it is sent to a socket, and how long the doctor takes.
#[track_caller]
fn at_socket(engine: EngineKind, socket: &str, id: &str) {
    let home = Home::new().with("DOCKER_HOST", format!("unix://{socket}")).with("JAVA_HOME", "");
    let stage = Stage::in_home(engine, home);
    let begun = Instant::now();
    // Whether there is a Java decides how bad it is.
    let found = stage.run(&["--json", "doctor"]).json();
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    let ids: Vec<&str> =
        found["findings"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&id), "{id} in {found}");
    let engines = found["engines"].as_array().unwrap();
    let containers = engines.iter().find(|e| e["name"] == "containers").unwrap();
    assert_eq!((&containers["ready"], &containers["taken"]), (&false.into(), &false.into()));
}

pub fn a_docker_that_reaches_nobody_is_told_by_the_reason(engine: EngineKind) {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).display().to_string();
    at_socket(engine, &place("missing.sock"), "docker-socket-missing");
    drop(UnixListener::bind(place("refused.sock")).unwrap());
    at_socket(engine, &place("refused.sock"), "docker-connection-refused");
    // Lets everybody in and says nothing.
    let _silent = UnixListener::bind(place("silent.sock")).unwrap();
    at_socket(engine, &place("silent.sock"), "docker-silent");
}
