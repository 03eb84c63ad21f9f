//! Reads a compose file: one file is one environment.
//!
//! A subset of the Compose specification, read strictly: what the subset does not have, and what
//! is malformed, is an error at its line and column. Nothing here touches files, the process
//! environment or the network.
//!
//! The way of a file: `yaml` makes a bounded tree of marked nodes, [`mod@interpolate`] resolves
//! variables in its scalar values, `document` and `service` make the typed `model` of it.
//! [`kafka_env`] then says which broker settings a service's environment amounts to.

mod configs;
mod document;
mod env_file;
mod environment;
mod error;
pub mod interpolate;
pub mod kafka_env;
mod key;
pub mod listeners;
mod model;
mod mounts;
mod passed_over;
mod ports;
pub mod properties;
mod scalars;
mod service;
mod yaml;

#[cfg(test)]
mod gallery;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use error::{ComposeError, Fault};
pub use interpolate::interpolate;
pub use kafka_env::{ServerProperties, server_properties};
pub use listeners::{Listener, format_listeners, parse_listeners};
pub use model::{
    ComposeFile, Config, ConfigMount, EnvFile, Mount, NamedVolume, Network, PortMapping, Position,
    Service, Source, Spanned,
};

/// The largest compose file that is read, in bytes.
pub const MAX_FILE_BYTES: usize = 1 << 20;

/// Reads `text`, the content of the compose file that errors call `file_name`.
///
/// `${VARIABLES}` in scalar values come from `variables` alone, never from the process
/// environment. A variable that is neither set nor has a default is an error here, where Compose
/// would go on with an empty text.
///
/// # Errors
/// A [`ComposeError`] with the position of the first fault.
pub fn parse(
    file_name: &str,
    text: &str,
    variables: &BTreeMap<String, String>,
) -> Result<ComposeFile, ComposeError> {
    let file: Arc<str> = Arc::from(file_name);
    read(&file, text, variables).map_err(|located| located.in_file(&file))
}

/// Adds what a service's files of variables set to its environment, which goes before them.
///
/// `texts` has the text of each of [`Service::env_files`], none for one that is not there.
///
/// # Errors
/// A [`ComposeError`] at the place that names the file of the first fault.
pub fn add_env_files(
    service: &mut Service,
    texts: &[Option<String>],
    variables: &BTreeMap<String, String>,
) -> Result<(), ComposeError> {
    let file = Arc::clone(&service.file);
    env_file::add(service, texts, variables).map_err(|located| located.in_file(&file))
}

fn read(
    file: &Arc<str>,
    text: &str,
    variables: &BTreeMap<String, String>,
) -> error::Read<ComposeFile> {
    let mut root = yaml::load(text)?;
    yaml::interpolate_values(&mut root, text, variables)?;
    document::read(file, &root, variables)
}
