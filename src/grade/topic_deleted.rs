//! `kind = "topic-deleted"`: a seeded topic that is gone.
//!
//! Absence alone proves nothing: the journal has to show that the topic was there and was removed.

use super::snapshot::Snapshot;
use super::spec::TopicDeletedSpec;
use super::verdict::{Finding, Verdict};
use crate::kafka::journal::History;
use crate::kafka::metadata::Metadata;

/// Whether the topic was there, was deleted, and no topic of that name lives.
pub async fn check(spec: &TopicDeletedSpec, snapshot: &Snapshot<'_>) -> Verdict {
    let (history, metadata) = futures::join!(snapshot.history(), snapshot.metadata());
    match (history, metadata) {
        (Ok(history), Ok(metadata)) => judge(spec, &history, &metadata),
        (Err(e), _) | (_, Err(e)) => Verdict::Unknown { cause: e.cause() },
    }
}

fn judge(spec: &TopicDeletedSpec, history: &History, metadata: &Metadata) -> Verdict {
    let failed = |observed, why, mistake: Option<&str>| {
        let (expected, mistake) = (text::expected(&spec.topic), mistake.map(str::to_owned));
        Verdict::Failed(Finding { expected, observed, why, mistake })
    };
    let seeded = history.lives(&spec.topic).next();
    let living = history.living(&spec.topic);
    let listed = metadata.topics.contains_key(&spec.topic);
    match (seeded.and_then(|life| life.deleted), living) {
        (Some(deleted), Some(life)) => failed(
            text::made_again(&spec.topic, deleted, life),
            text::why_made_again(),
            Some("deleted-and-made-again"),
        ),
        // The journal runs ahead of the brokers by a moment.
        (Some(_), None) if listed => failed(text::listed(&spec.topic), text::why_listed(), None),
        (Some(_), None) => {
            Verdict::Passed { observed: text::gone(&spec.topic, history.lives(&spec.topic).last()) }
        }
        (None, Some(life)) => failed(text::alive(life), text::why_alive(), None),
        (None, None) => failed(text::never(&spec.topic), text::why_never(), None),
    }
}

mod text {
    use crate::grade::clock;
    use crate::kafka::journal::{Moment, TopicLife};
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn expected(topic: &str) -> Phrase {
        phrase!("no topic {topic}", "没有 {topic} 这个 topic")
    }

    pub fn alive(life: &TopicLife) -> Phrase {
        let (topic, at) = (&life.name, clock::time(life.created.timestamp_ms));
        phrase!("{topic} has been there since {at}", "{topic} 从 {at} 起一直存在")
    }

    pub fn why_alive() -> Phrase {
        phrase!("the metadata log shows no deletion", "元数据日志里没有删除它的记录")
    }

    pub fn made_again(topic: &str, deleted: Moment, life: &TopicLife) -> Phrase {
        let (gone, back) =
            (clock::time(deleted.timestamp_ms), clock::time(life.created.timestamp_ms));
        phrase!(
            "{topic} was deleted at {gone} and created again at {back}",
            "{topic} 在 {gone} 被删除，{back} 又被创建"
        )
    }

    pub fn why_made_again() -> Phrase {
        phrase!(
            "a new topic of the same name, with another topic id, has taken its place",
            "同名的新 topic 取代了它，topic id 已经不同"
        )
    }

    pub fn listed(topic: &str) -> Phrase {
        phrase!(
            "{topic} is deleted in the metadata log, brokers still list it",
            "元数据日志已删除 {topic}，broker 仍列出它"
        )
    }

    pub fn why_listed() -> Phrase {
        phrase!("the brokers have not applied the deletion yet", "broker 还没有应用这次删除")
    }

    pub fn gone(topic: &str, last: Option<&TopicLife>) -> Phrase {
        let at = last
            .and_then(|life| life.deleted)
            .map_or_else(|| "-".to_owned(), |d| clock::time(d.timestamp_ms));
        phrase!("{topic} was deleted at {at}", "{topic} 已在 {at} 删除")
    }

    pub fn never(topic: &str) -> Phrase {
        phrase!("{topic} has never been there", "{topic} 从来没有存在过")
    }

    pub fn why_never() -> Phrase {
        phrase!(
            "the lab's seed creates it, so this cluster is not the one that the lab started: reset the lab",
            "它由实验的初始数据创建，所以这不是实验启动的那个集群：请重置实验"
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use uuid::Uuid;

    use super::*;
    use crate::grade::testing::Step::{Create, Delete};
    use crate::grade::testing::{Step, history};
    use crate::kafka::metadata::Topic;

    fn verdict(steps: &[Step], listed: &[&str]) -> (bool, Option<String>) {
        let topic = Topic { id: Uuid::nil(), internal: false, partitions: BTreeMap::new() };
        let metadata = Metadata {
            cluster_id: None,
            controller: None,
            brokers: BTreeMap::new(),
            topics: listed.iter().map(|name| ((*name).to_owned(), topic.clone())).collect(),
        };
        let spec = TopicDeletedSpec { topic: "old".to_owned() };
        let verdict = judge(&spec, &history(steps), &metadata);
        (verdict.passed(), verdict.mistake().map(str::to_owned))
    }

    #[test]
    fn a_topic_that_was_there_and_is_gone_passes() {
        assert_eq!(verdict(&[Create("old", 1, 1), Delete(1)], &["other"]), (true, None));
        let twice = [Create("old", 1, 1), Delete(1), Create("old", 2, 1), Delete(2)];
        assert_eq!(verdict(&twice, &[]), (true, None));
    }

    #[test]
    fn a_topic_made_again_under_the_name_is_a_mistake_of_its_own() {
        let again = [Create("old", 1, 1), Delete(1), Create("old", 2, 1)];
        assert_eq!(verdict(&again, &["old"]), (false, Some("deleted-and-made-again".to_owned())));
    }

    #[test]
    fn absence_alone_earns_nothing() {
        assert_eq!(verdict(&[], &[]), (false, None));
        assert_eq!(verdict(&[Create("old", 1, 1)], &["old"]), (false, None));
    }

    #[test]
    fn a_deletion_counts_only_once_the_brokers_know_it() {
        assert_eq!(verdict(&[Create("old", 1, 1), Delete(1)], &["old"]), (false, None));
    }
}
