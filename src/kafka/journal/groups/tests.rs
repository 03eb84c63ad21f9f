use uuid::Uuid;

use super::*;
use crate::kafka::journal::{Moment, TopicRef};

mod reading;

const ID: Uuid = Uuid::from_u128(7);

fn topic() -> TopicRef {
    TopicRef { id: ID, name: "t".into() }
}

/// Records one after another from offset 0 on.
fn fold(records: impl IntoIterator<Item = GroupRecord>) -> GroupJournal {
    let mut journal = GroupJournal::new();
    for (offset, record) in (0..).zip(records) {
        journal.apply(Moment { offset, timestamp_ms: offset * 10 }, record);
    }
    journal
}

fn commit(partition: i32, offset: i64) -> GroupRecord {
    let value = OffsetCommit {
        offset,
        leader_epoch: None,
        metadata: String::new(),
        commit_timestamp_ms: 0,
        expire_timestamp_ms: None,
        topic_id: None,
    };
    offset_record(partition, Value::Set(value))
}

fn offset_record(partition: i32, value: Value<OffsetCommit>) -> GroupRecord {
    GroupRecord::OffsetCommit { group: "g".to_owned(), topic: "t".to_owned(), partition, value }
}

fn member(name: &str) -> Member {
    Member {
        member_id: name.to_owned(),
        instance_id: None,
        client_id: name.to_uppercase(),
        client_host: "/h".to_owned(),
    }
}

fn named(partitions: &[i32]) -> Vec<NamedPartitions> {
    vec![NamedPartitions { topic: "t".to_owned(), partitions: partitions.to_vec() }]
}

/// A member of a classic group with what it has and what it had before, as of which generation.
fn classic(name: &str, assigned: &[i32], owned: &[i32], generation: Option<i32>) -> ClassicMember {
    let owned = named(owned);
    let subscription = Subscription { version: 3, topics: vec![], owned, generation, rack: None };
    ClassicMember {
        member: member(name),
        rebalance_timeout_ms: None,
        session_timeout_ms: 0,
        subscription: Embedded::Read(subscription),
        assignment: Embedded::Read(Assignment { partitions: named(assigned) }),
    }
}

fn generation(protocol_type: &str, members: Vec<ClassicMember>) -> GroupRecord {
    let value = Value::Set(GroupMetadata {
        protocol_type: protocol_type.to_owned(),
        generation: 1,
        protocol: None,
        leader: None,
        state_timestamp_ms: None,
        members,
    });
    GroupRecord::GroupMetadata { group: "g".to_owned(), value }
}

fn joined(name: &str) -> GroupRecord {
    let value = Value::Set(MemberMetadata {
        instance_id: None,
        rack: None,
        client_id: name.to_uppercase(),
        client_host: "/h".to_owned(),
        topics: vec![],
        topic_regex: None,
        rebalance_timeout_ms: 0,
        server_assignor: None,
        classic: None,
    });
    GroupRecord::ConsumerGroupMemberMetadata {
        group: "g".to_owned(),
        member: name.to_owned(),
        value,
    }
}

fn has(name: &str, member_epoch: i32, assigned: &[i32], pending: &[i32]) -> GroupRecord {
    let partitions = |partitions: &[i32]| {
        let partitions = partitions.to_vec();
        vec![TopicPartitions { topic_id: ID, partitions, assignment_epochs: None }]
    };
    assignment(
        name,
        Value::Set(CurrentAssignment {
            member_epoch,
            previous_member_epoch: 0,
            state: 0,
            assigned: partitions(assigned),
            pending_revocation: partitions(pending),
        }),
    )
}

fn assignment(name: &str, value: Value<CurrentAssignment>) -> GroupRecord {
    let (group, member) = ("g".to_owned(), name.to_owned());
    GroupRecord::ConsumerGroupCurrentMemberAssignment { group, member, value }
}

/// Who holds a partition after `records`.
fn holder(records: Vec<GroupRecord>, partition: i32) -> String {
    let journal = fold(records);
    let Some(group) = journal.group("g") else { return "no group".to_owned() };
    match group.holder(&topic(), partition, i64::MAX) {
        Holder::Member(member) => member.client_id.clone(),
        Holder::Revoking(member) => format!("revoking {}", member.client_id),
        Holder::Several(members) => format!("{} members", members.len()),
        other => format!("{other:?}"),
    }
}

#[test]
fn the_coordinators_partition_is_the_one_that_java_computes() {
    // String.hashCode and Utils.abs of Kafka 4.3.1 on OpenJDK, modulo 50 and modulo 5.
    let by_java = [
        ("", 0, 0),
        ("day1-basic", 48, 3),
        ("polygenelubricants", 0, 0),
        ("classic-a", 42, 2),
        ("组-1", 16, 1),
        ("😀 group", 6, 1),
        ("zzzzzzzzzzzz", 42, 2),
        ("console-consumer-12345", 6, 1),
    ];
    for (group, of_50, of_5) in by_java {
        let ours = (coordinator_partition(group, 50), coordinator_partition(group, 5));
        assert_eq!(ours, (Some(of_50), Some(of_5)), "{group}");
    }
    assert_eq!(coordinator_partition("g", 0), None);
    assert_eq!(coordinator_partition("g", -1), None);
}

#[test]
fn a_commit_is_held_by_who_had_the_partition_then_and_not_by_who_has_it_now() {
    let journal = fold([
        commit(0, 1),
        generation(CONSUMER, vec![classic("a", &[0], &[], None)]),
        commit(0, 2),
        generation(CONSUMER, vec![classic("b", &[0], &[], None)]),
        commit(0, 3),
        generation(CONSUMER, vec![]),
        commit(0, 4),
    ]);
    let commits = journal.group("g").unwrap().commits(&topic());
    let held: Vec<(i64, Option<&str>)> = commits[&0]
        .iter()
        .map(|held| (held.commit.value.offset, held.holder.member().map(|m| &*m.client_id)))
        .collect();
    assert_eq!(held, [(1, None), (2, Some("A")), (3, Some("B")), (4, None)]);
}

#[test]
fn a_partition_that_no_member_has_is_unassigned_and_in_an_empty_group_without_members() {
    let one = || classic("a", &[0], &[], None);
    assert_eq!(holder(vec![generation(CONSUMER, vec![one()])], 1), "Unassigned");
    assert_eq!(holder(vec![generation(CONSUMER, vec![])], 0), "NoMembers");
    assert_eq!(holder(vec![commit(0, 0)], 0), "NoMembers");
    assert_eq!(holder(vec![joined("a"), has("a", 1, &[0], &[])], 1), "Unassigned");
    let gone = vec![
        joined("a"),
        has("a", 1, &[0], &[]),
        assignment("a", Value::Removed),
        GroupRecord::ConsumerGroupMemberMetadata {
            group: "g".to_owned(),
            member: "a".to_owned(),
            value: Value::Removed,
        },
    ];
    assert_eq!(holder(gone, 0), "NoMembers");
}

#[test]
fn a_partition_that_several_members_got_is_held_by_all_of_them() {
    let members = vec![classic("a", &[0], &[], None), classic("b", &[0, 1], &[], None)];
    assert_eq!(holder(vec![generation(CONSUMER, members.clone())], 0), "2 members");
    assert_eq!(holder(vec![generation(CONSUMER, members)], 1), "B");
}

#[test]
fn a_partition_that_nobody_got_is_still_held_by_the_latest_who_had_it() {
    let of = |claims: &[(&str, Option<i32>)]| {
        let members = claims.iter().map(|(name, generation)| classic(name, &[], &[0], *generation));
        holder(vec![generation(CONSUMER, members.collect())], 0)
    };
    assert_eq!(of(&[("a", Some(4))]), "revoking A");
    assert_eq!(of(&[("a", Some(4)), ("b", Some(5))]), "revoking B");
    assert_eq!(of(&[("a", None), ("b", Some(0))]), "revoking B");
    assert_eq!(of(&[("a", Some(4)), ("b", Some(4))]), "Unknown");
    let taken = vec![classic("a", &[], &[0], Some(4)), classic("b", &[0], &[], None)];
    assert_eq!(holder(vec![generation(CONSUMER, taken)], 0), "B", "given to another since");
}

#[test]
fn what_cannot_be_read_makes_the_holder_unknown_and_not_nobody() {
    let cause = DecodeError { expected: "ARRAY", at: 0, end: 0 };
    let mut damaged = classic("a", &[], &[], None);
    damaged.assignment = Embedded::Unreadable(cause);
    let with = |other| vec![generation(CONSUMER, vec![damaged.clone(), other])];
    assert_eq!(holder(with(classic("b", &[1], &[], None)), 0), "Unknown");
    assert_eq!(holder(with(classic("b", &[0], &[], None)), 0), "B");
    let connect = vec![generation("connect", vec![classic("a", &[0], &[], None)])];
    assert_eq!(holder(connect, 0), "Unknown");
    let group = "g".to_owned();
    let later = GroupRecord::GroupMetadata { group, value: Value::Unreadable { version: 5 } };
    assert_eq!(holder(vec![later], 0), "Unknown");
    let later = assignment("a", Value::Unreadable { version: 1 });
    assert_eq!(holder(vec![joined("a"), later], 0), "Unknown");
    assert_eq!(holder(vec![has("a", 1, &[0], &[])], 0), "Unknown", "whoever that is");
}

#[test]
fn a_later_version_is_told_and_does_not_touch_what_was_known() {
    let journal = fold([
        commit(0, 5),
        offset_record(0, Value::Unreadable { version: 9 }),
        GroupRecord::ConsumerGroupMetadata {
            group: "g".to_owned(),
            value: Value::Unreadable { version: 1 },
        },
    ]);
    let group = journal.group("g").unwrap();
    let told: Vec<_> = group.unreadable().map(|event| (event.at.offset, &event.change)).collect();
    let expected = [
        (1, &Change::Unreadable { key_type: 1, version: 9 }),
        (2, &Change::Unreadable { key_type: 3, version: 1 }),
    ];
    assert_eq!(told, expected);
    assert_eq!(group.standing_commits(&topic())[&0].len(), 1);
    assert_eq!(group.group_type(), Some(GroupType::Consumer), "the type is in the key");
}

#[test]
fn a_partition_that_is_to_be_given_up_is_held_and_one_of_a_static_member_that_left_is_not() {
    assert_eq!(holder(vec![joined("a"), has("a", 1, &[1], &[0])], 0), "revoking A");
    assert_eq!(
        holder(vec![joined("a"), has("a", 1, &[0], &[]), has("a", -2, &[0], &[])], 0),
        "Unassigned"
    );
    let journal = fold([joined("a"), has("a", 1, &[0], &[]), has("a", -2, &[0], &[])]);
    let last = journal.group("g").unwrap().events().last().map(|event| &event.change);
    assert!(matches!(last, Some(Change::Lost { partitions, .. }) if partitions.len() == 1));
}

#[test]
fn a_removal_ends_the_commits_before_it() {
    let journal = fold([
        offset_record(0, Value::Removed),
        commit(0, 1),
        commit(0, 2),
        offset_record(0, Value::Removed),
        offset_record(0, Value::Removed),
        commit(0, 3),
        commit(1, 9),
        offset_record(1, Value::Removed),
    ]);
    let group = journal.group("g").unwrap();
    let removed = |partition| -> Vec<Option<i64>> {
        let commits = &group.commits(&topic())[&partition];
        commits.iter().map(|held| held.removed.map(|at| at.offset)).collect()
    };
    assert_eq!(removed(0), [Some(3), Some(3), None]);
    assert_eq!(removed(1), [Some(7)]);
    let standing = group.standing_commits(&topic());
    assert_eq!(standing.keys().collect::<Vec<_>>(), [&0]);
    let removals = |change: &&Event| matches!(change.change, Change::OffsetRemoved { .. });
    assert_eq!(group.events().iter().filter(removals).count(), 2, "of what was there");
}

#[test]
fn a_record_that_is_read_again_counts_once() {
    let mut journal = fold([commit(0, 1), commit(0, 2)]);
    for offset in 0..2 {
        journal.apply(Moment { offset, timestamp_ms: 0 }, commit(0, 7));
    }
    assert_eq!(journal.group("g").unwrap().events().len(), 2);
    assert_eq!((journal.next_offset(), journal.gap()), (2, None));
}

#[test]
fn missing_records_are_noticed_unless_they_were_skipped() {
    let mut journal = fold([commit(0, 1)]);
    journal.skip_to(5);
    journal.apply(Moment { offset: 5, timestamp_ms: 0 }, commit(0, 2));
    assert_eq!((journal.next_offset(), journal.gap()), (6, None));
    journal.apply(Moment { offset: 8, timestamp_ms: 0 }, commit(0, 3));
    journal.apply(Moment { offset: 20, timestamp_ms: 0 }, commit(0, 4));
    assert_eq!(journal.gap(), Some(6), "the first");
}
