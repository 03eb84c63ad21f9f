//! How nodes and tools log: configurations, written beside what they configure, of the library that
//! the version of Kafka brings: log4j2 since 4.0, reload4j (log4j 1) before.

use std::path::{Path, PathBuf};

use super::layout::node_folder;
use crate::engine::compose::properties::Properties;

/// The library that writes the logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogBackend {
    /// log4j 2.
    Log4j2,
    /// log4j 1.2, kept alive as reload4j.
    Reload4j,
}

impl LogBackend {
    /// The JVM's option that names a configuration.
    pub fn option(self, file: &Path) -> String {
        match self {
            Self::Log4j2 => format!("-Dlog4j2.configurationFile={}", file.display()),
            Self::Reload4j => format!("-Dlog4j.configuration=file:{}", file.display()),
        }
    }

    /// The configuration of a node, which logs to `file`.
    pub fn node(self, file: &Path) -> String {
        match self {
            Self::Log4j2 => log4j2_node(file),
            Self::Reload4j => reload4j_node(file),
        }
    }

    /// The configuration of the tools.
    pub const fn tools(self) -> &'static str {
        match self {
            Self::Log4j2 => LOG4J2_TOOLS,
            Self::Reload4j => RELOAD4J_TOOLS,
        }
    }
}

/// Where a node's logging is configured.
pub fn of_node(folder: &Path, node: &str) -> PathBuf {
    node_folder(folder, node).join("logging.properties")
}

/// Where the tools' logging is configured.
pub fn of_tools(folder: &Path) -> PathBuf {
    folder.join("tools-logging.properties")
}

/// Warnings go to standard error, as with Kafka's own scripts; Connect's workers, which have no
/// other voice, say there what they do.
const LOG4J2_TOOLS: &str = "\
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

/// The same.
const RELOAD4J_TOOLS: &str = "\
log4j.rootLogger=WARN, stderr
log4j.logger.org.apache.kafka.connect=INFO
log4j.appender.stderr=org.apache.log4j.ConsoleAppender
log4j.appender.stderr.target=System.err
log4j.appender.stderr.layout=org.apache.log4j.PatternLayout
log4j.appender.stderr.layout.ConversionPattern=[%d] %p %m (%c)%n
";

/// A rolling file of 10 MB and two before it, at level INFO, as Kafka's own configuration has it.
fn log4j2_node(file: &Path) -> String {
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

/// The same.
fn reload4j_node(file: &Path) -> String {
    let file = file.display().to_string();
    let settings = [
        ("log4j.rootLogger", "INFO, file"),
        ("log4j.appender.file", "org.apache.log4j.RollingFileAppender"),
        ("log4j.appender.file.File", &file),
        ("log4j.appender.file.MaxFileSize", "10MB"),
        ("log4j.appender.file.MaxBackupIndex", "2"),
        ("log4j.appender.file.layout", "org.apache.log4j.PatternLayout"),
        ("log4j.appender.file.layout.ConversionPattern", "[%d] %p %m (%c)%n"),
    ];
    let mut properties = Properties::default();
    for (name, value) in settings {
        properties.set(name, value);
    }
    properties.to_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_library_is_told_where_to_log_by_its_own_option_and_file() {
        let file = Path::new("/env/a b/server.log");
        let written = |backend: LogBackend| Properties::parse(&backend.node(file)).unwrap();
        let of = |backend, name| written(backend).get(name).map(str::to_owned);
        assert_eq!(
            of(LogBackend::Log4j2, "appender.file.fileName").as_deref(),
            Some("/env/a b/server.log")
        );
        assert_eq!(
            of(LogBackend::Reload4j, "log4j.appender.file.File").as_deref(),
            Some("/env/a b/server.log")
        );
        let option = |backend: LogBackend| backend.option(Path::new("/c"));
        assert_eq!(option(LogBackend::Log4j2), "-Dlog4j2.configurationFile=/c");
        assert_eq!(option(LogBackend::Reload4j), "-Dlog4j.configuration=file:/c");
        for backend in [LogBackend::Log4j2, LogBackend::Reload4j] {
            assert!(Properties::parse(backend.tools()).is_ok());
        }
    }
}
