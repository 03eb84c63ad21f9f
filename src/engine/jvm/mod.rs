//! Runs an environment's services as plain JVM processes of the real Apache Kafka.

pub mod archive;
mod bind;
mod binds;
mod child;
pub mod distribution;
mod end;
pub mod golden;
pub mod java;
mod key;
pub mod launch;
pub mod layout;
pub mod logging;
pub mod process;
pub mod remains;
mod text;
pub mod tools;
pub mod training;

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rustix::process::Signal;

use self::archive::{Archives, Purpose, use_if_any};
use self::distribution::{Distribution, DistributionError, Prospect, Wanted, look, provide};
use self::java::Java;
use self::layout::{Layout, NodeLayout};
use self::process::ProcessId;
use super::cluster::{
    Cluster, ClusterNode, EngineKind, NodeAction, NodeState, NodeStatus, Starter,
};
use super::environment::Environment;
use super::files::remove_tree;
use super::programs::find_program;
use super::report::{Report, Silent, Step};
use super::tools::{class_of, words_before};
use super::{Engine, Tool, no_such_node, no_such_tool, room};
use crate::paths::Paths;
use crate::problem::Problem;

/// What a lab's cluster writes, and as much again, in bytes: Kafka that runs out of room dies.
const CLUSTER_BYTES: u64 = 16 * 1024 * 1024;

/// How long a node may take to end whose file cannot be read any more.
const GRACE: Duration = Duration::from_secs(10);

/// How long a process may take to heed a signal that stops it in its tracks or lets it go on.
const SETTLE: Duration = Duration::from_secs(1);

/// The jvm engine of one home.
#[derive(Debug, Clone)]
pub struct Jvm {
    paths: Paths,
    /// This program, to be started again for training; `None` where nothing is to be trained.
    program: Option<PathBuf>,
}

impl Jvm {
    /// The engine of `paths`' home. Class archives are trained by `program`, this program's own
    /// file, if it is given.
    pub const fn new(paths: Paths, program: Option<PathBuf>) -> Self {
        Self { paths, program }
    }

    fn folder(&self, environment: &str) -> PathBuf {
        self.paths.environment(environment)
    }

    /// Java and Kafka's jars for a version; fetches them if need be.
    pub fn runtime(
        &self,
        version: &str,
        report: &dyn Report,
    ) -> Result<(Java, Distribution), Problem> {
        let java = java::find(version, report)?;
        Ok((java, self.among_sources(version, |wanted| provide(wanted, report))?))
    }

    /// Where a version of Kafka is on this machine, or would come from. Nothing is fetched.
    pub fn look(&self, version: &str) -> Result<Prospect, DistributionError> {
        self.among_sources(version, look)
    }

    /// Lets `find` go through the sources that this machine names.
    fn among_sources<T>(&self, version: &str, find: impl FnOnce(&Wanted<'_>) -> T) -> T {
        let kafka_home = std::env::var_os("KAFKA_HOME").map(PathBuf::from);
        let archive_url = std::env::var("KAFKA_WORKBOOK_ARCHIVE_URL").ok();
        let maven = find_program("mvn");
        find(&Wanted {
            version,
            cache: self.paths.cache(),
            kafka_home: kafka_home.as_deref(),
            archive_url: archive_url.as_deref(),
            maven: maven.as_deref(),
        })
    }

    /// The version of Kafka that an environment needs, where this engine can run it.
    pub fn version_for(&self, environment: &Environment) -> Result<String, Problem> {
        Ok(self.layout(environment, &self.folder(&environment.name))?.kafka_version)
    }

    /// Whether the formatted state of an environment is in the cache.
    pub fn is_formatted(&self, environment: &Environment) -> bool {
        let layout = self.layout(environment, &self.folder(&environment.name));
        layout.is_ok_and(|layout| golden::place_of(self.paths.cache(), &layout).is_dir())
    }

    /// Sees that there is room below the home for a cluster's data.
    pub fn room(&self) -> Result<(), Problem> {
        room::for_a_cluster(&self.paths.environments(), CLUSTER_BYTES)
    }

    /// Sees that nobody holds the ports that an environment's file names itself.
    pub fn fixed_ports(&self, environment: &Environment) -> Result<(), Problem> {
        let layout = self.layout(environment, &self.folder(&environment.name))?;
        binds::check_fixed(environment, &layout, layout::network_of(self.paths.home()))
    }

    /// Lays the environment out below `folder`.
    fn layout(&self, environment: &Environment, folder: &Path) -> Result<Layout, Problem> {
        lay_out(environment, folder, layout::network_of(self.paths.home()))
    }

    fn prepare_blocking(
        &self,
        environment: &Environment,
        report: &dyn Report,
    ) -> Result<(), Problem> {
        let layout = self.layout(environment, &self.folder(&environment.name))?;
        let (java, distribution) = self.runtime(&layout.kafka_version, report)?;
        let runtime = (&java, &distribution);
        golden::prepare(self.paths.cache(), &layout, runtime, |there| {
            self.layout(environment, there)
        })?;
        self.room()?;
        binds::check_fixed(environment, &layout, layout::network_of(self.paths.home()))
    }

    fn create_blocking(
        &self,
        environment: &Environment,
        report: &dyn Report,
    ) -> Result<Cluster, Problem> {
        let folder = self.folder(&environment.name);
        let layout = self.layout(environment, &folder)?;
        let (java, distribution) = self.runtime(&layout.kafka_version, report)?;
        remove_tree(&folder).map_err(|e| Problem::file(&folder, &e))?;
        binds::check(&layout.nodes)?;
        report.step(&Step::new(text::starting(&layout)));
        golden::restore(
            self.paths.cache(),
            &folder,
            &layout.cluster_id,
            &layout,
            (&java, &distribution),
            |there| self.layout(environment, there),
        )?;
        launch::write_files(&folder, &layout, &distribution)
            .map_err(|e| Problem::file(&folder, &e))?;
        environment.keep(&folder)?;
        if report.cancelled() {
            return Err(super::cancelled());
        }
        let cluster = describe(environment, &layout);
        super::store::write(&self.paths, &cluster)?;
        for node in &layout.nodes {
            self.start_node(&folder, node, (&java, &distribution))?;
        }
        Ok(cluster)
    }

    fn start_node(
        &self,
        folder: &Path,
        node: &NodeLayout,
        runtime: (&Java, &Distribution),
    ) -> Result<(), Problem> {
        let archives = Archives::of(self.paths.cache(), runtime.0, runtime.1);
        let archive = archives.existing(Purpose::of(node.program));
        launch::start(folder, node, runtime, use_if_any(archive.as_ref()))
            .map(|_| ())
            .map_err(|e| Problem::file(folder, &e))
    }

    fn start_again(&self, cluster: &Cluster, name: &str) -> Result<(), Problem> {
        let folder = self.folder(&cluster.environment);
        let layout = self.layout(&Environment::kept(&folder, cluster)?, &folder)?;
        let runtime = self.runtime(&layout.kafka_version, &Silent)?;
        let node = layout
            .nodes
            .iter()
            .find(|n| n.name == name)
            .ok_or_else(|| no_such_node(cluster, name))?;
        binds::check(std::slice::from_ref(node))?;
        self.start_node(&folder, node, (&runtime.0, &runtime.1))
    }

    /// Where a neighbour of the nodes gets that dials `host:port`; `None` where it gets nowhere.
    pub fn inside(&self, cluster: &Cluster, address: &str) -> Result<Option<String>, Problem> {
        let folder = self.folder(&cluster.environment);
        let layout = self.layout(&Environment::kept(&folder, cluster)?, &folder)?;
        let Some((host, port)) = address.rsplit_once(':') else { return Ok(None) };
        let node = layout.nodes.iter().find(|node| node.host_names.iter().any(|name| name == host));
        let place = port.parse().ok().and_then(|port: u16| node?.inside.get(&port));
        Ok(place.map(ToString::to_string))
    }

    fn process(&self, cluster: &Cluster, node: &str) -> Option<ProcessId> {
        ProcessId::load(&launch::process_file(&self.folder(&cluster.environment), node))
    }

    fn grace_of(&self, cluster: &Cluster, node: &str) -> Duration {
        let folder = self.folder(&cluster.environment);
        let layout = Environment::kept(&folder, cluster).and_then(|e| self.layout(&e, &folder));
        let nodes = layout.map(|l| l.nodes).unwrap_or_default();
        nodes.iter().find(|n| n.name == node).map_or(GRACE, |n| n.grace)
    }
}

#[async_trait]
impl Engine for Jvm {
    async fn prepare(
        &self,
        environment: &Environment,
        report: Arc<dyn Report>,
    ) -> Result<(), Problem> {
        let (engine, environment) = (self.clone(), environment.clone());
        let work =
            tokio::task::spawn_blocking(move || engine.prepare_blocking(&environment, &*report));
        work.await.map_err(|e| worker_died(&e))?
    }

    async fn create(
        &self,
        environment: &Environment,
        report: Arc<dyn Report>,
    ) -> Result<Cluster, Problem> {
        end::kill_all(&self.folder(&environment.name)).await?;
        if end::kill_strays(&self.paths.environments()).await? {
            let nodes = self.layout(environment, &self.folder(&environment.name))?.nodes;
            let binds: Vec<_> = nodes.into_iter().flat_map(|node| node.binds).collect();
            end::become_free(&binds).await;
        }
        let (engine, environment) = (self.clone(), environment.clone());
        let work =
            tokio::task::spawn_blocking(move || engine.create_blocking(&environment, &*report));
        work.await.map_err(|e| worker_died(&e))?
    }

    async fn lay_out(&self, environment: &Environment) -> Result<Cluster, Problem> {
        let folder = self.folder(&environment.name);
        let layout = self.layout(environment, &folder)?;
        let (_, distribution) = self.runtime(&layout.kafka_version, &Silent)?;
        launch::write_files(&folder, &layout, &distribution)
            .map_err(|e| Problem::file(&folder, &e))?;
        environment.keep(&folder)?;
        let cluster = Cluster { starter: Starter::Nobody, ..describe(environment, &layout) };
        super::store::write(&self.paths, &cluster)?;
        Ok(cluster)
    }

    async fn status(&self, cluster: &Cluster) -> Result<Vec<NodeStatus>, Problem> {
        let status = |node: &ClusterNode| {
            let process = self.process(cluster, &node.name);
            let state = process.as_ref().map_or(NodeState::Stopped, ProcessId::state);
            let pid = process.filter(|_| state != NodeState::Stopped).map(|p| p.pid);
            NodeStatus { node: node.clone(), state, pid, container: None }
        };
        Ok(cluster.nodes.iter().map(status).collect())
    }

    async fn act(&self, cluster: &Cluster, node: &str, action: NodeAction) -> Result<(), Problem> {
        if cluster.node(node).is_none() {
            return Err(no_such_node(cluster, node));
        }
        let folder = self.folder(&cluster.environment);
        let process = self.process(cluster, node);
        let state = process.as_ref().map_or(NodeState::Stopped, ProcessId::state);
        let signal = |signal| match &process {
            Some(process) => {
                process.signal(signal).map(|_| ()).map_err(|e| not_signalled(node, &e))
            }
            None => Ok(()),
        };
        match action {
            NodeAction::Start if state == NodeState::Stopped => {
                let (engine, cluster, node) = (self.clone(), cluster.clone(), node.to_owned());
                let work = tokio::task::spawn_blocking(move || engine.start_again(&cluster, &node));
                work.await.map_err(|e| worker_died(&e))?
            }
            NodeAction::Start | NodeAction::Resume => {
                signal(Signal::CONT)?;
                settled(process.as_ref(), |state| state != NodeState::Paused).await;
                Ok(())
            }
            NodeAction::Pause => {
                signal(Signal::STOP)?;
                settled(process.as_ref(), |state| state != NodeState::Running).await;
                Ok(())
            }
            NodeAction::Stop | NodeAction::Kill => match &process {
                None => Ok(()),
                Some(process) if action == NodeAction::Kill => {
                    end::kill(process, &folder, node).await
                }
                Some(process) => {
                    end::stop(process, &folder, node, self.grace_of(cluster, node)).await
                }
            },
        }
    }

    async fn tool(
        &self,
        cluster: &Cluster,
        name: &str,
        arguments: &[OsString],
    ) -> Result<Tool, Problem> {
        let class =
            class_of(name, &cluster.kafka_version).ok_or_else(|| no_such_tool(name, cluster))?;
        let (java, distribution) = self.runtime(&cluster.kafka_version, &Silent)?;
        let archives = Archives::of(self.paths.cache(), &java, &distribution);
        let archive = archives.existing(Purpose::Tools);
        let folder = self.folder(&cluster.environment);
        let archive = use_if_any(archive.as_ref());
        let mut command = tools::command(&folder, class, (&java, &distribution), archive);
        command.args(words_before(name)).args(arguments);
        Ok(Tool { command, end: None })
    }

    async fn log(&self, cluster: &Cluster, node: &str) -> Result<Box<dyn Read + Send>, Problem> {
        if cluster.node(node).is_none() {
            return Err(no_such_node(cluster, node));
        }
        let folder = self.folder(&cluster.environment);
        let open = |path: PathBuf| -> Box<dyn Read + Send> {
            // A node that has not come as far as to print has no file.
            File::open(path).map_or_else(|_| Box::new(io::empty()) as _, |file| Box::new(file) as _)
        };
        let before_logging = open(launch::console_file(&folder, node));
        Ok(Box::new(before_logging.chain(open(launch::log_file(&folder, node)))))
    }

    fn after_ready(&self, cluster: &Cluster) {
        if let Some(program) = &self.program {
            training::start_in_background(self, program, cluster);
        }
    }

    async fn remove(&self, environment: &str) -> Result<(), Problem> {
        end::kill_all(&self.folder(environment)).await?;
        let folder = self.folder(environment);
        remove_tree(&folder).map_err(|e| Problem::file(&folder, &e))
    }

    async fn abandon(&self, environment: &str, _report: &dyn Report) -> Result<(), Problem> {
        self.remove(environment).await
    }

    async fn remove_unknown(&self, _report: &dyn Report) -> Result<(), Problem> {
        end::kill_strays(&self.paths.environments()).await.map(drop)
    }
}

/// A signal takes effect a moment after it was sent.
async fn settled(process: Option<&ProcessId>, wanted: impl Fn(NodeState) -> bool) {
    if let Some(process) = process {
        process.becomes(wanted, SETTLE).await;
    }
}

/// Lays an environment out below `folder`, on the loopback network 127.x.y.0/24.
fn lay_out(environment: &Environment, folder: &Path, network: [u8; 2]) -> Result<Layout, Problem> {
    Ok(layout::lay_out(&environment.read()?, folder, network)?)
}

fn describe(environment: &Environment, layout: &Layout) -> Cluster {
    let node = |n: &NodeLayout| ClusterNode {
        name: n.name.clone(),
        node_id: n.node_id,
        address: n.client_address.clone(),
        controller: n.controller_address.clone(),
        zookeeper: n.zookeeper_address.clone(),
    };
    Cluster {
        environment: environment.name.clone(),
        engine: EngineKind::Jvm,
        cluster_id: layout.cluster_id.clone(),
        kafka_version: layout.kafka_version.clone(),
        variables: environment.variables.clone(),
        nodes: layout.nodes.iter().map(node).collect(),
        published: layout.published.clone(),
        starter: Starter::default(),
    }
}

use text::{not_signalled, worker_died};
