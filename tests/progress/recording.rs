//! What hosts write down of an attempt, be they one or several.

use std::time::{Duration, Instant};

use kafka_workbook::course::{Course, Source};
use kafka_workbook::engine::cluster::{Cluster, ClusterNode, EngineKind, Starter};
use kafka_workbook::engine::store;
use kafka_workbook::grade::verdict::{Finding, Verdict};
use kafka_workbook::lab::Workbook;
use kafka_workbook::lab::check::{CheckLine, Report};
use kafka_workbook::lab::host::Host;
use kafka_workbook::lab::record::{Pace, record};
use kafka_workbook::paths::Paths;
use kafka_workbook::phrase::Phrase;
use kafka_workbook::progress::{AttemptProgress, Event};
use tempfile::TempDir;

use crate::support::{line, started};

const LAB: &str = "D01-4";

struct Hosted {
    _home: TempDir,
    workbook: Workbook,
}

impl Hosted {
    fn new() -> Self {
        let home = TempDir::new().unwrap();
        let course = Course::load(&Source::Embedded).unwrap();
        let paths = Paths::at(home.path(), home.path());
        let hosted = Self { workbook: Workbook::new(paths, course, None, None), _home: home };
        hosted.workbook.progress.append(&[started(LAB, 1)]).unwrap();
        hosted
    }

    fn attempt(&self) -> AttemptProgress {
        self.workbook.progress().unwrap().current(LAB).unwrap().clone()
    }

    /// One look by a host that has read what there is.
    fn look(&self, report: &Report) -> bool {
        record(&self.workbook, &self.attempt(), report, Pace::Often).unwrap()
    }

    fn lines(&self) -> usize {
        std::fs::read_to_string(self.workbook.progress.path()).unwrap().lines().count()
    }

    fn events(&self) -> Vec<Event> {
        let reading = self.workbook.progress.read().unwrap();
        reading.entries.into_iter().map(|entry| entry.event).collect()
    }

    /// Checks of which so many pass; the others have seen this.
    fn report(&self, attempt: u32, passing: usize, observed: &str) -> Report {
        let lab = self.workbook.lab(LAB).unwrap();
        let observed = Phrase::same(observed);
        let why = Phrase::same("-");
        let checks: Vec<CheckLine> = (lab.checks.iter().enumerate())
            .map(|(index, check)| {
                let (verdict, points) = if index < passing {
                    (Verdict::Passed { observed: Phrase::same("-") }, check.points)
                } else {
                    let (expected, observed, why) = (why.clone(), observed.clone(), why.clone());
                    (Verdict::Failed(Finding { expected, observed, why, mistake: None }), 0)
                };
                CheckLine { check: check.clone(), verdict, points }
            })
            .collect();
        Report {
            lab: LAB.into(),
            attempt,
            points: checks.iter().map(|line| line.points).sum(),
            max_points: lab.points(),
            passed: passing == checks.len(),
            settled: true,
            elapsed: Duration::ZERO,
            checks,
        }
    }
}

/// A cluster of the attempt's environment, of which no node answers.
fn silent_cluster() -> Cluster {
    let nobody = || Some("127.0.0.1:1".to_owned());
    let node = ClusterNode {
        name: "kafka".into(),
        node_id: Some(1),
        address: nobody(),
        controller: nobody(),
        zookeeper: None,
    };
    Cluster {
        environment: "kraft-single".into(),
        engine: EngineKind::Jvm,
        cluster_id: "AAAAAAAAQACAAAAAAAAAAA".into(),
        kafka_version: "4.3.1".into(),
        variables: [].into(),
        nodes: vec![node],
        published: [].into(),
        starter: Starter::Workbook,
    }
}

/// `lab check --wait` in one terminal, `lab reset` in another: what it waits for will not come.
#[tokio::test]
async fn who_waits_for_a_cluster_hears_that_the_attempt_is_over() {
    let hosted = Hosted::new();
    store::write(&hosted.workbook.paths, &silent_cluster()).unwrap();
    let mut host = Host::of(&hosted.workbook, hosted.workbook.lab(LAB).unwrap()).await.unwrap();
    let begun = Instant::now();
    // It has begun to ask when the attempt ends.
    let stopped = async {
        let stopped = Event::AttemptStopped { lab: LAB.into(), attempt: 1 };
        hosted.workbook.progress.append(&[stopped]).unwrap();
    };
    let (concluded, ()) = tokio::join!(host.conclude(Duration::from_mins(1), true), stopped);
    assert_eq!(concluded.unwrap_err().code, "attempt-over");
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    assert_eq!(hosted.lines(), 2);
}

#[test]
fn two_hosts_that_see_the_same_write_it_down_once() {
    let hosted = Hosted::new();
    let report = hosted.report(1, 4, "-");
    let both_have_read = hosted.attempt();
    for _ in 0..2 {
        assert!(record(&hosted.workbook, &both_have_read, &report, Pace::Often).unwrap());
    }
    assert_eq!(hosted.events().len(), 1 + 4 + 1, "four verdicts, one score");
    let progress = hosted.workbook.progress().unwrap();
    assert_eq!(progress.labs[LAB].best_points, 10);
}

/// A learner goes on experimenting with a lab that is passed, and leaves the screen open.
#[test]
fn what_was_passed_and_is_not_any_more_is_written_down_once_and_not_at_every_look() {
    let hosted = Hosted::new();
    for passing in [4, 2] {
        hosted.look(&hosted.report(1, passing, "-"));
        let lines = hosted.lines();
        for _ in 0..5 {
            assert!(hosted.look(&hosted.report(1, passing, "-")));
        }
        assert_eq!(hosted.lines(), lines);
    }
    let attempt = hosted.attempt();
    assert_eq!((attempt.passed, attempt.points), (true, 6));
    hosted.look(&hosted.report(1, 4, "-"));
    assert_eq!(hosted.attempt().points, 10);
}

#[test]
fn of_an_attempt_that_is_over_nothing_is_written_down() {
    let hosted = Hosted::new();
    let first = hosted.attempt();
    hosted.workbook.progress.append(&[started(LAB, 2)]).unwrap();
    let late = hosted.report(1, 4, "-");
    assert!(!record(&hosted.workbook, &first, &late, Pace::Once).unwrap());
    assert_eq!(hosted.lines(), 2);
    let stopped = Event::AttemptStopped { lab: LAB.into(), attempt: 2 };
    let second = hosted.attempt();
    hosted.workbook.progress.append(&[stopped]).unwrap();
    let late = hosted.report(2, 4, "-");
    assert!(!record(&hosted.workbook, &second, &late, Pace::Once).unwrap());
    assert_eq!(hosted.lines(), 3);
    assert_eq!(hosted.workbook.progress().unwrap().labs[LAB].best_points, 0);
}

/// A program that runs for a night changes what is observed at every look.
#[test]
fn a_wording_that_never_rests_is_written_down_now_and_then_a_meaning_at_once() {
    let hosted = Hosted::new();
    hosted.look(&hosted.report(1, 2, "0 records"));
    let lines = hosted.lines();
    for records in 1..50 {
        assert!(hosted.look(&hosted.report(1, 2, &format!("{records} records"))));
    }
    assert_eq!(hosted.lines(), lines);
    hosted.look(&hosted.report(1, 3, "50 records"));
    assert_eq!(hosted.lines(), lines + 1, "a check has passed");
    // Who asks once gets all of it written down.
    let asked = hosted.report(1, 3, "51 records");
    assert!(record(&hosted.workbook, &hosted.attempt(), &asked, Pace::Once).unwrap());
    assert_eq!(hosted.lines(), lines + 2);
}

/// The same verdict a minute ago, and one that a clock has dated ahead which was set back since.
#[test]
fn a_wording_of_another_time_is_written_anew() {
    for at in ["2026-03-01T07:01:12Z", "2200-01-01T00:00:00Z"] {
        let hosted = Hosted::new();
        hosted.look(&hosted.report(1, 2, "0 records"));
        let path = hosted.workbook.progress.path();
        let log = std::fs::read_to_string(path).unwrap();
        let payload = log.lines().last().unwrap().splitn(3, ' ').last().unwrap();
        let (_, rest) = payload.split_once(r#"","events""#).unwrap();
        let dated = line(1, &format!(r#"{{"at":"{at}","events"{rest}"#));
        std::fs::write(path, log.lines().next().unwrap().to_owned() + "\n" + &dated).unwrap();
        let lines = hosted.lines();
        hosted.look(&hosted.report(1, 2, "1 record"));
        assert_eq!(hosted.lines(), lines + 1, "{at}");
    }
}
