//! Several nodes.

use std::fmt::Write as _;

use super::*;

const VOTERS: &str = "1@kafka1:29093,2@kafka2:29093,3@kafka3:29093";

/// Three nodes, each broker and controller; a service has 12 lines, the first one's begin at line 2.
fn three() -> String {
    let mut text = String::from("services:\n");
    for node in 1..=3 {
        let port = 9091 + node;
        let _ = write!(
            text,
            "  kafka{node}:\n    image: apache/kafka:4.3.1\n    ports: ['{port}:{port}']\n    \
             environment:\n      KAFKA_NODE_ID: {node}\n      \
             KAFKA_PROCESS_ROLES: broker,controller\n      \
             KAFKA_CONTROLLER_QUORUM_VOTERS: {VOTERS}\n      \
             KAFKA_LISTENERS: PLAINTEXT://:29092,HOST://:{port},CONTROLLER://:29093\n      \
             KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka{node}:29092,HOST://localhost:{port}\n      \
             KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,HOST:PLAINTEXT,CONTROLLER:PLAINTEXT\n      \
             KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER\n      CLUSTER_ID: a2Fma2Etd29ya2Jvb2suMQ\n"
        );
    }
    text
}

fn check(edits: &[(&str, &str)], expected: &str) {
    let found = found(&edited(&three(), edits));
    assert_eq!(summary(&found), expected, "{edits:?}\n{found:#?}");
}

#[test]
fn three_nodes_that_know_each_other_are_right() {
    assert_eq!(found(&three()), []);
    // Kafka's defaults, three copies, fit three brokers; so do fewer.
    check(&[("CLUSTER_ID:", "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1\n      CLUSTER_ID:")], "");
    check(
        &[("1@kafka1:29093,2@kafka2:29093,3@kafka3", "3@kafka3:29093,2@kafka2:29093,1@kafka1")],
        "",
    );
}

#[test]
fn controllers_and_brokers_apart_are_right() {
    let text = edited(
        &three(),
        &[
            (VOTERS, "1@kafka1:29093"),
            (",HOST://:9093,CONTROLLER://:29093", ",HOST://:9093"),
            (",HOST://:9094,CONTROLLER://:29093", ",HOST://:9094"),
            ("PLAINTEXT://:29092,HOST://:9092,CONTROLLER", "CONTROLLER"),
            (
                "      KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka1:29092,HOST://localhost:9092\n",
                "",
            ),
            (
                "KAFKA_NODE_ID: 1\n      KAFKA_PROCESS_ROLES: broker,controller",
                "KAFKA_NODE_ID: 1\n      KAFKA_PROCESS_ROLES: controller",
            ),
            (
                "KAFKA_NODE_ID: 2\n      KAFKA_PROCESS_ROLES: broker,controller",
                "KAFKA_NODE_ID: 2\n      KAFKA_PROCESS_ROLES: broker",
            ),
            (
                "KAFKA_NODE_ID: 3\n      KAFKA_PROCESS_ROLES: broker,controller",
                "KAFKA_NODE_ID: 3\n      KAFKA_PROCESS_ROLES: broker",
            ),
            ("    ports: ['9092:9092']\n", ""),
            (
                "CLUSTER_ID:",
                "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 2\n      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 2\n      CLUSTER_ID:",
            ),
        ],
    );
    assert_eq!(found(&text), [], "{text}");
    let copies = edited(&text, &[("TOPIC_REPLICATION_FACTOR: 2", "TOPIC_REPLICATION_FACTOR: 3")]);
    let expected = "offsets-replication-factor 25:47, offsets-replication-factor 39:47";
    assert_eq!(summary(&found(&copies)), expected, "{copies}");
    let advertising = edited(
        &text,
        &[(
            "KAFKA_NODE_ID: 1\n",
            "KAFKA_NODE_ID: 1\n      KAFKA_ADVERTISED_LISTENERS: CONTROLLER://kafka1:29093\n",
        )],
    );
    assert_eq!(summary(&found(&advertising)), "kafka-controller-advertises 6:35", "{advertising}");
    let votes = edited(&text, &[("1@kafka1:29093", "2@kafka1:29093")]);
    assert!(summary(&found(&votes)).contains("broker-is-a-voter"), "{votes}");
    let listens = edited(&text, &[(",HOST://:9094", ",HOST://:9094,CONTROLLER://:29093")]);
    assert_eq!(summary(&found(&listens)), "broker-with-controller-listener 35:24", "{listens}");
    let serves =
        edited(&text, &[("LISTENERS: CONTROLLER", "LISTENERS: PLAINTEXT://:29092,CONTROLLER")]);
    assert_eq!(summary(&found(&serves)), "controller-with-client-listener 8:24", "{serves}");
}

#[test]
fn two_clusters_in_one_file_are_right() {
    let second = edited(
        &three(),
        &[
            ("services:\n", ""),
            ("kafka", "other"),
            ("apache/other", "apache/kafka"),
            (":909", ":919"),
            ("'909", "'919"),
            ("suMQ", "suMg"),
        ],
    );
    assert_eq!(found(&format!("{}{second}", three())), []);
}

#[test]
fn what_nodes_have_to_have_in_common_or_not() {
    check(&[("NODE_ID: 3", "NODE_ID: 2")], "node-id-twice 30:22, voter-host 32:39");
    let last = edited(&three(), &[]).rfind("a2Fma2Etd29ya2Jvb2suMQ").unwrap();
    let mut text = three();
    text.replace_range(last..last + 22, "a2Fma2Etd29ya2Jvb2suMg");
    assert_eq!(summary(&found(&text)), "cluster-id-differs 37:19");
}

#[test]
fn nodes_that_are_sent_to_themselves() {
    check(
        &[(VOTERS, "1@localhost:29093,2@localhost:29094,3@localhost:29095")],
        "voter-host 8:39, voter-host 20:39, voter-host 32:39",
    );
    check(
        &[
            ("PLAINTEXT://kafka1", "PLAINTEXT://localhost"),
            ("PLAINTEXT://kafka2", "PLAINTEXT://localhost"),
            ("PLAINTEXT://kafka3", "PLAINTEXT://localhost"),
        ],
        "inter-broker-on-loopback 10:35, advertised-loopback-only 10:35, \
         inter-broker-on-loopback 22:35, advertised-loopback-only 22:35, \
         inter-broker-on-loopback 34:35, advertised-loopback-only 34:35",
    );
}

#[test]
fn nodes_that_take_each_others_names_and_ports() {
    check(
        &[("PLAINTEXT://kafka2:29092,", "PLAINTEXT://kafka1:29092,")],
        "advertised-another-node 22:35",
    );
    check(
        &[("PLAINTEXT://:29092,HOST://:9093", "PLAINTEXT://kafka1:29092,HOST://:9093")],
        "listener-host 21:24",
    );
    check(
        &[("'9093:9093'", "'9092:9093'")],
        "host-port-twice 16:13, advertised-port-not-published 22:35",
    );
    check(&[("2@kafka2:29093", "2@kafka3:29093")], "voter-host 20:39, voter-host 32:39");
}

#[test]
fn a_node_that_nobody_can_read_leaves_the_number_of_brokers_open() {
    let text = edited(
        GOOD,
        &[
            ("services:\n", "services:\n  more: {image: apache/kafka:4.3.1, command: /start}\n"),
            ("OFFSETS_TOPIC_REPLICATION_FACTOR: 1", "OFFSETS_TOPIC_REPLICATION_FACTOR: 2"),
        ],
    );
    assert_eq!(found(&text), []);
}
