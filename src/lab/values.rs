//! What is issued to an attempt: its nonce, and the values that texts, shells and programs see.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::OpenAttempt;
use super::learner::PORT;
use crate::course::{Lab, Value, ValueSource};
use crate::engine::cluster::Cluster;
use crate::kafka::partitioner::Partitioner;

/// Letters of a drawn key after its prefix: a million and more of them for each prefix.
const KEY_LETTERS: usize = 4;

/// Letters of a nonce: no two look alike, and every one may stand in a topic's name.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Eight random characters, 40 bits: what makes an attempt's names and answers its own.
pub fn nonce() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|b| letter(*b)).collect())
}

/// The values of an attempt: the same nonce gives the same ones.
pub fn issue(values: &[Value], nonce: &str) -> BTreeMap<String, String> {
    let issued = values.iter().map(|Value { name, source }| {
        let value = match source {
            ValueSource::Text(text) => text.clone(),
            ValueSource::Keys { prefix, count, partitions } => {
                draw_keys(nonce, prefix, *count as usize, *partitions).join(",")
            }
            ValueSource::ClusterId => draw_cluster_id(nonce, name),
        };
        (name.clone(), value)
    });
    issued.collect()
}

/// Different keys with which every common partitioner reaches every partition; drawn again until
/// they do.
fn draw_keys(nonce: &str, prefix: &str, count: usize, partitions: u32) -> Vec<String> {
    let mut round = 0_u32;
    loop {
        let keys = keys(nonce, prefix, count, round);
        let reaches_all = |partitioner: &Partitioner| {
            let reached: BTreeSet<u32> =
                keys.iter().map(|key| partitioner.partition(key.as_bytes(), partitions)).collect();
            reached.len() == partitions as usize
        };
        if keys.len() == count && Partitioner::ALL.iter().all(reaches_all) {
            return keys.into_iter().collect();
        }
        round += 1;
    }
}

fn keys(nonce: &str, prefix: &str, count: usize, round: u32) -> BTreeSet<String> {
    let key = |index: usize| {
        let drawn = Sha256::digest(format!("{nonce} {prefix} {round} {index}"));
        let letters = drawn.iter().take(KEY_LETTERS).map(|b| letter(*b));
        format!("{prefix}{}", letters.collect::<String>())
    };
    (0..count).map(key).collect()
}

/// A cluster id that no command line takes for an option.
fn draw_cluster_id(nonce: &str, name: &str) -> String {
    let ids = (0_u32..).map(|round| {
        let drawn = Sha256::digest(format!("{nonce} {name} {round}"));
        URL_SAFE_NO_PAD.encode(&drawn[..16])
    });
    ids.into_iter().find(|id| !id.starts_with('-')).unwrap_or_default()
}

fn letter(random: u8) -> char {
    char::from(ALPHABET[usize::from(random % 32)])
}

/// Placeholders of texts: addresses by their names, issued values by theirs.
pub fn placeholders(
    issued: &BTreeMap<String, String>,
    cluster: Option<&Cluster>,
) -> BTreeMap<String, String> {
    let mut values = issued.clone();
    if let Some(port) = issued.get(PORT) {
        values.insert("bootstrap".to_owned(), format!("localhost:{port}"));
    }
    if let Some(cluster) = cluster {
        values.insert("bootstrap".to_owned(), servers(issued, cluster));
        values.insert("controller".to_owned(), cluster.controllers().join(","));
        values.insert("zookeeper".to_owned(), cluster.zookeepers().join(","));
    }
    values
}

/// What stands for placeholders before anything is issued: what is the same in every attempt, and
/// `…` for what is not.
pub fn preview(values: &[Value]) -> BTreeMap<String, String> {
    let addresses = ["bootstrap", "controller", "zookeeper"]
        .map(|name| (name.to_owned(), "localhost:…".to_owned()));
    let issued = values.iter().map(|Value { name, source }| match source {
        ValueSource::Text(text) => (name.clone(), text.clone()),
        ValueSource::Keys { .. } | ValueSource::ClusterId => (name.clone(), "…".to_owned()),
    });
    issued.chain(addresses).collect()
}

/// Where clients begin: at the cluster's brokers, or, where the learner's file lets nobody in, at the
/// port that was issued.
fn servers(issued: &BTreeMap<String, String>, cluster: &Cluster) -> String {
    let port = issued.get(PORT).filter(|_| cluster.brokers().is_empty());
    port.map_or_else(|| cluster.bootstrap_servers(), |port| format!("localhost:{port}"))
}

/// Environment variables by which programs find the cluster.
pub fn addresses(cluster: &Cluster) -> BTreeMap<String, String> {
    let mut variables =
        BTreeMap::from([("BOOTSTRAP_SERVERS".to_owned(), cluster.bootstrap_servers())]);
    let zookeepers = cluster.zookeepers().join(",");
    if !zookeepers.is_empty() {
        variables.insert("ZOOKEEPER_CONNECT".to_owned(), zookeepers);
    }
    variables
}

/// Environment variables of the lab shell and of the learner's programs.
pub fn variables(lab: &Lab, attempt: &OpenAttempt, cluster: &Cluster) -> BTreeMap<String, String> {
    let mut variables = attempt.progress.values.clone();
    variables.extend(addresses(cluster));
    let servers = servers(&attempt.progress.values, cluster);
    variables.insert("BOOTSTRAP_SERVERS".to_owned(), servers);
    variables.insert("KAFKA_WORKBOOK_LAB".to_owned(), lab.id.clone());
    variables
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kafka::cluster_id;

    fn keys_of(nonce: &str) -> String {
        let source = ValueSource::Keys { prefix: "user-".to_owned(), count: 25, partitions: 5 };
        let issued = issue(&[Value { name: "KEYS".to_owned(), source }], nonce);
        issued["KEYS"].clone()
    }

    #[test]
    fn issued_keys_reach_every_partition_with_every_common_partitioner() {
        for nonce in (0..200).map(|n| format!("nonce-{n}")) {
            let issued = keys_of(&nonce);
            let keys: BTreeSet<&str> = issued.split(',').collect();
            assert_eq!(keys.len(), 25, "{issued}");
            for partitioner in Partitioner::ALL {
                let reached: BTreeSet<u32> =
                    keys.iter().map(|key| partitioner.partition(key.as_bytes(), 5)).collect();
                assert_eq!(reached.len(), 5, "{nonce} {partitioner:?}");
            }
        }
    }

    #[test]
    fn another_attempt_has_other_keys_and_the_same_one_the_same() {
        assert_eq!(keys_of("a"), keys_of("a"));
        let (a, b) = (keys_of("a"), keys_of("b"));
        let (a, b): (BTreeSet<_>, BTreeSet<_>) = (a.split(',').collect(), b.split(',').collect());
        assert!(a.intersection(&b).count() <= 1, "{a:?} {b:?}");
    }

    #[test]
    fn a_drawn_cluster_id_is_one_that_kafka_takes() {
        for nonce in (0..300).map(|n| format!("nonce-{n}")) {
            let value = Value { name: "ID".to_owned(), source: ValueSource::ClusterId };
            let id = issue(&[value], &nonce)["ID"].clone();
            assert!(cluster_id::bytes(&id).is_some() && !id.starts_with('-'), "{id}");
        }
    }

    #[test]
    fn a_cluster_that_is_yet_to_be_started_has_its_address_already() {
        let issued = BTreeMap::from([(PORT.to_owned(), "9192".to_owned())]);
        assert_eq!(placeholders(&issued, None)["bootstrap"], "localhost:9192");
        assert!(!placeholders(&BTreeMap::new(), None).contains_key("bootstrap"));
    }

    #[test]
    fn two_attempts_do_not_share_a_nonce() {
        let drawn: std::collections::BTreeSet<String> =
            (0..100).map(|_| nonce().unwrap()).collect();
        assert_eq!(drawn.len(), 100);
        assert!(drawn.iter().all(|n| n.len() == 8 && n.bytes().all(|b| ALPHABET.contains(&b))));
    }
}
