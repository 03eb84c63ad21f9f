//! The release archive: whole, cut off, resumed, called off.

use std::fs;
use std::time::Duration;

use super::server::{Answer, Server};
use super::{Bench, JARS, PATIENT, Recorder, Sources, names_of, put_jars, release_archive};
use crate::engine::jvm::distribution::http::Limits;
use crate::engine::jvm::distribution::{DistributionError, Reason, Source};
use crate::engine::report::Unit;
use crate::problem::Explain as _;

const ETAG: &str = "ETag: \"one\"";

#[test]
fn a_release_archive_gives_its_jars_and_nothing_else_stays() {
    let (bench, archive) = (Bench::new(), release_archive());
    let content = archive.clone();
    let server = Server::of_archive(&archive, move |_, _| Answer::new(200, content.clone()));
    let url = server.url();
    let recorder = Recorder::new();
    // A slash at the end of the address is no part of it.
    let slashed = format!("{url}/");
    let sources = Sources { url: Some(&slashed), ..Sources::default() };
    let got = bench.provide_with(&sources, PATIENT, &recorder).unwrap();

    assert_eq!(got.source, Source::Archive);
    assert_eq!(names_of(&got), JARS);
    assert!(got.jars.iter().all(|jar| jar.is_absolute() && jar.is_file()));
    assert_eq!(server.asked()[0].path, "/dist/kafka/4.3.1/kafka_2.13-4.3.1.tgz");
    assert_eq!(bench.cached_names(), ["4.3.1", "4.3.1.lock"]);
    assert_eq!(fs::read_dir(bench.entry().join("libs")).unwrap().count(), JARS.len());

    let amounts: Vec<_> = recorder.steps().into_iter().filter_map(|step| step.amount).collect();
    let size = archive.len() as u64;
    assert!(amounts.iter().all(|amount| amount.unit == Unit::Bytes));
    assert!(amounts.iter().all(|amount| amount.total == Some(size)), "{amounts:?}");
    assert_eq!(amounts.last().unwrap().done, size);

    let again = bench.provide(&sources).unwrap();
    assert_eq!((again.source, again.jars), (Source::Cache, got.jars));
    assert_eq!(again.fingerprint, got.fingerprint);
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_download_that_breaks_off_is_resumed_and_only_the_rest_is_sent() {
    let (bench, archive) = (Bench::new(), release_archive());
    let (content, half) = (archive.clone(), archive.len() / 2);
    let server = Server::of_archive(&archive, move |_, before| match before {
        0 => Answer::new(200, content.clone()).header(ETAG).cut(half),
        _ => Answer::rest(&content, half),
    });
    let got = bench.provide(&Sources { url: Some(&server.url()), ..Sources::default() }).unwrap();

    assert_eq!(names_of(&got), JARS);
    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].range, None);
    assert_eq!(asked[1].range, Some(format!("bytes={half}-")));
    assert_eq!(asked[1].if_range.as_deref(), Some("\"one\""));
    assert_eq!(asked[0].sent + asked[1].sent, archive.len());
}

#[test]
fn a_silent_server_is_given_up_and_the_next_run_resumes() {
    let (bench, archive) = (Bench::new(), release_archive());
    let (content, half) = (archive.clone(), archive.len() / 2);
    let server = Server::of_archive(&archive, move |_, before| match before {
        0 => Answer::new(200, content.clone()).cut(half).hang(),
        _ => Answer::rest(&content, half),
    });
    let impatient = Limits { silence: Duration::from_secs(1), ..PATIENT };
    let reason = bench.archive_reason(&server.url(), impatient);
    let (kept, total) = (half as u64, Some(archive.len() as u64));
    let url = format!("{}/4.3.1/kafka_2.13-4.3.1.tgz", server.url());
    assert_eq!(reason, Reason::Silent { url, seconds: 1, kept, total });
    assert_eq!(fs::metadata(bench.part()).unwrap().len(), kept);

    let got = bench.provide(&Sources { url: Some(&server.url()), ..Sources::default() }).unwrap();
    assert_eq!(names_of(&got), JARS);
    assert_eq!(server.asked()[1].range, Some(format!("bytes={half}-")));
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let bench = Bench::new();
    let server = Server::start(|_, _| Answer::new(200, "").cut(0).header("X: y").hang());
    // The head comes, the body does not: `Content-Length` is made to promise more.
    let mute = Server::start(|_, _| Answer::new(200, vec![b'0'; 10]).cut(0).hang());
    let impatient = Limits { silence: Duration::from_millis(100), ..PATIENT };
    let reason = bench.archive_reason(&mute.url(), impatient);
    assert!(matches!(reason, Reason::Silent { kept: 0, .. }), "{reason:?}");
    let reason = bench.archive_reason(&server.url(), PATIENT);
    assert!(matches!(reason, Reason::ChecksumUnreadable { .. }), "{reason:?}");
}

#[test]
fn a_connection_that_keeps_breaking_ends_in_an_error_that_says_it_resumes() {
    let (bench, archive) = (Bench::new(), release_archive());
    let content = archive.clone();
    let server = Server::of_archive(&archive, move |asked, before| match &asked.range {
        None => Answer::new(200, content.clone()).cut(1000),
        Some(_) => Answer::rest(&content, 1000 * before).cut(1000),
    });
    let url = server.url();
    let error = bench.provide(&Sources { url: Some(&url), ..Sources::default() }).unwrap_err();
    assert_eq!(server.asked().len(), 4);
    assert_eq!(fs::metadata(bench.part()).unwrap().len(), 4000);
    let problem = error.problem();
    assert!(problem.message.en.contains(" MiB are kept"), "{}", problem.message.en);
    assert!(problem.hint.en.starts_with("run it again: the download resumes"), "{problem:?}");
}

#[test]
fn a_server_that_ignores_the_range_is_downloaded_from_anew() {
    let (bench, archive) = (Bench::new(), release_archive());
    let (content, half) = (archive.clone(), archive.len() / 2);
    let server = Server::of_archive(&archive, move |_, before| match before {
        0 => Answer::new(200, content.clone()).cut(half),
        _ => Answer::new(200, content.clone()),
    });
    let got = bench.provide(&Sources { url: Some(&server.url()), ..Sources::default() }).unwrap();
    assert_eq!(names_of(&got), JARS);
    assert!(server.asked()[1].range.is_some());
}

#[test]
fn a_part_that_does_not_fit_is_dropped_and_downloaded_anew() {
    let archive = release_archive();
    let size = archive.len();
    // What the server answers to the range: nothing there, another place, more than it has.
    let misfits: [fn(&[u8]) -> Answer; 3] = [
        |_| Answer::new(416, "").header("Content-Range: bytes */7"),
        |file| Answer::rest(file, 5),
        |file| Answer::new(206, file),
    ];
    for misfit in misfits {
        let bench = Bench::new();
        fs::create_dir_all(bench.cache().join("kafka")).unwrap();
        fs::write(bench.part(), vec![0; size / 3]).unwrap();
        let content = archive.clone();
        let server = Server::of_archive(&archive, move |asked, _| match asked.range {
            Some(_) => misfit(&content),
            None => Answer::new(200, content.clone()),
        });
        let sources = Sources { url: Some(&server.url()), ..Sources::default() };
        assert_eq!(names_of(&bench.provide(&sources).unwrap()), JARS);
        let ranges: Vec<_> = server.asked().into_iter().map(|asked| asked.range).collect();
        assert_eq!(ranges, [Some(format!("bytes={}-", size / 3)), None]);
    }
}

#[test]
fn a_part_that_is_already_whole_is_not_downloaded_again() {
    let (bench, archive) = (Bench::new(), release_archive());
    fs::create_dir_all(bench.cache().join("kafka")).unwrap();
    fs::write(bench.part(), &archive).unwrap();
    let size = archive.len();
    let server = Server::of_archive(&archive, move |_, _| {
        Answer::new(416, "").header(&format!("Content-Range: bytes */{size}"))
    });
    let got = bench.provide(&Sources { url: Some(&server.url()), ..Sources::default() }).unwrap();
    assert_eq!(names_of(&got), JARS);
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_download_called_off_in_the_middle_keeps_its_part() {
    let (bench, archive) = (Bench::new(), release_archive());
    let (content, half) = (archive.clone(), archive.len() / 2);
    let server = Server::of_archive(&archive, move |_, before| match before {
        0 => Answer::new(200, content.clone()).cut(half).hang(),
        _ => Answer::rest(&content, half),
    });
    let recorder = Recorder::stopping_at(|step| {
        step.amount.is_some_and(|amount| amount.done * 2 + 1 >= amount.total.unwrap())
    });
    let url = server.url();
    let sources = Sources { url: Some(&url), ..Sources::default() };
    let error = bench.provide_with(&sources, PATIENT, &recorder).unwrap_err();
    assert!(matches!(error, DistributionError::Cancelled), "{error:?}");
    assert_eq!(bench.cached_names(), ["4.3.1.lock", "kafka_2.13-4.3.1.tgz.part"]);
    assert_eq!(fs::metadata(bench.part()).unwrap().len(), half as u64);

    assert_eq!(names_of(&bench.provide(&sources).unwrap()), JARS);
    assert_eq!(server.asked()[1].range, Some(format!("bytes={half}-")));
}

#[test]
fn a_damaged_entry_is_replaced() {
    let archive = release_archive();
    let damages: [fn(&Bench); 4] = [
        |bench| fs::remove_file(bench.entry().join("libs").join(JARS[4])).unwrap(),
        |bench| fs::write(bench.entry().join("libs").join(JARS[4]), b"PK\x03\x04").unwrap(),
        |bench| fs::write(bench.entry().join("manifest.json"), b"{").unwrap(),
        |bench| {
            // Killed between two files: jars, but no manifest.
            fs::remove_file(bench.entry().join("manifest.json")).unwrap();
            put_jars(&bench.cache().join("kafka/4.3.1.new/entry/libs"), &["left-behind.jar"]);
        },
    ];
    for damage in damages {
        let (bench, content) = (Bench::new(), archive.clone());
        let server = Server::of_archive(&archive, move |_, _| Answer::new(200, content.clone()));
        let url = server.url();
        let sources = Sources { url: Some(&url), ..Sources::default() };
        bench.provide(&sources).unwrap();
        damage(&bench);
        let got = bench.provide(&sources).unwrap();
        assert_eq!((got.source, names_of(&got)), (Source::Archive, JARS.to_vec()));
        assert_eq!(bench.provide(&sources).unwrap().source, Source::Cache);
        assert_eq!(bench.cached_names(), ["4.3.1", "4.3.1.lock"]);
        assert_eq!(server.asked().len(), 2);
    }
}
