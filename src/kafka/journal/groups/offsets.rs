//! The offsets that a group committed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::offset::OffsetCommit;
use crate::kafka::journal::{Moment, TopicRef};

/// An offset was committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// When. A transactional commit counts from here, although Kafka lets it count from the
    /// transaction's end.
    pub at: Moment,
    /// The topic's name.
    pub topic: Arc<str>,
    /// The partition's number, as written.
    pub partition: i32,
    /// What was committed.
    pub value: OffsetCommit,
}

impl Commit {
    /// Whether it is of this topic, and not known to be of another one of the same name.
    pub fn is_of(&self, topic: &TopicRef) -> bool {
        self.topic == topic.name && self.value.topic_id.is_none_or(|id| id == topic.id)
    }
}

/// A commit, and what ended it: a removal, not the commits that follow.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) commit: Arc<Commit>,
    pub(super) removed: Option<Moment>,
}

/// Commits by topic and partition, in the order of the log.
#[derive(Debug, Clone, Default)]
pub(super) struct Offsets(BTreeMap<Arc<str>, BTreeMap<i32, Partition>>);

#[derive(Debug, Clone, Default)]
struct Partition {
    kept: Vec<Kept>,
    /// How many of them were removed: all of those come first.
    removed: usize,
}

impl Offsets {
    /// The name of a topic, held once for all its commits.
    pub(super) fn name(&mut self, topic: &str) -> Arc<str> {
        if let Some((name, _)) = self.0.get_key_value(topic) {
            return Arc::clone(name);
        }
        let name: Arc<str> = topic.into();
        self.0.insert(Arc::clone(&name), BTreeMap::new());
        name
    }

    pub(super) fn add(&mut self, commit: Arc<Commit>) {
        let of_topic = self.0.entry(Arc::clone(&commit.topic)).or_default();
        let partition = of_topic.entry(commit.partition).or_default();
        partition.kept.push(Kept { commit, removed: None });
    }

    /// Ends what was committed so far; the topic's name, if there was anything.
    pub(super) fn remove(&mut self, at: Moment, topic: &str, partition: i32) -> Option<Arc<str>> {
        let of_partition = self.0.get_mut(topic)?.get_mut(&partition)?;
        let ended = of_partition.kept.get_mut(of_partition.removed..)?;
        let name = Arc::clone(&ended.first()?.commit.topic);
        for kept in ended {
            kept.removed = Some(at);
        }
        of_partition.removed = of_partition.kept.len();
        Some(name)
    }

    pub(super) fn of<'a>(
        &'a self,
        topic: &str,
    ) -> impl Iterator<Item = (i32, &'a [Kept])> + use<'a> {
        let partitions = self.0.get(topic).into_iter().flatten();
        partitions.map(|(&partition, of)| (partition, of.kept.as_slice()))
    }
}
