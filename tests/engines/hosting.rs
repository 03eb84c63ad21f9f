//! `lab watch`: verdicts as they change, and how it ends.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::kafka::load::{NewRecord, load};
use rustix::process::Signal;
use tokio::runtime::Runtime;

use crate::own::{OWN, Own, words};
use crate::program::program;
use crate::stage::until;

/// A change shows within 300 ms on an idle machine; this is for a loaded one.
const MOMENT: Duration = Duration::from_secs(3);

/// Appends records to the partitions of the lab's topic.
pub fn append(own: &Own, partitions: &[i32]) {
    let records: Vec<NewRecord> = partitions
        .iter()
        .map(|partition| NewRecord { partition: *partition, key: None, value: vec![1] })
        .collect();
    let loaded =
        load(own.bootstrap(), "events".to_owned(), records.into_iter(), Duration::from_secs(30));
    Runtime::new().unwrap().block_on(loaded).unwrap();
}

/// Nobody presses a key: records that arrive, an answer that is typed in another program.
pub fn a_change_of_a_verdict_is_told_as_it_happens(engine: EngineKind) {
    let own = Own::started(engine, &[]);
    let watch = own.host("watch");
    let first = watch.next();
    assert_eq!(words(&first), ["failed"; 3]);
    assert_eq!((&first["event"], &first["settled"]), (&"verdicts".into(), &true.into()));

    append(&own, &[0, 0, 0, 0, 1]);
    let begun = Instant::now();
    // That there are records is told too: expected and observed have changed.
    while watch.next()["checks"][0]["mistake"] != "too-few-records" {}
    append(&own, &[1]);
    while watch.verdicts() != ["passed", "failed", "failed"] {}
    assert!(begun.elapsed() < 2 * MOMENT, "{:?}", begun.elapsed());

    let begun = Instant::now();
    own.answer("4,2");
    assert_eq!(watch.verdicts(), ["passed", "failed", "passed"]);
    assert!(begun.elapsed() < MOMENT, "{:?}", begun.elapsed());
    own.answer("2,4");
    assert_eq!(watch.next()["checks"][2]["mistake"], "other-counts");

    // An idle cluster is no news; the end is the signal's.
    watch.signal(Signal::INT);
    let ended = watch.end().exits(1);
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", ""));
}

pub fn a_watch_ends_with_the_code_of_its_last_verdicts(engine: EngineKind) {
    let own = Own::started(engine, &[]);
    for signal in [Signal::TERM, Signal::HUP, Signal::QUIT] {
        let watch = own.host("watch");
        assert_eq!(watch.verdicts(), ["failed"; 3]);
        watch.signal(signal);
        assert_eq!(watch.end().exits(1).out, "");
    }
    // Paused, the node holds up every question; the end does not wait for it.
    let watch = own.host("watch");
    assert_eq!(watch.verdicts(), ["failed"; 3]);
    own.json(&["env", "pause"], 0);
    assert_eq!(watch.verdicts(), ["unknown"; 3]);
    let begun = Instant::now();
    watch.ctrl_c();
    watch.end().exits(3);
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    own.json(&["env", "start"], 0);

    // Whoever stops the attempt takes the cluster away: no verdict is lost to that.
    let watch = own.host("watch");
    while watch.verdicts() != ["failed"; 3] {}
    own.run(&["lab", "stop", OWN]).exits(0);
    assert_eq!(watch.next()["event"], "over");
    assert_eq!(watch.end().exits(1).out, "");
    assert_eq!(own.json(&["lab", "watch", OWN], 2)["error"]["code"], "not-started");
}

pub fn a_watch_ends_with_the_attempt_that_another_start_ends(engine: EngineKind) {
    let own = Own::started(engine, &[]);
    let watch = own.host("watch");
    assert_eq!(watch.verdicts(), ["failed"; 3]);
    append(&own, &[0, 0, 0, 1, 1, 1]);
    while watch.verdicts() != ["passed", "failed", "failed"] {}
    own.again();
    assert_eq!(watch.next()["event"], "over");
    assert_eq!(watch.end().exits(1).out, "");
    assert_eq!(words(&own.json(&["lab", "check", OWN], 1)), ["failed"; 3]);
}

/// `lab watch | head -1`: nobody would ever see what it goes on to say.
pub fn a_watch_whose_reader_goes_away_ends(engine: EngineKind) {
    let own = Own::started(engine, &[]);
    let mut command = own.command(program(), &["lab", "watch", OWN]);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut head = String::new();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    reader.read_line(&mut head).unwrap();
    assert!(head.contains("0/5"), "{head}");
    drop(reader);
    let status = until("the watch has ended", || child.try_wait().unwrap());
    assert_eq!(status.code(), Some(1));
}
