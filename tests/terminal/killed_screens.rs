//! The full-screen workbook, killed while answers are typed and kept.

use rustix::process::Signal;

use crate::attempt::answer;
use crate::history::{KEPT, Tally, Try, add, at_attempt, hold, home, keep, on_page, open_answer};
use crate::moment::{Moment, Watch};
use crate::program::Home;
use crate::pty::ESC;

const KILLS: usize = 48;

/// Homes at a time.
const THREADS: usize = 3;

#[test]
fn an_answer_that_a_killed_screen_has_shown_as_kept_is_kept() {
    let tally = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(one_home)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).fold(Tally::default(), add)
    });
    println!("{tally:?}");
    assert!(tally.between > 0, "no kill came between a write and its word");
}

fn one_home() -> Tally {
    let home = home();
    let watch = Watch::of(&home.path().join("progress.log"));
    let mut tries = Vec::new();
    for session in 0..KILLS / THREADS {
        let mut pty = at_attempt(&home);
        // Some are kept and seen to be kept, then the next is cut short.
        for number in 0..session % 3 {
            let value = format!("kept {session} {number}");
            keep(&mut pty, &value);
            pty.wait_for(KEPT);
            tries.push(Try { value, moment: Moment::AnyTime, said: true });
        }
        let (value, moment) = (format!("cut short {session}"), moment(session));
        watch.forget();
        keep(&mut pty, &value);
        watch.wait_for(moment);
        pty.signal(Signal::KILL);
        assert_eq!(pty.wait_exit(), 137);
        let said = pty.text().contains(KEPT);
        tries.push(Try { value, moment, said });
        comes_back(&home);
    }
    hold(&home.path(), &tries)
}

fn moment(session: usize) -> Moment {
    let aimed = [Moment::LockOpened, Moment::Written, Moment::Closed];
    if Moment::AIMED.is_empty() { Moment::AnyTime } else { aimed[session % aimed.len()] }
}

/// The next screen shows the last answer that was kept.
#[track_caller]
fn comes_back(home: &Home) {
    let mut pty = at_attempt(home);
    open_answer(&mut pty);
    let shown =
        answer(&home.path()).map_or("> ".to_owned(), |kept| format!("saved so far: {kept}"));
    pty.wait_for(&shown);
    pty.send(ESC);
    on_page(&mut pty);
    pty.send("q");
    pty.wait_exit_with(0);
}
