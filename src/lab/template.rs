//! A compose file before its ports are chosen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::Workbook;
use crate::engine::environment::{
    BROKER_ID, CLUSTER_ID, Environment, random_broker_id, random_cluster_id, variables_in,
};
use crate::engine::report::{Report, Step};
use crate::engine::{ports, store};
use crate::paths::Paths;
use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::Problem;

/// A compose file that can be brought up, before its ports are chosen.
#[derive(Debug, Clone)]
pub struct Template {
    name: String,
    file_name: String,
    text: String,
    folder: PathBuf,
    /// Its port variables with the file's defaults.
    ports: BTreeMap<String, u16>,
    /// Where its ports begin if they are free.
    base: u16,
}

impl Template {
    /// An environment of the course.
    pub fn named(workbook: &Workbook, name: &str) -> Result<Self, Problem> {
        let file = workbook.course.compose(name).ok_or_else(|| text::no_such_environment(name))?;
        // An embedded course has files of its own nowhere: its environments name none.
        let course = workbook.course_folder.as_deref().unwrap_or(workbook.paths.home());
        Self::new(name, (&file.file_name, &course.join("compose")), &file.text)
    }

    /// A compose file by its environment's name, its own name in errors, and its text.
    ///
    /// The name becomes a folder's: one that could lead out of the environments' folder is refused.
    pub fn new(
        name: &str,
        (file_name, folder): (&str, &Path),
        text: &str,
    ) -> Result<Self, Problem> {
        if !is_folder_name(name) {
            return Err(text::bad_name(file_name));
        }
        let base = ports::base_from(std::env::var("KAFKA_WORKBOOK_PORT_BASE").ok().as_deref())?;
        let (name, file_name, text) = (name.to_owned(), file_name.to_owned(), text.to_owned());
        let ports = ports::variables_in(&text);
        Ok(Self { name, file_name, text, folder: folder.to_owned(), ports, base })
    }

    /// The same with ports for another file too, which stands beside it.
    pub(super) fn and_ports_of(mut self, text: &str) -> Self {
        self.ports.extend(ports::variables_in(text));
        self
    }

    /// The environment with the file's own defaults, as far as an engine needs it to prepare.
    pub fn as_it_stands(&self) -> Environment {
        let Self { name, file_name, text, folder, .. } = self.clone();
        Environment { name, file_name, text, folder, variables: BTreeMap::new() }
    }

    /// Sees that there are ports for it once the cluster of this home is gone: what cannot be
    /// brought up is better said before anything is taken down for it.
    pub(super) fn has_ports(&self, paths: &Paths) -> Result<(), Problem> {
        let running = store::read(paths);
        let own = running.map(|cluster| ports::among(&cluster.variables)).unwrap_or_default();
        let is_free = |port| own.contains(&port) || ports::is_free(port);
        ports::choose(&self.ports, self.base, is_free)?;
        Ok(())
    }

    /// The environment, with ports that are free now, none of them among those `avoided`, a
    /// cluster id of its own, and a broker id of its own where the file takes one. To be called when the cluster that ran before is gone: its ports are
    /// free again.
    pub(super) fn fill(
        &self,
        avoided: &BTreeSet<u16>,
        report: &dyn Report,
    ) -> Result<Environment, Problem> {
        let ports = &self.ports;
        let is_free = |port| !avoided.contains(&port) && ports::is_free(port);
        let chosen = ports::choose(ports, self.base, is_free)?;
        let used = ports::base_of(ports, &chosen).unwrap_or(self.base);
        if used != self.base {
            report.step(&Step::new(text::moved(self.base, used)));
        }
        let mut environment = self.as_it_stands();
        let ports = chosen.into_iter().map(|(name, port)| (name, port.to_string()));
        environment.variables.extend(ports);
        environment.variables.insert(CLUSTER_ID.to_owned(), random_cluster_id()?);
        if variables_in(&self.text).any(|(name, _)| name == BROKER_ID) {
            environment.variables.insert(BROKER_ID.to_owned(), random_broker_id()?.to_string());
        }
        Ok(environment)
    }
}

fn is_folder_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.len() <= 64
        && name.chars().all(allowed)
}

mod text {
    use super::{Phrase, Problem, phrase};

    pub fn moved(wanted: u16, used: u16) -> Phrase {
        phrase!(
            "a port from {wanted} on is taken; the ports begin at {used}",
            "从 {wanted} 起有端口被占用，改从 {used} 开始"
        )
    }

    pub fn bad_name(file: &str) -> Problem {
        let file = crate::printable::line(file);
        Problem::usage(
            "environment-name",
            phrase!(
                "{file} cannot give an environment its name: letters, digits, `-`, `_` and `.` are expected",
                "{file} 不能用作环境的名字：只能有字母、数字、`-`、`_` 和 `.`"
            ),
            phrase!(
                "rename the file, for instance to my-cluster.yaml",
                "请给文件改名，例如 my-cluster.yaml"
            ),
        )
    }

    pub fn no_such_environment(name: &str) -> Problem {
        let name = crate::printable::name(name);
        Problem::usage(
            "no-such-environment",
            phrase!("the course has no environment `{name}`", "课程里没有环境 `{name}`"),
            phrase!("see them: kafka-workbook env list", "查看所有环境：kafka-workbook env list"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_whose_name_leads_out_of_the_folder_is_refused() {
        for name in ["..", ".", "", "a/b", ".hidden", "a b", "-rf", "ä"] {
            assert!(!is_folder_name(name), "{name}");
        }
        for name in ["kraft-single", "my_cluster.v2", "3nodes"] {
            assert!(is_folder_name(name), "{name}");
        }
    }
}
