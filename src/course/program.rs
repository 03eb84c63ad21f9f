//! How the learner's program is run: `[[run]]` of lab.toml.

use std::time::Duration;

use super::fault::{TomlFault, What};
use super::table::{Table, is_topic_name};

/// One start of the executable `run` in the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramStep {
    /// Its arguments.
    pub arguments: Vec<String>,
    /// When it is over.
    pub until: Until,
    /// How long it may take before it is stopped; 1 s to 10 min.
    pub timeout: Duration,
}

/// When a start of the learner's program is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Until {
    /// When it ends by itself.
    Exit,
    /// When the group's committed offset is past the last record of every partition of the topic;
    /// the program is then sent SIGTERM.
    Committed {
        /// The group's id.
        group: String,
        /// The topic's name.
        topic: String,
    },
}

#[derive(Debug, Clone, Copy)]
enum Word {
    Exit,
    Committed,
}

const WORDS: [(&str, Word); 2] = [("exit", Word::Exit), ("committed", Word::Committed)];

/// Reads `[[run]]`.
pub(super) fn steps(table: &mut Table<'_>) -> Vec<ProgramStep> {
    let mut steps = Vec::new();
    for mut entry in table.tables("run") {
        let step = step(&mut entry);
        entry.finish();
        steps.extend(step);
    }
    steps
}

fn step(table: &mut Table<'_>) -> Option<ProgramStep> {
    let arguments = table.texts("arguments").into_iter().map(|at| at.value).collect();
    let until = table.word("until", What::ProgramEnd, &WORDS);
    let seconds = table.number("seconds", 1..=600);
    let until = match until?.value {
        Word::Exit => Until::Exit,
        Word::Committed => {
            let (group, topic) = (table.text("group"), table.text("topic"));
            let (group, topic) = (group?, topic?);
            if !is_topic_name(&topic.value) {
                table.fault(topic.offset, TomlFault::BadTopicName { found: topic.value.clone() });
            }
            Until::Committed { group: group.value, topic: topic.value }
        }
    };
    Some(ProgramStep { arguments, until, timeout: Duration::from_secs(seconds?.value.into()) })
}
