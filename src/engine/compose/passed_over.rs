//! Keys of a service that say nothing about the node in it: how a container is held, not what runs.
//!
//! Docker does as they say; a plain process has no use for them. They are read for their form alone.

use super::error::Read;
use super::scalars::{
    bytes, list, mapping, not_supported, one_of, scalar, switch, text as text_of, unexpected,
};
use super::yaml::{Content, Entry, Node};

const DEPLOY: &[&str] = &["resources"];
const RESOURCES: &[&str] = &["limits", "reservations"];
const AMOUNTS: &[&str] = &["cpus", "memory", "pids"];
const LOGGING: &[&str] = &["driver", "options"];
const LIMIT: &[&str] = &["soft", "hard"];
const PULLS: &[&str] = &["always", "never", "missing", "if_not_present"];

/// Sees that the value has the form that its key takes; none for a key of another kind.
pub(super) fn read(field: &Entry) -> Option<Read<()>> {
    let value = &field.value;
    Some(match field.key.value.as_str() {
        "expose" => list(value).and_then(|items| items.iter().try_for_each(port)),
        "logging" => logging(value),
        "ulimits" => each(value, |entry| ulimit(&entry.value)),
        "deploy" => deploy(value),
        "cpus" => number(value),
        "mem_reservation" => bytes(value).map(drop),
        "pull_policy" => one_of(value, PULLS).map(drop),
        "platform" => text_of(value).map(drop),
        "privileged" | "tty" | "stdin_open" => switch(value).map(drop),
        key if key.starts_with("x-") => Ok(()),
        _ => return None,
    })
}

fn each(node: &Node, read: impl Fn(&Entry) -> Read<()>) -> Read<()> {
    mapping(node)?.iter().try_for_each(read)
}

/// A port, or a range of them, with its protocol or without.
fn port(node: &Node) -> Read<()> {
    let written = scalar(node)?;
    let ports = written.split('/').next().unwrap_or(written);
    let is_port = |text: &str| text.parse::<u16>().is_ok();
    if ports.splitn(2, '-').all(is_port) { Ok(()) } else { Err(unexpected(node, text::port())) }
}

fn logging(node: &Node) -> Read<()> {
    each(node, |entry| match entry.key.value.as_str() {
        "driver" => text_of(&entry.value).map(drop),
        "options" => each(&entry.value, |option| scalar(&option.value).map(drop)),
        _ => Err(not_supported(entry, LOGGING)),
    })
}

/// One number for both limits, or each of them.
fn ulimit(node: &Node) -> Read<()> {
    if !matches!(node.content, Content::Mapping(_)) {
        return number(node);
    }
    each(node, |entry| match entry.key.value.as_str() {
        "soft" | "hard" => number(&entry.value),
        _ => Err(not_supported(entry, LIMIT)),
    })
}

fn deploy(node: &Node) -> Read<()> {
    each(node, |entry| match entry.key.value.as_str() {
        "resources" => each(&entry.value, |kind| match kind.key.value.as_str() {
            "limits" | "reservations" => each(&kind.value, amount),
            _ => Err(not_supported(kind, RESOURCES)),
        }),
        _ => Err(not_supported(entry, DEPLOY)),
    })
}

fn amount(entry: &Entry) -> Read<()> {
    match entry.key.value.as_str() {
        "cpus" | "pids" => number(&entry.value),
        "memory" => bytes(&entry.value).map(drop),
        _ => Err(not_supported(entry, AMOUNTS)),
    }
}

fn number(node: &Node) -> Read<()> {
    let number = scalar(node)?.parse::<f64>().is_ok_and(f64::is_finite);
    if number { Ok(()) } else { Err(unexpected(node, text::number())) }
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub(super) fn number() -> Phrase {
        phrase!("a number", "数字")
    }

    pub(super) fn port() -> Phrase {
        phrase!("a port such as `9092` or `9092-9094/tcp`", "端口，例如 `9092` 或 `9092-9094/tcp`")
    }
}
