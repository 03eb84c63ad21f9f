//! Long work: one at a time, called off, waited for.

use kafka_workbook::app::dialog::Dialog;
use kafka_workbook::app::model::STEPS;
use kafka_workbook::app::{Effect, Job, Message, RequestId};
use kafka_workbook::engine::report::Step;
use kafka_workbook::phrase::{Lang, Phrase};
use kafka_workbook::problem::Problem;

use crate::stage::{SIZE, Stage};
use crate::story::{
    RECORDS_LAB, TOPICS_LAB, cluster, no_engine, progress, started, stopped, under_way,
};

fn starting() -> Stage {
    let mut stage = Stage::new(Lang::En, SIZE);
    stage.press("Enter j j j j Enter Enter");
    stage
}

fn step(what: &str) -> Step {
    Step::new(Phrase::same(what))
}

fn called_off() -> Problem {
    Problem::new("cancelled", Phrase::same("cancelled; nothing runs"), Phrase::same("-"))
}

#[test]
fn a_start_is_asked_for_once() {
    let stage = starting();
    let work = stage.worked_on();
    assert_eq!(stage.effects, [Effect::Work(work, Job::StartLab(TOPICS_LAB.to_owned()))]);
}

#[test]
fn one_thing_is_done_after_the_other() {
    let mut stage = starting();
    assert_eq!(stage.press("Enter"), [], "the same lab again");
    assert!(stage.model.notice.is_some(), "and it is said why");
    assert_eq!(stage.press("Esc k k k k Enter u"), [], "a lesson's cluster");
    assert!(stage.model.notice.is_some());
    assert_eq!(stage.press("Esc j j Enter Enter"), [], "another lab");
    assert_eq!(stage.effects.len(), 1);
}

#[test]
fn a_confirmed_start_waits_for_what_is_under_way_too() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    stage.press("r");
    let mut working = stage.clone();
    working.press("Esc u r y");
    let works = working.effects.iter().filter(|effect| matches!(effect, Effect::Work(..)));
    assert_eq!(works.count(), 1, "only the cluster that is being brought back");
    assert!(working.model.notice.is_some() && working.model.dialog.is_none());
}

#[test]
fn steps_of_other_work_change_nothing() {
    let mut stage = starting();
    let RequestId(work) = stage.worked_on();
    stage.tell(Message::Step(RequestId(work), step("this one")));
    for late in [work - 1, work + 1, 0, u64::MAX] {
        assert_eq!(stage.tell(Message::Step(RequestId(late), step("late"))), []);
        assert_eq!(stage.tell(Message::Worked(RequestId(late), Err(no_engine()))), []);
    }
    let known = stage.model.work.as_ref().expect("still under way");
    assert_eq!(known.steps, [step("this one")]);
    assert!(stage.model.dialog.is_none());
    stage.tell(Message::Worked(RequestId(work), Ok(())));
    assert_eq!(stage.tell(Message::Worked(RequestId(work), Err(no_engine()))), []);
    assert!(stage.model.work.is_none() && stage.model.dialog.is_none(), "over once");
    stage.tell(Message::Step(RequestId(work), step("late")));
    assert!(stage.model.work.is_none());
}

#[test]
fn a_step_that_gets_further_takes_its_own_place() {
    let mut stage = starting();
    let work = stage.worked_on();
    for name in ["one", "two", "two", "three", "four"] {
        stage.tell(Message::Step(work, step(name)));
    }
    let known = stage.model.work.as_ref().expect("under way");
    assert_eq!(known.steps, ["two", "three", "four"].map(step));
    assert_eq!(known.steps.len(), STEPS);
}

#[test]
fn seconds_are_counted_while_there_is_work() {
    let mut stage = Stage::new(Lang::En, SIZE);
    stage.tell(Message::Second);
    assert!(stage.model.work.is_none());
    let mut stage = starting();
    stage.tell(Message::Second);
    stage.tell(Message::Second);
    assert_eq!(stage.model.work.as_ref().map(|work| work.seconds), Some(2));
}

#[test]
fn a_start_that_was_called_off_ends_without_a_dialog() {
    let mut stage = starting();
    let work = stage.worked_on();
    assert_eq!(stage.press("c"), [Effect::CallOff(work)]);
    assert!(stage.model.work.as_ref().is_some_and(|work| work.called_off));
    assert_eq!(stage.tell(Message::Worked(work, Err(called_off()))), []);
    assert!(stage.model.dialog.is_none());
    let notice = stage.model.notice.as_ref().map(|notice| notice.en.as_str());
    assert_eq!(notice, Some("cancelled; nothing runs"));
}

#[test]
fn a_start_that_fails_by_itself_is_told_in_a_dialog() {
    let mut stage = starting();
    stage.tell(Message::Worked(stage.worked_on(), Err(no_engine())));
    assert!(
        matches!(&stage.model.dialog, Some(Dialog::Trouble(told)) if told.problem.code == "no-engine")
    );
    stage.press("Esc");
    assert!(stage.model.dialog.is_none());
}

/// What stands in front of the learner stays there.
#[test]
fn trouble_waits_for_the_dialog_that_is_open() {
    let mut stage = starting();
    stage.press("?");
    stage.tell(Message::Worked(stage.worked_on(), Err(no_engine())));
    assert!(matches!(stage.model.dialog, Some(Dialog::Help(_))));
    stage.press("Esc");
    assert!(matches!(stage.model.dialog, Some(Dialog::Trouble(_))));
}

#[test]
fn a_stop_cannot_be_called_off_and_says_so() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    let effects = stage.press("x y");
    assert!(
        matches!(&effects[0], Effect::Work(_, Job::StopLab(lab)) if lab == TOPICS_LAB),
        "{effects:?}"
    );
    assert_eq!(stage.press("c"), []);
    assert!(stage.model.notice.is_some());
    assert!(stage.model.work.as_ref().is_some_and(|work| !work.called_off));
}

#[test]
fn leaving_calls_work_off_and_waits_for_its_end() {
    let leave = [
        |stage: &mut Stage| stage.press("q"),
        |stage: &mut Stage| stage.press("Ctrl-c"),
        |stage: &mut Stage| stage.tell(Message::Terminated),
    ];
    for leave in leave {
        let mut stage = starting();
        let work = stage.worked_on();
        assert_eq!(leave(&mut stage), [Effect::CallOff(work)]);
        assert_eq!(stage.tell(Message::Worked(work, Err(called_off()))), [Effect::Quit]);
    }
}

#[test]
fn leaving_twice_waits_for_nothing() {
    for second in ["q", "Ctrl-c"] {
        let mut stage = starting();
        stage.press("q");
        assert_eq!(stage.press(second), [Effect::Quit]);
    }
    let mut stage = starting();
    stage.tell(Message::Terminated);
    assert_eq!(stage.tell(Message::Terminated), [Effect::Quit]);
}

#[test]
fn leaving_waits_also_for_what_cannot_be_called_off() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    stage.press("x y");
    let work = stage.worked_on();
    assert_eq!(stage.press("q"), []);
    assert_eq!(stage.tell(Message::Worked(work, Ok(()))), [Effect::Quit]);
}

#[test]
fn without_work_leaving_is_at_once() {
    assert_eq!(Stage::new(Lang::En, SIZE).press("q"), [Effect::Quit]);
    assert_eq!(Stage::new(Lang::En, SIZE).tell(Message::Terminated), [Effect::Quit]);
}

#[test]
fn what_would_end_another_attempt_is_asked_first() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    assert_eq!(stage.press("n Enter"), [], "the next lab");
    let Some(Dialog::Confirm(confirm)) = &stage.model.dialog else { panic!("not asked") };
    assert!(confirm.question.en.contains(TOPICS_LAB), "{}", confirm.question);
    let mut no = stage.clone();
    assert_eq!(no.press("n"), []);
    assert!(no.model.dialog.is_none() && no.model.work.is_none());
    let yes = stage.press("y");
    assert!(
        matches!(&yes[0], Effect::Work(_, Job::StartLab(lab)) if lab == RECORDS_LAB),
        "{yes:?}"
    );
}

#[test]
fn a_question_about_an_attempt_is_not_answered_for_another_one() {
    for keys in ["r", "x", "a", "h"] {
        let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
        stage.press(keys);
        assert!(stage.model.dialog.is_some(), "{keys}");
        let both = [started(TOPICS_LAB, 1), stopped(TOPICS_LAB, 1), started(RECORDS_LAB, 1)];
        stage.tell(Message::Progressed(progress(&both)));
        assert!(stage.model.dialog.is_none(), "{keys}");
        assert!(!stage.press("y").iter().any(|effect| matches!(effect, Effect::Work(..))));
        assert!(stage.model.notice.is_none(), "told until the next key");
    }
}

#[test]
fn a_lessons_cluster_asks_too_before_it_ends_an_attempt() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    stage.tell(Message::Looked(Some(cluster())));
    assert_eq!(stage.press("Esc → Enter u"), []);
    assert!(matches!(&stage.model.dialog, Some(Dialog::Confirm(_))));
    assert_eq!(stage.press("Enter"), [], "what is lost is not lost by a key pressed too often");
    let yes = stage.press("y");
    assert!(
        yes.iter().any(|effect| matches!(effect, Effect::Work(_, Job::StartLesson(1, _)))),
        "{yes:?}"
    );
}

#[test]
fn where_nothing_would_be_lost_nothing_is_asked() {
    let mut stage = Stage::new(Lang::En, SIZE);
    let effects = stage.press("Enter Enter u");
    assert!(matches!(effects[..], [Effect::Work(_, Job::StartLesson(1, _))]), "{effects:?}");
}
