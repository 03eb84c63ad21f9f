//! Where the learner is stays where it is.

use kafka_workbook::app::Message;
use kafka_workbook::app::dialog::Dialog;
use kafka_workbook::app::model::Page;
use kafka_workbook::phrase::Lang;

use crate::stage::{SIZE, SIZES, Stage, course};
use crate::story::{RECORDS_LAB, TOPICS_LAB, cluster, under_way};
use crate::verdicts::of_every_kind;

/// A lesson at its section number `section`, from 0, some rows below the heading.
fn reading(size: (u16, u16), section: usize) -> Stage {
    let mut stage = Stage::new(Lang::En, size);
    stage.press("Enter Enter");
    (0..section).for_each(|_| {
        stage.press("n");
    });
    stage.press("j j");
    stage
}

fn sections() -> usize {
    course().lesson(1).expect("a lesson").sections.len()
}

#[test]
fn another_language_shows_the_same_section() {
    for section in 0..sections() {
        let mut stage = reading((80, 24), section);
        let (before, _) = stage.place();
        stage.press("l");
        assert_eq!(stage.place().0, before, "section {section} in the other language");
        stage.press("l");
        assert_eq!(stage.place().0, before, "section {section} there and back");
    }
}

#[test]
fn another_size_shows_the_same_section() {
    for section in 0..sections() {
        let mut stage = reading((80, 24), section);
        let (before, _) = stage.place();
        for (columns, rows) in [(120, 24), (100, 30), (200, 24), (60, 15), (80, 24)] {
            stage.tell(Message::Resized(columns, rows));
            assert_eq!(stage.place().0, before, "section {section} at {columns}×{rows}");
        }
    }
}

#[test]
fn a_terminal_that_was_large_for_a_moment_changes_no_place() {
    for section in 0..sections() {
        let mut stage = reading((80, 24), section);
        let before = stage.place();
        stage.tell(Message::Resized(80, 100));
        stage.tell(Message::Resized(80, 24));
        assert_eq!(stage.place(), before, "section {section}");
    }
}

#[test]
fn a_terminal_that_was_too_small_for_a_moment_changes_no_place() {
    let mut stage = reading((80, 24), 3);
    let before = stage.place();
    stage.tell(Message::Resized(20, 5));
    stage.tell(Message::Resized(80, 24));
    assert_eq!(stage.place(), before);
}

#[test]
fn a_lesson_opens_where_it_was_left() {
    let mut stage = reading(SIZE, 3);
    let before = stage.place();
    stage.press("Esc");
    assert!(matches!(stage.model.page, Page::Home));
    stage.press("Enter");
    assert_eq!(stage.place(), before);
}

#[test]
fn addresses_that_change_move_nothing() {
    let mut stage = reading((80, 24), 3);
    let before = stage.place();
    stage.tell(Message::Looked(Some(cluster())));
    assert_eq!(stage.place(), before);
}

#[test]
fn verdicts_that_come_move_neither_task_nor_choice() {
    let mut stage = Stage::with(Lang::En, (80, 24), under_way(RECORDS_LAB));
    stage.press("PgDn Tab j j");
    let at = |stage: &Stage| match &stage.model.page {
        Page::Lab(page) => (page.pane, page.check, page.task.top()),
        other => panic!("no lab is open: {other:?}"),
    };
    let before = at(&stage);
    stage.tell(Message::Verdicts(stage.hosted_as(), of_every_kind()));
    stage.tell(Message::Looked(Some(cluster())));
    assert_eq!(at(&stage), before);
}

#[test]
fn the_chosen_check_is_in_sight_at_every_size() {
    for size in SIZES.into_iter().chain([(60, 15)]) {
        let mut stage = Stage::with(Lang::En, size, under_way(RECORDS_LAB));
        stage.tell(Message::Verdicts(stage.hosted_as(), of_every_kind()));
        stage.press("Tab");
        for check in 0..6 {
            let Page::Lab(page) = &stage.model.page else { panic!("no lab is open") };
            assert_eq!(page.check, check);
            let marks = |text: &str| text.starts_with('▸');
            let seen = page
                .checks
                .seen()
                .iter()
                .filter(|row| row.pieces.iter().any(|piece| marks(&piece.text)));
            assert_eq!(seen.count(), 1, "check {check} at {size:?}");
            stage.press("j");
        }
    }
}

#[test]
fn what_is_typed_stays_when_the_terminal_changes() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    stage.press("a");
    stage.type_in("分区 37");
    for (columns, rows) in [(60, 15), (20, 5), (200, 60)] {
        stage.tell(Message::Resized(columns, rows));
    }
    let Some(Dialog::Answer(answer)) = &stage.model.dialog else { panic!("closed") };
    assert_eq!((answer.input.value(), answer.input.cursor()), ("分区 37", 5));
}

/// No key switches the language while something is typed; the model may be switched all the same.
#[test]
fn what_is_typed_stays_when_the_language_changes() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    stage.press("a");
    stage.type_in("37");
    stage.model.lang = Lang::Zh;
    stage.tell(Message::Second);
    let Some(Dialog::Answer(answer)) = &stage.model.dialog else { panic!("closed") };
    assert_eq!(answer.input.value(), "37");
}
