//! Broker settings with the place in the compose file that each comes from.

use super::Finding;
use crate::engine::compose::kafka_env::{MOUNTED_PROPERTIES, property_name};
use crate::engine::compose::{Position, ServerProperties, Service};
use crate::phrase;
use crate::phrase::Phrase;
use crate::printable;

/// What the image of Kafka starts with where nothing is set.
const IMAGE_DEFAULTS: [(&str, &str); 8] = [
    ("process.roles", "broker,controller"),
    ("node.id", "1"),
    ("controller.quorum.voters", "1@localhost:9093"),
    ("listeners", "PLAINTEXT://:9092,CONTROLLER://:9093"),
    ("advertised.listeners", "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093"),
    ("controller.listener.names", "CONTROLLER"),
    ("offsets.topic.replication.factor", "1"),
    ("transaction.state.log.replication.factor", "1"),
];

/// One setting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'a> {
    /// The property: `listeners`.
    pub property: &'static str,
    /// Its value.
    pub value: &'a str,
    /// Where the value stands, or the file that it stands in is named.
    pub position: Position,
    /// That file, where it is another.
    file: Option<&'a str>,
    /// Whether a variable sets it.
    by_variable: bool,
}

impl Setting<'_> {
    /// A finding about it.
    pub fn finding(&self, id: &'static str, why: Phrase) -> Finding {
        let value = shown(self.value);
        let set = if self.by_variable {
            format!("{}: {value}", variable(self.property))
        } else {
            format!("{}: {value}", self.property)
        };
        let observed = match self.file {
            Some(file) => text::in_file(&set, &shown(file)),
            None => Phrase::same(set),
        };
        Finding { id, position: self.position, observed, why }
    }
}

/// The settings of a service.
pub(super) struct Settings<'a> {
    service: &'a Service,
    properties: ServerProperties,
}

impl<'a> Settings<'a> {
    pub fn new(service: &'a Service, mut properties: ServerProperties) -> Self {
        if properties.is_empty() {
            for (property, value) in IMAGE_DEFAULTS {
                properties.set(property, value);
            }
        }
        Self { service, properties }
    }

    /// A setting that is not empty.
    pub fn get(&self, property: &'static str) -> Option<Setting<'_>> {
        let value = self.properties.get(property).map(str::trim).filter(|v| !v.is_empty())?;
        let service = self.service;
        let by_variable = self.variable_of(property);
        let (position, file) = match (by_variable, &service.mounted_properties) {
            (Some(position), _) => {
                let named = service.env_files.iter().find(|file| file.path.position == position);
                (position, named.map(|file| file.path.value.as_str()))
            }
            (None, Some(mounted)) => (mounted.position, Some(MOUNTED_PROPERTIES)),
            (None, None) => (service.position, None),
        };
        let by_variable = by_variable.is_some() || file.is_none();
        Some(Setting { property, value, position, file, by_variable })
    }

    /// What is set beside the properties: `CLUSTER_ID`.
    pub fn other(&self, name: &str) -> Option<&str> {
        self.properties.other(name)
    }

    /// The items of a list, blanks around them dropped.
    pub fn items(&self, property: &'static str) -> Vec<&str> {
        let items = self.get(property).into_iter().flat_map(|s| s.value.split(','));
        items.map(str::trim).filter(|item| !item.is_empty()).collect()
    }

    /// Where the variable stands that sets a property.
    fn variable_of(&self, property: &str) -> Option<Position> {
        let sets = |name: &str| name.starts_with("KAFKA_") && property_name(name) == property;
        let set = self.service.environment.iter().find(|(name, _)| sets(name));
        // The image makes `listeners` of what a variable advertises.
        let source = || self.service.variable("KAFKA_ADVERTISED_LISTENERS");
        let set = set.map(|(_, value)| value);
        set.or_else(|| source().filter(|_| property == "listeners")).map(|value| value.position)
    }

    /// A finding about a setting that is not there.
    pub fn missing(&self, id: &'static str, property: &'static str, why: Phrase) -> Finding {
        let (name, service) = (variable(property), shown(&self.service.name));
        let observed =
            phrase!("the service {service} does not set {name}", "服务 {service} 没有设置 {name}");
        Finding { id, position: self.service.position, observed, why }
    }
}

/// The variable that sets a property: `KAFKA_NODE_ID`.
pub(super) fn variable(property: &str) -> String {
    let name = property.to_ascii_uppercase().replace('_', "__").replace('.', "_");
    format!("KAFKA_{}", name.replace('-', "___"))
}

/// A value as findings quote it.
pub(super) fn shown(value: &str) -> String {
    format!("`{}`", printable::name(value))
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn in_file(set: &str, file: &str) -> Phrase {
        phrase!("{set}, in {file}", "{file} 里的 {set}")
    }
}
