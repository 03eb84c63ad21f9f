//! Kafka's jars from the Apache project's release archive.

use std::path::Path;

use super::cache::Cache;
use super::download::Download;
use super::error::{DistributionError, Obstacle, Reason};
use super::http::{Event, Exchange, Interruption, Limits, Request};
use super::release::Release;
use super::{checksum, text, unpack};
use crate::engine::report::{Report, Step};

/// Where the Apache project keeps every release.
const DEFAULT_URL: &str = "https://archive.apache.org/dist/kafka";

/// A checksum file is smaller than this, in bytes.
const CHECKSUM_LIMIT: usize = 64 * 1024;

/// Fills `libs`. `base` is the address above the folders of versions.
pub(super) fn fetch(
    base: Option<&str>,
    release: &Release,
    cache: &Cache,
    libs: &Path,
    limits: Limits,
    report: &dyn Report,
) -> Result<(), Obstacle> {
    let base = base.unwrap_or(DEFAULT_URL).trim_end_matches('/');
    let url = format!("{base}/{}/{}", release.version, release.archive_name());
    report.step(&Step::new(text::asking_for_checksum(release.version)));
    let expected = checksum_of(&format!("{url}.sha512"), limits, report)?;

    let part = cache.part();
    let download = Download {
        url: &url,
        part: &part,
        limits,
        jar_bytes: release.jar_bytes,
        version: release.version,
    };
    download.run(report)?;
    let result = check(&part, &url, expected, release, report)
        .and_then(|()| unpack_jars(&part, libs, release, report));
    // A cancelled archive is whole and stays; any other is either used up or of no use.
    if !matches!(result, Err(Obstacle::Fatal(DistributionError::Cancelled))) {
        download.discard();
    }
    result
}

fn checksum_of(url: &str, limits: Limits, report: &dyn Report) -> Result<String, Obstacle> {
    let request = Request { url: url.to_owned(), from: 0, validator: None };
    let exchange = Exchange::start(request, limits);
    let mut text = Vec::new();
    loop {
        match exchange.next(report) {
            Ok(Event::Head(head)) if head.status != 200 => {
                return Err(Reason::Status { url: url.to_owned(), status: head.status }.into());
            }
            Ok(Event::Head(_)) => {}
            Ok(Event::Bytes(bytes)) if text.len() + bytes.len() <= CHECKSUM_LIMIT => {
                text.extend(bytes);
            }
            Ok(Event::Bytes(_) | Event::End) => break,
            Err(Interruption::Cancelled) => return Err(DistributionError::Cancelled.into()),
            Err(Interruption::Silent) => {
                let seconds = limits.silence.as_secs();
                let url = url.to_owned();
                return Err(Reason::Silent { url, seconds, kept: 0, total: None }.into());
            }
            Err(Interruption::Failed(cause)) => {
                return Err(Reason::Unreachable { url: url.to_owned(), cause }.into());
            }
        }
    }
    checksum::parse(&String::from_utf8_lossy(&text))
        .ok_or_else(|| Reason::ChecksumUnreadable { url: url.to_owned() }.into())
}

fn check(
    part: &Path,
    url: &str,
    expected: String,
    release: &Release,
    report: &dyn Report,
) -> Result<(), Obstacle> {
    report.step(&Step::new(text::checking(release.version)));
    let found = checksum::of_file(part)
        .map_err(|cause| DistributionError::of_io(cause, part, release.jar_bytes))?;
    if found == expected {
        return Ok(());
    }
    Err(Reason::ChecksumMismatch { url: url.to_owned(), expected, found }.into())
}

fn unpack_jars(
    part: &Path,
    libs: &Path,
    release: &Release,
    report: &dyn Report,
) -> Result<(), Obstacle> {
    report.step(&Step::new(text::unpacking(release.version)));
    let archive = std::fs::metadata(part).map_or(0, |part| part.len());
    // The jars are compressed already: unpacked they take about what the archive does.
    unpack::unpack(part, libs, archive + archive.max(release.jar_bytes), report)
}
