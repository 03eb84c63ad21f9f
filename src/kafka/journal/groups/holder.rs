//! Who had a partition when an offset was committed for it.

use std::collections::BTreeMap;

use super::classic::{ClassicMember, GroupMetadata, Member};
use super::event::IdPartition;
use super::history::{GroupHistory, Kind};
use super::members::Hold;
use super::offsets::Commit;
use super::protocol::CONSUMER;
use crate::kafka::journal::{Moment, TopicRef};

/// Who had a partition at some moment, as the log tells it.
///
/// The coordinator takes a commit from any member for any partition, and the record does not say
/// from whom: that a member had the partition does not prove that the commit was its own. From
/// outside the group it takes none while there are members, except a transactional one of a
/// producer that names the group alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder<'a> {
    /// This member had it.
    Member(&'a Member),
    /// This member had it and was to give it up: it may still commit what it read. KIP-848 says so in a record of its own; in a classic group whose
    /// assignor is cooperative (KIP-429) it is a partition that the member had when it joined and
    /// that the new generation gives to no one.
    Revoking(&'a Member),
    /// An assignor of the client's gave it to all of these.
    Several(Vec<&'a Member>),
    /// The group had members, and none of them had it.
    Unassigned,
    /// The group had no members, or there was no group but its offsets: they were set by a tool
    /// (`--reset-offsets`) or by a consumer with `assign()`.
    NoMembers,
    /// It cannot be said: a record or a member's assignment cannot be read, or the members are no
    /// consumers.
    Unknown,
}

impl<'a> Holder<'a> {
    /// The one member that had the partition, be it about to give it up.
    pub const fn member(&self) -> Option<&'a Member> {
        match self {
            Self::Member(member) | Self::Revoking(member) => Some(member),
            Self::Several(_) | Self::Unassigned | Self::NoMembers | Self::Unknown => None,
        }
    }
}

/// A commit and who had its partition then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldCommit<'a> {
    /// The commit.
    pub commit: &'a Commit,
    /// Who had the partition.
    pub holder: Holder<'a>,
    /// When the offset was removed (with its topic or group, by hand, or it expired), if it was
    /// after this commit: the commit then belongs to something that is over.
    pub removed: Option<Moment>,
}

impl GroupHistory {
    /// Every commit of this group for a topic, by partition and in the order of the log; those that
    /// are known to be for another topic of the same name are left out.
    ///
    /// Takes time for each commit and everyone who ever was a member.
    pub fn commits(&self, topic: &TopicRef) -> BTreeMap<i32, Vec<HeldCommit<'_>>> {
        let partitions = self.offsets.of(&topic.name).map(|(partition, kept)| {
            let kept = kept.iter().filter(|kept| kept.commit.is_of(topic));
            let held = kept.map(|kept| HeldCommit {
                commit: &kept.commit,
                holder: self.holder(topic, partition, kept.commit.at.offset),
                removed: kept.removed,
            });
            (partition, held.collect::<Vec<_>>())
        });
        partitions.filter(|(_, commits)| !commits.is_empty()).collect()
    }

    /// Those of [`Self::commits`] that no removal has ended: the last one of each partition is its
    /// committed offset.
    pub fn standing_commits(&self, topic: &TopicRef) -> BTreeMap<i32, Vec<HeldCommit<'_>>> {
        let mut commits = self.commits(topic);
        commits.retain(|_, commits| {
            commits.retain(|commit| commit.removed.is_none());
            !commits.is_empty()
        });
        commits
    }

    /// Who had a partition when the record at `offset` of the groups' log was written.
    ///
    /// A classic group's generation counts until the next one is complete: while members join
    /// anew, the coordinator takes commits of the old generation alone. A static member that left
    /// and may come back has nothing meanwhile.
    pub fn holder(&self, topic: &TopicRef, partition: i32, offset: i64) -> Holder<'_> {
        match self.kinds.at(offset) {
            Some(Kind::Classic(group)) => in_generation(group, &topic.name, partition),
            Some(Kind::Consumer) => {
                self.in_consumer_group(IdPartition { topic_id: topic.id, partition }, offset)
            }
            Some(Kind::Gone) | None => Holder::NoMembers,
            Some(Kind::Unreadable) => Holder::Unknown,
        }
    }

    fn in_consumer_group(&self, of: IdPartition, offset: i64) -> Holder<'_> {
        let (mut assigned, mut revoking, mut unknown) = (Vec::new(), Vec::new(), false);
        for hold in self.members.holding(of, offset) {
            match hold {
                Hold::Assigned(member) => assigned.push(member),
                Hold::Revoking(member) => revoking.push(member),
                Hold::Unknown => unknown = true,
            }
        }
        match (assigned.as_slice(), revoking.as_slice()) {
            _ if unknown => Holder::Unknown,
            ([member], _) => Holder::Member(member),
            ([], [member]) => Holder::Revoking(member),
            ([], []) if self.members.any_at(offset) => Holder::Unassigned,
            ([], []) => Holder::NoMembers,
            ([], _) => Holder::Several(revoking),
            _ => Holder::Several(assigned),
        }
    }
}

fn in_generation<'a>(group: &'a GroupMetadata, topic: &str, partition: i32) -> Holder<'a> {
    if group.members.is_empty() {
        return Holder::NoMembers;
    }
    if group.protocol_type != CONSUMER {
        return Holder::Unknown;
    }
    let assigned = |of: &&ClassicMember| {
        of.assignment.read().is_some_and(|assignment| assignment.holds(topic, partition))
    };
    let members: Vec<&Member> =
        group.members.iter().filter(assigned).map(|of| &of.member).collect();
    match members.as_slice() {
        [member] => Holder::Member(member),
        [] if group.members.iter().any(|of| of.assignment.read().is_none()) => Holder::Unknown,
        [] => giving_up(group, topic, partition),
        _ => Holder::Several(members),
    }
}

/// Who still has a partition that the generation gives to no one. Of several that say so the one
/// of the latest generation is right, as for Kafka's own assignors (KIP-792).
fn giving_up<'a>(group: &'a GroupMetadata, topic: &str, partition: i32) -> Holder<'a> {
    let claims: Vec<(Option<i32>, &Member)> = group
        .members
        .iter()
        .filter_map(|of| Some((of.subscription.read()?, &of.member)))
        .filter(|(subscription, _)| subscription.owned(topic, partition))
        .map(|(subscription, member)| (subscription.generation, member))
        .collect();
    let latest = claims.iter().map(|(generation, _)| *generation).max();
    let mut latest = claims.iter().filter(|(generation, _)| Some(*generation) == latest);
    match (latest.next(), latest.next()) {
        (Some((_, member)), None) => Holder::Revoking(member),
        (Some(_), Some(_)) => Holder::Unknown,
        (None, _) => Holder::Unassigned,
    }
}
