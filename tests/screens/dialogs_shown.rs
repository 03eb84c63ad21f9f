//! Dialogs.

use kafka_workbook::app::Message;
use kafka_workbook::lab::hint::Hint;
use kafka_workbook::phrase::{Lang, Phrase};

use crate::choices;
use crate::picture::{draw, row_text, screen_text, shows, shows_at};
use crate::stage::Stage;
use crate::story::{
    RECORDS_LAB, TOPICS_LAB, answered, closed, cluster, hinted, no_engine, progress, started,
    under_way,
};

fn at_lab(lang: Lang, size: (u16, u16)) -> Stage {
    let mut stage = Stage::with(lang, size, under_way(TOPICS_LAB));
    stage.tell(Message::Looked(Some(cluster())));
    stage
}

fn of_choices(lang: Lang, size: (u16, u16)) -> Stage {
    let events = [started(choices::LAB, 1), answered(choices::LAB, "leader", "broker")];
    Stage::of(choices::course(), lang, size, progress(&events))
}

#[test]
fn an_answer_before_anything_is_typed() {
    shows("answer-empty", |lang, size| {
        let mut stage = at_lab(lang, size);
        stage.press("a");
        stage
    });
}

#[test]
fn an_answer_with_wide_characters() {
    shows("answer-typed", |lang, size| {
        let mut stage = at_lab(lang, size);
        stage.press("a");
        stage.type_in("分区数无效 INVALID_PARTITIONS");
        stage
    });
}

#[test]
fn an_answer_that_is_refused_stays_as_it_was_typed() {
    shows("answer-refused", |lang, size| {
        let mut stage = at_lab(lang, size);
        stage.press("a");
        stage.type_in("INVALID_PARTITIONS");
        stage.press("Enter");
        let sent = stage.answered_as();
        stage.tell(Message::Answered(sent, Err(closed())));
        stage
    });
}

#[test]
fn the_first_of_two_fields_has_choices() {
    shows("answer-choices", |lang, size| {
        let mut stage = of_choices(lang, size);
        stage.press("a Tab ↓");
        stage
    });
}

#[test]
fn the_second_of_two_fields_is_typed() {
    shows("answer-second-field", |lang, size| {
        let mut stage = of_choices(lang, size);
        stage.press("a");
        stage.type_in("37");
        stage
    });
}

/// What is typed must be seen, however long the text above it is.
#[test]
fn the_line_that_is_typed_is_in_sight_on_the_smallest_terminal() {
    shows_at("answer-least", &[(60, 15)], |lang, size| {
        let mut stage = Stage::with(lang, size, under_way(RECORDS_LAB));
        stage.press("a");
        stage.type_in("31,12,18,22,17");
        let picture = draw(&stage.model);
        let cursor = picture.cursor.expect("a cursor");
        let line = row_text(&picture.buffer, cursor.y);
        assert!(line.contains("> 31,12,18,22,17"), "{}", screen_text(&picture.buffer));
        stage
    });
}

#[test]
fn the_first_hint() {
    shows("hint-first", |lang, size| {
        let mut stage = at_lab(lang, size);
        stage.press("h");
        let asked = stage.hint_as();
        stage.tell(Message::Progressed(progress(&[
            started(TOPICS_LAB, 1),
            hinted(TOPICS_LAB, "partitions", 1),
        ])));
        stage.tell(Message::Hinted(asked, Ok(Some(hint("partitions", 1)))));
        stage
    });
}

#[test]
fn all_three_hints() {
    shows("hint-all", |lang, size| {
        let events = [started(TOPICS_LAB, 1), hinted(TOPICS_LAB, "partitions", 3)];
        let mut stage = Stage::with(lang, size, progress(&events));
        stage.tell(Message::Looked(Some(cluster())));
        stage.press("h");
        stage
    });
}

#[test]
fn a_new_start_is_asked_for_twice() {
    shows("confirm-reset", |lang, size| {
        let mut stage = at_lab(lang, size);
        stage.press("r");
        stage
    });
}

#[test]
fn so_is_an_end() {
    shows("confirm-stop", |lang, size| {
        let mut stage = at_lab(lang, size);
        stage.press("x");
        stage
    });
}

#[test]
fn what_could_not_be_done_is_told_with_the_next_step() {
    shows("trouble", |lang, size| {
        let mut stage = Stage::new(lang, size);
        stage.press("Enter j j j j Enter Enter");
        let work = stage.worked_on();
        stage.tell(Message::Worked(work, Err(no_engine())));
        stage
    });
}

#[test]
fn all_keys_of_the_course_map() {
    shows("help-home", |lang, size| {
        let mut stage = Stage::new(lang, size);
        stage.press("?");
        stage
    });
}

#[test]
fn all_keys_of_a_lab() {
    shows("help-lab", |lang, size| {
        let mut stage = at_lab(lang, size);
        stage.press("?");
        stage
    });
}

fn hint(check: &str, tier: u8) -> Hint {
    Hint { check: check.to_owned(), tier, text: Phrase::same("-") }
}
