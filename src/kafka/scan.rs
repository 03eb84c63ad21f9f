//! Reads a partition from its beginning to its last stable offset.
//!
//! One task fetches while another, where blocking is allowed, takes apart what has come: the
//! network and the codecs do not wait for each other.

use std::fmt;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};

use super::ask::AskError;
use super::batch::{BatchHeader, Batches};
use super::client::Client;
use super::committed::{CommittedBatch, Filter};
use super::fetch::{Extent, Fetched, QUESTION, Source, fetch, fetch_first};

/// Answers that may wait to be taken apart.
const AHEAD: usize = 2;

/// What is made of a partition's batches. Only committed data are shown, oldest first; reading
/// keys and values costs their decompression, so it is up to the visitor.
pub trait Visit: Send + 'static {
    /// What is wrong with a batch; ends the scan.
    type Error: fmt::Display + Send;

    /// Takes the next batch in.
    fn visit(&mut self, batch: &CommittedBatch<'_>) -> Result<(), Self::Error>;

    /// Is told of a batch that does not count: a marker, or of an aborted transaction.
    fn pass_over(&mut self, _header: &BatchHeader) {}
}

/// Shows every batch of committed data in a partition to `visitor`, and returns it with the extent
/// of the log at the end. Gives up after twice the client's patience.
///
/// # Errors
/// Whatever keeps a single batch from being read: a count with a gap would tell of what is not so.
pub async fn scan<V: Visit>(
    client: &Client,
    source: &Source,
    visitor: V,
) -> Result<(Extent, V), AskError> {
    let (pieces, waiting) = mpsc::channel(AHEAD);
    let patience = client.patience() * 2;
    let deadline = Instant::now() + patience;
    let visiting = spawn_blocking(move || visit_all(waiting, visitor, deadline));
    let fetched = timeout_at(deadline, fetch_all(client, source, pieces)).await;
    let visited = visiting.await;
    let malformed = |reason: String| malformed(source, reason);
    let late = || AskError::TimedOut {
        address: source.leader.clone(),
        question: QUESTION,
        after: patience,
    };
    // What the visitor met is told first: it may be why there was no fetching on.
    let visitor = visited.map_err(|e| malformed(e.to_string()))?.map_err(malformed)?;
    let extent = fetched.map_err(|_| late())??;
    Ok((extent, visitor.ok_or_else(late)?))
}

/// Some batches of a log in a row.
struct Piece {
    fetched: Fetched,
    from: i64,
}

/// Sends the log on, piece by piece; ends early where nobody takes it.
async fn fetch_all(
    client: &Client,
    source: &Source,
    pieces: mpsc::Sender<Piece>,
) -> Result<Extent, AskError> {
    let (mut from, mut fetched) = fetch_first(client, source).await?;
    loop {
        let extent = fetched.extent;
        let next = end_of(source, &fetched.records, from)?;
        if pieces.send(Piece { fetched, from }).await.is_err() || next >= extent.stable {
            return Ok(extent);
        }
        if next == from {
            let stable = extent.stable;
            let reason =
                format!("no batch at offset {from}, below the last stable offset {stable}");
            return Err(malformed(source, reason));
        }
        from = next;
        fetched = fetch(client, source, from).await?;
    }
}

/// The offset after the last whole batch, which none before may reach.
fn end_of(source: &Source, records: &Bytes, from: i64) -> Result<i64, AskError> {
    let mut end = from;
    for batch in Batches::new(records) {
        let header = batch.map_err(|e| malformed(source, e.to_string()))?.header;
        let next = header.next_offset();
        if next <= end {
            let reason = format!("a batch beyond offset {end} expected, one up to {next} found");
            return Err(malformed(source, reason));
        }
        end = next;
    }
    Ok(end)
}

fn malformed(source: &Source, reason: String) -> AskError {
    AskError::Malformed { address: source.leader.clone(), question: QUESTION, reason }
}

/// The visitor after all pieces; `None` if they were too much for the time until `deadline`: a few
/// kilobytes may be many records.
fn visit_all<V: Visit>(
    mut pieces: mpsc::Receiver<Piece>,
    mut visitor: V,
    deadline: Instant,
) -> Result<Option<V>, String> {
    while let Some(Piece { fetched, from }) = pieces.blocking_recv() {
        let mut filter = Filter::new(fetched.aborted);
        for batch in Batches::new(&fetched.records) {
            if Instant::now() >= deadline {
                return Ok(None);
            }
            let batch = batch.map_err(|e| e.to_string())?;
            batch.check_crc().map_err(|e| e.to_string())?;
            if filter.keeps(&batch).map_err(|e| e.to_string())? {
                visitor.visit(&CommittedBatch::new(batch, from)).map_err(|e| e.to_string())?;
            } else {
                visitor.pass_over(&batch.header);
            }
        }
    }
    Ok(Some(visitor))
}
