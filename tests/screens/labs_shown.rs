//! A lab's page.

use kafka_workbook::app::Message;

use crate::picture::shows;
use crate::stage::Stage;
use crate::story::{
    RECORDS_LAB, TOPICS_LAB, busy_cluster, cluster, gone, silent_cluster, steps, under_way,
};
use crate::verdicts::{all_passed, of_every_kind};
use kafka_workbook::phrase::Lang;

fn not_started(lang: Lang, size: (u16, u16)) -> Stage {
    let mut stage = Stage::new(lang, size);
    stage.press("Enter j j j j Enter");
    stage
}

fn starting(lang: Lang, size: (u16, u16)) -> Stage {
    let mut stage = not_started(lang, size);
    stage.press("Enter");
    let work = stage.worked_on();
    for step in steps() {
        stage.tell(Message::Step(work, step));
    }
    (0..12).for_each(|_| {
        stage.tell(Message::Second);
    });
    stage
}

/// An attempt at the lab with records, with verdicts of every kind.
fn graded(lang: Lang, size: (u16, u16)) -> Stage {
    let mut stage = Stage::with(lang, size, under_way(RECORDS_LAB));
    stage.tell(Message::Looked(Some(cluster())));
    let hosted = stage.hosted_as();
    stage.tell(Message::Verdicts(hosted, of_every_kind()));
    stage
}

#[test]
fn a_lab_that_is_not_started() {
    shows("lab-not-started", not_started);
}

#[test]
fn a_lab_that_starts_says_how_far_it_is() {
    shows("lab-starting", starting);
}

#[test]
fn a_start_that_is_called_off_says_so() {
    shows("lab-start-cancelled", |lang, size| {
        let mut stage = starting(lang, size);
        stage.press("c");
        stage
    });
}

#[test]
fn a_lab_before_its_first_verdicts() {
    shows("lab-looking", |lang, size| {
        let mut stage = Stage::with(lang, size, under_way(TOPICS_LAB));
        stage.tell(Message::Looked(Some(cluster())));
        stage
    });
}

#[test]
fn verdicts_of_every_kind() {
    shows("lab-verdicts", graded);
}

#[test]
fn every_check_has_passed() {
    shows("lab-passed", |lang, size| {
        let mut stage = Stage::with(lang, size, under_way(TOPICS_LAB));
        stage.tell(Message::Looked(Some(cluster())));
        let hosted = stage.hosted_as();
        stage.tell(Message::Verdicts(hosted, all_passed(TOPICS_LAB)));
        stage
    });
}

#[test]
fn a_lab_whose_cluster_is_gone() {
    shows("lab-gone", |lang, size| {
        let mut stage = Stage::with(lang, size, under_way(TOPICS_LAB));
        let hosted = stage.hosted_as();
        stage.tell(Message::Unhosted(hosted, Err(gone())));
        stage
    });
}

#[test]
fn a_cluster_that_does_not_answer() {
    shows("lab-silent", |lang, size| {
        let mut stage = graded(lang, size);
        stage.tell(Message::Looked(Some(silent_cluster())));
        stage.press("Tab Tab");
        stage
    });
}

#[test]
fn the_second_check_is_chosen() {
    shows("lab-checks", |lang, size| {
        let mut stage = graded(lang, size);
        stage.press("Tab j");
        stage
    });
}

#[test]
fn the_last_check_is_chosen() {
    shows("lab-last-check", |lang, size| {
        let mut stage = graded(lang, size);
        stage.press("Tab G");
        stage
    });
}

#[test]
fn a_cluster_with_several_of_everything() {
    shows("lab-cluster", |lang, size| {
        let mut stage = graded(lang, size);
        stage.tell(Message::Looked(Some(busy_cluster())));
        stage.press("Tab Tab");
        stage
    });
}

#[test]
fn the_task_stands_beside_a_cluster_with_several_of_everything() {
    shows("lab-task", |lang, size| {
        let mut stage = graded(lang, size);
        stage.tell(Message::Looked(Some(busy_cluster())));
        stage.press("j j");
        stage
    });
}
