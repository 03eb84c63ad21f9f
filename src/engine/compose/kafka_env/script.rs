//! What the image's `configure` script makes of the environment before it becomes properties.

use super::SecretFile;
use crate::engine::compose::error::{Fault, Read};
use crate::engine::compose::model::{Position, Service};

/// Where the image expects key stores and their passwords.
const SECRETS: &str = "/etc/kafka/secrets/";

/// The environment as the image's start script sees and changes it.
pub(super) struct Environment {
    pub variables: Vec<Variable>,
}

/// A variable of the service.
pub(super) struct Variable {
    pub name: String,
    pub value: String,
    /// Where its value stands; for one that the script sets, the value that made it do so.
    pub position: Position,
}

impl Environment {
    pub fn of(service: &Service) -> Self {
        let variables = service.environment.iter().map(|(name, value)| Variable {
            name: name.clone(),
            value: value.value.clone(),
            position: value.position,
        });
        Self { variables: variables.collect() }
    }

    /// A variable that is set and not empty.
    fn get(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|v| v.name == name && !v.value.is_empty())
    }

    fn set(&mut self, name: &str, value: String, position: Position) {
        match self.variables.iter_mut().find(|v| v.name == name) {
            Some(variable) => variable.value = value,
            None => self.variables.push(Variable { name: name.to_owned(), value, position }),
        }
    }

    fn is_controller_only(&self) -> bool {
        self.get("KAFKA_PROCESS_ROLES").is_some_and(|roles| roles.value == "controller")
    }

    pub fn check_controller(&mut self) -> Read<()> {
        if !self.is_controller_only() {
            return Ok(());
        }
        if let Some(advertised) = self.get("KAFKA_ADVERTISED_LISTENERS") {
            return Err(Fault::ControllerAdvertises.at(advertised.position));
        }
        self.variables.retain(|variable| variable.name != "KAFKA_ADVERTISED_LISTENERS");
        Ok(())
    }

    /// A broker listens on every address at the ports that it advertises.
    pub fn default_listeners(&mut self) {
        if self.get("KAFKA_LISTENERS").is_some() {
            return;
        }
        if let Some(advertised) = self.get("KAFKA_ADVERTISED_LISTENERS") {
            let (value, position) = (any_host(&advertised.value), advertised.position);
            self.set("KAFKA_LISTENERS", value, position);
        }
    }

    /// Key store and trust store of an SSL listener, and the files that their passwords are in.
    pub fn apply_ssl(&mut self) -> Read<Vec<SecretFile>> {
        let Some(advertised) = self.advertised_with(|listeners| listeners.contains("SSL://"))
        else {
            return Ok(Vec::new());
        };
        let mut files = Vec::new();
        self.locate_store(
            "KAFKA_SSL_KEYSTORE_FILENAME",
            "KAFKA_SSL_KEYSTORE_LOCATION",
            &advertised,
        )?;
        for (name, property) in [
            ("KAFKA_SSL_KEY_CREDENTIALS", "ssl.key.password"),
            ("KAFKA_SSL_KEYSTORE_CREDENTIALS", "ssl.keystore.password"),
        ] {
            files.push(self.secret(name, property, &advertised)?);
        }
        if let Some(auth) = self.client_auth() {
            let (store, location) =
                ("KAFKA_SSL_TRUSTSTORE_FILENAME", "KAFKA_SSL_TRUSTSTORE_LOCATION");
            self.locate_store(store, location, &auth)?;
            let (name, property) = ("KAFKA_SSL_TRUSTSTORE_CREDENTIALS", "ssl.truststore.password");
            files.push(self.secret(name, property, &auth)?);
        }
        Ok(files)
    }

    pub fn check_sasl(&self) -> Read<()> {
        match self.advertised_with(names_sasl) {
            Some(advertised) => self.demand("KAFKA_OPTS", &advertised).map(drop),
            None => Ok(()),
        }
    }

    /// The advertised listeners, if they are as `rule` says.
    fn advertised_with(&self, rule: impl Fn(&str) -> bool) -> Option<(String, Position)> {
        let advertised = self.get("KAFKA_ADVERTISED_LISTENERS").filter(|v| rule(&v.value))?;
        Some((advertised.value.clone(), advertised.position))
    }

    /// The value that makes clients show a certificate.
    fn client_auth(&self) -> Option<(String, Position)> {
        let auth = self.get("KAFKA_SSL_CLIENT_AUTH")?;
        let wanted = ["required", "requested"].iter().any(|word| auth.value.contains(word));
        wanted.then(|| (auth.value.clone(), auth.position))
    }

    fn locate_store(&mut self, file: &'static str, location: &str, because: &Cause) -> Read<()> {
        let path = format!("{SECRETS}{}", self.demand(file, because)?);
        self.set(location, path, because.1);
        Ok(())
    }

    fn secret(
        &self,
        name: &'static str,
        property: &'static str,
        because: &Cause,
    ) -> Read<SecretFile> {
        let path = format!("{SECRETS}{}", self.demand(name, because)?);
        Ok(SecretFile { property, path })
    }

    fn demand(&self, name: &'static str, (value, position): &Cause) -> Read<&str> {
        let fault = || Fault::EnvironmentIncomplete { name, because: value.clone() };
        self.get(name).map(|v| v.value.as_str()).ok_or_else(|| fault().at(*position))
    }
}

/// The value that switched a rule on, and where it stands.
type Cause = (String, Position);

/// The script's `s|://[^:]*:|://0.0.0.0:|g`. It does not know IPv6: `[::1]` comes out broken there
/// as here, and no node can listen on what is left.
pub(super) fn any_host(listeners: &str) -> String {
    let mut replaced = String::new();
    let mut rest = listeners;
    while let Some(scheme) = rest.find("://") {
        let host = scheme + 3;
        let Some(colon) = rest[host..].find(':') else { break };
        replaced.push_str(&rest[..scheme]);
        replaced.push_str("://0.0.0.0:");
        rest = &rest[host + colon + 1..];
    }
    replaced + rest
}

/// The script's `.*SASL_.*://.*`.
fn names_sasl(listeners: &str) -> bool {
    listeners.split_once("SASL_").is_some_and(|(_, rest)| rest.contains("://"))
}
