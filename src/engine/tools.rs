//! Kafka's CLI tools by name, and the class that each of them is.

/// Every tool that the lab shell has, as `bin/*.sh` of Apache Kafka 4.3 names them, with its class.
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

/// The class of a tool, given its name with or without `.sh`.
pub fn class_of(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix(".sh").unwrap_or(name);
    TOOLS.iter().find(|(tool, _)| *tool == name).map(|(_, class)| *class)
}
