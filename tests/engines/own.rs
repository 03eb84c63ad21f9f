//! A course of one lab whose program is the test's own, and what hosts it.

use std::fs;
use std::io::Read;
use std::ops::Deref;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use kafka_workbook::engine::cluster::EngineKind;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Home, Ran, program};
use crate::shell::lines_of;
use crate::stage::{COMPOSE_FILE, ENVIRONMENT, Stage, until};

/// The lab.
pub const OWN: &str = "D01-9";

/// How long one line may be waited for.
const DEADLINE: Duration = Duration::from_mins(1);

const LAB_TOML: &str = r#"
[[seed.topics]]
name = "events"
partitions = 2
replication_factor = 1

[[values]]
name = "TOPIC"
text = "events"

[[values]]
name = "KEYS"
keys = 10
prefix = "key-"
partitions = 2

[[fields]]
id = "histogram"
type = "text"
example = "1,2"

[[checks]]
id = "records"
points = 2
kind = "record-count"
topic = "events"
count = 6

[[checks]]
id = "committed"
points = 2
kind = "group-committed"
topic = "events"
group = "readers"

[[checks]]
id = "histogram"
points = 1
kind = "partition-counts"
topic = "events"
field = "histogram"
"#;

/// A start that is over when the program ends, within some seconds.
pub fn until_exit(argument: &str, seconds: u32) -> String {
    format!("[[run]]\narguments = [\"{argument}\"]\nuntil = \"exit\"\nseconds = {seconds}\n")
}

/// A start that is over when the group has read the topic.
pub fn until_committed(arguments: &str) -> String {
    format!(
        "[[run]]\narguments = {arguments}\nuntil = \"committed\"\ngroup = \"readers\"\n\
        topic = \"events\"\nseconds = 60\n"
    )
}

/// The lab's texts, the same in both languages.
fn texts() -> String {
    let check = |id: &str| {
        let hints = [1, 2, 3].map(|tier| format!("# hint {id} {tier}\nHint.\n")).concat();
        format!("# check {id}\nthe check {id}\n{hints}")
    };
    let mistake = |id: &str| format!("# mistake {id}\nMistake.\n");
    let mistakes = [
        "too-few-records",
        "too-many-records",
        "another-group",
        "committed-short",
        "no-member",
        "other-counts",
    ];
    let head = "# title\nOwn\n# task\nDo it.\n# field histogram\nNumbers.\n";
    let checks = ["records", "committed", "histogram"].map(check).concat();
    [head, &checks, &mistakes.map(mistake).concat()].concat()
}

fn course(starts: &[String]) -> TempDir {
    let course = tempfile::tempdir().unwrap();
    let head =
        format!("schema = 1\nid = \"{OWN}\"\nminutes = 5\nenvironment = \"{ENVIRONMENT}\"\n");
    let outline = format!("schema = 1\nid = \"own\"\n\n[[days]]\nnumber = 1\nlabs = [\"{OWN}\"]\n");
    let titles = "# title\nOwn\n# day 1\nThe day\n";
    let compose = fs::read_to_string(COMPOSE_FILE).unwrap();
    for (path, text) in [
        ("lessons/course.toml", outline.as_str()),
        ("lessons/course.en.md", titles),
        ("lessons/course.zh.md", titles),
        ("labs/D01-9-own/lab.toml", &format!("{head}{LAB_TOML}\n{}", starts.join("\n"))),
        ("labs/D01-9-own/task.en.md", &texts()),
        ("labs/D01-9-own/task.zh.md", &texts()),
        (&format!("compose/{ENVIRONMENT}.yaml"), &compose),
    ] {
        let path = course.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    course
}

/// A stage with the lab.
pub struct Own {
    stage: Stage,
    _course: TempDir,
}

impl Deref for Own {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.stage
    }
}

impl Own {
    /// The lab with these starts, running.
    #[track_caller]
    pub fn started(engine: EngineKind, starts: &[String]) -> Self {
        let course = course(starts);
        let home = Home::new().with("KAFKA_WORKBOOK_COURSE", course.path());
        let own = Self { stage: Stage::in_home(engine, home), _course: course };
        own.again();
        own
    }

    /// Starts the lab anew.
    #[track_caller]
    pub fn again(&self) -> Value {
        let words = ["lab", "start", OWN, "--engine", self.engine.name(), "--timeout", "120"];
        self.json(&words, 0)
    }

    /// Where the learner's files are.
    pub fn workspace(&self) -> PathBuf {
        self.path().join("workspaces").join(OWN)
    }

    /// Makes the program of this script.
    pub fn program(&self, script: &str) {
        self.file("run", script, 0o755);
    }

    /// Writes a file of the workspace.
    pub fn file(&self, name: &str, text: &str, mode: u32) {
        let path = self.workspace().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Types an answer.
    #[track_caller]
    pub fn answer(&self, text: &str) {
        self.json(&["lab", "answer", OWN, "histogram", text], 0);
    }

    /// `lab watch` or `lab run`, in a process group of its own as in a terminal.
    pub fn host(&self, command: &str) -> Hosted {
        let mut command = self.command(program(), &["--json", "lab", command, OWN]);
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut err = child.stderr.take().unwrap();
        let (sender, told) = channel();
        std::thread::spawn(move || {
            let mut text = String::new();
            err.read_to_string(&mut text).unwrap();
            sender.send(text)
        });
        Hosted { lines: lines_of(&mut child), child, told }
    }

    /// Looks until nothing runs of this home but the node.
    #[track_caller]
    pub fn only_the_node_is_left(&self) {
        assert_eq!(self.running().len(), 1, "{:?}", self.running());
        let words = crate::stage::processes(&self.workspace());
        assert_eq!(words, Vec::<u32>::new(), "processes of the workspace");
    }
}

/// A command that hosts the lab.
pub struct Hosted {
    child: Child,
    lines: Receiver<String>,
    told: Receiver<String>,
}

impl Hosted {
    /// The next object that it writes.
    #[track_caller]
    pub fn next(&self) -> Value {
        let line = self.lines.recv_timeout(DEADLINE).expect("a line within a minute");
        let object: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(object["schema"], 1, "{object}");
        object
    }

    /// The next words of [`what`], verdicts that come in between left out.
    #[track_caller]
    pub fn told(&self) -> String {
        loop {
            let object = self.next();
            if object["event"] != "verdicts" {
                return what(&object);
            }
        }
    }

    /// The next verdicts, by a word for each check.
    #[track_caller]
    pub fn verdicts(&self) -> Vec<String> {
        let object = self.next();
        assert_eq!((&object["event"], &object["lab"]), (&json!("verdicts"), &json!(OWN)));
        words(&object)
    }

    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// A signal for the process alone.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Ctrl-C in a terminal: for the process and all that share its group.
    pub fn ctrl_c(&self) {
        kill_process_group(self.pid(), Signal::INT).unwrap();
    }

    /// Waits for its end: the exit code, the lines that were not read yet, standard error.
    #[track_caller]
    pub fn end(mut self) -> Ran {
        let status = until("it has ended", || self.child.try_wait().unwrap());
        // A process that it has left behind would hold on to the pipe.
        let err = self.told.recv_timeout(DEADLINE).expect("nobody else writes to its output");
        let out: Vec<String> = self.lines.iter().collect();
        Ran { code: status.code(), out: out.join("\n"), err }
    }
}

/// A word for each check.
pub fn words(report: &Value) -> Vec<String> {
    let word = |check: &Value| check["verdict"].as_str().unwrap().to_owned();
    report["checks"].as_array().unwrap().iter().map(word).collect()
}

/// An object in short: `started produce`, `stopping done`, `ended 0`, `result 5`, `error CODE`.
pub fn what(object: &Value) -> String {
    if let Some(code) = object["error"]["code"].as_str() {
        return format!("error {code}");
    }
    if object["event"] == "result" {
        return format!("result {}", object["points"]);
    }
    assert_eq!(object["event"], "program", "{object}");
    match object["state"].as_str().unwrap() {
        "started" => format!("started {}", object["arguments"][0].as_str().unwrap()),
        "stopping" => format!("stopping {}", object["reason"].as_str().unwrap()),
        "ended" if object["signal"].is_null() => format!("ended {}", object["exit_code"]),
        "ended" => format!("ended by {}", object["signal"]),
        state => state.to_owned(),
    }
}
