//! A Java of the test's own.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use tempfile::TempDir;

use crate::program::{DEADLINE, finish};

/// A folder for `JAVA_HOME` with a `java` that does this.
pub struct Java(TempDir);

impl Java {
    pub fn that(does: &str) -> Self {
        let java = Self(TempDir::with_prefix("kafka-workbook-java-").unwrap());
        java.install(&format!("#!/bin/sh\n{does}\n"), "755");
        java
    }

    /// Written by a process of its own: a file that this one had open for writing could not be run
    /// for as long as any child forked at that moment has it open too.
    pub fn install(&self, text: &str, mode: &str) {
        let mut sh = Command::new("sh");
        sh.args(["-c", r#"mkdir -p "$0/bin" && cat >"$0/bin/java" && chmod "$1" "$0/bin/java""#]);
        sh.arg(self.path()).arg(mode);
        finish(sh, text.as_bytes()).exits(0);
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// One that never answers, nor ends when it is asked to.
    pub fn that_hangs() -> Self {
        Self::that("mkdir \"$0.asked\"; trap : TERM; while :; do sleep 0.01; done")
    }

    /// Waits until somebody has asked the one that never answers.
    #[track_caller]
    pub fn wait_asked(&self) {
        let deadline = Instant::now() + DEADLINE;
        while !self.path().join("bin/java.asked").exists() {
            assert!(Instant::now() < deadline, "Java is not asked");
            std::thread::yield_now();
        }
    }
}
