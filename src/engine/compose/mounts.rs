//! Reads `volumes:` and `tmpfs:` of a service.

use super::error::{Fault, Read};
use super::model::{Mount, Position, Source, Spanned};
use super::scalars::{
    list, mapping, one_of, scalar, switch, text as text_of, texts, unexpected_text,
};
use super::yaml::{Content, Node};

const LONG_FORM: &[&str] = &["type", "source", "target", "read_only"];

/// The mounts of `volumes:`.
pub(super) fn volumes(node: &Node) -> Read<Vec<Mount>> {
    list(node)?.iter().map(volume).collect()
}

/// The mounts of `tmpfs:`: one path or a list; options behind a `:` are the engine's affair.
pub(super) fn tmpfs(node: &Node) -> Read<Vec<Mount>> {
    texts(node)?
        .into_iter()
        .map(|Spanned { value, position }| {
            let path = value.split(':').next().unwrap_or(&value);
            let target = absolute(path, position, &value)?;
            Ok(Mount { source: Source::Tmpfs, target, read_only: false, position })
        })
        .collect()
}

fn volume(node: &Node) -> Read<Mount> {
    match &node.content {
        Content::Mapping(_) => long_form(node),
        _ => short_form(scalar(node)?, node.position),
    }
}

/// `SOURCE:TARGET[:ro|rw]`.
fn short_form(written: &str, position: Position) -> Read<Mount> {
    let wrong = || unexpected_text(position, written, text::volume());
    let mut parts = written.split(':');
    let (Some(from), Some(to), mode, None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(wrong());
    };
    let read_only = match mode {
        None | Some("rw") => false,
        Some("ro") => true,
        Some(_) => return Err(wrong()),
    };
    let source = source_of(from).ok_or_else(wrong)?;
    let target = absolute(to, position, written)?;
    Ok(Mount { source, target, read_only, position })
}

fn long_form(node: &Node) -> Read<Mount> {
    let mut kind = None;
    let mut from = None;
    let mut target = None;
    let mut read_only = false;
    for entry in mapping(node)? {
        let value = &entry.value;
        match entry.key.value.as_str() {
            "type" => kind = Some(one_of(value, &["volume", "bind", "tmpfs"])?),
            "source" => from = Some(text_of(value)?),
            "target" => {
                let path = scalar(value)?;
                target = Some(absolute(path, value.position, path)?);
            }
            "read_only" => read_only = switch(value)?,
            key => {
                let fault = Fault::NotSupported { key: key.to_owned(), supported: LONG_FORM };
                return Err(fault.at(entry.key.position));
            }
        }
    }
    let missing = |key| Fault::Missing { key }.at(node.position);
    let source = match kind.ok_or_else(|| missing("type"))? {
        "tmpfs" => Source::Tmpfs,
        "bind" => Source::Bind(from.ok_or_else(|| missing("source"))?),
        _ => Source::Volume(from.ok_or_else(|| missing("source"))?),
    };
    let target = target.ok_or_else(|| missing("target"))?;
    Ok(Mount { source, target, read_only, position: node.position })
}

/// A path begins with `/`, `.` or `~`; anything else is a volume's name.
fn source_of(text: &str) -> Option<Source> {
    match text.chars().next()? {
        '/' | '.' | '~' => Some(Source::Bind(text.to_owned())),
        _ => Some(Source::Volume(text.to_owned())),
    }
}

fn absolute(path: &str, position: Position, written: &str) -> Read<String> {
    if path.starts_with('/') {
        return Ok(path.to_owned());
    }
    Err(unexpected_text(position, written, text::absolute()))
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub(super) fn volume() -> Phrase {
        phrase!(
            "`volume:/path`, `./file:/path` or either with `:ro`",
            "`卷名:/路径`、`./文件:/路径`，可再加 `:ro`"
        )
    }

    pub(super) fn absolute() -> Phrase {
        phrase!("an absolute path inside the container", "容器里的绝对路径")
    }
}
