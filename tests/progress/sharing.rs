//! Several programs and threads on one log.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::sync::atomic::{AtomicBool, Ordering};

use kafka_workbook::progress::{Event, ProgressError};

use crate::child::{self, DRAWS, LAB};
use crate::support::{Home, answer, started};

#[test]
fn a_reader_waits_for_nobody_and_a_writer_for_its_turn() {
    let home = Home::new();
    home.log().append(&[answer("before")]).unwrap();
    let decide = |_: &_| {
        assert_eq!(home.log().read().unwrap().entries.len(), 1, "reads while it is locked");
        let lock = File::options().write(true).open(home.path().with_extension("log.lock"));
        assert!(matches!(lock.unwrap().try_lock(), Err(TryLockError::WouldBlock)));
        Ok::<_, ProgressError>(vec![answer("after")])
    };
    home.log().append_with(decide).unwrap();
    assert_eq!(home.log().read().unwrap().entries.len(), 2);
}

#[test]
fn threads_that_share_a_log_lose_nothing_and_a_reader_sees_only_more_and_more() {
    const THREADS: u32 = 4;
    const APPENDS: usize = 50;
    let home = Home::new();
    let (log, done) = (home.log(), AtomicBool::new(false));
    let append = |_| log.append(&[answer("a"), answer("b")]).unwrap();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut before = Vec::new();
            while !done.load(Ordering::Acquire) {
                let reading = log.read().unwrap();
                assert_eq!(reading.damaged, []);
                assert!(reading.entries.starts_with(&before));
                before = reading.entries;
            }
        });
        let writers: Vec<_> =
            (0..THREADS).map(|_| scope.spawn(|| (0..APPENDS).for_each(append))).collect();
        for writer in writers {
            writer.join().unwrap();
        }
        done.store(true, Ordering::Release);
        reader.join().unwrap();
    });
    let reading = home.log().read().unwrap();
    assert_eq!(reading.entries.len(), 2 * APPENDS * usize::try_from(THREADS).unwrap());
    assert!(!reading.torn_tail);
}

#[test]
fn programs_that_race_draw_each_attempt_number_once() {
    const PROGRAMS: u32 = 4;
    let home = Home::new();
    let this = std::env::current_exe().unwrap();
    let spawn = |id| child::command(&this, "draw", &home.path(), id).spawn().unwrap();
    let children: Vec<_> = (0..PROGRAMS).map(spawn).collect();
    for child in children {
        assert!(child.wait_with_output().unwrap().status.success());
    }
    let reading = home.log().read().unwrap();
    let numbers: Vec<u32> = reading.entries.iter().map(|entry| entry.event.attempt()).collect();
    let all = PROGRAMS * u32::try_from(DRAWS).unwrap();
    assert_eq!(numbers, (1..=all).collect::<Vec<_>>(), "unique, without gaps, in order");
    let current = reading.progress().labs.remove(LAB).unwrap().current.unwrap();
    assert_eq!(current.attempt, all);
}

#[test]
fn appends_of_two_logs_of_one_path_are_all_there() {
    let home = Home::new();
    let (one, two) = (home.log(), home.log().clone());
    for attempt in 1..=5 {
        one.append(&[started("one", attempt)]).unwrap();
        two.append(&[started("two", attempt)]).unwrap();
    }
    let reading = home.log().read().unwrap();
    let seen: BTreeSet<(&str, u32)> =
        reading.entries.iter().map(|e| (e.event.lab(), Event::attempt(&e.event))).collect();
    assert_eq!(seen.len(), 10);
}
