//! Files with one fault each, in `faults`, and files that are unusual and right, in `right`.

use std::collections::BTreeMap;

use super::*;
use crate::engine::compose;

mod any;
mod cluster;
mod faults;
mod files;
mod right;

/// One node, with nothing wrong.
const GOOD: &str = "\
services:
  kafka:
    image: apache/kafka:4.3.1
    ports:
      - '127.0.0.1:9092:9092'
    environment:
      CLUSTER_ID: a2Fma2Etd29ya2Jvb2suMQ
      KAFKA_NODE_ID: 1
      KAFKA_PROCESS_ROLES: broker,controller
      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:29093
      KAFKA_LISTENERS: INTERNAL://0.0.0.0:29092,EXTERNAL://0.0.0.0:9092,CONTROLLER://0.0.0.0:29093
      KAFKA_ADVERTISED_LISTENERS: INTERNAL://kafka:29092,EXTERNAL://localhost:9092
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT
      KAFKA_INTER_BROKER_LISTENER_NAME: INTERNAL
      KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1
    healthcheck:
      test: [CMD, /opt/kafka/bin/kafka-topics.sh, --bootstrap-server, 'localhost:9092', --list]
";

fn both() -> (Vec<String>, bool) {
    (vec!["workstation".to_owned(), "localhost".to_owned()], true)
}

/// What is found in a file that both audiences are to reach.
fn found(text: &str) -> Vec<Finding> {
    let (machine_names, asked) = both();
    let asked = Asked {
        from_this_machine: asked,
        from_other_services: asked,
        machine_names: &machine_names,
    };
    findings(&read(text), &asked)
}

fn read(text: &str) -> ComposeFile {
    match compose::parse("f.yaml", text, &BTreeMap::new()) {
        Ok(file) => file,
        Err(error) => panic!("{error}\n{text}"),
    }
}

/// `id line:column` of each finding.
fn summary(found: &[Finding]) -> String {
    let one = |finding: &Finding| format!("{} {}", finding.id, finding.position);
    found.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// `text` with each of the edits made, which have to change it.
fn edited(text: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| {
        let changed = text.replace(from, to);
        assert_ne!(changed, text, "{from}");
        changed
    })
}

#[test]
fn the_file_that_the_gallery_breaks_is_right_as_it_stands() {
    assert_eq!(found(GOOD), []);
}
