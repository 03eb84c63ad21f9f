//! Notices a node that ends while it is waited for, and says why it did.

use std::io::Read as _;
use std::time::Duration;

use super::Engine;
use super::cluster::{Cluster, NodeState, NodeStatus};
use crate::phrase;
use crate::printable;
use crate::problem::Problem;

/// How often the nodes are looked at.
const INTERVAL: Duration = Duration::from_millis(100);

/// Returns when a node of the cluster, or the one that is named, has ended; never while it runs.
pub async fn of_a_node(engine: &dyn Engine, cluster: &Cluster, name: Option<&str>) -> Problem {
    loop {
        let nodes = engine.status(cluster).await.unwrap_or_default();
        let meant = |n: &&NodeStatus| name.is_none_or(|name| n.node.name == name);
        let mut dead = nodes.iter().filter(meant).filter(|n| n.state == NodeState::Stopped);
        if let Some(dead) = dead.next() {
            return died(&dead.node.name, &last_words(engine, cluster, &dead.node.name).await);
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

async fn last_words(engine: &dyn Engine, cluster: &Cluster, node: &str) -> String {
    let mut log = Vec::new();
    // What could be read up to a fault says more than nothing.
    let _ = engine.log(cluster, node).await.map(|mut reader| reader.read_to_end(&mut log));
    let log = String::from_utf8_lossy(&log);
    let lines: Vec<&str> = log.lines().collect();
    printable::line(reason_in(&lines))
}

/// The line that says most: the exception, else the last error, else the last line.
fn reason_in<'a>(lines: &[&'a str]) -> &'a str {
    let exception =
        lines.iter().find(|line| !line.starts_with('[') && line.contains("Exception: "));
    let error = || lines.iter().rfind(|line| line.contains(" ERROR ") || line.starts_with("Error"));
    exception.or_else(error).or_else(|| lines.last()).copied().unwrap_or("-").trim()
}

fn died(node: &str, words: &str) -> Problem {
    Problem::new(
        "node-died",
        phrase!("{node} ended while it started: {words}", "{node} 在启动过程中退出：{words}"),
        phrase!("fix what it names and start again", "改正它指出的问题，再重新启动"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exception_is_preferred_to_the_error_that_announces_it() {
        let lines = [
            "[2026-11-21 10:00:00,000] INFO starting (kafka.Kafka)",
            "[2026-11-21 10:00:00,100] ERROR Exiting Kafka due to fatal exception (kafka.Kafka$)",
            "org.apache.kafka.common.config.ConfigException: Invalid value abc for configuration log.retention.ms",
            "\tat org.apache.kafka.common.config.ConfigDef.parseType(ConfigDef.java:700)",
        ];
        assert_eq!(reason_in(&lines), lines[2]);
        assert_eq!(reason_in(&lines[..2]), lines[1]);
        assert_eq!(reason_in(&lines[..1]), lines[0]);
        assert_eq!(reason_in(&[]), "-");
    }
}
