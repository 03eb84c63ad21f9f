//! Reads the top level of a compose file and ties its parts together.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::configs;
use super::environment::{Pairs, labels};
use super::error::{Fault, Read};
use super::key::checked_key;
use super::model::{ComposeFile, NamedVolume, Network, Service, Source};
use super::scalars::{mapping, not_supported, one_of, scalar, text as text_of, unexpected};
use super::service;
use super::yaml::{Entry, Node};

const TOP_LEVEL: &[&str] =
    &["version", "name", "services", "volumes", "networks", "configs", "x-…"];
const VOLUME: &[&str] = &["name", "labels", "driver"];
const NETWORK: &[&str] = &["name", "labels", "driver"];

/// The typed file of a tree whose variables are resolved.
pub(super) fn read(
    file: &Arc<str>,
    root: &Node,
    variables: &BTreeMap<String, String>,
) -> Read<ComposeFile> {
    let mut compose = ComposeFile {
        file: Arc::clone(file),
        name: None,
        services: Vec::new(),
        volumes: Vec::new(),
        configs: Vec::new(),
        networks: Vec::new(),
    };
    for entry in mapping(root)? {
        let value = &entry.value;
        match entry.key.value.as_str() {
            // Compose 2 passes it over, and says so.
            "version" => drop(text_of(value)?),
            "name" => compose.name = Some(project_name(value)?),
            "services" => compose.services = services(file, value, variables)?,
            "volumes" => compose.volumes = volumes(value)?,
            "configs" => compose.configs = configs::declared(value)?,
            "networks" => compose.networks = networks(value)?,
            // Where a file keeps its anchors.
            key if key.starts_with("x-") => {}
            _ => return Err(not_supported(entry, TOP_LEVEL)),
        }
    }
    if compose.services.is_empty() {
        return Err(Fault::Missing { key: "services" }.at(root.position));
    }
    check_references(&compose)?;
    check_circles(&compose.services)?;
    Ok(compose)
}

fn services(
    file: &Arc<str>,
    node: &Node,
    variables: &BTreeMap<String, String>,
) -> Read<Vec<Service>> {
    mapping(node)?
        .iter()
        .map(|entry| {
            checked_key(entry)?;
            service::read(file, entry, variables)
        })
        .collect()
}

fn volumes(node: &Node) -> Read<Vec<NamedVolume>> {
    mapping(node)?
        .iter()
        .map(|entry| {
            let (name, labels) = resource(entry, VOLUME, &["local"])?;
            let key = checked_key(entry)?;
            Ok(NamedVolume { key, name, labels, position: entry.key.position })
        })
        .collect()
}

fn networks(node: &Node) -> Read<Vec<Network>> {
    mapping(node)?
        .iter()
        .map(|entry| {
            let (name, labels) = resource(entry, NETWORK, &["bridge"])?;
            let key = checked_key(entry)?;
            Ok(Network { key, name, labels, position: entry.key.position })
        })
        .collect()
}

/// Name and labels of a volume or a network, whose driver is one of `drivers`.
fn resource(
    entry: &Entry,
    supported: &'static [&'static str],
    drivers: &[&str],
) -> Read<(Option<String>, Pairs)> {
    let mut name = None;
    let mut its_labels = Pairs::new();
    for field in mapping(&entry.value)? {
        match field.key.value.as_str() {
            "name" => name = Some(text_of(&field.value)?),
            "labels" => its_labels = labels(&field.value)?,
            "driver" => drop(one_of(&field.value, drivers)?),
            _ => return Err(not_supported(field, supported)),
        }
    }
    Ok((name, its_labels))
}

/// A project's name: lower-case letters, digits, `-` and `_`, a letter or digit first.
fn project_name(node: &Node) -> Read<String> {
    let name = scalar(node)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if name.starts_with(plain) && name.chars().all(|c| plain(c) || "-_".contains(c)) {
        return Ok(name.to_owned());
    }
    Err(unexpected(node, text::project_name()))
}

/// Every volume, config and network that a service names is declared, and each name is said once.
fn check_references(compose: &ComposeFile) -> Read<()> {
    let undeclared = |section, name: &str| Fault::Undeclared { section, name: name.to_owned() };
    for service in &compose.services {
        for mount in &service.volumes {
            if let Source::Volume(name) = &mount.source
                && !compose.volumes.iter().any(|volume| volume.key == *name)
            {
                return Err(undeclared("volumes", name).at(mount.position));
            }
        }
        for mount in &service.configs {
            if !compose.configs.iter().any(|config| config.key == mount.config) {
                return Err(undeclared("configs", &mount.config).at(mount.position));
            }
        }
        for network in &service.networks {
            let declared = compose.networks.iter().any(|known| known.key == network.value);
            if network.value != "default" && !declared {
                return Err(undeclared("networks", &network.value).at(network.position));
            }
        }
        for other in &service.depends_on {
            if compose.service(&other.value).is_none() {
                return Err(undeclared("services", &other.value).at(other.position));
            }
        }
    }
    Ok(())
}

/// No service waits for itself, by whatever way.
///
/// Services that wait for nothing are taken off until none is left, or only those on a circle
/// and those that wait for them.
fn check_circles(services: &[Service]) -> Read<()> {
    let mut dependents: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, service) in services.iter().enumerate() {
        for other in &service.depends_on {
            dependents.entry(&other.value).or_default().push(index);
        }
    }
    let mut open: Vec<usize> = services.iter().map(|service| service.depends_on.len()).collect();
    let mut free: Vec<usize> = (0..services.len()).filter(|index| open[*index] == 0).collect();
    while let Some(index) = free.pop() {
        for dependent in dependents.get(services[index].name.as_str()).into_iter().flatten() {
            open[*dependent] -= 1;
            if open[*dependent] == 0 {
                free.push(*dependent);
            }
        }
    }
    let waiting: Vec<&Service> =
        services.iter().zip(&open).filter(|(_, open)| **open > 0).map(|(s, _)| s).collect();
    if waiting.is_empty() { Ok(()) } else { Err(circle(&waiting)) }
}

/// The circle that is reached from the first of `waiting`, each of which waits for another.
fn circle(waiting: &[&Service]) -> super::error::Located {
    let next = |service: &Service| {
        waiting.iter().copied().find(|s| service.depends_on.iter().any(|name| name.value == s.name))
    };
    let mut path: Vec<&Service> = waiting.iter().copied().take(1).collect();
    let mut begin = 0;
    while let Some(service) = path.last().and_then(|last| next(last)) {
        begin = path.iter().position(|seen| seen.name == service.name).unwrap_or(path.len());
        path.push(service);
        if begin + 1 < path.len() {
            break;
        }
    }
    let around = &path[begin..];
    let position = around.first().map_or(super::Position::START, |service| service.position);
    let services = around.iter().map(|service| service.name.clone()).collect();
    Fault::Circle { services }.at(position)
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub(super) fn project_name() -> Phrase {
        phrase!(
            "a name of lower-case letters, digits, `-` and `_`",
            "由小写字母、数字、`-` 和 `_` 组成的名称"
        )
    }
}
