//! A million records on a live broker, read for grading: `cargo bench --bench records`.
//!
//! Beside it what a learner would read them with: `kcat -C` (where it is installed) and Kafka's own
//! console consumer. Runs in a home of its own, on the jvm engine, and removes it.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench prints, and has nobody to hand an error to"
)]

use std::convert::Infallible;
use std::ffi::OsString;
use std::process::{ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::try_join_all;
use kafka_workbook::engine::choose::Choice;
use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::engine::readiness::wait_for_topics;
use kafka_workbook::engine::report::Silent;
use kafka_workbook::grade::records::{TopicRecords, sources};
use kafka_workbook::kafka::admin::{NewTopic, create_topics};
use kafka_workbook::kafka::client::Client;
use kafka_workbook::kafka::committed::CommittedBatch;
use kafka_workbook::kafka::load::{NewRecord, load};
use kafka_workbook::kafka::scan::{Visit, scan};
use kafka_workbook::lab::start::start;
use kafka_workbook::lab::{Workbook, environments, shell};
use kafka_workbook::problem::Problem;

mod common;

use common::{line, workbook};

const LAB: &str = "D01-4";
const TOPIC: &str = "million";
const RECORDS: u32 = 1_000_000;
const KEYS: u32 = 1000;
const PARTITIONS: u32 = 6;
const VALUE_BYTES: usize = 100;
const RUNS: usize = 7;
const TOOL_RUNS: usize = 3;
const PATIENCE: Duration = Duration::from_mins(1);

fn main() -> ExitCode {
    let home = tempfile::tempdir().expect("a temporary home");
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let workbook = workbook(home.path());
    let measured = runtime.block_on(measure(&workbook));
    let removed = runtime.block_on(environments::down_all(&workbook, &Silent));
    match measured.and(removed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("not measured: {problem} ({})", problem.hint);
            ExitCode::FAILURE
        }
    }
}

async fn measure(workbook: &Workbook) -> Result<(), Problem> {
    let lab = workbook.lab(LAB)?;
    let engine = Choice::Only(EngineKind::Jvm);
    let cluster = start(workbook, lab, engine, PATIENCE, Arc::new(Silent)).await?.cluster;
    let client = cluster.client(PATIENCE);
    let topic = NewTopic {
        name: TOPIC.to_owned(),
        partitions: i32::try_from(PARTITIONS).expect("few"),
        replication_factor: 1,
    };
    create_topics(&client, &cluster.brokers()[0], &[topic]).await?;
    wait_for_topics(&cluster, &[TOPIC.to_owned()], PATIENCE).await?;
    let begun = Instant::now();
    load(cluster.bootstrap_servers(), TOPIC.to_owned(), records(), PATIENCE).await?;
    println!(
        "{RECORDS} records of {VALUE_BYTES} bytes in {PARTITIONS} partitions, written in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    let mut taken = Vec::new();
    for _ in 0..RUNS {
        taken.push(headers(&client).await?);
    }
    line("batch headers alone", &mut taken);
    let mut taken = Vec::new();
    for _ in 0..RUNS {
        taken.push(counted(&client).await?);
    }
    line("every record decoded and counted by its key", &mut taken);
    beside(workbook, &cluster.bootstrap_servers())
}

fn records() -> impl Iterator<Item = NewRecord> + Send + 'static {
    (0..RECORDS).map(|number| NewRecord {
        partition: i32::try_from(number % PARTITIONS).expect("few"),
        key: Some(format!("key-{}", number % KEYS).into_bytes()),
        value: format!("{number:0VALUE_BYTES$}").into_bytes(),
    })
}

struct Headers(u64);

impl Visit for Headers {
    type Error = Infallible;

    fn visit(&mut self, batch: &CommittedBatch<'_>) -> Result<(), Infallible> {
        self.0 += u64::try_from(batch.header().records).unwrap_or_default();
        Ok(())
    }
}

async fn headers(client: &Client) -> Result<Duration, Problem> {
    let begun = Instant::now();
    let metadata = client.metadata().await?;
    let sources = sources(&metadata, TOPIC, &metadata.topics[TOPIC])?;
    let scans = sources.iter().map(|source| scan(client, source, Headers(0)));
    let found: u64 = try_join_all(scans).await?.iter().map(|(_, Headers(count))| count).sum();
    assert_eq!(found, u64::from(RECORDS), "headers tell of other records than were written");
    Ok(begun.elapsed())
}

async fn counted(client: &Client) -> Result<Duration, Problem> {
    let begun = Instant::now();
    let metadata = client.metadata().await?;
    let records = TopicRecords::read(client, &metadata, TOPIC).await?.expect("the topic is there");
    assert_eq!(records.count(), u64::from(RECORDS), "other records than were written");
    assert_eq!(records.by_key().len(), KEYS as usize, "other keys than were written");
    Ok(begun.elapsed())
}

fn beside(workbook: &Workbook, servers: &str) -> Result<(), Problem> {
    let count = RECORDS.to_string();
    let kcat = ["kcat", "-C", "-b", servers, "-t", TOPIC, "-e", "-q", "-o", "beginning"];
    let console = [
        "kafka-console-consumer.sh",
        "--bootstrap-server",
        servers,
        "--topic",
        TOPIC,
        "--from-beginning",
        "--max-messages",
        &count,
    ];
    for words in [&kcat[..], &console[..]] {
        let mut taken = Vec::new();
        for _ in 0..TOOL_RUNS {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            let mut command = shell::command(workbook, workbook.lab(LAB)?, &words)?;
            let begun = Instant::now();
            match command.stdout(Stdio::null()).stderr(Stdio::null()).status() {
                Ok(status) if status.success() => taken.push(begun.elapsed()),
                _ => break,
            }
        }
        if taken.len() == TOOL_RUNS {
            line(words[0], &mut taken);
        } else {
            eprintln!("{}: not measured, it does not run here", words[0]);
        }
    }
    Ok(())
}
