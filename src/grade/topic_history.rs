//! `kind = "topic-history"`: how the topic that lives now came to be what it is.
//!
//! Read from the metadata journal, so it does not matter whether anyone watched, nor with which
//! tool it was done. Earlier topics of the same name do not count: who deletes the topic and does
//! it right the second time passes.
//!
//! In `ZooKeeper` mode there is no journal: the Stats of the topic's znodes tell what they can, and
//! what they cannot is unknown.

use super::snapshot::Snapshot;
use super::spec::TopicHistorySpec;
use super::topic_znodes::{Growth, TopicZnodes};
use super::verdict::{Finding, Verdict};
use crate::kafka::journal::{History, TopicLife};

/// Whether the living topic was created with one number of partitions and grew to the other.
pub async fn check(spec: &TopicHistorySpec, snapshot: &Snapshot<'_>) -> Verdict {
    match snapshot.zookeeper().await {
        Ok(None) => match snapshot.history().await {
            Ok(history) => judge(spec, &history),
            Err(e) => Verdict::Unknown { cause: e.cause() },
        },
        Ok(Some(_)) => match snapshot.topic_znodes(&spec.topic).await {
            Ok(znodes) => judge_by_znodes(spec, znodes.as_deref()),
            Err(e) => Verdict::Unknown { cause: e.cause() },
        },
        Err(e) => Verdict::Unknown { cause: e.cause() },
    }
}

/// What is certain of a topic that was altered several times is only that it had no more partitions
/// at its creation than before the last alteration, and never more than now.
fn judge_by_znodes(spec: &TopicHistorySpec, znodes: Option<&TopicZnodes>) -> Verdict {
    let failed = |observed, why, mistake: Option<&str>| {
        let mistake = mistake.map(str::to_owned);
        Verdict::Failed(Finding { expected: text::expected(spec), observed, why, mistake })
    };
    let Some(znodes) = znodes else {
        return failed(text::not_alive(&spec.topic, None), text::why_not_alive(), None);
    };
    let Some(growth) = znodes.growth() else {
        return Verdict::Unknown { cause: text::still_growing(&spec.topic) };
    };
    let observed = text::growth(znodes, growth);
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let (created, now) = match growth {
        Growth::None { partitions } => (number(partitions), number(partitions)),
        Growth::Once { from, to } => (number(from), number(to)),
        Growth::Several { before, now } => {
            let (before, now) = (number(before), number(now));
            return if before < spec.created_with {
                failed(observed, text::why_created(spec, before), None)
            } else if now < spec.grown_to {
                failed(observed, text::why_not_grown(spec), None)
            } else {
                Verdict::Unknown { cause: text::altered_too_often(&spec.topic, znodes) }
            };
        }
    };
    match (created == spec.created_with, now == spec.grown_to) {
        (true, true) => Verdict::Passed { observed },
        (true, false) => failed(observed, text::why_not_grown(spec), None),
        (false, _) => {
            let at_once = created == spec.grown_to;
            let why = text::why_created(spec, created);
            failed(observed, why, at_once.then_some("created-at-once"))
        }
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
    use crate::grade::topic_znodes::{Growth, TopicZnodes};
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

    pub fn growth(znodes: &TopicZnodes, growth: Growth) -> Phrase {
        let created = clock::time(znodes.topic.ctime_ms);
        let (altered, times) = (clock::time(znodes.topic.mtime_ms), znodes.topic.version);
        match growth {
            Growth::None { partitions } => phrase!(
                "created with {partitions} at {created}, its znode never altered",
                "{created} 创建，{partitions} 个分区，znode 之后没有改过"
            ),
            Growth::Once { from, to } => phrase!(
                "created with {from} at {created}, altered once, at {altered}, to {to}",
                "{created} 创建，{from} 个分区，{altered} 改过一次，变成 {to} 个"
            ),
            Growth::Several { before, now } => phrase!(
                "created at {created}, altered {times} times, last at {altered}, from {before} to {now}",
                "{created} 创建，改过 {times} 次，最后一次在 {altered}，从 {before} 个分区到 {now} 个"
            ),
        }
    }

    pub fn still_growing(topic: &str) -> Phrase {
        phrase!(
            "not every partition of {topic} has its leader yet",
            "{topic} 还有分区没有选出 leader"
        )
    }

    pub fn altered_too_often(topic: &str, znodes: &TopicZnodes) -> Phrase {
        let times = znodes.topic.version;
        phrase!(
            "the znode of {topic} was altered {times} times, and keeps only the first and the last: with how many partitions it began cannot be read",
            "{topic} 的 znode 改过 {times} 次，它只记得最初和最后一次：一开始有几个分区已经读不出来"
        )
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
            "what the cluster has recorded shows no growth to {grown_to}",
            "集群的记录里没有扩到 {grown_to} 个分区这一步"
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
    use crate::grade::topic_znodes::tests::znodes;

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
    fn without_a_journal_the_stats_of_znodes_tell_one_alteration_and_no_more() {
        let spec = TopicHistorySpec { topic: "qs".to_owned(), created_with: 3, grown_to: 5 };
        let said = |version, states: &[i64]| {
            let verdict = judge_by_znodes(&spec, Some(&znodes(version, states)));
            (verdict.word(), verdict.mistake().map(str::to_owned))
        };
        let at_once = Some("created-at-once".to_owned());
        assert_eq!(said(1, &[12, 13, 14, 52, 53]), ("passed", None));
        assert_eq!(said(0, &[12, 13, 14, 15, 16]), ("failed", at_once.clone()));
        assert_eq!(said(1, &[12, 13, 14, 15, 16]), ("failed", at_once));
        assert_eq!(said(0, &[12, 13, 14]), ("failed", None));
        assert_eq!(said(1, &[12, 13, 14, 52]), ("failed", None));
        assert_eq!(said(1, &[12, 52, 53, 54, 55]), ("failed", None));
        // 3 → 4 → 5, 4 → 5 → 5 and 5 with two other alterations look alike.
        assert_eq!(said(2, &[12, 13, 14, 30, 53]), ("unknown", None));
        assert_eq!(said(2, &[12, 13, 14, 30]), ("failed", None), "never five");
        assert_eq!(said(2, &[12, 30, 53, 54, 55]), ("failed", None), "fewer than three at first");
        assert_eq!(judge_by_znodes(&spec, None).word(), "failed");
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
