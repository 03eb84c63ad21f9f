//! Placeholders in texts: addresses and issued values that are known only once a lab has started.

use std::collections::BTreeMap;
use std::ops::Range;

/// The placeholders that every environment can fill.
pub const ADDRESSES: [&str; 3] = ["bootstrap", "controller", "zookeeper"];

/// A name in braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placeholder<'a> {
    pub name: &'a str,
    /// With its braces.
    pub range: Range<usize>,
}

/// Replaces `{bootstrap}`, `{controller}`, `{zookeeper}` and issued values such as `{TOPIC}` by
/// what `values` has for them. All else stays as it is: `${TOPIC}` is the shell's, `{{TOPIC}}` a
/// template's, and so is a name without a value. What is put in is not looked at again.
pub fn substitute(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut from = 0;
    for Placeholder { name, range } in placeholders(text) {
        if !ADDRESSES.contains(&name) && !is_issued(name) {
            continue;
        }
        if let Some(value) = values.get(name) {
            filled.push_str(&text[from..range.start]);
            filled.push_str(value);
            from = range.end;
        }
    }
    filled.push_str(&text[from..]);
    filled
}

/// The placeholders of `text` that stand for nothing: written in lower case, and no address.
pub(super) fn unknown(text: &str) -> impl Iterator<Item = Placeholder<'_>> {
    placeholders(text).filter(|found| {
        found.name.starts_with(|c: char| c.is_ascii_lowercase()) && !ADDRESSES.contains(&found.name)
    })
}

/// The placeholders of `text` for issued values.
pub(super) fn issued(text: &str) -> impl Iterator<Item = Placeholder<'_>> {
    placeholders(text).filter(|found| is_issued(found.name))
}

fn placeholders(text: &str) -> impl Iterator<Item = Placeholder<'_>> {
    text.match_indices('{').filter_map(|(start, _)| {
        let name = &text[start + 1..];
        let name = &name[..name.find('}')?];
        let range = start..start + name.len() + 2;
        let before = text[..start].chars().next_back();
        let doubled = before == Some('{') && text[range.end..].starts_with('}');
        let taken = before == Some('$') || doubled;
        (!taken && is_name(name)).then_some(Placeholder { name, range })
    })
}

/// A word in letters of one case, digits, `_` and `-`.
fn is_name(name: &str) -> bool {
    let lower = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
    let starts_low = name.starts_with(|c: char| c.is_ascii_lowercase());
    is_issued(name) || (starts_low && name.bytes().all(lower))
}

pub(super) fn is_issued(name: &str) -> bool {
    let upper = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.bytes().all(upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(text: &str) -> String {
        let values = [("bootstrap", "localhost:9092"), ("TOPIC", "{TOPIC}-7f"), ("other", "no")];
        let values = values.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        substitute(text, &values)
    }

    #[test]
    fn addresses_and_issued_values_are_filled_in_once() {
        assert_eq!(fill("{bootstrap} {TOPIC}{TOPIC}"), "localhost:9092 {TOPIC}-7f{TOPIC}-7f");
        assert_eq!(fill(r#"{"topic":{TOPIC}}"#), r#"{"topic":{TOPIC}-7f}"#);
    }

    #[test]
    fn braces_that_are_not_ours_stay() {
        let text = "${TOPIC} {{TOPIC}} {zookeeper} {other} {a,b} {} {TOPIC {Topic} 中{ 文}";
        assert_eq!(fill(text), text);
    }

    #[test]
    fn a_misspelt_address_is_found_and_shell_braces_are_not() {
        let text = "{bootstrp} ${x} {a..c} {print $1} {TOPIC} {bootstrap} {\"a\":1}";
        let names: Vec<&str> = unknown(text).map(|found| found.name).collect();
        assert_eq!(names, ["bootstrp"]);
    }
}
