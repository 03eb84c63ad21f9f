//! An interactive learning workbook and lab runner for Apache Kafka.
//!
//! Dependencies point one way: `cli` → `screen` → `ui` → `app` → `lab` → {`course`, `grade`,
//! `engine`, `progress`}; `course` → the check specifications of `grade`; `grade` and `engine` →
//! `kafka`. [`phrase`], [`problem`], [`printable`] and [`paths`] lie below all of them, and
//! [`markdown`] below `cli` and `app`.

pub mod app;
pub mod cli;
pub mod course;
pub mod engine;
pub mod grade;
pub mod kafka;
pub mod lab;
pub mod markdown;
pub mod paths;
pub mod phrase;
pub mod printable;
pub mod problem;
pub mod progress;
pub mod screen;
pub mod ui;
