//! Which source is taken, and what the others cost.

use std::fs::{self, File};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread;

use super::server::{Answer, Server};
use super::{Bench, JARS, PATIENT, Recorder, Sources, names_of, put_jars, release_archive};
use crate::engine::jvm::distribution::{DistributionError, Reason, Source, Wanted, provide};
use crate::engine::report::{Report, Silent, Step};
use crate::problem::{Explain as _, ProblemKind};

fn archive_server() -> Server {
    let archive = release_archive();
    Server::of_archive(&archive.clone(), move |_, _| Answer::new(200, archive.clone()))
}

#[test]
fn kafka_home_of_this_version_is_taken_and_the_cache_is_not_touched() {
    let bench = Bench::new();
    let home = bench.path().join("kafka");
    put_jars(&home.join("libs"), &JARS);
    put_jars(&home.join("libs"), &["kafka-clients-4.3.1-test.jar"]);
    fs::write(home.join("libs/readme.txt"), "").unwrap();
    let got = bench.provide(&Sources { home: Some(&home), ..Sources::default() }).unwrap();
    assert_eq!((got.source, names_of(&got)), (Source::KafkaHome, JARS.to_vec()));
    assert!(got.jars.iter().all(|jar| jar.is_absolute()));
    assert!(got.skipped.is_empty());
    assert!(!bench.cache().exists());
}

#[test]
fn kafka_home_of_another_version_is_skipped_with_the_reason() {
    let (bench, server) = (Bench::new(), archive_server());
    let (home, url) = (bench.path().join("kafka"), server.url());
    put_jars(&home.join("libs"), &["kafka_2.13-3.9.2.jar", "kafka-clients-3.9.2.jar"]);
    let got = bench.provide(&Sources { home: Some(&home), url: Some(&url), maven: None }).unwrap();
    assert_eq!(got.source, Source::Archive);
    let expected = home.join("libs/kafka_2.13-4.3.1.jar");
    let found = vec!["kafka_2.13-3.9.2.jar".to_owned()];
    assert_eq!(got.skipped[0].source, Source::KafkaHome);
    assert_eq!(got.skipped[0].reason, Reason::WrongHome { expected, found });
    let told = got.skipped[0].phrase().en;
    assert!(told.ends_with("kafka_2.13-4.3.1.jar is not there, but kafka_2.13-3.9.2.jar is"));
}

#[test]
fn a_kafka_home_that_is_not_there_is_skipped() {
    let (bench, server) = (Bench::new(), archive_server());
    let (home, url) = (bench.path().join("nothing"), server.url());
    let got = bench.provide(&Sources { home: Some(&home), url: Some(&url), maven: None }).unwrap();
    assert!(matches!(&got.skipped[0].reason, Reason::WrongHome { found, .. } if found.is_empty()));
}

#[test]
fn a_filled_cache_is_taken_without_lock_network_child_or_reading_jars() {
    let (bench, server) = (Bench::new(), archive_server());
    let url = server.url();
    let first = bench.provide(&Sources { url: Some(&url), ..Sources::default() }).unwrap();
    // Content that any look into a jar would find out.
    for jar in &first.jars {
        let size = fs::metadata(jar).unwrap().len();
        File::create(jar).unwrap().set_len(size).unwrap();
    }
    let lock = File::open(bench.cache().join("kafka/4.3.1.lock")).unwrap();
    lock.lock().unwrap();
    let maven = bench.script("mvn", "touch \"$(dirname \"$0\")/called\"");
    let recorder = Recorder::new();
    let sources = Sources { url: Some(&url), maven: Some(&maven), home: None };
    let again = bench.provide_with(&sources, PATIENT, &recorder).unwrap();
    assert_eq!(again.source, Source::Cache);
    assert_eq!((&again.jars, &again.fingerprint), (&first.jars, &first.fingerprint));
    assert!(recorder.steps().is_empty());
    assert!(!bench.path().join("called").exists());
    assert_eq!(server.asked().len(), 1);
}

/// Tells when the work waits for somebody else.
struct Waiter(Mutex<Sender<()>>);

impl Report for Waiter {
    fn step(&self, step: &Step) {
        if step.what.en.starts_with("waiting for another") {
            self.0.lock().unwrap().send(()).unwrap();
        }
    }
}

#[test]
fn two_at_once_fetch_once() {
    let (bench, archive) = (Arc::new(Bench::new()), release_archive());
    let (waits, waiting) = mpsc::channel();
    let (asked, is_asked) = mpsc::channel();
    // The first one's answer is held back until the second one is known to wait.
    let held: Mutex<(Sender<()>, Receiver<()>)> = Mutex::new((asked, waiting));
    let content = archive.clone();
    let server = Server::of_archive(&archive, move |_, _| {
        let (asked, waiting) = &*held.lock().unwrap();
        asked.send(()).unwrap();
        waiting.recv().unwrap();
        Answer::new(200, content.clone())
    });
    let url = server.url();
    let (first_bench, first_url) = (Arc::clone(&bench), url.clone());
    let first = thread::spawn(move || {
        let sources = Sources { url: Some(&first_url), ..Sources::default() };
        first_bench.provide(&sources).unwrap()
    });
    is_asked.recv().unwrap();
    let sources = Sources { url: Some(&url), ..Sources::default() };
    let second = bench.provide_with(&sources, PATIENT, &Waiter(Mutex::new(waits))).unwrap();
    let first = first.join().unwrap();
    assert_eq!((first.source, second.source), (Source::Archive, Source::Cache));
    assert_eq!(first.jars, second.jars);
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn waiting_for_another_can_be_called_off() {
    let bench = Bench::new();
    fs::create_dir_all(bench.cache().join("kafka")).unwrap();
    let lock = File::create(bench.cache().join("kafka/4.3.1.lock")).unwrap();
    lock.lock().unwrap();
    let recorder = Recorder::stopping_at(|step| step.what.en.starts_with("waiting for another"));
    let error = bench.provide_with(&Sources::default(), PATIENT, &recorder).unwrap_err();
    assert!(matches!(error, DistributionError::Cancelled), "{error:?}");
    assert_eq!(recorder.steps().len(), 1, "it is said once");
}

#[test]
fn without_any_source_all_are_named_in_order_with_the_next_step() {
    let bench = Bench::new();
    let problem = bench.provide(&Sources::default()).unwrap_err().problem();
    assert_eq!((problem.code, problem.kind), ("kafka-unavailable", ProblemKind::Surroundings));
    let starts: Vec<&str> =
        problem.message.en.lines().skip(1).filter_map(|l| l.split(':').next()).collect();
    assert_eq!(starts, ["  KAFKA_HOME", "  cache", "  Maven", "  release archive"]);
    assert_eq!(problem.message.zh.lines().count(), 5);
    for step in ["mvn", "Java 17", "KAFKA_HOME", "KAFKA_WORKBOOK_ARCHIVE_URL"] {
        assert!(problem.hint.en.contains(step), "{}", problem.hint.en);
        assert!(problem.hint.zh.contains(step), "{}", problem.hint.zh);
    }
}

#[test]
fn a_cache_that_cannot_be_written_is_named() {
    let bench = Bench::new();
    fs::write(bench.cache(), "a file").unwrap();
    let problem = bench.provide(&Sources::default()).unwrap_err().problem();
    assert_eq!(problem.code, "cache-unusable");
    assert!(problem.message.en.contains("cache/kafka"), "{}", problem.message.en);
    assert!(problem.hint.en.contains("KAFKA_WORKBOOK_CACHE"));
}

#[test]
fn a_version_outside_the_table_is_wrong_usage() {
    let bench = Bench::new();
    for version in ["4.4.0", "../../etc", ""] {
        let cache = bench.cache();
        let wanted =
            Wanted { version, cache: &cache, kafka_home: None, archive_url: None, maven: None };
        let problem = provide(&wanted, &Silent).unwrap_err().problem();
        assert_eq!((problem.code, problem.kind), ("kafka-version-unknown", ProblemKind::Usage));
    }
    assert!(!bench.cache().exists());
}
