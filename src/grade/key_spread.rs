//! `kind = "key-spread"`: every partition holds records, and every key is in one partition.
//!
//! Which key went to which partition does not matter: every client's partitioner is right.

use super::records::TopicRecords;
use super::snapshot::Snapshot;
use super::spec::KeySpreadSpec;
use super::text as common;
use super::verdict::{Finding, Verdict};

/// Whether no partition is empty and no key is in two of them.
pub async fn check(spec: &KeySpreadSpec, snapshot: &Snapshot<'_>) -> Verdict {
    match snapshot.records(&spec.topic).await {
        Ok(records) => judge(spec, records.as_deref()),
        Err(e) => Verdict::Unknown { cause: e.cause() },
    }
}

fn judge(spec: &KeySpreadSpec, records: Option<&TopicRecords>) -> Verdict {
    let failed = |observed, why, mistake: Option<&str>| {
        let mistake = mistake.map(str::to_owned);
        Verdict::Failed(Finding { expected: text::expected(), observed, why, mistake })
    };
    let Some(records) = records else {
        return failed(common::no_topic(&spec.topic), common::why_no_topic(), None);
    };
    let keys = records.by_key();
    if keys.is_empty() {
        return failed(text::no_keys(&spec.topic), text::why_no_keys(), None);
    }
    let split: Vec<_> = keys.iter().filter(|(_, (_, partitions))| partitions.len() > 1).collect();
    if let Some((key, (_, partitions))) = split.first() {
        let observed = text::split(split.len(), keys.len(), key, partitions);
        return failed(observed, text::why_split(), Some("key-in-two-partitions"));
    }
    let empty: Vec<i32> =
        records.0.iter().filter(|(_, p)| p.count == 0).map(|(index, _)| *index).collect();
    if !empty.is_empty() {
        return failed(text::empty(&empty), text::why_empty(), Some("empty-partition"));
    }
    Verdict::Passed { observed: text::spread(keys.len(), records.0.len()) }
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;
    use crate::printable;

    pub fn expected() -> Phrase {
        phrase!(
            "records in every partition, and each key in one partition only",
            "每个分区都有消息，每个 key 只在一个分区里"
        )
    }

    pub fn spread(keys: usize, partitions: usize) -> Phrase {
        phrase!(
            "{keys} keys, each in one of {partitions} partitions, none of them empty",
            "{keys} 个 key 各在一个分区里，{partitions} 个分区都不空"
        )
    }

    pub fn no_keys(topic: &str) -> Phrase {
        phrase!("no record with a key in {topic}", "{topic} 中没有带 key 的消息")
    }

    pub fn why_no_keys() -> Phrase {
        phrase!(
            "where there is no key, nothing can be said of its place",
            "没有 key 就谈不上它在哪个分区"
        )
    }

    pub fn split(split: usize, keys: usize, key: &[u8], partitions: &[i32]) -> Phrase {
        let key = printable::name(&String::from_utf8_lossy(key));
        let partitions = listed(partitions);
        phrase!(
            "{split} of {keys} keys are in more than one partition: {key} in {partitions}",
            "{keys} 个 key 中有 {split} 个在不止一个分区里：{key} 在 {partitions}"
        )
    }

    pub fn why_split() -> Phrase {
        phrase!(
            "the records of one key went through two partitioners, or the number of partitions changed in between",
            "同一个 key 的消息用了两种分区器，或者中途分区数变了"
        )
    }

    pub fn empty(partitions: &[i32]) -> Phrase {
        let partitions = listed(partitions);
        phrase!("no record in partition {partitions}", "分区 {partitions} 中没有消息")
    }

    pub fn why_empty() -> Phrase {
        phrase!(
            "the issued keys reach every partition with any of the common partitioners over all of them",
            "用任何一种常见的分区器，发给你的 key 都会落到所有分区"
        )
    }

    fn listed(partitions: &[i32]) -> String {
        let partitions: Vec<String> = partitions.iter().map(ToString::to_string).collect();
        partitions.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::testing::topic_records;

    fn verdict(partitions: &[&[&str]]) -> (bool, Option<String>) {
        let spec = KeySpreadSpec { topic: "t".to_owned() };
        let verdict = judge(&spec, Some(&topic_records(partitions)));
        (verdict.passed(), verdict.mistake().map(str::to_owned))
    }

    #[test]
    fn any_assignment_of_keys_to_partitions_passes_that_keeps_each_key_together() {
        assert_eq!(verdict(&[&["a", "a"], &["b"]]), (true, None));
        assert_eq!(verdict(&[&["b", "c"], &["a", "a"]]), (true, None));
    }

    #[test]
    fn a_key_in_two_partitions_is_told_before_an_empty_one() {
        let split = (false, Some("key-in-two-partitions".to_owned()));
        assert_eq!(verdict(&[&["a"], &["a", "b"]]), split);
        assert_eq!(verdict(&[&["a"], &["a"], &[]]), split);
    }

    #[test]
    fn an_empty_partition_is_a_mistake_of_its_own() {
        assert_eq!(verdict(&[&["a"], &[]]), (false, Some("empty-partition".to_owned())));
    }

    #[test]
    fn records_without_keys_and_no_records_spread_no_key() {
        assert_eq!(verdict(&[&["-"], &["-"]]), (false, None));
        assert_eq!(verdict(&[&[], &[]]), (false, None));
        assert_eq!(verdict(&[]), (false, None));
    }
}
