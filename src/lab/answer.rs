//! Takes a typed answer.

use super::Workbook;
use crate::course::Lab;
use crate::phrase;
use crate::printable;
use crate::problem::Problem;
use crate::progress::Event;

/// The longest answer that is taken, in bytes.
const MAX_BYTES: usize = 4096;

/// Stores an answer. It is not said whether it is right: that is the check's to say. Until the lab
/// is passed it may be changed.
pub fn answer(workbook: &Workbook, lab: &Lab, field: &str, value: &str) -> Result<(), Problem> {
    if lab.field(field).is_none() {
        return Err(text::no_such_field(lab, field));
    }
    if value.len() > MAX_BYTES {
        return Err(text::too_long(value.len()));
    }
    workbook.progress.append_with(|progress| {
        let attempt = progress.current(&lab.id).ok_or_else(|| super::text::not_started(&lab.id))?;
        if attempt.passed {
            return Err(text::passed(&lab.id));
        }
        Ok::<_, Problem>(vec![Event::AnswerGiven {
            lab: lab.id.clone(),
            attempt: attempt.attempt,
            field: field.to_owned(),
            value: value.to_owned(),
        }])
    })?;
    Ok(())
}

mod text {
    use super::{Lab, MAX_BYTES, Problem, phrase, printable};

    pub fn no_such_field(lab: &Lab, field: &str) -> Problem {
        let (id, field) = (&lab.id, printable::name(field));
        let fields: Vec<&str> = lab.fields.iter().map(|f| f.id.as_str()).collect();
        let fields = if fields.is_empty() { "-".to_owned() } else { fields.join(", ") };
        Problem::usage(
            "no-such-field",
            phrase!("{id} has no answer field `{field}`", "{id} 没有答案栏 `{field}`"),
            phrase!("its fields: {fields}", "它的答案栏：{fields}"),
        )
    }

    pub fn too_long(length: usize) -> Problem {
        Problem::usage(
            "answer-too-long",
            phrase!(
                "the answer has {length} bytes, at most {MAX_BYTES} are taken",
                "答案有 {length} 字节，最多 {MAX_BYTES} 字节"
            ),
            phrase!("answer in a word or a line", "用一个词或一行来回答"),
        )
    }

    pub fn passed(id: &str) -> Problem {
        Problem::usage(
            "already-passed",
            phrase!("{id} is passed: its answers are closed", "{id} 已经通过：答案不再更改"),
            phrase!(
                "a new attempt: kafka-workbook lab reset {id}",
                "重新尝试：kafka-workbook lab reset {id}"
            ),
        )
    }
}
