//! Logs as real ones are: cut at the beginning, compressed, with transactions in them.

use kafka_protocol::messages::ApiKey::ListOffsets;

use super::common::batches::{CODECS, Draft};
use super::common::fake_broker::{FakeBroker, Fault};
use super::common::group_log::{commit, generation};
use super::common::world::{EVENTS, OFFSETS, READERS, World};
use super::records::{grader, mistakes, round, words, world};
use super::records_table::whole_log;
use super::{MARGIN, PATIENCE, TURN};
use kafka_workbook::kafka::journal::groups::coordinator_partition;

/// What the five checks say of a world: committed, histogram, keys, records, spread.
async fn said(world: World) -> (Vec<&'static str>, Vec<String>) {
    let broker = FakeBroker::start(world).await;
    let (verdicts, took) = round(&grader(&[&broker])).await;
    assert!(took < PATIENCE + MARGIN, "{took:?}");
    (words(&verdicts), mistakes(&verdicts).into_iter().map(str::to_owned).collect())
}

/// `DeleteRecords` cuts at any offset, also in the middle of a batch: the leader hands out the
/// whole batch, and what lies before the start does not count.
#[tokio::test]
async fn what_was_deleted_at_the_beginning_does_not_count() {
    let mut world = world();
    let log = world.log_of(EVENTS, 2);
    let keys: Vec<String> = super::common::world::keys().skip(2).step_by(5).collect();
    let keys: Vec<Option<&str>> = keys.iter().map(|key| Some(key.as_str())).collect();
    // Two rounds of keys more, of which the first is deleted, to the middle of a batch of ten.
    let both = [&keys[..], &keys].concat();
    *log = super::common::data_log::DataLog::default();
    log.append_keys(&both).append_keys(&keys).append_keys(&keys).append_keys(&keys);
    log.start = 5;
    let committed = world.log_of(EVENTS, 2).end();
    world.groups.get_mut(READERS).unwrap().committed.insert(2, committed);
    let partition = coordinator_partition(READERS, 5).unwrap();
    let log = world.log_of(OFFSETS, partition);
    let row = commit(READERS, EVENTS, 2, committed);
    log.append(&Draft { base: log.end(), attributes: 0, producer_id: -1, rows: vec![row] });
    assert_eq!(said(world.clone()).await, (vec!["passed"; 5], vec![]));
    world.log_of(EVENTS, 2).start = 6;
    let (words, named) = said(world).await;
    assert_eq!(words, ["passed", "failed", "failed", "failed", "passed"]);
    assert_eq!(named, ["other-counts", "uneven-keys", "too-few-records"]);
}

#[tokio::test]
async fn a_partition_whose_records_are_all_deleted_is_empty() {
    let mut world = world();
    let log = world.log_of(EVENTS, 0);
    log.start = log.end();
    let (words, named) = said(world).await;
    assert_eq!(words, ["passed", "failed", "failed", "failed", "failed"]);
    assert_eq!(named, ["other-counts", "uneven-keys", "too-few-records", "empty-partition"]);
}

/// More was deleted between two questions.
#[tokio::test]
async fn a_beginning_that_moves_on_is_unknown() {
    let mut world = world();
    world.log_of(EVENTS, 0).start = 6;
    let broker = FakeBroker::start(world).await;
    broker.fail(
        ListOffsets,
        Fault::answer(|answer| {
            let super::common::answers::Answer::ListOffsets(body) = answer else { return };
            body.topics[0].partitions[0].offset = 5;
        }),
    );
    let (verdicts, _) = round(&grader(&[&broker])).await;
    assert_eq!(words(&verdicts), ["unknown"; 5], "{verdicts:?}");
}

#[tokio::test]
async fn records_count_alike_however_they_are_compressed() {
    for codec in CODECS {
        let mut world = world();
        for partition in 0..5 {
            let keys: Vec<String> =
                super::common::world::keys().skip(partition).step_by(5).collect();
            let keys: Vec<Option<&str>> = keys.iter().map(|key| Some(key.as_str())).collect();
            let log = world.log_of(EVENTS, i32::try_from(partition).unwrap());
            *log = super::common::data_log::DataLog::default();
            let four = keys.repeat(4);
            log.append(&Draft::of_keys(0, &four[..7]).compressed(codec));
            log.append(&Draft::of_keys(7, &four[7..]).compressed(codec));
        }
        assert_eq!(said(world).await, (vec!["passed"; 5], vec![]), "codec {codec}");
    }
}

/// A transactional producer is a right way too: its markers have offsets, and are no records.
#[tokio::test]
async fn of_transactions_only_the_committed_ones_count() {
    let mut world = world();
    let log = world.log_of(EVENTS, 1);
    let end = log.end();
    log.append(&Draft::of_keys(end, &[Some("stranger"), None]).of_transaction(7));
    log.append(&Draft::marker(end + 2, 7, false));
    log.aborted = vec![(7, end, end + 2)];
    assert_eq!(said(world.clone()).await, (vec!["passed"; 5], vec![]));
    // The same producer again, and this time it means it.
    let log = world.log_of(EVENTS, 1);
    log.append(&Draft::of_keys(end + 3, &[Some("stranger")]).of_transaction(7));
    log.append(&Draft::marker(end + 4, 7, true));
    let (words, named) = said(world).await;
    assert_eq!(words, ["failed", "failed", "failed", "failed", "passed"]);
    assert_eq!(named, ["committed-short", "other-counts", "keys-not-issued", "too-many-records"]);
}

/// Of an open transaction nothing is handed out yet, nor of what is behind it: the number is waited
/// for, and no mistake is told.
#[tokio::test]
async fn an_open_transaction_is_not_counted_and_names_no_missing_records() {
    let mut world = world();
    let log = world.log_of(EVENTS, 1);
    let end = log.end();
    log.append(&Draft::of_keys(end, &[Some("stranger")]).of_transaction(7));
    log.stable = Some(end);
    let (words, named) = said(world.clone()).await;
    assert_eq!(words, ["passed", "passed", "passed", "failed", "passed"]);
    assert!(named.is_empty(), "{named:?}");
    world.log_of(EVENTS, 1).stable = Some(end - 5);
    let (words, named) = said(world).await;
    assert_eq!(words[3], "failed");
    assert!(!named.contains(&"too-few-records".to_owned()), "{named:?}");
}

/// An open transaction of whatever group lives in the same partition holds back what is behind it,
/// while the coordinator tells the offsets of now.
#[tokio::test]
async fn a_groups_log_behind_an_open_transaction_proves_no_absence() {
    let mut world = world();
    let partition = coordinator_partition(READERS, 5).unwrap();
    let log = world.log_of(OFFSETS, partition);
    // All but the beginning is behind the transaction: who held the partitions, and the commits.
    log.stable = Some(0);
    assert_eq!(said(world.clone()).await.0, ["unknown", "passed", "passed", "passed", "passed"]);
    // What can be seen counts all the same.
    let log = world.log_of(OFFSETS, partition);
    log.stable = None;
    let end = log.end();
    let open = generation("others", EVENTS, &[]);
    let open = Draft { base: end, attributes: 0, producer_id: -1, rows: vec![open] };
    log.append(&open.of_transaction(9));
    log.stable = Some(end);
    assert_eq!(said(world).await, (vec!["passed"; 5], vec![]));
}

/// Each batch stays below the limit, but there are many: what takes them apart has a deadline too.
#[tokio::test]
async fn many_bombs_do_not_outlast_the_deadline() {
    let _turn = TURN.lock().await;
    let mut one = Draft::of_keys(0, &[None]).compressed(4);
    one.rows[0].2 = vec![0; 30_000_000];
    let one = one.bytes();
    let many: Vec<u8> =
        (0_i64..200).flat_map(|base| [&base.to_be_bytes()[..], &one[8..]].concat()).collect();
    // One partition, so that one core is left for the tests beside this one.
    let mut world = World::new(1);
    world.create(EVENTS, 1);
    let broker = FakeBroker::start(world).await;
    broker.fail_fetch(EVENTS, whole_log(many.into(), 200));
    let (verdicts, took) = round(&grader(&[&broker])).await;
    assert!(took < 3 * PATIENCE + MARGIN, "{took:?}");
    assert_eq!(words(&verdicts), ["unknown"; 5], "{verdicts:?}");
}

/// What the faulty batches of the table are held against: with nothing wrong they are an observation.
#[tokio::test]
async fn a_log_of_other_records_is_failed() {
    let broker = FakeBroker::start(world()).await;
    let good = Draft::of_keys(0, &[Some("a"), Some("b"), Some("c"), Some("d")]);
    broker.fail_fetch(EVENTS, whole_log(good.bytes().into(), 4));
    assert_eq!(words(&round(&grader(&[&broker])).await.0)[1..], ["failed"; 4]);
}
