//! Notices a node that ends while it is waited for, and says why it did.

use std::io::Read as _;
use std::time::Duration;

use super::cluster::{Cluster, EngineKind, NodeState, NodeStatus};
use super::{Engine, ports, room};
use crate::paths::Paths;
use crate::phrase;
use crate::printable;
use crate::problem::Problem;

/// How often the nodes are looked at.
const INTERVAL: Duration = Duration::from_millis(100);

/// How the system says that a node cannot have its port.
const PORT_TAKEN: &str = "Address already in use";

/// How the system says that a disk is full.
const DISK_FULL: [&str; 2] = ["No space left on device", "Disk quota exceeded"];

/// Returns when a node of the cluster, or the one that is named, has ended; never while it runs.
pub async fn of_a_node(
    engine: &dyn Engine,
    cluster: &Cluster,
    name: Option<&str>,
    paths: &Paths,
) -> Problem {
    loop {
        let nodes = engine.status(cluster).await.unwrap_or_default();
        let meant = |n: &&NodeStatus| name.is_none_or(|name| n.node.name == name);
        let mut dead = nodes.iter().filter(meant).filter(|n| n.state == NodeState::Stopped);
        if let Some(dead) = dead.next() {
            // A node that finds no room may find none for its last words either.
            let its_disk = paths.environments();
            if cluster.engine == EngineKind::Jvm && room::is_full(&its_disk) {
                return room::full(&its_disk);
            }
            return reason(engine, cluster, &dead.node.name).await;
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Why a node has ended, by what it has printed.
pub async fn reason(engine: &dyn Engine, cluster: &Cluster, node: &str) -> Problem {
    told_by(&log_of(engine, cluster, node).await, node)
}

async fn log_of(engine: &dyn Engine, cluster: &Cluster, node: &str) -> String {
    let mut log = Vec::new();
    // What could be read up to a fault says more than nothing.
    let _ = engine.log(cluster, node).await.map(|mut reader| reader.read_to_end(&mut log));
    String::from_utf8_lossy(&log).into_owned()
}

/// What the log of a node that has ended says of the reason.
fn told_by(log: &str, node: &str) -> Problem {
    let lines: Vec<&str> = log.lines().collect();
    let line_with = |words: &str| lines.iter().find(|line| line.contains(words)).copied();
    if let Some(line) = line_with(PORT_TAKEN) {
        return text::port_taken(node, &shown(line));
    }
    if let Some(line) = DISK_FULL.into_iter().find_map(line_with) {
        return text::disk_full(node, &shown(line));
    }
    match reason_in(&lines) {
        Some(reason) => text::died(node, &printable::line(&reason)),
        None => text::ended(node, lines.last().copied().map(shown)),
    }
}

fn shown(line: &str) -> String {
    printable::line(line.trim())
}

/// The line that says most: the exception, else the last error.
fn reason_in(lines: &[&str]) -> Option<String> {
    let exception = || {
        let is_one = |line: &&&str| !line.starts_with('[') && line.contains("Exception: ");
        lines.iter().find(is_one).map(|line| line.trim().to_owned())
    };
    let error = || {
        let is_one = |line: &&str| line.contains(" ERROR ") || line.starts_with("Error");
        let at = lines.iter().rposition(is_one)?;
        // A JVM that could not even begin says why in the line after.
        let more = lines.get(at + 1).filter(|_| lines[at].starts_with("Error occurred"));
        let words = [lines[at].trim()].into_iter().chain(more.map(|line| line.trim()));
        Some(words.collect::<Vec<_>>().join(": "))
    };
    exception().or_else(error)
}

mod text {
    use super::{Problem, phrase, ports, room};

    pub fn died(node: &str, words: &str) -> Problem {
        Problem::new(
            "node-died",
            phrase!("{node} ended while it started: {words}", "{node} 在启动过程中退出：{words}"),
            phrase!(
                "fix what it names and start again; where its data are damaged, begin anew: kafka-workbook lab start ID",
                "改正它指出的问题，再重新启动；如果数据已损坏，就从头开始：kafka-workbook lab start ID"
            ),
        )
    }

    /// A node that was killed says nothing of it.
    pub fn ended(node: &str, last: Option<String>) -> Problem {
        let last = last.unwrap_or_else(|| "-".to_owned());
        Problem::new(
            "node-died",
            phrase!(
                "{node} ended while it started and has not said why; its last line: {last}",
                "{node} 在启动过程中退出，没有说明原因；最后一行输出：{last}"
            ),
            phrase!(
                "something may have killed it, such as a lack of memory (see: dmesg | tail); start again",
                "可能是被杀死的，例如内存不足（查看：dmesg | tail）；请重新启动"
            ),
        )
    }

    pub fn port_taken(node: &str, words: &str) -> Problem {
        Problem::new(
            ports::BUSY,
            phrase!(
                "another program has taken a port of {node} while it started: {words}",
                "{node} 启动时，有一个端口被其他程序占用：{words}"
            ),
            phrase!(
                "see who it is: ss -ltnp; or choose other ports with KAFKA_WORKBOOK_PORT_BASE",
                "查看占用者：ss -ltnp；或用 KAFKA_WORKBOOK_PORT_BASE 换一段端口"
            ),
        )
    }

    pub fn disk_full(node: &str, words: &str) -> Problem {
        Problem::new(
            room::FULL,
            phrase!(
                "{node} ended while it started, for want of room on its disk: {words}",
                "{node} 在启动过程中退出，因为磁盘已满：{words}"
            ),
            phrase!(
                "free some space (df -h), then start again",
                "腾出空间（df -h 查看），再重新启动"
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: &str = "[2026-11-21 10:00:00,000] INFO starting (kafka.Kafka)";
    const ERROR: &str =
        "[2026-11-21 10:00:00,100] ERROR Exiting Kafka due to fatal exception (kafka.Kafka$)";
    const EXCEPTION: &str = "org.apache.kafka.common.config.ConfigException: Invalid value abc for configuration log.retention.ms";

    #[track_caller]
    fn tells(lines: &[&str], code: &str, words: &str) {
        let problem = told_by(&lines.join("\n"), "kafka");
        assert_eq!(problem.code, code, "{problem}");
        assert!(problem.message.en.contains(words), "{problem}");
        assert!(problem.message.zh.contains(words), "{problem:?}");
    }

    #[test]
    fn the_exception_is_preferred_to_the_error_that_announces_it() {
        let frame = "\tat org.apache.kafka.common.config.ConfigDef.parseType(ConfigDef.java:700)";
        tells(&[INFO, ERROR, EXCEPTION, frame], "node-died", EXCEPTION);
        tells(&[INFO, ERROR], "node-died", ERROR);
    }

    #[test]
    fn a_jvm_that_cannot_begin_is_told_with_its_reason() {
        let lines = [
            "Error occurred during initialization of VM",
            "Could not reserve enough space for 393216KB object heap",
        ];
        tells(&lines, "node-died", lines[1]);
    }

    #[test]
    fn a_node_that_was_killed_is_not_said_to_have_named_a_reason() {
        for lines in [&[][..], &[INFO]] {
            let problem = told_by(&lines.join("\n"), "kafka");
            assert_eq!(problem.code, "node-died");
            assert!(problem.message.en.contains("has not said why"), "{problem}");
            assert!(problem.hint.en.contains("dmesg"), "{problem:?}");
        }
    }

    #[test]
    fn a_port_and_a_disk_are_told_by_their_own_codes() {
        let taken = "org.apache.kafka.common.KafkaException: Socket server failed to bind to 127.7.0.2:9093: Address already in use.";
        tells(&[INFO, ERROR, taken], ports::BUSY, "127.7.0.2:9093");
        let full = "java.io.IOException: No space left on device";
        tells(&[ERROR, full, EXCEPTION], room::FULL, full);
    }

    #[test]
    fn a_log_sends_nothing_to_the_terminal() {
        for line in ["\u{1b}[2J", "x ERROR \u{1b}[2J", "Address already in use \u{1b}[2J"] {
            let problem = told_by(line, "kafka");
            assert!(!problem.message.en.contains('\u{1b}'), "{problem:?}");
        }
    }
}
