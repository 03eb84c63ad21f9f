//! The nouns in which faults are told.

/// What an id or a word names; decides the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::course) enum What {
    AttemptKind,
    Check,
    CheckKind,
    Cluster,
    Day,
    Drawn,
    Engine,
    Environment,
    Field,
    FieldType,
    IssuedValue,
    Lab,
    Mistake,
    Need,
    ProgramEnd,
    Section,
    Topic,
    Value,
    Verdict,
}

/// A type of TOML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::course) enum Type {
    Text,
    Integer,
    Float,
    Boolean,
    Date,
    Array,
    Table,
    /// As serde names it.
    Other(String),
}

impl What {
    /// The code of a fault about a name that does not exist.
    pub(super) const fn unknown(self) -> &'static str {
        match self {
            Self::AttemptKind => "unknown-attempt-kind",
            Self::Check => "unknown-check",
            Self::CheckKind => "unknown-check-kind",
            Self::Cluster => "unknown-cluster",
            Self::Day => "unknown-day",
            Self::Drawn => "unknown-drawn-value",
            Self::Engine => "unknown-engine",
            Self::Environment => "unknown-environment",
            Self::Field => "unknown-field",
            Self::FieldType => "unknown-field-type",
            Self::IssuedValue => "unknown-issued-value",
            Self::Lab => "unknown-lab",
            Self::Mistake => "unknown-mistake",
            Self::Need => "unknown-need",
            Self::ProgramEnd => "unknown-program-end",
            Self::Section => "unknown-section",
            Self::Topic => "unknown-topic",
            Self::Value => "unknown-value",
            Self::Verdict => "unknown-verdict",
        }
    }

    /// The noun in English and in Chinese.
    pub(super) const fn nouns(self) -> (&'static str, &'static str) {
        match self {
            Self::AttemptKind => ("kind of attempt", "尝试类型"),
            Self::Check => ("check of this lab", "本实验的检查项"),
            Self::CheckKind => ("kind of check", "检查类型"),
            Self::Cluster => ("owner of a cluster", "集群归属"),
            Self::Day => ("day", "天数"),
            Self::Drawn => ("value that can be drawn", "可抽取的值"),
            Self::Engine => ("engine", "引擎"),
            Self::Environment => ("environment in compose/", "compose/ 里的环境"),
            Self::Field => ("field of this lab", "本实验的字段"),
            Self::FieldType => ("type of field", "字段类型"),
            Self::IssuedValue => ("issued value of this lab", "本实验发放的值"),
            Self::Lab => ("lab", "实验"),
            Self::Mistake => ("mistake of this check's kind", "这类检查项的典型错误"),
            Self::Need => ("other check of this lab", "本实验的其他检查项"),
            Self::ProgramEnd => ("end of a program", "程序结束条件"),
            Self::Section => ("section", "小节"),
            Self::Topic => ("topic", "topic"),
            Self::Value => ("value", "取值"),
            Self::Verdict => ("verdict", "判定"),
        }
    }
}

impl Type {
    /// The type in English and in Chinese.
    pub(super) fn nouns(&self) -> (&str, &str) {
        match self {
            Self::Text => ("a text in quotes", "带引号的文本"),
            Self::Integer => ("a whole number", "整数"),
            Self::Float => ("a decimal number", "小数"),
            Self::Boolean => ("true or false", "true 或 false"),
            Self::Date => ("a date", "日期"),
            Self::Array => ("an array", "数组"),
            Self::Table => ("a table", "表"),
            Self::Other(name) => (name, name),
        }
    }
}

/// The candidate that was probably meant: at most a third of its letters differ.
pub(super) fn nearest<'a>(
    found: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (distance(found, candidate), candidate))
        .filter(|(distance, candidate)| *distance * 3 <= candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance, in characters and without regard to case.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.to_lowercase().chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_slip_finds_its_word_and_another_word_finds_none() {
        let known = ["partitions", "points", "topic"];
        assert_eq!(nearest("partitons", known), Some("partitions"));
        assert_eq!(nearest("Topic", known), Some("topic"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("", known), None);
    }
}
