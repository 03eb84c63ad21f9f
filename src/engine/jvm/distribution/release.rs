//! The table of Kafka versions that can be provided.

use super::error::DistributionError;

/// One version. A further one is a row in [`RELEASES`] and a pom beside it.
#[derive(Debug)]
pub(super) struct Release {
    pub version: &'static str,
    /// What Maven is asked for.
    pub pom: &'static str,
    /// How the file name of the log binding begins.
    pub log_binding: &'static str,
    /// About how much the jars take, in bytes; for the disk-full message when no server said more.
    pub jar_bytes: u64,
}

const MIB: u64 = 1024 * 1024;

static RELEASES: [Release; 2] = [
    Release {
        version: "4.3.1",
        pom: include_str!("pom-4.3.1.xml"),
        log_binding: "log4j-slf4j-impl-",
        jar_bytes: 60 * MIB,
    },
    // The last line with ZooKeeper.
    Release {
        version: "3.9.2",
        pom: include_str!("pom-3.9.2.xml"),
        log_binding: "slf4j-reload4j-",
        jar_bytes: 60 * MIB,
    },
];

/// The row of `version`.
pub(super) fn find(version: &str) -> Result<&'static Release, DistributionError> {
    RELEASES
        .iter()
        .find(|release| release.version == version)
        .ok_or_else(|| DistributionError::UnknownVersion { version: version.to_owned() })
}

/// Every version of the table, oldest last.
pub(super) fn versions() -> Vec<&'static str> {
    RELEASES.iter().map(|release| release.version).collect()
}

impl Release {
    /// The jar that tells the version of a folder of jars.
    pub(super) fn server_jar(&self) -> String {
        format!("{SERVER_JAR}{}.jar", self.version)
    }

    /// The release archive's file name.
    pub(super) fn archive_name(&self) -> String {
        format!("{SERVER_JAR}{}.tgz", self.version)
    }

    /// Jars without which neither broker nor tools start.
    pub(super) fn core_jars(&self) -> [String; 3] {
        let version = self.version;
        [
            self.server_jar(),
            format!("kafka-clients-{version}.jar"),
            format!("kafka-tools-{version}.jar"),
        ]
    }
}

/// How the server jar's name begins; 2.13 is the Scala line Kafka is built with.
pub(super) const SERVER_JAR: &str = "kafka_2.13-";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pom_pins_each_artifact_and_names_its_own_kafka_version() {
        for release in &RELEASES {
            let artifacts: Vec<&str> = release.pom.split("<artifactId>").skip(2).collect();
            assert!(artifacts.len() > 2, "{}", release.version);
            for artifact in artifacts {
                let (name, rest) = artifact.split_once("</artifactId>").unwrap();
                let pinned = rest.trim_start().strip_prefix("<version>").expect(name);
                let version = pinned.split_once('<').unwrap().0;
                let numeric = version.starts_with(|c: char| c.is_ascii_digit());
                assert!(numeric, "{name} {version}");
                let of_kafka = name.starts_with("kafka") || name.starts_with("connect");
                assert!(!of_kafka || version == release.version, "{name} {version}");
            }
        }
    }

    #[test]
    fn an_unknown_version_is_refused_before_anything_is_tried() {
        let error = find("4.4.0").unwrap_err();
        assert!(error.to_string().contains("4.4.0"), "{error}");
        assert!(error.to_string().contains("4.3.1"), "{error}");
    }
}
