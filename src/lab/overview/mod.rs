//! What stands in this home's cluster now, told as it changes.
//!
//! Beside the grader this is to cost next to nothing: one look a second over connections that stay
//! open, a handful of requests a broker however much it holds; the engine, which may have to start
//! a process to tell, is asked only when the cluster gives a reason.

mod board;
mod lines;
mod look;
mod text;
mod watching;

use std::time::Duration;

use tokio::time::sleep;

use self::board::Told;
use super::Workbook;
use crate::engine::cluster::{Cluster, NodeStatus};
use crate::phrase::Phrase;

/// How often it is looked whether the watching should end.
const HEED: Duration = Duration::from_millis(25);

/// What this home's cluster is and holds now. All names in it are printable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The cluster as it was brought up.
    pub cluster: Cluster,
    /// Its nodes, at most some seconds old; empty where the engine could not tell, or not yet.
    pub nodes: Vec<NodeStatus>,
    /// What it holds, or in the learner's words why nobody tells.
    pub contents: Result<Contents, Phrase>,
}

/// What a cluster holds, as its brokers tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// Node id of the active controller, if a quorum or `ZooKeeper` answers.
    pub controller: Option<i32>,
    /// Live brokers, by node id.
    pub brokers: Vec<BrokerLine>,
    /// Topics by name, without Kafka's own.
    pub topics: Vec<TopicLine>,
    /// Groups by id.
    pub groups: Vec<GroupLine>,
}

/// A live broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokerLine {
    /// `node.id`.
    pub id: i32,
    /// The advertised `host:port` for clients on this machine.
    pub address: String,
}

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicLine {
    /// Its name.
    pub name: String,
    /// Its partitions by index.
    pub partitions: Vec<PartitionLine>,
}

/// A partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartitionLine {
    /// Its index, from 0.
    pub index: i32,
    /// The leader's node id; `None` while there is none.
    pub leader: Option<i32>,
    /// The log start offset; `None` where it was not asked (only the first 200 topics are, with at
    /// most 4000 partitions) or not told.
    pub start: Option<i64>,
    /// The high watermark, at which consumers find the log's end; `None` like `start`.
    pub end: Option<i64>,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupLine {
    /// Its id.
    pub id: String,
    /// Its state as Kafka spells it: `Stable`, `Empty`; `Unknown` of a group that was there and
    /// whose coordinator does not tell of it now.
    pub state: String,
    /// How many members it has; `None` where that is not told.
    pub members: Option<usize>,
    /// Records between what it has committed and the ends of those partitions; `None` where it has
    /// committed nothing or an end is not known.
    pub lag: Option<u64>,
}

/// Is told what stands in the cluster. Must not block.
pub trait Onlooker: Send + Sync {
    /// It is something else than before, or told for the first time; `None`: this home has no
    /// cluster.
    fn overview(&self, overview: Option<&Overview>);

    /// Whether the watching should end.
    fn called_off(&self) -> bool;
}

/// Looks again and again, and tells the onlooker at once and whenever something differs, until it
/// calls that off.
///
/// While another program changes the environment, silence is no news: what was told stands until a
/// node answers, the change is over, or the cluster is gone.
pub async fn watch(workbook: &Workbook, onlooker: &dyn Onlooker) {
    let told = Told::to(onlooker);
    tokio::select! {
        () = watching::home(workbook, &told) => {}
        () = called_off(onlooker) => {}
    }
}

/// Waits until the onlooker has enough.
async fn called_off(onlooker: &dyn Onlooker) {
    while !onlooker.called_off() {
        sleep(HEED).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tempfile::TempDir;

    use super::*;
    use crate::course::{Course, Source};
    use crate::paths::Paths;

    /// Has enough as soon as something is told, which has to be that there is no cluster.
    #[derive(Default)]
    struct Brief(AtomicUsize);

    impl Onlooker for Brief {
        fn overview(&self, overview: Option<&Overview>) {
            assert_eq!(overview, None);
            self.0.fetch_add(1, Ordering::Relaxed);
        }

        fn called_off(&self) -> bool {
            self.0.load(Ordering::Relaxed) > 0
        }
    }

    /// A screen watches in a task of its own: that this compiles is half of the test.
    #[tokio::test]
    async fn a_watch_is_a_task_of_its_own_until_it_is_called_off() {
        let home = TempDir::new().unwrap();
        let paths = Paths::at(home.path(), home.path());
        let course = Course::load(&Source::Embedded).unwrap();
        let workbook = Arc::new(Workbook::new(paths, course, None, None));
        let onlooker = Arc::new(Brief::default());
        let watching = Arc::clone(&onlooker);
        let task = tokio::spawn(async move { watch(&workbook, &*watching).await });
        task.await.unwrap();
        assert_eq!(onlooker.0.load(Ordering::Relaxed), 1);
    }
}
