//! What several check kinds say alike.

use crate::phrase;
use crate::phrase::Phrase;
use crate::printable;

pub fn no_topic(topic: &str) -> Phrase {
    phrase!("there is no topic {topic}", "没有 {topic} 这个 topic")
}

pub fn why_no_topic() -> Phrase {
    phrase!("what is not there holds no records", "topic 不存在，也就没有消息")
}

pub fn no_records(topic: &str) -> Phrase {
    phrase!("no record in {topic}", "{topic} 中没有消息")
}

pub fn why_no_records() -> Phrase {
    phrase!("nothing has been written to it yet", "还没有写入任何消息")
}

pub fn nothing_typed() -> Phrase {
    phrase!("no answer yet", "还没有回答")
}

pub fn why_nothing_typed(field: &str) -> Phrase {
    phrase!("the answer field {field} is still empty", "答案栏 {field} 还没填")
}

pub fn typed(answer: &str) -> Phrase {
    let answer = printable::name(answer);
    phrase!("you typed {answer}", "你填的是 {answer}")
}
