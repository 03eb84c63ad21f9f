//! The course as its authors meet it: a small good one, and a gallery of broken ones.

mod embedded;
mod gallery;
mod good;
mod lessons;
mod robust;
mod rules;

use std::borrow::Cow;

use super::check::check;
use super::source::Files;
use super::{Course, CourseError};
use crate::problem::Explain;

/// A course of one day with a lesson and a lab that keeps every rule, as path and text.
pub(super) const GOOD: &[(&str, &str)] = &[
    ("lessons/course.toml", COURSE_TOML),
    ("lessons/course.en.md", COURSE_EN),
    ("lessons/course.zh.md", COURSE_ZH),
    ("compose/one-node.yaml", "services: {}\n"),
    (LESSON, LESSON_TOML),
    (LESSON_EN, include_str!("lesson.en.md")),
    (LESSON_ZH, include_str!("lesson.zh.md")),
    (LAB, LAB_TOML),
    (TASK_EN, include_str!("task.en.md")),
    (TASK_ZH, include_str!("task.zh.md")),
    ("labs/D01-1-grow/starter/notes/.keep", "# notes\n"),
    ("labs/D01-1-grow/attempts/answer/attempt.toml", PASSED),
    ("labs/D01-1-grow/attempts/answer/run", "#!/bin/sh\n./create.sh\n"),
    ("labs/D01-1-grow/attempts/answer/create.sh", "kafka-topics.sh --create\n"),
    ("labs/D01-1-grow/attempts/hints/attempt.toml", HINTS),
    ("labs/D01-1-grow/attempts/nothing/attempt.toml", NOTHING),
    ("labs/D01-1-grow/attempts/starter/attempt.toml", STARTER),
    (AT_ONCE, AT_ONCE_TOML),
    ("labs/D01-1-grow/attempts/at-once/run", "#!/bin/sh\n"),
    ("labs/D01-1-grow/attempts/too-far/attempt.toml", TOO_FAR_TOML),
    ("labs/D01-1-grow/attempts/too-far/run", "#!/bin/sh\n"),
    ("labs/D01-1-grow/attempts/wrong-error/attempt.toml", WRONG_ERROR_TOML),
    ("labs/D01-1-grow/attempts/wrong-error/run", "#!/bin/sh\n"),
];

pub(super) const LESSON: &str = "lessons/day-01/lesson.toml";
pub(super) const LESSON_EN: &str = "lessons/day-01/en.md";
pub(super) const LESSON_ZH: &str = "lessons/day-01/zh.md";
pub(super) const LAB: &str = "labs/D01-1-grow/lab.toml";
pub(super) const TASK_EN: &str = "labs/D01-1-grow/task.en.md";
pub(super) const TASK_ZH: &str = "labs/D01-1-grow/task.zh.md";
pub(super) const AT_ONCE: &str = "labs/D01-1-grow/attempts/at-once/attempt.toml";

pub(super) const COURSE_TOML: &str = r#"schema = 1
id = "kafka"

[[days]]
number = 1
labs = ["D01-1"]
"#;

const COURSE_EN: &str = "# title\nKafka\n\n# day 1\nFoundations\n\nLogs and readers.\n";
const COURSE_ZH: &str = "# title\nKafka 入门\n\n# day 1\n基础\n\n日志与读者。\n";

pub(super) const LESSON_TOML: &str = r#"schema = 1
environment = "one-node"

[[seed.topics]]
name = "orders"
partitions = 3
replication_factor = 1
records = 12
"#;

pub(super) const LAB_TOML: &str = r#"schema = 1
id = "D01-1"
minutes = 15
environment = "one-node"

[[seed.topics]]
name = "old"
partitions = 1
replication_factor = 1

[[fields]]
id = "error"
type = "text"
example = "UNKNOWN_TOPIC_OR_PARTITION"

[[checks]]
id = "exists"
points = 3
kind = "topic"
topic = "events"
partitions = 5
replication_factor = 1

[[checks]]
id = "grown"
points = 3
needs = ["exists"]
kind = "topic-history"
topic = "events"
created_with = 3
grown_to = 5

[[checks]]
id = "error"
points = 2
kind = "error-name"
field = "error"
code = 37
"#;

const PASSED: &str = r#"schema = 1
kind = "solution"
[checks.exists]
verdict = "passed"
points = 3
[checks.grown]
verdict = "passed"
points = 3
[checks.error]
verdict = "passed"
points = 2
[on.attach.checks.grown]
verdict = "blocked"
points = 0
"#;

const HINTS: &str = r#"schema = 1
kind = "hints"
checks.exists = { verdict = "passed", points = 3 }
checks.grown = { verdict = "passed", points = 3 }
checks.error = { verdict = "passed", points = 2 }
"#;

const NOTHING: &str = r#"schema = 1
kind = "untouched"
checks.exists = { verdict = "failed", points = 0 }
checks.grown = { verdict = "blocked", points = 0 }
checks.error = { verdict = "failed", points = 0 }
"#;

const STARTER: &str = r#"schema = 1
kind = "starter"
checks.exists = { verdict = "failed", points = 0 }
checks.grown = { verdict = "blocked", points = 0 }
checks.error = { verdict = "failed", points = 0 }
"#;

pub(super) const AT_ONCE_TOML: &str = r#"schema = 1
kind = "mistake"
checks.exists = { verdict = "passed", points = 3 }
checks.grown = { verdict = "failed", points = 0, mistake = "created-at-once" }
checks.error = { verdict = "passed", points = 2 }
[on.jvm.checks.grown]
verdict = "failed"
points = 0
mistake = "made-again"
"#;

const TOO_FAR_TOML: &str = r#"schema = 1
kind = "mistake"
checks.exists = { verdict = "failed", points = 0, mistake = "grown-too-far" }
checks.grown = { verdict = "blocked", points = 0 }
checks.error = { verdict = "passed", points = 2 }
[on.jvm.checks.exists]
verdict = "failed"
points = 0
mistake = "name-differs"
"#;

const WRONG_ERROR_TOML: &str = r#"schema = 1
kind = "mistake"
checks.exists = { verdict = "passed", points = 3 }
checks.grown = { verdict = "passed", points = 3 }
checks.error = { verdict = "failed", points = 0, mistake = "another-error" }
"#;

/// The good course with one file put in the place of another, or added.
pub(super) fn with(path: &str, text: impl AsRef<[u8]>) -> Files {
    changed(&[(path, Some(text.as_ref()))])
}

/// The good course with files put in or taken out.
pub(super) fn changed(changes: &[(&str, Option<&[u8]>)]) -> Files {
    let kept = GOOD.iter().filter(|(path, _)| !changes.iter().any(|(other, _)| other == path));
    let kept = kept.map(|(path, text)| (*path, Cow::Borrowed(text.as_bytes())));
    let put = changes
        .iter()
        .filter_map(|(path, text)| Some((*path, Cow::Owned(text.as_ref()?.to_vec()))));
    Files::of(kept.chain(put))
}

pub(super) fn good() -> Course {
    Course::read(&changed(&[])).unwrap()
}

/// Code and place of each fault: `file:line:column code`, the file without its folder.
pub(super) fn told(errors: &[CourseError]) -> Vec<String> {
    errors
        .iter()
        .map(|error| {
            let place = error.place().to_string();
            let (_, place) = place.rsplit_once('/').unwrap();
            format!("{place} {}", error.code())
        })
        .collect()
}

/// What loading refuses.
pub(super) fn refused(files: &Files) -> Vec<String> {
    told(&Course::read(files).unwrap_err())
}

/// What the rules say of a course that loads.
pub(super) fn broken(files: &Files) -> Vec<String> {
    let course = Course::read(files).unwrap_or_else(|errors| panic!("{:#?}", told(&errors)));
    told(&check(&course))
}

/// The message of the only fault in both languages, with its hint.
pub(super) fn message(files: &Files) -> [String; 4] {
    let errors = Course::read(files).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    let problem = errors[0].problem();
    [problem.message.en, problem.message.zh, problem.hint.en, problem.hint.zh]
}
