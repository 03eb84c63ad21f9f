//! `kind = "partition-counts"`: the learner types how many records each partition holds.
//!
//! No verdict says which number is wrong: whoever has looked has no need of it, and nobody else is
//! led there step by step.

use super::records::TopicRecords;
use super::snapshot::Snapshot;
use super::spec::PartitionCountsSpec;
use super::text as common;
use super::verdict::{Finding, Verdict};

/// Whether the typed numbers are those of the partitions, in their order.
pub async fn check(spec: &PartitionCountsSpec, snapshot: &Snapshot<'_>) -> Verdict {
    match snapshot.records(&spec.topic).await {
        Ok(records) => judge(spec, snapshot.answer(&spec.field), records.as_deref()),
        Err(e) => Verdict::Unknown { cause: e.cause() },
    }
}

fn judge(
    spec: &PartitionCountsSpec,
    answer: Option<&str>,
    records: Option<&TopicRecords>,
) -> Verdict {
    let partitions = records.map_or(0, |records| records.0.len());
    let failed = |observed, why, mistake: Option<&str>| {
        let (expected, mistake) = (text::expected(partitions), mistake.map(str::to_owned));
        Verdict::Failed(Finding { expected, observed, why, mistake })
    };
    let Some(records) = records else {
        return failed(common::no_topic(&spec.topic), common::why_no_topic(), None);
    };
    let Some(answer) = answer else {
        return failed(common::nothing_typed(), common::why_nothing_typed(&spec.field), None);
    };
    let observed = common::typed(answer);
    let Some(typed) = numbers(answer) else {
        return failed(observed, text::why_no_numbers(), None);
    };
    let counts: Vec<u64> = records.0.values().map(|partition| partition.count).collect();
    if counts.iter().all(|count| *count == 0) {
        return failed(common::no_records(&spec.topic), common::why_no_records(), None);
    }
    if typed.len() != counts.len() {
        return failed(observed, text::why_length(typed.len(), counts.len()), None);
    }
    if typed == counts {
        return Verdict::Passed { observed };
    }
    let why = match typed.iter().try_fold(0_u64, |sum, number| sum.checked_add(*number)) {
        Some(sum) if sum == records.count() => text::why_other(),
        _ => text::why_sum(records.count()),
    };
    failed(observed, why, Some("other-counts"))
}

/// The numbers of an answer such as `20,16, 24`; `None` if anything else stands in it.
fn numbers(answer: &str) -> Option<Vec<u64>> {
    // Chinese input methods have digits of their own.
    let digit = |c: char| {
        let narrow = (c as u32).checked_sub(0xff10).filter(|value| *value < 10);
        narrow.and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
    };
    let answer: String = answer.chars().map(digit).collect();
    let inner = answer.trim().trim_start_matches(['[', '(']).trim_end_matches([']', ')']);
    let parts =
        inner.split(|c: char| matches!(c, ',' | ';' | '，' | '、' | '；') || c.is_whitespace());
    parts.filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect()
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn expected(partitions: usize) -> Phrase {
        let last = partitions.saturating_sub(1);
        phrase!(
            "how many records each partition holds now, from 0 to {last}",
            "现在每个分区有多少条消息，从分区 0 到 {last}"
        )
    }

    pub fn why_no_numbers() -> Phrase {
        phrase!("numbers with commas between them are expected", "应填用逗号隔开的数字")
    }

    pub fn why_length(typed: usize, partitions: usize) -> Phrase {
        phrase!(
            "{partitions} numbers are expected, one for each partition; you typed {typed}",
            "应为 {partitions} 个数字，每个分区一个；你填了 {typed} 个"
        )
    }

    pub fn why_sum(total: u64) -> Phrase {
        phrase!(
            "your numbers do not add up to the {total} records of the topic",
            "这些数字加起来不等于 topic 里的 {total} 条"
        )
    }

    pub fn why_other() -> Phrase {
        phrase!(
            "the sum is right, but not every partition holds what you say",
            "总数对了，但并非每个分区都是你填的数"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::testing::topic_records;

    fn verdict(answer: &str, partitions: &[&[&str]]) -> (bool, Option<String>) {
        let spec = PartitionCountsSpec { topic: "t".to_owned(), field: "histogram".to_owned() };
        let verdict = judge(&spec, Some(answer), Some(&topic_records(partitions)));
        (verdict.passed(), verdict.mistake().map(str::to_owned))
    }

    const TWO_ONE: &[&[&str]] = &[&["a", "a"], &["b"]];

    #[test]
    fn the_numbers_pass_however_they_are_separated() {
        for answer in ["2,1", "2, 1", " 2 1 ", "2;1", "2，1", "[2, 1]", "02,1", "２，１"] {
            assert_eq!(verdict(answer, TWO_ONE), (true, None), "{answer}");
        }
    }

    #[test]
    fn other_numbers_are_a_mistake_also_in_another_order() {
        let other = (false, Some("other-counts".to_owned()));
        for answer in ["1,2", "3,0", "2,2", "99999999999999999999,1", "18446744073709551615,1"] {
            let expected = if answer.starts_with("9999") { (false, None) } else { other.clone() };
            assert_eq!(verdict(answer, TWO_ONE), expected, "{answer}");
        }
    }

    #[test]
    fn an_answer_of_another_form_is_no_count() {
        for answer in ["2", "2,1,0", "two,one", "0:2,1:1", "-2,1", "2.0,1", ",", "[]"] {
            assert_eq!(verdict(answer, TWO_ONE), (false, None), "{answer}");
        }
    }

    #[test]
    fn noughts_for_an_empty_topic_are_no_answer() {
        assert_eq!(verdict("0,0", &[&[], &[]]), (false, None));
        assert_eq!(verdict("", &[]), (false, None));
    }
}
