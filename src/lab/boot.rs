//! Brings an environment up until it serves, or leaves nothing behind.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::stop::{close_attempts, make_room};
use super::template::Template;
use super::tools::install;
use super::{Workbook, seed};
use crate::course::Seed;
use crate::engine::cluster::Cluster;
use crate::engine::environment::Environment;
use crate::engine::files::remove_tree;
use crate::engine::readiness::wait_for_nodes;
use crate::engine::report::{Report, Step, called_off};
use crate::engine::{Engine, death, ports, store};
use crate::paths::Paths;
use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::Problem;

/// How often ports are chosen before a program that keeps taking them is told.
const TRIES: u32 = 3;

/// Boots a template in the place of whatever ran before in this home, whose environments the
/// caller has locked. Attempts that were going on end.
pub async fn replace(
    workbook: &Workbook,
    (engine, template): (&dyn Engine, Template),
    (seed, timeout): (&Seed, Duration),
    report: Arc<dyn Report>,
) -> Result<Cluster, Problem> {
    install(workbook)?;
    template.has_ports(&workbook.paths)?;
    close_attempts(workbook, &*report)?;
    make_room(workbook, &*report).await?;
    let boot = boot_where_ports_are_free(workbook, (engine, &template), (seed, timeout), report);
    Box::pin(boot).await
}

/// Boots a template on ports that are free. One that another program takes between the choice and
/// the node that binds it moves the whole block once more.
async fn boot_where_ports_are_free(
    workbook: &Workbook,
    (engine, template): (&dyn Engine, &Template),
    (seed, timeout): (&Seed, Duration),
    report: Arc<dyn Report>,
) -> Result<Cluster, Problem> {
    let (mut lost, mut tries) = (BTreeSet::new(), 1);
    loop {
        let environment = template.fill(&lost, &*report)?;
        let serve = (seed, timeout);
        match boot(engine, &environment, serve, &workbook.paths, Arc::clone(&report)).await {
            Err(problem) if problem.code == ports::BUSY && tries < TRIES => {
                report.step(&Step::new(text::outrun()));
                lost.extend(ports::among(&environment.variables));
                tries += 1;
            }
            booted => return booted,
        }
    }
}

/// Makes the environment anew, waits until it serves and plants the seed. Where that fails or is
/// called off, it is removed again; what its nodes have printed is kept.
async fn boot(
    engine: &dyn Engine,
    environment: &Environment,
    (seed, timeout): (&Seed, Duration),
    paths: &Paths,
    report: Arc<dyn Report>,
) -> Result<Cluster, Problem> {
    let booted = match engine.create(environment, Arc::clone(&report)).await {
        Ok(mut cluster) => match serve(engine, &mut cluster, (seed, timeout), (paths, &*report))
            .await
        {
            Ok(()) => Ok(cluster),
            Err(problem) if report.cancelled() || problem.code == ports::BUSY => Err(problem),
            Err(problem) => Err(with_logs(problem, engine, &cluster, &paths.failed_start()).await),
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
    cluster: &mut Cluster,
    (seed, timeout): (&Seed, Duration),
    (paths, report): (&Paths, &dyn Report),
) -> Result<(), Problem> {
    report.step(&Step::new(text::waiting()));
    let named = tokio::select! {
        ready = ready(cluster, (seed, timeout)) => ready,
        died = death::of_a_node(engine, cluster, None, paths) => Err(died),
        () = called_off(report) => Err(crate::engine::cancelled()),
    }?;
    if let Some(id) = named {
        cluster.cluster_id = id;
        store::write(paths, cluster)?;
    }
    Ok(())
}

/// Waits until every node serves and the seed is planted. The answer is the cluster's id, where it
/// was not known before: in `ZooKeeper` mode the first broker draws it.
async fn ready(
    cluster: &Cluster,
    (seed, timeout): (&Seed, Duration),
) -> Result<Option<String>, Problem> {
    wait_for_nodes(cluster, timeout).await?;
    seed::plant(seed, cluster, timeout).await?;
    if cluster.cluster_id.is_empty() {
        return Ok(cluster.client(timeout).metadata().await?.cluster_id);
    }
    Ok(None)
}

/// Keeps what the nodes have printed and says where. The reason of a failed start is told already:
/// what cannot be kept, on a full disk for instance, is not spoken of.
async fn with_logs(
    problem: Problem,
    engine: &dyn Engine,
    cluster: &Cluster,
    logs: &Path,
) -> Problem {
    let mut kept = remove_tree(logs).and_then(|()| fs::create_dir_all(logs)).is_ok();
    for node in &cluster.nodes {
        let log = engine.log(cluster, &node.name).await;
        let file = File::create(logs.join(format!("{}.log", node.name)));
        kept &= match (log, file) {
            (Ok(mut log), Ok(mut file)) => io::copy(&mut log, &mut file).is_ok_and(|n| n > 0),
            _ => false,
        };
    }
    if kept { text::with_logs(problem, logs) } else { problem }
}

mod text {
    use super::{Path, Phrase, Problem, phrase};

    pub fn waiting() -> Phrase {
        phrase!("waiting until every node serves", "等待所有节点就绪")
    }

    pub fn outrun() -> Phrase {
        phrase!(
            "another program was quicker at a port; trying others",
            "有端口刚被其他程序占用，换一段再试"
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
}
