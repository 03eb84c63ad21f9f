//! Kafka's CLI tools by name, and the class that each of them is.

mod kafka_3_9;

/// Every tool as `bin/*.sh` of Apache Kafka 4.3 names them, with its class.
pub const TOOLS: &[(&str, &str)] = &[
    ("connect-distributed", "org.apache.kafka.connect.cli.ConnectDistributed"),
    ("connect-plugin-path", "org.apache.kafka.tools.ConnectPluginPath"),
    ("connect-standalone", "org.apache.kafka.connect.cli.ConnectStandalone"),
    ("kafka-acls", "org.apache.kafka.tools.AclCommand"),
    ("kafka-broker-api-versions", "org.apache.kafka.tools.BrokerApiVersionsCommand"),
    ("kafka-client-metrics", "org.apache.kafka.tools.ClientMetricsCommand"),
    ("kafka-cluster", "org.apache.kafka.tools.ClusterTool"),
    ("kafka-configs", "kafka.admin.ConfigCommand"),
    ("kafka-console-consumer", "org.apache.kafka.tools.consumer.ConsoleConsumer"),
    ("kafka-console-producer", "org.apache.kafka.tools.ConsoleProducer"),
    ("kafka-console-share-consumer", "org.apache.kafka.tools.consumer.ConsoleShareConsumer"),
    ("kafka-consumer-groups", "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"),
    ("kafka-consumer-perf-test", "org.apache.kafka.tools.ConsumerPerformance"),
    ("kafka-delegation-tokens", "org.apache.kafka.tools.DelegationTokenCommand"),
    ("kafka-delete-records", "org.apache.kafka.tools.DeleteRecordsCommand"),
    ("kafka-dump-log", "org.apache.kafka.tools.DumpLogSegments"),
    ("kafka-e2e-latency", "org.apache.kafka.tools.EndToEndLatency"),
    ("kafka-features", "org.apache.kafka.tools.FeatureCommand"),
    ("kafka-get-offsets", "org.apache.kafka.tools.GetOffsetShell"),
    ("kafka-groups", "org.apache.kafka.tools.GroupsCommand"),
    ("kafka-jmx", "org.apache.kafka.tools.JmxTool"),
    ("kafka-leader-election", "org.apache.kafka.tools.LeaderElectionCommand"),
    ("kafka-log-dirs", "org.apache.kafka.tools.LogDirsCommand"),
    ("kafka-metadata-quorum", "org.apache.kafka.tools.MetadataQuorumCommand"),
    ("kafka-metadata-shell", "org.apache.kafka.shell.MetadataShell"),
    ("kafka-producer-perf-test", "org.apache.kafka.tools.ProducerPerformance"),
    ("kafka-reassign-partitions", "org.apache.kafka.tools.reassign.ReassignPartitionsCommand"),
    ("kafka-replica-verification", "org.apache.kafka.tools.ReplicaVerificationTool"),
    ("kafka-share-consumer-perf-test", "org.apache.kafka.tools.ShareConsumerPerformance"),
    ("kafka-share-groups", "org.apache.kafka.tools.consumer.group.ShareGroupCommand"),
    ("kafka-storage", "kafka.tools.StorageTool"),
    ("kafka-streams-application-reset", "org.apache.kafka.tools.StreamsResetter"),
    ("kafka-streams-groups", "org.apache.kafka.tools.streams.StreamsGroupCommand"),
    ("kafka-topics", "org.apache.kafka.tools.TopicCommand"),
    ("kafka-transactions", "org.apache.kafka.tools.TransactionsCommand"),
    ("kafka-verifiable-consumer", "org.apache.kafka.tools.VerifiableConsumer"),
    ("kafka-verifiable-producer", "org.apache.kafka.tools.VerifiableProducer"),
];

/// The class of a tool in a version of Kafka, given its name with or without `.sh`.
pub fn class_of(name: &str, kafka_version: &str) -> Option<&'static str> {
    let name = plain(name);
    let table = if kafka_version.starts_with("3.") { kafka_3_9::TOOLS } else { TOOLS };
    table.iter().find(|(tool, _)| *tool == name).map(|(_, class)| *class)
}

/// The words that a tool's own script puts before its arguments.
pub fn words_before(name: &str) -> &'static [&'static str] {
    if plain(name) == "zookeeper-shell" { &["-server"] } else { &[] }
}

/// The names of the tools of all versions, each once: what the lab shell has.
pub fn names() -> impl Iterator<Item = &'static str> {
    let known = |name: &str| TOOLS.iter().any(|(tool, _)| *tool == name);
    let only_before = kafka_3_9::TOOLS.iter().filter(move |(name, _)| !known(name));
    TOOLS.iter().chain(only_before).map(|(name, _)| *name)
}

/// Whether a version of Kafka has a tool of this name, with or without `.sh`.
pub fn is_tool(name: &str) -> bool {
    names().any(|tool| tool == plain(name))
}

fn plain(name: &str) -> &str {
    name.strip_suffix(".sh").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_found_in_the_versions_that_have_it() {
        assert_eq!(class_of("zookeeper-shell.sh", "4.3.1"), None);
        assert!(class_of("zookeeper-shell.sh", "3.9.2").is_some());
        assert_eq!(class_of("kafka-groups", "3.9.2"), None);
        assert_ne!(class_of("kafka-acls", "3.9.2"), class_of("kafka-acls", "4.3.1"));
        assert!(is_tool("zookeeper-shell.sh") && is_tool("kafka-groups") && !is_tool("ls"));
        let mut all: Vec<&str> = names().collect();
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count, "each once");
    }
}
