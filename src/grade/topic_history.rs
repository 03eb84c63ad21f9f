//! `kind = "topic-history"`: how the topic that lives now came to be what it is.
//!
//! Read from the metadata journal, so it does not matter whether anyone watched, nor with which
//! tool it was done. Earlier topics of the same name do not count: who deletes the topic and does
//! it right the second time passes.

use super::snapshot::Snapshot;
use super::spec::TopicHistorySpec;
use super::verdict::{Finding, Verdict};
use crate::kafka::journal::{History, TopicLife};

/// Whether the living topic was created with one number of partitions and grew to the other.
pub async fn check(spec: &TopicHistorySpec, snapshot: &Snapshot<'_>) -> Verdict {
    match snapshot.history().await {
        Ok(history) => judge(spec, &history),
        Err(e) => Verdict::Unknown { cause: e.cause() },
    }
}

fn judge(spec: &TopicHistorySpec, history: &History) -> Verdict {
    let failed = |observed, why, mistake: Option<&str>| {
        let mistake = mistake.map(str::to_owned);
        Verdict::Failed(Finding { expected: text::expected(spec), observed, why, mistake })
    };
    let Some(life) = history.living(&spec.topic) else {
        let before = history.lives(&spec.topic).last();
        return failed(text::not_alive(&spec.topic, before), text::why_not_alive(), None);
    };
    let observed = text::life(life);
    if fits(spec, life) {
        return Verdict::Passed { observed };
    }
    if life.created_with == spec.created_with {
        return failed(observed, text::why_not_grown(spec), None);
    }
    let mut earlier = history.lives(&spec.topic).filter(|earlier| earlier.id != life.id);
    if earlier.any(|earlier| fits(spec, earlier)) {
        return failed(observed, text::why_made_again(), Some("made-again"));
    }
    let at_once = life.created_with == spec.grown_to;
    failed(
        observed,
        text::why_created(spec, life.created_with),
        at_once.then_some("created-at-once"),
    )
}

fn fits(spec: &TopicHistorySpec, life: &TopicLife) -> bool {
    life.created_with == spec.created_with
        && life.growth.iter().any(|g| g.partitions == spec.grown_to)
}

mod text {
    use crate::grade::clock;
    use crate::grade::spec::TopicHistorySpec;
    use crate::kafka::journal::TopicLife;
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn expected(spec: &TopicHistorySpec) -> Phrase {
        let TopicHistorySpec { topic, created_with, grown_to } = spec;
        phrase!(
            "{topic} created with {created_with} partitions, then grown to {grown_to}",
            "{topic} 创建时有 {created_with} 个分区，之后扩到 {grown_to} 个"
        )
    }

    pub fn life(life: &TopicLife) -> Phrase {
        let (count, at) = (life.created_with, clock::time(life.created.timestamp_ms));
        let created = phrase!("created with {count} at {at}", "{at} 创建，{count} 个分区");
        life.growth.iter().fold(created, |Phrase { en, zh }, growth| {
            let (count, at) = (growth.partitions, clock::time(growth.at.timestamp_ms));
            phrase!("{en}, grown to {count} at {at}", "{zh}，{at} 扩到 {count} 个")
        })
    }

    pub fn not_alive(topic: &str, before: Option<&TopicLife>) -> Phrase {
        match before.and_then(|life| life.deleted) {
            Some(deleted) => {
                let at = clock::time(deleted.timestamp_ms);
                phrase!("{topic} was deleted at {at}", "{topic} 已在 {at} 删除")
            }
            None => phrase!("there is no topic {topic}", "没有 {topic} 这个 topic"),
        }
    }

    pub fn why_not_alive() -> Phrase {
        phrase!("only the topic that lives now counts", "只看现在存在的这个 topic")
    }

    pub fn why_made_again() -> Phrase {
        phrase!(
            "an earlier topic of this name was grown as asked, but it was deleted; the one that lives now is another",
            "之前有个同名的 topic 按要求扩过分区，但已被删除；现在的是另一个 topic"
        )
    }

    pub fn why_not_grown(spec: &TopicHistorySpec) -> Phrase {
        let grown_to = spec.grown_to;
        phrase!(
            "the metadata log shows no growth to {grown_to}",
            "元数据日志里没有扩到 {grown_to} 个分区的记录"
        )
    }

    pub fn why_created(spec: &TopicHistorySpec, found: u32) -> Phrase {
        let wanted = spec.created_with;
        phrase!(
            "it began with {found} partitions, not with {wanted}",
            "它一开始就有 {found} 个分区，而不是 {wanted} 个"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::testing::Step::{Create, Delete, Grow};
    use crate::grade::testing::{Step, history};

    fn verdict(steps: &[Step]) -> (bool, Option<String>) {
        let spec = TopicHistorySpec { topic: "qs".to_owned(), created_with: 3, grown_to: 5 };
        let verdict = judge(&spec, &history(steps));
        (verdict.passed(), verdict.mistake().map(str::to_owned))
    }

    fn failed_by(mistake: &str) -> (bool, Option<String>) {
        (false, Some(mistake.to_owned()))
    }

    #[test]
    fn a_topic_that_grew_as_asked_passes_in_one_step_or_in_several() {
        assert_eq!(verdict(&[Create("qs", 1, 3), Grow(1, 5)]), (true, None));
        assert_eq!(verdict(&[Create("qs", 1, 3), Grow(1, 4), Grow(1, 5)]), (true, None));
    }

    #[test]
    fn who_deletes_and_does_it_right_the_second_time_passes() {
        let again = [Create("qs", 1, 5), Delete(1), Create("qs", 2, 3), Grow(2, 5)];
        assert_eq!(verdict(&again), (true, None));
    }

    #[test]
    fn the_same_number_of_partitions_from_the_start_is_told_from_growth() {
        assert_eq!(verdict(&[Create("qs", 1, 5)]), failed_by("created-at-once"));
    }

    #[test]
    fn what_an_earlier_topic_of_the_name_did_does_not_count() {
        let again = [Create("qs", 1, 3), Grow(1, 5), Delete(1), Create("qs", 2, 5)];
        assert_eq!(verdict(&again), failed_by("made-again"));
        let gone = [Create("qs", 1, 3), Grow(1, 5), Delete(1)];
        assert_eq!(verdict(&gone), (false, None));
    }

    #[test]
    fn an_earlier_right_topic_does_not_explain_a_wrong_growth_of_the_living_one() {
        let again = [Create("qs", 1, 3), Grow(1, 5), Delete(1), Create("qs", 2, 3), Grow(2, 6)];
        assert_eq!(verdict(&again), (false, None));
    }

    #[test]
    fn growth_to_another_number_or_of_another_topic_fails() {
        assert_eq!(verdict(&[Create("qs", 1, 3), Grow(1, 6)]), (false, None));
        assert_eq!(verdict(&[Create("qs", 1, 3)]), (false, None));
        assert_eq!(verdict(&[Create("qs", 1, 2), Grow(1, 5)]), (false, None));
        assert_eq!(verdict(&[Create("qs-1", 1, 3), Grow(1, 5)]), (false, None));
        assert_eq!(verdict(&[]), (false, None));
    }
}
