//! What is to be found in a log after programs that appended numbered groups were killed.

use std::collections::BTreeMap;

use kafka_workbook::progress::{Damage, Event, ProgressLog, Reading};

use crate::child;
use crate::moment::Moment;
use crate::support::Home;

/// A program that was killed: when, and what it had acknowledged.
#[derive(Debug, Clone, Copy)]
pub struct Killed {
    pub moment: Moment,
    /// The number of the last group.
    pub acknowledged: u32,
}

/// Every program's groups are there from 1 to the last acknowledged, whole and in order; at most
/// one more, which it was killed before it could acknowledge. Only cut-off lines are unreadable.
/// Returns the last group of each program.
pub fn look(reading: &Reading, killed: &BTreeMap<u32, Killed>, torn: usize) -> BTreeMap<u32, u32> {
    let strange = reading.damaged.iter().find(|damaged| damaged.why != Damage::CutOff);
    assert_eq!(strange, None);
    let cut_off = cut_off(reading);
    assert!((torn..=torn + killed.len()).contains(&cut_off), "{cut_off} cut off, {torn} torn");
    let recorded = recorded(reading);
    for (id, Killed { acknowledged, .. }) in killed {
        let recorded = recorded.get(id).copied().unwrap_or_default();
        assert!(
            recorded == *acknowledged || recorded == acknowledged + 1,
            "program {id}: {acknowledged} acknowledged, {recorded} recorded"
        );
    }
    let strangers = recorded.keys().find(|id| !killed.contains_key(id));
    assert_eq!(strangers, None);
    recorded
}

/// Lines of which only the beginning is there.
pub fn cut_off(reading: &Reading) -> usize {
    reading.damaged.len() + usize::from(reading.torn_tail)
}

/// The number of the last group of each program, having seen that its groups are whole, without
/// gaps and in order.
fn recorded(reading: &Reading) -> BTreeMap<u32, u32> {
    let mut last = BTreeMap::new();
    let mut open: Option<(u32, u32, u32)> = None;
    for entry in &reading.entries {
        let Event::AnswerGiven { attempt: id, field, .. } = &entry.event else {
            panic!("nobody wrote {entry:?}")
        };
        let [number, part, parts] = parsed(field);
        let expected = open.take().unwrap_or((*id, last.get(id).map_or(1, |last| last + 1), 1));
        assert_eq!((*id, number, part), expected);
        if part == parts {
            last.insert(*id, number);
        } else {
            open = Some((*id, number, part + 1));
        }
    }
    assert_eq!(open, None, "a group is not halved");
    last
}

fn parsed(field: &str) -> [u32; 3] {
    let numbers: Vec<u32> = field.split(' ').map(|number| number.parse().unwrap()).collect();
    numbers.try_into().unwrap()
}

#[test]
fn a_look_sees_a_group_that_is_missing() {
    let home = Home::new();
    let part = |number, part| Event::AnswerGiven {
        lab: child::LAB.into(),
        attempt: 1,
        field: format!("{number} {part} 2"),
        value: String::new(),
    };
    let log: ProgressLog = home.log();
    log.append(&[part(1, 1), part(1, 2)]).unwrap();
    let looks = |acknowledged| {
        let reading = log.read().unwrap();
        let killed = [(1, Killed { moment: Moment::AnyTime, acknowledged })].into();
        std::panic::catch_unwind(|| look(&reading, &killed, 0)).is_ok()
    };
    assert_eq!([0, 1, 2].map(looks), [true, true, false]);
    log.append(&[part(2, 1)]).unwrap();
    assert!(!looks(1), "half a group");
}
