//! `kind = "reachable"`: a client on this machine gets in, and to where it is sent on.
//!
//! A client connects twice: to the address that it was given, and then to the addresses that the
//! cluster's metadata name (`advertised.listeners`). Each of them is dialled here as a client would
//! dial it, and has to lead to the same cluster.

use futures::future::join_all;

use super::snapshot::Snapshot;
use super::verdict::{Finding, Verdict};
use crate::kafka::ask::AskError;
use crate::kafka::client::Client;
use crate::kafka::cluster_id::same;
use crate::kafka::metadata::Metadata;

/// Where a client began, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Way {
    began: String,
    /// The brokers' addresses, each with the error of whoever goes there.
    sent_to: Vec<(String, Option<AskError>)>,
}

/// Whether one of the addresses that the cluster answers at leads a client all the way.
pub async fn check(snapshot: &Snapshot<'_>) -> Verdict {
    let client = snapshot.client();
    let ways = join_all(client.brokers().iter().map(|address| follow(client, address))).await;
    let mut trouble = None;
    let mut found = Vec::new();
    for way in ways {
        match way {
            Ok(way) => found.push(way),
            Err(e) => trouble = trouble.or(Some(e)),
        }
    }
    match (found.is_empty(), trouble) {
        (true, Some(e)) => Verdict::Unknown { cause: e.cause() },
        _ => judge(&found),
    }
}

async fn follow(client: &Client, began: &str) -> Result<Way, AskError> {
    let metadata = client.metadata_of(began).await?;
    let addresses = metadata.brokers.values().map(|broker| broker.address.clone());
    let visits = addresses.map(|address| visit(client, &metadata, address));
    Ok(Way { began: began.to_owned(), sent_to: join_all(visits).await })
}

async fn visit(
    client: &Client,
    metadata: &Metadata,
    address: String,
) -> (String, Option<AskError>) {
    let there = match client.metadata_of(&address).await {
        Err(e) => return (address, Some(e)),
        Ok(there) => there,
    };
    let (one, other) = (metadata.cluster_id.as_deref(), there.cluster_id.as_deref());
    if one.zip(other).is_some_and(|(one, other)| same(one, other)) {
        return (address, None);
    }
    let found = other.unwrap_or("-").to_owned();
    let another = AskError::AnotherCluster { address: address.clone(), found };
    (address, Some(another))
}

fn judge(ways: &[Way]) -> Verdict {
    let open = |way: &&Way| {
        !way.sent_to.is_empty() && way.sent_to.iter().all(|(_, trouble)| trouble.is_none())
    };
    if let Some(way) = ways.iter().find(open) {
        return Verdict::Passed { observed: text::open(&way.began, &way.sent_to) };
    }
    let blocked = |way: &Way| {
        let first = way.sent_to.iter().find_map(|(to, e)| Some((to.clone(), e.clone()?)));
        first.map(|(to, e)| (way.began.clone(), to, e))
    };
    let Some((began, to, e)) = ways.iter().find_map(blocked) else {
        return failed(text::nobody(), text::why_nobody(), None);
    };
    let mistake = Some("advertised-elsewhere");
    failed(text::blocked(&began, &to, &e), text::why_blocked(&to), mistake)
}

fn failed(
    observed: crate::phrase::Phrase,
    why: crate::phrase::Phrase,
    mistake: Option<&str>,
) -> Verdict {
    let (expected, mistake) = (text::expected(), mistake.map(str::to_owned));
    Verdict::Failed(Finding { expected, observed, why, mistake })
}

mod text {
    use crate::kafka::ask::AskError;
    use crate::phrase;
    use crate::phrase::Phrase;
    use crate::printable;

    pub fn expected() -> Phrase {
        phrase!(
            "a client on this machine reaches every address that the cluster sends it to",
            "本机的客户端能连上集群返回的每一个地址"
        )
    }

    pub fn open(began: &str, sent_to: &[(String, Option<AskError>)]) -> Phrase {
        let addresses: Vec<String> = sent_to.iter().map(|(to, _)| printable::name(to)).collect();
        let addresses = addresses.join(", ");
        phrase!(
            "{began} sends clients to {addresses}, which answers as the same cluster",
            "{began} 让客户端去连 {addresses}，那里应答的是同一个集群"
        )
    }

    pub fn blocked(began: &str, to: &str, e: &AskError) -> Phrase {
        let (to, cause) = (printable::name(to), e.cause());
        let (en, zh) = (cause.en, cause.zh);
        Phrase::new(
            format!("{began} answers and sends clients to {to}; from this machine {en}"),
            format!("{began} 有应答，并让客户端去连 {to}；而在本机上，{zh}"),
        )
    }

    pub fn why_blocked(to: &str) -> Phrase {
        let to = printable::name(to);
        phrase!(
            "a client keeps only what the metadata says: advertised.listeners gives {to} to clients of this machine",
            "客户端之后只用元数据里的地址：advertised.listeners 给本机客户端的是 {to}"
        )
    }

    pub fn nobody() -> Phrase {
        phrase!("the metadata name no broker", "元数据里没有任何 broker")
    }

    pub fn why_nobody() -> Phrase {
        phrase!(
            "no broker has registered with the controller yet",
            "还没有 broker 向 controller 注册"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(began: &str, to: &str, trouble: Option<AskError>) -> Way {
        Way { began: began.to_owned(), sent_to: vec![(to.to_owned(), trouble)] }
    }

    fn unreachable() -> AskError {
        let (address, reason) = ("kafka:9092".to_owned(), "no such host".to_owned());
        AskError::Unreachable { address, reason }
    }

    #[test]
    fn one_open_way_is_enough() {
        let blocked = way("localhost:9092", "kafka:9092", Some(unreachable()));
        assert_eq!(judge(std::slice::from_ref(&blocked)).mistake(), Some("advertised-elsewhere"));
        let open = way("localhost:9093", "localhost:9093", None);
        assert!(judge(&[blocked, open]).passed());
    }

    #[test]
    fn a_cluster_that_names_no_broker_does_not_pass() {
        let empty = Way { began: "localhost:9092".to_owned(), sent_to: Vec::new() };
        let verdict = judge(&[empty]);
        assert!(!verdict.passed());
        assert_eq!(verdict.mistake(), None);
    }

    #[test]
    fn an_address_that_leads_to_another_cluster_is_no_way_in() {
        let e = AskError::AnotherCluster { address: "a:1".to_owned(), found: "x".to_owned() };
        let verdict = judge(&[way("localhost:9092", "a:1", Some(e))]);
        assert_eq!(verdict.mistake(), Some("advertised-elsewhere"));
    }
}
