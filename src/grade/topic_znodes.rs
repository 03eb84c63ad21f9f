//! What the Stats of a topic's znodes tell of its life.

use std::collections::BTreeMap;

use crate::kafka::ask::AskError;
use crate::kafka::zookeeper::{ZnodeStat, ZooKeeper, topic_znode};

/// A topic's znode, which lists its partitions, and the znode of each partition's state, which the
/// controller makes when the partition gets its first leader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicZnodes {
    /// The topic's.
    pub topic: ZnodeStat,
    /// The partitions that it lists, with the Stat of their state; `None`: no leader yet.
    pub partitions: BTreeMap<i32, Option<ZnodeStat>>,
}

/// What is known of a topic's growth. A Stat keeps its first and its last change and counts them
/// all: of three or more, those between are lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growth {
    /// Never altered: so many partitions since its creation.
    None {
        /// How many.
        partitions: usize,
    },
    /// Altered once.
    Once {
        /// Partitions at its creation.
        from: usize,
        /// Partitions now.
        to: usize,
    },
    /// Altered several times.
    Several {
        /// Partitions before the last alteration.
        before: usize,
        /// Partitions now.
        now: usize,
    },
}

impl TopicZnodes {
    /// Reads them; `None` if there is no such topic.
    pub async fn read(zookeeper: &ZooKeeper, topic: &str) -> Result<Option<Self>, AskError> {
        let path = topic_znode(topic);
        let Some(znode) = zookeeper.read(&path).await? else { return Ok(None) };
        let mut partitions = BTreeMap::new();
        for index in listed(&znode.data) {
            let state = zookeeper.read(&format!("{path}/partitions/{index}/state")).await?;
            partitions.insert(index, state.map(|state| state.stat));
        }
        Ok(Some(Self { topic: znode.stat, partitions }))
    }

    /// Whether it is a topic: it has partitions, and the controller has given each its leader. What
    /// anybody else writes there need not be one.
    pub fn is_topic(&self) -> bool {
        !self.partitions.is_empty() && self.partitions.values().all(Option::is_some)
    }

    /// How it grew; `None` while the controller has not given every partition its leader.
    ///
    /// The state of a partition that the last alteration added was created after it, so with a
    /// larger zxid.
    pub fn growth(&self) -> Option<Growth> {
        let now = self.partitions.len();
        if self.topic.version == 0 {
            return Some(Growth::None { partitions: now });
        }
        let mut before = 0;
        for state in self.partitions.values() {
            before += usize::from((*state)?.czxid < self.topic.mzxid);
        }
        Some(match self.topic.version {
            1 => Growth::Once { from: before, to: now },
            _ => Growth::Several { before, now },
        })
    }
}

/// The partitions that a topic's znode lists: `{"partitions":{"0":[1]},…}`. What anybody else wrote
/// there lists none.
fn listed(data: &[u8]) -> Vec<i32> {
    let value: serde_json::Value = serde_json::from_slice(data).unwrap_or_default();
    let partitions = value.get("partitions").and_then(serde_json::Value::as_object);
    partitions.into_iter().flatten().filter_map(|(index, _)| index.parse().ok()).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn stat(czxid: i64, mzxid: i64, version: i32) -> ZnodeStat {
        ZnodeStat { czxid, mzxid, ctime_ms: 0, mtime_ms: 1000, version }
    }

    /// A topic created at zxid 10 and altered `version` times, last at 50, whose partitions' states
    /// were created at these zxids.
    pub fn znodes(version: i32, states: &[i64]) -> TopicZnodes {
        let mzxid = if version == 0 { 10 } else { 50 };
        let states = states.iter().map(|czxid| Some(stat(*czxid, *czxid, 0)));
        TopicZnodes { topic: stat(10, mzxid, version), partitions: (0..).zip(states).collect() }
    }

    #[test]
    fn what_was_made_after_the_last_alteration_was_added_by_it() {
        let growth = |version, states: &[i64]| znodes(version, states).growth().unwrap();
        assert_eq!(growth(0, &[12, 13, 14]), Growth::None { partitions: 3 });
        assert_eq!(growth(1, &[12, 13, 14, 52, 53]), Growth::Once { from: 3, to: 5 });
        assert_eq!(growth(1, &[12, 13, 14]), Growth::Once { from: 3, to: 3 });
        assert_eq!(growth(2, &[12, 13, 14, 30, 53]), Growth::Several { before: 4, now: 5 });
    }

    #[test]
    fn while_a_partition_has_no_leader_nothing_is_concluded() {
        let mut young = znodes(1, &[12, 52]);
        young.partitions.insert(2, None);
        assert_eq!(young.growth(), None);
    }

    #[test]
    fn only_what_the_controller_has_made_partitions_of_is_a_topic() {
        assert!(znodes(0, &[12]).is_topic() && !znodes(0, &[]).is_topic());
        let mut by_hand = znodes(0, &[12]);
        by_hand.partitions.insert(1, None);
        assert!(!by_hand.is_topic());
    }

    #[test]
    fn partitions_are_those_of_the_json_and_anything_else_lists_none() {
        assert_eq!(listed(br#"{"partitions":{"0":[1],"1":[2]},"version":3}"#), [0, 1]);
        for other in
            [&b""[..], b"x", b"[]", b"{\"partitions\":3}", b"{\"partitions\":{\"a\":1}}", &[0xff]]
        {
            assert!(listed(other).is_empty());
        }
    }
}
