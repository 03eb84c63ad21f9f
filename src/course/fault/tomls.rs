//! What can be wrong with a TOML file before its meaning is looked at.

use crate::phrase;
use crate::phrase::Phrase;

use super::Told;
use super::terms::{Type, What, nearest};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::course) enum TomlFault {
    /// `message` is the parser's.
    Syntax {
        message: String,
    },
    NewerSchema {
        found: u32,
        known: u32,
    },
    UnknownKey {
        key: String,
        known: Vec<&'static str>,
    },
    MissingKey {
        key: &'static str,
    },
    WrongType {
        expected: Type,
        found: Type,
    },
    OutOfRange {
        found: String,
        least: i128,
        most: i128,
    },
    /// A parameter that its check kind refuses in words of its own.
    Refused {
        message: String,
    },
    Unknown {
        what: What,
        found: String,
        known: Vec<String>,
    },
    Duplicate {
        what: What,
        id: String,
    },
    BadId {
        found: String,
    },
    BadTopicName {
        found: String,
    },
}

impl TomlFault {
    pub(in crate::course) fn told(&self) -> Told {
        match self {
            Self::Syntax { message } => Told::new(
                "toml-syntax",
                phrase!("not TOML: {message}", "不是合法的 TOML：{message}"),
                phrase!("the format is described at https://toml.io", "格式说明见 https://toml.io"),
            ),
            Self::NewerSchema { found, known } => Told::new(
                "newer-schema",
                phrase!(
                    "the file has schema {found}, this program reads schemas up to {known}",
                    "文件的 schema 是 {found}，本程序最多读到 {known}"
                ),
                phrase!("update the program", "请升级本程序"),
            ),
            Self::UnknownKey { key, known } => unknown_key(key, known),
            Self::MissingKey { key } => Told::new(
                "missing-key",
                phrase!("the key \"{key}\" is missing here", "这里缺少键「{key}」"),
                phrase!("add a line {key} = …", "请加一行 {key} = …"),
            ),
            Self::WrongType { expected, found } => wrong_type(expected, found),
            Self::OutOfRange { found, least, most } => Told::new(
                "out-of-range",
                phrase!(
                    "expected a number from {least} to {most}, found {found}",
                    "应为 {least} 到 {most} 之间的数，实际是 {found}"
                ),
                phrase!("choose a number in that range", "请换成范围内的数"),
            ),
            Self::Refused { message } => Told::new(
                "bad-value",
                phrase!("this value does not fit: {message}", "取值不合要求：{message}"),
                phrase!("mend the value", "请改正取值"),
            ),
            Self::Unknown { what, found, known } => unknown(*what, found, known),
            Self::Duplicate { what, id } => duplicate(*what, id),
            Self::BadId { found } => Told::new(
                "bad-id",
                phrase!("\"{found}\" cannot be an id", "「{found}」不能作为 id"),
                phrase!(
                    "use a-z, 0-9 and single hyphens: grown-to-five (lab ids may have A-Z)",
                    "只用 a-z、0-9 和单个连字符，如 grown-to-five（实验 id 可用 A-Z）"
                ),
            ),
            Self::BadTopicName { found } => Told::new(
                "bad-topic-name",
                phrase!(
                    "\"{found}\" cannot be the name of a topic",
                    "「{found}」不能作为 topic 名"
                ),
                phrase!(
                    "Kafka takes 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-', but not . or .. alone",
                    "Kafka 只接受 1 到 249 个 a-z、A-Z、0-9、「.」「_」「-」，且不能只是 . 或 .."
                ),
            ),
        }
    }
}

fn unknown_key(key: &str, known: &[&'static str]) -> Told {
    let list = known.join(", ");
    let hint = match nearest(key, known.iter().copied()) {
        Some(near) => phrase!("did you mean \"{near}\"?", "是不是想写「{near}」？"),
        None => phrase!("known here are: {list}", "这里可用的键：{list}"),
    };
    let message = phrase!("the key \"{key}\" is not known here", "这里没有键「{key}」");
    Told::new("unknown-key", message, hint)
}

fn wrong_type(expected: &Type, found: &Type) -> Told {
    let ((en, zh), (found_en, found_zh)) = (expected.nouns(), found.nouns());
    Told::new(
        "wrong-type",
        Phrase::new(
            format!("expected {en}, found {found_en}"),
            format!("应为{zh}，实际是{found_zh}"),
        ),
        Phrase::new(format!("write {en} here"), format!("请在这里写{zh}")),
    )
}

fn unknown(what: What, found: &str, known: &[String]) -> Told {
    let list = known.join(", ");
    let (en, zh) = what.nouns();
    let hint = match nearest(found, known.iter().map(String::as_str)) {
        Some(near) => phrase!("did you mean \"{near}\"?", "是不是想写「{near}」？"),
        None if known.is_empty() => phrase!("there is none at all", "目前一个也没有"),
        None => phrase!("known are: {list}", "可用的有：{list}"),
    };
    let message =
        Phrase::new(format!("there is no {en} \"{found}\""), format!("没有名为「{found}」的{zh}"));
    Told::new(what.unknown(), message, hint)
}

fn duplicate(what: What, id: &str) -> Told {
    let (en, zh) = what.nouns();
    let message =
        Phrase::new(format!("the {en} \"{id}\" is here twice"), format!("{zh}「{id}」出现了两次"));
    Told::new("duplicate", message, phrase!("rename or remove one", "请改名或删掉一个"))
}
