//! One GET whose answer can be waited for without being stuck in it.

use std::io::{self, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use ureq::http::header::{
    ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, IF_RANGE, LAST_MODIFIED, RANGE,
};
use ureq::http::{HeaderMap, HeaderName, Uri};

use super::POLL;
use crate::engine::report::Report;

/// How long to wait for a server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// For a name, and for a connection with TLS and proxy.
    pub connect: Duration,
    /// For the next byte.
    pub silence: Duration,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub url: String,
    /// The first byte wanted.
    pub from: u64,
    /// The rest is wanted only of this version of the file; else all of it.
    pub validator: Option<String>,
}

/// How an answer begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub status: u16,
    /// Bytes that follow.
    pub length: Option<u64>,
    /// First byte and size of the whole, where the answer is a part.
    pub range: ContentRange,
    /// What tells this version of the file: a strong `ETag`, else its date.
    pub validator: Option<String>,
}

/// `Content-Range: bytes 5-9/10` or `bytes */10` (RFC 9110 §14.4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ContentRange {
    pub first: Option<u64>,
    pub size: Option<u64>,
}

/// What comes.
#[derive(Debug)]
pub(super) enum Event {
    Head(Head),
    Bytes(Vec<u8>),
    End,
}

/// Why nothing more comes.
#[derive(Debug)]
pub(super) enum Interruption {
    Cancelled,
    Silent,
    Failed(String),
}

/// A running exchange; its thread ends soon after this is dropped.
#[derive(Debug)]
pub(super) struct Exchange {
    events: Receiver<Result<Event, ureq::Error>>,
    silence: Duration,
}

impl Exchange {
    pub(super) fn start(request: Request, limits: Limits) -> Self {
        // Few blocks in flight: a slow disk holds the sender back.
        let (sender, events) = mpsc::sync_channel(4);
        thread::spawn(move || {
            let last = exchange(&request, limits, &sender).map(|()| Event::End);
            // Nobody listens after a cancellation.
            let _unheard = sender.send(last);
        });
        Self { events, silence: limits.silence }
    }

    /// Waits for the next event, but no longer than the silence allowed.
    pub(super) fn next(&self, report: &dyn Report) -> Result<Event, Interruption> {
        let deadline = Instant::now() + self.silence;
        loop {
            if report.cancelled() {
                return Err(Interruption::Cancelled);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left.min(POLL)) {
                Ok(Ok(event)) => return Ok(event),
                Ok(Err(ureq::Error::Timeout(
                    ureq::Timeout::PerRead | ureq::Timeout::RecvResponse,
                ))) => return Err(Interruption::Silent),
                Ok(Err(error)) => return Err(Interruption::Failed(error.to_string())),
                Err(RecvTimeoutError::Timeout) if left.is_zero() => {
                    return Err(Interruption::Silent);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(Event::End),
            }
        }
    }
}

type Sender = SyncSender<Result<Event, ureq::Error>>;

const BLOCK: usize = 64 * 1024;

fn exchange(request: &Request, limits: Limits, events: &Sender) -> Result<(), ureq::Error> {
    let mut answer = call(request, limits)?;
    if events.send(Ok(Event::Head(head(answer.status().as_u16(), answer.headers())))).is_err() {
        return Ok(());
    }
    let mut body = answer.body_mut().as_reader();
    loop {
        let mut block = vec![0; BLOCK];
        let read = match body.read(&mut block) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        block.truncate(read);
        if read == 0 || events.send(Ok(Event::Bytes(block))).is_err() {
            return Ok(());
        }
    }
}

fn call(
    request: &Request,
    limits: Limits,
) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
    let mut config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .user_agent(concat!("kafka-workbook/", env!("CARGO_PKG_VERSION")))
        .timeout_resolve(Some(limits.connect))
        .timeout_connect(Some(limits.connect))
        .timeout_recv_response(Some(limits.silence))
        .timeout_per_read(Some(limits.silence));
    if is_loopback(&request.url) {
        config = config.proxy(None);
    }
    let mut get = ureq::Agent::new_with_config(config.build())
        .get(&request.url)
        // A range counts bytes of the file, not of some encoding of it.
        .header(ACCEPT_ENCODING, "identity");
    if request.from > 0 {
        get = get.header(RANGE, format!("bytes={}-", request.from));
        if let Some(validator) = &request.validator {
            get = get.header(IF_RANGE, validator);
        }
    }
    get.call()
}

/// No proxy leads to this machine.
fn is_loopback(url: &str) -> bool {
    let uri: Option<Uri> = url.parse().ok();
    let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

fn head(status: u16, headers: &HeaderMap) -> Head {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    // A weak ETag is no validator for a range (RFC 9110 §13.1.5).
    let strong = text(ETAG).filter(|tag| !tag.starts_with("W/"));
    Head {
        status,
        length: text(CONTENT_LENGTH).and_then(|length| length.trim().parse().ok()),
        range: text(CONTENT_RANGE).map(content_range).unwrap_or_default(),
        validator: strong.or_else(|| text(LAST_MODIFIED)).map(str::to_owned),
    }
}

fn content_range(value: &str) -> ContentRange {
    let Some((range, size)) =
        value.trim().strip_prefix("bytes ").and_then(|value| value.split_once('/'))
    else {
        return ContentRange::default();
    };
    let first = range.split_once('-').and_then(|(first, _)| first.trim().parse().ok());
    ContentRange { first, size: size.trim().parse().ok() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn content_range_tells_first_byte_and_size() {
        let read = |first, size| ContentRange { first, size };
        assert_eq!(content_range("bytes 5-9/10"), read(Some(5), Some(10)));
        assert_eq!(content_range("bytes 5-9/*"), read(Some(5), None));
        assert_eq!(content_range("bytes */10"), read(None, Some(10)));
        assert_eq!(content_range("items 5-9/10"), read(None, None));
    }

    #[test]
    fn a_weak_etag_is_not_used_to_resume() {
        let mut headers = HeaderMap::new();
        headers.insert(ETAG, "W/\"a\"".parse().unwrap());
        assert_eq!(head(200, &headers).validator, None);
        headers.insert(LAST_MODIFIED, "Tue, 01 Sep 2026 00:00:00 GMT".parse().unwrap());
        assert_eq!(head(200, &headers).validator.as_deref(), Some("Tue, 01 Sep 2026 00:00:00 GMT"));
        headers.insert(ETAG, "\"a\"".parse().unwrap());
        assert_eq!(head(200, &headers).validator.as_deref(), Some("\"a\""));
    }

    #[test]
    fn loopback_is_asked_without_a_proxy() {
        for url in ["http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]:80/x"] {
            assert!(is_loopback(url), "{url}");
        }
        assert!(!is_loopback("https://archive.example/x"));
        assert!(!is_loopback("nonsense"));
    }

    proptest! {
        #[test]
        fn any_content_range_is_read_without_a_panic(value in ".*") {
            content_range(&value);
        }
    }
}
