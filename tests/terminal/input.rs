//! What comes in and what goes out: floods of keys, pastes, idleness, colours.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::keys::{DOWN, END, HOME, LEFT, PAGE_DOWN, PAGE_UP, RIGHT, TAB, UP};
use crate::program::Home;
use crate::pty::{CTRL_C, ENTER, ESC, Pty};
use crate::stage::{EN, Numbers, ZH, at_lab, at_lesson, in_language, press};

/// Keys that start no cluster and do not end the program: Enter and `q r s u x` are not among them,
/// not even in a paste, whose begin is read as letters where Esc comes right before it.
const KEYS: [&str; 36] = [
    UP,
    DOWN,
    LEFT,
    RIGHT,
    HOME,
    END,
    PAGE_UP,
    PAGE_DOWN,
    TAB,
    ESC,
    "\x1b[Z",
    " ",
    "j",
    "k",
    "g",
    "G",
    "n",
    "p",
    "l",
    "?",
    "h",
    "a",
    "c",
    "y",
    "/",
    "0",
    "9",
    "中",
    "é",
    "\x7f",
    "\x0b",
    "\x1b[11~",
    "\x1b[<0;10;10M",
    "\x1b[3~",
    "\x1b[1;5C",
    "\x1b[200~中文 jk\x1b[201~",
];

#[test]
fn no_sequence_of_keys_ends_or_stops_it() {
    let home = Home::new();
    for (seed, open) in [(1, in_language as fn(&Home, &_) -> Pty), (2, at_lesson), (3, at_lab)] {
        let mut pty = open(&home, &EN);
        let mut numbers = Numbers(seed);
        for _ in 0..700 {
            pty.send(numbers.one_of(&KEYS));
        }
        pty.assert_quiet(Duration::from_millis(10));
        assert!(!pty.is_gone(), "{}", pty.show());
        let header = |shown: &str| EN.is_header(shown) || ZH.is_header(shown);
        assert!(header(&pty.text()), "{}", pty.show());
        pty.send(CTRL_C);
        pty.wait_exit_with(0);
    }
}

#[test]
fn a_paste_of_a_megabyte_is_no_keys() {
    let home = Home::new();
    for open in [in_language, at_lesson, at_lab] {
        let mut pty = open(&home, &EN);
        let before = pty.text();
        pty.send(&format!("\x1b[200~{}\x1b[201~", "q\r\x03中".repeat(1 << 17)));
        press(&mut pty, "?");
        pty.send("?");
        pty.wait_until("the page as it was", |shown| shown == before);
    }
}

#[test]
fn a_flood_of_one_key_is_worked_off() {
    let home = Home::new();
    let mut pty = at_lesson(&home, &EN);
    pty.send(&"jk".repeat(1 << 16));
    pty.send(ENTER);
    pty.send("q");
    assert_eq!(pty.wait_exit(), 0);
}

#[test]
fn an_idle_screen_writes_nothing() {
    let home = Home::new();
    for open in [in_language, at_lesson, at_lab] {
        open(&home, &EN).assert_quiet(Duration::from_secs(2));
    }
}

/// All numbers in `CSI … m` sequences.
fn looks(bytes: &[u8]) -> BTreeSet<u16> {
    let text = String::from_utf8_lossy(bytes);
    let sequences = text.split("\x1b[").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit() && !";:".contains(c))?;
        rest[end..].starts_with('m').then(|| rest[..end].to_owned())
    });
    let numbers = |sequence: String| {
        sequence.split([';', ':']).map(|n| n.parse().unwrap_or(0)).collect::<Vec<_>>()
    };
    sequences.flat_map(numbers).collect()
}

#[test]
fn colours_come_unless_no_color_is_set() {
    let colours = |home: &Home| {
        let mut seen = BTreeSet::new();
        for open in [in_language, at_lesson, at_lab] {
            let mut pty = open(home, &EN);
            press(&mut pty, "?");
            seen.extend(looks(&pty.raw()));
        }
        // 39 and 49 are the terminal's own colours.
        let is_colour = |n: &u16| matches!(n, 30..=38 | 40..=48 | 90..=97 | 100..=107);
        seen.into_iter().filter(is_colour).collect::<BTreeSet<_>>()
    };
    assert!(!colours(&Home::new()).is_empty());
    assert_eq!(colours(&Home::new().with("NO_COLOR", "1")), BTreeSet::new());
    // An empty one is not set: https://no-color.org.
    assert!(!colours(&Home::new().with("NO_COLOR", "")).is_empty());
}
