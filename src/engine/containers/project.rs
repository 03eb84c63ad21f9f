//! What of the container engine is ours: a Compose project an environment, and labels on all of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::engine::compose::{ComposeFile, Mount, PortMapping, Service, Source, Spanned};
use crate::paths::Paths;

/// Label: which home something belongs to.
const HOME: &str = "kafka-workbook.home";

/// Label: which environment of that home.
pub const ENVIRONMENT: &str = "kafka-workbook.environment";

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

    /// What a network or volume of the file is called outside it. Names of the file's own choice
    /// would be shared with whoever chose the same.
    fn outside(&self, key: &str) -> String {
        format!("{}_{key}", self.name)
    }

    /// The network of the file's first service, as the engine names it.
    pub fn network_of(&self, file: &ComposeFile) -> String {
        let joined = file.services.first().and_then(|service| service.networks.first());
        self.outside(joined.map_or(DEFAULT_NETWORK, |network| network.value.as_str()))
    }

    /// A second compose file that makes `file` one of this home's: labels and names for every
    /// container, volume and network, every port on loopback, and paths of the host that begin in
    /// `folder`, where the file lies.
    pub fn overlay(&self, file: &ComposeFile, folder: &Path) -> String {
        let mut text = String::from("services:\n");
        let labels =
            self.labels().map(|(key, value)| format!("{}: {}", quoted(key), quoted(value)));
        let labels = format!("labels: {{{}}}", labels.join(", "));
        for service in &file.services {
            let _ = writeln!(text, "  {}:\n    {labels}", quoted(&service.name));
            env_files(&mut text, service);
            list(&mut text, "ports", service.ports.iter().map(on_loopback));
            if service.volumes.iter().any(|mount| matches!(mount.source, Source::Bind(_))) {
                list(&mut text, "volumes", service.volumes.iter().map(|m| mount(m, folder)));
            }
        }
        configs(&mut text, file, folder);
        let volumes = file.volumes.iter().map(|volume| volume.key.as_str()).collect();
        for (section, keys) in [("volumes", volumes), ("networks", networks(file))] {
            self.section(&mut text, section, &keys, &labels);
        }
        text
    }

    fn section(&self, text: &mut String, name: &str, keys: &BTreeSet<&str>, labels: &str) {
        if keys.is_empty() {
            return;
        }
        let _ = writeln!(text, "{name}:");
        for key in keys {
            let outside = quoted(&self.outside(key));
            let _ = writeln!(text, "  {}:\n    name: {outside}\n    {labels}", quoted(key));
        }
    }
}

/// Options that limit a list to what belongs to a home, whatever the environment.
pub fn filters_of_home(paths: &Paths) -> [String; 2] {
    ["--filter".to_owned(), format!("label={HOME}={}", paths.home_id())]
}

/// The overlay's place in the environment's folder. That it is there says that this engine has
/// brought the environment up.
pub fn overlay_file(folder: &Path) -> PathBuf {
    folder.join("overlay.yaml")
}

fn networks(file: &ComposeFile) -> BTreeSet<&str> {
    let declared = file.networks.iter().map(|network| network.key.as_str());
    let joins_default = |service: &Service| service.networks.is_empty();
    let implied = file.services.iter().any(joins_default).then_some(DEFAULT_NETWORK);
    declared.chain(implied).collect()
}

/// A list that replaces the file's own (Compose 2.24.4, `!override`).
fn list(text: &mut String, key: &str, entries: impl Iterator<Item = String>) {
    let entries: Vec<String> = entries.collect();
    if !entries.is_empty() {
        let _ = writeln!(text, "    {key}: !override [{}]", entries.join(", "));
    }
}

/// A mount in Compose's long form, a flow mapping of YAML.
fn mount(mount: &Mount, folder: &Path) -> String {
    let (kind, source) = match &mount.source {
        Source::Volume(key) => ("volume", Some(key.clone())),
        Source::Bind(path) => ("bind", Some(folder.join(path).display().to_string())),
        Source::Tmpfs => ("tmpfs", None),
    };
    let source = source.map(|source| format!("source: {}, ", quoted(&source))).unwrap_or_default();
    let (target, read_only) = (quoted(&mount.target), mount.read_only);
    format!("{{type: {kind}, {source}target: {target}, read_only: {read_only}}}")
}

/// What the files of variables said when the file was read, in their place: Compose would look for
/// them where the kept file lies.
fn env_files(text: &mut String, service: &Service) {
    if service.env_files.is_empty() {
        return;
    }
    let of_file = |position| service.env_files.iter().any(|file| file.path.position == position);
    let set = service.environment.iter().filter(|(_, value)| of_file(value.position));
    // A dollar sign would begin a variable.
    let pair = |(name, value): &(String, Spanned<String>)| {
        format!("{}: {}", quoted(name), quoted(&value.value.replace('$', "$$")))
    };
    let pairs: Vec<String> = set.map(pair).collect();
    let _ = writeln!(text, "    env_file: !reset []\n    environment: {{{}}}", pairs.join(", "));
}

/// Configs that are files of the host, at their full paths.
fn configs(text: &mut String, file: &ComposeFile, folder: &Path) {
    let paths = file.configs.iter().filter_map(|c| Some((&c.key, &c.file.as_ref()?.value)));
    for (index, (key, path)) in paths.enumerate() {
        if index == 0 {
            text.push_str("configs:\n");
        }
        let path = folder.join(path).display().to_string();
        let _ = writeln!(text, "  {}:\n    file: {}", quoted(key), quoted(&path));
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
        Project::of(&Paths::at("/h", "/c"), "kraft-single").overlay(&file, Path::new("/my/folder"))
    }

    #[test]
    fn every_service_volume_and_network_is_labelled_and_named() {
        let text = overlay(KRAFT_SINGLE);
        for key in ["kafka", "kafka-data", "kafka-config", "kafka-secrets", "default"] {
            assert!(text.contains(&format!("  \"{key}\":\n")), "{key}\n{text}");
        }
        assert_eq!(text.matches(HOME).count(), 5, "{text}");
        let own = KRAFT_SINGLE.replace("  kafka-data:\n", "  kafka-data: {name: shared}\n");
        assert_ne!(own, KRAFT_SINGLE);
        assert!(overlay(&own).contains("_kafka-data\"\n"), "{}", overlay(&own));
        assert!(!overlay(&own).contains("shared"));
    }

    #[test]
    fn every_port_is_bound_to_loopback() {
        let open = KRAFT_SINGLE.replace("\"127.0.0.1:${KAFKA_PORT", "\"${KAFKA_PORT");
        for text in [KRAFT_SINGLE, &open] {
            let text = overlay(text);
            let ports = r#"ports: !override ["127.0.0.1:9092:9092", "127.0.0.1:9093:9093"]"#;
            assert!(text.contains(ports), "{text}");
        }
    }

    #[test]
    fn a_path_of_the_host_begins_where_the_file_lies() {
        let bound = KRAFT_SINGLE.replace("- kafka-config:/mnt", "- ./conf:/mnt");
        assert_ne!(bound, KRAFT_SINGLE);
        let text = overlay(&bound);
        assert!(text.contains(r#"type: bind, source: "/my/folder/./conf""#), "{text}");
        assert!(text.contains(r#"type: volume, source: "kafka-data""#), "{text}");
    }

    #[test]
    fn a_config_that_is_a_file_is_named_by_its_full_path_and_an_inline_one_is_left_alone() {
        let mut bound =
            KRAFT_SINGLE.replace("    volumes:\n", "    configs: [a, b]\n    volumes:\n");
        bound.push_str("configs:\n  a: {file: ./zoo.cfg}\n  b: {content: x}\n");
        let text = overlay(&bound);
        assert!(
            text.contains("configs:\n  \"a\":\n    file: \"/my/folder/./zoo.cfg\"\n"),
            "{text}"
        );
        assert!(!text.contains("\"b\"") && !overlay(KRAFT_SINGLE).contains("configs"), "{text}");
    }

    #[test]
    fn what_files_of_variables_say_stands_in_their_place() {
        let named = KRAFT_SINGLE.replace("    hostname:", "    env_file: [a.env]\n    hostname:");
        let mut file = compose::parse("test.yaml", &named, &BTreeMap::new()).unwrap();
        let texts = [Some("A='x$y'\nKAFKA_NODE_ID=9\n".to_owned())];
        compose::add_env_files(&mut file.services[0], &texts, &BTreeMap::new()).unwrap();
        let project = Project::of(&Paths::at("/h", "/c"), "kraft-single");
        let text = project.overlay(&file, Path::new("/my/folder"));
        let expected = "    env_file: !reset []\n    environment: {\"A\": \"x$$y\"}\n";
        assert!(text.contains(expected), "{text}");
        assert!(!overlay(KRAFT_SINGLE).contains("env_file"));
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
