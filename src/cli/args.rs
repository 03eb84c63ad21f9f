//! The command line, as DESIGN §7 of the project has it.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::engine::choose::Choice;
use crate::engine::cluster::EngineKind;
use crate::phrase::Lang;

/// An interactive learning workbook and lab runner for Apache Kafka.
#[derive(Debug, Parser)]
#[command(name = "kafka-workbook", version, about, max_term_width = 80)]
pub struct Cli {
    /// What to do; without it, the course map
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub global: Global,
}

/// Options of every command.
#[derive(Debug, Args)]
pub struct Global {
    /// One JSON object on stdout instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Language: en or zh (default: `KAFKA_WORKBOOK_LANG`, what the screen was left in, the locale)
    #[arg(long, global = true, value_parser = lang)]
    pub lang: Option<Lang>,
    /// Read the course from this folder instead of the program (default: `KAFKA_WORKBOOK_COURSE`)
    #[arg(long, global = true, value_name = "DIR")]
    pub course: Option<PathBuf>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// One real lab, hands off: the checks fail, a solution runs, the same checks pass
    Tour(UpOptions),
    /// Days and labs with your points
    List,
    /// What a day explains, with commands to try on its cluster
    Lesson(Lesson),
    /// Work on a lab
    #[command(subcommand)]
    Lab(Lab),
    /// Clusters, apart from any lab
    #[command(subcommand)]
    Env(Env),
    /// What of this machine is well, what is not, and what to do about it
    Doctor,
    /// For authors: check the course
    #[command(subcommand)]
    Course(Course),
    /// Make the class archives for the running environment's Kafka
    #[command(name = crate::engine::jvm::training::TRAIN_COMMAND, hide = true)]
    Train {
        /// The environment
        environment: String,
    },
}

/// Reading a lesson.
#[derive(Debug, Args)]
pub struct Lesson {
    /// The day, such as 1
    pub day: String,
    /// One section of it, by its id, and the cluster of that section
    #[arg(long, value_name = "ID")]
    pub section: Option<String>,
    /// Bring up the cluster that its commands are for
    #[arg(long)]
    pub start: bool,
    #[command(flatten)]
    pub up: UpOptions,
    /// A shell on that cluster with Kafka's tools on PATH, or one command in it
    #[arg(long, conflicts_with = "start")]
    pub shell: bool,
    /// The command and its arguments
    #[arg(last = true, requires = "shell")]
    pub command: Vec<OsString>,
}

/// Working on a lab.
#[derive(Debug, Subcommand)]
pub enum Lab {
    /// Begin anew: fresh seed, new attempt, cluster ready
    Start(Start),
    /// The task, the checks, the answer fields
    Task {
        /// The lab's id, such as D01-4
        id: String,
    },
    /// One verdict per check
    Check {
        /// The lab's id
        id: String,
        /// Go on asking while a verdict is not settled (a failed one is), at most this many seconds
        #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(0..=3600))]
        wait: Option<u64>,
    },
    /// Store a typed answer; it may be changed until the lab is passed
    Answer {
        /// The lab's id
        id: String,
        /// The answer field
        field: String,
        /// The answer
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
    /// A shell with Kafka's tools on PATH, or one command in it
    Shell {
        /// The lab's id
        id: String,
        /// The command and its arguments
        #[arg(last = true)]
        command: Vec<OsString>,
    },
    /// Host the lab in the foreground: live verdicts, a line at each change
    Watch {
        /// The lab's id
        id: String,
    },
    /// The same, and run your program: the executable `run` in the workspace
    Run {
        /// The lab's id
        id: String,
    },
    /// The next hint, for the first check that has not passed; costs nothing
    Hint {
        /// The lab's id
        id: String,
        /// The check to be helped with
        check: Option<String>,
    },
    /// Begin anew, on the engine of the attempt that goes on unless --engine names one
    Reset(Start),
    /// End the attempt and remove its cluster; your points and files stay
    Stop {
        /// The lab's id
        id: String,
    },
}

/// Starting a lab.
#[derive(Debug, Args)]
pub struct Start {
    /// The lab's id, such as D01-4
    pub id: String,
    #[command(flatten)]
    pub up: UpOptions,
}

/// How to bring a cluster up.
#[derive(Debug, Args)]
pub struct UpOptions {
    /// auto, containers, jvm or attach
    #[arg(long, default_value = "auto", value_parser = choice)]
    pub engine: Choice,
    /// Seconds until the cluster must be ready
    #[arg(long, default_value_t = 60, value_name = "S", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: u64,
}

/// Clusters, apart from any lab.
#[derive(Debug, Subcommand)]
pub enum Env {
    /// The environments of the course
    List,
    /// What runs
    Status,
    /// Bring an environment up: the last one with its data, or a named one
    Up {
        /// The environment, such as kraft-single
        environment: Option<String>,
        /// A compose file of your own
        #[arg(long, value_name = "F", conflicts_with = "environment")]
        file: Option<PathBuf>,
        #[command(flatten)]
        up: UpOptions,
    },
    /// Stop the nodes; their data stay for `env up`
    Down {
        /// Remove everything of this home: processes, containers, volumes, data
        #[arg(long)]
        all: bool,
    },
    /// What a node has logged
    Logs {
        /// Environment and node; the running environment and its first node if left out
        #[arg(num_args = 0..=2)]
        node: Vec<String>,
    },
    /// Start a node that was stopped or killed, with its data
    Start(Node),
    /// Stop a node cleanly
    Stop(Node),
    /// Kill a node
    Kill(Node),
    /// Stop a node in its tracks: connections stay open, nothing answers
    Pause(Node),
    /// Let a paused node go on
    Resume(Node),
}

/// A node.
#[derive(Debug, Args)]
pub struct Node {
    /// Environment and node; of an environment with one node both may be left out
    #[arg(num_args = 0..=2)]
    pub node: Vec<String>,
}

/// For authors.
#[derive(Debug, Subcommand)]
pub enum Course {
    /// Every file of the course, without a cluster
    Check,
    /// Run every lesson and every attempt of every lab on a live cluster and compare with what they
    /// state
    Verify(Verify),
}

/// The gate.
#[derive(Debug, Args)]
pub struct Verify {
    /// Labs (D01-4) and lessons (day-01); all if left out
    pub ids: Vec<String>,
    /// On live clusters (there is no other way)
    #[arg(long, required = true)]
    pub live: bool,
    /// Only attempts of this name, and no lessons; may be repeated
    #[arg(long, value_name = "NAME")]
    pub attempt: Vec<String>,
    /// How often
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub repeat: u32,
    #[command(flatten)]
    pub up: UpOptions,
}

fn lang(tag: &str) -> Result<Lang, String> {
    let found = Lang::ALL.into_iter().find(|lang| lang.tag() == tag);
    found.ok_or_else(|| "en or zh is expected".to_owned())
}

fn choice(name: &str) -> Result<Choice, String> {
    match name {
        "auto" => Ok(Choice::Auto),
        other => other
            .parse::<EngineKind>()
            .map(Choice::Only)
            .map_err(|()| "auto, containers, jvm or attach is expected".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_has_no_contradictions() {
        Cli::command().debug_assert();
    }
}
