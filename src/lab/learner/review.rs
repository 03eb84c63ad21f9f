//! Looks through the learner's compose file.

use std::fs;
use std::path::Path;

use rustix::system::uname;

use super::workspace::variables;
use crate::engine::compose;
use crate::engine::findings::{Asked, Finding, findings};
use crate::engine::node_service::NodeService;
use crate::grade::surroundings::{FileFault, Review};
use crate::phrase;
use crate::phrase::Phrase;
use crate::printable;
use crate::problem::Explain as _;

/// The file as a learner would be told of it.
pub(super) fn review(file: &Path) -> Review {
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(e) => return Review::Missing { observed: unreadable(&name, &e.to_string()) },
    };
    let parsed = match compose::parse(&name, &text, &variables(file, &text)) {
        Ok(parsed) => parsed,
        Err(e) => return Review::Unreadable { observed: e.problem().message },
    };
    for service in &parsed.services {
        if let Err(e) = NodeService::read(&parsed, service) {
            return Review::Unreadable { observed: e.problem().message };
        }
    }
    let machine = uname().nodename().to_string_lossy().into_owned();
    let asked = Asked {
        from_this_machine: true,
        from_other_services: true,
        machine_names: std::slice::from_ref(&machine),
    };
    let faults = findings(&parsed, &asked).into_iter().map(fault).collect();
    Review::Read { file: name, faults }
}

fn fault(finding: Finding) -> FileFault {
    let Finding { id, position, observed, why } = finding;
    FileFault { id: id.to_owned(), line: position.line, observed, why }
}

fn unreadable(name: &str, why: &str) -> Phrase {
    let (name, why) = (printable::name(name), printable::line(why));
    phrase!("{name} cannot be read: {why}", "无法读取 {name}：{why}")
}

/// Where a neighbour of the nodes would begin, by the file: each service's names with the ports of
/// the listeners that are advertised under a name of their network.
pub(super) fn inner_addresses(file: &Path) -> Vec<String> {
    let Ok(text) = fs::read_to_string(file) else { return Vec::new() };
    let Ok(parsed) = compose::parse("-", &text, &variables(file, &text)) else { return Vec::new() };
    let nodes = parsed.services.iter().filter_map(|s| NodeService::read(&parsed, s).ok());
    let inner = |node: NodeService<'_>| match node {
        NodeService::Kafka(kafka) => kafka.inner_listeners(),
        NodeService::ZooKeeper(_) => Vec::new(),
    };
    nodes.flat_map(inner).collect()
}
