//! Single records.

use std::collections::BTreeSet;

use kafka_workbook::kafka::journal::Moment;
use kafka_workbook::kafka::journal::groups::{GroupJournal, GroupRecord, decode};
use proptest::prelude::*;

use crate::json;
use crate::vectors::{Vector, vectors};

#[test]
fn every_record_reads_as_kafka_reads_it() {
    for vector in vectors() {
        let record = vector.record();
        if !matches!(record, GroupRecord::Other { .. }) {
            let kind = vector.kafka["type"].as_str().expect("a type");
            let ours = json::of(&record, kind, vector.kafka["version"].as_u64());
            assert_eq!(ours, json::kept(&vector.kafka));
        }
    }
}

#[test]
fn the_vectors_hold_every_type_and_every_version() {
    let held: BTreeSet<(&str, Option<u64>)> = vectors()
        .iter()
        .map(|vector| {
            (vector.kafka["type"].as_str().expect("a type"), vector.kafka["version"].as_u64())
        })
        .collect();
    for (name, newest) in json::KINDS {
        assert!(held.contains(&(*name, None)), "a tombstone of {name}");
        for version in 0..=*newest {
            assert!(held.contains(&(*name, Some(version))), "{name} v{version}");
        }
    }
}

#[test]
fn types_that_are_not_read_are_other() {
    let others: BTreeSet<(i16, &str)> = vectors()
        .iter()
        .filter_map(|vector| match vector.record() {
            GroupRecord::Other { key_type } => {
                Some((key_type, vector.kafka["type"].as_str().unwrap_or_default()))
            }
            _ => None,
        })
        .collect();
    let expected = [
        (10, "SHARE_GROUP_MEMBER_METADATA"),
        (11, "SHARE_GROUP_METADATA"),
        (12, "SHARE_GROUP_TARGET_ASSIGNMENT_METADATA"),
        (13, "SHARE_GROUP_TARGET_ASSIGNMENT_MEMBER"),
        (14, "SHARE_GROUP_CURRENT_MEMBER_ASSIGNMENT"),
        (15, "SHARE_GROUP_STATE_PARTITION_METADATA"),
        (16, "CONSUMER_GROUP_REGULAR_EXPRESSION"),
        (17, "STREAMS_GROUP_METADATA"),
    ];
    assert_eq!(others, BTreeSet::from(expected));
}

#[test]
fn no_record_survives_the_loss_of_its_last_byte() {
    for vector in vectors() {
        if matches!(vector.record(), GroupRecord::Other { .. }) {
            continue;
        }
        let short = &vector.key[..vector.key.len() - 1];
        assert!(decode(Some(short), vector.value.as_deref()).is_err(), "key {}", vector.kafka);
        if let Some(value) = &vector.value {
            let short = &value[..value.len() - 1];
            assert!(decode(Some(&vector.key), Some(short)).is_err(), "value {}", vector.kafka);
        }
    }
}

/// A vector with some bytes changed and its end cut off, half of the time.
fn damaged(
    vector: &Vector,
    changes: &[(prop::sample::Index, u8)],
    cut: prop::sample::Index,
) -> (Vec<u8>, Option<Vec<u8>>) {
    let (mut key, mut value) = (vector.key.clone(), vector.value.clone());
    for (at, byte) in changes {
        let ends = key.len() + value.as_ref().map_or(0, Vec::len);
        let at = at.index(ends);
        match (at.checked_sub(key.len()), &mut value) {
            (Some(at), Some(value)) => value[at] = *byte,
            _ => key[at] = *byte,
        }
    }
    if let Some(value) = &mut value {
        value.truncate(cut.index(value.len() * 2 + 1));
    }
    (key, value)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn damaged_records_are_errors_or_records(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let (key, value) = damaged(which.get(vectors()), &changes, cut);
        let mut journal = GroupJournal::new();
        if let Ok(record) = decode(Some(&key), value.as_deref()) {
            journal.apply(Moment { offset: 0, timestamp_ms: 0 }, record);
        }
        prop_assert!(journal.groups().count() <= 1);
    }
}
