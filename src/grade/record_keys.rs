//! `kind = "record-keys"`: the records bear the keys that were issued, each so many times.

use std::collections::BTreeMap;

use super::records::TopicRecords;
use super::snapshot::Snapshot;
use super::spec::RecordKeysSpec;
use super::text as common;
use super::verdict::{Finding, Verdict};

/// Whether every issued key has so many records, and no other key has any.
pub async fn check(spec: &RecordKeysSpec, snapshot: &Snapshot<'_>) -> Verdict {
    let issued = match snapshot.issued(&spec.keys) {
        Ok(issued) => issued.split(',').map(|key| key.as_bytes().to_vec()).collect::<Vec<_>>(),
        Err(cause) => return Verdict::Unknown { cause },
    };
    match snapshot.records(&spec.topic).await {
        Ok(records) => judge(spec, &issued, records.as_deref()),
        Err(e) => Verdict::Unknown { cause: e.cause() },
    }
}

fn judge(spec: &RecordKeysSpec, issued: &[Vec<u8>], records: Option<&TopicRecords>) -> Verdict {
    let failed = |observed, why, mistake: Option<&str>| {
        let expected = text::expected(spec, issued.len());
        let mistake = mistake.map(str::to_owned);
        Verdict::Failed(Finding { expected, observed, why, mistake })
    };
    let Some(records) = records else {
        return failed(common::no_topic(&spec.topic), common::why_no_topic(), None);
    };
    let total = records.count();
    if total == 0 {
        return failed(common::no_records(&spec.topic), common::why_no_records(), None);
    }
    let found = Found::of(records, issued, spec.each);
    if found.without_key > 0 {
        let observed = text::without_key(found.without_key, total);
        return failed(observed, text::why_without_key(), Some("null-keys"));
    }
    if let Some(example) = found.foreign {
        let observed = text::foreign(found.foreign_records, total, example);
        return failed(observed, text::why_foreign(&spec.keys), Some("keys-not-issued"));
    }
    match found.uneven.first_key_value() {
        None => Verdict::Passed { observed: text::as_asked(spec, issued.len()) },
        Some((example, count)) => {
            let observed = text::uneven(found.uneven.len(), issued.len(), example, *count);
            failed(observed, text::why_uneven(spec.each), Some("uneven-keys"))
        }
    }
}

/// What differs from the issued keys.
struct Found<'a> {
    without_key: u64,
    foreign_records: u64,
    foreign: Option<&'a [u8]>,
    uneven: BTreeMap<&'a [u8], u64>,
}

impl<'a> Found<'a> {
    fn of(records: &'a TopicRecords, issued: &'a [Vec<u8>], each: u64) -> Self {
        let by_key = records.by_key();
        let foreign = || {
            let issued = |key: &[u8]| issued.iter().any(|issued| issued.as_slice() == key);
            by_key.iter().filter(move |(key, _)| !issued(key))
        };
        let counted = issued.iter().map(|key| {
            let key = key.as_slice();
            (key, by_key.get(key).map_or(0, |(count, _)| *count))
        });
        Self {
            without_key: records.without_key(),
            foreign_records: foreign().map(|(_, (count, _))| count).sum(),
            foreign: foreign().next().map(|(key, _)| *key),
            uneven: counted.filter(|(_, count)| *count != each).collect(),
        }
    }
}

mod text {
    use crate::grade::spec::RecordKeysSpec;
    use crate::phrase;
    use crate::phrase::Phrase;
    use crate::printable;

    pub fn expected(spec: &RecordKeysSpec, issued: usize) -> Phrase {
        let RecordKeysSpec { keys, each, .. } = spec;
        phrase!(
            "each of the {issued} keys in {keys} on {each} records, and no other key",
            "{keys} 中的 {issued} 个 key 各有 {each} 条消息，没有别的 key"
        )
    }

    pub fn as_asked(spec: &RecordKeysSpec, issued: usize) -> Phrase {
        let each = spec.each;
        phrase!("{issued} keys, {each} records each", "{issued} 个 key，各 {each} 条消息")
    }

    pub fn without_key(count: u64, total: u64) -> Phrase {
        phrase!("{count} of {total} records have no key", "{total} 条消息中有 {count} 条没有 key")
    }

    pub fn why_without_key() -> Phrase {
        phrase!("their key is null", "它们的 key 是 null")
    }

    pub fn foreign(count: u64, total: u64, example: &[u8]) -> Phrase {
        let example = key(example);
        phrase!(
            "{count} of {total} records have a key that was not issued: {example}",
            "{total} 条消息中有 {count} 条的 key 不是发给你的：{example}"
        )
    }

    pub fn why_foreign(keys: &str) -> Phrase {
        phrase!(
            "this attempt's keys are in {keys}, and every attempt has its own",
            "本次尝试的 key 在 {keys} 里，每次尝试都不同"
        )
    }

    pub fn uneven(uneven: usize, issued: usize, example: &[u8], count: u64) -> Phrase {
        let example = key(example);
        phrase!(
            "{uneven} of {issued} keys have another number of records: {example} has {count}",
            "{issued} 个 key 中有 {uneven} 个的消息数不对：{example} 有 {count} 条"
        )
    }

    pub fn why_uneven(each: u64) -> Phrase {
        phrase!("each key belongs on {each} records", "每个 key 应有 {each} 条消息")
    }

    fn key(bytes: &[u8]) -> String {
        printable::name(&String::from_utf8_lossy(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::testing::topic_records;

    fn verdict(partitions: &[&[&str]]) -> (bool, Option<String>) {
        let spec = RecordKeysSpec { topic: "t".to_owned(), keys: "KEYS".to_owned(), each: 2 };
        let issued = [b"a".to_vec(), b"b".to_vec()];
        let verdict = judge(&spec, &issued, Some(&topic_records(partitions)));
        (verdict.passed(), verdict.mistake().map(str::to_owned))
    }

    fn mistake(id: &str) -> (bool, Option<String>) {
        (false, Some(id.to_owned()))
    }

    #[test]
    fn every_issued_key_as_often_as_asked_passes_in_any_partition() {
        assert_eq!(verdict(&[&["a", "b"], &["b", "a"]]), (true, None));
    }

    #[test]
    fn records_without_a_key_are_told_first() {
        assert_eq!(verdict(&[&["a", "-", "x"], &["b", "a", "b"]]), mistake("null-keys"));
    }

    #[test]
    fn a_key_that_was_not_issued_is_a_mistake_also_where_only_its_spelling_differs() {
        for foreign in ["c", "A", "a ", "\"a\"", "a\n", ""] {
            let all = ["a", foreign, "b", "b"];
            assert_eq!(verdict(&[&all]), mistake("keys-not-issued"), "{foreign:?}");
        }
    }

    #[test]
    fn the_right_number_of_records_over_the_wrong_keys_is_uneven() {
        assert_eq!(verdict(&[&["a", "a", "a", "b"]]), mistake("uneven-keys"));
        assert_eq!(verdict(&[&["a", "a", "a", "a"]]), mistake("uneven-keys"));
    }

    #[test]
    fn nothing_is_no_key_of_the_right_ones() {
        assert_eq!(verdict(&[&[], &[]]), (false, None));
    }
}
