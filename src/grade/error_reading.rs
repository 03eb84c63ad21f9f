//! Reads a Kafka error out of what a learner types or pastes.
//!
//! Every word has to be understood: a name, a code, or a word that frames one in some client's
//! output (`ERROR`, `Caused by`, a time, a package). So "not 37" and "anything but X" name nothing,
//! and neither does 37 hidden among other signs ("3-7", "!37"). Behind the name's colon stands free
//! text, which may not name another error.

use super::spec::ErrorNameSpec;
use crate::kafka::ask::name_of;

/// Words around a name that say nothing: what tools print there, and how one answers.
const NOISE: &[&str] = &[
    "error",
    "errors",
    "err",
    "code",
    "errorcode",
    "val",
    "name",
    "exception",
    "kafka",
    "broker",
    "local",
    "kerr",
    "sarama",
    "server",
    "the",
    "it",
    "is",
    "answer",
    "class",
    "in",
    "thread",
    "main",
    "caused",
    "by",
    "executionexception",
    "kafkaexception",
    "kafkaerror",
    "kafkajs",
    "kafkajserror",
    "kafkajsprotocolerror",
    "kafkajsaggregateerror",
    "rdkafkaerrorcode",
    "true",
    "false",
    "failed",
    "unable",
    "to",
    "create",
    "createpartitions",
];

/// The same in Chinese.
const NOISE_ZH: &[&str] = &[
    "错误",
    "错误码",
    "错误名",
    "错误代码",
    "异常",
    "代码",
    "编号",
    "报错",
    "答案",
    "是",
    "错误是",
    "错误码是",
    "错误名是",
];

/// Lines of a tool's output that hold no name.
const FRAME_LINES: &[&str] = &["at ", "(", "Error while executing "];

/// The largest error code that Kafka has, with room for those to come.
const MAX_CODE: i16 = 200;

/// What an answer names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// The error that is asked for, and no other.
    Wanted,
    /// One other error.
    Other(i16),
    /// More than one.
    Several,
    /// None, or something that cannot be understood.
    None,
}

/// What `answer` names.
pub(super) fn named(answer: &str, spec: &ErrorNameSpec) -> Named {
    let plain = spelled_out(&plain(answer), spec);
    let framed = |line: &&str| FRAME_LINES.iter().any(|frame| line.starts_with(frame));
    let lines = plain.lines().map(str::trim).filter(|line| !line.is_empty() && !framed(line));
    lines.map(|line| in_line(line, spec)).reduce(both).unwrap_or(Named::None)
}

fn both(one: Named, other: Named) -> Named {
    match (one, other) {
        (one, other) if one == other => one,
        (Named::None, _) | (_, Named::None) => Named::None,
        _ => Named::Several,
    }
}

/// "[2026-11-21 09:45:03,393] ERROR org.apache.kafka.common.errors.InvalidPartitionsException: The …"
fn in_line(line: &str, spec: &ErrorNameSpec) -> Named {
    let mut rest = without_stamp(line);
    loop {
        let (head, tail) = rest.split_once(": ").unwrap_or((rest, ""));
        let (head, detail) = cut(head);
        match (read(head, spec), tail) {
            (Read::Nonsense, _) | (Read::Nothing, "") => return Named::None,
            (Read::Nothing, tail) => rest = tail,
            (Read::Codes { named, by_name: false }, tail) if !tail.is_empty() => {
                return both(named, in_line(tail, spec));
            }
            (Read::Codes { named, .. }, tail) => return beside(named, &[detail, tail], spec),
        }
    }
}

/// A name and the free text behind it.
fn beside(named: Named, texts: &[&str], spec: &ErrorNameSpec) -> Named {
    let wanted = |word: &str| code_of(&essence(word), spec).is_none_or(|code| code == spec.code);
    let letters = |word: &&str| word.contains(|c: char| c.is_ascii_alphabetic());
    let all_wanted = texts.iter().all(|text| split(text).filter(letters).all(wanted));
    if named == Named::Wanted && !all_wanted { Named::Several } else { named }
}

enum Read {
    /// Only words that say nothing.
    Nothing,
    /// A word that is neither a name nor a frame of one.
    Nonsense,
    /// Names or codes; whether a name is among them.
    Codes { named: Named, by_name: bool },
}

fn read(head: &str, spec: &ErrorNameSpec) -> Read {
    let mut words = Vec::new();
    for word in split(head) {
        match say(word) {
            Some(said) if said.is_empty() || NOISE.contains(&said.as_str()) => {}
            Some(said) => words.push(said),
            None => return Read::Nonsense,
        }
    }
    let is_number = |word: &String| word.bytes().all(|b| b.is_ascii_digit());
    let (numbers, names): (Vec<String>, Vec<String>) = words.into_iter().partition(is_number);
    // "Invalid Partitions": a name in several words.
    let names = match code_of(&names.concat(), spec) {
        Some(_) => vec![names.concat()],
        None => names,
    };
    let by_name = !names.is_empty();
    let codes: Option<Vec<i16>> =
        numbers.iter().chain(&names).map(|word| code_of(word, spec)).collect();
    match codes.as_deref() {
        None => Read::Nonsense,
        Some([]) => Read::Nothing,
        Some(codes) => {
            let each = codes
                .iter()
                .map(|&code| if code == spec.code { Named::Wanted } else { Named::Other(code) });
            Read::Codes { named: each.reduce(both).unwrap_or(Named::None), by_name }
        }
    }
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "()[]{},;'\"`=:".contains(c))
}

/// What a word says, in lower case and without its package; empty for punctuation and frames,
/// `None` where it holds signs that no name has.
fn say(word: &str) -> Option<String> {
    let word = word.trim_end_matches('.').trim_start_matches(['#', '%']);
    let word = word.strip_prefix("**").and_then(|w| w.strip_suffix("**")).unwrap_or(word);
    if NOISE_ZH.contains(&word) {
        return Some(String::new());
    }
    let (package, name) = word.rsplit_once(['.', '/']).unwrap_or(("", word));
    let is_package = package.split(['.', '/']).all(|part| {
        part.chars().all(|c| c.is_ascii_lowercase()) || NOISE.contains(&essence(part).as_str())
    });
    let sound = name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    let has_letter = name.contains(|c: char| c.is_ascii_alphabetic());
    let number = !name.starts_with('0') && name.bytes().all(|b| b.is_ascii_digit());
    let whole = number && package.is_empty();
    (sound && is_package && (has_letter || whole)).then(|| essence(name))
}

fn code_of(word: &str, spec: &ErrorNameSpec) -> Option<i16> {
    if let Ok(code) = word.parse::<i16>() {
        return (code != 0).then_some(code);
    }
    if spec.also.iter().any(|name| essence(name) == word) {
        return Some(spec.code);
    }
    let core = core_of(word);
    (-1..=MAX_CODE)
        .filter(|code| *code != 0)
        .find(|code| core_of(&essence(&name_of(*code))) == core)
}

/// Letters and digits alone, in lower case.
fn essence(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// A name without what clients put before and after it.
fn core_of(word: &str) -> &str {
    let word = word.strip_prefix("rdkafkaresperr").unwrap_or(word);
    let word = word.strip_prefix("errorcode").or_else(|| word.strip_prefix("err")).unwrap_or(word);
    word.strip_suffix("exception").or_else(|| word.strip_suffix("error")).unwrap_or(word)
}

/// Full-width signs and Chinese punctuation as their ASCII kin, Chinese words set apart, colours
/// and characters without width left out.
fn plain(answer: &str) -> String {
    let mut plain = String::with_capacity(answer.len());
    let mut before_is_han = false;
    let mut chars = answer.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            // A colour: up to the letter that ends it.
            let _ = chars.find(char::is_ascii_alphabetic);
            continue;
        }
        let c = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '。' => '.',
            '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』' | '《' | '》' | '、' => {
                ' '
            }
            '\u{200b}' | '\u{feff}' => continue,
            other => other,
        };
        let is_han = matches!(c, '\u{4e00}'..='\u{9fff}');
        if is_han != before_is_han {
            plain.push(' ');
        }
        before_is_han = is_han;
        plain.push(c);
        if c == ':' && !answer.is_ascii() {
            plain.push(' ');
        }
    }
    plain
}

/// Descriptions of several words, replaced by the name of the error.
fn spelled_out(text: &str, spec: &ErrorNameSpec) -> String {
    let mut phrases: Vec<&String> = spec.also.iter().filter(|name| name.contains(' ')).collect();
    phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
    let name = name_of(spec.code);
    let text = replace(text, "create partitions", "CreatePartitions");
    phrases.iter().fold(text, |text, phrase| replace(&text, phrase, &name))
}

/// `str::replace` that ignores the case of ASCII letters.
fn replace(text: &str, phrase: &str, by: &str) -> String {
    let (lower, phrase) = (text.to_ascii_lowercase(), phrase.to_ascii_lowercase());
    let mut replaced = String::with_capacity(text.len());
    let mut end = 0;
    for (at, found) in lower.match_indices(&phrase) {
        replaced.push_str(text.get(end..at).unwrap_or_default());
        replaced.push_str(by);
        end = at + found.len();
    }
    replaced.push_str(text.get(end..).unwrap_or_default());
    replaced
}

/// A line without the time that log4j puts before it, or what librdkafka does
/// (`%3|1700000000.123|ERROR|rdkafka#producer-1| …`).
fn without_stamp(line: &str) -> &str {
    let stamped = line.strip_prefix('[').and_then(|line| line.split_once("] "));
    if let Some((_, rest)) = stamped.filter(|(stamp, _)| is_time(stamp)) {
        return rest;
    }
    match line.strip_prefix('%').and_then(|line| line.split_once('|')) {
        Some((level, rest)) if level.parse::<u8>().is_ok() => {
            rest.rsplit_once("| ").map_or(rest, |(_, message)| message)
        }
        _ => line,
    }
}

fn is_time(stamp: &str) -> bool {
    stamp.contains('-') && stamp.starts_with(|c: char| c.is_ascii_digit())
}

/// A name and the text that Python or librdkafka put into parentheses behind it.
fn cut(head: &str) -> (&str, &str) {
    ["('", "(\"", ",str=", ", str=", " (org."]
        .iter()
        .filter_map(|mark| head.split_once(mark))
        .min_by_key(|(name, _)| name.len())
        .unwrap_or((head, ""))
}

#[cfg(test)]
mod tests;
