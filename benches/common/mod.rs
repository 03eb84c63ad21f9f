//! What benches share: a home of their own, and how figures are printed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use kafka_workbook::course::{Course, Source};
use kafka_workbook::lab::Workbook;
use kafka_workbook::paths::Paths;

/// A workbook with the learner's cache and a home of its own.
pub fn workbook(home: &Path) -> Workbook {
    let cache = Paths::from_env().expect("a cache").cache().to_owned();
    let course = Course::load(&Source::Embedded).expect("the course");
    let program = PathBuf::from(env!("CARGO_BIN_EXE_kafka-workbook"));
    Workbook::new(Paths::at(home, cache), course, None, Some(program))
}

/// The median of several runs, with the least and the most.
pub fn line(what: &str, taken: &mut [Duration]) {
    let middle = median(taken);
    let (least, most) = (taken[0], taken[taken.len() - 1]);
    println!(
        "{what:<44} {:>9.1} ms   ({:.1} to {:.1}, {} runs)",
        ms(middle),
        ms(least),
        ms(most),
        taken.len()
    );
}

/// The middle one; sorts them.
pub fn median(taken: &mut [Duration]) -> Duration {
    taken.sort_unstable();
    taken[taken.len() / 2]
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
