//! What the events add up to.

use jiff::Timestamp;
use kafka_workbook::grade::verdict::{Finding, Verdict};
use kafka_workbook::phrase::Phrase;
use kafka_workbook::progress::{Entry, Event, Progress};

use crate::support::{answer, started};

const LAB: &str = "D01-4";

fn scored(attempt: u32, points: u32, max_points: u32) -> Event {
    Event::Scored { lab: LAB.into(), attempt, points, max_points, passed: points == max_points }
}

fn reached(points: u32, verdict: Verdict) -> Event {
    Event::VerdictReached { lab: LAB.into(), attempt: 1, check: "grown".into(), points, verdict }
}

fn hint(tier: u8) -> Event {
    Event::HintShown { lab: LAB.into(), attempt: 1, check: "grown".into(), tier }
}

fn stopped(attempt: u32) -> Event {
    Event::AttemptStopped { lab: LAB.into(), attempt }
}

/// A verdict of usual size.
pub fn failed(partitions: u32) -> Event {
    let finding = Finding {
        expected: Phrase::new("3 partitions, then 5", "先 3 个分区，再 5 个"),
        observed: Phrase::new(format!("{partitions} partitions"), format!("{partitions} 个分区")),
        why: Phrase::new("the journal shows no growth", "日志里没有扩容记录"),
        mistake: Some("created-at-once".into()),
    };
    reached(0, Verdict::Failed(finding))
}

fn unknown() -> Verdict {
    Verdict::Unknown { cause: Phrase::same("timeout") }
}

fn passed() -> Verdict {
    Verdict::Passed { observed: Phrase::same("5") }
}

fn fold(events: &[Event]) -> Progress {
    let entry = |(second, event): (i64, &Event)| Entry {
        at: Timestamp::from_second(second).unwrap(),
        event: event.clone(),
    };
    Progress::fold(&(0..).zip(events).map(entry).collect::<Vec<_>>())
}

#[test]
fn an_attempt_carries_what_was_issued() {
    let progress = fold(&[started(LAB, 1)]);
    let attempt = progress.current(LAB).unwrap();
    assert_eq!((attempt.attempt, attempt.nonce.as_str()), (1, "nonce-1"));
    assert_eq!(attempt.values["TOPIC"], "orders-1");
    assert_eq!((attempt.engine.as_str(), attempt.environment.as_str()), ("jvm", "kraft-single"));
    assert_eq!(attempt.started, Timestamp::UNIX_EPOCH);
}

#[test]
fn the_best_score_stays_when_a_new_attempt_begins() {
    let progress =
        fold(&[started(LAB, 1), scored(1, 10, 10), stopped(1), started(LAB, 2), scored(2, 3, 8)]);
    let lab = &progress.labs[LAB];
    assert_eq!((lab.best_points, lab.max_points, lab.passed), (10, 10, true));
    let current = lab.current.as_ref().unwrap();
    assert_eq!((current.points, current.max_points, current.passed), (3, 8, false));
}

#[test]
fn of_equal_points_the_fuller_score_is_the_best() {
    let best = |events: &[Event]| {
        let lab = fold(events).labs.remove(LAB).unwrap();
        (lab.best_points, lab.max_points)
    };
    assert_eq!(best(&[scored(1, 8, 10), scored(2, 8, 8)]), (8, 8));
    assert_eq!(best(&[scored(1, 8, 8), scored(2, 8, 10)]), (8, 8));
    assert_eq!(best(&[scored(1, 8, 8), scored(2, 9, 10)]), (9, 10));
    assert_eq!(best(&[scored(1, 0, 10)]), (0, 10));
}

#[test]
fn an_attempt_that_passed_stays_passed_though_points_are_of_now() {
    let progress = fold(&[started(LAB, 1), scored(1, 10, 10), scored(1, 4, 10)]);
    let attempt = progress.current(LAB).unwrap();
    assert_eq!((attempt.passed, attempt.points), (true, 4));
}

#[test]
fn the_newest_number_wins_whatever_the_order() {
    let progress = fold(&[started(LAB, 2), started(LAB, 1), stopped(1), started(LAB, 2)]);
    let attempt = progress.current(LAB).unwrap();
    assert_eq!((attempt.attempt, attempt.started), (2, Timestamp::UNIX_EPOCH));
    assert_eq!(progress.next_attempt(LAB), 3);
}

#[test]
fn a_stopped_attempt_is_not_current_and_its_number_is_not_drawn_again() {
    let progress = fold(&[started(LAB, 1), stopped(1)]);
    assert_eq!(progress.current(LAB), None);
    assert_eq!(progress.next_attempt(LAB), 2);
    assert_eq!(progress.next_attempt("D09-1"), 1);
}

#[test]
fn starting_a_lab_leaves_the_attempts_of_others() {
    let progress = fold(&[started(LAB, 1), started("D02-1", 1)]);
    assert!(progress.current(LAB).is_some() && progress.current("D02-1").is_some());
}

#[test]
fn an_attempt_whose_start_is_lost_still_ends_the_one_before_it() {
    let progress = fold(&[started(LAB, 1), scored(2, 4, 10)]);
    assert_eq!(progress.current(LAB), None);
    assert_eq!(progress.labs[LAB].best_points, 4);
    assert_eq!(progress.next_attempt(LAB), 3);
}

#[test]
fn late_events_of_an_older_attempt_do_not_reach_the_current_one() {
    let progress = fold(&[started(LAB, 2), answer("late"), reached(5, passed()), hint(1)]);
    let attempt = progress.current(LAB).unwrap();
    assert!(attempt.answers.is_empty() && attempt.latest.is_empty() && attempt.hints.is_empty());
}

#[test]
fn a_cluster_that_did_not_answer_takes_no_points() {
    let progress = fold(&[started(LAB, 1), reached(5, passed()), reached(0, unknown())]);
    let attempt = progress.current(LAB).unwrap();
    assert_eq!((attempt.verdicts["grown"].points, attempt.latest["grown"].points), (5, 0));
    assert!(attempt.verdicts["grown"].verdict.passed());
    assert_eq!(attempt.latest["grown"].verdict, unknown());
    assert_eq!(attempt.latest["grown"].at, Timestamp::from_second(2).unwrap());
}

#[test]
fn a_verdict_that_is_worse_replaces_a_better_one() {
    let progress = fold(&[started(LAB, 1), reached(5, passed()), failed(3)]);
    assert_eq!(progress.current(LAB).unwrap().verdicts["grown"].points, 0);
}

#[test]
fn the_last_answer_and_the_highest_hint_count() {
    let progress = fold(&[started(LAB, 1), answer("a"), answer("b"), hint(2), hint(1)]);
    let attempt = progress.current(LAB).unwrap();
    assert_eq!((attempt.answers["error"].as_str(), attempt.hints["grown"]), ("b", 2));
}
