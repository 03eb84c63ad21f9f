//! Terminals of every size.

use crate::program::Home;
use crate::pty::Pty;
use crate::stage::{COMFORTABLE, EN, Numbers, ZH, at_lab, at_lesson, at_map, in_language, press};

/// What a page needs at least.
const LEAST: &str = "60×15";

#[test]
fn a_terminal_that_is_too_small_says_what_is_needed() {
    let home = Home::new();
    let mut pty = at_map(&home);
    for (columns, rows) in [(20, 5), (59, 15), (60, 14), (300, 14), (59, 100)] {
        pty.resize(columns, rows);
        pty.wait_for_all(&[LEAST, &format!("{columns}×{rows}")]);
        assert!(!pty.text().contains(EN.map), "{}", pty.show());
    }
    for (columns, rows) in [(60, 15), (80, 24), COMFORTABLE, (200, 60)] {
        pty.resize(columns, rows);
        pty.wait_until("the map", |shown| shown.contains("Foundations"));
        assert!(!pty.text().contains(LEAST), "{}", pty.show());
    }
    // The key that it shows ends it, whatever is open behind it.
    press(&mut pty, "?");
    pty.resize(20, 5);
    pty.wait_for(LEAST);
    pty.send("q");
    pty.wait_exit_with(0);
}

/// Draws at each of these sizes; then, at the first one, shows what it showed before.
fn withstands(mut pty: Pty, sizes: impl Iterator<Item = (u16, u16)>) {
    let before = pty.text();
    for (columns, rows) in sizes {
        let written = pty.raw_len();
        pty.resize(columns, rows);
        pty.wait_written(written);
    }
    pty.resize(1, 1);
    pty.resize(COMFORTABLE.0, COMFORTABLE.1);
    pty.wait_until("the whole page", |shown| shown == before);
    pty.send("q");
    pty.wait_exit_with(0);
}

/// As many sizes, no two in a row the same.
fn sizes(seed: u64, count: usize) -> impl Iterator<Item = (u16, u16)> {
    let mut numbers = Numbers(seed);
    let mut length = move |longest| u16::try_from(numbers.below(longest) + 1).unwrap();
    let mut last = COMFORTABLE;
    std::iter::repeat_with(move || (length(300), length(100)))
        .filter(move |size| std::mem::replace(&mut last, *size) != *size)
        .take(count)
}

#[test]
fn every_page_withstands_every_size() {
    let home = Home::new();
    for (number, signs) in [(1, &EN), (2, &ZH)] {
        withstands(in_language(&home, signs), sizes(number, 60));
        withstands(at_lesson(&home, signs), sizes(number + 10, 60));
        withstands(at_lab(&home, signs), sizes(number + 20, 60));
    }
    let narrow = (1..=100).rev().map(|columns| (columns, 30));
    withstands(at_lesson(&home, &ZH), narrow);
    let low = (1..=40).rev().map(|rows| (100, rows));
    withstands(at_lab(&home, &ZH), low);
}

#[test]
fn a_storm_of_sizes_passes() {
    let home = Home::new();
    for open in [in_language, at_lesson, at_lab] {
        let mut pty = open(&home, &ZH);
        let before = pty.text();
        for (columns, rows) in sizes(7, 200) {
            pty.resize(columns, rows);
        }
        pty.resize(COMFORTABLE.0, COMFORTABLE.1);
        pty.wait_until("the whole page", |shown| shown == before);
        pty.send("q");
        assert_eq!(pty.wait_exit(), 0);
    }
}
