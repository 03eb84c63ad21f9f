//! Asks a cluster whether a lab's checks hold, and says why.
//!
//! A check kind is a variant of [`spec::CheckKind`] and one file here, which judges facts of the
//! round's [`snapshot::Snapshot`] and has its texts at its end.

pub mod clock;
pub mod cluster_identity;
pub mod compose_file;
pub mod container_health;
pub mod error_name;
mod error_reading;
pub mod group_committed;
pub mod groups;
pub mod key_spread;
pub mod partition_counts;
pub mod quorum;
pub mod reachable;
pub mod reachable_inside;
pub mod record_count;
pub mod record_keys;
pub mod records;
pub mod round;
pub mod snapshot;
pub mod spec;
pub mod surroundings;
#[cfg(test)]
mod testing;
mod text;
pub mod topic;
pub mod topic_deleted;
pub mod topic_history;
pub mod topic_znodes;
pub mod verdict;
pub mod znode_path;
pub mod zookeeper_controller;
pub mod zookeeper_topic;

use snapshot::Snapshot;
use spec::CheckKind;
use verdict::Verdict;

/// Asks one check.
pub async fn evaluate(kind: &CheckKind, snapshot: &Snapshot<'_>) -> Verdict {
    match kind {
        CheckKind::Topic(spec) => topic::check(spec, snapshot).await,
        CheckKind::TopicHistory(spec) => topic_history::check(spec, snapshot).await,
        CheckKind::TopicDeleted(spec) => topic_deleted::check(spec, snapshot).await,
        CheckKind::ErrorName(spec) => error_name::check(spec, snapshot),
        CheckKind::RecordCount(spec) => record_count::check(spec, snapshot).await,
        CheckKind::RecordKeys(spec) => record_keys::check(spec, snapshot).await,
        CheckKind::KeySpread(spec) => key_spread::check(spec, snapshot).await,
        CheckKind::GroupCommitted(spec) => group_committed::check(spec, snapshot).await,
        CheckKind::PartitionCounts(spec) => partition_counts::check(spec, snapshot).await,
        CheckKind::ClusterId(spec) => cluster_identity::check(spec, snapshot).await,
        CheckKind::Quorum(spec) => quorum::check(spec, snapshot).await,
        CheckKind::Reachable(_) => reachable::check(snapshot).await,
        CheckKind::ReachableInside(_) => reachable_inside::check(snapshot).await,
        CheckKind::ContainerHealth(_) => container_health::check(snapshot).await,
        CheckKind::ComposeFile(_) => compose_file::check(snapshot).await,
        CheckKind::ZooKeeperTopic(spec) => zookeeper_topic::check(spec, snapshot).await,
        CheckKind::ZooKeeperController(spec) => zookeeper_controller::check(spec, snapshot).await,
        CheckKind::ZnodePath(spec) => znode_path::check(spec, snapshot),
    }
}
