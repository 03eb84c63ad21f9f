//! One node with one fault.

use super::*;

/// An edit of the good file, and what is found then.
type Row = (&'static [(&'static str, &'static str)], &'static str);

fn check(rows: &[Row]) {
    let mut wrong = Vec::new();
    for (edits, expected) in rows {
        let found = found(&edited(GOOD, edits));
        if summary(&found) != *expected {
            wrong.push(format!("{edits:?}\n  {}\n  expected {expected}", summary(&found)));
        }
        for finding in &found {
            assert!(!finding.observed.en.is_empty() && !finding.observed.zh.is_empty());
            assert_ne!(finding.why.en, finding.why.zh, "{}", finding.id);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const LISTENERS: &str =
    "INTERNAL://0.0.0.0:29092,EXTERNAL://0.0.0.0:9092,CONTROLLER://0.0.0.0:29093";

#[test]
fn who_the_node_is() {
    check(&[
        (&[("      KAFKA_PROCESS_ROLES: broker,controller\n", "")], "process-roles-missing 2:3"),
        (
            &[(
                "KAFKA_PROCESS_ROLES: broker,controller",
                "KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181",
            )],
            "zookeeper-removed 9:32",
        ),
        (&[("broker,controller", "broker,controler")], "process-roles-unknown 9:28"),
        (&[("broker,controller", "Broker,controller")], "process-roles-unknown 9:28"),
        (&[("      KAFKA_NODE_ID: 1\n", "")], "node-id-missing 2:3"),
        (&[("NODE_ID: 1", "NODE_ID: one")], "node-id-malformed 8:22"),
        (&[("NODE_ID: 1", "NODE_ID: -1")], "node-id-malformed 8:22"),
        (&[("NODE_ID: 1", "NODE_ID: 1\n      KAFKA_BROKER_ID: 2")], "node-id-differs 9:24"),
        (
            &[
                ("image: apache/kafka:4.3.1", "image: confluentinc/cp-kafka:7.5.0"),
                ("      CLUSTER_ID: a2Fma2Etd29ya2Jvb2suMQ\n", ""),
            ],
            "cluster-id-missing 2:3",
        ),
        (
            &[
                ("apache/kafka:4.3.1", "apache/kafka:3.9.2"),
                ("a2Fma2Etd29ya2Jvb2suMQ", "my-cluster"),
            ],
            "cluster-id-malformed 7:19",
        ),
    ]);
}

#[test]
fn the_quorum() {
    check(&[
        (&[("1@kafka:29093", "1")], "voters-malformed 10:39"),
        (&[("1@kafka:29093", "kafka:29093")], "voters-malformed 10:39"),
        (&[("1@kafka:29093", "1@kafka")], "voters-malformed 10:39"),
        (&[("1@kafka:29093", "'1@kafka:29093,'")], "voters-malformed 10:39"),
        (&[("1@kafka:29093", "1@0.0.0.0:29093")], "voters-any-address 10:39"),
        (&[("      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:29093\n", "")], "voters-missing 2:3"),
        (
            &[("QUORUM_VOTERS: 1@kafka", "QUORUM_BOOTSTRAP_SERVERS: kafka")],
            "quorum-not-formatted 10:50",
        ),
        (&[("1@kafka:29093", "2@kafka:29093")], "node-not-a-voter 10:39"),
        (&[("1@kafka:29093", "1@kafak:29093")], "voter-host 10:39"),
        (&[("1@kafka:29093", "1@kafka:29092")], "voter-port 10:39"),
        (&[(",CONTROLLER://0.0.0.0:29093", "")], "controller-listener-missing 11:24"),
        (
            &[("NAMES: CONTROLLER", "NAMES: CONTROLER")],
            "controller-listener-missing 11:24, listener-without-protocol 13:45",
        ),
        (&[("NAMES: CONTROLLER", "NAMES: controller")], "controller-listener-missing 15:40"),
        (
            &[("      KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER\n", "")],
            "controller-listener-names-missing 2:3",
        ),
    ]);
}

#[test]
fn the_listeners() {
    check(&[
        (&[("INTERNAL://0.0.0.0:29092", "0.0.0.0:29092")], "listeners-malformed 11:24"),
        (&[("INTERNAL://0.0.0.0:29092", "INTERNAL://0.0.0.0:290920")], "listeners-malformed 11:24"),
        (
            &[("CONTROLLER://0.0.0.0:29093\n", "CONTROLLER://0.0.0.0:29093,\n")],
            "listeners-malformed 11:24",
        ),
        (&[("INTERNAL://kafka:29092", "kafka:29092")], "advertised-listeners-malformed 12:35"),
        (
            &[
                ("INTERNAL://0.0.0.0:29092", "INTERNAL://0.0.0.0:9092"),
                ("kafka:29092", "kafka:9092"),
            ],
            "same-port-twice 11:24",
        ),
        (
            &[
                (
                    "      KAFKA_LISTENERS: INTERNAL://0.0.0.0:29092,EXTERNAL://0.0.0.0:9092,CONTROLLER://0.0.0.0:29093\n",
                    "",
                ),
                ("INTERNAL://kafka:29092", "INTERNAL://kafka:9092"),
            ],
            "controller-listener-missing 11:35, same-port-twice 11:35",
        ),
        (&[("INTERNAL://0.0.0.0", "INTERNAL://kafak")], "listener-host 11:24"),
        (&[("INTERNAL:PLAINTEXT,", "INTERNAL=PLAINTEXT,")], "protocol-map-malformed 13:45"),
        (&[("EXTERNAL:PLAINTEXT", "EXTERNAL:PLAIN")], "protocol-unknown 13:45"),
        (&[("EXTERNAL:PLAINTEXT,", "")], "listener-without-protocol 13:45"),
        (&[(",CONTROLLER:PLAINTEXT", "")], "listener-without-protocol 13:45"),
        (
            &[(
                "      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT\n",
                "",
            )],
            "listener-without-protocol 2:3",
        ),
        (&[("NAME: INTERNAL", "NAME: INNER")], "inter-broker-listener-unknown 14:41"),
        (&[("NAME: INTERNAL", "NAME: CONTROLLER")], "inter-broker-is-controllers 14:41"),
        (
            &[("      KAFKA_INTER_BROKER_LISTENER_NAME: INTERNAL\n", "")],
            "inter-broker-listener-unknown 2:3",
        ),
        (
            &[(
                "NAME: INTERNAL",
                "NAME: INTERNAL\n      KAFKA_SECURITY_INTER_BROKER_PROTOCOL: PLAINTEXT",
            )],
            "inter-broker-twice 15:45",
        ),
        (
            &[
                ("EXTERNAL://localhost", "OUTSIDE://localhost"),
                ("EXTERNAL:PLAINTEXT", "EXTERNAL:PLAINTEXT,OUTSIDE:PLAINTEXT"),
            ],
            "advertised-name-unknown 12:35",
        ),
        (
            &[
                (LISTENERS, "CONTROLLER://0.0.0.0:29093"),
                ("INTERNAL://kafka:29092,EXTERNAL://localhost:9092", "CONTROLLER://kafka:29093"),
                ("NAME: INTERNAL", "NAME: CONTROLLER"),
                ("localhost:9092", "localhost:29093"),
            ],
            "no-client-listener 11:24, inter-broker-is-controllers 14:41",
        ),
    ]);
}

#[test]
fn the_addresses() {
    check(&[
        (&[("EXTERNAL://localhost", "EXTERNAL://0.0.0.0")], "advertised-any-address 12:35"),
        (
            &[("localhost:9092\n", "localhost:9092,CONTROLLER://0.0.0.0:29093\n")],
            "advertised-any-address 12:35",
        ),
        (
            &[(
                "      KAFKA_ADVERTISED_LISTENERS: INTERNAL://kafka:29092,EXTERNAL://localhost:9092\n",
                "",
            )],
            "advertised-listeners-missing 11:24",
        ),
        (&[("INTERNAL://kafka:", "INTERNAL://kafak:")], "advertised-host-unknown 12:35"),
        (
            &[("INTERNAL://kafka:29092", "INTERNAL://kafka:19092")],
            "advertised-port-not-bound 12:35",
        ),
        (&[("INTERNAL://kafka:29092", "INTERNAL://kafka:9092")], "advertised-port-not-bound 12:35"),
        (&[("INTERNAL://0.0.0.0", "INTERNAL://localhost")], "listener-on-loopback 11:24"),
        (
            &[("- '127.0.0.1:9092:9092'", "- '127.0.0.1:9092:9092'\n      - '9092:29092'")],
            "host-port-twice 6:9",
        ),
    ]);
}

#[test]
fn the_way_from_this_machine() {
    check(&[
        (&[("EXTERNAL://0.0.0.0", "EXTERNAL://localhost")], "listener-on-loopback 11:24"),
        (&[("EXTERNAL://0.0.0.0", "EXTERNAL://127.0.0.1")], "listener-on-loopback 11:24"),
        (&[("127.0.0.1:9092:9092", "9092:29092")], "published-port-of-another-listener 5:9"),
        (&[("127.0.0.1:9092:9092", "9092:9093")], "published-port-without-listener 5:9"),
        (&[("127.0.0.1:9092:9092", "19092:9092")], "advertised-port-not-published 12:35"),
        (&[("127.0.0.1:9092:9092", "127.0.0.1::9092")], "advertised-port-not-published 12:35"),
        (&[("127.0.0.1:9092:9092", "29092:29092")], "external-port-not-published 5:9"),
        (&[("    ports:\n      - '127.0.0.1:9092:9092'\n", "")], "external-port-not-published 2:3"),
        (
            &[
                (",EXTERNAL://0.0.0.0:9092", ""),
                (",EXTERNAL://localhost:9092", ""),
                ("localhost:9092", "localhost:29092"),
                ("9092:9092", "9092:29092"),
            ],
            "advertised-inside-only 12:35",
        ),
        (
            &[
                (",EXTERNAL://0.0.0.0:9092", ""),
                (",EXTERNAL://localhost:9092", ""),
                ("localhost:9092", "localhost:29092"),
                ("    ports:\n      - '127.0.0.1:9092:9092'\n", ""),
            ],
            "nothing-published 2:3, advertised-inside-only 10:35",
        ),
    ]);
}

#[test]
fn the_way_from_other_services() {
    check(&[(
        &[("INTERNAL://kafka:29092", "INTERNAL://localhost:29092")],
        "advertised-loopback-only 12:35",
    )]);
}

#[test]
fn copies_and_checks() {
    check(&[
        (
            &[("OFFSETS_TOPIC_REPLICATION_FACTOR: 1", "OFFSETS_TOPIC_REPLICATION_FACTOR: 3")],
            "offsets-replication-factor 16:47",
        ),
        (
            &[("      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1\n", "")],
            "offsets-replication-factor 2:3",
        ),
        (
            &[("STATE_LOG_REPLICATION_FACTOR: 1", "STATE_LOG_REPLICATION_FACTOR: 3")],
            "transactions-replication-factor 17:55",
        ),
        (
            &[("      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1\n", "")],
            "transactions-replication-factor 2:3",
        ),
        (
            &[("LOG_MIN_ISR: 1", "LOG_MIN_ISR: 1\n      KAFKA_DEFAULT_REPLICATION_FACTOR: 3")],
            "default-replication-factor 19:41",
        ),
        (
            &[(
                "LOG_MIN_ISR: 1",
                "LOG_MIN_ISR: 1\n      KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: 3",
            )],
            "share-replication-factor 19:63",
        ),
        (&[("'localhost:9092'", "'localhost:9093'")], "healthcheck-address 20:13"),
        (&[("EXTERNAL://0.0.0.0", "EXTERNAL://kafka")], "healthcheck-address 20:13"),
        (
            &[
                ("localhost:9092\n", "localhost:19092\n"),
                ("127.0.0.1:9092:9092", "127.0.0.1:19092:9092"),
            ],
            "healthcheck-address 20:13",
        ),
        (
            &[(
                "[CMD, /opt/kafka/bin/kafka-topics.sh, --bootstrap-server, 'localhost:9092', --list]",
                "nc -z localhost 9093",
            )],
            "healthcheck-address 20:13",
        ),
    ]);
}

#[test]
fn what_the_image_refuses_to_make_a_configuration_of() {
    check(&[
        (
            &[("LOG_MIN_ISR: 1", "LOG_MIN_ISR: 1\n      kafka: x\n      KAFKA_: y")],
            "kafka-property-nameless 20:15",
        ),
        (
            &[("EXTERNAL://localhost", "SASL_EXTERNAL://localhost")],
            "kafka-environment-incomplete 12:35",
        ),
    ]);
}

/// The compose file that many first meet: two listeners that are bound to names, a quorum of `1`.
#[test]
fn a_file_with_all_the_usual_faults_at_once() {
    let text = edited(
        GOOD,
        &[
            ("1@kafka:29093", "1"),
            (LISTENERS, "PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:9093"),
            (
                "INTERNAL://kafka:29092,EXTERNAL://localhost:9092",
                "PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:9093",
            ),
            (
                "INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT",
                "PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT",
            ),
            ("NAME: INTERNAL", "NAME: PLAINTEXT"),
            ("- '127.0.0.1:9092:9092'", "- '9092:9092'\n      - '9093:9093'"),
        ],
    );
    let expected = "voters-malformed 11:39, controller-listener-missing 12:24, \
                    listener-on-loopback 12:24, healthcheck-address 21:13";
    assert_eq!(summary(&found(&text)), expected);
}
