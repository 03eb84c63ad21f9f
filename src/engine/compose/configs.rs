//! Reads `configs:`, of the file and of a service: small files that are mounted into services.

use super::error::{Fault, Read};
use super::key::checked_key;
use super::model::{Config, ConfigMount, Position};
use super::scalars::{
    list, mapping, not_supported, scalar, spanned, text as text_of, unexpected_text,
};
use super::yaml::{Content, Entry, Node};

const CONFIG: &[&str] = &["content", "file"];
const LONG_FORM: &[&str] = &["source", "target"];

/// The declared ones, each with its content or its file, never both.
pub(super) fn declared(node: &Node) -> Read<Vec<Config>> {
    mapping(node)?.iter().map(config).collect()
}

fn config(entry: &Entry) -> Read<Config> {
    let position = entry.key.position;
    let mut config = Config { key: checked_key(entry)?, file: None, content: None, position };
    for field in mapping(&entry.value)? {
        match field.key.value.as_str() {
            "content" => config.content = Some(scalar(&field.value)?.to_owned()),
            "file" => config.file = Some(spanned(&field.value)?),
            _ => return Err(not_supported(field, CONFIG)),
        }
        if config.content.is_some() && config.file.is_some() {
            let found = &field.key;
            return Err(unexpected_text(found.position, &found.value, text::one()));
        }
    }
    if config.content.is_none() && config.file.is_none() {
        return Err(Fault::Missing { key: "content" }.at(position));
    }
    Ok(config)
}

/// What a service mounts of them.
pub(super) fn mounted(node: &Node) -> Read<Vec<ConfigMount>> {
    list(node)?.iter().map(mount).collect()
}

/// `NAME`, mounted at `/NAME`, or the long form.
fn mount(node: &Node) -> Read<ConfigMount> {
    let Content::Mapping(entries) = &node.content else {
        return Ok(at_default(text_of(node)?, node.position));
    };
    let mut source = None;
    let mut target = None;
    for entry in entries {
        let value = &entry.value;
        match entry.key.value.as_str() {
            "source" => source = Some(text_of(value)?),
            "target" => target = Some(absolute(value)?),
            _ => return Err(not_supported(entry, LONG_FORM)),
        }
    }
    let source = source.ok_or_else(|| Fault::Missing { key: "source" }.at(node.position))?;
    let default = at_default(source, node.position);
    Ok(match target {
        Some(target) => ConfigMount { target, ..default },
        None => default,
    })
}

fn at_default(config: String, position: Position) -> ConfigMount {
    let target = format!("/{config}");
    ConfigMount { config, target, position }
}

fn absolute(node: &Node) -> Read<String> {
    let path = scalar(node)?;
    if path.starts_with('/') {
        return Ok(path.to_owned());
    }
    Err(unexpected_text(node.position, path, text::absolute()))
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub(super) fn one() -> Phrase {
        phrase!("either `content` or `file`, not both", "`content` 和 `file` 二选一")
    }

    pub(super) fn absolute() -> Phrase {
        phrase!("an absolute path inside the container", "容器里的绝对路径")
    }
}
