//! Reads znodes: what a cluster in `ZooKeeper` mode keeps of itself, and when it was written.
//!
//! Read only. A znode that is not there is an observation; whatever keeps a question from being
//! answered is an [`AskError`], within the deadline.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::net::{TcpStream, lookup_host};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};
use zookeeper_client::{Client, Error, Stat};

use super::ask::AskError;
use crate::printable;

/// How long a session outlives this program's connection; servers bound it by their own tick.
const SESSION: Duration = Duration::from_secs(6);

/// The znode that the active controller holds, for as long as it lives.
pub const CONTROLLER: &str = "/controller";

/// The parent of a znode a live broker.
pub const BROKER_IDS: &str = "/brokers/ids";

/// How many controllers there have been.
pub const CONTROLLER_EPOCH: &str = "/controller_epoch";

/// The znode that holds the cluster's id.
pub const CLUSTER_ID: &str = "/cluster/id";

/// The parent of a znode a topic.
pub const TOPICS: &str = "/brokers/topics";

/// The znode of a topic: its partitions and their replicas.
pub fn topic_znode(topic: &str) -> String {
    format!("{TOPICS}/{topic}")
}

/// A znode as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Znode {
    /// What it holds: any bytes that anybody wrote there, at most 1 MiB by the server's own limit.
    pub data: Vec<u8>,
    /// When and how often it was changed.
    pub stat: ZnodeStat,
}

/// The times of a znode (`ZooKeeper` programmer's guide, "Stat Structure"). A zxid is the number of
/// a change in the whole tree: of two changes the later one has the larger number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZnodeStat {
    /// The change that created it.
    pub czxid: i64,
    /// The last change of its data.
    pub mzxid: i64,
    /// When it was created, in ms since 1970 by the server's clock.
    pub ctime_ms: i64,
    /// When its data were last changed, likewise.
    pub mtime_ms: i64,
    /// How often its data were changed since it was created.
    pub version: i32,
}

impl From<Stat> for ZnodeStat {
    fn from(stat: Stat) -> Self {
        Self {
            czxid: stat.czxid,
            mzxid: stat.mzxid,
            ctime_ms: stat.ctime,
            mtime_ms: stat.mtime,
            version: stat.version,
        }
    }
}

impl Znode {
    /// A text that the data, a JSON object, have under a name.
    pub fn text(&self, name: &str) -> Option<String> {
        let value: serde_json::Value = serde_json::from_slice(&self.data).ok()?;
        value.get(name)?.as_str().map(str::to_owned)
    }

    /// A number that the data, a JSON object, have under a name.
    pub fn number(&self, name: &str) -> Option<i64> {
        let value: serde_json::Value = serde_json::from_slice(&self.data).ok()?;
        value.get(name)?.as_i64()
    }
}

/// Servers of one ensemble, and a session with one of them.
#[derive(Debug)]
pub struct ZooKeeper {
    servers: Vec<String>,
    patience: Duration,
    /// Made by the first question and kept; a new one is made where it broke.
    session: Mutex<Option<Client>>,
}

impl ZooKeeper {
    /// Servers at `host:port`, as seen from this machine. Every question is given up after
    /// `patience`. No I/O happens before the first question.
    pub fn new(servers: Vec<String>, patience: Duration) -> Self {
        Self { servers, patience, session: Mutex::default() }
    }

    /// A znode; `None` if there is none at this path.
    pub async fn read(&self, path: &str) -> Result<Option<Znode>, AskError> {
        let question = |client: Client| {
            let path = path.to_owned();
            async move {
                let (data, stat) = client.get_data(&path).await?;
                Ok(Znode { data, stat: stat.into() })
            }
            .boxed()
        };
        self.ask("getData", question).await
    }

    /// The names of a znode's children, sorted; `None` if there is no znode at this path.
    pub async fn children(&self, path: &str) -> Result<Option<Vec<String>>, AskError> {
        let question = |client: Client| {
            let path = path.to_owned();
            async move {
                let mut names = client.list_children(&path).await?;
                names.sort_unstable();
                Ok(names)
            }
            .boxed()
        };
        self.ask("getChildren", question).await
    }

    /// The broker id of the active controller; `None` while there is none.
    pub async fn controller(&self) -> Result<Option<i32>, AskError> {
        let Some(znode) = self.read(CONTROLLER).await? else { return Ok(None) };
        let id = znode.number("brokerid").and_then(|id| i32::try_from(id).ok());
        id.map(Some).ok_or_else(|| AskError::NotZooKeeper {
            address: self.address(),
            reason: format!("{CONTROLLER} holds no brokerid"),
        })
    }

    /// Ids of the live brokers; none where no broker has come yet.
    pub async fn brokers(&self) -> Result<Vec<i32>, AskError> {
        let names = self.children(BROKER_IDS).await?.unwrap_or_default();
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }

    /// One question over the session that there is, and once more over a new one if that broke.
    async fn ask<T>(
        &self,
        name: &'static str,
        question: impl Fn(Client) -> BoxFuture<'static, Result<T, Error>>,
    ) -> Result<Option<T>, AskError> {
        let deadline = Instant::now() + self.patience;
        let silent =
            || AskError::TimedOut { address: self.address(), question: name, after: self.patience };
        // The client library's own futures are large, and every check has some.
        let asked = Box::pin(async {
            let kept = self.session.lock().await.clone();
            if let Some(client) = kept {
                match caught(question(client)).await {
                    Err(e) if is_broken(&e) => drop(self.session.lock().await.take()),
                    answer => return answer,
                }
            }
            let client = self.connected().await?;
            caught(question(client)).await
        });
        match timeout_at(deadline, asked).await {
            Ok(Ok(answer)) => Ok(Some(answer)),
            Ok(Err(Error::NoNode)) => Ok(None),
            Ok(Err(error)) => {
                self.forget();
                Err(self.told(name, error, deadline).await)
            }
            // A session with a silent server may come back; a new one is made if it does not.
            Err(_) => {
                self.forget();
                Err(silent())
            }
        }
    }

    fn forget(&self) {
        // Whoever makes a session at this moment holds the lock, and makes a new one.
        if let Ok(mut session) = self.session.try_lock() {
            session.take();
        }
    }

    /// The session, which is made if there is none: several questions at once make one.
    async fn connected(&self) -> Result<Client, Error> {
        let mut session = self.session.lock().await;
        if let Some(client) = &*session {
            return Ok(client.clone());
        }
        let connector = Client::connector().with_session_timeout(SESSION).with_fail_eagerly();
        let client = connector.connect(&self.servers.join(",")).await?;
        *session = Some(client.clone());
        Ok(client)
    }

    /// What an error means. The client library says only that no server would do: why is found by a
    /// connection of our own.
    async fn told(&self, question: &'static str, error: Error, deadline: Instant) -> AskError {
        let address = self.address();
        match error {
            Error::NoHosts => self.why_no_server(question, deadline).await,
            Error::Timeout => AskError::TimedOut { address, question, after: self.patience },
            Error::ConnectionLoss
            | Error::SessionExpired
            | Error::SessionMoved
            | Error::ClientClosed => {
                AskError::Disconnected { address, question, reason: error.to_string() }
            }
            other => {
                AskError::NotZooKeeper { address, reason: printable::line(&other.to_string()) }
            }
        }
    }

    async fn why_no_server(&self, question: &'static str, deadline: Instant) -> AskError {
        let address = self.address();
        for server in &self.servers {
            let reached = timeout_at(deadline, dial(server)).await;
            match reached {
                Ok(Ok(_)) => {
                    let reason = "it speaks no ZooKeeper, or closed the connection".to_owned();
                    return AskError::Disconnected { address: server.clone(), question, reason };
                }
                Ok(Err(e)) if self.servers.len() == 1 => {
                    return AskError::Unreachable { address, reason: e.to_string() };
                }
                Ok(Err(_)) => {}
                Err(_) => return AskError::TimedOut { address, question, after: self.patience },
            }
        }
        AskError::Unreachable { address, reason: "no server can be reached".to_owned() }
    }

    /// Hosts and ports of the servers.
    pub fn address(&self) -> String {
        self.servers.join(",")
    }
}

async fn dial(server: &str) -> std::io::Result<TcpStream> {
    // One address after the other: `localhost` may mean two.
    let addresses: Vec<SocketAddr> = lookup_host(server).await?.collect();
    TcpStream::connect(&*addresses).await
}

/// The client library takes an answer that is too short for a fault of its own.
async fn caught<T>(question: BoxFuture<'static, Result<T, Error>>) -> Result<T, Error> {
    let answer = AssertUnwindSafe(question).catch_unwind().await;
    answer.unwrap_or_else(|_| Err(Error::UnexpectedError("the answer is too short".to_owned())))
}

/// Whether a session has ended, rather than a question failed.
fn is_broken(error: &Error) -> bool {
    matches!(
        error,
        Error::ConnectionLoss
            | Error::SessionExpired
            | Error::SessionMoved
            | Error::ClientClosed
            | Error::NoHosts
            | Error::Timeout
    )
}

#[cfg(test)]
mod tests;
