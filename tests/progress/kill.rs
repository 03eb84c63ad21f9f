//! SIGKILL at any moment loses nothing that was acknowledged.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Child, ChildStdout};

use kafka_workbook::progress::{Damage, Event, ProgressLog, Reading};

use crate::child;
use crate::support::{Home, Random, line};

const KILLS: usize = 1000;
const KILLS_BETWEEN_LOOKS: usize = 50;

/// The seed of this run; `PROGRESS_KILL_SEED` sets another.
fn seed() -> u64 {
    let given = std::env::var("PROGRESS_KILL_SEED").ok();
    given.map_or(0x5EED, |seed| seed.parse().unwrap())
}

#[test]
fn a_thousand_kills_lose_nothing_that_was_acknowledged() {
    let seed = seed();
    println!("PROGRESS_KILL_SEED={seed}");
    let mut random = Random::seeded(seed);
    let home = Home::new();
    let mut acknowledged = BTreeMap::new();
    let mut looked_at = 0;
    let mut torn = 0;
    while acknowledged.len() < KILLS {
        kill_some(&home.path(), &mut random, &mut acknowledged);
        torn += tear(&home.path(), &mut random);
        if acknowledged.len() >= looked_at + KILLS_BETWEEN_LOOKS {
            looked_at = acknowledged.len();
            look(&home.log().read().unwrap(), &acknowledged, torn);
        }
    }
    let reading = home.log().read().unwrap();
    look(&reading, &acknowledged, torn);
    println!(
        "{} kills, {} groups acknowledged, {} events, {} KiB, {} writes torn",
        acknowledged.len(),
        acknowledged.values().sum::<u32>(),
        reading.entries.len(),
        home.bytes().len() / 1024,
        reading.damaged.len() + usize::from(reading.torn_tail),
    );
}

/// One program or two at once, each killed while it appends; what each had acknowledged is added.
fn kill_some(log: &Path, random: &mut Random, acknowledged: &mut BTreeMap<u32, u32>) {
    let first = u32::try_from(acknowledged.len()).unwrap() + 1;
    let programs = 1 + u32::try_from(random.below(2)).unwrap();
    let writers: Vec<_> =
        (first..first + programs).map(|id| (id, Writer::spawn(log, id))).collect();
    for (id, writer) in writers {
        acknowledged.insert(id, writer.kill(random));
    }
}

/// Now and then leaves the beginning of a line at the end, as a power cut in the middle of a write
/// does: a signal hardly ever finds the kernel there. Returns the number of tails torn so.
fn tear(log: &Path, random: &mut Random) -> usize {
    let line = line(1, r#"{"at":"2026-03-01T07:01:12Z","events":[]}"#);
    let length = 1 + usize::try_from(random.below(line.len() as u64 - 2)).unwrap();
    if random.below(4) > 0 || !ends_in_a_line(log) {
        return 0;
    }
    let mut log = OpenOptions::new().append(true).open(log).unwrap();
    log.write_all(&line.as_bytes()[..length]).unwrap();
    1
}

/// Whether the last line is whole: no program has torn it, and none the one before.
fn ends_in_a_line(log: &Path) -> bool {
    let mut last = [0];
    File::open(log)
        .and_then(|mut log| log.seek(SeekFrom::End(-1)).and_then(|_| log.read_exact(&mut last)))
        .is_ok_and(|()| last == *b"\n")
}

/// A program that appends numbered groups; killed at the latest when the test ends.
struct Writer {
    process: Child,
    output: BufReader<ChildStdout>,
}

impl Writer {
    fn spawn(log: &Path, id: u32) -> Self {
        let this = std::env::current_exe().unwrap();
        let mut process = child::command(&this, "number", log, id).spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        Self { process, output }
    }

    /// Kills it some time after some acknowledgement, and returns the last one.
    fn kill(mut self, random: &mut Random) -> u32 {
        let wanted = u32::try_from(random.below(12)).unwrap();
        let mut last = 0;
        while last < wanted {
            last = self.hear(last).expect("it appends until it is killed");
        }
        (0..random.below(20_000)).for_each(|_| std::hint::spin_loop());
        self.process.kill().unwrap();
        while let Some(heard) = self.hear(last) {
            last = heard;
        }
        last
    }

    /// The last acknowledgement after one more line of output; nothing at its end.
    fn hear(&mut self, last: u32) -> Option<u32> {
        let mut line = String::new();
        let read = self.output.read_line(&mut line).unwrap();
        (read > 0).then(|| child::heard(&line).map_or(last, |number| number.parse().unwrap()))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Every program's groups are there from 1 to the last acknowledged, whole and in order; at most
/// one more, which it was killed before it could acknowledge. Only cut-off lines are unreadable.
fn look(reading: &Reading, acknowledged: &BTreeMap<u32, u32>, torn: usize) {
    let strange = reading.damaged.iter().find(|damaged| damaged.why != Damage::CutOff);
    assert_eq!(strange, None);
    let cut_off = reading.damaged.len() + usize::from(reading.torn_tail);
    assert!(
        (torn..=torn + acknowledged.len()).contains(&cut_off),
        "{cut_off} cut off, {torn} torn"
    );
    let recorded = recorded(reading);
    for (id, &last) in acknowledged {
        let recorded = recorded.get(id).copied().unwrap_or_default();
        assert!(
            recorded == last || recorded == last + 1,
            "program {id}: {last} acknowledged, {recorded} recorded"
        );
    }
    let strangers = recorded.keys().find(|id| !acknowledged.contains_key(id));
    assert_eq!(strangers, None);
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
    let looks = |last| {
        let reading = log.read().unwrap();
        std::panic::catch_unwind(|| look(&reading, &[(1, last)].into(), 0)).is_ok()
    };
    assert_eq!([0, 1, 2].map(looks), [true, true, false]);
    log.append(&[part(2, 1)]).unwrap();
    assert!(!looks(1), "half a group");
}
