//! The user's Maven, played by a script.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Instant;

use super::server::{Answer, Server};
use super::{Bench, JARS, PATIENT, Recorder, Sources, names_of, put_jars, release_archive};
use crate::engine::jvm::distribution::{DistributionError, Reason, Skipped, Source};
use crate::engine::report::Unit;

/// Shell lines that copy the jars of `$stock` to where Maven was told to put them.
const COPY: &str = r#"
for argument in "$@"; do
  case "$argument" in -DoutputDirectory=*) out="${argument#-DoutputDirectory=}";; esac
done
echo "[INFO] Downloaded from central: https://repo.example/kafka.jar (1 kB at 1 kB/s)"
echo "[INFO] Downloaded from central: https://repo.example/tools.jar (1 kB at 1 kB/s)"
cp "$(dirname "$0")"/stock/* "$out"
"#;

fn stocked(bench: &Bench, names: &[&str]) {
    put_jars(&bench.path().join("stock"), names);
}

#[test]
fn maven_fills_the_cache_and_tells_how_many_files_came() {
    let bench = Bench::new();
    stocked(&bench, &JARS);
    let maven = bench.script("mvn", COPY);
    let recorder = Recorder::new();
    let sources = Sources { maven: Some(&maven), ..Sources::default() };
    let got = bench.provide_with(&sources, PATIENT, &recorder).unwrap();
    assert_eq!((got.source, names_of(&got)), (Source::Maven, JARS.to_vec()));
    assert_eq!(bench.cached_names(), ["4.3.1", "4.3.1.lock"]);
    let amounts: Vec<_> = recorder.steps().into_iter().filter_map(|step| step.amount).collect();
    assert_eq!(amounts.iter().map(|amount| amount.done).collect::<Vec<_>>(), [1, 2]);
    assert!(amounts.iter().all(|amount| amount.unit == Unit::Files));
    assert_eq!(bench.provide(&sources).unwrap().source, Source::Cache);
}

#[test]
fn maven_gets_its_arguments_as_they_are_and_a_pom_of_ours() {
    let mut bench = Bench::new();
    let odd = bench.path().join("a b;$(touch pwned)'\"");
    fs::create_dir(&odd).unwrap();
    bench.folder = tempfile::tempdir_in(&odd).unwrap();
    stocked(&bench, &JARS);
    let keep = r#"printf '%s\n' "$@" > "$(dirname "$0")/arguments"
cp pom.xml "$(dirname "$0")/pom.xml"; ls -d .mvn > "$(dirname "$0")/guard""#;
    let maven = bench.script("mvn", &format!("{keep}\n{COPY}"));
    bench.provide(&Sources { maven: Some(&maven), ..Sources::default() }).unwrap();
    let kept = |name: &str| fs::read_to_string(bench.path().join(name)).unwrap();
    let arguments = kept("arguments");
    assert_eq!(arguments.lines().next(), Some("-B"));
    assert_eq!(arguments.lines().last(), Some("dependency:copy-dependencies"));
    assert!(kept("pom.xml").contains("<artifactId>kafka_2.13</artifactId>"));
    assert_eq!(kept("guard"), ".mvn\n");
}

#[test]
fn a_failing_maven_is_quoted_and_the_archive_is_tried_next() {
    let bench = Bench::new();
    let maven = bench.script(
        "mvn",
        "echo '[INFO] Scanning for projects...'
echo '[ERROR] Could not transfer artifact org.apache.kafka:kafka_2.13: connection refused -> [Help 1]'
echo '[ERROR] '
echo '[ERROR] Re-run Maven using the -X switch to enable full debug logging.'
exit 1",
    );
    let sources = Sources { maven: Some(&maven), ..Sources::default() };
    let message = bench.provide(&sources).unwrap_err().to_string();
    let quoted =
        "\n    Could not transfer artifact org.apache.kafka:kafka_2.13: connection refused\n";
    assert!(message.contains(quoted), "{message}");
    assert!(!message.contains("Re-run"), "{message}");

    let archive = release_archive();
    let server =
        Server::of_archive(&archive.clone(), move |_, _| Answer::new(200, archive.clone()));
    let url = server.url();
    let got = bench.provide(&Sources { url: Some(&url), ..sources }).unwrap();
    assert_eq!(got.source, Source::Archive);
    let skipped = got.skipped.last().unwrap();
    assert!(matches!(
        skipped,
        Skipped { source: Source::Maven, reason: Reason::MavenFailed { .. } }
    ));
}

#[test]
fn a_maven_that_brings_too_little_or_does_not_start_fills_no_cache() {
    let bench = Bench::new();
    stocked(&bench, &JARS[..2]);
    let half = bench.script("mvn", COPY);
    let name = "kafka_2.13-4.3.1.jar".to_owned();
    assert_eq!(maven_reason(&bench, &half), Reason::JarMissing { name });
    let reason = maven_reason(&bench, &bench.path().join("stock"));
    assert!(matches!(reason, Reason::MavenNotStarted { .. }), "{reason:?}");
    assert_eq!(bench.cached_names(), ["4.3.1.lock"]);
}

fn maven_reason(bench: &Bench, program: &Path) -> Reason {
    let sources = Sources { maven: Some(program), ..Sources::default() };
    match bench.provide(&sources).unwrap_err() {
        DistributionError::NoSource { tried, .. } => {
            tried.into_iter().find(|skipped| skipped.source == Source::Maven).unwrap().reason
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn calling_it_off_ends_maven_and_what_it_started() {
    let bench = Bench::new();
    // Like a launcher that starts Java as its child.
    let maven = bench.script(
        "mvn",
        r#"sleep 600 & echo $! > "$(dirname "$0")/child"; echo $$ > "$(dirname "$0")/self"
echo "[INFO] Downloaded from central: https://repo.example/kafka.jar (1 kB at 1 kB/s)"
wait"#,
    );
    let recorder = Recorder::stopping_at(|step| step.amount.is_some());
    let sources = Sources { maven: Some(&maven), ..Sources::default() };
    let error = bench.provide_with(&sources, PATIENT, &recorder).unwrap_err();
    assert!(matches!(error, DistributionError::Cancelled), "{error:?}");
    assert_eq!(bench.cached_names(), ["4.3.1.lock"]);
    for name in ["self", "child"] {
        let pid = fs::read_to_string(bench.path().join(name)).unwrap();
        let deadline = Instant::now() + PATIENT.silence;
        while is_running(pid.trim()) {
            assert!(Instant::now() < deadline, "{name} goes on");
            thread::yield_now();
        }
    }
}

/// A process that has ended may stay listed until it is reaped.
fn is_running(pid: &str) -> bool {
    let listed = Command::new("ps").args(["-o", "stat=", "-p", pid]).output().unwrap();
    let state = String::from_utf8(listed.stdout).unwrap();
    !state.trim().is_empty() && !state.trim().starts_with('Z')
}
