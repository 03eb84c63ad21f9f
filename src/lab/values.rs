//! What is issued to an attempt: its nonce, and the values that texts, shells and programs see.

use std::collections::BTreeMap;

use super::OpenAttempt;
use crate::course::Lab;
use crate::engine::cluster::Cluster;

/// Letters of a nonce: no two look alike, and every one may stand in a topic's name.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Eight random characters, 40 bits: what makes an attempt's names and answers its own.
pub fn nonce() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|b| char::from(ALPHABET[usize::from(b % 32)])).collect())
}

/// Placeholders of texts: addresses by their names, issued values by theirs.
pub fn placeholders(
    issued: &BTreeMap<String, String>,
    cluster: Option<&Cluster>,
) -> BTreeMap<String, String> {
    let mut values = issued.clone();
    if let Some(cluster) = cluster {
        values.insert("bootstrap".to_owned(), cluster.bootstrap_servers());
        values.insert("controller".to_owned(), cluster.controllers().join(","));
    }
    values
}

/// Environment variables of the lab shell and of the learner's programs.
pub fn variables(lab: &Lab, attempt: &OpenAttempt, cluster: &Cluster) -> BTreeMap<String, String> {
    let mut variables = attempt.progress.values.clone();
    variables.insert("BOOTSTRAP_SERVERS".to_owned(), cluster.bootstrap_servers());
    variables.insert("KAFKA_WORKBOOK_LAB".to_owned(), lab.id.clone());
    variables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_attempts_do_not_share_a_nonce() {
        let drawn: std::collections::BTreeSet<String> =
            (0..100).map(|_| nonce().unwrap()).collect();
        assert_eq!(drawn.len(), 100);
        assert!(drawn.iter().all(|n| n.len() == 8 && n.bytes().all(|b| ALPHABET.contains(&b))));
    }
}
