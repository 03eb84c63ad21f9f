//! Reads `environment:` and `labels:`, as a mapping or as a list of `NAME=value`.

use std::collections::{BTreeMap, HashMap};

use super::error::{Fault, Read};
use super::model::{Position, Spanned};
use super::scalars::{list, scalar, unexpected, unexpected_text};
use super::yaml::{Content, Node};

/// Names and values in the file's order.
pub(super) type Pairs = Vec<(String, Spanned<String>)>;

/// A service's environment. A name without a value takes the variable of that name, as Compose
/// does; that it is not set is an error.
pub(super) fn environment(node: &Node, variables: &BTreeMap<String, String>) -> Read<Pairs> {
    pairs(node, "=", |name, position| match variables.get(name) {
        Some(value) => Ok(value.clone()),
        None => Err(Fault::VariableUnset { name: name.to_owned() }.at(position)),
    })
}

/// Labels; one without a value is empty.
pub(super) fn labels(node: &Node) -> Read<Pairs> {
    pairs(node, "=", |_, _| Ok(String::new()))
}

/// Further hosts: `name=address`, `name:address`, or a mapping.
pub(super) fn extra_hosts(node: &Node) -> Read<Pairs> {
    pairs(node, "=:", |name, position| Err(unexpected_text(position, name, text::host())))
}

/// `separators`: the characters that may part name and value in the list form, the first found.
fn pairs(
    node: &Node,
    separators: &str,
    absent: impl Fn(&str, Position) -> Read<String>,
) -> Read<Pairs> {
    match &node.content {
        Content::Mapping(entries) => entries
            .iter()
            .map(|entry| {
                let name = checked_name(&entry.key.value, entry.key.position)?;
                let value = match &entry.value.content {
                    Content::Scalar(value) if value.null => absent(name, entry.value.position)?,
                    _ => scalar(&entry.value)?.to_owned(),
                };
                Ok((name.to_owned(), Spanned { value, position: entry.value.position }))
            })
            .collect(),
        Content::Scalar(scalar) if scalar.null => Ok(Vec::new()),
        Content::Sequence(_) => from_list(list(node)?, separators, absent),
        Content::Scalar(_) => Err(unexpected(node, text::pairs())),
    }
}

fn from_list(
    items: &[Node],
    separators: &str,
    absent: impl Fn(&str, Position) -> Read<String>,
) -> Read<Pairs> {
    let mut seen = HashMap::new();
    let mut pairs = Pairs::new();
    for item in items {
        let position = item.position;
        let written = scalar(item)?;
        let (name, value) = match written.split_once(|c| separators.contains(c)) {
            Some((name, value)) => (checked_name(name, position)?, value.to_owned()),
            None => (checked_name(written, position)?, absent(written, position)?),
        };
        if let Some(first) = seen.insert(name, position) {
            return Err(Fault::DuplicateKey { key: name.to_owned(), first }.at(position));
        }
        pairs.push((name.to_owned(), Spanned { value, position }));
    }
    Ok(pairs)
}

/// A name that a process environment can hold.
fn checked_name(name: &str, position: Position) -> Read<&str> {
    if name.is_empty() || name.contains(['=', '\0']) {
        return Err(unexpected_text(position, name, text::name()));
    }
    Ok(name)
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub(super) fn pairs() -> Phrase {
        phrase!("`NAME: value` lines or a list of `NAME=value`", "`名称: 值`，或 `名称=值` 的列表")
    }

    pub(super) fn name() -> Phrase {
        phrase!("a name without `=`", "不含 `=` 的名称")
    }

    pub(super) fn host() -> Phrase {
        phrase!("`name=address`", "`主机名=地址`")
    }
}
