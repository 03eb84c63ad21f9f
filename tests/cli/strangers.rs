//! Processes that are not ours: a pid that was written down may be somebody else's by now.

use std::fs;
use std::process::{Child, Command};

use serde_json::{Value, json};

use crate::program::Home;

/// A process that has nothing to do with any cluster; ended with the test.
struct Stranger(Child);

impl Stranger {
    fn new() -> Self {
        Self(Command::new("sleep").arg("600").spawn().unwrap())
    }

    /// What would be written down of it if it were a node's.
    fn identity(&self) -> Value {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap();
        // Field 22, counted behind the name in parentheses: proc(5).
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        let started: u64 = fields.split(' ').nth(19).unwrap().parse().unwrap();
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
        json!({"pid": self.0.id(), "started": started, "boot": boot.trim(), "marker": "600"})
    }

    /// Whether it lives after `env down --all` of a home that takes it for its node.
    #[track_caller]
    fn survives(&mut self, identity: &Value) -> bool {
        let home = Home::new();
        let node = home.path().join("env/kraft-single/nodes/kafka");
        fs::create_dir_all(&node).unwrap();
        fs::write(node.join("process.json"), identity.to_string()).unwrap();
        home.run(&["env", "down", "--all"]).exits(0);
        assert!(!node.exists(), "what was written down is gone in any case");
        self.0.try_wait().unwrap().is_none()
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_recycled_pid_is_not_killed() {
    let mut stranger = Stranger::new();
    let own = stranger.identity();
    let started = own["started"].as_u64().unwrap();
    let others = [
        ("started", json!(started - 1)),
        ("boot", json!("00000000-0000-0000-0000-000000000000")),
        ("marker", json!("/home/learner/server.properties")),
    ];
    for (field, value) in others {
        let mut identity = own.clone();
        identity[field] = value;
        assert!(stranger.survives(&identity), "although {field} differs");
    }
}

#[test]
fn a_process_that_agrees_in_everything_is_killed() {
    let mut stranger = Stranger::new();
    let identity = stranger.identity();
    assert!(!stranger.survives(&identity));
}

#[test]
fn what_is_no_identity_is_nobody() {
    let mut stranger = Stranger::new();
    let pid = stranger.0.id();
    for identity in
        [json!(null), json!({}), json!({"pid": pid}), json!({"pid": -1}), json!({"pid": 1})]
    {
        assert!(stranger.survives(&identity), "{identity}");
    }
}
