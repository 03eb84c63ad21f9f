//! A home that is watched, and what its onlooker is told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use kafka_workbook::course::{Course, Source};
use kafka_workbook::engine::cluster::{Cluster, ClusterNode, EngineKind, Starter};
use kafka_workbook::engine::store;
use kafka_workbook::lab::Workbook;
use kafka_workbook::lab::overview::{Contents, Overview, watch};
use kafka_workbook::paths::Paths;
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::common::fake_broker::FakeBroker;
use super::common::onlooker::PassOn;
use super::common::world::World;

/// How long a condition may take to come true.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// The environment that is written down.
pub const ENVIRONMENT: &str = "kraft-single";

/// A home that is watched.
pub struct Watched {
    _home: TempDir,
    pub paths: Paths,
    onlooker: Arc<PassOn>,
    told: UnboundedReceiver<Option<Overview>>,
    task: JoinHandle<()>,
}

impl Watched {
    /// A home with a cluster of these nodes.
    pub fn of(nodes: &[&FakeBroker]) -> Self {
        let home = TempDir::new().unwrap();
        let paths = Paths::at(home.path(), home.path());
        store::write(&paths, &cluster(nodes)).unwrap();
        Self::begin(home, paths)
    }

    pub fn begin(home: TempDir, paths: Paths) -> Self {
        let course = Course::load(&Source::Embedded).unwrap();
        let workbook = Arc::new(Workbook::new(paths.clone(), course, None, None));
        let (sender, told) = unbounded_channel();
        let onlooker = Arc::new(PassOn::to(move |overview| drop(sender.send(overview))));
        let told_to = Arc::clone(&onlooker);
        let task = tokio::spawn(async move { watch(&workbook, &*told_to).await });
        Self { _home: home, paths, onlooker, told, task }
    }

    /// What is told next.
    pub async fn next(&mut self) -> Option<Overview> {
        timeout(DEADLINE, self.told.recv()).await.unwrap().unwrap()
    }

    /// The first contents that are as expected.
    pub async fn until(&mut self, expected: impl Fn(&Contents) -> bool) -> Contents {
        let mut last = None;
        let wait = async {
            loop {
                last = self.told.recv().await.unwrap();
                let contents = last.as_ref().and_then(|told| told.contents.as_ref().ok());
                if let Some(contents) = contents.filter(|contents| expected(contents)) {
                    return contents.clone();
                }
            }
        };
        let waited = timeout(DEADLINE, wait).await;
        waited.unwrap_or_else(|_| panic!("not within {DEADLINE:?}; last: {last:?}"))
    }

    /// Why nobody tells, once a look has come to its end.
    pub async fn silence(&mut self) -> String {
        loop {
            let Some(told) = self.next().await else { continue };
            match told.contents {
                Err(why) if why.en != "the cluster has not answered yet" => {
                    assert!(!why.en.contains("127.0.0.1") && why.en != why.zh, "{why:?}");
                    return why.en;
                }
                _ => {}
            }
        }
    }

    /// Calls it off; how long it takes to end.
    pub async fn end(self) -> Duration {
        let begun = Instant::now();
        self.onlooker.call_off();
        timeout(DEADLINE, self.task).await.unwrap().unwrap();
        begun.elapsed()
    }
}

pub fn cluster(nodes: &[&FakeBroker]) -> Cluster {
    let node = |(id, node): (i32, &&FakeBroker)| ClusterNode {
        name: format!("kafka-{id}"),
        node_id: Some(id),
        address: Some(node.address().to_owned()),
        controller: Some(node.address().to_owned()),
        zookeeper: None,
    };
    Cluster {
        environment: ENVIRONMENT.to_owned(),
        // Nobody's: there are no nodes to be told of.
        engine: EngineKind::Attach,
        cluster_id: World::new(0).cluster_id.to_owned(),
        kafka_version: "4.3.1".to_owned(),
        variables: BTreeMap::new(),
        nodes: (1..).zip(nodes).map(node).collect(),
        published: BTreeSet::new(),
        starter: Starter::Workbook,
    }
}

/// Waits until something holds; a condition, not a guess at a duration.
pub async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < DEADLINE, "never: {what}");
        sleep(Duration::from_millis(2)).await;
    }
}
