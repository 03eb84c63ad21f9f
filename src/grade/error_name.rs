//! `kind = "error-name"`: the learner names a Kafka error.
//!
//! Clients have their own spellings of the protocol's names: `INVALID_PARTITIONS` (librdkafka,
//! franz-go), `InvalidPartitionsException` (Java), `ErrInvalidPartitions` (Sarama,
//! confluent-kafka-go), `InvalidPartitionsError` (kafka-python), `error code 37`. Any of them
//! counts, in any case, and so does a pasted line of output. An answer that names a second error
//! does not: a list of all errors names nothing.

use super::error_reading::{Named, named};
use super::snapshot::Snapshot;
use super::spec::ErrorNameSpec;
use super::text as common;
use super::verdict::{Finding, Verdict};
use crate::kafka::ask::name_of;

/// From so many words on an answer is a sentence.
const SENTENCE: usize = 5;

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
        return failed(common::nothing_typed(), common::why_nothing_typed(&spec.field), None);
    };
    let observed = common::typed(answer);
    match named(answer, spec) {
        Named::Wanted => Verdict::Passed { observed },
        Named::Other(code) => {
            failed(observed, text::why_other(&name_of(code)), Some("another-error"))
        }
        Named::Several => failed(observed, text::why_several(), None),
        Named::None if is_sentence(answer) => failed(observed, text::why_sentence(), None),
        Named::None => failed(observed, text::why_none(), None),
    }
}

/// Whether an answer is words about the error, such as the reason that a tool prints beside it.
fn is_sentence(answer: &str) -> bool {
    answer.split_whitespace().count() >= SENTENCE
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn expected() -> Phrase {
        phrase!(
            "the name of the error that the cluster answers, or its code",
            "集群返回的错误名，或它的错误码"
        )
    }

    pub fn why_other(name: &str) -> Phrase {
        phrase!("{name} is a different Kafka error", "{name} 是 Kafka 的另一个错误")
    }

    pub fn why_several() -> Phrase {
        phrase!("the answer names more than one error", "答案里不止一个错误名")
    }

    pub fn why_sentence() -> Phrase {
        phrase!(
            "this says something about the error and does not name it: the name stands in the line with `ERROR`, before the colon",
            "这是一句说明，不是错误名：错误名在带 `ERROR` 的那一行，冒号之前"
        )
    }

    pub fn why_none() -> Phrase {
        phrase!("Kafka has no error with this name or code", "这不是 Kafka 会返回的错误名或错误码")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(answer: &str) -> String {
        let spec = ErrorNameSpec { field: "error".to_owned(), code: 37, also: Vec::new() };
        match judge(&spec, Some(answer)) {
            Verdict::Failed(finding) => finding.why.en,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn who_pastes_the_reason_is_told_where_the_name_stands() {
        let reason =
            "The topic quickstart-events currently has 5 partition(s); 2 would not be an increase.";
        assert!(why(reason).contains("`ERROR`"), "{}", why(reason));
        assert!(why("no idea").contains("no error with this name"), "{}", why("no idea"));
    }
}
