//! Reads what a cluster starts from: the environment and the seed of lab.toml and lesson.toml.

use super::fault::{TomlFault, What};
use super::lab::{Seed, SeedTopic};
use super::table::{At, Table, is_topic_name};

/// More partitions than one small cluster should be asked to hold.
const MOST_PARTITIONS: u32 = 1000;
/// The protocol's replication factor is an int16.
const MOST_REPLICAS: u32 = 32_767;
/// A seed of more records would not be ready in the time that a reset may take.
const MOST_RECORDS: u32 = 1_000_000;

/// The environment, which has to be one of the course's.
pub(super) fn environment(table: &mut Table<'_>, environments: &[String]) -> Option<String> {
    let environment = table.text("environment")?;
    if environments.contains(&environment.value) {
        return Some(environment.value);
    }
    let fault = TomlFault::Unknown {
        what: What::Environment,
        found: environment.value,
        known: environments.to_vec(),
    };
    table.fault(environment.offset, fault);
    None
}

/// The seed; an empty one if the key is absent.
pub(super) fn seed(table: &mut Table<'_>) -> Seed {
    let Some(mut seed) = table.table("seed") else { return Seed::default() };
    let mut topics: Vec<SeedTopic> = Vec::new();
    for mut entry in seed.tables("topics") {
        let Some(topic) = seed_topic(&mut entry) else { continue };
        if topics.iter().any(|other| other.name == topic.value.name) {
            let id = topic.value.name.clone();
            entry.fault(topic.offset, TomlFault::Duplicate { what: What::Topic, id });
        }
        entry.finish();
        topics.push(topic.value);
    }
    seed.finish();
    Seed { topics }
}

fn seed_topic(table: &mut Table<'_>) -> Option<At<SeedTopic>> {
    let name = table.text("name");
    let partitions = table.number("partitions", 1..=MOST_PARTITIONS);
    let replication_factor = table.number("replication_factor", 1..=MOST_REPLICAS);
    let records = table.number_or("records", 0..=MOST_RECORDS, 0);
    let name = name?;
    if !is_topic_name(&name.value) {
        table.fault(name.offset, TomlFault::BadTopicName { found: name.value.clone() });
    }
    let topic = SeedTopic {
        name: name.value,
        partitions: partitions?.value,
        replication_factor: replication_factor?.value,
        records: records?,
    };
    Some(At { value: topic, offset: name.offset })
}
