//! SIGKILL at any moment loses nothing that was acknowledged.
//!
//! What this proves: whatever a program was doing when it died, others read all that it had
//! acknowledged, and go on. What it cannot prove: that it is there after a power cut. For that there
//! is an fsync of the log before each acknowledgement, and of its directories before the first.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Child, ChildStdout};

use crate::child;
use crate::look::{Killed, cut_off, look};
use crate::moment::{Moment, Watch};
use crate::support::{Home, Random, line};

const KILLS: usize = 1000;

/// Kills in one home: a program reads all of its log before it appends for the first time.
const KILLS_IN_A_HOME: usize = 40;

/// Homes at a time.
const THREADS: usize = 4;

/// One home in so many is one of long lines, which the kernel copies for long enough to be killed
/// in the middle.
const HOMES: usize = 12;

/// The seed of this run; `PROGRESS_KILL_SEED` sets another.
fn seed() -> u64 {
    let given = std::env::var("PROGRESS_KILL_SEED").ok();
    given.map_or(0x5EED, |seed| seed.parse().unwrap())
}

/// By moment, the kills, and of those the ones that hit a program between its write and its word.
type Tally = BTreeMap<Moment, (u32, u32)>;

#[test]
fn a_thousand_kills_lose_nothing_that_was_acknowledged() {
    let seed = seed();
    println!("PROGRESS_KILL_SEED={seed}");
    // The disk is waited for most of the time.
    let (tally, torn) = std::thread::scope(|scope| {
        let some = |first| move || some_homes(seed, first);
        let threads: Vec<_> = (0..THREADS).map(|first| scope.spawn(some(first))).collect();
        let mut all = (Tally::new(), 0);
        for (tally, torn) in threads.into_iter().map(|thread| thread.join().unwrap()) {
            for (moment, more) in tally {
                add(&mut all.0, moment, more);
            }
            all.1 += torn;
        }
        all
    });
    println!("moment: kills, of which after the write and before the word: {tally:#?}");
    println!("{torn} writes torn by a kill");
    let hit: u32 = tally.values().map(|(_, hit)| hit).sum();
    assert!(hit > 0, "no kill came between a write and its acknowledgement");
    for moment in Moment::AIMED {
        assert!(tally.contains_key(moment), "no kill was aimed at {moment:?}");
    }
}

/// Every so manieth home, each with numbers of its own.
fn some_homes(seed: u64, first: usize) -> (Tally, usize) {
    let (mut tally, mut torn) = (Tally::new(), 0);
    for home in (first..KILLS / KILLS_IN_A_HOME).step_by(THREADS) {
        let mut random = Random::seeded(seed.wrapping_add(2 * home as u64));
        torn += one_home(home % HOMES == 1, &mut random, &mut tally);
    }
    (tally, torn)
}

fn add(tally: &mut Tally, moment: Moment, (kills, hit): (u32, u32)) {
    let (all_kills, all_hit) = tally.entry(moment).or_default();
    *all_kills += kills;
    *all_hit += hit;
}

/// Returns the number of lines that were cut off by a kill.
fn one_home(long_lines: bool, random: &mut Random, tally: &mut Tally) -> usize {
    let home = Home::new();
    let watch = Watch::of(&home.path());
    let mut killed = BTreeMap::new();
    let mut torn = 0;
    while killed.len() < KILLS_IN_A_HOME {
        if long_lines {
            kill_one(&home.path(), &watch, random, &mut killed);
        } else {
            kill_some(&home.path(), &watch, random, &mut killed);
        }
        torn += tear(&home.path(), random);
    }
    let reading = home.log().read().unwrap();
    let recorded = look(&reading, &killed, torn);
    for (id, killed) in &killed {
        let hit = recorded.get(id).is_some_and(|last| *last > killed.acknowledged);
        add(tally, killed.moment, (1, hit.into()));
    }
    cut_off(&reading) - torn
}

/// One program or two at once, each killed while it appends.
fn kill_some(log: &Path, watch: &Watch, random: &mut Random, killed: &mut BTreeMap<u32, Killed>) {
    let first = u32::try_from(killed.len()).unwrap() + 1;
    let programs = 1 + u32::try_from(random.below(2)).unwrap();
    let writers: Vec<_> = (first..first + programs)
        .map(|id| {
            let moment = moment(random);
            (id, moment, Writer::spawn(log, "number", id))
        })
        .collect();
    for (id, moment, writer) in writers {
        let acknowledged = writer.kill(watch, moment, random);
        killed.insert(id, Killed { moment, acknowledged });
    }
}

/// One program that writes long lines, killed in the middle of one.
fn kill_one(log: &Path, watch: &Watch, random: &mut Random, killed: &mut BTreeMap<u32, Killed>) {
    let (id, moment) = (u32::try_from(killed.len()).unwrap() + 1, Moment::Growing);
    let acknowledged = Writer::spawn(log, "number-large", id).kill(watch, moment, random);
    killed.insert(id, Killed { moment, acknowledged });
}

fn moment(random: &mut Random) -> Moment {
    let aimed = Moment::AIMED;
    let index = usize::try_from(random.below(aimed.len() as u64 + 1)).unwrap();
    let moment = aimed.get(index).copied().unwrap_or(Moment::AnyTime);
    // Of a short line no part is ever seen.
    if moment == Moment::Growing { Moment::Written } else { moment }
}

/// Now and then leaves the beginning of a line at the end, as a power cut in the middle of a write
/// does: a signal finds the kernel there in long writes alone. Returns the number of tails torn so.
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
    fn spawn(log: &Path, role: &str, id: u32) -> Self {
        let this = std::env::current_exe().unwrap();
        let mut process = child::command(&this, role, log, id).spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        Self { process, output }
    }

    /// Kills it some time after some acknowledgement, and returns the last one.
    fn kill(mut self, watch: &Watch, moment: Moment, random: &mut Random) -> u32 {
        // The first append is another one: it mends what the one before has torn.
        let wanted = u32::try_from(random.below(4)).unwrap();
        let mut last = 0;
        while last < wanted {
            last = self.hear(last).expect("it appends until it is killed");
        }
        match moment {
            Moment::AnyTime => (0..random.below(20_000)).for_each(|_| std::hint::spin_loop()),
            aimed => {
                watch.forget();
                watch.wait_for(aimed);
            }
        }
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
