//! `kind = "reachable-inside"`: a client on the nodes' own network gets in.

use super::snapshot::Snapshot;
use super::surroundings::Inside;
use super::verdict::{Finding, Verdict};
use crate::phrase::Phrase;

/// Whether a client beside the nodes reaches every address that it is sent to.
pub async fn check(snapshot: &Snapshot<'_>) -> Verdict {
    match snapshot.inside().await {
        Ok(inside) => judge(&inside),
        Err(cause) => Verdict::Unknown { cause },
    }
}

fn judge(inside: &Inside) -> Verdict {
    match inside {
        Inside::Unknown { cause } => Verdict::Unknown { cause: cause.clone() },
        Inside::NoListener => {
            failed(text::no_listener(), text::why_no_listener(), Some("no-inner-address"))
        }
        Inside::Refused { asked, words } => {
            failed(text::refused(asked, words), text::why_refused(), None)
        }
        Inside::Told { asked, addresses } => {
            let blocked = addresses.iter().find_map(|(to, why)| Some((to, why.as_ref()?)));
            match blocked {
                Some((to, why)) => failed(
                    text::blocked(asked, to, why),
                    text::why_blocked(to),
                    Some("advertised-outside-only"),
                ),
                None if addresses.is_empty() => {
                    failed(text::nobody(asked), text::why_nobody(), None)
                }
                None => Verdict::Passed { observed: text::open(asked, addresses) },
            }
        }
    }
}

fn failed(observed: Phrase, why: Phrase, mistake: Option<&str>) -> Verdict {
    let (expected, mistake) = (text::expected(), mistake.map(str::to_owned));
    Verdict::Failed(Finding { expected, observed, why, mistake })
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;
    use crate::printable;

    pub fn expected() -> Phrase {
        phrase!(
            "a client on the network of the nodes reaches every address that it is sent to",
            "节点所在网络里的客户端能连上集群返回的每一个地址"
        )
    }

    pub fn no_listener() -> Phrase {
        phrase!(
            "every advertised address is one of this machine",
            "advertised.listeners 里只有本机的地址"
        )
    }

    pub fn why_no_listener() -> Phrase {
        phrase!(
            "in another container localhost is that container: it would be sent to itself",
            "在别的容器里，localhost 是那个容器自己：它会被指回自身"
        )
    }

    pub fn refused(asked: &str, words: &str) -> Phrase {
        let (asked, words) = (printable::name(asked), printable::line(words));
        phrase!(
            "nothing answers at {asked} on the network of the nodes: {words}",
            "节点所在网络里，{asked} 没有应答：{words}"
        )
    }

    pub fn why_refused() -> Phrase {
        phrase!(
            "the listener is not bound to an address that its neighbours reach",
            "这个监听器没有绑定到邻居能访问的地址上"
        )
    }

    pub fn blocked(asked: &str, to: &str, words: &str) -> Phrase {
        let (asked, to) = (printable::name(asked), printable::name(to));
        let words = printable::line(words);
        phrase!(
            "{asked} answers and sends its neighbours to {to}, where they get: {words}",
            "{asked} 有应答，并让邻居去连 {to}，结果是：{words}"
        )
    }

    pub fn why_blocked(to: &str) -> Phrase {
        let to = printable::name(to);
        phrase!(
            "advertised.listeners names {to} for a listener that other containers use",
            "advertised.listeners 给容器间使用的监听器写的是 {to}"
        )
    }

    pub fn nobody(asked: &str) -> Phrase {
        let asked = printable::name(asked);
        phrase!("{asked} names no broker", "{asked} 没有列出任何 broker")
    }

    pub fn why_nobody() -> Phrase {
        phrase!("no broker has registered yet", "还没有 broker 注册")
    }

    pub fn open(asked: &str, addresses: &[(String, Option<String>)]) -> Phrase {
        let asked = printable::name(asked);
        let to: Vec<String> = addresses.iter().map(|(to, _)| printable::name(to)).collect();
        let to = to.join(", ");
        phrase!(
            "{asked} sends its neighbours to {to}, and they get there",
            "{asked} 让邻居去连 {to}，能连上"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(addresses: &[(&str, Option<&str>)]) -> Inside {
        let owned = |(to, why): &(&str, Option<&str>)| ((*to).to_owned(), why.map(str::to_owned));
        let addresses = addresses.iter().map(owned).collect();
        Inside::Told { asked: "kafka:29092".to_owned(), addresses }
    }

    #[test]
    fn every_address_has_to_be_reached_and_there_has_to_be_one() {
        assert!(judge(&told(&[("kafka:29092", None)])).passed());
        assert!(!judge(&told(&[])).passed());
        let sent_away = told(&[("kafka:29092", None), ("localhost:9092", Some("refused"))]);
        assert_eq!(judge(&sent_away).mistake(), Some("advertised-outside-only"));
        assert_eq!(judge(&Inside::NoListener).mistake(), Some("no-inner-address"));
    }
}
