//! Brings an environment up until it serves, or leaves nothing behind.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::{Workbook, seed};
use crate::course::Seed;
use crate::engine::cluster::Cluster;
use crate::engine::environment::{CLUSTER_ID, Environment, random_cluster_id};
use crate::engine::readiness::wait_for_nodes;
use crate::engine::report::{Report, Step};
use crate::engine::{Engine, death, ports};
use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::Problem;

/// How often it is looked whether the learner has called the start off.
const CANCEL_INTERVAL: Duration = Duration::from_millis(50);

/// A compose file that can be brought up, before its ports are chosen.
#[derive(Debug, Clone)]
pub struct Template {
    name: String,
    file_name: String,
    text: String,
}

impl Template {
    /// An environment of the course.
    pub fn named(workbook: &Workbook, name: &str) -> Result<Self, Problem> {
        let file = workbook.course.compose(name).ok_or_else(|| text::no_such_environment(name))?;
        Self::new(name, &file.file_name, &file.text)
    }

    /// A compose file by its environment's name, its own name in errors, and its text.
    ///
    /// The name becomes a folder's: one that could lead out of the environments' folder is refused.
    pub fn new(name: &str, file_name: &str, text: &str) -> Result<Self, Problem> {
        if !is_folder_name(name) {
            return Err(text::bad_name(file_name));
        }
        let (name, file_name, text) = (name.to_owned(), file_name.to_owned(), text.to_owned());
        Ok(Self { name, file_name, text })
    }

    /// The environment with the file's own defaults, as far as an engine needs it to prepare.
    pub fn as_it_stands(&self) -> Environment {
        let Self { name, file_name, text } = self.clone();
        Environment { name, file_name, text, variables: BTreeMap::new() }
    }

    /// The environment, with ports that are free now and a cluster id of its own. To be called when
    /// the cluster that ran before is gone: its ports are free again.
    pub fn fill(self) -> Result<Environment, Problem> {
        let base = ports::base_from(std::env::var("KAFKA_WORKBOOK_PORT_BASE").ok().as_deref())?;
        let chosen = ports::choose(&ports::variables_in(&self.text), base, ports::is_free)?;
        let mut variables: BTreeMap<String, String> =
            chosen.into_iter().map(|(name, port)| (name, port.to_string())).collect();
        variables.insert(CLUSTER_ID.to_owned(), random_cluster_id()?);
        let Self { name, file_name, text } = self;
        Ok(Environment { name, file_name, text, variables })
    }
}

fn is_folder_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.len() <= 64
        && name.chars().all(allowed)
}

/// Makes the environment anew, waits until it serves and plants the seed. Where that fails or is
/// called off, it is removed again.
pub async fn boot(
    engine: &dyn Engine,
    environment: &Environment,
    seed: &Seed,
    timeout: Duration,
    report: Arc<dyn Report>,
) -> Result<Cluster, Problem> {
    let booted = async {
        let cluster = engine.create(environment, Arc::clone(&report)).await?;
        report.step(&Step::new(text::waiting()));
        let ready = async {
            wait_for_nodes(&cluster, timeout).await?;
            seed::plant(seed, &cluster, timeout).await
        };
        tokio::select! {
            ready = ready => ready?,
            died = death::of_a_node(engine, &cluster, None) => return Err(died),
            () = cancelled(&*report) => return Err(crate::engine::cancelled()),
        }
        Ok(cluster)
    };
    match booted.await {
        Ok(cluster) => {
            engine.after_ready(&cluster);
            Ok(cluster)
        }
        Err(problem) => {
            engine.remove(&environment.name).await?;
            Err(problem)
        }
    }
}

async fn cancelled(report: &dyn Report) {
    while !report.cancelled() {
        tokio::time::sleep(CANCEL_INTERVAL).await;
    }
}

mod text {
    use super::{Phrase, Problem, phrase};

    pub fn waiting() -> Phrase {
        phrase!("waiting until every node serves", "等待所有节点就绪")
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
