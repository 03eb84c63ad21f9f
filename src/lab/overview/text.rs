//! Why nobody tells what a cluster holds. Addresses are left out: a learner knows the node by name.

use crate::kafka::ask::{AskError, name_of};
use crate::phrase;
use crate::phrase::Phrase;

pub fn being_asked() -> Phrase {
    phrase!("the cluster has not answered yet", "集群还没有回应")
}

pub fn silent(error: &AskError) -> Phrase {
    match error {
        AskError::Unreachable { .. } => {
            phrase!("no broker takes a connection", "没有 broker 接受连接")
        }
        AskError::TimedOut { .. } => phrase!("no broker answers", "没有 broker 回应"),
        AskError::Disconnected { .. } => {
            phrase!("the broker closes the connection", "broker 断开了连接")
        }
        AskError::AnotherCluster { .. } => {
            phrase!("another cluster answers in its place", "应答的是另一个集群")
        }
        AskError::Refused { code, .. } => {
            let name = name_of(*code);
            phrase!("the broker answers {name} ({code})", "broker 回应了 {name}（{code}）")
        }
        _ => phrase!(
            "what answers does not speak Kafka's protocol as known here",
            "应答的内容不是这里所知的 Kafka 协议"
        ),
    }
}
