//! What a learner is told of a Java that does not fit.

use std::io;
use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;

use super::JavaError;
use crate::engine::cancelled;
use crate::phrase;
use crate::phrase::Phrase;
use crate::printable;
use crate::problem::{Explain, Problem};

impl Explain for JavaError {
    fn problem(&self) -> Problem {
        match self {
            Self::Missing { java_home } => {
                Problem::new("no-java", missing(java_home.as_deref()), hint())
            }
            Self::Mute { program, why } => {
                let program = program.display();
                let Phrase { en, zh } = why;
                let message = phrase!("{program} {en}", "{program} {zh}");
                Problem::new("no-java", message, hint())
            }
            Self::Cancelled => cancelled(),
            Self::Unfit { program, found, kafka, oldest, newest } => {
                let program = program.display();
                Problem::new(
                    "wrong-java",
                    phrase!(
                        "Kafka {kafka} runs on Java {oldest} to {newest}; {program} is {found}",
                        "Kafka {kafka} 需要 Java {oldest} 到 {newest}；{program} 是 {found}"
                    ),
                    hint(),
                )
            }
        }
    }
}

fn hint() -> Phrase {
    phrase!(
        "install a Java runtime (17 to 25), or point JAVA_HOME at one; or start Docker, which needs no Java",
        "安装 Java 运行时（17 到 25），或让 JAVA_HOME 指向它；也可以启动 Docker，那样就不需要 Java"
    )
}

fn missing(java_home: Option<&Path>) -> Phrase {
    let Some(home) = java_home.map(Path::display) else {
        return phrase!(
            "there is no `java` on PATH, and JAVA_HOME is not set",
            "PATH 上没有 `java`，也没有设置 JAVA_HOME"
        );
    };
    phrase!(
        "there is no `java` on PATH, and JAVA_HOME is {home}, where there is no bin/java",
        "PATH 上没有 `java`；JAVA_HOME 是 {home}，那里没有 bin/java"
    )
}

pub(super) fn not_run(e: &io::Error) -> Phrase {
    phrase!("cannot be run: {e}", "无法运行：{e}")
}

pub(super) fn silent(limit: Duration) -> Phrase {
    let seconds = limit.as_secs();
    phrase!("has not said its version within {seconds} s", "在 {seconds} 秒内没有报告自己的版本")
}

pub(super) fn failed(status: ExitStatus, lines: &[String]) -> Phrase {
    let words = first_of(lines);
    phrase!(
        "was asked for its version and ended with {status}: {words}",
        "在报告版本时失败（{status}）：{words}"
    )
}

pub(super) fn no_version(lines: &[String]) -> Phrase {
    let words = first_of(lines);
    phrase!("does not say its version, it says: {words}", "没有报告自己的版本，只输出：{words}")
}

fn first_of(lines: &[String]) -> String {
    let first = lines.iter().map(|line| line.trim()).find(|line| !line.is_empty());
    printable::name(first.unwrap_or("-"))
}
