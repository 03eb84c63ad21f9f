//! What a log adds up to, looked at again and again by a program that has it in view.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use kafka_workbook::phrase::Lang;
use kafka_workbook::progress::{Damage, DamagedLine, ProgressLog, Standing};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::property::groups;
use crate::support::{Home, answer, line};

/// What may happen to a log between two looks.
#[derive(Debug, Clone)]
enum Change {
    Append,
    Tear(Index),
    Flip(Index),
    Cut(Index),
    Remove,
    Nothing,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => Just(Change::Append),
        1 => any::<Index>().prop_map(Change::Tear),
        1 => any::<Index>().prop_map(Change::Flip),
        1 => any::<Index>().prop_map(Change::Cut),
        1 => Just(Change::Remove),
        1 => Just(Change::Nothing),
    ]
}

fn make(change: &Change, home: &Home) {
    let mut bytes = fs::read(home.path()).unwrap_or_default();
    match change {
        Change::Append => home.log().append(&[answer("more")]).unwrap(),
        Change::Tear(at) => {
            let line = line(1, r#"{"at":"2026-03-01T07:01:12Z","events":[]}"#);
            bytes.extend(&line.as_bytes()[..=at.index(line.len() - 1)]);
            home.write(bytes);
        }
        Change::Flip(at) if !bytes.is_empty() => {
            let at = at.index(bytes.len());
            bytes[at] ^= 1;
            home.write(bytes);
        }
        Change::Cut(at) => home.write(&bytes[..at.index(bytes.len() + 1)]),
        Change::Remove => drop(fs::remove_file(home.path())),
        Change::Flip(_) | Change::Nothing => {}
    }
}

/// Without what only the one who looked before can know.
fn of(log: &ProgressLog) -> Result<Standing, String> {
    let standing = log.standing().map_err(|error| error.to_string())?;
    Ok(Standing { rewritten: 0, ..standing })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_in_between_a_second_look_sees_what_a_first_one_would(
        groups in groups(), changes in vec(change(), 1..8),
    ) {
        let home = Home::new();
        let log = home.log();
        for group in &groups {
            log.append(group).unwrap();
        }
        for change in &changes {
            make(change, &home);
            prop_assert_eq!(of(&log), of(&home.log()));
            if let Ok(reading) = log.read() {
                prop_assert_eq!(of(&log).unwrap().progress, reading.progress());
            }
        }
    }
}

#[test]
fn only_what_another_program_has_taken_away_or_changed_is_a_rewrite() {
    let home = Home::new();
    let log = home.log();
    let rewritten = || log.standing().unwrap().rewritten;
    assert_eq!(rewritten(), 0);
    log.append(&[answer("one")]).unwrap();
    home.log().append(&[answer("two")]).unwrap();
    assert_eq!(rewritten(), 0, "two programs add to it");
    let whole = home.bytes();
    home.write([whole.as_slice(), b"1 ab12"].concat());
    assert_eq!(rewritten(), 0);
    home.log().append(&[answer("three")]).unwrap();
    assert_eq!(rewritten(), 0, "a torn write is mended");
    home.write(&whole);
    assert_eq!(rewritten(), 1);
    home.write(&whole[..whole.len() - 3]);
    assert_eq!((rewritten(), rewritten()), (2, 2));
    fs::remove_file(home.path()).unwrap();
    assert_eq!(rewritten(), 3);
}

#[test]
fn a_stamp_tells_every_change() {
    let home = Home::new();
    let log = home.log();
    let nothing = log.stamp();
    log.append(&[answer("one")]).unwrap();
    let first = log.stamp();
    assert_eq!(first, log.stamp());
    assert_ne!(first, nothing);
    home.log().append(&[answer("two")]).unwrap();
    let second = log.stamp();
    assert_ne!(first, second);
    // An edit of the same length, in the same file.
    let file = File::options().write(true).open(home.path()).unwrap();
    file.set_modified(SystemTime::now() + Duration::from_secs(7)).unwrap();
    let edited = log.stamp();
    assert_ne!(edited, second);
    // The same bytes in another file.
    let aside = home.path().with_extension("aside");
    fs::copy(home.path(), &aside).unwrap();
    fs::rename(&aside, home.path()).unwrap();
    assert_ne!(log.stamp(), edited);
    fs::remove_file(home.path()).unwrap();
    assert_eq!(log.stamp(), nothing);
}

#[test]
fn a_line_that_a_kill_cut_off_is_no_damage() {
    let home = Home::new();
    home.log().append(&[answer("kept")]).unwrap();
    home.write([home.bytes().as_slice(), b"1 ab12cd34 {\"at\":\"20"].concat());
    assert_eq!(home.log().standing().unwrap().damaged, []);
    home.log().append(&[answer("next")]).unwrap();
    let standing = home.log().standing().unwrap();
    assert_eq!(standing.damaged, []);
    assert_eq!(standing.warnings(&home.path()), []);
}

fn standing(damaged: &[(usize, Damage)]) -> Standing {
    let line = |(line, why): &(usize, Damage)| DamagedLine { line: *line, why: why.clone() };
    Standing { damaged: damaged.iter().map(line).collect(), ..Standing::default() }
}

#[test]
fn a_warning_says_which_lines_why_and_where() {
    let home = Home::new();
    let said = |standing: &Standing, lang| {
        let warnings = standing.warnings(&home.path());
        assert_eq!(warnings.len(), 1);
        let path = home.path().display().to_string();
        warnings[0].message.get(lang).replace(&path, "PATH")
    };
    let one = standing(&[(4, Damage::Checksum)]);
    assert_eq!(
        said(&one, Lang::En),
        "1 line of your progress cannot be read: 4 (changed after it was written); all others count; the file is PATH"
    );
    let many = standing(&[
        (4, Damage::Checksum),
        (7, Damage::NotALine),
        (8, Damage::NotALine),
        (9, Damage::NotALine),
        (11, Damage::NotALine),
    ]);
    assert_eq!(
        said(&many, Lang::En),
        "5 lines of your progress cannot be read: 4 (changed after it was written), 7 to 9 (not a line of progress), 11 (not a line of progress); all others count; the file is PATH"
    );
    assert_eq!(
        said(&many, Lang::Zh),
        "学习进度有 5 行无法读取：第 4 行（写入之后内容被改动过）、第 7–9 行（不是进度记录）、第 11 行（不是进度记录）；其余各行照常计入；文件是 PATH"
    );
    let no_end: Vec<_> = (0..1000).map(|line| (2 * line, Damage::NotALine)).collect();
    assert!(said(&standing(&no_end), Lang::En).contains("and 996 more places"));
    let unknown = Standing { unknown: 3, ..Standing::default() };
    assert!(said(&unknown, Lang::En).contains("3 times"));
}

#[test]
fn what_is_told_of_a_line_is_short_whatever_is_in_it() {
    let home = Home::new();
    let name = "x".repeat(100_000);
    let event = format!(r#"{{"event":"scored","lab":3,"{name}":1}}"#);
    home.write(line(1, &format!(r#"{{"at":"2026-03-01T07:01:12Z","events":[{event}]}}"#)));
    let warnings = home.log().standing().unwrap().warnings(&home.path());
    assert!(warnings[0].message.en.len() < 500, "{}", warnings[0].message.en.len());
}
