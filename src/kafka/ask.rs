//! What can go wrong when a cluster is asked.

use std::time::Duration;

use kafka_protocol::error::ResponseError;
use thiserror::Error;

use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::{Explain, Problem};

/// A question that got no usable answer.
///
/// An answer that says "there is no such topic" is an observation, not an error: whoever asks
/// decides by [`AskError::code`] which error codes are observations to it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AskError {
    /// No connection could be made.
    #[error("{address} refused the connection: {reason}")]
    Unreachable {
        /// Host and port.
        address: String,
        /// The operating system's reason.
        reason: String,
    },
    /// The deadline passed.
    #[error("{address} did not answer {question} within {} ms", .after.as_millis())]
    TimedOut {
        /// Host and port.
        address: String,
        /// The request, by its protocol name.
        question: &'static str,
        /// How long it was waited for.
        after: Duration,
    },
    /// The connection broke in the middle.
    #[error("{address} closed the connection during {question}: {reason}")]
    Disconnected {
        /// Host and port.
        address: String,
        /// The request, by its protocol name.
        question: &'static str,
        /// The operating system's reason.
        reason: String,
    },
    /// The answer is not what the Kafka protocol says.
    #[error(
        "{address} answered {question} with something that is not the Kafka protocol: {reason}"
    )]
    Malformed {
        /// Host and port.
        address: String,
        /// The request, by its protocol name.
        question: &'static str,
        /// What was expected and found.
        reason: String,
    },
    /// The node speaks no version of the request that this program speaks.
    #[error("{address} does not support {question} in a version known here: {reason}")]
    Unsupported {
        /// Host and port.
        address: String,
        /// The request, by its protocol name.
        question: &'static str,
        /// The versions on both sides.
        reason: String,
    },
    /// The answer is not what a server of `ZooKeeper` says.
    #[error("{address} did not answer as ZooKeeper does: {reason}")]
    NotZooKeeper {
        /// Hosts and ports.
        address: String,
        /// What was found.
        reason: String,
    },
    /// The controller was elected this moment and does not know yet what is committed.
    #[error("{address} cannot answer {question} yet: it became the active controller this moment")]
    Electing {
        /// Host and port.
        address: String,
        /// The request, by its protocol name.
        question: &'static str,
    },
    /// The metadata log no longer begins at its beginning: a snapshot stands for what came before.
    #[error("{address} has no metadata log before offset {before}")]
    HistoryGone {
        /// Host and port.
        address: String,
        /// The first offset that is still there.
        before: i64,
    },
    /// Another cluster answers at this address than the one that is asked for.
    #[error("at {address} answers another cluster, {found}")]
    AnotherCluster {
        /// Host and port.
        address: String,
        /// The id of the cluster that answered.
        found: String,
    },
    /// The brokers have not applied what the controller has committed.
    #[error("the metadata of {address} is behind the controller's")]
    Lagging {
        /// Hosts and ports.
        address: String,
    },
    /// The node answered with an error code.
    #[error("{address} answered {question} with {} ({code})", name_of(*.code))]
    Refused {
        /// Host and port.
        address: String,
        /// The request, by its protocol name.
        question: &'static str,
        /// The protocol's error code.
        code: i16,
    },
}

impl AskError {
    /// The protocol's error code, if the node answered with one.
    pub const fn code(&self) -> Option<i16> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// The error in the learner's terms: the cause of an `unknown` verdict.
    pub fn cause(&self) -> Phrase {
        match self {
            Self::Unreachable { address, reason } => {
                phrase!("{address} cannot be reached: {reason}", "连不上 {address}：{reason}")
            }
            Self::TimedOut { address, question, after } => {
                let ms = after.as_millis();
                phrase!(
                    "{address} did not answer {question} within {ms} ms",
                    "{address} 在 {ms} ms 内没有回应 {question}"
                )
            }
            Self::Disconnected { address, question, reason } => phrase!(
                "{address} closed the connection during {question}: {reason}",
                "{address} 在处理 {question} 时断开了连接：{reason}"
            ),
            Self::Malformed { address, question, reason } => phrase!(
                "the answer of {address} to {question} is not Kafka's protocol: {reason}",
                "{address} 对 {question} 的回应不符合 Kafka 协议：{reason}"
            ),
            Self::Unsupported { address, question, reason } => phrase!(
                "{address} does not support {question} as asked here: {reason}",
                "{address} 不支持这里所用的 {question}：{reason}"
            ),
            Self::NotZooKeeper { address, reason } => phrase!(
                "{address} did not answer as ZooKeeper does: {reason}",
                "{address} 的回应不是 ZooKeeper 应有的：{reason}"
            ),
            Self::Electing { address, question } => phrase!(
                "{address} cannot answer {question} yet: it became the active controller this moment",
                "{address} 还不能回答 {question}：它刚成为活动 controller"
            ),
            Self::HistoryGone { address, before } => phrase!(
                "{address} has replaced its metadata log before offset {before} by a snapshot: what happened then cannot be read any more",
                "{address} 已用快照取代位移 {before} 之前的元数据日志：那之前发生的事无法再读出"
            ),
            Self::AnotherCluster { address, found } => phrase!(
                "at {address} answers another cluster, {found}: what it holds does not count",
                "{address} 上应答的是另一个集群 {found}：它的内容不作数"
            ),
            Self::Lagging { address } => phrase!(
                "the metadata of {address} is behind the controller's: what was changed does not show there yet",
                "{address} 的元数据落后于 controller：改动还没有在那里生效"
            ),
            Self::Refused { address, question, code } => {
                let name = name_of(*code);
                phrase!(
                    "{address} answered {question} with {name} ({code})",
                    "{address} 对 {question} 回应了 {name}（{code}）"
                )
            }
        }
    }
}

impl Explain for AskError {
    fn problem(&self) -> Problem {
        Problem::could_not_ask(
            "cluster-silent",
            self.cause(),
            phrase!(
                "see which nodes run: kafka-workbook env status",
                "查看哪些节点在运行：kafka-workbook env status"
            ),
        )
    }
}

/// The protocol's name of an error code, in Kafka's spelling: `INVALID_PARTITIONS`.
pub fn name_of(code: i16) -> String {
    let name = match ResponseError::try_from_code(code) {
        Some(ResponseError::Unknown(_)) => return format!("ERROR_{code}"),
        Some(error) => format!("{error:?}"),
        None => return "NONE".to_owned(),
    };
    let mut spelled = String::with_capacity(name.len() + 4);
    for (at, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && at > 0 {
            spelled.push('_');
        }
        spelled.push(c.to_ascii_uppercase());
    }
    spelled
}
