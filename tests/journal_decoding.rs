//! Our reading of the metadata log against Apache Kafka's own.

#![expect(clippy::expect_used, reason = "a vector that cannot be read fails its test")]

mod journal_json;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::LazyLock;

use kafka_workbook::kafka::journal::{
    Change, Event, History, JournalError, MetadataRecord, TopicLife, decode,
};
use proptest::prelude::*;
use serde_json::Value;

/// One line of the vectors: where the record stood, its bytes, and what Kafka reads in them.
struct Vector {
    place: Option<(i64, i64, i64)>,
    bytes: Vec<u8>,
    kafka: Value,
}

fn vectors() -> &'static [Vector] {
    static VECTORS: LazyLock<Vec<Vector>> = LazyLock::new(|| {
        let lines = include_str!("journal_vectors.txt").lines();
        lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(vector).collect()
    });
    &VECTORS
}

fn vector(line: &str) -> Vector {
    let fields: Vec<&str> = line.splitn(5, ' ').collect();
    let number = |index: usize| fields[index].parse::<i64>().ok();
    Vector {
        place: number(0).zip(number(1)).zip(number(2)).map(|((a, b), c)| (a, b, c)),
        bytes: unhex(fields[3]),
        kafka: serde_json::from_str(fields[4]).expect("the vectors hold JSON"),
    }
}

fn unhex(digits: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("the vectors hold hex");
    (0..digits.len()).step_by(2).map(byte).collect()
}

fn history() -> History {
    let mut history = History::new();
    for vector in vectors() {
        let Some((batch, offset, timestamp)) = vector.place else { continue };
        let record = decode(&vector.bytes).expect("a record of a real log");
        history.apply(batch, offset, timestamp, record);
    }
    history
}

#[test]
fn every_record_reads_as_kafka_reads_it() {
    for vector in vectors() {
        let record = decode(&vector.bytes).expect("a record that Kafka wrote");
        if !matches!(record, MetadataRecord::Other { .. }) {
            let version = vector.kafka["version"].as_u64().expect("a version");
            let ours = journal_json::of(&record, version);
            assert_eq!(ours, journal_json::without_secrets(&vector.kafka));
        }
    }
}

#[test]
fn the_vectors_hold_every_kind_and_every_version() {
    let held: BTreeSet<(String, u64)> = vectors()
        .iter()
        .map(|vector| {
            let name = vector.kafka["type"].as_str().expect("a type");
            (name.to_owned(), vector.kafka["version"].as_u64().expect("a version"))
        })
        .collect();
    for (name, versions) in journal_json::KINDS {
        for version in 0..=*versions {
            assert!(held.contains(&((*name).to_owned(), version)), "{name} v{version}");
        }
    }
}

#[test]
fn kinds_that_are_not_read_are_other() {
    let others: Vec<String> = vectors()
        .iter()
        .filter(|vector| matches!(decode(&vector.bytes), Ok(MetadataRecord::Other { .. })))
        .map(|vector| vector.kafka["type"].as_str().unwrap_or_default().to_owned())
        .collect();
    let expected =
        ["ZK_MIGRATION_STATE_RECORD", "DELEGATION_TOKEN_RECORD", "REMOVE_DELEGATION_TOKEN_RECORD"];
    assert_eq!(others, expected);
}

#[test]
fn a_later_version_of_a_known_kind_is_other_whatever_follows() {
    for vector in vectors() {
        let mut bytes = vector.bytes.clone();
        bytes[2] = 5;
        let record = decode(&bytes).expect("not read, so not wrong");
        assert_eq!(record, MetadataRecord::Other { key: u32::from(bytes[1]), version: 5 });
    }
}

#[test]
fn no_record_survives_the_loss_of_its_last_byte() {
    for vector in vectors() {
        let short = &vector.bytes[..vector.bytes.len() - 1];
        match decode(short) {
            Ok(MetadataRecord::Other { .. })
            | Err(JournalError::Frame(_) | JournalError::Message { .. }) => {}
            other => panic!("{other:?} from {}", vector.kafka),
        }
    }
}

#[test]
fn secrets_of_credentials_are_not_kept() {
    let credentials = vectors()
        .iter()
        .filter(|vector| vector.kafka["type"] == "USER_SCRAM_CREDENTIAL_RECORD")
        .collect::<Vec<_>>();
    assert_eq!(credentials.len(), 2);
    for vector in credentials {
        let shown = format!("{:?}", decode(&vector.bytes).expect("a credential"));
        assert!(shown.contains("alice"));
        assert!(!shown.contains("salt") && !shown.contains("key"), "{shown}");
    }
}

#[test]
fn a_topic_made_again_has_two_lives() {
    let history = history();
    let lives: Vec<&TopicLife> = history.lives("qs").collect();
    let [first, second] = lives[..] else { panic!("{lives:?}") };
    assert_eq!(first.created_with, 3);
    assert_eq!(first.created.offset, 186);
    let growth: Vec<(i64, u32)> =
        first.growth.iter().map(|growth| (growth.at.offset, growth.partitions)).collect();
    assert_eq!(growth, [(200, 5)], "two partitions of one batch are one growth");
    assert_eq!(first.deleted.map(|at| at.offset), Some(206));
    assert_eq!(second.created_with, 4);
    assert!(second.growth.is_empty());
    assert_eq!(history.living("qs"), Some(second));
    assert_eq!(history.living("moved"), None);
    assert_eq!(history.lives("never").count(), 0);
}

#[test]
fn a_partition_is_where_its_last_change_put_it() {
    let history = history();
    let moved = history.lives("moved").next().expect("it was created");
    assert_eq!(moved.partitions[&0].replicas, [2]);
    assert_eq!(moved.partitions[&1].replicas, [2, 1]);
    assert!(moved.partitions[&1].adding_replicas.is_empty());
    let stopped = &history.living("wide").expect("it lives").partitions[&1];
    assert_eq!((stopped.leader, stopped.isr.len()), (-1, 0), "both brokers are down by then");
}

/// The events in short, for one topic's partition or of brokers.
fn told(history: &History, wanted: impl Fn(&Change) -> bool) -> String {
    let mut told = String::new();
    for Event { at, change } in history.events().iter().filter(|event| wanted(&event.change)) {
        let line = match change {
            Change::IsrChanged { from, to, .. } => format!("isr {from:?} → {to:?}"),
            Change::LeaderChanged { from, to, .. } => format!("leader {from} → {to}"),
            Change::ReplicasChanged { from, to, .. } => format!("replicas {from:?} → {to:?}"),
            other => format!("{other:?}"),
        };
        writeln!(told, "{} {line}", at.offset).expect("a string takes all");
    }
    told
}

#[test]
fn an_isr_that_shrank_and_came_back_is_told() {
    let told = told(&history(), |change| match change {
        Change::IsrChanged { topic, partition: 1, .. }
        | Change::LeaderChanged { topic, partition: 1, .. } => *topic.name == *"wide",
        _ => false,
    });
    let expected = "\
        301 leader 2 → 1\n301 isr [2, 1] → [1]\n332 isr [1] → [1, 2]\n345 leader 1 → 2\n\
        351 leader 2 → 1\n351 isr [1, 2] → [1]\n371 leader 1 → -1\n371 isr [1] → []\n";
    assert_eq!(told, expected);
}

#[test]
fn a_reassignment_is_told() {
    let told = told(&history(), |change| matches!(change, Change::ReplicasChanged { .. }));
    let expected = "274 replicas [1] → [2, 1]\n275 replicas [2, 1] → [2]\n\
                    278 replicas [2] → [2, 1]\n";
    assert_eq!(told, expected);
}

#[test]
fn a_broker_that_was_killed_restarted_and_removed_is_told() {
    let history = history();
    let second: Vec<(i64, &str)> = history
        .events()
        .iter()
        .filter_map(|event| {
            let what = match event.change {
                Change::BrokerRegistered { broker: 2 } => "registered",
                Change::BrokerUnfenced { broker: 2 } => "unfenced",
                Change::BrokerFenced { broker: 2 } => "fenced",
                Change::BrokerStopping { broker: 2 } => "stopping",
                Change::BrokerUnregistered { broker: 2 } => "unregistered",
                _ => return None,
            };
            Some((event.at.offset, what))
        })
        .collect();
    let expected = [
        (195, "registered"),
        (198, "unfenced"),
        (306, "fenced"),
        (322, "registered"),
        (325, "unfenced"),
        (349, "stopping"),
        (360, "fenced"),
        (364, "unregistered"),
    ];
    assert_eq!(second, expected);
}

#[test]
fn settings_are_told_with_the_moment_they_were_set_and_removed() {
    let history = history();
    let segment: Vec<(i64, Option<&str>)> = history
        .events()
        .iter()
        .filter_map(|event| match &event.change {
            Change::ConfigSet { name, value, .. } if name == "segment.ms" => {
                Some((event.at.offset, Some(value.as_str())))
            }
            Change::ConfigRemoved { name, .. } if name == "segment.ms" => {
                Some((event.at.offset, None))
            }
            _ => None,
        })
        .collect();
    assert_eq!(segment, [(221, Some("1000")), (224, None)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn damaged_records_are_errors_or_records(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = which.get(vectors()).bytes.clone();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let kept = cut.index(bytes.len() * 2).max(1).min(bytes.len());
        let mut history = History::new();
        if let Ok(record) = decode(&bytes[..kept]) {
            history.apply(0, 0, 0, record);
        }
        prop_assert!(history.topics().len() <= 1);
    }

    #[test]
    fn any_order_and_repetition_of_records_is_folded(
        picks in prop::collection::vec((any::<prop::sample::Index>(), 0_i64..4), 0..60),
    ) {
        let mut history = History::new();
        for (offset, (which, batch)) in (0..).zip(picks) {
            let record = decode(&which.get(vectors()).bytes).expect("a record that Kafka wrote");
            history.apply(batch, offset, 0, record);
        }
        for life in history.topics() {
            let grown = life.growth.last().map_or(life.created_with, |growth| growth.partitions);
            prop_assert_eq!(grown, life.partition_count());
        }
    }
}
