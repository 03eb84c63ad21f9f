//! What is asked of Docker: which commands, in whose name, with which variables.

use std::collections::BTreeSet;
use std::fs;

use crate::docker_changes::{KRAFT_SINGLE, cluster_in_containers, is_written_down, label_of};
use crate::fake_docker::{Machine, prints};

#[test]
fn only_what_bears_the_labels_of_this_home_is_removed() {
    let mut machine = Machine::without_docker();
    let label = label_of(&machine.home);
    let own = |kind: &str| format!("'{kind}'*'{label}'*");
    machine.install(&[
        (&own("ps"), &prints("c1\nc2\n")),
        (&own("network ls"), &prints("n1\n")),
        (&own("volume ls"), &prints("v1\nv2\n")),
        // Whoever asks without the label gets other people's.
        ("ps*|'network ls'*|'volume ls'*", &prints("stranger\n")),
        ("rm*|'network rm'*|'volume rm'*", ":"),
    ]);
    cluster_in_containers(&machine);
    machine.home.run(&["env", "down", "--all"]).exits(0);
    assert!(!is_written_down(&machine));
    let calls: BTreeSet<String> = machine.calls().into_iter().map(|call| call.join(" ")).collect();
    let (listed, changed): (Vec<_>, Vec<_>) = calls.iter().partition(|call| call.contains(&label));
    assert_eq!(listed.len(), 6, "of the environment and of the home: {listed:?}");
    let removed =
        ["network rm --force n1", "rm --force --volumes c1 c2", "volume rm --force v1 v2"];
    assert_eq!(changed, removed);
}

#[test]
fn words_reach_docker_as_they_are_and_no_shell() {
    let image = "kafka; touch \"$HOME/owned\" `touch owned` $(touch owned) 'x' * \\";
    let machine = Machine::with_docker(&[]).with("KAFKA_IMAGE", image);
    machine.error_of(&["lab", "start", "D01-4", "--engine", "containers"]);
    let calls = machine.calls();
    for expected in
        [&["image", "inspect", "--format", "{{.Id}}", "--", image][..], &["pull", "--", image]]
    {
        assert!(calls.iter().any(|call| call == expected), "{calls:?}");
    }
}

/// What the environment of `docker compose up` is when a lab is started.
fn variables_of_compose(machine: &Machine, arguments: &[&str]) -> Vec<String> {
    machine.error_of(arguments);
    let exported = fs::read_to_string(machine.file("variables")).unwrap();
    exported.lines().map(|line| line.trim_start_matches("export ").to_owned()).collect()
}

const COMPOSE_UP: [(&str, &str); 2] =
    [("'image inspect'*", ":"), ("'compose --progress'*", r#"export -p >"$here/variables""#)];

#[test]
fn the_learners_variables_do_not_change_the_cluster() {
    let strange = [
        ("KAFKA_PORT", "1"),
        ("KAFKA_CONTROLLER_PORT", "2"),
        ("KAFKA_CLUSTER_ID", "strange"),
        ("COMPOSE_FILE", "strange.yaml"),
        ("COMPOSE_PROFILES", "strange"),
        ("COMPOSE_PROJECT_NAME", "strange"),
        ("COMPOSE_ENV_FILES", "strange.env"),
    ];
    let machine = strange.into_iter().fold(
        Machine::with_docker(&COMPOSE_UP).with("DOCKER_CONTEXT", "the-learners-own"),
        |machine, (name, value)| machine.with(name, value),
    );
    let variables =
        variables_of_compose(&machine, &["lab", "start", "D01-4", "--engine", "containers"]);
    let has = |begin: &str| variables.iter().any(|line| line.starts_with(begin));
    assert!(!variables.iter().any(|line| line.contains("strange")), "{variables:?}");
    assert!(!has("COMPOSE_"), "{variables:?}");
    assert!(has("KAFKA_PORT=") && has("KAFKA_CLUSTER_ID="), "{variables:?}");
    assert!(!variables.iter().any(|line| line == "KAFKA_PORT='1'"), "{variables:?}");
    assert!(has("DOCKER_CONTEXT="), "which engine is meant is the learner's to say");
}

#[test]
fn nor_do_they_change_a_file_of_the_learners_own() {
    let machine = Machine::with_docker(&COMPOSE_UP);
    let file = machine.file("mine.yaml");
    let more = "KAFKA_HEAP_OPTS: ${OPTS-none}\n      KAFKA_LOG_RETENTION_HOURS: ${HOURS:-${MORE_HOURS:-1}}\n      KAFKA_RACK: $${RACK}";
    let text = KRAFT_SINGLE.replace("KAFKA_HEAP_OPTS: -Xms128m -Xmx384m", more);
    assert!(text.contains(more));
    fs::write(&file, text).unwrap();
    let machine = ["OPTS", "HOURS", "MORE_HOURS", "RACK"]
        .into_iter()
        .fold(machine, |machine, name| machine.with(name, "strange"));
    let file = file.to_str().unwrap();
    let variables =
        variables_of_compose(&machine, &["env", "up", "--file", file, "--engine", "containers"]);
    let strange: Vec<_> = variables.iter().filter(|line| line.contains("strange")).collect();
    assert_eq!(strange, ["RACK='strange'"], "what is no variable of the file is left alone");
}
