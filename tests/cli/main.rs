//! The program's commands as other programs and people see them, as far as they need no cluster.

#[cfg(test)]
#[path = "../common/attempt.rs"]
mod attempt;
#[cfg(test)]
mod compose;
#[cfg(test)]
mod course;
#[cfg(test)]
mod damaged;
#[cfg(test)]
mod docker;
#[cfg(test)]
mod docker_calls;
#[cfg(test)]
mod docker_changes;
#[cfg(test)]
mod docker_words;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod doctor_causes;
#[cfg(test)]
mod fake_docker;
#[cfg(test)]
#[path = "../common/fake_java.rs"]
mod fake_java;
#[cfg(test)]
mod java;
#[cfg(test)]
mod lesson;
#[cfg(test)]
mod list;
#[cfg(test)]
mod places;
#[cfg(test)]
mod program;
#[cfg(test)]
mod strangers;
#[cfg(test)]
mod task;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod tour;
#[cfg(test)]
mod trouble;
#[cfg(test)]
mod usage;
