//! What one round of checks sees: each fact is fetched at most once, when first asked for.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, OnceCell};
use tokio::time::Instant;
use uuid::Uuid;

use super::groups::{self, GroupLog, Offsets};
use super::records::TopicRecords;
use super::surroundings::{Health, Inside, Review, Surroundings};
use super::topic_znodes::TopicZnodes;
use crate::kafka::ask::AskError;
use crate::kafka::client::Client;
use crate::kafka::groups::{GroupListing, committed_offsets, list_groups};
use crate::kafka::journal::History;
use crate::kafka::journal::reader::JournalReader;
use crate::kafka::metadata::Metadata;
use crate::kafka::quorum::{self, Quorum};
use crate::kafka::zookeeper::{self, Znode, ZooKeeper};
use crate::phrase;
use crate::phrase::Phrase;
use crate::printable;

/// The facts of one round. Checks share it; a fact that cannot be had is the same error to all.
#[derive(Debug)]
pub struct Snapshot<'a> {
    client: &'a Client,
    journal: &'a Journal,
    learner: Learner<'a>,
    metadata: OnceCell<Result<Arc<Metadata>, AskError>>,
    history: OnceCell<Result<Arc<History>, AskError>>,
    quorum: OnceCell<Result<Quorum, AskError>>,
    records: Facts<Option<Arc<TopicRecords>>>,
    groups: OnceCell<Result<Arc<Vec<GroupListing>>, AskError>>,
    group_offsets: Facts<Arc<Offsets>>,
    group_logs: Facts<Arc<GroupLog>>,
    quorum_offered: OnceCell<Result<bool, AskError>>,
    zookeeper_is_its_own: OnceCell<Result<(), AskError>>,
    live_brokers: OnceCell<Result<Vec<i32>, AskError>>,
    znodes: Facts<Option<Arc<Znode>>>,
    topic_znodes: Facts<Option<Arc<TopicZnodes>>>,
}

/// What is known of an attempt besides its cluster.
#[derive(Debug, Clone, Copy)]
pub struct Learner<'a> {
    /// The learner's typed answers by field.
    pub answers: &'a BTreeMap<String, String>,
    /// The values issued to the attempt, by name.
    pub values: &'a BTreeMap<String, String>,
    /// What lies around the cluster, where the learner starts it.
    pub surroundings: Option<&'a dyn Surroundings>,
}

static NOTHING: BTreeMap<String, String> = BTreeMap::new();

impl Default for Learner<'_> {
    /// One who was issued nothing and has typed nothing.
    fn default() -> Self {
        Self { answers: &NOTHING, values: &NOTHING, surroundings: None }
    }
}

/// Facts about several things of a kind, each fetched at most once.
#[derive(Debug)]
struct Facts<T>(std::sync::Mutex<BTreeMap<String, Arc<Fact<T>>>>);

type Fact<T> = OnceCell<Result<T, AskError>>;

impl<T> Default for Facts<T> {
    fn default() -> Self {
        Self(std::sync::Mutex::default())
    }
}

impl<T: Clone> Facts<T> {
    async fn about(
        &self,
        name: &str,
        ask: impl Future<Output = Result<T, AskError>>,
    ) -> Result<T, AskError> {
        let known = {
            let mut facts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(facts.entry(name.to_owned()).or_default())
        };
        known.get_or_init(|| ask).await.clone()
    }
}

/// The metadata journal as read so far; kept from round to round, so that only news are fetched.
#[derive(Debug, Default)]
pub struct Journal(Mutex<JournalReader>);

impl Journal {
    async fn catch_up(&self, client: &Client) -> Result<Arc<History>, AskError> {
        self.0.lock().await.catch_up(client).await
    }
}

/// How often a broker that is behind is asked again.
const LAG_INTERVAL: Duration = Duration::from_millis(5);

impl<'a> Snapshot<'a> {
    /// A round over `client`, for an attempt.
    pub fn new(client: &'a Client, journal: &'a Journal, learner: Learner<'a>) -> Self {
        Self {
            client,
            journal,
            learner,
            metadata: OnceCell::new(),
            history: OnceCell::new(),
            quorum: OnceCell::new(),
            records: Facts::default(),
            groups: OnceCell::new(),
            group_offsets: Facts::default(),
            group_logs: Facts::default(),
            quorum_offered: OnceCell::new(),
            zookeeper_is_its_own: OnceCell::new(),
            live_brokers: OnceCell::new(),
            znodes: Facts::default(),
            topic_znodes: Facts::default(),
        }
    }

    /// Brokers and topics as they are now: not before the broker that answers has applied what the
    /// controller has committed.
    pub async fn metadata(&self) -> Result<Arc<Metadata>, AskError> {
        self.metadata.get_or_init(|| self.metadata_caught_up()).await.clone()
    }

    /// A broker follows the metadata log a few milliseconds behind: who asks at once after a change
    /// is shown the state before it, and twice the same. Where the journal can be read, the answer
    /// is therefore held against it.
    async fn metadata_caught_up(&self) -> Result<Arc<Metadata>, AskError> {
        let deadline = Instant::now() + self.client.patience() / 2;
        if let Some(zookeeper) = self.client.zookeeper() {
            return self.metadata_held_against(zookeeper, deadline).await;
        }
        let mut metadata = self.client.metadata().await?;
        let mut history = self.history().await;
        loop {
            match history {
                Ok(history) if !same_topics(&metadata, &history) => {}
                _ => return Ok(Arc::new(metadata)),
            }
            if Instant::now() >= deadline {
                return Err(AskError::Lagging { address: self.client.brokers().join(", ") });
            }
            tokio::time::sleep(LAG_INTERVAL).await;
            metadata = self.client.metadata().await?;
            history = self.journal.catch_up(self.client).await;
        }
    }

    /// In `ZooKeeper` mode a broker that has just come back knows no topic until the controller has
    /// told it. While `ZooKeeper` cannot be asked, the broker's word stands.
    async fn metadata_held_against(
        &self,
        zookeeper: &ZooKeeper,
        deadline: Instant,
    ) -> Result<Arc<Metadata>, AskError> {
        loop {
            let metadata = self.client.metadata().await?;
            let behind = is_behind(&metadata, zookeeper).await;
            if !matches!(behind, Ok(true)) {
                return Ok(Arc::new(metadata));
            }
            if Instant::now() >= deadline {
                return Err(AskError::Lagging { address: self.client.brokers().join(", ") });
            }
            tokio::time::sleep(LAG_INTERVAL).await;
        }
    }

    /// What happened since the cluster was made.
    pub async fn history(&self) -> Result<Arc<History>, AskError> {
        self.history.get_or_init(|| self.journal.catch_up(self.client)).await.clone()
    }

    /// The quorum behind the brokers.
    pub async fn quorum(&self) -> Result<Quorum, AskError> {
        self.quorum.get_or_init(|| quorum::quorum(self.client)).await.clone()
    }

    /// Where the cluster is asked.
    pub const fn client(&self) -> &Client {
        self.client
    }

    /// The learner's compose file, or why there is none to be looked at.
    pub async fn compose_file(&self) -> Result<Review, Phrase> {
        Ok(self.surroundings()?.compose_file().await)
    }

    /// The health of the learner's containers, or why there are none.
    pub async fn health(&self) -> Result<Health, Phrase> {
        Ok(self.surroundings()?.health().await)
    }

    /// What clients beside the learner's nodes are told, or why there are none.
    pub async fn inside(&self) -> Result<Inside, Phrase> {
        Ok(self.surroundings()?.inside().await)
    }

    fn surroundings(&self) -> Result<&dyn Surroundings, Phrase> {
        self.learner.surroundings.ok_or_else(not_the_learners)
    }

    /// What a topic holds now; `None` if there is no topic of that name.
    pub async fn records(&self, topic: &str) -> Result<Option<Arc<TopicRecords>>, AskError> {
        let read = async {
            let metadata = self.metadata().await?;
            Ok(TopicRecords::read(self.client, &metadata, topic).await?.map(Arc::new))
        };
        self.records.about(topic, read).await
    }

    /// Every group there is.
    pub async fn groups(&self) -> Result<Arc<Vec<GroupListing>>, AskError> {
        let list = async || Ok(Arc::new(list_groups(self.client).await?));
        self.groups.get_or_init(list).await.clone()
    }

    /// What a group has committed now; nothing where there is no such group.
    pub async fn group_offsets(&self, group: &str) -> Result<Arc<Offsets>, AskError> {
        let ask = async { Ok(Arc::new(committed_offsets(self.client, group).await?)) };
        self.group_offsets.about(group, ask).await
    }

    /// The log that holds a group's history, and that of others.
    pub async fn group_log(&self, group: &str) -> Result<Arc<GroupLog>, AskError> {
        let read = async {
            let metadata = self.metadata().await?;
            Ok(Arc::new(groups::read_log(self.client, &metadata, group).await?))
        };
        self.group_logs.about(group, read).await
    }

    /// Whether a broker offers `DescribeQuorum`, as all but those in `ZooKeeper` mode do.
    pub async fn quorum_offered(&self) -> Result<bool, AskError> {
        self.quorum_offered.get_or_init(|| quorum::is_offered(self.client)).await.clone()
    }

    /// The servers of `ZooKeeper` that keep this cluster's state, and no other's; `None` if it has
    /// none.
    pub async fn zookeeper(&self) -> Result<Option<&ZooKeeper>, AskError> {
        let Some(zookeeper) = self.client.zookeeper() else { return Ok(None) };
        let is_its_own = async || {
            let found = zookeeper.read(zookeeper::CLUSTER_ID).await?.and_then(|id| id.text("id"));
            match (self.client.cluster_id(), found) {
                (Some(known), Some(found)) if known != found => {
                    let found = printable::name(&found);
                    Err(AskError::AnotherCluster { address: zookeeper.address(), found })
                }
                _ => Ok(()),
            }
        };
        self.zookeeper_is_its_own.get_or_init(is_its_own).await.clone()?;
        Ok(Some(zookeeper))
    }

    /// Ids of the brokers that `ZooKeeper` holds for alive; none without `ZooKeeper`.
    pub async fn live_brokers(&self) -> Result<Vec<i32>, AskError> {
        let ask = async || match self.zookeeper().await? {
            Some(zookeeper) => zookeeper.brokers().await,
            None => Ok(Vec::new()),
        };
        self.live_brokers.get_or_init(ask).await.clone()
    }

    /// A znode as it is now; `None` if there is none, or no `ZooKeeper`.
    pub async fn znode(&self, path: &str) -> Result<Option<Arc<Znode>>, AskError> {
        let read = async {
            let Some(zookeeper) = self.zookeeper().await? else { return Ok(None) };
            Ok(zookeeper.read(path).await?.map(Arc::new))
        };
        self.znodes.about(path, read).await
    }

    /// A topic's znode and those of its partitions; `None` if there is none, or no `ZooKeeper`.
    pub async fn topic_znodes(&self, topic: &str) -> Result<Option<Arc<TopicZnodes>>, AskError> {
        let read = async {
            let Some(zookeeper) = self.zookeeper().await? else { return Ok(None) };
            Ok(TopicZnodes::read(zookeeper, topic).await?.map(Arc::new))
        };
        self.topic_znodes.about(topic, read).await
    }

    /// A value issued to this attempt, or why there is none.
    pub fn issued(&self, name: &str) -> Result<&str, Phrase> {
        self.learner.values.get(name).map(String::as_str).ok_or_else(|| not_issued(name))
    }

    /// What the learner typed into a field, without blanks around it; `None` if nothing.
    pub fn answer(&self, field: &str) -> Option<&str> {
        self.learner
            .answers
            .get(field)
            .map(|answer| answer.trim())
            .filter(|answer| !answer.is_empty())
    }
}

/// Whether a broker does not list a topic that the controller has given leaders.
async fn is_behind(metadata: &Metadata, zookeeper: &ZooKeeper) -> Result<bool, AskError> {
    let topics = zookeeper.children(zookeeper::TOPICS).await?.unwrap_or_default();
    for name in topics.iter().filter(|name| !metadata.topics.contains_key(*name)) {
        if TopicZnodes::read(zookeeper, name).await?.is_some_and(|znodes| znodes.is_topic()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a broker lists the topics that live by the journal, each with its id and as many
/// partitions.
fn same_topics(metadata: &Metadata, history: &History) -> bool {
    let listed: BTreeMap<&str, (Uuid, usize)> = metadata
        .topics
        .iter()
        .map(|(name, t)| (name.as_str(), (t.id, t.partitions.len())))
        .collect();
    let living = history.topics().iter().filter(|life| life.deleted.is_none());
    let living: BTreeMap<&str, (Uuid, usize)> =
        living.map(|life| (&*life.name, (life.id, life.partitions.len()))).collect();
    listed == living
}

fn not_the_learners() -> Phrase {
    phrase!(
        "this cluster was not started by the learner: there is no file to look at",
        "这个集群不是由学习者启动的，没有可查看的文件"
    )
}

/// An attempt that began under another course has none of this one's values.
fn not_issued(name: &str) -> Phrase {
    phrase!(
        "this attempt was issued no {name}; begin anew: kafka-workbook lab reset ID",
        "本次尝试没有发放 {name}；请重新开始：kafka-workbook lab reset ID"
    )
}
