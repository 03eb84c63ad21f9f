//! Brings a fresh cluster into the state that a lab or a lesson starts from.

use std::time::Duration;

use crate::course::{Seed, SeedTopic};
use crate::engine::cluster::Cluster;
use crate::engine::readiness::wait_for_topics;
use crate::kafka::admin::{NewTopic, create_topics};
use crate::kafka::load::{NewRecord, load};
use crate::phrase;
use crate::problem::Problem;

/// How long one question may take while seeding.
const PATIENCE: Duration = Duration::from_secs(10);

/// Creates the seed's topics and records; returns when every partition is served.
pub async fn plant(seed: &Seed, cluster: &Cluster, timeout: Duration) -> Result<(), Problem> {
    if seed.topics.is_empty() {
        return Ok(());
    }
    let client = cluster.client(PATIENCE);
    let address = cluster.brokers().into_iter().next().unwrap_or_default();
    let topics: Option<Vec<NewTopic>> = seed.topics.iter().map(new_topic).collect();
    create_topics(&client, &address, &topics.ok_or_else(too_large)?).await?;
    let names: Vec<String> = seed.topics.iter().map(|t| t.name.clone()).collect();
    wait_for_topics(cluster, &names, timeout).await?;
    for topic in seed.topics.iter().filter(|t| t.records > 0) {
        fill(cluster.bootstrap_servers(), topic).await?;
    }
    Ok(())
}

/// Deals the records out to the partitions in turn.
async fn fill(servers: String, topic: &SeedTopic) -> Result<(), Problem> {
    let SeedTopic { name, partitions, records, .. } = topic.clone();
    let text = name.clone();
    let records = (0..records).map(move |number| NewRecord {
        partition: i32::try_from(number % partitions).unwrap_or_default(),
        key: None,
        value: format!("{text}-{number}").into_bytes(),
    });
    Ok(load(servers, name, records, PATIENCE).await?)
}

fn new_topic(topic: &SeedTopic) -> Option<NewTopic> {
    Some(NewTopic {
        name: topic.name.clone(),
        partitions: topic.partitions.try_into().ok()?,
        replication_factor: topic.replication_factor.try_into().ok()?,
    })
}

fn too_large() -> Problem {
    Problem::usage(
        "lab-file",
        phrase!(
            "a topic of the seed is larger than Kafka allows",
            "初始数据中的 topic 超出了 Kafka 的上限"
        ),
        phrase!(
            "lower its numbers in lab.toml or lesson.toml",
            "在 lab.toml 或 lesson.toml 里改小它的数字"
        ),
    )
}
