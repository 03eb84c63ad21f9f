//! One line of the log: a group of events that were acknowledged together.
//!
//! ```text
//! 1 9c0f2e41 {"at":"2026-03-01T07:01:12.5Z","events":[{"event":"scored","lab":"D01-4",…}]}
//! ```
//!
//! Format version, CRC-32C (RFC 3720, Castagnoli; 8 lower-case hex digits) of everything else on
//! the line with one space in its place, JSON object. JSON escapes line feeds, so a group is one
//! line whatever it holds, and it is there as a whole or not at all. Every version keeps the frame
//! `<version> <checksum> <payload>`: so a damaged version number is damage, and a sound one that
//! is not ours means a newer program.
//!
//! No line of ours begins with a byte order mark, or ends with a carriage return or with NUL bytes:
//! an editor may have added the first two to every line, a power cut the last (a file system that
//! had grown the file and not yet written to it). They are no part of a line.

use std::borrow::Cow;
use std::io::BufRead;

use jiff::Timestamp;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::event::{self, Event};

/// The format that this program writes, and the newest that it reads.
pub(super) const VERSION: u32 = 1;

const CHECKSUM_DIGITS: usize = 8;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// It ends early: a write that was interrupted by a crash, and so was never acknowledged.
    CutOff,
    /// It does not begin with a version and a checksum.
    NotALine,
    /// Its bytes were changed after they were written.
    Checksum,
    /// It is as it was written, but what was written is not a group of events.
    Misshapen {
        /// The parser's words.
        reason: String,
    },
}

/// What a sound line holds.
pub(super) struct Group {
    pub(super) at: Timestamp,
    pub(super) events: Vec<Event>,
    /// Events of names that this program does not know.
    pub(super) unknown: usize,
}

/// Why a line gives no group.
pub(super) enum Refusal {
    /// A newer program wrote it, in this version.
    Newer(u32),
    Damaged(Damage),
}

#[derive(Serialize, Deserialize)]
struct Payload<'a, E> {
    #[serde(borrow)]
    at: Cow<'a, str>,
    events: E,
}

/// The line of a group, with its line feed.
pub(super) fn encode(at: Timestamp, events: &[Event]) -> Result<Vec<u8>, serde_json::Error> {
    let payload = serde_json::to_string(&Payload { at: at.to_string().into(), events })?;
    let version = VERSION.to_string();
    let checksum = checksum(version.as_bytes(), payload.as_bytes());
    Ok(format!("{version} {checksum:08x} {payload}\n").into_bytes())
}

/// Reads a line without its line feed.
pub(super) fn decode(line: &[u8]) -> Result<Group, Refusal> {
    let (version, payload) = unframe(line).map_err(Refusal::Damaged)?;
    if version > VERSION {
        return Err(Refusal::Newer(version));
    }
    group(payload).map_err(|reason| Refusal::Damaged(Damage::Misshapen { reason }))
}

/// The version of a line that a newer program wrote. Costs no checksum on the lines of this one.
pub(super) fn newer(line: &[u8]) -> Option<u32> {
    if line.starts_with(b"1 ") {
        return None;
    }
    unframe(line).ok().map(|(version, _)| version).filter(|&version| version > VERSION)
}

/// A line as it lies in the log.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// Without its line feed and what others have added.
    pub(super) bytes: &'a [u8],
    /// Whether there was a line feed; only the last line can lack it.
    pub(super) ended: bool,
}

/// The lines of a log.
pub(super) fn lines(log: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut rest = log;
    std::iter::from_fn(move || {
        let here = rest;
        let length = rest.skip_until(b'\n').ok().filter(|&length| length > 0)?;
        let line = here.get(..length)?;
        let bytes = line.strip_suffix(b"\n");
        Some(Line { bytes: bare(bytes.unwrap_or(line)), ended: bytes.is_some() })
    })
}

fn bare(mut line: &[u8]) -> &[u8] {
    line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    while let Some((b'\0' | b'\r', rest)) = line.split_last() {
        line = rest;
    }
    line
}

fn unframe(line: &[u8]) -> Result<(u32, &[u8]), Damage> {
    let mut parts = line.splitn(3, |&byte| byte == b' ');
    let (version, sum, payload) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let number = version_number(version).ok_or(Damage::NotALine)?;
    let Some(payload) = payload else {
        let begun = sum.unwrap_or_default();
        let cut = begun.len() <= CHECKSUM_DIGITS && is_hex(begun);
        return Err(if cut { Damage::CutOff } else { Damage::NotALine });
    };
    let sum = sum.and_then(checksum_number).ok_or(Damage::NotALine)?;
    if sum == checksum(version, payload) { Ok((number, payload)) } else { Err(differs(payload)) }
}

/// A proper prefix of a JSON object is never one itself, so an early end tells a write that was
/// interrupted from bytes that were changed.
fn differs(payload: &[u8]) -> Damage {
    match serde_json::from_slice::<IgnoredAny>(payload) {
        Err(error) if error.is_eof() => Damage::CutOff,
        _ => Damage::Checksum,
    }
}

fn version_number(digits: &[u8]) -> Option<u32> {
    let canonical = digits.iter().all(u8::is_ascii_digit) && digits.first() != Some(&b'0');
    std::str::from_utf8(digits).ok().filter(|_| canonical)?.parse().ok()
}

fn checksum_number(digits: &[u8]) -> Option<u32> {
    let canonical = digits.len() == CHECKSUM_DIGITS && is_hex(digits);
    let text = std::str::from_utf8(digits).ok().filter(|_| canonical)?;
    u32::from_str_radix(text, 16).ok()
}

fn is_hex(digits: &[u8]) -> bool {
    digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

fn checksum(version: &[u8], payload: &[u8]) -> u32 {
    let head = crc32c::crc32c_append(crc32c::crc32c(version), b" ");
    crc32c::crc32c_append(head, payload)
}

fn group(payload: &[u8]) -> Result<Group, String> {
    match serde_json::from_slice::<Payload<'_, Vec<Event>>>(payload) {
        Ok(Payload { at, events }) => Ok(Group { at: time(&at)?, events, unknown: 0 }),
        Err(_) => group_with_unknown_events(payload),
    }
}

/// The slow way, for lines of a newer program that kept the format version.
fn group_with_unknown_events(payload: &[u8]) -> Result<Group, String> {
    let Payload { at, events } =
        serde_json::from_slice::<Payload<'_, Vec<Value>>>(payload).map_err(|e| e.to_string())?;
    let all = events.len();
    let events = events
        .into_iter()
        .filter(has_known_name)
        .map(serde_json::from_value)
        .collect::<Result<Vec<Event>, _>>()
        .map_err(|e| e.to_string())?;
    Ok(Group { at: time(&at)?, unknown: all - events.len(), events })
}

/// An event without a name is misshapen, not unknown.
fn has_known_name(event: &Value) -> bool {
    event.get("event").and_then(Value::as_str).is_none_or(|name| event::NAMES.contains(&name))
}

fn time(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|error: jiff::Error| error.to_string())
}
