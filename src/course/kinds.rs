//! The check kinds by the name that lab.toml gives them, and what their parameters must satisfy.

use serde::Deserialize;

use crate::grade::spec::CheckKind;

use super::fault::{Fault, LabFault, TomlFault, What};
use super::issued::Value;
use super::lab::{Field, Seed};
use super::params::{ParamError, Params};
use super::table::is_topic_name;

/// Makes the table of names. serde's own way to tell the variants apart (an internal tag) buffers
/// the parameters and loses their places; the match in `name_of` keeps this list complete.
macro_rules! kinds {
    ($($name:literal => $variant:ident),+ $(,)?) => {
        /// Every name that `kind` may have.
        pub(super) const NAMES: &[&str] = &[$($name),+];

        /// The kind called `name`, from its parameters; none if there is no such kind.
        pub(super) fn read(name: &str, params: Params<'_>) -> Option<Result<CheckKind, ParamError>> {
            match name {
                $($name => Some(Deserialize::deserialize(params).map(CheckKind::$variant)),)+
                _ => None,
            }
        }

        /// The name of a kind.
        pub const fn name_of(kind: &CheckKind) -> &'static str {
            match kind {
                $(CheckKind::$variant(_) => $name,)+
            }
        }
    };
}

kinds! {
    "topic" => Topic,
    "topic-history" => TopicHistory,
    "topic-deleted" => TopicDeleted,
    "error-name" => ErrorName,
    "record-count" => RecordCount,
    "record-keys" => RecordKeys,
    "key-spread" => KeySpread,
    "group-committed" => GroupCommitted,
    "partition-counts" => PartitionCounts,
    "cluster-id" => ClusterId,
    "quorum" => Quorum,
    "reachable" => Reachable,
    "reachable-inside" => ReachableInside,
    "container-health" => ContainerHealth,
    "compose-file" => ComposeFile,
    "zookeeper-topic" => ZooKeeperTopic,
    "zookeeper-controller" => ZooKeeperController,
    "znode-path" => ZnodePath,
}

/// What a check may refer to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    pub seed: &'a Seed,
    pub values: &'a [Value],
    pub fields: &'a [Field],
}

/// What is wrong with the parameters of `kind`, each with the key at fault.
pub(super) fn faults(kind: &CheckKind, around: Around<'_>) -> Vec<(&'static str, Fault)> {
    let Around { seed, values, fields } = around;
    let mut faults = Vec::new();
    match kind {
        CheckKind::Topic(spec) => {
            topic_name(&spec.topic, &mut faults);
            at_least_one("partitions", spec.partitions, &mut faults);
            at_least_one("replication_factor", spec.replication_factor, &mut faults);
            let seeded = seed.topics.iter().any(|topic| {
                topic.name == spec.topic
                    && topic.partitions == spec.partitions
                    && topic.replication_factor == spec.replication_factor
            });
            if seeded {
                faults.push(("topic", LabFault::SeedPasses { topic: spec.topic.clone() }.into()));
            }
        }
        CheckKind::TopicHistory(spec) => {
            topic_name(&spec.topic, &mut faults);
            at_least_one("created_with", spec.created_with, &mut faults);
            let (created_with, grown_to) = (spec.created_with, spec.grown_to);
            if grown_to <= created_with {
                faults.push(("grown_to", LabFault::NoGrowth { created_with, grown_to }.into()));
            }
        }
        CheckKind::TopicDeleted(spec) => {
            if !seed.topics.iter().any(|topic| topic.name == spec.topic) {
                faults
                    .push(("topic", LabFault::TopicNotSeeded { topic: spec.topic.clone() }.into()));
            }
        }
        CheckKind::ErrorName(spec) => {
            field(&spec.field, fields, &mut faults);
            // 0 is NONE: the answer to a request that went well.
            if spec.code == 0 {
                faults.push(("code", LabFault::NoError.into()));
            }
        }
        CheckKind::RecordCount(spec) => {
            topic_name(&spec.topic, &mut faults);
            at_least_one("count", spec.count, &mut faults);
            let seeded = seed
                .topics
                .iter()
                .any(|topic| topic.name == spec.topic && u64::from(topic.records) == spec.count);
            if seeded {
                faults.push(("topic", LabFault::SeedPasses { topic: spec.topic.clone() }.into()));
            }
        }
        CheckKind::RecordKeys(spec) => {
            topic_name(&spec.topic, &mut faults);
            at_least_one("each", spec.each, &mut faults);
            issued("keys", &spec.keys, values, &mut faults);
        }
        CheckKind::KeySpread(spec) => topic_name(&spec.topic, &mut faults),
        CheckKind::GroupCommitted(spec) => topic_name(&spec.topic, &mut faults),
        CheckKind::PartitionCounts(spec) => {
            topic_name(&spec.topic, &mut faults);
            field(&spec.field, fields, &mut faults);
        }
        CheckKind::ClusterId(spec) => issued("value", &spec.value, values, &mut faults),
        CheckKind::Quorum(spec) => {
            at_least_one("brokers", spec.brokers.len() as u64, &mut faults);
            at_least_one("voters", spec.voters.len() as u64, &mut faults);
        }
        CheckKind::Reachable(_)
        | CheckKind::ReachableInside(_)
        | CheckKind::ContainerHealth(_)
        | CheckKind::ComposeFile(_) => {}
        CheckKind::ZooKeeperTopic(spec) => {
            topic_name(&spec.topic, &mut faults);
            if seed.topics.iter().any(|topic| topic.name == spec.topic) {
                faults.push(("topic", LabFault::SeedPasses { topic: spec.topic.clone() }.into()));
            }
        }
        CheckKind::ZooKeeperController(spec) => field(&spec.field, fields, &mut faults),
        CheckKind::ZnodePath(spec) => {
            field(&spec.field, fields, &mut faults);
            if !is_znode(&spec.path) {
                faults.push(("path", LabFault::BadZnode { found: spec.path.clone() }.into()));
            }
        }
    }
    faults
}

fn issued(
    key: &'static str,
    name: &str,
    values: &[Value],
    faults: &mut Vec<(&'static str, Fault)>,
) {
    if !values.iter().any(|value| value.name == name) {
        let known = values.iter().map(|value| value.name.clone()).collect();
        let (what, found) = (What::IssuedValue, name.to_owned());
        faults.push((key, TomlFault::Unknown { what, found, known }.into()));
    }
}

/// A path from the root, without a slash at its end or two in a row.
fn is_znode(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(|part| !part.is_empty()))
}

fn topic_name(name: &str, faults: &mut Vec<(&'static str, Fault)>) {
    if !is_topic_name(name) {
        faults.push(("topic", TomlFault::BadTopicName { found: name.to_owned() }.into()));
    }
}

fn field(id: &str, fields: &[Field], faults: &mut Vec<(&'static str, Fault)>) {
    if !fields.iter().any(|field| field.id == id) {
        let known = fields.iter().map(|field| field.id.clone()).collect();
        let (what, found) = (What::Field, id.to_owned());
        faults.push(("field", TomlFault::Unknown { what, found, known }.into()));
    }
}

fn at_least_one(key: &'static str, found: impl Into<u64>, faults: &mut Vec<(&'static str, Fault)>) {
    let found = found.into();
    if found == 0 {
        let fault =
            TomlFault::OutOfRange { found: found.to_string(), least: 1, most: u32::MAX.into() };
        faults.push((key, fault.into()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_the_one_that_grade_gives_its_kind() {
        for name in NAMES {
            let alone = format!("kind = \"{name}\"");
            // Known by its name: what is wrong, if anything, is that parameters are missing.
            if let Err(error) = toml::from_str::<CheckKind>(&alone) {
                assert!(error.to_string().contains("missing field"), "{name}: {error}");
            }
        }
    }
}
