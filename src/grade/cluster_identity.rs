//! `kind = "cluster-id"`: the cluster that answers bears the id that was issued.
//!
//! Ids are compared as bytes: Kafka takes several spellings of one and repeats the one it was given.

use super::snapshot::Snapshot;
use super::spec::ClusterIdSpec;
use super::verdict::{Finding, Verdict};
use crate::kafka::cluster_id::{OF_THE_IMAGE, same};

/// Whether the cluster's id is the issued one.
pub async fn check(spec: &ClusterIdSpec, snapshot: &Snapshot<'_>) -> Verdict {
    let issued = match snapshot.issued(&spec.value) {
        Ok(issued) => issued,
        Err(cause) => return Verdict::Unknown { cause },
    };
    match snapshot.metadata().await {
        Ok(metadata) => judge(issued, metadata.cluster_id.as_deref()),
        Err(e) => Verdict::Unknown { cause: e.cause() },
    }
}

fn judge(issued: &str, found: Option<&str>) -> Verdict {
    let found = found.unwrap_or_default();
    let observed = text::observed(found);
    if same(issued, found) {
        return Verdict::Passed { observed };
    }
    let (why, mistake) = if same(OF_THE_IMAGE, found) {
        (text::why_image(), "image-id")
    } else {
        (text::why_another(), "another-id")
    };
    let (expected, mistake) = (text::expected(issued), Some(mistake.to_owned()));
    Verdict::Failed(Finding { expected, observed, why, mistake })
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;
    use crate::printable;

    pub fn expected(issued: &str) -> Phrase {
        phrase!("cluster id {issued}", "集群 ID 为 {issued}")
    }

    pub fn observed(found: &str) -> Phrase {
        let found = printable::name(found);
        phrase!("the cluster that answers is {found}", "应答的集群 ID 是 {found}")
    }

    pub fn why_image() -> Phrase {
        phrase!(
            "that is the id with which the image formats where CLUSTER_ID is not set",
            "这是没有设置 CLUSTER_ID 时镜像自带的 ID"
        )
    }

    pub fn why_another() -> Phrase {
        phrase!(
            "the storage was formatted with another id than the one issued to this attempt",
            "存储格式化时用的不是本次尝试发放的 ID"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUED: &str = "MkU3OEVBNTcwNTJENDM2Qg";

    #[test]
    fn the_issued_id_passes_in_any_spelling() {
        for found in [ISSUED, "MkU3OEVBNTcwNTJENDM2Qk", "MkU3OEVBNTcwNTJENDM2Qg=="] {
            assert!(judge(ISSUED, Some(found)).passed(), "{found}");
        }
    }

    #[test]
    fn an_id_that_nobody_chose_is_told_from_a_wrong_one() {
        assert_eq!(judge(ISSUED, Some(OF_THE_IMAGE)).mistake(), Some("image-id"));
        assert_eq!(judge(ISSUED, Some("a2Fma2Etd29ya2Jvb2suMQ")).mistake(), Some("another-id"));
        assert_eq!(judge(ISSUED, None).mistake(), Some("another-id"));
    }
}
