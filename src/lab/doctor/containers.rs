//! The container engine: whether it answers, Compose, the images.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use tokio::net::UnixStream;
use tokio::time::timeout;

use super::engines::Offer;
use super::{Finding, Level, Subject};
use crate::engine::choose::PATIENCE;
use crate::engine::containers::error::DockerError;
use crate::engine::containers::leftovers::Leftover;
use crate::engine::containers::{self as engine, Versions};
use crate::engine::environment::Environment;
use crate::engine::programs::find_program;
use crate::engine::store;
use crate::paths::Paths;
use crate::phrase::Phrase;
use crate::problem::{Explain as _, Problem};

/// How long a socket may take to let a caller in.
const DIAL: Duration = Duration::from_millis(300);

/// What was seen of the container engine.
#[derive(Debug)]
pub struct Containers {
    answer: Result<Versions, DockerError>,
    /// Why it does not answer, by the look of its socket.
    socket: Option<Socket>,
    /// An old Compose as a program of its own.
    stand_alone: Option<PathBuf>,
    /// The images that each environment lacks.
    images: Vec<(String, Result<Vec<String>, Problem>)>,
    room: Result<(), Problem>,
    left: Option<Vec<Leftover>>,
}

/// What is wrong with a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Socket {
    Missing,
    Refused,
    Forbidden,
}

impl Containers {
    /// Asks the engine, for two seconds at most.
    pub async fn look(paths: &Paths, environments: &[Environment]) -> Self {
        let containers = engine::Containers::new(paths.clone());
        let answer = containers.answers(PATIENCE).await;
        let mut seen = Self {
            socket: None,
            stand_alone: None,
            images: Vec::new(),
            room: containers.room(),
            left: None,
            answer,
        };
        match &seen.answer {
            Ok(_) => {
                let more = ask(&containers, paths, environments);
                match timeout(PATIENCE, more).await {
                    Ok((images, left)) => (seen.images, seen.left) = (images, left.ok()),
                    Err(_) => seen.answer = Err(DockerError::Silent { limit: PATIENCE }),
                }
            }
            Err(DockerError::Down { words }) => seen.socket = socket_in(words).await,
            Err(DockerError::NoCompose { too_old: false, .. }) => {
                seen.stand_alone = find_program("docker-compose");
            }
            Err(_) => {}
        }
        seen
    }

    /// What the engine has of this home that nothing is written down of; `None` where it could not
    /// be asked.
    pub fn left(&self) -> Option<&[Leftover]> {
        self.left.as_deref()
    }

    /// Whether there is a container engine to be asked at all.
    pub fn is_installed(&self) -> bool {
        !matches!(self.answer, Err(DockerError::Missing))
    }

    /// Whether this engine runs an environment, as far as it can be told without fetching anything.
    pub fn offer(&self, environment: &str) -> Offer {
        self.answer.as_ref().map_err(DockerError::problem)?;
        let images = self.images.iter().find(|(name, _)| name == environment);
        let missing = images.map_or(&Ok(Vec::new()), |(_, missing)| missing).clone()?;
        self.room.clone()?;
        Ok(missing.first().map(|image| text::to_pull(image)))
    }

    /// What there is to say, where what is lacking is this bad.
    pub fn findings(&self, lack: Level) -> Vec<Finding> {
        let versions = match &self.answer {
            Ok(versions) => versions,
            Err(e) => return vec![self.unanswered(e, lack)],
        };
        let mut findings = vec![Finding::ok("docker", Subject::Docker, text::answers(versions))];
        let mut here = Vec::new();
        let mut told = Vec::new();
        for (environment, missing) in &self.images {
            match missing {
                Ok(missing) if missing.is_empty() => here.push(environment.as_str()),
                Ok(missing) => told.extend(missing.iter().cloned()),
                Err(problem) => findings.push(Finding::of(problem.clone(), lack, Subject::Image)),
            }
        }
        told.sort();
        told.dedup();
        if !told.is_empty() {
            let lack = ("image-missing", Level::Note);
            findings.push(Finding::lack(lack, Subject::Image, text::missing(&told)));
        }
        if !here.is_empty() {
            findings.push(Finding::ok("image", Subject::Image, text::here(&here.join(", "))));
        }
        findings
    }

    fn unanswered(&self, e: &DockerError, lack: Level) -> Finding {
        let Problem { code, message, mut hint, .. } = e.problem();
        let id = match (e, self.socket) {
            (DockerError::Down { .. }, Some(Socket::Missing)) => "docker-socket-missing",
            (DockerError::Down { .. }, Some(Socket::Refused)) => "docker-connection-refused",
            (DockerError::Down { .. }, Some(Socket::Forbidden)) => {
                hint = text::join_group();
                "docker-permission-denied"
            }
            (DockerError::NoCompose { too_old: true, .. }, _) => "compose-too-old",
            (DockerError::NoCompose { .. }, _) if self.stand_alone.is_some() => "compose-v1",
            _ => code,
        };
        let message = match &self.stand_alone {
            Some(program) => text::with_stand_alone(&message, program),
            None => message,
        };
        Finding::lack((id, lack), Subject::Docker, (message, hint))
    }
}

type Images = Vec<(String, Result<Vec<String>, Problem>)>;

/// What an engine that answers is asked besides.
async fn ask(
    containers: &engine::Containers,
    paths: &Paths,
    environments: &[Environment],
) -> (Images, Result<Vec<Leftover>, DockerError>) {
    let written = store::read(paths);
    let known: Vec<&str> = written.iter().map(|cluster| cluster.environment.as_str()).collect();
    let images = environments
        .iter()
        .map(async |e: &Environment| (e.name.clone(), containers.missing_images(e).await));
    tokio::join!(futures::future::join_all(images), containers.unknown(&known))
}

/// Why nobody answers at the socket that `docker` names: it says `Is the docker daemon running?` of
/// very different things.
async fn socket_in(words: &str) -> Option<Socket> {
    if words.contains("permission denied") {
        return Some(Socket::Forbidden);
    }
    let (_, rest) = words.split_once("unix://")?;
    let path = rest.split([' ', ';', ':']).next()?.trim_end_matches(['.', ',', '"']);
    let dialled = timeout(DIAL, UnixStream::connect(path)).await.ok()?;
    match dialled.err()?.kind() {
        ErrorKind::NotFound => Some(Socket::Missing),
        ErrorKind::ConnectionRefused => Some(Socket::Refused),
        ErrorKind::PermissionDenied => Some(Socket::Forbidden),
        _ => None,
    }
}

mod text {
    use std::path::Path;

    use super::{Phrase, Versions};
    use crate::phrase;
    use crate::printable;

    pub fn answers(Versions { engine, compose }: &Versions) -> Phrase {
        phrase!(
            "the container engine {engine} answers, with Compose {compose}",
            "容器引擎 {engine} 有响应，Compose {compose}"
        )
    }

    pub fn here(environments: &str) -> Phrase {
        phrase!("on this machine for {environments}", "{environments} 所需的镜像都在本机")
    }

    pub fn missing(images: &[String]) -> (Phrase, Phrase) {
        let names: Vec<String> = images.iter().map(|image| printable::name(image)).collect();
        let pulls: Vec<String> = names.iter().map(|name| format!("docker pull {name}")).collect();
        let (names, pulls) = (names.join(", "), pulls.join(" && "));
        (
            phrase!(
                "not on this machine: {names}; the first start pulls what it needs, and whether it can be pulled was not tried",
                "不在本机：{names}；第一次启动时会拉取所需的镜像，能否拉取尚未尝试"
            ),
            phrase!(
                "{pulls}; or name one that is here with KAFKA_IMAGE (KAFKA_ZOOKEEPER_IMAGE for ZooKeeper mode)",
                "{pulls}；或用 KAFKA_IMAGE 指定本机已有的镜像（ZooKeeper 模式用 KAFKA_ZOOKEEPER_IMAGE）"
            ),
        )
    }

    pub fn to_pull(image: &str) -> Phrase {
        let image = printable::name(image);
        phrase!(
            "{image} has to be pulled first, which was not tried",
            "需要先拉取 {image}，能否拉取尚未尝试"
        )
    }

    pub fn join_group() -> Phrase {
        phrase!(
            "sudo usermod -aG docker $USER, then log in again; `docker ps` has to work without sudo",
            "执行 sudo usermod -aG docker $USER 后重新登录；`docker ps` 要能不加 sudo 运行"
        )
    }

    pub fn with_stand_alone(message: &Phrase, program: &Path) -> Phrase {
        let (Phrase { en, zh }, program) = (message, program.display());
        phrase!(
            "{en}; {program} is the old Compose, which does not do",
            "{zh}；{program} 是旧版 Compose，不能用"
        )
    }
}
