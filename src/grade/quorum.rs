//! `kind = "quorum"`: the brokers that live, and the quorum of controllers behind them.

use super::snapshot::Snapshot;
use super::spec::QuorumSpec;
use super::verdict::{Finding, Verdict};
use crate::kafka::ask::AskError;
use crate::kafka::metadata::Metadata;
use crate::kafka::quorum::Quorum;

/// Whether exactly these brokers live and exactly these controllers vote, one of them leading.
pub async fn check(spec: &QuorumSpec, snapshot: &Snapshot<'_>) -> Verdict {
    let (metadata, quorum) = futures::join!(snapshot.metadata(), snapshot.quorum());
    match (metadata, quorum) {
        (Ok(metadata), Ok(quorum)) => judge(spec, &metadata, &quorum),
        (Ok(_), Err(AskError::Unsupported { .. })) => {
            failed(spec, text::no_quorum(), text::why_no_quorum(), None)
        }
        (Err(e), _) | (_, Err(e)) => Verdict::Unknown { cause: e.cause() },
    }
}

fn judge(spec: &QuorumSpec, metadata: &Metadata, quorum: &Quorum) -> Verdict {
    let brokers: Vec<i32> = metadata.brokers.keys().copied().collect();
    let mut voters = quorum.voters.clone();
    voters.sort_unstable();
    let observed = text::observed(&brokers, &voters, quorum.leader);
    if brokers != sorted(&spec.brokers) {
        return failed(spec, observed, text::why_brokers(), Some("other-node"));
    }
    if voters != sorted(&spec.voters) {
        return failed(spec, observed, text::why_voters(), Some("other-node"));
    }
    // `Quorum` is only had from a leader that has committed something.
    Verdict::Passed { observed }
}

fn sorted(ids: &[i32]) -> Vec<i32> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids
}

fn failed(
    spec: &QuorumSpec,
    observed: crate::phrase::Phrase,
    why: crate::phrase::Phrase,
    mistake: Option<&str>,
) -> Verdict {
    let (expected, mistake) = (text::expected(spec), mistake.map(str::to_owned));
    Verdict::Failed(Finding { expected, observed, why, mistake })
}

mod text {
    use crate::grade::spec::QuorumSpec;
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn expected(spec: &QuorumSpec) -> Phrase {
        let (brokers, voters) = (&spec.brokers, &spec.voters);
        phrase!(
            "brokers {brokers:?}, and a quorum whose voters are {voters:?}",
            "broker 为 {brokers:?}，仲裁组的投票者为 {voters:?}"
        )
    }

    pub fn observed(brokers: &[i32], voters: &[i32], leader: i32) -> Phrase {
        phrase!(
            "brokers {brokers:?}, voters {voters:?}, led by {leader}",
            "broker 为 {brokers:?}，投票者为 {voters:?}，leader 是 {leader}"
        )
    }

    pub fn no_quorum() -> Phrase {
        phrase!(
            "a broker without DescribeQuorum among its requests",
            "broker 的请求列表里没有 DescribeQuorum"
        )
    }

    pub fn why_no_quorum() -> Phrase {
        phrase!(
            "it keeps its metadata in ZooKeeper: there is no quorum of controllers",
            "它的元数据在 ZooKeeper 里，没有 controller 仲裁组"
        )
    }

    pub fn why_brokers() -> Phrase {
        phrase!(
            "node.id or process.roles make other brokers than the task asks for",
            "node.id 或 process.roles 与任务要求不符，broker 也就不同"
        )
    }

    pub fn why_voters() -> Phrase {
        phrase!(
            "controller.quorum.voters names other controllers than the task asks for",
            "controller.quorum.voters 里的 controller 与任务要求不符"
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::kafka::metadata::Broker;

    fn mistake(brokers: &[i32], voters: &[i32]) -> Option<String> {
        let spec = QuorumSpec { brokers: vec![1], voters: vec![1] };
        let broker = |id: &i32| (*id, Broker { id: *id, address: "localhost:9092".to_owned() });
        let metadata = Metadata {
            cluster_id: None,
            controller: None,
            brokers: brokers.iter().map(broker).collect(),
            topics: BTreeMap::new(),
        };
        let quorum = Quorum {
            leader: 1,
            epoch: 1,
            high_watermark: 7,
            voters: voters.to_vec(),
            observers: Vec::new(),
        };
        let verdict = judge(&spec, &metadata, &quorum);
        assert_eq!(verdict.passed(), verdict.mistake().is_none());
        verdict.mistake().map(str::to_owned)
    }

    #[test]
    fn exactly_the_brokers_and_voters_that_are_asked_for_pass() {
        assert_eq!(mistake(&[1], &[1]), None);
        for (brokers, voters) in
            [(&[2][..], &[1][..]), (&[], &[1]), (&[1, 2], &[1]), (&[1], &[1, 2])]
        {
            assert_eq!(
                mistake(brokers, voters).as_deref(),
                Some("other-node"),
                "{brokers:?} {voters:?}"
            );
        }
    }
}
