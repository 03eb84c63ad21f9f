//! `kind = "record-count"`: a topic holds so many records now.
//!
//! How many each partition holds is not told: the learner may be asked for it.

use super::records::TopicRecords;
use super::snapshot::Snapshot;
use super::spec::RecordCountSpec;
use super::text as common;
use super::verdict::{Finding, Verdict};

/// Whether the topic holds exactly so many committed data records.
pub async fn check(spec: &RecordCountSpec, snapshot: &Snapshot<'_>) -> Verdict {
    match snapshot.records(&spec.topic).await {
        Ok(records) => judge(spec, records.as_deref()),
        Err(e) => Verdict::Unknown { cause: e.cause() },
    }
}

fn judge(spec: &RecordCountSpec, records: Option<&TopicRecords>) -> Verdict {
    let failed = |observed, why, mistake: Option<&str>| {
        let mistake = mistake.map(str::to_owned);
        Verdict::Failed(Finding { expected: text::expected(spec), observed, why, mistake })
    };
    let Some(records) = records else {
        return failed(common::no_topic(&spec.topic), common::why_no_topic(), None);
    };
    let count = records.count();
    let observed = text::counted(spec, count);
    match count {
        // What is behind the first record of an open transaction is not to be seen either.
        _ if records.undecided() => failed(observed, text::why_undecided(), None),
        _ if count == spec.count => Verdict::Passed { observed },
        0 => failed(observed, text::why_none(), None),
        _ if count < spec.count => {
            failed(observed, text::why_missing(spec.count - count), Some("too-few-records"))
        }
        _ => failed(observed, text::why_extra(count - spec.count), Some("too-many-records")),
    }
}

mod text {
    use crate::grade::spec::RecordCountSpec;
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn expected(spec: &RecordCountSpec) -> Phrase {
        let RecordCountSpec { topic, count } = spec;
        phrase!("{count} records in {topic}", "{topic} 中有 {count} 条消息")
    }

    pub fn counted(spec: &RecordCountSpec, count: u64) -> Phrase {
        let topic = &spec.topic;
        match count {
            1 => phrase!("1 record in {topic}", "{topic} 中有 1 条消息"),
            _ => phrase!("{count} records in {topic}", "{topic} 中有 {count} 条消息"),
        }
    }

    pub fn why_none() -> Phrase {
        phrase!(
            "none that counts; if your program has run, it may have ended before its client had sent: see Flush",
            "还没有算数的消息；如果程序已经跑过，可能是客户端还没发出去它就退出了，见 Flush"
        )
    }

    pub fn why_undecided() -> Phrase {
        phrase!(
            "a transaction is open: what it has written, and what came after, cannot be counted before it ends",
            "有事务尚未结束：在它结束之前，它写的和它之后写的消息都还不能计数"
        )
    }

    pub fn why_missing(missing: u64) -> Phrase {
        phrase!("{missing} are missing", "少了 {missing} 条")
    }

    pub fn why_extra(extra: u64) -> Phrase {
        phrase!("{extra} are more than asked for", "多了 {extra} 条")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::testing::topic_records;

    fn verdict(records: Option<&TopicRecords>) -> (bool, Option<String>) {
        let spec = RecordCountSpec { topic: "t".to_owned(), count: 3 };
        let verdict = judge(&spec, records);
        (verdict.passed(), verdict.mistake().map(str::to_owned))
    }

    fn mistake(id: &str) -> (bool, Option<String>) {
        (false, Some(id.to_owned()))
    }

    #[test]
    fn only_the_asked_number_passes_wherever_the_records_are() {
        assert_eq!(verdict(Some(&topic_records(&[&["a", "b"], &["c"]]))), (true, None));
        assert_eq!(verdict(Some(&topic_records(&[&[], &["a", "a", "a"]]))), (true, None));
        assert_eq!(verdict(Some(&topic_records(&[&["a"], &["b"]]))), mistake("too-few-records"));
        let four = topic_records(&[&["a", "b"], &["c", "d"]]);
        assert_eq!(verdict(Some(&four)), mistake("too-many-records"));
    }

    #[test]
    fn no_topic_and_an_empty_one_fail_without_a_mistake() {
        assert_eq!(verdict(None), (false, None));
        assert_eq!(verdict(Some(&topic_records(&[&[], &[]]))), (false, None));
    }

    #[test]
    fn who_has_a_transaction_open_is_not_told_that_records_are_missing() {
        let mut records = topic_records(&[&["a"], &["b"]]);
        records.0.get_mut(&1).unwrap().undecided = true;
        assert_eq!(verdict(Some(&records)), (false, None));
    }

    #[test]
    fn what_an_open_transaction_hides_is_waited_for() {
        let mut records = topic_records(&[&["a", "b"], &["c"]]);
        records.0.get_mut(&0).unwrap().undecided = true;
        assert_eq!(verdict(Some(&records)), (false, None));
    }
}
