use uuid::Uuid;

use super::*;
use crate::grade::testing::topic_records;
use crate::kafka::journal::Moment;
use crate::kafka::journal::groups::{
    Assignment, ClassicMember, Embedded, GroupJournal, GroupMetadata, GroupRecord, Member,
    NamedPartitions, OffsetCommit, Value,
};

const TOPIC_ID: Uuid = Uuid::from_u128(7);

/// Something that the groups' log records.
enum Step {
    /// A generation is complete; each member has these partitions.
    Generation(&'static [&'static [i32]]),
    /// An offset was committed for a partition.
    Commit(i32, i64),
    /// The offset of a partition was removed.
    Removal(i32),
}
use Step::{Commit, Generation, Removal};

fn journal(steps: &[Step], from: i64) -> GroupJournal {
    let mut journal = GroupJournal::new();
    for (offset, step) in (from..).zip(steps) {
        journal.apply(Moment { offset, timestamp_ms: offset }, record(step));
    }
    journal
}

fn record(step: &Step) -> GroupRecord {
    let (group, topic) = ("g".to_owned(), "t".to_owned());
    match *step {
        Generation(members) => {
            let members = members.iter().map(|partitions| member(partitions)).collect();
            GroupRecord::GroupMetadata { group, value: Value::Set(generation(members)) }
        }
        Commit(partition, offset) => {
            let value = Value::Set(committed(offset));
            GroupRecord::OffsetCommit { group, topic, partition, value }
        }
        Removal(partition) => {
            GroupRecord::OffsetCommit { group, topic, partition, value: Value::Removed }
        }
    }
}

fn generation(members: Vec<ClassicMember>) -> GroupMetadata {
    GroupMetadata {
        protocol_type: "consumer".to_owned(),
        generation: 1,
        protocol: None,
        leader: None,
        state_timestamp_ms: None,
        members,
    }
}

fn member(partitions: &[i32]) -> ClassicMember {
    let partitions =
        vec![NamedPartitions { topic: "t".to_owned(), partitions: partitions.to_vec() }];
    ClassicMember {
        member: Member {
            member_id: "m".to_owned(),
            instance_id: None,
            client_id: "c".to_owned(),
            client_host: "/h".to_owned(),
        },
        rebalance_timeout_ms: None,
        session_timeout_ms: 0,
        subscription: Embedded::Foreign,
        assignment: Embedded::Read(Assignment { partitions }),
    }
}

fn committed(offset: i64) -> OffsetCommit {
    OffsetCommit {
        offset,
        leader_epoch: None,
        metadata: String::new(),
        commit_timestamp_ms: 0,
        expire_timestamp_ms: None,
        topic_id: None,
    }
}

/// The verdict on two partitions of two records each.
fn verdict_from(steps: &[Step], from: i64) -> (&'static str, Option<String>) {
    let spec = GroupCommittedSpec { topic: "t".to_owned(), group: "g".to_owned() };
    let topic = TopicRef { id: TOPIC_ID, name: "t".into() };
    let records = topic_records(&[&["a", "a"], &["b", "b"]]);
    let log = GroupLog { journal: journal(steps, from), undecided: false };
    let verdict = judge(&spec, &topic, &records, &log);
    (verdict.word(), verdict.mistake().map(str::to_owned))
}

fn verdict(steps: &[Step]) -> (&'static str, Option<String>) {
    verdict_from(steps, 0)
}

fn no_member() -> (&'static str, Option<String>) {
    ("failed", Some("no-member".to_owned()))
}

#[test]
fn ends_committed_by_who_held_the_partitions_pass_by_one_member_or_by_two() {
    let one = [Generation(&[&[0, 1]]), Commit(0, 2), Commit(1, 2), Generation(&[])];
    assert_eq!(verdict(&one), ("passed", None));
    let two = [Generation(&[&[0], &[1]]), Commit(0, 2), Commit(1, 2)];
    assert_eq!(verdict(&two), ("passed", None));
    let past = [Generation(&[&[0, 1]]), Commit(0, 3), Commit(1, 7)];
    assert_eq!(verdict(&past), no_member());
}

#[test]
fn what_a_tool_sets_is_told_from_what_a_member_commits() {
    assert_eq!(verdict(&[Commit(0, 2), Commit(1, 2)]), no_member());
    let after = [Generation(&[&[0, 1]]), Generation(&[]), Commit(0, 2), Commit(1, 2)];
    assert_eq!(verdict(&after), no_member());
    let half = [Generation(&[&[0, 1]]), Commit(0, 2), Generation(&[]), Commit(1, 2)];
    assert_eq!(verdict(&half), no_member());
    let short = [
        Generation(&[&[0, 1]]),
        Commit(0, 2),
        Commit(1, 1),
        Generation(&[]),
        Commit(0, 2),
        Commit(1, 2),
    ];
    assert_eq!(verdict(&short), no_member());
}

#[test]
fn a_tool_that_moves_offsets_afterwards_takes_nothing_back() {
    let steps = [Generation(&[&[0, 1]]), Commit(0, 2), Commit(1, 2), Generation(&[]), Commit(0, 2)];
    assert_eq!(verdict(&steps), ("passed", None));
}

#[test]
fn commits_for_an_earlier_topic_of_the_name_do_not_count() {
    let steps = [
        Generation(&[&[0, 1]]),
        Commit(0, 2),
        Commit(1, 2),
        Generation(&[]),
        Removal(0),
        Removal(1),
        Commit(0, 2),
        Commit(1, 2),
    ];
    assert_eq!(verdict(&steps), no_member());
}

#[test]
fn a_log_with_a_gap_proves_no_absence_but_what_it_shows() {
    assert_eq!(verdict_from(&[Commit(0, 2), Commit(1, 2)], 5), ("unknown", None));
    let shown = [Generation(&[&[0, 1]]), Commit(0, 2), Commit(1, 2)];
    assert_eq!(verdict_from(&shown, 5), ("passed", None));
}

#[test]
fn what_an_open_transaction_hides_is_not_taken_for_absent() {
    let spec = GroupCommittedSpec { topic: "t".to_owned(), group: "g".to_owned() };
    let topic = TopicRef { id: TOPIC_ID, name: "t".into() };
    let records = topic_records(&[&["a"]]);
    let log = GroupLog { journal: journal(&[Commit(0, 1)], 0), undecided: true };
    assert_eq!(judge(&spec, &topic, &records, &log).word(), "unknown");
}
