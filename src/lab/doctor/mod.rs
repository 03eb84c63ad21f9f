//! What of this machine is well, what is not, and what to do about it: `kafka-workbook doctor`.
//!
//! One file a subject: each looks, and says what it has found. Nothing is changed by it, and each
//! question has a time limit.

mod cluster;
mod containers;
mod disks;
mod engines;
mod home;
mod jvm;
mod leftovers;
mod memory;
mod ports;
mod progress;

use std::collections::BTreeMap;

use super::Workbook;
use crate::engine::environment::Environment;
use crate::engine::{ports as blocks, store};
use crate::phrase;
use crate::phrase::{Phrase, Words};
use crate::problem::Problem;

pub use engines::Standing;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkup {
    /// One finding a cause, in the order in which a start meets them.
    pub findings: Vec<Finding>,
    /// The engines, in the order in which `auto` asks them.
    pub engines: Vec<Standing>,
}

/// One thing that is well or is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// A stable name of the cause, kebab-case; that of the subject where all is well.
    pub id: &'static str,
    /// Whether it is well.
    pub level: Level,
    /// What it is about.
    pub subject: Subject,
    /// What was found, and where.
    pub message: Phrase,
    /// The next step; nothing where none is needed.
    pub hint: Option<Phrase>,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It is well.
    Ok,
    /// The course's environments run all the same.
    Note,
    /// It keeps an environment of the course from running, or progress from being kept.
    Problem,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The container engine and Compose.
    Docker,
    /// Images of Kafka.
    Image,
    /// The Java runtime.
    Java,
    /// Kafka's jars.
    Kafka,
    /// Memory for a cluster.
    Memory,
    /// Room on the disks.
    Disk,
    /// Ports of a cluster.
    Ports,
    /// The learner's state.
    Home,
    /// What can be fetched or made again.
    Cache,
    /// The progress log.
    Progress,
    /// This home's cluster.
    Cluster,
    /// What an earlier crash has left.
    Leftovers,
}

impl Checkup {
    /// Whether the course's environments run here.
    pub fn ready(&self) -> bool {
        self.findings.iter().all(|finding| finding.level < Level::Problem)
            && self.engines.iter().any(|engine| engine.taken)
    }
}

impl Finding {
    fn ok(id: &'static str, subject: Subject, message: Phrase) -> Self {
        Self { id, level: Level::Ok, subject, message, hint: None }
    }

    fn lack(
        (id, level): (&'static str, Level),
        subject: Subject,
        (message, hint): (Phrase, Phrase),
    ) -> Self {
        Self { id, level, subject, message, hint: Some(hint) }
    }

    fn of(problem: Problem, level: Level, subject: Subject) -> Self {
        Self::lack((problem.code, level), subject, (problem.message, problem.hint))
    }
}

/// Looks at the machine, as this workbook would use it.
pub async fn examine(workbook: &Workbook) -> Result<Checkup, Problem> {
    let environments = environments(workbook);
    let written = store::read(&workbook.paths);
    let (paths, course, here) = (workbook.paths.clone(), environments.clone(), written.clone());
    let jvm = tokio::task::spawn_blocking(move || jvm::Jvm::look(&paths, &course, here.as_ref()));
    let (containers, cluster, jvm) = tokio::join!(
        containers::Containers::look(&workbook.paths, &environments),
        cluster::HomeCluster::look(workbook, written),
        jvm
    );
    let jvm = jvm.map_err(|e| text::worker_died(&e))?;
    let offers: Vec<_> = environments
        .iter()
        .map(|e| (e.name.clone(), containers.offer(&e.name), jvm.offer(&e.name)))
        .collect();
    // What one engine lacks is no harm where another one runs everything.
    let can_run = |(_, containers, jvm): &engines::Offers| containers.is_ok() || jvm.is_ok();
    let lack = if offers.iter().all(can_run) { Level::Note } else { Level::Problem };
    let mut findings = containers.findings(lack);
    findings.extend(jvm.findings(lack));
    findings.push(memory::finding(
        &environments,
        cluster.running().filter(|c| !cluster::is_prepared(c)),
    ));
    findings.extend(disks::findings(&workbook.paths, jvm.to_fetch(), lack));
    findings.extend(ports::findings(&environments, cluster.running()));
    let of_cache = if jvm.needs_cache() { lack } else { Level::Note };
    findings.extend(home::findings(&workbook.paths, of_cache));
    findings.extend(progress::findings(workbook));
    findings.extend(cluster.findings());
    findings.extend(leftovers::findings(&workbook.paths, &cluster, &containers, &jvm));
    Ok(Checkup { findings, engines: engines::standings(&workbook.paths, &offers) })
}

/// The environments of the course, with their files' own defaults.
fn environments(workbook: &Workbook) -> Vec<Environment> {
    let course = workbook.course_folder.as_deref().unwrap_or(workbook.paths.home());
    let names = workbook.course.environments();
    let environment = |name: &str| {
        let file = workbook.course.compose(name)?;
        Some(Environment {
            name: name.to_owned(),
            file_name: file.file_name.clone(),
            text: file.text.clone(),
            folder: course.join("compose"),
            variables: BTreeMap::new(),
        })
    };
    names.filter_map(environment).collect()
}

/// Where the ports of clusters begin.
fn port_base() -> Result<u16, blocks::PortError> {
    blocks::base_from(std::env::var("KAFKA_WORKBOOK_PORT_BASE").ok().as_deref())
}

impl Level {
    /// The sign and the word for people: colour is never the only sign.
    pub const fn sign(self) -> (&'static str, Words) {
        match self {
            Self::Ok => ("✓", Words::new("well", "正常")),
            Self::Note => ("–", Words::new("note", "留意")),
            Self::Problem => ("✗", Words::new("problem", "问题")),
        }
    }

    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Problem => "problem",
        }
    }
}

impl Subject {
    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        self.label().en
    }

    /// The word for people.
    pub const fn label(self) -> Words {
        match self {
            Self::Docker => Words::new("docker", "Docker"),
            Self::Image => Words::new("image", "镜像"),
            Self::Java => Words::new("java", "Java"),
            Self::Kafka => Words::new("kafka", "Kafka"),
            Self::Memory => Words::new("memory", "内存"),
            Self::Disk => Words::new("disk", "磁盘"),
            Self::Ports => Words::new("ports", "端口"),
            Self::Home => Words::new("home", "主目录"),
            Self::Cache => Words::new("cache", "缓存"),
            Self::Progress => Words::new("progress", "进度"),
            Self::Cluster => Words::new("cluster", "集群"),
            Self::Leftovers => Words::new("leftovers", "残留"),
        }
    }
}

mod text {
    use super::{Problem, phrase};

    pub fn worker_died(e: &tokio::task::JoinError) -> Problem {
        Problem::new(
            "internal",
            phrase!("a worker of this program died: {e}", "程序内部的工作线程异常退出：{e}"),
            phrase!("please report it with what you did", "请附上操作步骤反馈这个问题"),
        )
    }
}
