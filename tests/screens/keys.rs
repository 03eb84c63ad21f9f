//! The table of keys.

use std::collections::BTreeSet;

use kafka_workbook::app::dialog::Dialog;
use kafka_workbook::app::keys::{Binding, action, bindings, of_page};
use kafka_workbook::app::model::Page;
use kafka_workbook::app::{Effect, Message};
use kafka_workbook::phrase::Lang;

use crate::picture::{draw, row_text, screen_text};
use crate::stage::{SIZE, SIZES, Stage, key};
use crate::story::{TOPICS_LAB, cluster, no_engine, under_way};

/// A stage for every context that has keys of its own, by name.
fn contexts() -> Vec<(&'static str, Stage)> {
    let home = Stage::new(Lang::En, SIZE);
    let after = |stage: &Stage, keys: &str| {
        let mut stage = stage.clone();
        stage.press(keys);
        stage
    };
    let mut lab = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    lab.tell(Message::Looked(Some(cluster())));
    let starting = after(&home, "Enter j j j j Enter Enter");
    let mut trouble = starting.clone();
    trouble.tell(Message::Worked(trouble.worked_on(), Err(no_engine())));
    vec![
        ("home", home.clone()),
        ("home while working", after(&starting, "Esc")),
        ("lesson", after(&home, "Enter Enter")),
        ("lab before", after(&home, "Enter j j j j Enter")),
        ("lab starting", starting),
        ("lab", lab.clone()),
        ("help", after(&home, "?")),
        ("answer", after(&lab, "a")),
        ("hint", after(&lab, "h")),
        ("confirm", after(&lab, "r")),
        ("trouble", trouble),
    ]
}

#[test]
fn no_two_bindings_of_a_context_share_a_key() {
    for (name, stage) in contexts() {
        let mut taken = BTreeSet::new();
        for binding in bindings(&stage.model) {
            for key in binding.keys {
                assert!(taken.insert(format!("{key:?}")), "{key:?} is bound twice on {name}");
            }
        }
    }
}

#[test]
fn every_key_does_what_the_screen_calls_it() {
    for (name, stage) in contexts() {
        for binding in bindings(&stage.model) {
            for shown in binding.shown.split(' ') {
                assert_eq!(
                    action(&stage.model, key(shown)),
                    Some(binding.action),
                    "{shown} on {name}"
                );
            }
        }
    }
}

#[test]
fn every_key_at_the_bottom_is_in_the_help() {
    for (name, stage) in contexts() {
        let mut help = stage.clone();
        help.model.dialog = None;
        help.press("?");
        assert!(matches!(help.model.dialog, Some(Dialog::Help(_))), "{name}");
        let text = screen_text(&draw(&help.model).buffer);
        let listed = |binding: &Binding| {
            let line = format!("│ {:<10}{} ", binding.shown, binding.words.get(Lang::En));
            text.lines().any(|shown| shown.contains(&line))
        };
        let at_bottom = of_page(&stage.model).into_iter().filter(|binding| binding.at_bottom);
        for binding in at_bottom {
            assert!(listed(binding), "{binding:?} of {name} is not in:\n{text}");
        }
    }
}

#[test]
fn the_key_that_lists_all_others_is_in_sight_at_every_size() {
    for (name, stage) in contexts().into_iter().filter(|(_, stage)| stage.model.dialog.is_none()) {
        for (columns, rows) in SIZES.into_iter().chain([(60, 15)]) {
            for lang in Lang::ALL {
                let mut stage = stage.clone();
                stage.model.lang = lang;
                stage.tell(Message::Resized(columns, rows));
                let line = row_text(&draw(&stage.model).buffer, rows - 1);
                assert!(line.contains(" ? "), "{name} at {columns}×{rows}: {line}");
            }
        }
    }
}

#[test]
fn ctrl_c_leaves_from_everywhere() {
    for (name, mut stage) in contexts().into_iter().filter(|(_, stage)| stage.model.work.is_none())
    {
        assert_eq!(stage.press("Ctrl-c"), [Effect::Quit], "{name}");
    }
}

#[test]
fn a_key_that_is_let_go_does_nothing() {
    let mut stage = Stage::new(Lang::En, SIZE);
    let mut quit = key("q");
    quit.kind = crossterm::event::KeyEventKind::Release;
    assert_eq!(stage.tell(Message::Key(quit)), []);
}

#[test]
fn where_the_terminal_is_too_small_only_leaving_works() {
    for (name, stage) in contexts().into_iter().filter(|(_, stage)| stage.model.work.is_none()) {
        let mut small = stage.clone();
        small.tell(Message::Resized(59, 15));
        let before =
            format!("{:?}{:?}{:?}", small.model.page, small.model.dialog, small.model.lang);
        for press in
            ["Enter", "Esc", "Tab", "↑", "j", "l", "?", "a", "h", "n", "r", "s", "u", "x", "y"]
        {
            assert_eq!(small.press(press), [], "{press} on {name}");
        }
        small.tell(Message::Paste("37".to_owned()));
        let after = format!("{:?}{:?}{:?}", small.model.page, small.model.dialog, small.model.lang);
        assert_eq!(before, after, "{name}");
        assert_eq!(small.press("Ctrl-z"), [Effect::Suspend], "{name}");
        let buffer = draw(&small.model).buffer;
        assert!(screen_text(&buffer).contains("q quits"));
        assert_eq!(small.press("q"), [Effect::Quit], "{name}: what the screen says");
    }
}

#[test]
fn letters_are_letters_where_something_is_typed() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    stage.press("a");
    stage.type_in("quickly? l, h & ↑");
    let Some(Dialog::Answer(answer)) = &stage.model.dialog else { panic!("closed by a letter") };
    assert_eq!(answer.input.value(), "quickly? l, h & ↑");
    assert_eq!(stage.model.lang, Lang::En);
}

#[test]
fn a_page_is_left_to_where_it_was_opened() {
    let mut stage = Stage::new(Lang::En, SIZE);
    stage.press("Enter j j j j Enter");
    assert!(matches!(&stage.model.page, Page::Lab(page) if page.id == TOPICS_LAB));
    stage.press("Esc");
    assert!(matches!(stage.model.page, Page::Home));
    assert_eq!(stage.model.home.item, Some(4), "among the items, at the lab");
}

#[test]
fn a_lab_that_goes_on_is_open_at_the_start() {
    let stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    assert!(matches!(&stage.model.page, Page::Lab(page) if page.id == TOPICS_LAB));
}

#[test]
fn the_last_lab_leads_back_to_the_course_map() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(crate::story::RECORDS_LAB));
    stage.press("n");
    assert!(matches!(stage.model.page, Page::Home));
}
