//! What a picture of text cannot show: colours, and what is left without them.

use std::collections::BTreeSet;

use kafka_workbook::app::Message;
use kafka_workbook::app::model::Page;
use kafka_workbook::app::panes::checks;
use kafka_workbook::phrase::Lang;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use crate::picture::{draw, draw_on, row_text};
use crate::stage::{SIZE, SIZES, Stage};
use crate::story::{RECORDS_LAB, TOPICS_LAB, busy_cluster, gone, no_engine, steps, under_way};
use crate::verdicts::of_every_kind;

/// Pages and dialogs that between them have every tone.
fn gallery(lang: Lang, size: (u16, u16)) -> Vec<Stage> {
    let home = Stage::new(lang, size);
    let mut lesson = home.clone();
    lesson.press("Enter Enter n n");
    let mut starting = home.clone();
    starting.press("Enter j j j j Enter Enter");
    let work = starting.worked_on();
    for step in steps() {
        starting.tell(Message::Step(work, step));
    }
    let mut lab = Stage::with(lang, size, under_way(RECORDS_LAB));
    lab.tell(Message::Looked(Some(busy_cluster())));
    lab.tell(Message::Verdicts(lab.hosted_as(), of_every_kind()));
    let mut stages = vec![home, lesson, starting.clone(), lab.clone()];
    for keys in ["Tab j", "Tab Tab", "a", "h", "r", "x", "?", "n"] {
        let mut stage = lab.clone();
        stage.press(keys);
        stages.push(stage);
    }
    let mut trouble = starting;
    trouble.tell(Message::Worked(work, Err(no_engine())));
    let mut lost = Stage::with(lang, size, under_way(TOPICS_LAB));
    lost.tell(Message::Unhosted(lost.hosted_as(), Err(gone())));
    stages.extend([trouble, lost]);
    stages
}

#[test]
fn without_colour_no_cell_has_any() {
    for (lang, size) in Lang::ALL.into_iter().zip(SIZES) {
        for mut stage in gallery(lang, size) {
            stage.model.colour = false;
            let buffer = draw(&stage.model).buffer;
            for cell in &buffer.content {
                assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset), "{cell:?}");
            }
        }
    }
}

#[test]
fn colours_are_those_that_every_terminal_has_and_never_a_background() {
    let sixteen =
        [Color::Reset, Color::Green, Color::Red, Color::Yellow, Color::Cyan, Color::Magenta];
    let mut seen = BTreeSet::new();
    for stage in gallery(Lang::En, SIZE) {
        for cell in &draw(&stage.model).buffer.content {
            assert!(sixteen.contains(&cell.fg) && cell.bg == Color::Reset, "{cell:?}");
            seen.insert(cell.fg.to_string());
        }
    }
    assert!(seen.len() > 3, "the gallery has colours: {seen:?}");
}

#[test]
fn colour_changes_no_character() {
    for stage in gallery(Lang::Zh, SIZE) {
        let mut plain = stage.clone();
        plain.model.colour = false;
        let symbols = |buffer: &Buffer| -> Vec<String> {
            buffer.content.iter().map(|cell| cell.symbol().to_owned()).collect()
        };
        assert_eq!(symbols(&draw(&stage.model).buffer), symbols(&draw(&plain.model).buffer));
    }
}

/// Passed, failed, blocked and unknown, told apart by somebody who sees no colour.
#[test]
fn verdicts_differ_by_more_than_colour() {
    let mut stage = Stage::with(Lang::En, SIZES[2], under_way(RECORDS_LAB));
    stage.tell(Message::Verdicts(stage.hosted_as(), of_every_kind()));
    stage.model.colour = false;
    let Page::Lab(page) = &stage.model.page else { panic!("no lab is open") };
    let lab = stage.model.lab().expect("a lab");
    let (rows, starts) = checks::rows(&stage.model, lab, page, 80, false);
    // Sign and title; points stand further to the right.
    let text = |start: &usize| -> String {
        rows[*start].pieces[1..3].iter().map(|piece| piece.text.as_str()).collect()
    };
    let heads: Vec<String> = starts.iter().map(text).collect();
    let signs: BTreeSet<char> = heads.iter().filter_map(|head| head.chars().next()).collect();
    assert_eq!(signs, BTreeSet::from(['✓', '✗', '⋯', '?']));
    let buffer = draw(&stage.model).buffer;
    let screen: Vec<String> = buffer.area.rows().map(|row| row_text(&buffer, row.y)).collect();
    assert!(heads.iter().all(|head| screen.iter().any(|row| row.contains(head))), "{heads:#?}");
}

/// Which pane the learner is in, told by more than colour.
#[test]
fn the_pane_where_the_learner_is_is_bold_without_colour_too() {
    let mut stage = Stage::with(Lang::En, SIZES[2], under_way(RECORDS_LAB));
    stage.model.colour = false;
    let bold = |stage: &Stage| -> Vec<bool> {
        let buffer = draw(&stage.model).buffer;
        let corners = buffer.content.iter().filter(|cell| cell.symbol() == "╭");
        corners.map(|cell| cell.modifier.contains(Modifier::BOLD)).collect()
    };
    assert_eq!(bold(&stage), [true, false, false]);
    stage.press("Tab");
    assert_eq!(bold(&stage), [false, true, false]);
}

/// The terminal may have become another one before the model hears of it.
#[test]
fn a_frame_fits_a_terminal_of_another_size_than_the_model_knows() {
    for size in [(200, 60), (80, 24), (60, 15)] {
        for stage in gallery(Lang::Zh, size) {
            for other in [(1, 1), (3, 2), (20, 5), (61, 14), (79, 23), (250, 70)] {
                draw_on(&stage.model, other);
            }
        }
    }
}
