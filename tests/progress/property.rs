//! Whatever the bytes: no panic, and never an entry that nobody wrote.

use kafka_workbook::grade::verdict::{Blocker, Finding, Verdict};
use kafka_workbook::phrase::Phrase;
use kafka_workbook::progress::{Entry, Event, Progress};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::support::{Home, events, line};

fn text() -> impl Strategy<Value = String> {
    "(?s).{0,12}"
}

fn phrase() -> impl Strategy<Value = Phrase> {
    (text(), text()).prop_map(|(en, zh)| Phrase { en, zh })
}

fn verdict() -> impl Strategy<Value = Verdict> {
    let finding = (phrase(), phrase(), phrase(), proptest::option::of(text()));
    prop_oneof![
        phrase().prop_map(|observed| Verdict::Passed { observed }),
        finding.prop_map(|(expected, observed, why, mistake)| Verdict::Failed(Finding {
            expected,
            observed,
            why,
            mistake
        })),
        (text(), phrase()).prop_map(|(id, need)| Verdict::Blocked {
            by: vec![Blocker::Check { id }, Blocker::Engine { need }]
        }),
        phrase().prop_map(|cause| Verdict::Unknown { cause }),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let of = || (text(), any::<u32>());
    prop_oneof![
        (of(), text(), btree_map(text(), text(), 0..3), text(), text()).prop_map(
            |((lab, attempt), nonce, values, engine, environment)| Event::AttemptStarted {
                lab,
                attempt,
                nonce,
                values,
                engine,
                environment
            }
        ),
        of().prop_map(|(lab, attempt)| Event::AttemptStopped { lab, attempt }),
        (of(), text(), text()).prop_map(|((lab, attempt), field, value)| Event::AnswerGiven {
            lab,
            attempt,
            field,
            value
        }),
        (of(), text(), any::<u32>(), verdict()).prop_map(
            |((lab, attempt), check, points, verdict)| Event::VerdictReached {
                lab,
                attempt,
                check,
                points,
                verdict
            }
        ),
        (of(), any::<u32>(), any::<u32>(), any::<bool>()).prop_map(
            |((lab, attempt), points, max_points, passed)| Event::Scored {
                lab,
                attempt,
                points,
                max_points,
                passed
            }
        ),
        (of(), text(), any::<u8>()).prop_map(|((lab, attempt), check, tier)| Event::HintShown {
            lab,
            attempt,
            check,
            tier
        }),
    ]
}

pub fn groups() -> impl Strategy<Value = Vec<Vec<Event>>> {
    vec(vec(event(), 1..4), 1..4)
}

fn home_with(groups: &[Vec<Event>]) -> Home {
    let home = Home::new();
    for group in groups {
        home.log().append(group).unwrap();
    }
    home
}

fn entries(home: &Home) -> Vec<Entry> {
    home.log().read().unwrap().entries
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_group_comes_back_as_it_was(groups in groups()) {
        let home = home_with(&groups);
        let reading = home.log().read().unwrap();
        prop_assert_eq!(events(&reading), groups.concat());
        prop_assert!(reading.damaged.is_empty() && !reading.torn_tail);
        let _ = Progress::fold(&reading.entries);
    }

    #[test]
    fn any_prefix_of_a_log_gives_a_prefix_of_its_groups(groups in groups(), cut in any::<prop::sample::Index>()) {
        let home = home_with(&groups);
        let (bytes, all) = (home.bytes(), entries(&home));
        let prefix = &bytes[..cut.index(bytes.len() + 1)];
        home.write(prefix);
        let reading = home.log().read().unwrap();
        prop_assert!(all.starts_with(&reading.entries));
        prop_assert!(reading.damaged.is_empty());
        let ends: Vec<usize> = (0..=groups.len()).map(|n| groups[..n].iter().map(Vec::len).sum()).collect();
        prop_assert!(ends.contains(&reading.entries.len()), "a group is not halved");
        let lines = prefix.split(|&byte| byte == b'\n').count() - 1;
        prop_assert!(reading.entries.len() >= ends[lines]);
    }

    #[test]
    fn one_flipped_bit_costs_at_most_two_groups_and_makes_up_nothing(
        groups in groups(), at in any::<prop::sample::Index>(), bit in 0..8_u8,
    ) {
        let home = home_with(&groups);
        let (mut bytes, all) = (home.bytes(), entries(&home));
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        home.write(bytes);
        let reading = home.log().read().unwrap();
        let mut rest = all.iter();
        prop_assert!(reading.entries.iter().all(|entry| rest.any(|whole| whole == entry)));
        prop_assert!(reading.entries.len() + 6 >= all.len());
        prop_assert!(reading.damaged.len() + usize::from(reading.torn_tail) >= 1);
    }

    #[test]
    fn any_bytes_are_a_log(bytes in vec(any::<u8>(), 0..400)) {
        let home = Home::new();
        home.write(&bytes);
        prop_assert_eq!(entries(&home), []);
        home.log().append(&[crate::support::answer("next")]).unwrap();
        prop_assert_eq!(entries(&home).len(), 1);
        prop_assert!(home.bytes().starts_with(&bytes));
    }

    #[test]
    fn any_bytes_between_sound_lines_leave_them_alone(bytes in vec(any::<u8>(), 0..60), groups in groups()) {
        let home = home_with(&groups);
        let sound = home.bytes();
        home.write([&sound, bytes.as_slice(), b"\n", &sound].concat());
        prop_assert_eq!(entries(&home).len(), 2 * groups.concat().len());
    }

    #[test]
    fn any_sound_line_is_read_without_panic(version in 0..3_u32, payload in "[ -~]{0,60}") {
        let home = Home::new();
        home.write(line(version, &payload));
        match home.log().read() {
            Ok(reading) => prop_assert!(version < 2 && reading.entries.is_empty()),
            Err(error) => prop_assert!(version == 2, "{}", error),
        }
    }

    #[test]
    fn any_json_is_read_without_panic(at in "[0-9TZ:.-]{0,24}", name in "[a-z-]{0,16}", attempt in any::<i64>()) {
        let home = Home::new();
        let payload = format!(r#"{{"at":"{at}","events":[{{"event":"{name}","attempt":{attempt}}}]}}"#);
        home.write(line(1, &payload));
        prop_assert!(entries(&home).is_empty());
    }
}
