//! Hints: what is asked for, and what comes back.

use kafka_workbook::app::dialog::{Dialog, Hint};
use kafka_workbook::app::{Effect, Message, RequestId};
use kafka_workbook::lab::hint;
use kafka_workbook::phrase::{Lang, Phrase};
use kafka_workbook::progress::Event;

use crate::picture::{draw, screen_text};
use crate::stage::{SIZE, Stage};
use crate::story::{TOPICS_LAB, gone, hinted, progress, started, under_way};
use crate::verdicts::all_passed;

#[track_caller]
fn shown_hint(stage: &Stage) -> &Hint {
    match &stage.model.dialog {
        Some(Dialog::Hint(hint)) => hint,
        other => panic!("no hint is shown: {other:?}"),
    }
}

fn came(check: &str, tier: u8) -> hint::Hint {
    hint::Hint { check: check.to_owned(), tier, text: Phrase::same("-") }
}

#[test]
fn the_first_hint_is_asked_for_at_once() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    let effects = stage.press("h");
    let [lab, check] = [TOPICS_LAB, "partitions"].map(str::to_owned);
    assert_eq!(effects, [Effect::Hint(stage.hint_as(), lab, check)]);
    assert_eq!(stage.press("h"), [], "it is on its way");
    stage.tell(Message::Hinted(stage.hint_as(), Ok(Some(came("partitions", 1)))));
    assert_eq!(shown_hint(&stage).tier, 1);
}

#[test]
fn hints_that_were_shown_before_need_no_request() {
    let events = [started(TOPICS_LAB, 1), hinted(TOPICS_LAB, "partitions", 2)];
    let mut stage = Stage::with(Lang::En, SIZE, progress(&events));
    assert_eq!(stage.press("h"), []);
    assert_eq!(shown_hint(&stage).tier, 2);
    let next = stage.press("h");
    assert!(matches!(next[..], [Effect::Hint(..)]), "{next:?}");
    stage.tell(Message::Hinted(stage.hint_as(), Ok(Some(came("partitions", 3)))));
    assert_eq!(shown_hint(&stage).tier, 3);
    assert_eq!(stage.press("h h h"), [], "there is no fourth");
}

/// A hint that was asked for is what the learner wants to read.
#[test]
fn the_hint_that_has_come_is_in_sight() {
    for size in [(80, 24), (60, 15)] {
        let events = [started(TOPICS_LAB, 1), hinted(TOPICS_LAB, "error", 1)];
        let mut stage = Stage::with(Lang::En, size, progress(&events));
        stage.press("Tab j j h");
        for tier in [2, 3] {
            stage.press("h");
            stage.tell(Message::Hinted(stage.hint_as(), Ok(Some(came("error", tier)))));
            let text = screen_text(&draw(&stage.model).buffer);
            assert!(text.contains(&format!(" {tier}/3 ")), "hint {tier} at {size:?}:\n{text}");
        }
    }
}

#[test]
fn hints_are_for_the_check_that_is_chosen() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    let effects = stage.press("Tab j j j h");
    assert!(
        matches!(&effects[..], [Effect::Hint(_, _, check)] if check == "old-topic"),
        "{effects:?}"
    );
}

#[test]
fn a_late_hint_changes_nothing() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    stage.press("h");
    let RequestId(asked) = stage.hint_as();
    for late in [asked - 1, asked + 1, 0, u64::MAX] {
        stage.tell(Message::Hinted(RequestId(late), Ok(Some(came("partitions", 3)))));
        stage.tell(Message::Hinted(RequestId(late), Err(gone())));
    }
    assert_eq!(shown_hint(&stage).tier, 0);
    stage.press("Esc");
    stage.tell(Message::Hinted(RequestId(asked), Err(gone())));
    assert!(stage.model.dialog.is_none());
}

#[test]
fn a_hint_that_cannot_be_had_is_told() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    stage.press("h");
    stage.tell(Message::Hinted(stage.hint_as(), Err(gone())));
    assert!(matches!(&stage.model.dialog, Some(Dialog::Trouble(_))));
}

#[test]
fn where_every_check_has_passed_there_is_no_hint() {
    let report = all_passed(TOPICS_LAB);
    let reached = report.checks.iter().map(|line| Event::VerdictReached {
        lab: TOPICS_LAB.to_owned(),
        attempt: 1,
        check: line.check.id.clone(),
        points: line.points,
        verdict: line.verdict.clone(),
    });
    let events: Vec<Event> = std::iter::once(started(TOPICS_LAB, 1)).chain(reached).collect();
    let mut one_open = Stage::with(Lang::En, SIZE, progress(&events[..events.len() - 1]));
    assert!(matches!(one_open.press("h")[..], [Effect::Hint(..)]));
    let mut stage = Stage::with(Lang::En, SIZE, progress(&events));
    assert_eq!(stage.press("h"), []);
    assert!(stage.model.dialog.is_none() && stage.model.notice.is_some());
}
