//! From page to page, and from language to language.

use crate::keys::{DOWN, END, LEFT, PAGE_DOWN, RIGHT, TAB, UP};
use crate::program::{Home, program};
use crate::pty::{ENTER, ESC, Pty};
use crate::stage::{COMFORTABLE, EN, ZH, at_lab, at_lesson, at_map, in_language, press};

#[test]
fn the_first_page_shows_the_course_in_either_language() {
    let home = Home::new();
    for signs in [EN, ZH] {
        let pty = in_language(&home, &signs);
        let day = if signs.lang == "en" { "Foundations" } else { "核心概念" };
        for text in ["Kafka Workbook", day, "D01-4"] {
            assert!(pty.text().contains(text), "{text}\n{}", pty.show());
        }
    }
    let home = Home::new().with("KAFKA_WORKBOOK_LANG", "zh");
    let mut pty = Pty::open(&home.command(program(), &[]), COMFORTABLE.0, COMFORTABLE.1);
    ZH.wait_for_map(&mut pty);
}

#[test]
fn the_language_changes_by_a_key_on_every_page_and_back() {
    let home = Home::new();
    let mut map = at_map(&home);
    let before = press(&mut map, "l");
    ZH.wait_for_map(&mut map);
    map.send("l");
    map.wait_until("what it was", |shown| shown == before);
    for open in [at_lesson, at_lab] {
        let mut pty = open(&home, &EN);
        let before = press(&mut pty, "l");
        pty.wait_until("a Chinese page", |shown| ZH.is_header(shown));
        pty.send("l");
        pty.wait_until("what it was", |shown| shown == before);
    }
    // The lesson is at its heading in the other language too.
    let mut lesson = at_lesson(&home, &EN);
    lesson.send("l");
    ZH.wait_for_lesson(&mut lesson);
    let mut lab = at_lab(&home, &ZH);
    lab.send("l");
    EN.wait_for_lab(&mut lab);
}

#[test]
fn a_learner_walks_into_the_lesson_and_the_labs_and_back() {
    let home = Home::new();
    let mut pty = at_map(&home);
    for into in [RIGHT, ENTER, TAB] {
        let before = press(&mut pty, into);
        pty.send(LEFT);
        pty.wait_until("the days again", |shown| shown == before);
    }
    press(&mut pty, RIGHT);
    press(&mut pty, ENTER);
    EN.wait_for_lesson(&mut pty);
    let first = pty.text();
    press(&mut pty, "n");
    pty.send("p");
    pty.wait_until("the first section", |shown| shown == first);
    for (there, back) in [("j", "k"), (DOWN, UP), (" ", "g"), (PAGE_DOWN, "\x1b[5~")] {
        press(&mut pty, there);
        pty.send(back);
        pty.wait_until("the beginning", |shown| shown == first);
    }
    press(&mut pty, END);
    let last = pty.text();
    press(&mut pty, "g");
    pty.send("G");
    pty.wait_until("the end", |shown| shown == last);
    pty.send(ESC);
    EN.wait_for_map(&mut pty);
    // Among the items still: the lab lies below.
    for _ in 0..4 {
        press(&mut pty, DOWN);
    }
    press(&mut pty, ENTER);
    EN.wait_for_lab(&mut pty);
    press(&mut pty, "n");
    pty.wait_for("D01-5 A hundred messages");
    pty.send(ESC);
    EN.wait_for_map(&mut pty);
    press(&mut pty, LEFT);
    press(&mut pty, DOWN);
    pty.wait_for("Between the send call and the log");
    press(&mut pty, "k");
    pty.wait_for("what a log is and who reads it");
}

#[test]
fn help_opens_and_closes_by_two_keys_on_every_page() {
    let home = Home::new();
    for open in [in_language, at_lesson, at_lab] {
        let mut pty = open(&home, &EN);
        for close in ["?", ESC] {
            let before = press(&mut pty, "?");
            pty.send(close);
            pty.wait_until("the page as it was", |shown| shown == before);
        }
        // Help is in the learner's language, whenever that changes.
        press(&mut pty, "?");
        press(&mut pty, "l");
        press(&mut pty, ESC);
        assert!(ZH.is_header(&pty.text()), "{}", pty.show());
    }
}
