//! Runs an environment with `docker compose`, on Docker Engine or Docker Desktop.
//!
//! Everything that is made bears the labels of its home and environment, and is removed by them:
//! what a start that was cut off has left goes too, and nothing of anybody else's is touched.

mod cleanup;
mod describe;
pub mod docker;
pub mod error;
mod images;
pub mod leftovers;
mod nodes;
mod project;
mod sharing;
pub mod strangers;
mod text;
pub mod tools;
mod turn;
mod version;

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use self::describe::{check_ports, describe, with_images};
use self::docker::Docker;
use self::error::{DockerError, harmless};
use self::leftovers::Leftover;
use self::project::{Project, overlay_file};
use self::turn::Turn;
use super::cluster::{Cluster, NodeAction, NodeStatus, Starter};
use super::compose::ComposeFile;
use super::environment::{Environment, KEPT, names_in};
use super::files::{remove_tree, write_aside};
use super::report::{Report, Step, called_off};
use super::{Engine, Tool, cancelled, room, store};
use crate::paths::Paths;
use crate::problem::Problem;

/// What is written below the home for a cluster, and several times as much, in bytes: its data are on
/// the engine's own disk.
const FILES_BYTES: u64 = 256 * 1024;

/// How long the engine may take to answer at all.
const ANSWER: Duration = Duration::from_secs(10);

/// How long a start that is called off may take to come to its end.
const FINISH: Duration = Duration::from_secs(3);

/// What answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions {
    /// The engine's version, as it spells it.
    pub engine: String,
    /// The version of Compose.
    pub compose: String,
}

/// The containers engine of one home.
#[derive(Debug, Clone)]
pub struct Containers {
    paths: Paths,
}

impl Containers {
    /// The engine of `paths`' home.
    pub const fn new(paths: Paths) -> Self {
        Self { paths }
    }

    /// Whether a container engine answers within `limit`, and a Compose that will do; both by their
    /// versions.
    pub async fn answers(&self, limit: Duration) -> Result<Versions, DockerError> {
        let docker = Docker::find()?;
        let engine = docker.ask(&["version", "--format", "{{.Server.Version}}"]);
        let compose = docker.ask(&["compose", "version", "--short"]);
        let both = tokio::time::timeout(limit, async { tokio::join!(engine, compose) });
        let (engine, compose) = both.await.map_err(|_| DockerError::Silent { limit })?;
        let engine = engine?;
        let compose = compose.map_err(|e| match e {
            DockerError::Silent { .. } => e,
            e => DockerError::NoCompose { words: e.into_words(), too_old: false },
        })?;
        let [engine, version] = [&engine, &compose].map(|version| harmless(version.trim()));
        if version::will_do(&compose) {
            Ok(Versions { engine, compose: version })
        } else {
            Err(DockerError::NoCompose { words: version, too_old: true })
        }
    }

    /// The images of an environment that are not on this machine.
    pub async fn missing_images(&self, environment: &Environment) -> Result<Vec<String>, Problem> {
        Ok(images::missing(&Docker::find()?, &readable(environment)?).await?)
    }

    /// What bears this home's label and belongs to no environment that is `known`.
    pub async fn unknown(&self, known: &[&str]) -> Result<Vec<Leftover>, DockerError> {
        leftovers::of_home(&Docker::find()?, &self.paths, known).await
    }

    /// Sees that there is room below the home for what is written down of a cluster.
    pub fn room(&self) -> Result<(), Problem> {
        room::for_a_cluster(&self.paths.environments(), FILES_BYTES)
    }

    /// The rest of [`Engine::prepare`] where the engine has answered.
    pub async fn provide(
        &self,
        environment: &Environment,
        report: &dyn Report,
    ) -> Result<(), Problem> {
        images::provide(&Docker::find()?, &readable(environment)?, report).await?;
        self.room()
    }

    fn folder(&self, environment: &str) -> PathBuf {
        self.paths.environment(environment)
    }

    fn project(&self, environment: &str) -> Project {
        Project::of(&self.paths, environment)
    }

    /// `docker compose` on the kept files of an environment, its arguments to be added.
    fn compose(&self, docker: &Docker, environment: &Environment) -> Command {
        let folder = self.folder(&environment.name);
        let mut command = docker.command(&["compose", "--progress", "plain", "-p"]);
        command.arg(self.project(&environment.name).name);
        command.arg("-f").arg(folder.join(KEPT)).arg("-f").arg(overlay_file(&folder));
        // The file's defaults hold where nothing else was chosen, whatever this process inherited.
        for name in names_in(&environment.text) {
            command.env_remove(name);
        }
        command.envs(&environment.variables);
        command
    }

    async fn start_again(
        &self,
        docker: &Docker,
        cluster: &Cluster,
        node: &str,
        turn: &Turn,
    ) -> Result<(), Problem> {
        let environment = Environment::kept(&self.folder(&cluster.environment), cluster)?;
        check_ports(environment.read()?.service(node))?;
        let compose = |words: &[&str]| {
            let mut command = self.compose(docker, &environment);
            command.args(words).arg(node);
            docker.change(command, turn)
        };
        let up = ["up", "--detach", "--pull", "never", "--no-build", "--no-deps", "--no-recreate"];
        if let Err(e) = compose(&up).await {
            // A container that met a busy port would be started without its ports ever after; its
            // data are on a volume.
            let _ = compose(&["rm", "--force", "--stop"]).await;
            return Err(e.into());
        }
        Ok(())
    }

    /// Removes an environment that this engine has brought up. `lenient` has the word where the
    /// engine is out of reach.
    async fn clear(
        &self,
        environment: &str,
        lenient: impl FnOnce(DockerError) -> Result<(), DockerError> + Send,
    ) -> Result<(), Problem> {
        let folder = self.folder(environment);
        if !overlay_file(&folder).exists() {
            return Ok(());
        }
        let turn = Turn::wait(&self.paths).await?;
        let filters = self.project(environment).filters();
        let removed = async { cleanup::remove(&Docker::find()?, &filters, &turn).await };
        match removed.await {
            Err(e) if e.is_out_of_reach() => lenient(e)?,
            done => done?,
        }
        remove_tree(&folder).map_err(|e| Problem::file(&folder, &e))
    }

    /// Removes everything of a Compose project that the learner has brought up with Docker itself.
    pub async fn remove_project(&self, name: &str) -> Result<(), Problem> {
        let Ok(docker) = Docker::find() else { return Ok(()) };
        let turn = Turn::wait(&self.paths).await?;
        let filters = ["--filter".to_owned(), format!("label=com.docker.compose.project={name}")];
        match cleanup::remove(&docker, &filters, &turn).await {
            // An engine that is out of reach may never have had anything of it.
            Err(e) if e.is_out_of_reach() => Ok(()),
            done => Ok(done?),
        }
    }

    /// Writes down what is about to run: the files, and the cluster that they make.
    fn write_down(
        &self,
        environment: &Environment,
        file: &ComposeFile,
        starter: Starter,
    ) -> Result<Cluster, Problem> {
        let folder = self.folder(&environment.name);
        remove_tree(&folder).map_err(|e| Problem::file(&folder, &e))?;
        let overlay = overlay_file(&folder);
        let text = self.project(&environment.name).overlay(file, &environment.folder);
        write_aside(&overlay, text.as_bytes()).map_err(|e| Problem::file(&overlay, &e))?;
        environment.keep(&folder)?;
        let cluster = Cluster { starter, ..describe(environment, file)? };
        store::write(&self.paths, &cluster)?;
        Ok(cluster)
    }
}

#[async_trait]
impl Engine for Containers {
    async fn prepare(
        &self,
        environment: &Environment,
        report: Arc<dyn Report>,
    ) -> Result<(), Problem> {
        readable(environment)?;
        tokio::select! {
            answered = self.answers(ANSWER) => answered.map(drop)?,
            () = called_off(&*report) => return Err(cancelled()),
        }
        self.provide(environment, &*report).await
    }

    async fn create(
        &self,
        environment: &Environment,
        report: Arc<dyn Report>,
    ) -> Result<Cluster, Problem> {
        let environment = with_images(environment.clone());
        let file = environment.read()?;
        let docker = Docker::find()?;
        let turn = Turn::wait(&self.paths).await?;
        cleanup::remove(&docker, &self.project(&environment.name).filters(), &turn).await?;
        check_ports(&file.services)?;
        let cluster = self.write_down(&environment, &file, Starter::default())?;
        report.step(&Step::new(text::starting(&cluster)));
        let mut up = self.compose(&docker, &environment);
        up.args(["up", "--detach", "--pull", "never", "--no-build"]);
        let up = docker.change(up, &turn);
        tokio::select! {
            done = up => done.map(drop)?,
            () = called_off_for_long(&*report) => {}
        }
        if report.cancelled() { Err(cancelled()) } else { Ok(cluster) }
    }

    async fn lay_out(&self, environment: &Environment) -> Result<Cluster, Problem> {
        let environment = with_images(environment.clone());
        self.write_down(&environment, &environment.read()?, Starter::Nobody)
    }

    async fn status(&self, cluster: &Cluster) -> Result<Vec<NodeStatus>, Problem> {
        let containers = nodes::list(&Docker::find()?, &self.project(&cluster.environment)).await?;
        Ok(cluster.nodes.iter().map(|node| nodes::status_of(node, &containers)).collect())
    }

    async fn act(&self, cluster: &Cluster, node: &str, action: NodeAction) -> Result<(), Problem> {
        if cluster.node(node).is_none() {
            return Err(super::no_such_node(cluster, node));
        }
        let docker = Docker::find()?;
        let turn = Turn::wait(&self.paths).await?;
        let containers = nodes::list(&docker, &self.project(&cluster.environment)).await?;
        let found = containers.iter().find(|container| container.node == node);
        let Some(steps) = nodes::steps(found, action) else {
            return self.start_again(&docker, cluster, node, &turn).await;
        };
        for words in steps {
            docker.change(docker.command(&words), &turn).await?;
        }
        Ok(())
    }

    async fn tool(
        &self,
        cluster: &Cluster,
        name: &str,
        arguments: &[OsString],
    ) -> Result<Tool, Problem> {
        let docker = Docker::find()?;
        let network = tools::Network::of(&docker).await?;
        self.tool_on(&docker, network, cluster, (name, arguments))
    }

    async fn log(&self, cluster: &Cluster, node: &str) -> Result<Box<dyn Read + Send>, Problem> {
        if cluster.node(node).is_none() {
            return Err(super::no_such_node(cluster, node));
        }
        let docker = Docker::find()?;
        let containers = nodes::list(&docker, &self.project(&cluster.environment)).await?;
        match containers.iter().find(|container| container.node == node) {
            Some(found) => Ok(Box::new(docker.output_of(&["logs", &found.name])?)),
            None => Ok(Box::new(io::empty())),
        }
    }

    fn after_ready(&self, _cluster: &Cluster) {}

    async fn remove(&self, environment: &str) -> Result<(), Problem> {
        self.clear(environment, Err).await
    }

    async fn abandon(&self, environment: &str, report: &dyn Report) -> Result<(), Problem> {
        let leave = |_| {
            report.step(&Step::new(text::left_behind(environment)));
            Ok(())
        };
        self.clear(environment, leave).await
    }

    async fn remove_unknown(&self, report: &dyn Report) -> Result<(), Problem> {
        let Ok(docker) = Docker::find() else { return Ok(()) };
        let turn = Turn::wait(&self.paths).await?;
        match cleanup::remove(&docker, &project::filters_of_home(&self.paths), &turn).await {
            // Nothing is known to be there, so that nothing has failed.
            Err(e) if e.is_out_of_reach() => report.step(&Step::new(text::not_looked())),
            done => done?,
        }
        Ok(())
    }
}

/// What is half made is better finished than cut off, if that takes no longer than this.
async fn called_off_for_long(report: &dyn Report) {
    called_off(report).await;
    tokio::time::sleep(FINISH).await;
}

/// The file of an environment of which a cluster can be made.
fn readable(environment: &Environment) -> Result<ComposeFile, Problem> {
    let environment = with_images(environment.clone());
    let file = environment.read()?;
    describe(&environment, &file)?;
    Ok(file)
}
