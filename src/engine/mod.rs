//! Runs an environment: a cluster layout from `compose/`, in containers or as plain JVM processes.

pub mod report;
