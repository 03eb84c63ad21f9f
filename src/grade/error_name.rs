//! `kind = "error-name"`: the learner names a Kafka error.
//!
//! Clients have their own spellings of the protocol's names: `INVALID_PARTITIONS` (librdkafka,
//! franz-go), `InvalidPartitionsException` (Java), `ErrInvalidPartitions` (Sarama,
//! confluent-kafka-go), `InvalidPartitionsError` (kafka-python), `error code 37`. Any of them
//! counts, in any case, and a pasted line of output counts by the name before its colon. An answer
//! that names a second error does not: a list of all errors names nothing.

use std::collections::BTreeSet;

use super::snapshot::Snapshot;
use super::spec::ErrorNameSpec;
use super::verdict::{Finding, Verdict};
use crate::kafka::ask::name_of;

/// Words around a name that say nothing.
const NOISE: &[&str] = &[
    "error",
    "err",
    "code",
    "errorcode",
    "rdkafkaerrorcode",
    "exception",
    "kafka",
    "broker",
    "kerr",
    "sarama",
    "the",
];

/// The largest error code that Kafka has, with room for those to come.
const MAX_CODE: i16 = 200;

/// Whether the typed answer names the error.
pub fn check(spec: &ErrorNameSpec, snapshot: &Snapshot<'_>) -> Verdict {
    judge(spec, snapshot.answer(&spec.field))
}

fn judge(spec: &ErrorNameSpec, answer: Option<&str>) -> Verdict {
    let failed = |observed, why, mistake: Option<&str>| {
        let (expected, mistake) = (text::expected(), mistake.map(str::to_owned));
        Verdict::Failed(Finding { expected, observed, why, mistake })
    };
    let Some(answer) = answer else {
        return failed(text::nothing(), text::why_nothing(&spec.field), None);
    };
    let observed = text::typed(answer);
    match named(answer, spec) {
        Named::Wanted => Verdict::Passed { observed },
        Named::Other(code) => {
            failed(observed, text::why_other(&name_of(code)), Some("another-error"))
        }
        Named::Several => failed(observed, text::why_several(), None),
        Named::None => failed(observed, text::why_none(), None),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Named {
    Wanted,
    Other(i16),
    Several,
    None,
}

fn named(answer: &str, spec: &ErrorNameSpec) -> Named {
    // "org.apache.kafka.common.errors.InvalidPartitionsException: The topic … has 5 partitions"
    let head = answer.split(": ").find(|piece| !words(piece).is_empty()).unwrap_or(answer);
    let codes = codes_in(answer, spec).or_else(|| codes_in(head, spec)).unwrap_or_default();
    let codes: Vec<i16> = codes.into_iter().collect();
    match codes.as_slice() {
        [] => Named::None,
        [code] if *code == spec.code => Named::Wanted,
        [code] => Named::Other(*code),
        _ => Named::Several,
    }
}

/// The errors that a text names, if it says nothing else. A name may be written in several words:
/// "Invalid number of partitions".
fn codes_in(text: &str, spec: &ErrorNameSpec) -> Option<BTreeSet<i16>> {
    let (numbers, names): (Vec<String>, Vec<String>) =
        words(text).into_iter().partition(|word| word.parse::<i16>().is_ok());
    let numbers = numbers.iter().map(|number| code_of(number, spec));
    match code_of(&names.concat(), spec) {
        Some(code) => numbers.chain([Some(code)]).collect(),
        None => numbers.chain(names.iter().map(|name| code_of(name, spec))).collect(),
    }
}

/// The words of a text that say something, with package names taken off.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || "()[]{},;'\"`=:".contains(c))
        .map(|word| word.rsplit('.').find(|part| !part.is_empty()).unwrap_or_default())
        .map(essence)
        .filter(|word| !word.is_empty() && !NOISE.contains(&word.as_str()))
        .collect()
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

    (word.strip_suffix("exception").or_else(|| word.strip_suffix("error")).unwrap_or(word)) as _
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;
    use crate::printable;

    pub fn expected() -> Phrase {
        phrase!(
            "the name of the error that the cluster answers, or its code",
            "集群返回的错误名，或它的错误码"
        )
    }

    pub fn nothing() -> Phrase {
        phrase!("no answer yet", "还没有回答")
    }

    pub fn why_nothing(field: &str) -> Phrase {
        phrase!("the field `{field}` waits for your answer", "答案栏 `{field}` 还等着你填写")
    }

    pub fn typed(answer: &str) -> Phrase {
        let answer = printable::name(answer);
        phrase!("you typed {answer}", "你填的是 {answer}")
    }

    pub fn why_other(name: &str) -> Phrase {
        phrase!("{name} is another error of Kafka's", "{name} 是 Kafka 的另一个错误")
    }

    pub fn why_several() -> Phrase {
        phrase!("the answer names more than one error", "答案里不止一个错误名")
    }

    pub fn why_none() -> Phrase {
        phrase!(
            "this is no name or code of an error that Kafka answers",
            "这不是 Kafka 会返回的错误名或错误码"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> ErrorNameSpec {
        let also =
            ["InvalidPartitionNumber", "Invalid number of partitions"].map(str::to_owned).into();
        ErrorNameSpec { field: "error".to_owned(), code: 37, also }
    }

    #[test]
    fn any_clients_name_for_it_counts() {
        for answer in [
            "INVALID_PARTITIONS",
            "invalid_partitions",
            "InvalidPartitions",
            "invalid-partitions",
            "Invalid partitions",
            "InvalidPartitionsException",
            "org.apache.kafka.common.errors.InvalidPartitionsException",
            "org.apache.kafka.common.errors.InvalidPartitionsException: The topic quickstart-events currently has 5 partition(s); 2 would not be an increase.",
            "ErrInvalidPartitions",
            "kafka.ErrInvalidPartitions",
            "kerr.InvalidPartitions",
            "sarama.ErrInvalidPartitions",
            "InvalidPartitionsError",
            "RD_KAFKA_RESP_ERR_INVALID_PARTITIONS",
            "RDKafkaErrorCode::InvalidPartitions",
            "Broker: Invalid number of partitions",
            "InvalidPartitionNumber",
            "[37] InvalidPartitionNumber",
            " \"INVALID_PARTITIONS\" ",
            "INVALID_PARTITIONS。",
            "37",
            "error code 37",
            "INVALID_PARTITIONS (37)",
            "37: INVALID_PARTITIONS",
        ] {
            assert_eq!(named(answer, &spec()), Named::Wanted, "{answer}");
        }
    }

    #[test]
    fn another_error_is_told_from_nonsense() {
        assert_eq!(named("INVALID_REPLICATION_FACTOR", &spec()), Named::Other(38));
        assert_eq!(named("InvalidTopicException", &spec()), Named::Other(17));
        assert_eq!(named("36", &spec()), Named::Other(36));
        for nonsense in [
            "no idea",
            "partitions",
            "INVALID",
            "Exception",
            "0",
            "it says it would not be an increase",
        ] {
            assert_eq!(named(nonsense, &spec()), Named::None, "{nonsense}");
        }
    }

    #[test]
    fn a_list_of_errors_names_nothing() {
        for list in [
            "INVALID_PARTITIONS, INVALID_REPLICATION_FACTOR",
            "36 37 38",
            "INVALID_PARTITIONS or 38",
            "37: INVALID_REPLICATION_FACTOR",
        ] {
            assert_ne!(named(list, &spec()), Named::Wanted, "{list}");
        }
    }
}
