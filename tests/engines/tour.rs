//! `tour` beside a learner's cluster: it shows what it says, and leaves nothing, however it ends.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::paths::Paths;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Home, program};
use crate::stage::{LAB, Stage, labelled, processes, until};

/// A learner who is in the middle of a lab, and the folder in which a tour has its home.
struct Learner {
    stage: Stage,
    temporary: TempDir,
}

/// What must not change.
type Standing = (Vec<u8>, String, Vec<String>);

impl Learner {
    fn at_work(engine: EngineKind) -> Self {
        let temporary = TempDir::new().unwrap();
        let stage = Stage::in_home(engine, Home::new().with("TMPDIR", temporary.path()));
        stage.start();
        stage.json(&["lab", "answer", LAB, "error", "wrong"], 0);
        std::fs::write(stage.path().join("workspaces").join(LAB).join("notes"), "mine").unwrap();
        Self { stage, temporary }
    }

    fn standing(&self) -> Standing {
        let log = std::fs::read(self.stage.path().join("progress.log")).unwrap();
        (log, self.stage.incarnation(), self.stage.traces())
    }

    fn tour(&self) -> Tour {
        let words = ["--json", "tour", "--engine", self.stage.engine.name()];
        let mut command = self.stage.command(program(), &words);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let name = format!("kafka-workbook-aside-{}", child.id());
        let paths = Paths::at(self.temporary.path().join(name), self.stage.cache());
        Tour { child, lines: Box::new(lines.lines().map(Result::unwrap)), paths }
    }

    /// Nothing of a tour is there any more.
    #[track_caller]
    fn nothing_is_left(&self, of: &Tour) {
        assert_eq!(std::fs::read_dir(self.temporary.path()).unwrap().count(), 0);
        assert_eq!(processes(of.paths.home()), Vec::<u32>::new());
        if self.stage.engine == EngineKind::Containers {
            for kind in [
                &["ps", "--all", "--quiet"][..],
                &["volume", "ls", "--quiet"],
                &["network", "ls", "--quiet"],
            ] {
                assert_eq!(labelled(&of.paths, kind), Vec::<String>::new(), "{kind:?}");
            }
        }
    }
}

/// A tour that goes on.
struct Tour {
    child: Child,
    lines: Box<dyn Iterator<Item = String>>,
    paths: Paths,
}

impl Tour {
    #[track_caller]
    fn next(&mut self) -> Option<Value> {
        let object: Value = serde_json::from_str(&self.lines.next()?).unwrap();
        assert_eq!(object["schema"], 1, "{object}");
        Some(object)
    }

    /// Reads up to an event.
    #[track_caller]
    fn up_to(&mut self, event: &str, step: &Value) {
        loop {
            let object = self.next().expect(event);
            if object["event"] == event && (step.is_null() || object["step"] == *step) {
                return;
            }
        }
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// What is left to be read, and the exit code.
    fn end(&mut self) -> (Vec<Value>, Option<i32>) {
        let rest = std::iter::from_fn(|| self.next()).collect();
        (rest, self.child.wait().unwrap().code())
    }
}

pub fn a_tour_fails_then_passes_and_touches_nothing_of_the_learners(engine: EngineKind) {
    let learner = Learner::at_work(engine);
    let before = learner.standing();
    let mut tour = learner.tour();
    let (objects, code) = tour.end();
    assert_eq!(code, Some(0), "{objects:?}");
    let events: Vec<&str> = objects.iter().map(|o| o["event"].as_str().unwrap()).collect();
    assert_eq!(events[..6], ["begin", "beside", "step", "ready", "step", "verdicts"]);
    assert_eq!(objects[1]["environment"], "kraft-single");
    assert!(objects[1]["memory_bytes"].as_u64().unwrap() >= 384 << 20);
    let address = objects[3]["bootstrap_servers"].as_str().unwrap();
    assert_ne!(address, learner.stage.bootstrap(), "a block of its own");

    let verdicts: Vec<&Value> = objects.iter().filter(|o| o["event"] == "verdicts").collect();
    let told = |report: &Value| (report["points"].clone(), report["passed"].clone());
    assert_eq!(verdicts.len(), 2);
    assert_eq!(told(verdicts[0]), (json!(0), json!(false)));
    assert_eq!(told(verdicts[1]), (json!(10), json!(true)));
    let commands: Vec<&str> = objects.iter().filter_map(|o| o["command"].as_str()).collect();
    for words in ["--create", "--partitions 5", "--partitions 2", "lab answer", "--delete"] {
        assert!(commands.iter().any(|command| command.contains(words)), "{words}: {commands:?}");
    }
    assert!(commands[0].contains(address), "as the shell runs it: {commands:?}");
    let printed = |line: &str| objects.iter().any(|o| o["line"] == line);
    assert!(printed("Created topic quickstart-events."), "{objects:?}");
    let result = objects.last().unwrap();
    assert_eq!(
        (&result["event"], &result["failed_before"], &result["passed_after"], &result["engine"]),
        (&json!("result"), &json!(true), &json!(true), &json!(engine.name()))
    );
    learner.nothing_is_left(&tour);
    assert_eq!(learner.standing(), before);
    assert_eq!(learner.stage.check(1).1, 0);
}

pub fn a_tour_that_is_called_off_at_any_moment_leaves_nothing(engine: EngineKind) {
    let learner = Learner::at_work(engine);
    let before = learner.standing();
    for (signal, event, step) in [
        (Signal::INT, "begin", Value::Null),
        (Signal::HUP, "step", json!("cluster")),
        (Signal::TERM, "ready", Value::Null),
        (Signal::INT, "command", Value::Null),
        (Signal::INT, "printed", Value::Null),
    ] {
        let mut tour = learner.tour();
        tour.up_to(event, &step);
        tour.signal(signal);
        let (rest, code) = tour.end();
        let last = rest.last().unwrap();
        assert_eq!((code, &last["error"]["code"]), (Some(1), &json!("cancelled")), "{rest:?}");
        learner.nothing_is_left(&tour);
    }
    // The last step may be over before the signal is seen.
    let mut tour = learner.tour();
    tour.up_to("step", &json!("after"));
    tour.signal(Signal::INT);
    tour.end();
    learner.nothing_is_left(&tour);
    // A second Ctrl-C does not cut the tidying up short.
    let mut tour = learner.tour();
    tour.up_to("command", &Value::Null);
    tour.signal(Signal::INT);
    tour.up_to("step", &json!("down"));
    tour.signal(Signal::INT);
    assert_eq!(tour.end().1, Some(1));
    learner.nothing_is_left(&tour);
    assert_eq!(learner.standing(), before);
}

pub fn what_a_tour_that_was_killed_has_left_is_found_and_cured(engine: EngineKind) {
    let learner = Learner::at_work(engine);
    let mut tour = learner.tour();
    tour.up_to("command", &Value::Null);
    tour.signal(Signal::KILL);
    tour.child.wait().unwrap();
    let found = learner.stage.json(&["doctor"], 0);
    let findings = found["findings"].as_array().unwrap();
    let left = findings.iter().find(|finding| finding["id"] == "left-home");
    let cure = left.unwrap_or_else(|| panic!("{found}"))["hint"].as_str().unwrap();

    let path = std::env::var("PATH").unwrap();
    let folder = program().parent().unwrap().display();
    let mut sh = learner.stage.command("sh".as_ref(), &["-c", cure]);
    sh.env("PATH", format!("{folder}:{path}"));
    crate::program::finish(sh, b"").exits(0);
    // A tool of the solution's may take a moment to notice that its cluster is gone.
    until("nothing runs of the tour", || processes(tour.paths.home()).is_empty().then_some(()));
    learner.nothing_is_left(&tour);
    let found = learner.stage.json(&["doctor"], 0);
    let mut findings = found["findings"].as_array().unwrap().iter();
    assert!(findings.any(|finding| finding["id"] == "leftovers"), "{found}");
}
