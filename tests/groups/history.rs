//! What a whole log amounts to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use kafka_workbook::kafka::journal::groups::{
    Change, Commit, GroupHistory, GroupJournal, GroupType, HeldCommit, Holder, IdPartition,
    NamedPartitions, coordinator_partition,
};
use kafka_workbook::kafka::journal::{Moment, TopicRef};
use proptest::prelude::*;
use uuid::Uuid;

use crate::vectors::vectors;

/// How many partitions `__consumer_offsets` had.
const PARTITIONS: i32 = 5;

/// The journal of each partition.
fn journals() -> &'static BTreeMap<i32, GroupJournal> {
    static JOURNALS: LazyLock<BTreeMap<i32, GroupJournal>> = LazyLock::new(|| {
        let mut journals = BTreeMap::<i32, GroupJournal>::new();
        for vector in vectors() {
            let Some((partition, offset, timestamp_ms)) = vector.place else { continue };
            let at = Moment { offset, timestamp_ms };
            journals.entry(partition).or_default().apply(at, vector.record());
        }
        journals
    });
    &JOURNALS
}

fn group(id: &str) -> &'static GroupHistory {
    let partition = coordinator_partition(id, PARTITIONS).expect("there are partitions");
    journals()[&partition].group(id).expect("a group of the log")
}

/// The topics of a name that the log has commits for, oldest first.
fn topics(name: &str) -> Vec<TopicRef> {
    let mut commits: Vec<&Commit> = journals()
        .values()
        .flat_map(GroupJournal::groups)
        .flat_map(GroupHistory::events)
        .filter_map(|event| match &event.change {
            Change::Committed(commit) if *commit.topic == *name => Some(&**commit),
            _ => None,
        })
        .collect();
    commits.sort_by_key(|commit| commit.at.timestamp_ms);
    let mut ids: Vec<Uuid> = commits.iter().filter_map(|commit| commit.value.topic_id).collect();
    ids.dedup();
    ids.into_iter().map(|id| TopicRef { id, name: name.into() }).collect()
}

fn orders() -> TopicRef {
    topics("orders").remove(0)
}

#[test]
fn every_group_lives_in_the_partition_that_its_id_says() {
    for (partition, journal) in journals() {
        for group in journal.groups() {
            assert_eq!(coordinator_partition(group.id(), PARTITIONS), Some(*partition));
        }
    }
}

#[test]
fn whoever_says_to_have_committed_had_the_partition() {
    let mut told = BTreeMap::<&str, usize>::new();
    for group in journals().values().flat_map(GroupJournal::groups) {
        for event in group.events() {
            let Change::Committed(commit) = &event.change else { continue };
            let Some((_, client)) = commit.value.metadata.rsplit_once(" by ") else { continue };
            let id = commit.value.topic_id.unwrap_or_else(|| orders().id);
            let topic = TopicRef { id, name: Arc::clone(&commit.topic) };
            let holder = group.holder(&topic, commit.partition, commit.at.offset);
            let seen = holder.member().map(|member| member.client_id.as_str());
            let expected = Some(client).filter(|_| group.id() != "simple-e");
            assert_eq!(seen, expected, "{} {commit:?} {holder:?}", group.id());
            *told.entry(group.id()).or_default() += 1;
        }
    }
    assert!(told.len() >= 10 && told.values().sum::<usize>() >= 150, "{told:?}");
}

/// The partitions of one topic in short.
fn numbers(partitions: &[IdPartition]) -> String {
    let numbers: Vec<String> = partitions.iter().map(|of| of.partition.to_string()).collect();
    numbers.join(" ")
}

/// What happened in a group but for commits, in short: members by their client ids.
fn told(group: &GroupHistory) -> String {
    let mut names = BTreeMap::<Arc<str>, String>::new();
    let mut told = String::new();
    for event in group.events() {
        let line = match &event.change {
            Change::Committed(_) => continue,
            Change::Generation(of) => {
                let given = |partitions: &[NamedPartitions]| {
                    let numbers = partitions.iter().flat_map(|of| &of.partitions);
                    numbers.map(ToString::to_string).collect::<Vec<_>>().join(" ")
                };
                let mut members: Vec<String> = of
                    .members
                    .iter()
                    .map(|of| {
                        let given = of.assignment.read().map(|of| given(&of.partitions));
                        format!("{} {:?}", of.member.client_id, given.unwrap_or_default())
                    })
                    .collect();
                members.sort();
                format!("generation {}: {}", of.generation, members.join(", "))
            }
            Change::Emptied { generation } => format!("generation {generation}: nobody"),
            Change::Joined(member) => {
                let line = format!("{} joined", member.client_id);
                names.insert(member.member_id.as_str().into(), member.client_id.clone());
                line
            }
            Change::Left { member } => format!("{} left", names[member]),
            Change::Got { member, partitions } => {
                format!("{} got {}", names[member], numbers(partitions))
            }
            Change::Lost { member, partitions } => {
                format!("{} lost {}", names[member], numbers(partitions))
            }
            Change::OffsetRemoved { topic, partition } => format!("{topic}-{partition} removed"),
            other => format!("{other:?}"),
        };
        writeln!(told, "{line}").expect("a string takes all");
    }
    told
}

#[test]
fn a_classic_group_is_told_by_its_generations() {
    let expected = "\
        generation 0: nobody\n\
        generation 1: one \"0 1 2\"\n\
        generation 2: one \"0 1\", two \"2\"\n\
        generation 3: two \"0 1 2\"\n\
        generation 4: nobody\n\
        generation 5: three \"0 1 2\"\n\
        generation 6: nobody\n\
        orders-1 removed\norders-2 removed\norders-0 removed\n\
        Removed(Classic)\n";
    assert_eq!(told(group("classic-a")), expected);
}

#[test]
fn a_static_member_that_comes_back_is_the_same_generation_again() {
    let group = group("static-b");
    let expected = "\
        generation 0: nobody\n\
        generation 1: one \"0 1 2\"\n\
        generation 2: one \"0 1\", two \"2\"\n\
        generation 2: one \"0 1\", two \"2\"\n\
        generation 3: nobody\n";
    assert_eq!(told(group), expected);
    let south: Vec<&str> = group
        .events()
        .iter()
        .filter_map(|event| match &event.change {
            Change::Generation(of) => Some(of),
            _ => None,
        })
        .flat_map(|of| &of.members)
        .filter(|of| of.member.instance_id.as_deref() == Some("south"))
        .map(|of| of.member.member_id.as_str())
        .collect();
    let [before, after] = south[..] else { panic!("{south:?}") };
    assert_ne!(before, after);
}

#[test]
fn a_kip_848_group_is_told_by_what_its_members_get_and_lose() {
    let told = told(group("next-c"));
    let beginning = "\
        one joined\none got 0 1 2\n\
        two joined\none lost 2\ntwo got 2\n\
        one lost 0 1\none left\ntwo got 0 1\n\
        fix joined\ntwo lost 2\nfix got 2\n\
        fix lost 2\nfix left\nfix joined\nfix got 2\n";
    assert!(told.starts_with(beginning), "{told}");
    assert!(
        told.ends_with(
            "regex left\npassing-0 removed\npassing-1 removed\n\
        orders-2 removed\norders-0 removed\norders-1 removed\nRemoved(Consumer)\n"
        ),
        "{told}"
    );
}

#[test]
fn a_group_that_changes_its_type_is_told_as_one_group() {
    let expected = "\
        generation 0: nobody\ngeneration 1: old \"0 1 2\"\n\
        Removed(Classic)\n\
        old joined\nold got 0 1 2\nnext joined\nold lost 2\nnext got 2\n\
        next lost 2\nold lost 0 1\nnext left\nold left\n\
        Removed(Consumer)\n\
        generation 2: old \"0 1\"\ngeneration 3: old \"0 1 2\"\ngeneration 4: nobody\n\
        Removed(Classic)\n\
        last joined\nlast got 0 1 2\nlast lost 0 1 2\nlast left\n\
        Removed(Consumer)\n\
        generation 0: nobody\ngeneration 1: back \"0 1 2\"\ngeneration 2: nobody\n";
    let group = group("convert-d");
    assert_eq!(told(group), expected);
    assert_eq!(group.group_type(), Some(GroupType::Classic));
}

#[test]
fn a_consumer_that_was_killed_keeps_its_partitions_until_it_is_taken_for_dead() {
    for (id, timeout_ms) in [("killed-classic", 45_000), ("killed-consumer", 42_000)] {
        let group = group(id);
        assert!(group.members().is_empty());
        let last = |wanted: fn(&Change) -> bool| {
            let found = group.events().iter().rev().find(|event| wanted(&event.change));
            found.expect("it happened").at.timestamp_ms
        };
        let dead = last(|change| matches!(change, Change::Emptied { .. } | Change::Left { .. }));
        let commits = group.commits(&orders());
        let held = commits[&0].iter().filter(|commit| commit.holder.member().is_some());
        let alive = held.map(|commit| commit.commit.at.timestamp_ms).max().expect("it committed");
        assert!(dead - alive >= timeout_ms, "{id}: {}", dead - alive);
        let reset = commits[&0].last().expect("the tool committed");
        assert_eq!((reset.commit.value.offset, &reset.holder), (0, &Holder::NoMembers), "{id}");
    }
}

#[test]
fn offsets_that_a_tool_or_a_consumer_without_a_group_sets_are_held_by_nobody() {
    for id in ["classic-a", "static-b", "next-c", "kcat-k", "killed-classic", "killed-consumer"] {
        let commits = group(id).commits(&orders());
        let by_tool = commits
            .values()
            .flatten()
            .filter(|held| held.commit.value.metadata.is_empty() && held.commit.value.offset < 4);
        let holders: Vec<&Holder<'_>> = by_tool.map(|held| &held.holder).collect();
        assert!(holders.len() >= 3, "{id}: {holders:?}");
        assert!(holders.iter().all(|holder| **holder == Holder::NoMembers), "{id}: {holders:?}");
    }
    let simple = group("simple-e").commits(&orders());
    assert!(simple[&0].iter().all(|held| held.holder == Holder::NoMembers));
}

#[test]
fn a_partition_that_is_being_given_up_is_still_held() {
    let revoking = |id: &str, topic: &TopicRef| {
        let commits = group(id).commits(topic);
        let held = commits.values().flatten();
        let revoking = held.filter(|held| matches!(held.holder, Holder::Revoking(_)));
        revoking.map(|held| held.commit.value.metadata.clone()).collect::<Vec<_>>()
    };
    assert_eq!(revoking("coop-h", &orders()), ["revoked by one"], "KIP-429");
    assert_eq!(revoking("next-c", &orders()), ["revoked by one", "revoked by two"], "KIP-848");
    assert!(revoking("classic-a", &orders()).is_empty(), "eager: given up before joining again");
}

#[test]
fn a_group_without_offsets_of_a_topic_has_no_commits() {
    let never = TopicRef { id: Uuid::from_u128(1), name: "never".into() };
    assert!(group("classic-a").commits(&never).is_empty());
    let another = TopicRef { id: Uuid::from_u128(1), name: "orders".into() };
    assert!(group("classic-a").commits(&another).is_empty(), "the name alone is not the topic");
}

#[test]
fn a_topic_made_again_has_the_commits_of_its_own_life() {
    for protocol in ["classic", "consumer"] {
        let group = group(&format!("lives-{protocol}"));
        let lives = topics(&format!("remade-{protocol}"));
        let [first, second] = &lives[..] else { panic!("{lives:?}") };
        let texts = |commits: BTreeMap<i32, Vec<HeldCommit<'_>>>| {
            let texts = commits.values().flatten().map(|held| held.commit.value.metadata.clone());
            texts.collect::<BTreeSet<_>>()
        };
        assert!(group.standing_commits(first).is_empty());
        assert_eq!(texts(group.commits(first)), ["first life of the topic by c".to_owned()].into());
        let second = texts(group.standing_commits(second));
        let told = ["revoked by d".to_owned(), "second life of the topic by d".to_owned()];
        assert_eq!(second, told.into());
    }
}

#[test]
fn commits_of_a_deleted_group_do_not_stand() {
    let group = group("next-c");
    assert!(group.commits(&orders()).values().flatten().count() > 20);
    assert!(group.standing_commits(&orders()).is_empty());
    assert_eq!(group.group_type(), None);
}

#[test]
fn transactional_commits_count_without_a_topic_id_and_aborted_ones_are_not_there() {
    for id in ["txn-classic", "txn-consumer"] {
        let commits = group(id).commits(&orders());
        let sent = commits[&0].iter().filter_map(|held| {
            let value = &held.commit.value;
            value.metadata.starts_with("transaction").then_some((&*value.metadata, value.topic_id))
        });
        let told = [("transaction 0 by reader", None), ("transaction 2 by reader", None)];
        assert_eq!(sent.collect::<Vec<_>>(), told, "{id}");
    }
}

proptest! {
    #[test]
    fn any_order_and_repetition_of_records_is_folded(
        picks in prop::collection::vec(any::<prop::sample::Index>(), 0..60),
    ) {
        let mut journal = GroupJournal::new();
        for (offset, which) in (0..).zip(&picks) {
            journal.apply(Moment { offset, timestamp_ms: 0 }, which.get(vectors()).record());
        }
        let orders = orders();
        for group in journal.groups() {
            for commits in group.commits(&orders).values() {
                let standing = commits.iter().position(|held| held.removed.is_none());
                let after = &commits[standing.unwrap_or(commits.len())..];
                prop_assert!(after.iter().all(|held| held.removed.is_none()));
            }
        }
    }
}
