//! Files that are unusual and right: none of them has a finding.

use super::*;

const SHIPPED: &str = include_str!("../../../../compose/kraft-single.yaml");

const PORTS: &str = "- '127.0.0.1:9092:9092'";
const ENVIRONMENT: &str = "    environment:\n";
const MAP: &str = "      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: \
                   INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT\n";
const INTER: &str = "      KAFKA_INTER_BROKER_LISTENER_NAME: INTERNAL\n";
const TEST: &str =
    "[CMD, /opt/kafka/bin/kafka-topics.sh, --bootstrap-server, 'localhost:9092', --list]";

type Row = (&'static str, &'static [(&'static str, &'static str)]);

const ROWS: &[Row] = &[
    (
        "names as in Confluent's examples",
        &[
            ("EXTERNAL:", "PLAINTEXT_HOST:"),
            ("INTERNAL:", "PLAINTEXT:"),
            ("NAME: INTERNAL", "NAME: PLAINTEXT"),
        ],
    ),
    ("names in small letters", &[("INTERNAL:", "inner:"), ("NAME: INTERNAL", "NAME: Inner")]),
    (
        "another name for the controllers' listener",
        &[("CONTROLLER", "CTRL-1"), ("KAFKA_CTRL-1", "KAFKA_CONTROLLER")],
    ),
    ("other ports", &[(":29092", ":19999"), (":29093", ":8888")]),
    (
        "another port of the host",
        &[
            ("'127.0.0.1:9092:9092'", "'127.0.0.1:29999:9092'"),
            ("EXTERNAL://localhost:9092", "EXTERNAL://localhost:29999"),
            (TEST, "[CMD, kafka-topics.sh, --bootstrap-server, 'localhost:29092', --list]"),
        ],
    ),
    (
        "a port of the host that the check only knocks at",
        &[
            ("'127.0.0.1:9092:9092'", "'29999:9092'"),
            ("EXTERNAL://localhost:9092", "EXTERNAL://localhost:29999"),
            (TEST, "[CMD-SHELL, 'nc -z localhost 9092 || exit 1']"),
        ],
    ),
    ("the port published beyond this machine", &[("127.0.0.1:9092", "9092")]),
    (
        "the long form of a port",
        &[(PORTS, "- {target: 9092, published: '9092', host_ip: 127.0.0.1}")],
    ),
    ("the controllers' port is published too", &[(PORTS, "- '9092:9092'\n      - '9093:29093'")]),
    ("the inner port is published too", &[(PORTS, "- '9092:9092'\n      - '29092:29092'")]),
    (
        "one port of the container on two of the host",
        &[(PORTS, "- '9092:9092'\n      - '9192:9092'")],
    ),
    ("advertised as 127.0.0.1", &[("EXTERNAL://localhost", "EXTERNAL://127.0.0.1")]),
    (
        "advertised as [::1]",
        &[("EXTERNAL://localhost", "EXTERNAL://[::1]"), ("127.0.0.1:9092", "9092")],
    ),
    ("advertised as this machine", &[("EXTERNAL://localhost", "EXTERNAL://Workstation")]),
    (
        "advertised as a name of the domain",
        &[("EXTERNAL://localhost", "EXTERNAL://kafka.example.com")],
    ),
    ("advertised as an address", &[("EXTERNAL://localhost", "EXTERNAL://192.0.2.7")]),
    (
        "one listener for all, by the engine's name of the machine",
        &[
            (",EXTERNAL://localhost:9092", ""),
            (",EXTERNAL://0.0.0.0:9092", ""),
            ("kafka:29092", "host.docker.internal:29092"),
            ("9092:9092'", "29092:29092'"),
            ("localhost:9092", "localhost:29092"),
        ],
    ),
    (
        "the inner one through another service",
        &[
            ("INTERNAL://kafka:29092", "INTERNAL://proxy:19092"),
            ("services:\n", "services:\n  proxy: {image: haproxy:3}\n"),
        ],
    ),
    (
        "the outer one through another service",
        &[
            (PORTS, "- '29092:29092'"),
            ("services:\n", "services:\n  proxy: {image: haproxy:3, ports: ['9092:9092']}\n"),
        ],
    ),
    ("another service name", &[("kafka:\n", "broker-1:\n"), ("kafka:290", "broker-1:290")]),
    (
        "the host name instead of the service's",
        &[("  kafka:\n", "  broker:\n"), ("4.3.1\n", "4.3.1\n    hostname: kafka\n")],
    ),
    (
        "the container's name instead of the service's",
        &[
            ("  kafka:\n", "  broker:\n"),
            ("4.3.1\n", "4.3.1\n    container_name: kafka\n    restart: unless-stopped\n"),
        ],
    ),
    (
        "a further name in the network",
        &[
            ("  kafka:\n", "  broker:\n"),
            ("4.3.1\n", "4.3.1\n    networks: {default: {aliases: [kafka]}}\n"),
        ],
    ),
    (
        "bound to the service's own name",
        &[
            ("EXTERNAL://0.0.0.0", "EXTERNAL://kafka"),
            ("INTERNAL://0.0.0.0", "INTERNAL://kafka"),
            ("CONTROLLER://0.0.0.0", "CONTROLLER://kafka"),
            ("'localhost:9092'", "'kafka:9092'"),
        ],
    ),
    ("bound to the default address", &[("://0.0.0.0:", "://:")]),
    ("bound to every address of IPv6", &[("://0.0.0.0:", "://[::]:")]),
    (
        "the quorum on the loopback",
        &[("1@kafka", "1@localhost"), ("CONTROLLER://0.0.0.0", "CONTROLLER://localhost")],
    ),
    ("the quorum with a scheme", &[("1@kafka", "1@CONTROLLER://kafka")]),
    (
        "bootstrap controllers beside the voters",
        &[(
            ENVIRONMENT,
            "    environment:\n      KAFKA_CONTROLLER_QUORUM_BOOTSTRAP_SERVERS: kafka:29093\n",
        )],
    ),
    (
        "the controllers' listener is advertised too",
        &[("localhost:9092\n", "localhost:9092,CONTROLLER://kafka:29093\n")],
    ),
    (
        "a listener that is not advertised",
        &[
            ("EXTERNAL://0.0.0.0:9092,", "EXTERNAL://0.0.0.0:9092,SPARE://0.0.0.0:9099,"),
            ("EXTERNAL:PLAINTEXT,", "EXTERNAL:PLAINTEXT,SPARE:PLAINTEXT,"),
        ],
    ),
    (
        "a listener for the container itself",
        &[
            ("EXTERNAL://0.0.0.0:9092,", "EXTERNAL://0.0.0.0:9092,LOCAL://localhost:9099,"),
            ("EXTERNAL://localhost:9092", "EXTERNAL://localhost:9092,LOCAL://localhost:9099"),
            ("EXTERNAL:PLAINTEXT,", "EXTERNAL:PLAINTEXT,LOCAL:PLAINTEXT,"),
            ("'localhost:9092'", "'localhost:9099'"),
        ],
    ),
    (
        "listeners made of the advertised ones",
        &[
            (
                "      KAFKA_LISTENERS: INTERNAL://0.0.0.0:29092,EXTERNAL://0.0.0.0:9092,CONTROLLER://0.0.0.0:29093\n",
                "",
            ),
            ("localhost:9092\n", "localhost:9092,CONTROLLER://kafka:29093\n"),
        ],
    ),
    (
        "one port for IPv4 and IPv6",
        &[
            ("INTERNAL://0.0.0.0:29092", "INTERNAL://0.0.0.0:29092,SIX://[::]:29092"),
            ("EXTERNAL:PLAINTEXT,", "EXTERNAL:PLAINTEXT,SIX:PLAINTEXT,"),
        ],
    ),
    (
        "no map where the names are protocols",
        &[
            (MAP, ""),
            (INTER, ""),
            ("INTERNAL://", "PLAINTEXT://"),
            ("EXTERNAL://0.0.0.0:9092,", ""),
            ("EXTERNAL://localhost:9092", "PLAINTEXT://localhost:9092"),
            ("PLAINTEXT://kafka:29092,", ""),
            ("0.0.0.0:29092,", "0.0.0.0:9092,"),
            ("PLAINTEXT://localhost:9092", "PLAINTEXT://workstation:9092"),
            (TEST, "NONE"),
        ],
    ),
    (
        "the map in small letters, with blanks and a comma too many",
        &[(
            "INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "'internal: plaintext, EXTERNAL:PLAINTEXT, controller:PLAINTEXT,'",
        )],
    ),
    (
        "blanks in lists",
        &[("broker,controller", "broker, controller"), (",EXTERNAL://", ", EXTERNAL://")],
    ),
    ("the older name of the id", &[("KAFKA_NODE_ID", "KAFKA_BROKER_ID")]),
    ("both names of the id", &[("NODE_ID: 1", "NODE_ID: 1\n      KAFKA_BROKER_ID: '1'")]),
    ("no cluster id: the image has one", &[("      CLUSTER_ID: a2Fma2Etd29ya2Jvb2suMQ\n", "")]),
    ("a cluster id of no form: Kafka 4 takes it", &[("a2Fma2Etd29ya2Jvb2suMQ", "my-cluster")]),
    (
        "a cluster id with its last bits set, on an older Kafka",
        &[("a2Fma2Etd29ya2Jvb2suMQ", "MkU3OEVBNTcwNTJENDM2Qk"), ("kafka:4.3.1", "kafka:3.9.2")],
    ),
    (
        "what is left of ZooKeeper",
        &[("CLUSTER_ID:", "KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181\n      CLUSTER_ID:")],
    ),
    ("no word of images and tags", &[("kafka:4.3.1", "kafka")]),
    (
        "an image of one's own",
        &[("apache/kafka:4.3.1", "registry.example.com:5000/mirror/kafka-for-class")],
    ),
    ("Confluent's image", &[("apache/kafka:4.3.1", "confluentinc/cp-kafka:7.9.0")]),
    (
        "values in quotes, and by the list form",
        &[
            ("      KAFKA_NODE_ID: 1\n", ""),
            (
                "      KAFKA_PROCESS_ROLES: broker,controller\n",
                "      KAFKA_PROCESS_ROLES: \"broker,controller\"\n      KAFKA_NODE_ID: '1'\n",
            ),
        ],
    ),
    (
        "a check of the metrics port",
        &[
            (
                ENVIRONMENT,
                "    environment:\n      KAFKA_JMX_OPTS: -Dcom.sun.management.jmxremote.port=9101\n",
            ),
            (TEST, "nc -z localhost 9101"),
        ],
    ),
    ("a check of something that is not known here", &[(TEST, "[CMD, /check, 'localhost:1']")]),
    (
        "a check that counts what it is told as an answer",
        &[
            ("'127.0.0.1:9092:9092'", "'29999:9092'"),
            ("EXTERNAL://localhost:9092", "EXTERNAL://localhost:29999"),
            ("kafka-topics.sh", "kafka-broker-api-versions.sh"),
        ],
    ),
    ("a check that is switched off", &[(TEST, "[NONE]")]),
    (
        "one host port on two addresses",
        &[(PORTS, "- '127.0.0.1:9092:9092'\n      - '127.0.0.2:9092:29092'")],
    ),
    (
        "a start of one's own",
        &[
            (
                ENVIRONMENT,
                "    command: bash -c 'kafka-storage.sh format --standalone -c f && exec kafka-server-start.sh f'\n    environment:\n",
            ),
            ("1@kafka:29093", "1"),
        ],
    ),
    (
        "the image's own start, said",
        &[(ENVIRONMENT, "    command: /etc/kafka/docker/run\n    environment:\n")],
    ),
];

#[test]
fn an_unusual_file_that_is_right_has_no_findings() {
    let mut wrong = Vec::new();
    for (name, edits) in ROWS {
        let found = found(&edited(GOOD, edits));
        if !found.is_empty() {
            wrong.push(format!("{name}: {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_file_that_ships_has_no_findings() {
    assert_eq!(found(SHIPPED), []);
}

#[test]
fn the_list_form_of_the_environment_has_no_findings() {
    let list = |line: &str| match line.strip_prefix("      ").and_then(|l| l.split_once(": ")) {
        Some((name, value)) if name.ends_with(|c: char| c.is_ascii_uppercase()) => {
            format!("      - {name}={value}\n")
        }
        _ => format!("{line}\n"),
    };
    let text: String = GOOD.lines().map(list).collect();
    assert!(text.contains("- KAFKA_NODE_ID=1"), "{text}");
    assert_eq!(found(&text), []);
    let anchored = edited(
        GOOD,
        &[
            (ENVIRONMENT, "    environment: &node\n"),
            (
                "    healthcheck:",
                "  idle:\n    image: busybox\n    environment:\n      <<: *node\n    healthcheck:",
            ),
            (TEST, "[NONE]"),
            ("image: busybox", "image: busybox\n    entrypoint: sleep"),
        ],
    );
    // A service that repeats a node's settings and does not start it is none.
    assert!(found(&anchored).iter().all(|f| f.position.line < 19), "{anchored}");
}

#[test]
fn what_is_no_kafka_is_passed_over() {
    for text in [
        "services: {ui: {image: kafbat/kafka-ui, environment: {KAFKA_CLUSTERS_0_NAME: x}}}",
        "services: {zookeeper: {image: confluentinc/cp-zookeeper:7.5.0, ports: ['2181:2181']}}",
        "services: {db: {image: postgres, environment: {KAFKA_BROKERS: 'kafka:9092'}}}",
        "services: {kafka: {image: bitnami/kafka, environment: {KAFKA_CFG_NODE_ID: x}}}",
        "services: {kafka: {image: confluentinc/cp-kafka:7.5.0, environment: {KAFKA_BROKER_ID: 1, KAFKA_ZOOKEEPER_CONNECT: z}}}",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_file_that_only_one_audience_is_to_reach_needs_no_way_for_the_other() {
    let inside = edited(GOOD, &[("    ports:\n      - '127.0.0.1:9092:9092'\n", "")]);
    let services = Asked { from_other_services: true, ..Asked::default() };
    assert_eq!(findings(&read(&inside), &services), []);
    let outside = edited(GOOD, &[("INTERNAL://kafka:29092", "INTERNAL://localhost:29092")]);
    let machine = Asked { from_this_machine: true, ..Asked::default() };
    assert_eq!(findings(&read(&outside), &machine), []);
    assert_eq!(findings(&read(&inside), &Asked::default()), []);
}

/// The image alone, as its documentation starts it: `docker run -p 9092:9092 apache/kafka:4.3.1`.
#[test]
fn the_image_without_settings_serves_this_machine_alone() {
    let text = "services: {kafka: {image: 'apache/kafka:4.3.1', ports: ['9092:9092']}}";
    let machine = Asked { from_this_machine: true, ..Asked::default() };
    assert_eq!(findings(&read(text), &machine), []);
    assert_eq!(summary(&found(text)), "advertised-loopback-only 1:12");
}

#[test]
fn names_of_nobody_are_no_fault_while_this_machines_names_are_not_known() {
    let text = edited(GOOD, &[("EXTERNAL://localhost", "EXTERNAL://laptop")]);
    let asked = Asked { from_this_machine: true, from_other_services: true, machine_names: &[] };
    assert_eq!(findings(&read(&text), &asked), []);
    assert_eq!(summary(&found(&text)), "advertised-host-unknown 12:35");
}

#[test]
fn a_hosts_file_may_lead_the_services_name_to_this_machine() {
    let text = edited(
        GOOD,
        &[
            (",EXTERNAL://0.0.0.0:9092", ""),
            (",EXTERNAL://localhost:9092", ""),
            ("'localhost:9092'", "'localhost:29092'"),
            ("9092:9092", "29092:29092"),
        ],
    );
    assert_eq!(summary(&found(&text)), "advertised-inside-only 12:35");
    let names = ["kafka".to_owned()];
    let asked = Asked { from_this_machine: true, from_other_services: true, machine_names: &names };
    assert_eq!(findings(&read(&text), &asked), []);
}
