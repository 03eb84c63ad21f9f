//! The attempt that goes on is graded, whatever page is open.

use kafka_workbook::app::{Effect, Job, Message, RequestId};
use kafka_workbook::phrase::Lang;
use kafka_workbook::progress::Progress;

use crate::picture::{draw, screen_text};
use crate::stage::{SIZE, Stage};
use crate::story::{
    RECORDS_LAB, TOPICS_LAB, another_cluster, cluster, gone, progress, started, stopped, under_way,
};
use crate::verdicts::all_passed;

/// The labs whose hosting is asked for.
fn hosts(effects: &[Effect]) -> Vec<&str> {
    effects.iter().filter_map(hosted_lab).collect()
}

fn hosted_lab(effect: &Effect) -> Option<&str> {
    match effect {
        Effect::Host(_, lab) => Some(lab),
        _ => None,
    }
}

#[test]
fn an_attempt_that_goes_on_is_hosted_from_the_start() {
    let stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    assert_eq!(hosts(&stage.effects), [TOPICS_LAB]);
    assert!(hosts(&Stage::new(Lang::En, SIZE).effects).is_empty());
}

#[test]
fn hosting_goes_on_whatever_page_is_open() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    let hosted = stage.hosted_as();
    stage.press("n Esc → Enter n Esc ?");
    assert_eq!(stage.effects.len(), 1, "{:?}", stage.effects);
    stage.tell(Message::Verdicts(hosted, all_passed(TOPICS_LAB)));
    assert!(stage.model.report(TOPICS_LAB).is_some_and(|report| report.passed));
    assert!(stage.model.report(RECORDS_LAB).is_none());
}

#[test]
fn hosting_follows_the_attempt_that_is_open() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    let both = [started(TOPICS_LAB, 1), stopped(TOPICS_LAB, 1), started(RECORDS_LAB, 1)];
    let effects = stage.tell(Message::Progressed(progress(&both)));
    assert_eq!(hosts(&effects), [RECORDS_LAB]);
    let again = [started(RECORDS_LAB, 1), started(RECORDS_LAB, 2)];
    let effects = stage.tell(Message::Progressed(progress(&again)));
    assert_eq!(hosts(&effects), [RECORDS_LAB], "another attempt at the same lab");
    let over = stage.tell(Message::Progressed(Progress::default()));
    assert_eq!(over, [Effect::Unhost]);
    assert_eq!(stage.tell(Message::Progressed(Progress::default())), []);
}

#[test]
fn verdicts_of_another_hosting_are_not_taken_for_this_ones() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    let RequestId(first) = stage.hosted_as();
    stage.tell(Message::Progressed(progress(&[started(TOPICS_LAB, 1), started(TOPICS_LAB, 2)])));
    assert_ne!(stage.hosted_as(), RequestId(first));
    for late in [first, 0, u64::MAX] {
        assert_eq!(stage.tell(Message::Verdicts(RequestId(late), all_passed(TOPICS_LAB))), []);
        assert_eq!(stage.tell(Message::Unhosted(RequestId(late), Err(gone()))), []);
    }
    let hosted = stage.model.hosted.as_ref().expect("hosted");
    assert!(hosted.report.is_none() && hosted.trouble.is_none());
}

#[test]
fn nothing_is_hosted_while_clusters_come_and_go() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    let effects = stage.press("r y");
    assert!(
        matches!(effects[..], [Effect::Work(_, Job::StartLab(_)), Effect::Unhost]),
        "{effects:?}"
    );
    // The log tells of the new attempt while its cluster is still being seeded.
    let news = progress(&[started(TOPICS_LAB, 1), started(TOPICS_LAB, 2)]);
    assert_eq!(stage.tell(Message::Progressed(news)), []);
    assert_eq!(stage.tell(Message::Looked(Some(another_cluster()))), []);
    let work = stage.worked_on();
    assert_eq!(hosts(&stage.tell(Message::Worked(work, Ok(())))), [TOPICS_LAB]);
}

#[test]
fn a_start_that_failed_leaves_the_attempt_hosted_as_before() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    stage.press("r y");
    let work = stage.worked_on();
    assert_eq!(hosts(&stage.tell(Message::Worked(work, Err(gone())))), [TOPICS_LAB]);
}

fn has_ticks(stage: &Stage) -> bool {
    screen_text(&draw(&stage.model).buffer).contains('✓')
}

#[test]
fn verdicts_that_may_hold_no_more_are_not_shown() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    let hosted = stage.hosted_as();
    stage.tell(Message::Verdicts(hosted, all_passed(TOPICS_LAB)));
    assert!(has_ticks(&stage));
    assert_eq!(stage.tell(Message::Unhosted(hosted, Err(gone()))), []);
    assert!(!has_ticks(&stage));
    stage.tell(Message::Verdicts(hosted, all_passed(TOPICS_LAB)));
    assert!(has_ticks(&stage));
}

#[test]
fn another_cluster_does_not_disturb_hosting_that_works() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    stage.tell(Message::Verdicts(stage.hosted_as(), all_passed(TOPICS_LAB)));
    assert_eq!(stage.tell(Message::Looked(Some(cluster()))), []);
    assert_eq!(stage.tell(Message::Looked(None)), []);
    assert!(stage.model.report(TOPICS_LAB).is_some());
}

#[test]
fn verdicts_end_the_trouble_before_them() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    let hosted = stage.hosted_as();
    stage.tell(Message::Unhosted(hosted, Err(gone())));
    assert!(stage.model.hosted.as_ref().is_some_and(|hosted| hosted.trouble.is_some()));
    stage.tell(Message::Verdicts(hosted, all_passed(TOPICS_LAB)));
    assert!(stage.model.hosted.as_ref().is_some_and(|hosted| hosted.trouble.is_none()));
}
