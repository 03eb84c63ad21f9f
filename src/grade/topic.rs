//! `kind = "topic"`: a topic as it is now.

use super::snapshot::Snapshot;
use super::spec::TopicSpec;
use super::verdict::{Finding, Verdict};
use crate::kafka::metadata::{Metadata, Topic};

/// Whether the topic exists under exactly this name with these numbers.
pub async fn check(spec: &TopicSpec, snapshot: &Snapshot<'_>) -> Verdict {
    match snapshot.metadata().await {
        Ok(metadata) => judge(spec, &metadata),
        Err(e) => Verdict::Unknown { cause: e.cause() },
    }
}

fn judge(spec: &TopicSpec, metadata: &Metadata) -> Verdict {
    let Some(topic) = metadata.topics.get(&spec.topic) else {
        return missing(spec, metadata);
    };
    let partitions = topic.partitions.len();
    let fits = u32::try_from(partitions) == Ok(spec.partitions)
        && topic.replication_factor() == usize::try_from(spec.replication_factor).ok();
    let observed = text::numbers(&spec.topic, partitions, &replicas_of(topic));
    if fits {
        return Verdict::Passed { observed };
    }
    let grown_too_far = partitions > spec.partitions as usize;
    Verdict::Failed(Finding {
        expected: text::expected(spec),
        observed,
        why: text::why_numbers(grown_too_far, partitions == spec.partitions as usize),
        mistake: grown_too_far.then(|| "grown-too-far".to_owned()),
    })
}

fn missing(spec: &TopicSpec, metadata: &Metadata) -> Verdict {
    let others = learners(metadata);
    let similar = others.iter().find(|name| resembles(name, &spec.topic));
    Verdict::Failed(Finding {
        expected: text::expected(spec),
        observed: text::topics(&others),
        why: text::why_missing(&spec.topic, similar.copied()),
        mistake: similar.map(|_| "name-differs".to_owned()),
    })
}

/// The topics that are not Kafka's own.
pub(super) fn learners(metadata: &Metadata) -> Vec<&str> {
    let topics = metadata.topics.iter().filter(|(_, topic)| !topic.internal);
    topics.map(|(name, _)| name.as_str()).collect()
}

/// Whether a name was probably meant to be the wanted one: it holds it, is held by it, or differs
/// only in case and separators.
pub(super) fn resembles(name: &str, wanted: &str) -> bool {
    let plain = |s: &str| {
        s.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    let (name, wanted) = (plain(name), plain(wanted));
    let short = name.len().min(wanted.len());
    short >= 4 && (name.contains(&wanted) || wanted.contains(&name))
}

/// Each number of replicas that partitions have: `1`, or `1 and 3` where they differ.
fn replicas_of(topic: &Topic) -> Vec<usize> {
    let mut counts: Vec<usize> = topic.partitions.values().map(|p| p.replicas.len()).collect();
    counts.sort_unstable();
    counts.dedup();
    counts
}

pub(super) mod text {
    use crate::grade::spec::TopicSpec;
    use crate::phrase;
    use crate::phrase::Phrase;
    use crate::printable::{list, name};

    pub fn expected(spec: &TopicSpec) -> Phrase {
        let TopicSpec { topic, partitions, replication_factor } = spec;
        phrase!(
            "{topic} with {partitions} partitions, replication factor {replication_factor}",
            "{topic} 有 {partitions} 个分区，副本因子 {replication_factor}"
        )
    }

    pub fn numbers(topic: &str, partitions: usize, replicas: &[usize]) -> Phrase {
        let replicas: Vec<String> = replicas.iter().map(ToString::to_string).collect();
        let replicas = replicas.join(", ");
        phrase!(
            "{topic} has {partitions} partitions, replication factor {replicas}",
            "{topic} 有 {partitions} 个分区，副本因子 {replicas}"
        )
    }

    pub fn topics(names: &[&str]) -> Phrase {
        if names.is_empty() {
            return phrase!("the cluster has no topic", "集群里没有任何 topic");
        }
        let names = list(names);
        phrase!("the cluster has {names}", "集群里有 {names}")
    }

    pub fn why_missing(topic: &str, similar: Option<&str>) -> Phrase {
        match similar {
            Some(similar) => {
                let similar = name(similar);
                phrase!(
                    "no topic is named {topic}; {similar} is another name",
                    "没有名为 {topic} 的 topic；{similar} 是另一个名字"
                )
            }
            None => phrase!("no topic is named {topic}", "没有名为 {topic} 的 topic"),
        }
    }

    pub fn why_numbers(too_far: bool, partitions_fit: bool) -> Phrase {
        match (too_far, partitions_fit) {
            (true, _) => phrase!(
                "it has more partitions than asked for, and Kafka never takes partitions away",
                "分区比要求的多，而 Kafka 从不减少分区"
            ),
            (false, false) => {
                phrase!("it has fewer partitions than asked for", "分区比要求的少")
            }
            (false, true) => phrase!("its replication factor differs", "副本因子不同"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use uuid::Uuid;

    use super::*;
    use crate::kafka::metadata::Partition;

    fn topic(replicas: &[usize]) -> Topic {
        let partition =
            |count: usize| Partition { leader: Some(1), replicas: vec![1; count], isr: vec![1] };
        let partitions = (0..).zip(replicas.iter().map(|count| partition(*count))).collect();
        Topic { id: Uuid::nil(), internal: false, partitions }
    }

    fn verdict(topics: &[(&str, &[usize])]) -> (bool, Option<String>) {
        let metadata = Metadata {
            cluster_id: None,
            controller: None,
            brokers: BTreeMap::new(),
            topics: topics
                .iter()
                .map(|(name, replicas)| ((*name).to_owned(), topic(replicas)))
                .collect(),
        };
        let spec = TopicSpec {
            topic: "quickstart-events".to_owned(),
            partitions: 2,
            replication_factor: 1,
        };
        let verdict = judge(&spec, &metadata);
        (verdict.passed(), verdict.mistake().map(str::to_owned))
    }

    #[test]
    fn name_and_numbers_have_to_be_the_ones_asked_for() {
        assert_eq!(verdict(&[("quickstart-events", &[1, 1])]), (true, None));
        assert_eq!(verdict(&[("quickstart-events", &[1])]), (false, None));
        assert_eq!(verdict(&[("quickstart-events", &[1, 3])]), (false, None));
        assert_eq!(verdict(&[("quickstart-events", &[])]), (false, None));
    }

    #[test]
    fn too_many_partitions_are_a_mistake_of_their_own() {
        assert_eq!(
            verdict(&[("quickstart-events", &[1, 1, 1])]),
            (false, Some("grown-too-far".to_owned()))
        );
    }

    #[test]
    fn a_name_that_contains_or_resembles_the_right_one_is_told_from_no_topic() {
        for name in
            ["quickstart-events-1", "my.quickstart-events", "Quickstart_Events", "quickstart"]
        {
            assert_eq!(
                verdict(&[(name, &[1, 1])]),
                (false, Some("name-differs".to_owned())),
                "{name}"
            );
        }
        assert_eq!(verdict(&[("orders", &[1, 1]), ("q", &[1])]), (false, None));
    }
}
