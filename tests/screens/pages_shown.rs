//! The course map and the lesson reader.

use kafka_workbook::app::Message;

use crate::picture::{draw, row_text, shows, shows_at};
use crate::stage::Stage;
use crate::story::{TOPICS_LAB, cluster, some_done, under_way};

#[test]
fn the_course_map_at_the_very_start() {
    shows("home-at-start", Stage::new);
}

#[test]
fn the_course_map_among_the_items_of_a_day() {
    shows("home-in-items", |lang, size| {
        let mut stage = Stage::with(lang, size, some_done());
        stage.tell(Message::Looked(Some(cluster())));
        stage.press("→ j j");
        stage
    });
}

#[test]
fn a_day_that_is_not_written_yet() {
    shows("home-empty-day", |lang, size| {
        let mut stage = Stage::new(lang, size);
        stage.press("j");
        stage
    });
}

#[test]
fn a_lesson_at_its_beginning() {
    shows("lesson-at-start", |lang, size| {
        let mut stage = Stage::new(lang, size);
        stage.press("Enter Enter");
        stage
    });
}

#[test]
fn a_lesson_in_the_middle() {
    shows("lesson-in-the-middle", |lang, size| {
        let mut stage = Stage::with(lang, size, some_done());
        stage.tell(Message::Looked(Some(cluster())));
        stage.press("Enter Enter n n n j j j");
        stage
    });
}

#[test]
fn a_word_on_what_was_done_takes_the_place_of_the_keys() {
    shows("notice", |lang, size| {
        let mut stage = Stage::new(lang, size);
        stage.press("Enter Enter s");
        assert!(stage.model.notice.is_some());
        stage
    });
}

#[test]
fn a_terminal_that_is_too_small_says_what_it_needs() {
    shows_at("too-small", &[(20, 5), (59, 15)], |lang, size| {
        Stage::with(lang, size, under_way(TOPICS_LAB))
    });
}

#[test]
fn the_smallest_terminal_that_is_large_enough_shows_a_page() {
    for (keys, progress) in
        [("j k", some_done()), ("Enter Enter", some_done()), ("Tab Tab", under_way(TOPICS_LAB))]
    {
        shows_at(
            &format!("least-{}", keys.replace(' ', "-").to_lowercase()),
            &[(60, 15)],
            |lang, size| {
                let mut stage = Stage::with(lang, size, progress.clone());
                stage.press(keys);
                stage
            },
        );
    }
}

#[test]
fn the_first_line_keeps_what_runs_apart_from_where_the_learner_is() {
    for lang in kafka_workbook::phrase::Lang::ALL {
        for columns in [60, 70, 80, 100] {
            let mut stage = Stage::with(lang, (columns, 24), under_way(crate::story::RECORDS_LAB));
            stage.tell(Message::Looked(Some(cluster())));
            let line = row_text(&draw(&stage.model).buffer, 0);
            let sign = line.find('●').expect("a sign of the cluster");
            assert!(line[..sign].ends_with("  "), "{line:?}");
        }
    }
}
