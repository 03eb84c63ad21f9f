//! Reads the simple values of a compose file: texts, switches, durations, sizes, words.

use std::time::Duration;

use super::error::{Fault, Located, Read, malformed, quoted};
use super::model::{Position, Spanned};
use super::yaml::{Content, Entry, Node};
use crate::phrase::Phrase;

/// The entries of a mapping; nothing at all counts as an empty one.
pub(super) fn mapping(node: &Node) -> Read<&[Entry]> {
    match &node.content {
        Content::Mapping(entries) => Ok(entries),
        Content::Scalar(scalar) if scalar.null => Ok(&[]),
        _ => Err(unexpected(node, text::mapping())),
    }
}

/// The fault of a key outside the supported subset.
pub(super) fn not_supported(entry: &Entry, supported: &'static [&'static str]) -> Located {
    Fault::NotSupported { key: entry.key.value.clone(), supported }.at(entry.key.position)
}

/// The items of a list.
pub(super) fn list(node: &Node) -> Read<&[Node]> {
    match &node.content {
        Content::Sequence(items) => Ok(items),
        _ => Err(unexpected(node, text::list())),
    }
}

/// The text of a scalar that is not null.
pub(super) fn scalar(node: &Node) -> Read<&str> {
    match &node.content {
        Content::Scalar(scalar) if !scalar.null => Ok(&scalar.text),
        _ => Err(unexpected(node, text::text())),
    }
}

/// A text that is not empty.
pub(super) fn text(node: &Node) -> Read<String> {
    match scalar(node)? {
        "" => Err(unexpected(node, text::text())),
        text => Ok(text.to_owned()),
    }
}

/// A text that is not empty, with its position.
pub(super) fn spanned(node: &Node) -> Read<Spanned<String>> {
    Ok(Spanned { value: text(node)?, position: node.position })
}

/// One text or a list of them.
pub(super) fn texts(node: &Node) -> Read<Vec<Spanned<String>>> {
    match &node.content {
        Content::Sequence(items) => items.iter().map(spanned).collect(),
        _ => Ok(vec![spanned(node)?]),
    }
}

/// `true` or `false`.
pub(super) fn switch(node: &Node) -> Read<bool> {
    match scalar(node)? {
        "true" | "True" | "TRUE" => Ok(true),
        "false" | "False" | "FALSE" => Ok(false),
        _ => Err(unexpected(node, text::switch())),
    }
}

/// A text out of a closed set.
pub(super) fn one_of<'n>(node: &'n Node, choices: &[&str]) -> Read<&'n str> {
    let found = scalar(node)?;
    if choices.contains(&found) {
        return Ok(found);
    }
    Err(unexpected(node, text::one_of(choices)))
}

/// A duration as Compose writes them: `15s`, `1m30s`, `1.5h`, `500ms`, `10us`; `0` needs no unit.
pub(super) fn duration(node: &Node) -> Read<Duration> {
    parse_duration(scalar(node)?).ok_or_else(|| unexpected(node, text::duration()))
}

/// A number of bytes: `512m`, `1.5gb`, `1048576`; the units b, k, m, g count in 1024.
pub(super) fn bytes(node: &Node) -> Read<u64> {
    parse_bytes(scalar(node)?).ok_or_else(|| unexpected(node, text::bytes()))
}

/// Words of a command: a list as it stands, a text split as a POSIX shell splits it.
pub(super) fn words(node: &Node) -> Read<Option<Vec<String>>> {
    match &node.content {
        Content::Scalar(scalar) if scalar.null => Ok(None),
        Content::Scalar(scalar) => match split_words(&scalar.text) {
            Some(words) => Ok(Some(words)),
            None => Err(unexpected(node, text::words())),
        },
        Content::Sequence(items) => {
            items.iter().map(|item| scalar(item).map(str::to_owned)).collect::<Read<_>>().map(Some)
        }
        Content::Mapping(_) => Err(unexpected(node, text::words())),
    }
}

/// The error for a node that is not what its place takes.
pub(super) fn unexpected(node: &Node, expected: Phrase) -> super::error::Located {
    malformed(node.position, expected, describe(node))
}

/// The error for a text that is not what its place takes.
pub(super) fn unexpected_text(
    position: Position,
    found: &str,
    expected: Phrase,
) -> super::error::Located {
    malformed(position, expected, Phrase::same(quoted(found)))
}

fn describe(node: &Node) -> Phrase {
    match &node.content {
        Content::Scalar(scalar) if scalar.null => text::nothing(),
        Content::Scalar(scalar) => Phrase::same(quoted(&scalar.text)),
        Content::Sequence(_) => text::list(),
        Content::Mapping(_) => text::mapping(),
    }
}

fn parse_duration(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    let mut rest = text;
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let (number, tail) = split_number(rest)?;
        let length = tail.bytes().take_while(u8::is_ascii_alphabetic).count();
        let seconds = match &tail[..length] {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" => 1e-6,
            _ => return None,
        };
        total = total.checked_add(Duration::try_from_secs_f64(number * seconds).ok()?)?;
        rest = &tail[length..];
    }
    (!text.is_empty()).then_some(total)
}

fn parse_bytes(text: &str) -> Option<u64> {
    /// 1 PiB; what is beyond is a slip of the pen, and `f64` counts every byte below it.
    const MOST: f64 = 1_125_899_906_842_624.0;
    let (number, unit) = split_number(text)?;
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1024.0,
        "m" | "mb" => 1_048_576.0,
        "g" | "gb" => 1_073_741_824.0,
        _ => return None,
    };
    let bytes = number * factor;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the number has no sign and is below 2^53"
    )]
    (bytes <= MOST).then_some(bytes as u64)
}

/// A decimal number without sign or exponent at the start of `text`, and what follows.
fn split_number(text: &str) -> Option<(f64, &str)> {
    let length = text.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let (number, rest) = text.split_at(length);
    Some((number.parse().ok()?, rest))
}

/// POSIX words: blanks part them, single quotes keep all, double quotes all but `\"`, `\\`, `\$`
/// and `` \` ``. None where a quote stays open or a backslash is the last character.
fn split_words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            c if c.is_whitespace() => words.extend(word.take()),
            '\'' => quoted_part(&mut characters, '\'', word.get_or_insert_default())?,
            '"' => quoted_part(&mut characters, '"', word.get_or_insert_default())?,
            '\\' => word.get_or_insert_default().push(characters.next()?),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

/// The rest of a quoted part, up to its closing `quote`.
fn quoted_part(characters: &mut std::str::Chars<'_>, quote: char, word: &mut String) -> Option<()> {
    loop {
        match characters.next()? {
            c if c == quote => return Some(()),
            '\\' if quote == '"' => match characters.next()? {
                c @ ('"' | '\\' | '$' | '`') => word.push(c),
                c => word.extend(['\\', c]),
            },
            c => word.push(c),
        }
    }
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub(super) fn mapping() -> Phrase {
        phrase!("a mapping (`name: value`)", "映射（`名称: 值`）")
    }

    pub(super) fn list() -> Phrase {
        phrase!("a list (`- value`)", "列表（`- 值`）")
    }

    pub(super) fn text() -> Phrase {
        phrase!("a text", "文本")
    }

    pub(super) fn nothing() -> Phrase {
        phrase!("nothing", "空")
    }

    pub(super) fn switch() -> Phrase {
        phrase!("`true` or `false`", "`true` 或 `false`")
    }

    pub(super) fn one_of(choices: &[&str]) -> Phrase {
        let choices = choices.join(", ");
        phrase!("one of {choices}", "以下之一：{choices}")
    }

    pub(super) fn duration() -> Phrase {
        phrase!("a duration such as `15s` or `1m30s`", "时长，例如 `15s` 或 `1m30s`")
    }

    pub(super) fn bytes() -> Phrase {
        phrase!("a size such as `512m`", "大小，例如 `512m`")
    }

    pub(super) fn words() -> Phrase {
        phrase!(
            "a command with its quotes closed, or a list of words",
            "引号闭合的命令，或单词列表"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_compose() {
        let rows = [
            ("15s", Some(15_000_000)),
            ("1m30s", Some(90_000_000)),
            ("1h2m3s", Some(3_723_000_000)),
            ("500ms", Some(500_000)),
            ("10us", Some(10)),
            ("1.5s", Some(1_500_000)),
            ("0", Some(0)),
            ("0s", Some(0)),
            ("15", None),
            ("", None),
            ("s", None),
            ("-1s", None),
            ("1 s", None),
            ("1d", None),
            ("1..2s", None),
            ("99999999999999999999h", None),
        ];
        for (written, micros) in rows {
            assert_eq!(parse_duration(written), micros.map(Duration::from_micros), "{written}");
        }
    }

    #[test]
    fn sizes_count_in_1024() {
        let rows = [
            ("512m", Some(512 << 20)),
            ("1.5GB", Some(3 << 29)),
            ("2kb", Some(2048)),
            ("7b", Some(7)),
            ("1048576", Some(1 << 20)),
            ("1t", None),
            ("m", None),
            ("-1m", None),
            ("99999999999g", None),
        ];
        for (written, expected) in rows {
            assert_eq!(parse_bytes(written), expected, "{written}");
        }
    }

    #[test]
    fn commands_split_as_in_a_shell() {
        let split = |text: &str| split_words(text).map(|words| words.join("|"));
        assert_eq!(split("  a  'b c' \"d \\\" \\n e\"f \\  ''").unwrap(), "a|b c|d \" \\n ef| |");
        assert_eq!(split("").unwrap(), "");
        assert_eq!(split("a 'b"), None);
        assert_eq!(split("a \"b"), None);
        assert_eq!(split("a \\"), None);
    }
}
