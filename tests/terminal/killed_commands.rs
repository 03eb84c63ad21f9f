//! `lab answer`, killed.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};

use crate::attempt::{FIELD, LAB, answer};
use crate::history::{Tally, Try, add, hold, home, stored};
use crate::moment::{Moment, Watch};
use crate::program::{Home, program};

const KILLS: usize = 300;

/// Homes at a time.
const THREADS: usize = 3;

#[test]
fn an_answer_that_a_killed_command_has_said_to_be_stored_is_stored() {
    let tally = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(one_home)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).fold(Tally::default(), add)
    });
    println!("{tally:?}");
    assert!(tally.nothing > 0, "no kill came before a write");
    assert!(tally.between > 0, "no kill came between a write and its word");
}

fn one_home() -> Tally {
    let home = home();
    let watch = Watch::of(&home.path().join("progress.log"));
    let mut tries = Vec::new();
    while tries.len() < KILLS / THREADS {
        let moment = moment(tries.len());
        // Every third time two at once; each answer is one of its own.
        let programs = if tries.len().is_multiple_of(3) { 2 } else { 1 };
        let values = (0..programs).map(|program| format!("{} {program}", tries.len()));
        let values: Vec<String> = values.collect();
        watch.forget();
        let begun: Vec<Child> = values.iter().map(|value| answering(&home, value)).collect();
        watch.wait_for(moment);
        let ended: Vec<bool> = begun.into_iter().map(|process| kill(process, moment)).collect();
        let said = values.into_iter().zip(ended);
        tries.extend(said.map(|(value, said)| Try { value, moment, said }));
    }
    let tally = hold(&home.path(), &tries);
    let lab = home.lab(LAB);
    assert_eq!(
        (&lab["id"], &lab["attempts"], &lab["open"]),
        (&LAB.into(), &1.into(), &true.into())
    );
    home.run(&["lab", "answer", LAB, FIELD, "after all"]).exits(0);
    assert_eq!(answer(&home.path()).as_deref(), Some("after all"));
    tally
}

fn moment(number: usize) -> Moment {
    let aimed = [Moment::LockOpened, Moment::LogOpened, Moment::Written, Moment::Closed];
    if Moment::AIMED.is_empty() { Moment::AnyTime } else { aimed[number % aimed.len()] }
}

fn answering(home: &Home, value: &str) -> Child {
    let mut command = home.command(program(), &["lab", "answer", LAB, FIELD, value]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap()
}

/// Whether it has said that the answer is stored, before it was killed.
fn kill(mut process: Child, moment: Moment) -> bool {
    let mut output = BufReader::new(process.stdout.take().unwrap());
    let mut said = String::new();
    if moment == Moment::AnyTime {
        output.read_line(&mut said).unwrap();
    }
    process.kill().unwrap();
    process.wait().unwrap();
    output.read_to_string(&mut said).unwrap();
    said.starts_with("stored; ") && said.ends_with('\n')
}

#[test]
fn what_is_held_against_the_log_can_fail() {
    let home = home();
    home.run(&["lab", "answer", LAB, FIELD, "one"]).exits(0);
    let tried = |value: &str, said| Try { value: value.into(), moment: Moment::AnyTime, said };
    let holds = |tries: &[Try]| std::panic::catch_unwind(|| hold(&home.path(), tries)).is_ok();
    assert!(holds(&[tried("one", true)]));
    assert!(holds(&[tried("one", false), tried("two", false)]));
    assert!(!holds(&[tried("one", true), tried("two", true)]), "two is lost");
    assert!(!holds(&[]), "nobody stored one");
    assert_eq!(stored(&home.path()), ["one"]);
}
