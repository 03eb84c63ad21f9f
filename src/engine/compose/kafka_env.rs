//! The apache/kafka image's rules for turning KAFKA_ variables into broker settings.
//!
//! Two parts of the image make them: its `configure` script (listeners, SSL, SASL) and Kafka's
//! `KafkaDockerWrapper` (names, exclusions, the file). Both are repeated here without a JVM;
//! the tests hold what `KafkaDockerWrapper` of Kafka 4.3.1 wrote for the same variables.
//!
//! Two differences, both where the image is at the mercy of chance: variables that become one
//! property are an error (there a hash order decides), and values keep their characters beyond
//! ASCII (there the file is written as UTF-8 and read as ISO 8859-1).

mod script;

use script::{Environment, Variable};

use super::error::{ComposeError, Fault, Located, Read};
use super::model::Service;
use super::properties::{Properties, PropertiesError};

pub use crate::kafka::cluster_id::OF_THE_IMAGE as IMAGE_CLUSTER_ID;

/// Where the image looks for a file that the variables are added to.
pub const MOUNTED_PROPERTIES: &str = "/mnt/shared/config/server.properties";

/// How many lines the variables' values may have; each is a property.
const MAX_LINES: usize = 2_000;

/// Variables with the prefix that are not properties, as `KafkaDockerWrapper` lists them.
const EXCLUDED: &[&str] = &[
    "KAFKA_VERSION",
    "KAFKA_HEAP_OPTS",
    "KAFKA_LOG4J_OPTS",
    "KAFKA_OPTS",
    "KAFKA_JMX_OPTS",
    "KAFKA_JVM_PERFORMANCE_OPTS",
    "KAFKA_GC_LOG_OPTS",
    "KAFKA_LOG4J_ROOT_LOGLEVEL",
    "KAFKA_LOG4J_LOGGERS",
    "KAFKA_TOOLS_LOG4J_LOGLEVEL",
    "KAFKA_JMX_HOSTNAME",
];

/// Options of the JVM in the order in which Kafka's start script passes them.
const JVM_OPTIONS: [&str; 4] =
    ["KAFKA_JVM_PERFORMANCE_OPTS", "KAFKA_GC_LOG_OPTS", "KAFKA_JMX_OPTS", "KAFKA_OPTS"];

/// Broker settings of one service, and what its environment says beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerProperties {
    properties: Properties,
    /// Variables that are not properties: `CLUSTER_ID` and those that the image excludes.
    other: Vec<(String, String)>,
    secret_files: Vec<SecretFile>,
}

/// A property whose value the image reads from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretFile {
    /// The property: `ssl.key.password`.
    pub property: &'static str,
    /// The file inside the service; its content, line end off, is the value.
    pub path: String,
}

/// The broker settings that the image would start `service` with.
///
/// Empty where no KAFKA_ variable names a property and no file is mounted
/// ([`Service::mounted_properties`]): the image then starts with the `server.properties` of its
/// Kafka release. The properties of a mounted file hold where the environment has none.
///
/// # Errors
/// What the image's start script refuses ([`Fault::ControllerAdvertises`],
/// [`Fault::EnvironmentIncomplete`]) and what it would get wrong in silence
/// ([`Fault::PropertyTwice`], [`Fault::NamelessProperty`], [`Fault::NotAProperty`]).
pub fn server_properties(service: &Service) -> Result<ServerProperties, ComposeError> {
    derive(service).map_err(|located| located.in_file(&service.file))
}

impl ServerProperties {
    /// The settings of a node that is started with a properties file of its own: its environment
    /// tells the JVM's options alone.
    pub fn of_file(properties: Properties, service: &Service) -> Self {
        let told = |name: &str| name == "CLUSTER_ID" || EXCLUDED.contains(&name);
        let other = service.environment.iter().filter(|(name, _)| told(name));
        let other = other.map(|(name, value)| (name.clone(), value.value.clone())).collect();
        Self { properties, other, secret_files: Vec::new() }
    }

    /// The value of a property.
    pub fn get(&self, property: &str) -> Option<&str> {
        self.properties.get(property)
    }

    /// Sets a property; a new one comes last.
    pub fn set(&mut self, property: &str, value: impl Into<String>) {
        self.properties.set(property, value);
    }

    /// Removes a property and gives its value back.
    pub fn remove(&mut self, property: &str) -> Option<String> {
        self.properties.remove(property)
    }

    /// Properties and values in the order of the compose file.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.properties.iter()
    }

    /// Whether no property is set: the image's default configuration holds.
    pub fn is_empty(&self) -> bool {
        self.properties.is_empty()
    }

    /// The content of `server.properties`, in Java's format, ASCII only.
    pub fn to_properties_text(&self) -> String {
        self.properties.to_text()
    }

    /// `CLUSTER_ID`, where it is set; the image falls back on [`IMAGE_CLUSTER_ID`].
    pub fn cluster_id(&self) -> Option<&str> {
        self.other("CLUSTER_ID")
    }

    /// `KAFKA_HEAP_OPTS`, where it is set: `-Xms128m -Xmx384m`.
    pub fn heap_opts(&self) -> Option<&str> {
        self.other("KAFKA_HEAP_OPTS")
    }

    /// The JVM's further options, split at blanks as Kafka's start script does it: those of
    /// performance, garbage collection log and JMX, then `KAFKA_OPTS`.
    pub fn jvm_opts(&self) -> Vec<&str> {
        JVM_OPTIONS
            .iter()
            .filter_map(|name| self.other(name))
            .flat_map(str::split_ascii_whitespace)
            .collect()
    }

    /// A variable that is not a property, where it is set and not empty: `CLUSTER_ID`,
    /// `KAFKA_LOG4J_ROOT_LOGLEVEL` and whatever else the image leaves out of the file.
    pub fn other(&self, name: &str) -> Option<&str> {
        let set = self.other.iter().find(|(known, _)| known == name);
        set.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Properties that the image fills from files; whoever starts the node reads and sets them.
    pub fn secret_files(&self) -> &[SecretFile] {
        &self.secret_files
    }
}

fn derive(service: &Service) -> Read<ServerProperties> {
    let mut environment = Environment::of(service);
    environment.check_controller()?;
    environment.default_listeners();
    let secret_files = environment.apply_ssl()?;
    environment.check_sasl()?;
    let (of_variables, other) = split(environment.variables)?;
    let mut properties = mounted(service)?;
    for (property, value) in of_variables.iter() {
        properties.set(property, value);
    }
    Ok(ServerProperties { properties, other, secret_files })
}

/// The properties of the file that is mounted for the image, to which it adds the variables'.
fn mounted(service: &Service) -> Read<Properties> {
    let Some(file) = &service.mounted_properties else { return Ok(Properties::default()) };
    Properties::parse(&file.value).map_err(|error| {
        let (name, reason) = (MOUNTED_PROPERTIES.to_owned(), text::reason(error));
        Fault::NotAProperty { name, reason }.at(file.position)
    })
}

/// Properties, and the variables that are none.
fn split(variables: Vec<Variable>) -> Read<(Properties, Vec<(String, String)>)> {
    let mut properties = Properties::default();
    let mut origin: Vec<(String, String)> = Vec::new();
    let mut other = Vec::new();
    let mut line_count = 0;
    for variable in variables {
        if is_property(&variable.name) {
            line_count += 1 + variable.value.matches(['\n', '\r']).count();
            if line_count > MAX_LINES {
                return Err(Fault::TooManyValues { limit: MAX_LINES }.at(variable.position));
            }
            let lines = lines_of(&variable)?;
            for (property, value) in lines.iter() {
                check_once(property, &variable, &mut origin)?;
                properties.set(property, value);
            }
        } else if variable.name == "CLUSTER_ID" || EXCLUDED.contains(&variable.name.as_str()) {
            other.push((variable.name, variable.value));
        }
    }
    Ok((properties, other))
}

fn is_property(name: &str) -> bool {
    name.starts_with("KAFKA_") && !EXCLUDED.contains(&name)
}

/// The property that a variable names: the prefix off, small letters, then `___` is a dash, `__`
/// an underscore and `_` a dot, longest first and from the left.
pub fn property_name(variable: &str) -> String {
    let name = variable.strip_prefix("KAFKA_").unwrap_or(variable);
    let dotted = name.to_lowercase().replace('_', ".");
    dotted.replace("...", "-").replace("..", "_")
}

/// What Kafka reads of the line that the image writes for a variable. The value goes into the
/// file as it stands, so its backslashes are escapes and its further lines further properties.
fn lines_of(variable: &Variable) -> Read<Properties> {
    let name = property_name(&variable.name);
    if name.is_empty() {
        return Err(Fault::NamelessProperty.at(variable.position));
    }
    Properties::parse(&format!("{name}={}", variable.value)).map_err(|error| {
        let reason = text::reason(error);
        Fault::NotAProperty { name: variable.name.clone(), reason }.at(variable.position)
    })
}

fn check_once(
    property: &str,
    variable: &Variable,
    origin: &mut Vec<(String, String)>,
) -> Result<(), Located> {
    if let Some((_, first)) = origin.iter().find(|(known, _)| known == property) {
        let variables = [first.clone(), variable.name.clone()];
        let fault = Fault::PropertyTwice { property: property.to_owned(), variables };
        return Err(fault.at(variable.position));
    }
    origin.push((property.to_owned(), variable.name.clone()));
    Ok(())
}

mod text {
    use super::PropertiesError;
    use crate::phrase;
    use crate::phrase::Phrase;

    pub(super) fn reason(error: PropertiesError) -> Phrase {
        match error {
            PropertiesError::UnicodeEscape => phrase!(
                "has a `\\u` without four hexadecimal digits",
                "里的 `\\u` 后面不是四位十六进制数"
            ),
            PropertiesError::OpenEnd => phrase!(
                "ends in a backslash, which swallows the property after it",
                "以反斜杠结尾，会吞掉它后面的属性"
            ),
        }
    }
}

#[cfg(test)]
mod tests;
