//! What is appended is read back.

use kafka_workbook::progress::{Event, ProgressError, Reading};

use crate::support::{Home, answer, events, started};

#[test]
fn what_was_appended_is_read_back_in_order() {
    let home = Home::new();
    let all = [started("D01-4", 1), answer("first"), answer("second")];
    home.log().append(&all[..2]).unwrap();
    home.log().append(&all[2..]).unwrap();
    let reading = home.log().read().unwrap();
    assert_eq!(events(&reading), all);
    assert!(reading.damaged.is_empty() && !reading.torn_tail && reading.unknown == 0);
}

#[test]
fn the_file_format_is_the_one_that_earlier_programs_wrote() {
    let home = Home::new();
    let written = concat!(
        r#"1 7cc7d15b {"at":"2026-03-01T07:01:12.5Z","events":[{"event":"answer-given","#,
        r#""lab":"D01-4","attempt":1,"field":"error","value":"REPLICATION"}]}"#,
        "\n"
    );
    home.write(written);
    let reading = home.log().read().unwrap();
    assert_eq!(reading.damaged, []);
    assert_eq!(events(&reading), [answer("REPLICATION")]);
    assert_eq!(reading.entries[0].at.to_string(), "2026-03-01T07:01:12.5Z");
}

#[test]
fn a_log_that_is_not_there_says_nothing_and_is_not_made_by_reading() {
    let home = Home::new();
    assert_eq!(home.log().read().unwrap(), Reading::default());
    assert!(!home.path().exists());
}

#[test]
fn the_first_append_makes_the_home() {
    let home = Home::new();
    let path = home.path().with_file_name("a").join("b").join("progress.log");
    let log = kafka_workbook::progress::ProgressLog::at(&path);
    log.append(&[answer("x")]).unwrap();
    assert_eq!(events(&log.read().unwrap()), [answer("x")]);
}

#[test]
fn a_group_is_one_line_so_that_no_crash_can_halve_it() {
    let home = Home::new();
    home.log().append(&[answer("a"), answer("b\nc"), answer("d")]).unwrap();
    assert_eq!(String::from_utf8(home.bytes()).unwrap().lines().count(), 1);
    assert_eq!(home.log().read().unwrap().entries.len(), 3);
}

#[test]
fn no_events_touch_nothing() {
    let home = Home::new();
    home.log().append(&[]).unwrap();
    assert!(!home.path().exists());
}

#[test]
fn values_may_hold_anything() {
    let home = Home::new();
    let hostile = ["\n", "\r\n1 00000000 {}\n", "\u{0}\u{1b}[2J\u{7f}", "\"}]}", "\\", "完成 🎉"];
    let all: Vec<Event> = hostile.into_iter().map(answer).collect();
    home.log().append(&all).unwrap();
    for event in &all {
        home.log().append(std::slice::from_ref(event)).unwrap();
    }
    let reading = home.log().read().unwrap();
    assert_eq!(events(&reading), [all.clone(), all].concat());
    assert_eq!(reading.damaged, []);
}

#[test]
fn a_decision_sees_what_is_there_and_is_returned_as_recorded() {
    let home = Home::new();
    home.log().append(&[started("D01-4", 1)]).unwrap();
    let recorded = home
        .log()
        .append_with::<ProgressError>(|progress| {
            Ok(vec![started("D01-4", progress.next_attempt("D01-4"))])
        })
        .unwrap();
    assert_eq!(recorded[0].event, started("D01-4", 2));
    assert_eq!(home.log().read().unwrap().entries.last(), recorded.last());
}

#[test]
fn a_decision_that_fails_records_nothing() {
    let home = Home::new();
    home.log().append(&[answer("x")]).unwrap();
    let before = home.bytes();
    let refused =
        home.log().append_with(|_| Err(ProgressError::NotAFile { path: "decided".into() }));
    assert!(matches!(refused, Err(ProgressError::NotAFile { path }) if path.ends_with("decided")));
    assert_eq!(home.bytes(), before);
}
