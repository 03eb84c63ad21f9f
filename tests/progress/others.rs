//! What editors, power cuts and sync tools make of a log.

use std::fs;

use kafka_workbook::progress::{Event, ProgressError, Reading};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{Home, answer, events, started};

fn three_answers() -> Home {
    let home = Home::new();
    for value in ["one", "two", "three"] {
        home.log().append(&[answer(value)]).unwrap();
    }
    home
}

fn all_there(reading: &Reading, expected: &[&str]) {
    let expected: Vec<Event> = expected.iter().map(|value| answer(value)).collect();
    assert_eq!(events(reading), expected);
    assert_eq!(reading.damaged, []);
}

#[test]
fn an_editor_that_writes_crlf_and_a_byte_order_mark_changes_nothing() {
    let home = three_answers();
    let text = String::from_utf8(home.bytes()).unwrap();
    for edited in
        [text.replace('\n', "\r\n"), format!("\u{feff}{text}"), text.replacen('\n', "\r\n", 2)]
    {
        home.write(&edited);
        all_there(&home.log().read().unwrap(), &["one", "two", "three"]);
        home.log().append(&[answer("four")]).unwrap();
        all_there(&home.log().read().unwrap(), &["one", "two", "three", "four"]);
        assert!(home.bytes().starts_with(edited.as_bytes()), "it stays as the editor left it");
    }
}

/// ext4 and others may grow a file before its bytes are there: after a power cut the end of what was
/// never acknowledged is zeros.
#[test]
fn a_tail_of_zeros_is_a_write_that_was_never_acknowledged() {
    let home = three_answers();
    let whole = home.bytes();
    let begun = br#"1 ab12cd34 {"at":"2026-03-"#;
    for tail in [&[0; 4096][..], &[begun.as_slice(), &[0; 99]].concat()] {
        home.write([&whole, tail].concat());
        all_there(&home.log().read().unwrap(), &["one", "two", "three"]);
        home.log().append(&[answer("four")]).unwrap();
        let reading = home.log().read().unwrap();
        assert_eq!(reading.entries.len(), 4);
        assert_eq!(home.log().standing().unwrap().damaged, [], "and no reason to be alarmed");
    }
}

#[test]
fn zeros_in_the_place_of_what_was_acknowledged_are_damage() {
    let home = three_answers();
    let mut bytes = home.bytes();
    let middle = bytes.len() / 3 + 20..bytes.len() / 2;
    bytes[middle].fill(0);
    home.write(bytes);
    let standing = home.log().standing().unwrap();
    assert_eq!(standing.damaged.iter().map(|line| line.line).collect::<Vec<_>>(), [2]);
}

/// A kill or a power cut in the write that mends what the one before has torn.
#[test]
fn a_crash_at_any_byte_of_a_mend_costs_nothing_that_was_acknowledged() {
    let home = Home::new();
    home.log().append(&[answer("kept")]).unwrap();
    let torn = [home.bytes().as_slice(), br#"1 ab12cd34 {"at":"2026-03-"#].concat();
    home.write(&torn);
    home.log().append(&[answer("mends")]).unwrap();
    let whole = home.bytes();
    for cut in torn.len()..=whole.len() {
        home.write(&whole[..cut]);
        home.log().append(&[answer("next")]).unwrap();
        let all = ["kept", "mends", "next"].map(answer);
        // All of the line but its end is the line.
        let expected =
            if cut + 1 < whole.len() { vec![all[0].clone(), all[2].clone()] } else { all.into() };
        assert_eq!(events(&home.log().read().unwrap()), expected, "at {cut} of {}", whole.len());
        assert_eq!(home.log().standing().unwrap().damaged, []);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_log_that_a_sync_tool_has_doubled_adds_up_to_the_same(life in vec(event_of_a_life(), 1..30)) {
        let home = Home::new();
        let log = home.log();
        log.append(&life[..1]).unwrap();
        log.append(&life[1..]).unwrap();
        let once = log.standing().unwrap().progress;
        home.write(home.bytes().repeat(2));
        prop_assert_eq!(home.log().standing().unwrap().progress, once);
    }
}

/// Of few labs, attempts and values, so that they meet.
fn event_of_a_life() -> impl Strategy<Value = Event> {
    let lab = prop_oneof![Just("D01-4".to_owned()), Just("D01-5".to_owned())];
    (lab, 1..4_u32, 0..5_u8, 1..4_u32).prop_map(|(lab, attempt, what, number)| match what {
        0 => started(&lab, attempt),
        1 => Event::AttemptStopped { lab, attempt },
        2 => Event::AnswerGiven { lab, attempt, field: "error".into(), value: number.to_string() },
        3 => {
            let (points, max_points) = (number, 3 + number % 2);
            Event::Scored { lab, attempt, points, max_points, passed: points == max_points }
        }
        _ => Event::HintShown { lab, attempt, check: "grown".into(), tier: 2 },
    })
}

/// An editor saves a file by renaming another one over it, and asks for no lock.
#[test]
fn what_is_appended_while_the_log_is_replaced_is_in_the_new_one() {
    let home = three_answers();
    let aside = home.path().with_extension("aside");
    let replace_or = |remove: bool| {
        if remove {
            fs::remove_dir_all(home.path().parent().unwrap()).unwrap();
        } else {
            fs::copy(home.path(), &aside).unwrap();
            fs::rename(&aside, home.path()).unwrap();
        }
    };
    for (remove, expected) in [(false, 4), (true, 1)] {
        let decide = |_: &_| {
            replace_or(remove);
            Ok::<_, ProgressError>(vec![answer("in between")])
        };
        home.log().append_with(decide).unwrap();
        let reading = home.log().read().unwrap();
        assert_eq!(reading.entries.len(), expected);
        assert_eq!(reading.entries.last().map(|e| &e.event), Some(&answer("in between")));
    }
}

/// The same program has it open all the while, and has written to it before.
#[test]
fn a_log_that_is_replaced_by_one_of_the_same_length_swallows_nothing() {
    let home = Home::new();
    let log = home.log();
    log.append(&[started("D01-4", 1)]).unwrap();
    log.append(&[answer("one")]).unwrap();
    let mut bytes = home.bytes();
    *bytes.last_mut().unwrap() = b' ';
    home.write(&bytes);
    log.append(&[answer("two")]).unwrap();
    assert!(events(&log.read().unwrap()).contains(&answer("two")));
}
