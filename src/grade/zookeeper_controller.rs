//! `kind = "zookeeper-controller"`: a typed answer that says which broker is controller.

use super::snapshot::Snapshot;
use super::spec::ZooKeeperControllerSpec;
use super::text as common;
use super::verdict::{Finding, Verdict};
use crate::kafka::ask::AskError;
use crate::kafka::zookeeper::{CONTROLLER, CONTROLLER_EPOCH};

/// Whether the typed id is the controller's, by `ZooKeeper` and by the brokers.
pub async fn check(spec: &ZooKeeperControllerSpec, snapshot: &Snapshot<'_>) -> Verdict {
    let Some(answer) = snapshot.answer(&spec.field) else {
        return Verdict::Failed(Finding {
            expected: text::expected(),
            observed: common::nothing_typed(),
            why: common::why_nothing_typed(&spec.field),
            mistake: None,
        });
    };
    match facts(snapshot).await {
        Ok(facts) => judge(answer, facts),
        Err(e) => Verdict::Unknown { cause: e.cause() },
    }
}

/// Who is controller, as far as anybody says so.
#[derive(Debug, Clone, Copy)]
struct Facts {
    by_zookeeper: Option<i64>,
    by_brokers: Option<i64>,
    epoch: Option<i64>,
}

async fn facts(snapshot: &Snapshot<'_>) -> Result<Facts, AskError> {
    let znode = snapshot.znode(CONTROLLER).await?;
    let epoch = snapshot.znode(CONTROLLER_EPOCH).await?;
    let number = |data: &[u8]| std::str::from_utf8(data).ok()?.trim().parse().ok();
    Ok(Facts {
        by_zookeeper: znode.and_then(|znode| znode.number("brokerid")),
        by_brokers: snapshot.metadata().await?.controller.map(i64::from),
        epoch: epoch.and_then(|znode| number(&znode.data)),
    })
}

fn judge(answer: &str, facts: Facts) -> Verdict {
    let id = match (facts.by_zookeeper, facts.by_brokers) {
        (Some(one), Some(other)) if one == other => one,
        (one, other) => return Verdict::Unknown { cause: text::electing(one, other) },
    };
    let failed = |why, mistake: Option<&str>| {
        Verdict::Failed(Finding {
            expected: text::expected(),
            observed: common::typed(answer),
            why,
            mistake: mistake.map(str::to_owned),
        })
    };
    match id_in(answer) {
        Some(typed) if typed == id => Verdict::Passed { observed: common::typed(answer) },
        Some(typed) if Some(typed) == facts.epoch => {
            failed(text::why_epoch(), Some("epoch-for-id"))
        }
        Some(typed) => failed(text::why_another(typed), Some("another-id")),
        None => failed(text::why_no_number(), None),
    }
}

/// The broker id that an answer gives: its only number, or `brokerid` of the znode's whole content.
fn id_in(answer: &str) -> Option<i64> {
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(answer)
        && let Some(id) = value.get("brokerid")
    {
        return id.as_i64();
    }
    // A minus belongs to its number, and a path names a znode.
    if answer.contains(['-', '/']) {
        return None;
    }
    let mut numbers = answer.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
    match (numbers.next(), numbers.next()) {
        (Some(only), None) => only.parse().ok(),
        _ => None,
    }
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn expected() -> Phrase {
        phrase!(
            "the id of the broker that is controller now",
            "当前担任 controller 的 broker 的 id"
        )
    }

    pub fn electing(by_zookeeper: Option<i64>, by_brokers: Option<i64>) -> Phrase {
        let shown = |id: Option<i64>| id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        let (by_zookeeper, by_brokers) = (shown(by_zookeeper), shown(by_brokers));
        phrase!(
            "a controller is being elected: /controller says {by_zookeeper}, the brokers say {by_brokers}",
            "正在选举 controller：/controller 里是 {by_zookeeper}，broker 说是 {by_brokers}"
        )
    }

    pub fn why_epoch() -> Phrase {
        phrase!(
            "that is the controller epoch: how many times a controller was elected, not who it is",
            "那是 controller epoch：选举过几次 controller，而不是谁在担任"
        )
    }

    pub fn why_another(typed: i64) -> Phrase {
        phrase!("broker {typed} is not controller", "broker {typed} 不是 controller")
    }

    pub fn why_no_number() -> Phrase {
        phrase!("a broker id is one whole number", "broker id 是一个整数")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: Facts = Facts { by_zookeeper: Some(417), by_brokers: Some(417), epoch: Some(1) };

    fn said(answer: &str) -> (&'static str, Option<String>) {
        let verdict = judge(answer, FACTS);
        (verdict.word(), verdict.mistake().map(str::to_owned))
    }

    #[test]
    fn the_id_passes_however_it_is_written() {
        let whole =
            r#"{"version":2,"brokerid":417,"timestamp":"1790000000000","kraftControllerEpoch":-1}"#;
        for answer in ["417", "\"417\"", "broker 417", "brokerid: 417", "id=417", whole] {
            assert_eq!(said(answer), ("passed", None), "{answer}");
        }
    }

    #[test]
    fn another_number_is_told_from_the_epoch_and_from_no_number() {
        assert_eq!(said("1"), ("failed", Some("epoch-for-id".to_owned())));
        assert_eq!(said("418"), ("failed", Some("another-id".to_owned())));
        for answer in ["kafka", "417 or 418", "99999999999999999999"] {
            assert_eq!(said(answer), ("failed", None), "{answer}");
        }
    }

    #[test]
    fn a_broker_whose_id_is_the_epoch_passes() {
        let facts = Facts { epoch: Some(417), ..FACTS };
        assert!(judge("417", facts).passed());
    }

    #[test]
    fn while_no_controller_is_agreed_on_nothing_is_concluded() {
        for (by_zookeeper, by_brokers) in [(None, Some(417)), (Some(417), None), (Some(1), Some(2))]
        {
            let facts = Facts { by_zookeeper, by_brokers, epoch: None };
            assert_eq!(judge("417", facts).word(), "unknown");
        }
    }
}
