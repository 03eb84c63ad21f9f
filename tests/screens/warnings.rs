//! What of the progress cannot be read, on the course map.

use kafka_workbook::app::Message;
use kafka_workbook::app::dialog::Dialog;
use kafka_workbook::phrase::Lang;

use crate::picture::{draw, row_text, screen_text, shows, shows_at};
use crate::stage::{SIZE, Stage};
use crate::story::{TOPICS_LAB, damaged_lines, some_done, under_way};

fn warned(lang: Lang, size: (u16, u16)) -> Stage {
    let mut stage = Stage::with(lang, size, some_done());
    stage.tell(Message::Warned(damaged_lines()));
    stage
}

#[test]
fn the_course_map_with_lines_that_cannot_be_read() {
    shows("home-warned", warned);
    shows_at("home-warned-least", &[(60, 15)], warned);
}

#[test]
fn all_of_a_warning() {
    shows("warning", |lang, size| {
        let mut stage = warned(lang, size);
        stage.press("w");
        stage
    });
}

#[test]
fn a_warning_comes_and_goes_with_its_reason_and_takes_no_key() {
    let mut stage = Stage::with(Lang::En, SIZE, some_done());
    let before = screen_text(&draw(&stage.model).buffer);
    stage.press("w");
    assert!(stage.model.dialog.is_none(), "there is nothing to be shown");
    stage.tell(Message::Warned(damaged_lines()));
    assert!(stage.model.dialog.is_none(), "nothing comes in front of the page by itself");
    assert!(row_text(&draw(&stage.model).buffer, 38).starts_with(" ! 3 lines of your progress"));
    stage.tell(Message::Warned(Vec::new()));
    assert_eq!(screen_text(&draw(&stage.model).buffer), before);
}

#[test]
fn several_warnings_are_shown_one_after_the_other() {
    let mut stage = warned(Lang::En, SIZE);
    stage.tell(Message::Warned([damaged_lines(), damaged_lines()].concat()));
    stage.press("w");
    assert!(matches!(stage.model.dialog, Some(Dialog::Trouble(_))));
    stage.press("Esc");
    assert!(matches!(stage.model.dialog, Some(Dialog::Trouble(_))));
    stage.press("Esc");
    assert!(stage.model.dialog.is_none());
}

#[test]
fn a_lab_is_worked_on_without_it() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    let before = screen_text(&draw(&stage.model).buffer);
    stage.tell(Message::Warned(damaged_lines()));
    assert_eq!(screen_text(&draw(&stage.model).buffer), before);
}
