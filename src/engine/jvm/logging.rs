//! How nodes and tools log: log4j2 configurations, written beside what they configure.

use std::path::{Path, PathBuf};

use super::layout::node_folder;
use crate::engine::compose::properties::Properties;

/// Where a node's logging is configured.
pub fn of_node(folder: &Path, node: &str) -> PathBuf {
    node_folder(folder, node).join("log4j2.properties")
}

/// Where the tools' logging is configured.
pub fn of_tools(folder: &Path) -> PathBuf {
    folder.join("tools-log4j2.properties")
}

/// Warnings go to standard error, as with Kafka's own scripts; Connect's workers, which have no
/// other voice, say there what they do.
pub const TOOLS: &str = "\
status = error
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = [%d] %p %m (%c)%n
logger.connect.name = org.apache.kafka.connect
logger.connect.level = info
rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = stderr
";

/// A rolling file of 10 MB and two before it, at level INFO, as Kafka's own configuration has it.
pub fn node(file: &Path) -> String {
    let file = file.display().to_string();
    let earlier = format!("{file}.%i");
    let settings = [
        ("status", "error"),
        ("appender.file.type", "RollingFile"),
        ("appender.file.name", "file"),
        ("appender.file.fileName", &file),
        ("appender.file.filePattern", &earlier),
        ("appender.file.layout.type", "PatternLayout"),
        ("appender.file.layout.pattern", "[%d] %p %m (%c)%n"),
        ("appender.file.policies.type", "Policies"),
        ("appender.file.policies.size.type", "SizeBasedTriggeringPolicy"),
        ("appender.file.policies.size.size", "10MB"),
        ("appender.file.strategy.type", "DefaultRolloverStrategy"),
        ("appender.file.strategy.max", "2"),
        ("rootLogger.level", "info"),
        ("rootLogger.appenderRef.file.ref", "file"),
    ];
    let mut properties = Properties::default();
    for (name, value) in settings {
        properties.set(name, value);
    }
    properties.to_text()
}
