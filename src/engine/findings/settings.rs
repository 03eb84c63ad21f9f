//! Broker settings with the place in the compose file that each comes from.

use super::Finding;
use crate::engine::compose::kafka_env::property_name;
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
    /// Where the value stands.
    pub position: Position,
}

impl Setting<'_> {
    /// A finding about it.
    pub fn finding(&self, id: &'static str, why: Phrase) -> Finding {
        let (name, value) = (variable(self.property), shown(self.value));
        let observed = Phrase::same(format!("{name}: {value}"));
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
        Some(Setting { property, value, position: self.place_of(property) })
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

    /// Where a property is set; the service where it is not.
    pub fn place_of(&self, property: &str) -> Position {
        let sets = |name: &str| name.starts_with("KAFKA_") && property_name(name) == property;
        let set = self.service.environment.iter().find(|(name, _)| sets(name));
        // The image makes `listeners` of what is advertised.
        let source = || self.service.variable("KAFKA_ADVERTISED_LISTENERS");
        match set.map(|(_, value)| value) {
            Some(value) => value.position,
            None if property == "listeners" => {
                source().map_or(self.service.position, |v| v.position)
            }
            None => self.service.position,
        }
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
