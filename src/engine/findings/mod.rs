//! What a compose file of Kafka in `KRaft` mode will do wrong, found without starting it.
//!
//! A right file has no findings, however unusual it is: only what is certain from the file is said,
//! and where a running cluster alone can tell, nothing is. So services that bring a start of their
//! own (`entrypoint`, `command`), that run an image with other rules, or that are no Kafka at all
//! are passed over. What the reader of compose files refuses is no finding but its error.
//!
//! Each rule was tried on Kafka 4.3.1: what a finding says is what that version does.

mod addresses;
mod audience;
mod health;
mod host;
mod identity;
mod image;
mod listeners;
mod node;
mod quorum;
mod replication;
mod scene;
mod settings;

#[cfg(test)]
mod gallery;

use super::compose::{ComposeFile, Position};
use crate::phrase::Phrase;
use scene::Scene;

/// What is asked of a file besides that it starts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Clients on this machine have to reach every broker.
    pub from_this_machine: bool,
    /// Clients in other containers of the file's network have to reach every broker.
    pub from_other_services: bool,
    /// Every name of this machine: its own and those in its hosts file. None at all says that they
    /// are not known; a name that no service has then counts as one that may lead here.
    pub machine_names: &'a [String],
}

/// One fault of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// A stable name: `voters-malformed`.
    pub id: &'static str,
    /// Where the value stands; where something is missing, where its service does.
    pub position: Position,
    /// What stands there.
    pub observed: Phrase,
    /// What happens because of it, in one sentence.
    pub why: Phrase,
}

/// Whether a file tells the settings of a node at all: one that brings a start of its own, or an
/// image with other rules, does not.
pub fn tells(file: &ComposeFile) -> bool {
    !Scene::of(file, &Asked::default()).0.nodes.is_empty()
}

/// The faults of a file, in its order.
pub fn findings(file: &ComposeFile, asked: &Asked<'_>) -> Vec<Finding> {
    let (scene, mut found) = Scene::of(file, asked);
    for node in &scene.nodes {
        found.extend(identity::findings(&scene, node));
        found.extend(quorum::findings(&scene, node));
        found.extend(listeners::findings(node));
        found.extend(addresses::findings(&scene, node));
        found.extend(audience::findings(&scene, node));
        found.extend(replication::findings(&scene, node));
        found.extend(health::findings(&scene, node));
    }
    found.extend(addresses::host_ports(file));
    found.sort_by_key(|finding| finding.position);
    found
}
