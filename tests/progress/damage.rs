//! Bytes that are not as they were written, and lines of other programs.

use kafka_workbook::problem::{Explain, Problem};
use kafka_workbook::progress::{Damage, DamagedLine, ProgressError};

use crate::support::{Home, answer, events, line};

const TORN: &[u8] = br#"1 ab12cd34 {"at":"2026-03-"#;

#[test]
fn a_torn_last_line_is_ignored_and_said() {
    let home = Home::new();
    home.log().append(&[answer("kept")]).unwrap();
    home.write([home.bytes().as_slice(), TORN].concat());
    let reading = home.log().read().unwrap();
    assert_eq!(events(&reading), [answer("kept")]);
    assert!(reading.torn_tail);
    assert_eq!(reading.damaged, []);
}

#[test]
fn torn_bytes_cannot_swallow_the_next_line() {
    let home = Home::new();
    home.log().append(&[answer("kept")]).unwrap();
    let torn = [home.bytes().as_slice(), TORN].concat();
    home.write(&torn);
    home.log().append(&[answer("next")]).unwrap();
    let reading = home.log().read().unwrap();
    assert_eq!(events(&reading), [answer("kept"), answer("next")]);
    assert_eq!(reading.damaged, [DamagedLine { line: 2, why: Damage::CutOff }]);
    assert!(!reading.torn_tail);
    assert!(home.bytes().starts_with(&torn), "nothing is overwritten");
}

#[test]
fn every_cut_of_a_line_is_told_from_a_change() {
    let home = Home::new();
    home.log().append(&[answer("a {[ \" value")]).unwrap();
    let whole = home.bytes();
    for cut in 1..whole.len() - 1 {
        home.write([&whole[..cut], b"\n", &whole].concat());
        let reading = home.log().read().unwrap();
        assert_eq!(reading.damaged, [DamagedLine { line: 1, why: Damage::CutOff }], "at {cut}");
        assert_eq!(reading.entries.len(), 1);
    }
}

#[test]
fn a_line_that_lacks_only_its_line_feed_counts_before_and_after_the_next_append() {
    let home = Home::new();
    home.log().append(&[answer("whole")]).unwrap();
    let bytes = home.bytes();
    home.write(&bytes[..bytes.len() - 1]);
    let reading = home.log().read().unwrap();
    assert_eq!((events(&reading), reading.torn_tail), (vec![answer("whole")], false));
    home.log().append(&[answer("next")]).unwrap();
    let reading = home.log().read().unwrap();
    assert_eq!(events(&reading), [answer("whole"), answer("next")]);
    assert_eq!(reading.damaged, []);
}

#[test]
fn a_changed_line_is_skipped_reported_and_left_as_it_is() {
    let home = Home::new();
    for value in ["one", "two", "three"] {
        home.log().append(&[answer(value)]).unwrap();
    }
    let changed = String::from_utf8(home.bytes()).unwrap().replace("\"two\"", "\"2wo\"");
    home.write(&changed);
    home.log().append(&[answer("four")]).unwrap();
    let reading = home.log().read().unwrap();
    assert_eq!(events(&reading), ["one", "three", "four"].map(answer));
    assert_eq!(reading.damaged, [DamagedLine { line: 2, why: Damage::Checksum }]);
    assert!(home.bytes().starts_with(changed.as_bytes()));
}

#[test]
fn what_was_never_a_line_is_skipped_and_blank_lines_are_nothing() {
    let home = Home::new();
    home.log().append(&[answer("one")]).unwrap();
    let foreign = [b"\n<<<<<<< HEAD\n\0\0\0x\n\xff\xfe\n\n".as_slice(), &home.bytes()].concat();
    home.write(foreign);
    let reading = home.log().read().unwrap();
    assert_eq!(events(&reading), [answer("one")]);
    let not_a_line = |line| DamagedLine { line, why: Damage::NotALine };
    assert_eq!(reading.damaged, [2, 3, 4].map(not_a_line));
}

fn code(result: Result<(), ProgressError>) -> &'static str {
    result.unwrap_err().problem().code
}

#[test]
fn lines_of_a_newer_program_stop_reading_and_writing() {
    let home = Home::new();
    home.log().append(&[answer("old")]).unwrap();
    let bytes = [home.bytes().as_slice(), line(2, "whatever comes").as_bytes()].concat();
    home.write(&bytes);
    assert_eq!(code(home.log().read().map(drop)), "progress-too-new");
    assert_eq!(code(home.log().append(&[answer("x")])), "progress-too-new");
    let decided = home.log().append_with(|_| Ok::<_, ProgressError>(vec![answer("x")]));
    assert_eq!(code(decided.map(drop)), "progress-too-new");
    assert_eq!(home.bytes(), bytes, "nothing is written");
}

#[test]
fn lines_that_a_newer_program_adds_later_are_seen_too() {
    let home = Home::new();
    let log = home.log();
    log.append(&[answer("old")]).unwrap();
    log.append(&[answer("old")]).unwrap();
    let bytes = [home.bytes().as_slice(), line(7, "{}").as_bytes()].concat();
    home.write(&bytes);
    let error = log.append(&[answer("x")]).unwrap_err();
    assert!(matches!(error, ProgressError::TooNew { version: 7, .. }), "{error}");
    let problem = Problem::from(error);
    assert!(problem.message.en.contains("format 7") && problem.message.zh.contains("格式 7"));
    assert_eq!(home.bytes(), bytes);
}

#[test]
fn a_log_that_got_shorter_is_looked_at_anew() {
    let home = Home::new();
    let log = home.log();
    log.append(&[answer(&"long".repeat(100))]).unwrap();
    home.write(line(2, "{}"));
    assert_eq!(code(log.append(&[answer("x")])), "progress-too-new");
}

#[test]
fn a_damaged_version_number_is_damage_and_not_a_newer_program() {
    let home = Home::new();
    home.log().append(&[answer("one")]).unwrap();
    home.log().append(&[answer("two")]).unwrap();
    let mut bytes = home.bytes();
    bytes[0] = b'3';
    home.write(bytes);
    let reading = home.log().read().unwrap();
    assert_eq!(events(&reading), [answer("two")]);
    assert_eq!(reading.damaged, [DamagedLine { line: 1, why: Damage::Checksum }]);
    home.log().append(&[answer("three")]).unwrap();
}

#[test]
fn events_of_unknown_names_are_skipped_counted_and_kept() {
    let home = Home::new();
    let payload = r#"{"at":"2026-03-01T07:01:12Z","new":1,"events":[
        {"event":"badge-earned","lab":"D01-4","badge":{"a":[1]}},
        {"event":"hint-shown","lab":"D01-4","attempt":1,"check":"c","tier":2,"new":true}]}"#;
    home.write(line(1, &payload.replace('\n', " ")));
    home.log().append(&[answer("next")]).unwrap();
    let reading = home.log().read().unwrap();
    assert_eq!((reading.entries.len(), reading.unknown), (2, 1));
    assert_eq!(reading.damaged, []);
    assert!(String::from_utf8(home.bytes()).unwrap().contains("badge-earned"));
}

#[test]
fn an_event_of_a_known_name_that_does_not_fit_is_damage() {
    let home = Home::new();
    let events = [
        r#"{"event":"scored","lab":"D01-4"}"#,
        r#"{"event":"hint-shown","lab":"l","attempt":1,"check":"c","tier":300}"#,
        r#"{"lab":"D01-4"}"#,
        "3",
    ];
    for event in events {
        home.write(line(1, &format!(r#"{{"at":"2026-03-01T07:01:12Z","events":[{event}]}}"#)));
        let reading = home.log().read().unwrap();
        assert!(
            matches!(
                &reading.damaged[..],
                [DamagedLine { line: 1, why: Damage::Misshapen { .. } }]
            ),
            "{event}: {reading:?}"
        );
    }
}

#[test]
fn a_time_that_is_none_is_damage() {
    let home = Home::new();
    home.write(line(1, r#"{"at":"yesterday","events":[]}"#));
    let reading = home.log().read().unwrap();
    assert!(matches!(reading.damaged[0].why, Damage::Misshapen { .. }));
}
