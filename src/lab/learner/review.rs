//! Looks through the learner's compose file.

use std::fs;
use std::path::Path;

use rustix::system::uname;

use super::workspace::variables;
use crate::engine::compose::{self, ComposeError, ComposeFile};
use crate::engine::findings::{Asked, Finding, findings, tells};
use crate::engine::node_service::NodeService;
use crate::engine::referred;
use crate::grade::surroundings::{FileFault, Review};
use crate::phrase;
use crate::phrase::Phrase;
use crate::printable;
use crate::problem::Explain as _;

/// Where this machine knows names by itself.
const HOSTS: &str = "/etc/hosts";

/// The file as a learner would be told of it.
pub(super) fn review(file: &Path) -> Review {
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(e) => return Review::Missing { observed: unreadable(&name, &e.to_string()) },
    };
    let parsed = match read(&name, file, &text) {
        Ok(parsed) => parsed,
        Err(e) => return Review::Unreadable { observed: e.problem().message },
    };
    let names = names_of_this_machine(&fs::read_to_string(HOSTS).unwrap_or_default());
    let asked = Asked { from_this_machine: true, from_other_services: true, machine_names: &names };
    let faults: Vec<FileFault> = findings(&parsed, &asked).into_iter().map(fault).collect();
    if faults.is_empty() && !tells(&parsed) {
        return Review::NotTold { file: name };
    }
    Review::Read { file: name, faults }
}

/// The file with what it takes from others that lie beside it.
fn read(name: &str, file: &Path, text: &str) -> Result<ComposeFile, ComposeError> {
    let variables = variables(file, text);
    let mut parsed = compose::parse(name, text, &variables)?;
    referred::fill(&mut parsed, file.parent().unwrap_or(Path::new("")), &variables)?;
    Ok(parsed)
}

/// The machine's own name, and what its hosts file, whose text is given, knows besides.
fn names_of_this_machine(hosts: &str) -> Vec<String> {
    let lines = hosts.lines().filter_map(|line| line.split('#').next());
    let names = lines.flat_map(|line| line.split_whitespace().skip(1)).map(str::to_owned);
    names.chain([uname().nodename().to_string_lossy().into_owned()]).collect()
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
    let Ok(parsed) = read("-", file, &text) else { return Vec::new() };
    let nodes = parsed.services.iter().filter_map(|s| NodeService::read(&parsed, s).ok());
    let inner = |node: NodeService<'_>| match node {
        NodeService::Kafka(kafka) => kafka.inner_listeners(),
        NodeService::ZooKeeper(_) => Vec::new(),
    };
    nodes.flat_map(inner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_the_hosts_file_are_this_machines() {
        let names = names_of_this_machine("127.0.0.1 localhost kafka # broker\n# 10.0.0.1 no\n");
        assert!(names.contains(&"kafka".to_owned()), "{names:?}");
        assert!(!names.iter().any(|name| name == "no" || name == "broker"), "{names:?}");
    }
}
