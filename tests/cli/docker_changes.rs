//! What becomes of a cluster in containers when Docker fails, or when a start is called off.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use kafka_workbook::engine::cluster::{Cluster, ClusterNode, EngineKind, Starter};
use kafka_workbook::engine::store;
use kafka_workbook::paths::Paths;
use kafka_workbook::progress::{Event, ProgressLog};
use rustix::process::Signal;
use serde_json::json;

use crate::fake_docker::{DAEMON_DOWN, HANGS, Machine, prints, refuses};
use crate::program::Home;

pub const KRAFT_SINGLE: &str = include_str!("../../compose/kraft-single.yaml");

/// What is written down of an environment in containers.
const FILES: [&str; 3] = ["cluster.json", "compose.yaml", "overlay.yaml"];

fn paths(home: &Home) -> Paths {
    Paths::at(home.path(), "/nonsense")
}

/// Option that only this home's things get through.
pub fn label_of(home: &Home) -> String {
    format!("--filter label=kafka-workbook.home={}", paths(home).home_id())
}

/// Writes down what a start in containers leaves: a cluster, and the attempt it is for.
pub fn cluster_in_containers(machine: &Machine) {
    let paths = paths(&machine.home);
    let ports = [("KAFKA_PORT", "9092"), ("KAFKA_CONTROLLER_PORT", "9093")];
    let id = [("KAFKA_CLUSTER_ID", "a2Fma2Etd29ya2Jvb2suMQ")];
    let variables = ports.into_iter().chain(id);
    let cluster = Cluster {
        environment: "kraft-single".to_owned(),
        engine: EngineKind::Containers,
        cluster_id: "a2Fma2Etd29ya2Jvb2suMQ".to_owned(),
        kafka_version: "4.3.1".to_owned(),
        variables: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        nodes: vec![ClusterNode {
            name: "kafka".to_owned(),
            node_id: Some(1),
            // Nobody listens on these: no question goes beyond this machine's refusal.
            address: Some("localhost:1".to_owned()),
            controller: Some("127.0.0.1:1".to_owned()),
            zookeeper: None,
        }],
        published: BTreeSet::new(),
        starter: Starter::Workbook,
    };
    store::write(&paths, &cluster).unwrap();
    let folder = paths.environment("kraft-single");
    fs::write(folder.join("compose.yaml"), KRAFT_SINGLE).unwrap();
    fs::write(folder.join("overlay.yaml"), "services: {}\n").unwrap();
    let started = Event::AttemptStarted {
        lab: "D01-4".to_owned(),
        attempt: 1,
        nonce: "c0ffee".to_owned(),
        values: BTreeMap::new(),
        engine: "containers".to_owned(),
        environment: "kraft-single".to_owned(),
    };
    ProgressLog::at(paths.progress_log()).append(&[started]).unwrap();
}

/// The cluster is written down as before, and so is the attempt.
#[track_caller]
fn assert_nothing_is_lost(machine: &Machine) {
    let folder = machine.home.path().join("env/kraft-single");
    assert!(FILES.iter().all(|file| folder.join(file).exists()), "{:?}", fs::read_dir(&folder));
    assert_eq!(machine.home.json(&["env", "list"], 0)["environments"][0]["up"], true);
    assert_eq!(machine.home.lab("D01-4")["open"], true);
}

pub fn is_written_down(machine: &Machine) -> bool {
    machine.home.path().join("env/kraft-single").exists()
}

#[test]
fn without_docker_a_cluster_in_containers_is_neither_shown_nor_changed_nor_forgotten() {
    let down = Machine::with_docker_that(&refuses(DAEMON_DOWN));
    for (machine, code) in [(Machine::without_docker(), "docker-missing"), (down, "docker-down")] {
        cluster_in_containers(&machine);
        for arguments in [
            &["env", "status"][..],
            &["env", "down", "--all"],
            &["env", "down"],
            &["env", "up"],
            &["env", "stop", "kafka"],
            &["env", "kill"],
            &["env", "logs"],
            &["lab", "stop", "D01-4"],
        ] {
            let told = machine.error_of(arguments);
            assert_eq!(told.code, code, "{arguments:?}: {told:?}");
            assert_nothing_is_lost(&machine);
        }
    }
}

#[test]
fn a_docker_that_never_answers_loses_nothing_either() {
    let machine = Machine::with_docker_that(HANGS);
    cluster_in_containers(&machine);
    assert_eq!(machine.error_of(&["lab", "stop", "D01-4"]).code, "docker-silent");
    assert_nothing_is_lost(&machine);
    machine.calls();
}

#[test]
fn what_docker_refuses_to_remove_stays_written_down() {
    let busy = "Error response from daemon: cannot remove container c1: device or resource busy";
    // Of several words of Docker's the last must not hide the others.
    let gone = "Error response from daemon: No such container: c2";
    let (busy, both) = (refuses(busy), refuses(format!("{busy}\n{gone}")));
    for at_once in [&busy, &both] {
        let machine = Machine::with_docker(&[
            ("ps*", &prints("c1\nc2\n")),
            ("rm*c1?c2", at_once),
            ("rm*c1", &busy),
            ("rm*c2", &refuses(gone)),
        ]);
        cluster_in_containers(&machine);
        for arguments in [&["env", "down", "--all"][..], &["lab", "stop", "D01-4"]] {
            let told = machine.error_of(arguments);
            assert_eq!(told.code, "docker-refused", "{arguments:?}: {told:?}");
            assert!(told.message.contains("busy"), "{told:?}");
            assert_nothing_is_lost(&machine);
        }
    }
}

#[test]
fn what_went_away_by_itself_need_not_be_removed() {
    let gone = refuses("Error response from daemon: No such container: c2");
    let gone = format!("case \"$*\" in *c2*) {gone} ;; esac");
    let machine = Machine::with_docker(&[("ps*", &prints("c1\nc2\n")), ("rm*", &gone)]);
    cluster_in_containers(&machine);
    machine.home.run(&["env", "down", "--all"]).exits(0);
    assert!(!is_written_down(&machine));
}

#[test]
fn an_engine_that_cannot_start_takes_nothing_down() {
    let machine = Machine::without_docker();
    cluster_in_containers(&machine);
    assert_eq!(machine.error_of(&["lab", "start", "D01-4", "--engine", "jvm"]).code, "no-java");
    assert_nothing_is_lost(&machine);
}

#[test]
fn what_is_not_written_down_is_found_by_its_label() {
    let mut machine = Machine::without_docker();
    let listed = format!("*'{}'*", label_of(&machine.home));
    machine.install(&[(&format!("ps{listed}"), &prints("c1\n")), ("rm*", ":")]);
    machine.home.run(&["env", "down", "--all"]).exits(0);
    let removed = ["rm", "--force", "--volumes", "c1"].map(str::to_owned);
    let calls = machine.calls();
    assert!(calls.contains(&removed.to_vec()), "{calls:?}");
}

#[test]
fn a_docker_that_is_down_is_no_reason_to_fail_where_nothing_is_known_of_it() {
    let machine = Machine::with_docker_that(&refuses("Cannot connect to the Docker daemon"));
    let ran = machine.home.run(&["env", "down", "--all"]).exits(0);
    assert!(ran.err.contains("docker does not answer"), "{ran:?}");
}

#[test]
fn a_download_that_is_called_off_ends_and_leaves_nothing() {
    for signal in [Signal::INT, Signal::TERM] {
        let machine = Machine::with_docker(&[("pull*", HANGS)]);
        let start = ["--json", "lab", "start", "D01-4", "--engine", "containers"];
        let ran = machine.run_and_send(signal, &["pull"], &start).exits(1);
        assert_eq!(ran.json()["error"]["code"], "cancelled", "{ran:?}");
        assert!(!is_written_down(&machine));
        assert_eq!(
            machine.home.json(&["lab", "check", "D01-4"], 2)["error"]["code"],
            "not-started"
        );
        assert_eq!(machine.home.json(&["env", "status"], 0)["nodes"], json!([]));
        let calls = machine.calls();
        assert!(!calls.iter().any(|call| call[0] == "pull"), "once is enough: {calls:?}");
    }
}
