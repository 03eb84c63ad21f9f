//! What can go wrong between this program and the container engine.

use std::io;
use std::time::Duration;

use thiserror::Error;

use crate::engine::ports;
use crate::phrase;
use crate::printable;
use crate::problem::{Explain, Problem};

/// Docker could not be asked, or refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DockerError {
    /// There is no `docker` on PATH.
    #[error("there is no `docker` on PATH")]
    Missing,
    /// The command line is there, its engine does not answer.
    #[error("the container engine does not answer: {words}")]
    Down {
        /// What `docker` said.
        words: String,
    },
    /// No answer in time.
    #[error("no answer within {} s", .limit.as_secs())]
    Silent {
        /// How long was waited.
        limit: Duration,
    },
    /// `docker compose` is missing or too old.
    #[error("`docker compose` is not version 2: {words}")]
    NoCompose {
        /// What `docker` said, or the version that is too old.
        words: String,
        /// Whether there is one, which is too old.
        too_old: bool,
    },
    /// An image is neither here nor to be had.
    #[error("image {image} is not to be had: {words}")]
    NoImage {
        /// The image.
        image: String,
        /// What `docker` said.
        words: String,
    },
    /// A port that is to be published is taken.
    #[error("a port is taken: {words}")]
    PortBusy {
        /// What `docker` said, or the address.
        words: String,
    },
    /// Docker refused for a reason of its own.
    #[error("docker: {words}")]
    Refused {
        /// What `docker` said.
        words: String,
    },
}

/// How `docker` says that it does not reach an engine; the words differ by version.
const DOWN: [&str; 4] = [
    "Cannot connect to the Docker daemon",
    "failed to connect to the docker API",
    "permission denied while trying to connect",
    "error during connect",
];

/// More of what `docker` says helps nobody, in characters.
const WORDS: usize = 400;

/// How an engine says that a port cannot be published.
const PORT_BUSY: [&str; 3] =
    ["port is already allocated", "address already in use", "ports are not available"];

impl DockerError {
    /// What standard error of a failed `docker` amounts to.
    pub fn said(text: &str) -> Self {
        let words = words_of(text);
        let any = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
        if any(&DOWN) {
            Self::Down { words }
        } else if any(&PORT_BUSY) {
            Self::PortBusy { words }
        } else {
            Self::Refused { words }
        }
    }

    /// `docker` itself could not be run.
    #[expect(clippy::needless_pass_by_value, reason = "handed to `map_err`")]
    pub fn not_run(e: io::Error) -> Self {
        Self::Refused { words: e.to_string() }
    }

    /// The words of `docker`, as far as it has said any.
    pub fn into_words(self) -> String {
        match self {
            Self::Down { words }
            | Self::NoCompose { words, .. }
            | Self::NoImage { words, .. }
            | Self::PortBusy { words }
            | Self::Refused { words } => words,
            Self::Missing | Self::Silent { .. } => self.to_string(),
        }
    }

    /// Whether the engine is out of reach, so that nothing can be said of its containers.
    pub const fn is_out_of_reach(&self) -> bool {
        matches!(self, Self::Missing | Self::Down { .. } | Self::Silent { .. })
    }
}

/// The line that says most, made harmless: the last one that calls itself an error, else the last;
/// the first where `docker` does not know the command and goes on to its help.
fn words_of(text: &str) -> String {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let error = lines().rfind(|line| line.to_ascii_lowercase().contains("error"));
    let other = if text.contains("docker --help'") { lines().next() } else { lines().next_back() };
    harmless(error.or(other).unwrap_or("-"))
}

/// Words of `docker`, as many as help, without what a terminal would act on.
pub(super) fn harmless(words: &str) -> String {
    let mut shown = printable::line(&words.chars().take(WORDS).collect::<String>());
    if words.chars().nth(WORDS).is_some() {
        shown.push('…');
    }
    shown
}

impl Explain for DockerError {
    fn problem(&self) -> Problem {
        match self {
            Self::Missing => Problem::new(
                "docker-missing",
                phrase!("there is no `docker` on PATH", "PATH 上找不到 `docker`"),
                phrase!(
                    "install Docker Engine or Docker Desktop; or start the lab with --engine jvm, which needs only Java",
                    "安装 Docker Engine 或 Docker Desktop；或用 --engine jvm 开始实验，它只需要 Java"
                ),
            ),
            Self::Down { words } => Problem::new(
                "docker-down",
                phrase!(
                    "the container engine does not answer: {words}",
                    "容器引擎没有响应：{words}"
                ),
                phrase!(
                    "start it (Docker Desktop, or: sudo systemctl start docker), check that `docker ps` works for you; or start the lab with --engine jvm",
                    "启动它（Docker Desktop，或 sudo systemctl start docker），确认 `docker ps` 可用；或用 --engine jvm 开始实验"
                ),
            ),
            Self::Silent { limit } => {
                let seconds = limit.as_secs();
                Problem::new(
                    "docker-silent",
                    phrase!(
                        "the container engine has not answered within {seconds} s",
                        "容器引擎在 {seconds} 秒内没有响应"
                    ),
                    phrase!(
                        "see whether `docker ps` answers, restart the engine; or start the lab with --engine jvm",
                        "看看 `docker ps` 是否有响应，重启引擎；或用 --engine jvm 开始实验"
                    ),
                )
            }
            Self::NoCompose { words, .. } => Problem::new(
                "compose-missing",
                phrase!(
                    "`docker compose` 2.24.4 or later is needed, found: {words}",
                    "需要 `docker compose` 2.24.4 或更新的版本，实际：{words}"
                ),
                phrase!(
                    "install the Compose plugin (docker-compose-plugin); or start the lab with --engine jvm",
                    "安装 Compose 插件（docker-compose-plugin）；或用 --engine jvm 开始实验"
                ),
            ),
            Self::NoImage { image, words } => {
                let image = harmless(image);
                Problem::new(
                    "image-missing",
                    phrase!(
                        "the image {image} is not on this machine and cannot be fetched: {words}",
                        "本机没有镜像 {image}，也无法获取：{words}"
                    ),
                    phrase!(
                        "check that the registry can be reached, or name an image that is here with KAFKA_IMAGE (in ZooKeeper mode KAFKA_ZOOKEEPER_IMAGE); or start the lab with --engine jvm",
                        "确认能访问镜像仓库，或用 KAFKA_IMAGE（ZooKeeper 模式用 KAFKA_ZOOKEEPER_IMAGE）指定本机已有的镜像；或用 --engine jvm 开始实验"
                    ),
                )
            }
            Self::PortBusy { words } => Problem::new(
                ports::BUSY,
                phrase!("another program holds a port: {words}", "端口被其他程序占用：{words}"),
                phrase!(
                    "see who it is: ss -ltnp; or choose other ports with KAFKA_WORKBOOK_PORT_BASE",
                    "查看占用者：ss -ltnp；或用 KAFKA_WORKBOOK_PORT_BASE 换一段端口"
                ),
            ),
            Self::Refused { words } => Problem::new(
                "docker-refused",
                phrase!("docker refuses: {words}", "docker 拒绝执行：{words}"),
                phrase!(
                    "fix what it names; to begin anew: kafka-workbook env down --all",
                    "改正它指出的问题；要从头来过：kafka-workbook env down --all"
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_out_of_reach_is_told_from_one_that_refuses() {
        let down = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
        assert!(DockerError::said(down).is_out_of_reach());
        let denied = "permission denied while trying to connect to the Docker daemon socket";
        assert_eq!(DockerError::said(denied).problem().code, "docker-down");
        for refused in [
            "Error response from daemon: No such container: x",
            // The engine answers; it is the registry that does not.
            "Error response from daemon: Get \"https://registry.example/v2/\": context deadline exceeded",
        ] {
            assert!(!DockerError::said(refused).is_out_of_reach(), "{refused}");
        }
    }

    #[test]
    fn a_busy_port_is_named_in_dockers_own_words_without_escapes() {
        let text = " Container k  Starting\nError response from daemon: failed to set up container networking: Bind for 127.0.0.1:9092 failed: port is already allocated\u{1b}[2J\n";
        let DockerError::PortBusy { words } = DockerError::said(text) else {
            panic!("{:?}", DockerError::said(text))
        };
        assert!(words.contains("127.0.0.1:9092"), "{words}");
        assert!(!words.contains('\u{1b}'), "{words}");
    }

    #[test]
    fn an_unknown_command_is_told_by_its_name_and_not_by_the_help_that_follows() {
        let text = "docker: 'compose' is not a docker command.\nSee 'docker --help'\n";
        let words = "docker: 'compose' is not a docker command.".to_owned();
        assert_eq!(DockerError::said(text), DockerError::Refused { words });
    }

    #[test]
    fn words_without_end_are_cut() {
        let DockerError::Refused { words } = DockerError::said(&"x".repeat(10_000)) else {
            panic!()
        };
        assert!(words.chars().count() <= WORDS + 1 && words.ends_with('…'), "{words}");
    }

    #[test]
    fn silence_on_standard_error_is_said_too() {
        assert_eq!(DockerError::said(" \n"), DockerError::Refused { words: "-".to_owned() });
    }
}
