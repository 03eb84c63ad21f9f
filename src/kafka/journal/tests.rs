use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::kafka::testing::{batch, record, unhex};

const ID: Uuid = Uuid::from_u128(7);

fn topic(name: &str, id: Uuid) -> MetadataRecord {
    MetadataRecord::Topic { name: name.to_owned(), topic_id: id }
}

fn partition(topic_id: Uuid, partition_id: i32) -> MetadataRecord {
    let replicas = vec![1, 2];
    let isr = replicas.clone();
    MetadataRecord::Partition(Partition {
        partition_id,
        topic_id,
        replicas,
        isr,
        leader: 1,
        ..Partition::default()
    })
}

fn isr(topic_id: Uuid, isr: &[i32]) -> MetadataRecord {
    let isr = Some(isr.to_vec());
    MetadataRecord::PartitionChange(PartitionChange { topic_id, isr, ..PartitionChange::default() })
}

/// Records one after another, each with its batch.
fn fold(records: impl IntoIterator<Item = (i64, MetadataRecord)>) -> History {
    let mut history = History::new();
    for (offset, (batch, record)) in (0..).zip(records) {
        history.apply(batch, offset, offset * 10, record);
    }
    history
}

fn begin() -> MetadataRecord {
    MetadataRecord::BeginTransaction { name: None }
}

#[test]
fn an_aborted_transaction_leaves_nothing() {
    let history = fold([
        (0, begin()),
        (0, topic("a", ID)),
        (0, partition(ID, 0)),
        (3, MetadataRecord::AbortTransaction { reason: None }),
        (4, topic("b", Uuid::from_u128(8))),
    ]);
    assert_eq!(history.lives("a").count(), 0);
    assert!(history.living("b").is_some(), "what follows the abort counts");
    assert_eq!(history.events().len(), 1);
}

#[test]
fn a_transaction_counts_only_once_it_ends_and_then_as_one_change() {
    let open = [(0, begin()), (0, topic("a", ID)), (0, partition(ID, 0)), (3, partition(ID, 1))];
    assert!(fold(open.clone()).topics().is_empty());
    let history = fold(open.into_iter().chain([(4, MetadataRecord::EndTransaction)]));
    let life = history.living("a").unwrap();
    assert_eq!((life.created_with, life.growth.len()), (2, 0));
    assert_eq!(life.created, Moment { offset: 1, timestamp_ms: 10 });
}

#[test]
fn partitions_of_a_later_batch_are_growth_and_events_carry_the_final_number() {
    let history = fold([
        (0, topic("a", ID)),
        (0, partition(ID, 0)),
        (0, partition(ID, 1)),
        (3, partition(ID, 2)),
        (3, partition(ID, 3)),
        (5, partition(ID, 4)),
    ]);
    let life = history.living("a").unwrap();
    assert_eq!(life.created_with, 2);
    let growth: Vec<_> = life.growth.iter().map(|g| (g.at.offset, g.partitions)).collect();
    assert_eq!(growth, [(3, 4), (5, 5)]);
    let counts: Vec<u32> = history
        .events()
        .iter()
        .map(|event| match event.change {
            Change::TopicCreated { partitions, .. } | Change::TopicGrown { partitions, .. } => {
                partitions
            }
            _ => 0,
        })
        .collect();
    assert_eq!(counts, [2, 4, 5]);
}

#[test]
fn a_record_that_is_read_again_counts_once() {
    let mut history = fold([(0, topic("a", ID)), (0, partition(ID, 0))]);
    history.apply(0, 0, 0, topic("a", ID));
    history.apply(0, 1, 10, partition(ID, 0));
    assert_eq!((history.topics().len(), history.events().len()), (1, 1));
    assert_eq!(history.next_offset(), 2);
}

#[test]
fn an_isr_in_another_order_is_the_same_isr() {
    let history = fold([
        (0, topic("a", ID)),
        (0, partition(ID, 0)),
        (2, isr(ID, &[2, 1])),
        (3, isr(ID, &[2])),
        (4, isr(ID, &[2])),
    ]);
    let changes: Vec<i64> = history
        .events()
        .iter()
        .filter(|event| matches!(event.change, Change::IsrChanged { .. }))
        .map(|event| event.at.offset)
        .collect();
    assert_eq!(changes, [3]);
}

#[test]
fn what_names_an_unknown_or_deleted_topic_is_passed_over() {
    let history = fold([
        (0, MetadataRecord::RemoveTopic { topic_id: ID }),
        (1, partition(ID, 0)),
        (2, isr(ID, &[1])),
        (3, topic("a", ID)),
        (4, MetadataRecord::RemoveTopic { topic_id: ID }),
        (5, partition(ID, 0)),
        (6, MetadataRecord::RemoveTopic { topic_id: ID }),
    ]);
    let life = history.topic(ID).unwrap();
    assert_eq!(life.deleted.map(|at| at.offset), Some(4));
    assert!(life.partitions.is_empty());
    assert_eq!(history.events().len(), 2);
}

#[test]
fn eligible_leader_replicas_are_cleared_for_one_topic_or_for_all() {
    let eligible = |id| {
        let eligible_leader_replicas = Some(vec![2]);
        let topic_id = id;
        MetadataRecord::PartitionChange(PartitionChange {
            topic_id,
            eligible_leader_replicas,
            ..PartitionChange::default()
        })
    };
    let other = Uuid::from_u128(8);
    let made = [
        (0, topic("a", ID)),
        (0, partition(ID, 0)),
        (0, topic("b", other)),
        (0, partition(other, 0)),
        (4, eligible(ID)),
        (5, eligible(other)),
    ];
    let left = |cleared: &str| {
        let clear = MetadataRecord::ClearElr { topic: cleared.to_owned() };
        let history = fold(made.clone().into_iter().chain([(6, clear)]));
        let of = |id| history.topic(id).unwrap().partitions[&0].eligible_leader_replicas.len();
        (of(ID), of(other))
    };
    assert_eq!((left("none"), left("a"), left("")), ((1, 1), (0, 1), (0, 0)));
}

#[test]
fn a_log_is_read_to_its_last_whole_batch_and_markers_are_passed_over() {
    let no_op = unhex("01140000");
    let named = unhex("01020003717300000000000000000000000000000007".to_owned().as_str());
    let named = [&named[..], &[0]].concat();
    let marker = batch(0, 0x20, 1, &record(0, b"no metadata", &[]));
    let first = batch(1, 0, 2, &[record(0, &no_op, &[]), record(1, &named, &[])].concat());
    let second = batch(3, 0, 1, &record(0, &no_op, &[]));
    let whole = [marker, first].concat();
    let mut history = History::new();
    let cut = [&whole[..], &second[..second.len() - 1]].concat();
    history.read(&cut.into()).unwrap();
    assert_eq!(history.next_offset(), 3);
    let life = history.living("qs").expect("the topic of the first batch");
    assert_eq!((life.id, life.created), (ID, Moment { offset: 2, timestamp_ms: 1010 }));
    history.read(&[whole, second].concat().into()).unwrap();
    assert_eq!((history.next_offset(), history.topics().len()), (4, 1));
}

#[test]
fn a_frame_of_another_version_or_none_is_an_error() {
    for bytes in ["", "00140000", "02140000", "01"] {
        let read = decode(&unhex(bytes));
        assert!(matches!(read, Err(JournalError::Frame(_))), "{bytes}: {read:?}");
    }
}

#[test]
fn bytes_after_a_complete_record_are_an_error() {
    let read = decode(&unhex("0114000000"));
    let Err(JournalError::Message { key: 20, version: 0, cause }) = read else {
        panic!("{read:?}")
    };
    assert_eq!((cause.expected, cause.at, cause.end), ("END", 4, 5));
}

#[test]
fn a_topics_name_may_be_anything() {
    for name in ["", "\u{1b}[2J", "../../etc/passwd", &"x".repeat(70_000)] {
        assert_eq!(fold([(0, topic(name, ID))]).living(name).map(|life| life.id), Some(ID));
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_errors_or_records(
        key in 0_u8..30,
        version in 0_u8..6,
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let bytes = [&[1, key, version], &rest[..]].concat();
        let _ = decode(&bytes);
        let log = batch(0, 0, 1, &record(0, &bytes, &[]));
        let _ = History::new().read(&log.into());
    }
}
