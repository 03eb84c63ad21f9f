//! Brings an environment up until it serves, or leaves nothing behind.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::stop::{close_attempts, make_room};
use super::tools::install;
use super::{Workbook, seed};
use crate::course::Seed;
use crate::engine::cluster::Cluster;
use crate::engine::environment::{CLUSTER_ID, Environment, random_cluster_id};
use crate::engine::files::remove_tree;
use crate::engine::readiness::wait_for_nodes;
use crate::engine::report::{Report, Step, called_off};
use crate::engine::{Engine, death, ports};
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
        Ok(Self { name, file_name, text, folder: folder.to_owned(), base })
    }

    /// The environment with the file's own defaults, as far as an engine needs it to prepare.
    pub fn as_it_stands(&self) -> Environment {
        let Self { name, file_name, text, folder, .. } = self.clone();
        Environment { name, file_name, text, folder, variables: BTreeMap::new() }
    }

    /// The environment, with ports that are free now and a cluster id of its own. To be called when
    /// the cluster that ran before is gone: its ports are free again.
    pub fn fill(self, report: &dyn Report) -> Result<Environment, Problem> {
        let ports = ports::variables_in(&self.text);
        let chosen = ports::choose(&ports, self.base, ports::is_free)?;
        let used = ports::base_of(&ports, &chosen).unwrap_or(self.base);
        if used != self.base {
            report.step(&Step::new(text::moved(self.base, used)));
        }
        let mut variables: BTreeMap<String, String> =
            chosen.into_iter().map(|(name, port)| (name, port.to_string())).collect();
        variables.insert(CLUSTER_ID.to_owned(), random_cluster_id()?);
        let Self { name, file_name, text, folder, .. } = self;
        Ok(Environment { name, file_name, text, folder, variables })
    }
}

fn is_folder_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.len() <= 64
        && name.chars().all(allowed)
}

/// Boots a template in the place of whatever ran before in this home, whose environments the
/// caller has locked. Attempts that were going on end.
pub async fn replace(
    workbook: &Workbook,
    (engine, template): (&dyn Engine, Template),
    (seed, timeout): (&Seed, Duration),
    report: Arc<dyn Report>,
) -> Result<Cluster, Problem> {
    close_attempts(workbook, &*report)?;
    make_room(workbook, &*report).await?;
    install(workbook)?;
    let (environment, logs) = (template.fill(&*report)?, workbook.paths.failed_start());
    boot(engine, &environment, (seed, timeout), &logs, report).await
}

/// Makes the environment anew, waits until it serves and plants the seed. Where that fails or is
/// called off, it is removed again; what its nodes have printed is kept below `logs`.
async fn boot(
    engine: &dyn Engine,
    environment: &Environment,
    (seed, timeout): (&Seed, Duration),
    logs: &Path,
    report: Arc<dyn Report>,
) -> Result<Cluster, Problem> {
    let booted = match engine.create(environment, Arc::clone(&report)).await {
        Ok(cluster) => match serve(engine, &cluster, (seed, timeout), &*report).await {
            Ok(()) => Ok(cluster),
            Err(problem) if report.cancelled() => Err(problem),
            Err(problem) => {
                keep_logs(engine, &cluster, logs).await;
                Err(text::with_logs(problem, logs))
            }
        },
        Err(problem) => Err(problem),
    };
    match booted {
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

async fn serve(
    engine: &dyn Engine,
    cluster: &Cluster,
    (seed, timeout): (&Seed, Duration),
    report: &dyn Report,
) -> Result<(), Problem> {
    report.step(&Step::new(text::waiting()));
    let ready = async {
        wait_for_nodes(cluster, timeout).await?;
        seed::plant(seed, cluster, timeout).await
    };
    tokio::select! {
        ready = ready => ready,
        died = death::of_a_node(engine, cluster, None) => Err(died),
        () = called_off(report) => Err(crate::engine::cancelled()),
    }
}

/// Keeps what the nodes have printed, as far as it can be had: the reason of a failed start is
/// told already.
async fn keep_logs(engine: &dyn Engine, cluster: &Cluster, logs: &Path) {
    let _ = remove_tree(logs).and_then(|()| fs::create_dir_all(logs));
    for node in &cluster.nodes {
        let log = engine.log(cluster, &node.name).await;
        let file = File::create(logs.join(format!("{}.log", node.name)));
        if let (Ok(mut log), Ok(mut file)) = (log, file) {
            let _ = io::copy(&mut log, &mut file);
        }
    }
}

mod text {
    use super::{Path, Phrase, Problem, phrase};

    pub fn waiting() -> Phrase {
        phrase!("waiting until every node serves", "等待所有节点就绪")
    }

    pub fn moved(wanted: u16, used: u16) -> Phrase {
        phrase!(
            "a port from {wanted} on is taken; the ports begin at {used}",
            "从 {wanted} 起有端口被占用，改从 {used} 开始"
        )
    }

    pub fn with_logs(mut problem: Problem, logs: &Path) -> Problem {
        let logs = logs.display();
        let Phrase { en, zh } = &problem.hint;
        problem.hint = Phrase::new(
            format!("{en}; what the nodes have printed: {logs}"),
            format!("{zh}；节点的输出：{logs}"),
        );
        problem
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
