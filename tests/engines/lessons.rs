//! The gate's half that runs lessons, on lessons that are right and wrong by design.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::paths::Paths;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::program;
use crate::stage::{COMPOSE_FILE, ENVIRONMENT, Stage, labelled, processes, until};

const SEED: &str = "[[seed.topics]]
name = \"orders\"
partitions = 2
replication_factor = 1
records = 3
";

const RIGHT: &str = "# Look {#look}

```console run
$ ls
$ kafka-topics.sh --bootstrap-server {bootstrap} \\
    --describe --topic orders
Topic: orders  TopicId: …  PartitionCount: 2  …
…
$ sleep 600 & echo $! > pid
$ echo $BOOTSTRAP_SERVERS > servers; echo controllers at {controller}
controllers at 127.…:…
```

```console interactive
$ kafka-console-consumer.sh --bootstrap-server {bootstrap} --topic orders
```

# Ask for too much {#ask}

What one block has written and started is there in the next.

```console run exit=1
$ kill $(cat pid)
$ cat servers; pwd
{bootstrap}
…/workspaces/day-01
$ kafka-topics.sh --bootstrap-server {bootstrap} --alter --topic orders --partitions 1 2>/dev/null
Error while executing topic command : …
```
";

const WRONG: &str = "# One {#one}

```console run
$ kafka-topics.sh --bootstrap-server {bootstrap} --list
customers
$ printf 'a\\nb\\n'
a
$ printf 'c\\n'
c

d
```

```console run
$ kafka-topics.sh --bootstrap-server {bootstrap} --delete --topic customers 2>/dev/null
Error while executing topic command : Topic 'customers' does not exist as expected
$ echo never
```

```console run
$ echo never
```
";

/// A course of one day whose lesson is this text in both languages.
fn course(lesson: &str) -> TempDir {
    let course = tempfile::tempdir().unwrap();
    let setting = format!("schema = 1\nenvironment = \"{ENVIRONMENT}\"\n\n{SEED}");
    let outline = "schema = 1\nid = \"one-day\"\n\n[[days]]\nnumber = 1\nlabs = []\n";
    let texts = "# title\nOne day\n# day 1\nThe day\n";
    let compose = fs::read_to_string(COMPOSE_FILE).unwrap();
    for (path, text) in [
        ("lessons/course.toml", outline),
        ("lessons/course.en.md", texts),
        ("lessons/course.zh.md", texts),
        ("lessons/day-01/lesson.toml", &setting),
        ("lessons/day-01/en.md", lesson),
        ("lessons/day-01/zh.md", lesson),
        (&format!("compose/{ENVIRONMENT}.yaml"), &compose),
    ] {
        let path = course.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    course
}

/// What the gate says of the only lesson of a course, in each of its runs.
#[track_caller]
fn verified(stage: &Stage, course: &Path, repeat: &str, code: i32) -> Vec<Value> {
    let words = ["course", "verify", "--live", "day-01", "--timeout", "120", "--repeat", repeat];
    let rest = ["--engine", stage.engine.name(), "--course", course.to_str().unwrap()];
    let report = stage.json(&[&words[..], &rest].concat(), code);
    assert_eq!(report["runs"], json!([]));
    report["lessons"].as_array().unwrap().clone()
}

pub fn a_lesson_that_shows_what_kafka_prints_holds(engine: EngineKind) {
    let stage = Stage::new(engine);
    let course = course(RIGHT);
    // Twice: nothing of the first run is there in the second.
    let lessons = verified(&stage, course.path(), "2", 0);
    assert_eq!(lessons.len(), 2);
    for lesson in lessons {
        assert_eq!(
            (&lesson["lesson"], &lesson["engine"], &lesson["blocks"], &lesson["differences"]),
            (&json!("day-01"), &json!(engine.name()), &json!(2), &json!([]))
        );
    }
    assert!(stage.events().is_empty(), "the learner's progress is not touched");
}

pub fn what_a_lesson_shows_and_kafka_does_not_is_told_at_its_line(engine: EngineKind) {
    let stage = Stage::new(engine);
    let course = course(WRONG);
    let lesson = verified(&stage, course.path(), "1", 1).remove(0);
    let file = course.path().join("lessons/day-01/en.md");
    let expected = [
        (5, "`customers`, found `orders`"),
        (7, "nothing more, found `b`"),
        (11, "`d`, found nothing more"),
        (
            15,
            "exit code 0, found exit code 1: \
            Error while executing topic command : Topic 'customers' does not exist as expected",
        ),
    ];
    let expected: Vec<String> = expected
        .iter()
        .map(|(line, told)| format!("{}:{line}:1: expected {told}", file.display()))
        .collect();
    assert_eq!(lesson["differences"], json!(expected));
    assert_eq!(lesson["blocks"], 2, "what follows a block that went wrong is not run");
}

pub fn a_gate_that_is_called_off_in_a_lesson_leaves_nothing(engine: EngineKind) {
    let stage = Stage::new(engine);
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let lesson =
        format!("# A {{#a}}\n\n```console run\n$ touch {}; sleep 600\n```\n", mark.display());
    let course = course(&lesson);
    let words = ["--json", "course", "verify", "--live", "--engine", engine.name(), "--course"];
    let words = [&words[..], &[course.path().to_str().unwrap()]].concat();
    let mut command = stage.command(program(), &words);
    // Where the gate has its home.
    command.env("TMPDIR", folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    until("the block runs", || mark.exists().then_some(()));
    let home = folder.path().join(format!("kafka-workbook-aside-{}", child.id()));
    let paths = Paths::at(&home, stage.paths().cache());
    assert!(!processes(&home).is_empty() && home.exists());

    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    let output = child.wait_with_output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &said["error"]["code"]), (Some(1), &json!("cancelled")));
    assert_eq!((processes(&home), home.exists()), (vec![], false));
    if engine == EngineKind::Containers {
        assert_eq!(labelled(&paths, &["ps", "--all", "--quiet"]), Vec::<String>::new());
    }
}
