//! Reading a learner's log of years: `cargo bench --bench progress`.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and has nobody to hand an error to"
)]

use std::fs;
use std::time::Instant;

use kafka_workbook::grade::verdict::{Finding, Verdict};
use kafka_workbook::phrase::Phrase;
use kafka_workbook::progress::{Event, ProgressLog};

/// A pair of an answer and a failed verdict, written so often.
const PAIRS: usize = 50_000;

const RUNS: usize = 7;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("progress.log");
    let log = ProgressLog::at(&path);
    log.append(&[answer()]).expect("an answer");
    log.append(&[verdict()]).expect("a verdict");
    let pair = fs::read(&path).expect("the log");
    fs::write(&path, pair.repeat(PAIRS)).expect("a long log");
    let mut taken: Vec<_> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            let reading = log.read().expect("the log");
            assert_eq!(reading.progress().labs.len(), 1);
            assert_eq!(reading.entries.len(), 2 * PAIRS);
            begun.elapsed()
        })
        .collect();
    taken.sort_unstable();
    let (middle, lines, bytes) = (taken[RUNS / 2], 2 * PAIRS, pair.len() * PAIRS);
    println!("read and add up {lines} lines, {} MiB: {} ms", bytes >> 20, middle.as_millis());
}

fn answer() -> Event {
    let [lab, field, value] = ["D01-4", "error", "INVALID_PARTITIONS"].map(str::to_owned);
    Event::AnswerGiven { lab, attempt: 1, field, value }
}

fn verdict() -> Event {
    let text = || Phrase::same("quickstart-events has 3 partitions, replication factor 1");
    let finding = Finding { expected: text(), observed: text(), why: text(), mistake: None };
    let [lab, check] = ["D01-4", "partitions"].map(str::to_owned);
    Event::VerdictReached { lab, attempt: 1, check, points: 0, verdict: Verdict::Failed(finding) }
}
