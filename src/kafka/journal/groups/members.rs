//! The members of a KIP-848 group and what they had when.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::classic::Member;
use super::consumer::{CurrentAssignment, MemberMetadata, TopicPartitions};
use super::event::IdPartition;
use super::record::Value;
use super::timeline::Timeline;

/// Everyone who ever was a member, by member id.
#[derive(Debug, Clone, Default)]
pub(super) struct Members(BTreeMap<Arc<str>, Life>);

/// A member from its first record on.
#[derive(Debug, Clone, Default)]
struct Life {
    /// Who it is; nobody after it has left or while that cannot be read.
    who: Timeline<Option<Arc<Member>>>,
    has: Timeline<Value<CurrentAssignment>>,
}

/// What a member had of a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold<'a> {
    Assigned(&'a Member),
    Revoking(&'a Member),
    /// It cannot be said whether or by whom.
    Unknown,
}

impl Members {
    /// Takes in who a member is; who it is now, unless that is what was known.
    pub(super) fn told(
        &mut self,
        offset: i64,
        id: &str,
        metadata: MemberMetadata,
    ) -> Option<Arc<Member>> {
        let member = Member {
            member_id: id.to_owned(),
            instance_id: metadata.instance_id,
            client_id: metadata.client_id,
            client_host: metadata.client_host,
        };
        let (_, life) = self.life(id);
        if life.who.now().and_then(Option::as_deref) == Some(&member) {
            return None;
        }
        let member = Arc::new(member);
        life.who.set(offset, Some(Arc::clone(&member)));
        Some(member)
    }

    /// From now on nobody, or nobody known, has this id; the id, if somebody had it.
    pub(super) fn forget(&mut self, offset: i64, id: &str) -> Option<Arc<str>> {
        let (id, life) = self.life(id);
        life.who.now()?.as_ref()?;
        life.who.set(offset, None);
        Some(id)
    }

    /// Takes in what a member has; its id, what it got and what it lost.
    pub(super) fn has(
        &mut self,
        offset: i64,
        id: &str,
        value: Value<CurrentAssignment>,
    ) -> (Arc<str>, Vec<IdPartition>, Vec<IdPartition>) {
        let (id, life) = self.life(id);
        let (before, now) = (held(life.has.now()), held(Some(&value)));
        life.has.set(offset, value);
        let differ =
            |one: &BTreeSet<_>, other: &BTreeSet<_>| one.difference(other).copied().collect();
        (id, differ(&now, &before), differ(&before, &now))
    }

    /// Those who are members now, in the order of their ids.
    pub(super) fn now(&self) -> impl Iterator<Item = &Member> {
        self.0.values().filter_map(|life| life.who.now()?.as_deref())
    }

    /// Whether there was a member when the record at `offset` was written.
    pub(super) fn any_at(&self, offset: i64) -> bool {
        self.0.values().any(|life| {
            let known = life.who.at(offset).is_some_and(Option::is_some);
            known || !matches!(life.has.at(offset), None | Some(Value::Removed))
        })
    }

    /// Who had a partition when the record at `offset` was written.
    pub(super) fn holding(&self, of: IdPartition, offset: i64) -> impl Iterator<Item = Hold<'_>> {
        self.0.values().filter_map(move |life| life.hold(of, offset))
    }

    fn life(&mut self, id: &str) -> (Arc<str>, &mut Life) {
        let id = self.0.get_key_value(id).map_or_else(|| id.into(), |(id, _)| Arc::clone(id));
        let life = self.0.entry(Arc::clone(&id)).or_default();
        (id, life)
    }
}

impl Life {
    fn hold(&self, of: IdPartition, offset: i64) -> Option<Hold<'_>> {
        let has = match self.has.at(offset)? {
            Value::Removed => return None,
            Value::Unreadable { .. } => return Some(Hold::Unknown),
            Value::Set(has) => has,
        };
        let who = self.who.at(offset).and_then(Option::as_deref);
        if !has.is_present() {
            return None;
        }
        if contains(&has.assigned, of) {
            return Some(who.map_or(Hold::Unknown, Hold::Assigned));
        }
        let revoking = contains(&has.pending_revocation, of);
        revoking.then(|| who.map_or(Hold::Unknown, Hold::Revoking))
    }
}

fn contains(topics: &[TopicPartitions], of: IdPartition) -> bool {
    let mut topics = topics.iter();
    topics.any(|topic| topic.topic_id == of.topic_id && topic.partitions.contains(&of.partition))
}

/// The partitions that a member may read, or has not yet given up.
fn held(value: Option<&Value<CurrentAssignment>>) -> BTreeSet<IdPartition> {
    let Some(Value::Set(has)) = value else { return BTreeSet::new() };
    let topics = has.assigned.iter().chain(&has.pending_revocation);
    topics
        .filter(|_| has.is_present())
        .flat_map(|topic| {
            let topic_id = topic.topic_id;
            topic.partitions.iter().map(move |&partition| IdPartition { topic_id, partition })
        })
        .collect()
}
