//! A lab: what it starts from, what it asks, and how it is known that its checks tell right from
//! wrong.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::grade::spec::CheckSpec;

use super::attempt::Attempt;
use super::issued::Value;
use super::place::Place;
use super::program::ProgramStep;
use super::texts::Texts;

/// A graded exercise on a live cluster.
#[derive(Debug, Clone)]
pub struct Lab {
    /// Its name everywhere: `D01-4`.
    pub id: String,
    /// Its folder in `labs/`: `D01-4-topic-lifecycle`.
    pub folder: String,
    /// The time a learner takes, in minutes; 1 to 240.
    pub minutes: u32,
    /// The cluster layout: the name of a file in `compose/` without `.yaml`.
    pub environment: String,
    /// Who starts the cluster.
    pub cluster: Cluster,
    /// The state that the lab starts from.
    pub seed: Seed,
    /// What is issued to every attempt, in the order of lab.toml.
    pub values: Vec<Value>,
    /// How the learner's program is run, start by start; none where there is no program to write.
    pub program: Vec<ProgramStep>,
    /// What the learner types in, in the order of lab.toml.
    pub fields: Vec<Field>,
    /// What is asked, in the order of lab.toml; at least one.
    pub checks: Vec<CheckSpec>,
    /// Everything that is read rather than run.
    pub texts: Texts,
    /// Ways through the lab whose verdicts are known, in the order of their names.
    pub attempts: Vec<Attempt>,
    /// Files for the workspace by their path in it. Modes are not kept: a file that begins with
    /// `#!` is meant to be executable.
    pub starter: Vec<(PathBuf, Vec<u8>)>,
    pub(super) places: Places,
}

/// Who starts a lab's cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cluster {
    /// The workbook: a lab that has started has a cluster that is ready and seeded.
    Workbook,
    /// The learner: to start or repair it is what the lab asks for.
    Learner,
}

/// The state that a lab or a lesson starts from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seed {
    /// Topics to create; names differ.
    pub topics: Vec<SeedTopic>,
}

/// A topic that is there at the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedTopic {
    /// Its name, one that Kafka takes.
    pub name: String,
    /// Its number of partitions; at least 1.
    pub partitions: u32,
    /// Replicas of every partition; 1 to 32767.
    pub replication_factor: u32,
    /// Records in it.
    pub records: u32,
}

/// An answer that the learner types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name on the command line and in texts.
    pub id: String,
    /// What may be typed.
    pub kind: FieldType,
    /// What an answer looks like; not the right one.
    pub example: Option<String>,
    /// The answers to choose from: at least two for [`FieldType::Enum`], none for others.
    pub choices: Vec<String>,
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// A line of text.
    Text,
    /// One of the field's choices.
    Enum,
}

/// Where the parts of a lab stand in its files, for faults that are found later.
#[derive(Debug, Clone)]
pub(super) struct Places {
    pub id: Place,
    pub checks: BTreeMap<String, Place>,
    pub fields: BTreeMap<String, Place>,
}

impl Lab {
    /// The points of all checks.
    pub fn points(&self) -> u32 {
        self.checks.iter().map(|check| check.points).sum()
    }

    /// The check called `id`.
    pub fn check(&self, id: &str) -> Option<&CheckSpec> {
        self.checks.iter().find(|check| check.id == id)
    }

    /// The field called `id`.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }
}

impl FieldType {
    /// Every type by its name in lab.toml.
    pub(super) const NAMES: [(&str, Self); 2] = [("text", Self::Text), ("enum", Self::Enum)];

    /// The word in lab.toml and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Enum => "enum",
        }
    }

    /// The name in lab.toml and in JSON: `text` or `enum`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Enum => "enum",
        }
    }
}

impl Cluster {
    /// Both by their names in lab.toml.
    pub(super) const NAMES: [(&str, Self); 2] =
        [("workbook", Self::Workbook), ("learner", Self::Learner)];
}
