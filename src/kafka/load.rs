//! Appends records as a real client does: librdkafka, batching and all.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::DeliveryResult;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer, ProducerContext};
use thiserror::Error;
use tokio::task::spawn_blocking;

use crate::phrase;
use crate::problem::{Explain, Problem};

/// While deliveries are waited for, it is looked this often whether all are there or time is over:
/// `BaseProducer::poll` takes its whole time, whatever has come.
const SERVE: Duration = Duration::from_millis(5);

/// A record to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecord {
    /// Where to.
    pub partition: i32,
    /// The key, unless null.
    pub key: Option<Vec<u8>>,
    /// The value.
    pub value: Vec<u8>,
}

/// Records that were not appended, or of which that is not known.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{} of {sent} records were appended to {topic}: {reason}", sent - missing)]
pub struct LoadError {
    topic: String,
    sent: u64,
    missing: u64,
    /// What librdkafka says of the first one.
    reason: String,
}

/// What became of the records.
#[derive(Debug, Default)]
struct Receipts {
    delivered: AtomicU64,
    /// Of the first record that was refused.
    trouble: Mutex<Option<String>>,
    /// What librdkafka says last of a broker that it tries again and again.
    complaint: Mutex<Option<String>>,
}

impl ClientContext for Receipts {
    fn error(&self, error: KafkaError, reason: &str) {
        // That none of one broker is up is no news after what was wrong with it.
        if error.rdkafka_error_code() != Some(RDKafkaErrorCode::AllBrokersDown) {
            *locked(&self.complaint) = Some(reason.to_owned());
        }
    }
}

impl ProducerContext for Receipts {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        match result {
            Ok(_) => {
                self.delivered.fetch_add(1, Ordering::Relaxed);
            }
            Err((error, _)) => self.note(error),
        }
    }
}

impl Receipts {
    fn note(&self, error: &KafkaError) {
        locked(&self.trouble).get_or_insert_with(|| error.to_string());
    }

    fn reason(&self) -> String {
        let (trouble, complaint) = (locked(&self.trouble).take(), locked(&self.complaint).take());
        let trouble = trouble.unwrap_or_else(|| "no receipt in time".to_owned());
        complaint.map_or_else(|| trouble.clone(), |complaint| format!("{trouble} ({complaint})"))
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Appends `records` once each, to a topic of the cluster at `servers`; returns when every in-sync
/// replica has them all, or when `patience` is over.
///
/// # Errors
/// [`LoadError`] if a single one has no good receipt.
pub async fn load(
    servers: String,
    topic: String,
    records: impl Iterator<Item = NewRecord> + Send + 'static,
    patience: Duration,
) -> Result<(), LoadError> {
    let (to, deadline) = (topic.clone(), Instant::now() + patience);
    let sending = spawn_blocking(move || send(&servers, &to, records, deadline));
    let failed = |reason| LoadError { topic: topic.clone(), sent: 0, missing: 0, reason };
    let sent = sending.await.map_err(|e| failed(e.to_string()))?;
    let Sent { handed_over: sent, delivered, reason } = sent.map_err(|e| failed(e.to_string()))?;
    match sent - delivered {
        0 => Ok(()),
        missing => Err(LoadError { topic, sent, missing, reason }),
    }
}

/// What was handed over, what arrived, and why not all of it.
struct Sent {
    handed_over: u64,
    delivered: u64,
    reason: String,
}

fn send(
    servers: &str,
    topic: &str,
    records: impl Iterator<Item = NewRecord>,
    deadline: Instant,
) -> Result<Sent, KafkaError> {
    let producer: BaseProducer<Receipts> = ClientConfig::new()
        .set("bootstrap.servers", servers)
        .set("client.id", "kafka-workbook")
        .set("acks", "all")
        // Sent again, a record may be there twice. Idempotence would tell them apart, but a fresh
        // cluster takes half a second to give out its first producer id.
        .set("message.send.max.retries", "0")
        .set("linger.ms", "0")
        .create_with_context(Receipts::default())?;
    let receipts = producer.context();
    let mut sent = 0;
    for record in records {
        sent += 1;
        if let Err(error) = enqueue(&producer, topic, &record, deadline) {
            receipts.note(&error);
            break;
        }
    }
    // Not by `flush`, which looks every 100 ms. That it took too long is known by what is missing.
    while producer.in_flight_count() > 0 && Instant::now() < deadline {
        producer.poll(SERVE.min(deadline.saturating_duration_since(Instant::now())));
    }
    let delivered = receipts.delivered.load(Ordering::Relaxed);
    Ok(Sent { handed_over: sent, delivered, reason: receipts.reason() })
}

/// Hands a record over; waits for a place in the queue.
fn enqueue(
    producer: &BaseProducer<Receipts>,
    topic: &str,
    NewRecord { partition, key, value }: &NewRecord,
    deadline: Instant,
) -> Result<(), KafkaError> {
    let mut record = BaseRecord::to(topic).partition(*partition).payload(value);
    record.key = key.as_ref();
    loop {
        record = match producer.send(record) {
            Ok(()) => return Ok(()),
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), record))
                if Instant::now() < deadline =>
            {
                producer.poll(SERVE);
                record
            }
            Err((error, _)) => return Err(error),
        };
    }
}

impl Explain for LoadError {
    fn problem(&self) -> Problem {
        let Self { topic, sent, missing, reason } = self;
        Problem::could_not_ask(
            "load-refused",
            phrase!(
                "{missing} of {sent} records were not appended to {topic}: {reason}",
                "{topic} 的 {sent} 条消息中有 {missing} 条没有写入：{reason}"
            ),
            phrase!(
                "see which nodes run: kafka-workbook env status",
                "查看哪些节点在运行：kafka-workbook env status"
            ),
        )
    }
}
