//! Every way in which Docker can fail to be there: what the learner is told, and what comes next.

use std::fs;

use serde_json::json;

use crate::fake_docker::{DAEMON_DOWN, HANGS, Machine, Told, prints, refuses};

const ON_CONTAINERS: [&str; 5] = ["lab", "start", "D01-4", "--engine", "containers"];
const ON_ANY: [&str; 3] = ["lab", "start", "D01-4"];

const DENIED: &str = "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix /var/run/docker.sock: connect: permission denied";
const API_DOWN: &str = "failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory";

/// Neither an attempt nor an environment.
#[track_caller]
fn assert_nothing_is_left(machine: &Machine) {
    assert_eq!(machine.home.json(&["lab", "check", "D01-4"], 2)["error"]["code"], "not-started");
    assert_eq!(machine.home.lab("D01-4")["open"], false);
    let environments = fs::read_dir(machine.home.path().join("env"));
    assert_eq!(environments.into_iter().flatten().count(), 0);
}

/// A start in containers ends with this error and leaves nothing.
#[track_caller]
fn start_fails(machine: &Machine, code: &str) -> Told {
    let told = machine.error_of(&ON_CONTAINERS);
    assert_eq!(told.code, code, "{told:?}");
    assert!(told.hint.contains("--engine jvm"), "the way without Docker is named: {told:?}");
    assert_nothing_is_left(machine);
    told
}

/// Whatever is there goes on to the jvm engine, which finds no Java on this machine.
#[track_caller]
fn auto_goes_on_to_jvm(machine: &Machine) {
    let told = machine.error_of(&ON_ANY);
    assert_eq!(told.code, "no-java", "{told:?}");
    assert_nothing_is_left(machine);
}

#[test]
fn without_docker_the_jvm_engine_is_named_and_taken() {
    let machine = Machine::without_docker();
    start_fails(&machine, "docker-missing");
    auto_goes_on_to_jvm(&machine);
}

#[test]
fn an_engine_that_is_down_or_forbidden_is_told_in_dockers_words() {
    for words in [DAEMON_DOWN, API_DOWN, DENIED] {
        let machine = Machine::with_docker(&[("version*", &refuses(words))]);
        let told = start_fails(&machine, "docker-down");
        assert!(told.message.contains(words), "{told:?}");
        auto_goes_on_to_jvm(&machine);
    }
}

#[test]
fn without_compose_its_plugin_is_named() {
    let unknown = "docker: 'compose' is not a docker command.\nSee 'docker --help'\n";
    let unknown_now =
        "docker: unknown command: docker compose\n\nRun 'docker --help' for more information\n";
    let flag = "unknown flag: --short\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\nRun 'docker --help' for more information\n";
    for words in [unknown, unknown_now, flag] {
        let machine = Machine::with_docker(&[("'compose version'*", &refuses(words))]);
        let told = start_fails(&machine, "compose-missing");
        assert!(told.message.contains(words.lines().next().unwrap()), "{told:?}");
        assert!(told.hint.contains("docker-compose-plugin"), "{told:?}");
        auto_goes_on_to_jvm(&machine);
    }
}

#[test]
fn a_compose_that_is_too_old_is_refused() {
    for version in
        ["1.29.2", "2.24.3", "docker-compose version 1.29.2, build 5becea4c", "", "nonsense"]
    {
        let machine = Machine::with_docker(&[("'compose version'*", &prints(version))]);
        let told = start_fails(&machine, "compose-missing");
        assert!(told.message.contains(version), "{told:?}");
        auto_goes_on_to_jvm(&machine);
    }
}

#[test]
fn later_versions_of_compose_are_taken() {
    for version in ["2.24.4", "v2.40.3\n", "5.0.0-rc.1"] {
        let machine = Machine::with_docker(&[("'compose version'*", &prints(version))]);
        start_fails(&machine, "image-missing");
    }
}

#[test]
fn a_docker_that_never_answers_does_not_hold_up_the_other_engine() {
    let machine = Machine::with_docker_that(HANGS);
    auto_goes_on_to_jvm(&machine);
    assert_eq!(machine.calls().len(), 2, "both questions were asked, and neither lives on");
}

#[test]
fn a_docker_that_never_answers_is_told_when_it_was_asked_for() {
    for silent in ["version*", "'compose version'*"] {
        let machine = Machine::with_docker(&[(silent, HANGS)]);
        start_fails(&machine, "docker-silent");
        assert_eq!(machine.calls().len(), 2, "nobody lives on");
    }
}

#[test]
fn a_docker_that_cannot_be_run_is_as_good_as_none() {
    let machine = Machine::without_docker();
    std::os::unix::fs::symlink("/dev/null", machine.file("docker")).unwrap();
    start_fails(&machine, "docker-missing");
    auto_goes_on_to_jvm(&machine);
}

#[test]
fn a_docker_that_is_well_is_taken_and_the_image_that_it_lacks_is_named() {
    let machine = Machine::with_docker(&[]);
    let told = machine.error_of(&ON_ANY);
    assert_eq!(told.code, "image-missing", "{told:?}");
    assert!(told.message.contains("apache/kafka:4.3.1"), "{told:?}");
    assert!(told.message.contains("there is none"), "Docker's own words: {told:?}");
    assert!(told.hint.contains("KAFKA_IMAGE") && told.hint.contains("--engine jvm"), "{told:?}");
    assert_nothing_is_left(&machine);
}

#[test]
fn an_image_of_the_learners_own_is_the_one_that_is_asked_for() {
    let image = "classroom:5000/kafka:4.3.1-local";
    let machine = Machine::with_docker(&[]).with("KAFKA_IMAGE", image);
    let told = start_fails(&machine, "image-missing");
    assert!(told.message.contains(image), "{told:?}");
    let pulls: Vec<_> = machine.calls().into_iter().filter(|call| call[0] == "pull").collect();
    assert_eq!(pulls, [["pull", "--", image]]);
}

#[test]
fn an_engine_that_goes_down_while_it_is_asked_for_the_image_is_down() {
    for question in ["'image inspect'*", "pull*"] {
        let machine = Machine::with_docker(&[(question, &refuses(DAEMON_DOWN))]);
        start_fails(&machine, "docker-down");
    }
}

#[test]
fn a_container_that_ends_at_once_is_told_and_leaves_nothing() {
    // Compose is content, and then there is no container.
    let machine = Machine::with_docker(&[("'image inspect'*|'compose --progress'*", ":")]);
    let told = machine.error_of(&ON_CONTAINERS);
    assert_eq!(told.code, "node-died", "{told:?}");
    assert_nothing_is_left(&machine);
    assert_eq!(machine.home.json(&["env", "status"], 0)["nodes"], json!([]));
}
