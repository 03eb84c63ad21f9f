//! `kind = "zookeeper-topic"`: a topic of a cluster in `ZooKeeper` mode, as `ZooKeeper` and the
//! brokers have it.

use std::collections::BTreeSet;

use super::snapshot::Snapshot;
use super::spec::ZooKeeperTopicSpec;
use super::topic::{learners, resembles};
use super::topic_znodes::TopicZnodes;
use super::verdict::{Finding, Verdict};
use crate::kafka::ask::AskError;
use crate::kafka::metadata::Metadata;

/// What is to be known.
struct Facts<'a> {
    /// Whether `ZooKeeper` keeps the cluster's state, and no broker speaks of a quorum.
    in_zookeeper_mode: bool,
    znodes: Option<&'a TopicZnodes>,
    metadata: &'a Metadata,
    live_brokers: &'a [i32],
}

/// Whether the topic has a znode, the brokers know it, and the cluster is one in `ZooKeeper` mode.
pub async fn check(spec: &ZooKeeperTopicSpec, snapshot: &Snapshot<'_>) -> Verdict {
    judged(spec, snapshot).await.unwrap_or_else(|e| Verdict::Unknown { cause: e.cause() })
}

async fn judged(spec: &ZooKeeperTopicSpec, snapshot: &Snapshot<'_>) -> Result<Verdict, AskError> {
    let has_zookeeper = snapshot.zookeeper().await?.is_some();
    let znodes = snapshot.topic_znodes(&spec.topic).await?;
    let facts = Facts {
        in_zookeeper_mode: has_zookeeper && !snapshot.quorum_offered().await?,
        znodes: znodes.as_deref(),
        metadata: &*snapshot.metadata().await?,
        live_brokers: &snapshot.live_brokers().await?,
    };
    Ok(judge(spec, &facts))
}

fn judge(spec: &ZooKeeperTopicSpec, facts: &Facts<'_>) -> Verdict {
    let topic = spec.topic.as_str();
    let failed = |observed, why, mistake: Option<&str>| {
        let mistake = mistake.map(str::to_owned);
        Verdict::Failed(Finding { expected: text::expected(topic), observed, why, mistake })
    };
    if !facts.in_zookeeper_mode {
        return failed(text::quorum(), text::why_quorum(), None);
    }
    let known: BTreeSet<i32> = facts.metadata.brokers.keys().copied().collect();
    if known != facts.live_brokers.iter().copied().collect() {
        return Verdict::Unknown { cause: text::brokers_differ(&known, facts.live_brokers) };
    }
    match (facts.znodes, facts.metadata.topics.contains_key(topic)) {
        (Some(znodes), true) => Verdict::Passed { observed: text::life(topic, znodes) },
        (Some(znodes), false) => {
            failed(text::znode_only(topic, znodes), text::why_znode_only(), Some("znode-only"))
        }
        // It is being deleted, or a broker is behind.
        (None, true) => Verdict::Unknown { cause: text::no_znode(topic) },
        (None, false) => {
            let others = learners(facts.metadata);
            let similar = others.iter().find(|name| resembles(name, topic)).copied();
            let why = super::topic::text::why_missing(topic, similar);
            failed(super::topic::text::topics(&others), why, similar.map(|_| "name-differs"))
        }
    }
}

mod text {
    use std::collections::BTreeSet;

    use crate::grade::clock;
    use crate::grade::topic_znodes::TopicZnodes;
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn expected(topic: &str) -> Phrase {
        phrase!(
            "{topic} in ZooKeeper, below /brokers/topics, and in the brokers' metadata",
            "{topic} 在 ZooKeeper 的 /brokers/topics 下，broker 的元数据里也有它"
        )
    }

    pub fn life(topic: &str, znodes: &TopicZnodes) -> Phrase {
        let (created, czxid) = (clock::time(znodes.topic.ctime_ms), znodes.topic.czxid);
        let (altered, times) = (clock::time(znodes.topic.mtime_ms), znodes.topic.version);
        let Phrase { en, zh } = phrase!(
            "/brokers/topics/{topic} was created at {created} (czxid 0x{czxid:x})",
            "/brokers/topics/{topic} 创建于 {created}（czxid 0x{czxid:x}）"
        );
        match times {
            0 => phrase!("{en} and not altered since", "{zh}，之后没有改过"),
            1 => phrase!(
                "{en} and altered once since, at {altered}",
                "{zh}，之后在 {altered} 改过一次"
            ),
            _ => phrase!(
                "{en} and altered since, {times} times, last at {altered}",
                "{zh}，之后改过 {times} 次，最后一次在 {altered}"
            ),
        }
    }

    pub fn znode_only(topic: &str, znodes: &TopicZnodes) -> Phrase {
        let created = clock::time(znodes.topic.ctime_ms);
        phrase!(
            "/brokers/topics/{topic} is there since {created}, but no broker knows a topic {topic}",
            "/brokers/topics/{topic} 从 {created} 起就在，但没有 broker 认识 {topic} 这个 topic"
        )
    }

    pub fn why_znode_only() -> Phrase {
        phrase!(
            "a znode is only what the controller reads; one that it can make no partitions of is no topic",
            "znode 只是 controller 读取的内容；不能从中得出分区，就不是 topic"
        )
    }

    pub fn no_znode(topic: &str) -> Phrase {
        phrase!(
            "the brokers know {topic}, ZooKeeper has no znode of it: it is being deleted, or a broker is behind",
            "broker 认识 {topic}，ZooKeeper 里却没有它的 znode：要么正在删除，要么 broker 还没跟上"
        )
    }

    pub fn brokers_differ(known: &BTreeSet<i32>, live: &[i32]) -> Phrase {
        phrase!(
            "/brokers/ids lists {live:?}, the brokers' metadata {known:?}",
            "/brokers/ids 里是 {live:?}，broker 的元数据里是 {known:?}"
        )
    }

    pub fn quorum() -> Phrase {
        phrase!(
            "this cluster keeps its state in a quorum of controllers",
            "这个集群把状态存在 controller 的仲裁组里"
        )
    }

    pub fn why_quorum() -> Phrase {
        phrase!("it runs in KRaft mode, without ZooKeeper", "它运行在 KRaft 模式，没有 ZooKeeper")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use uuid::Uuid;

    use super::*;
    use crate::grade::topic_znodes::tests::znodes;
    use crate::kafka::metadata::{Broker, Topic};

    fn said(mode: bool, znode: bool, topics: &[&str], live: &[i32]) -> (String, Option<String>) {
        let topic = || Topic { id: Uuid::nil(), internal: false, partitions: BTreeMap::new() };
        let metadata = Metadata {
            cluster_id: None,
            controller: Some(417),
            brokers: BTreeMap::from([(417, Broker { id: 417, address: String::new() })]),
            topics: topics.iter().map(|name| ((*name).to_owned(), topic())).collect(),
        };
        let there = znodes(0, &[12]);
        let facts = Facts {
            in_zookeeper_mode: mode,
            znodes: znode.then_some(&there),
            metadata: &metadata,
            live_brokers: live,
        };
        let verdict = judge(&ZooKeeperTopicSpec { topic: "zk-demo".to_owned() }, &facts);
        (verdict.word().to_owned(), verdict.mistake().map(str::to_owned))
    }

    fn word(word: &str) -> (String, Option<String>) {
        (word.to_owned(), None)
    }

    fn failed_by(mistake: &str) -> (String, Option<String>) {
        ("failed".to_owned(), Some(mistake.to_owned()))
    }

    #[test]
    fn a_topic_is_in_zookeeper_and_known_to_the_brokers() {
        assert_eq!(said(true, true, &["zk-demo"], &[417]), word("passed"));
        assert_eq!(said(true, true, &[], &[417]), failed_by("znode-only"));
        assert_eq!(said(true, false, &["zk_demo"], &[417]), failed_by("name-differs"));
        assert_eq!(said(true, false, &["orders"], &[417]), word("failed"));
        assert_eq!(said(true, false, &[], &[417]), word("failed"));
    }

    #[test]
    fn where_zookeeper_and_brokers_disagree_nothing_is_concluded() {
        assert_eq!(said(true, false, &["zk-demo"], &[417]), word("unknown"));
        assert_eq!(said(true, true, &["zk-demo"], &[]), word("unknown"));
        assert_eq!(said(true, true, &["zk-demo"], &[417, 418]), word("unknown"));
    }

    #[test]
    fn the_same_topic_in_kraft_mode_does_not_count() {
        assert_eq!(said(false, false, &["zk-demo"], &[]), word("failed"));
    }
}
