//! What of the container engine is ours: a Compose project an environment, and labels on all of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::engine::compose::{ComposeFile, PortMapping, Service};
use crate::paths::Paths;

/// Label: which home something belongs to.
const HOME: &str = "kafka-workbook.home";

/// Label: which environment of that home.
const ENVIRONMENT: &str = "kafka-workbook.environment";

/// The network that services join when they name none.
const DEFAULT_NETWORK: &str = "default";

/// The Compose project of one environment of one home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// `kafka-workbook-kraft-single-2d0f6285`: the environment and the home's id. Two people on one
    /// engine may both have the default home.
    pub name: String,
    home: String,
    environment: String,
}

impl Project {
    /// The project of an environment.
    pub fn of(paths: &Paths, environment: &str) -> Self {
        let home = paths.home_id();
        // Compose wants lower case and no dots in a project's name; the label has it as it is.
        let allowed = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let plain: String = environment.chars().map(allowed).collect();
        let name = format!("kafka-workbook-{}-{home}", plain.to_ascii_lowercase());
        Self { name, home, environment: environment.to_owned() }
    }

    /// Options that limit a list to this project's own.
    pub fn filters(&self) -> [String; 4] {
        let [home, environment] = self.labels().map(|(key, value)| format!("label={key}={value}"));
        ["--filter".to_owned(), home, "--filter".to_owned(), environment]
    }

    /// The labels of everything in it.
    pub fn labels(&self) -> [(&'static str, &str); 2] {
        [(HOME, &self.home), (ENVIRONMENT, &self.environment)]
    }

    /// The network of the file's first service, as the engine names it.
    pub fn network_of(&self, file: &ComposeFile) -> String {
        let joined = file.services.first().and_then(|service| service.networks.first());
        let key = joined.map_or(DEFAULT_NETWORK, |network| network.value.as_str());
        let declared = file.networks.iter().find(|network| network.key == key);
        let own_name = declared.and_then(|network| network.name.clone());
        own_name.unwrap_or_else(|| format!("{}_{key}", self.name))
    }

    /// A second compose file that labels every container, volume and network of `file` and binds
    /// what would be open to the network to loopback.
    pub fn overlay(&self, file: &ComposeFile) -> String {
        let mut text = String::from("services:\n");
        let labels =
            self.labels().map(|(key, value)| format!("{}: {}", quoted(key), quoted(value)));
        let labels = format!("labels: {{{}}}", labels.join(", "));
        for service in &file.services {
            let _ = writeln!(text, "  {}:\n    {labels}", quoted(&service.name));
            if service.ports.iter().any(|port| !port.is_loopback()) {
                let ports: Vec<String> = service.ports.iter().map(on_loopback).collect();
                let _ = writeln!(text, "    ports: !override [{}]", ports.join(", "));
            }
        }
        section(&mut text, "volumes", file.volumes.iter().map(|v| v.key.as_str()), &labels);
        section(&mut text, "networks", networks(file).into_iter(), &labels);
        text
    }
}

/// Options that limit a list to what belongs to a home, whatever the environment.
pub fn filters_of_home(paths: &Paths) -> [String; 2] {
    ["--filter".to_owned(), format!("label={HOME}={}", paths.home_id())]
}

/// The overlay's place in the environment's folder. That it is there says that this engine has
/// brought the environment up.
pub fn overlay_file(folder: &Path) -> PathBuf {
    folder.join("labels.yaml")
}

fn networks(file: &ComposeFile) -> BTreeSet<&str> {
    let declared = file.networks.iter().map(|network| network.key.as_str());
    let joins_default = |service: &Service| service.networks.is_empty();
    let implied = file.services.iter().any(joins_default).then_some(DEFAULT_NETWORK);
    declared.chain(implied).collect()
}

fn section<'a>(text: &mut String, name: &str, keys: impl Iterator<Item = &'a str>, labels: &str) {
    let mut keys = keys.peekable();
    if keys.peek().is_none() {
        return;
    }
    let _ = writeln!(text, "{name}:");
    for key in keys {
        let _ = writeln!(text, "  {}:\n    {labels}", quoted(key));
    }
}

fn on_loopback(port: &PortMapping) -> String {
    let outside = port.host_port.map(|port| port.to_string()).unwrap_or_default();
    quoted(&format!("127.0.0.1:{outside}:{}", port.container_port))
}

/// A YAML scalar: JSON's strings are YAML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::engine::compose;

    const KRAFT_SINGLE: &str = include_str!("../../../compose/kraft-single.yaml");

    fn overlay(text: &str) -> String {
        let file = compose::parse("test.yaml", text, &BTreeMap::new()).unwrap();
        Project::of(&Paths::at("/h", "/c"), "kraft-single").overlay(&file)
    }

    #[test]
    fn every_service_volume_and_network_is_labelled() {
        let text = overlay(KRAFT_SINGLE);
        for key in ["kafka", "kafka-data", "kafka-config", "kafka-secrets", "default"] {
            assert!(text.contains(&format!("  \"{key}\":\n    labels: {{")), "{key}\n{text}");
        }
        assert_eq!(text.matches(HOME).count(), 5, "{text}");
    }

    #[test]
    fn a_port_that_is_open_to_the_network_is_bound_to_loopback() {
        assert!(!overlay(KRAFT_SINGLE).contains("ports:"));
        let open = KRAFT_SINGLE.replace("\"127.0.0.1:${KAFKA_PORT", "\"${KAFKA_PORT");
        let text = overlay(&open);
        let ports = r#"ports: !override ["127.0.0.1:9092:9092", "127.0.0.1:9093:9093"]"#;
        assert!(text.contains(ports), "{text}");
    }

    #[test]
    fn homes_and_environments_have_projects_of_their_own() {
        let name = |home: &str, environment| Project::of(&Paths::at(home, "/c"), environment).name;
        assert_ne!(name("/a", "kraft-single"), name("/b", "kraft-single"));
        assert_ne!(name("/a", "kraft-single"), name("/a", "kraft-three"));
        let awkward = name("/a", "My_cluster.v2");
        assert!(awkward.starts_with("kafka-workbook-my-cluster-v2-"), "{awkward}");
    }
}
