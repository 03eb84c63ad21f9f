//! What is known, and what of it has been told.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::look::Seen;
use super::text;
use super::{Contents, Onlooker, Overview};
use crate::engine::cluster::{Cluster, NodeStatus};
use crate::engine::store;
use crate::kafka::ask::AskError;
use crate::paths::Paths;
use crate::phrase::Phrase;

/// An onlooker, and what it was told last.
pub(super) struct Told<'a> {
    onlooker: &'a dyn Onlooker,
    last: Mutex<Last>,
}

#[derive(Default)]
struct Last {
    /// Whether anything was told at all.
    begun: bool,
    overview: Option<Overview>,
}

impl<'a> Told<'a> {
    pub fn to(onlooker: &'a dyn Onlooker) -> Self {
        Self { onlooker, last: Mutex::default() }
    }

    /// Tells what differs from what was told last.
    pub fn tell(&self, overview: Option<Overview>) {
        let mut last = locked(&self.last);
        if !last.begun || last.overview != overview {
            self.onlooker.overview(overview.as_ref());
            *last = Last { begun: true, overview };
        }
    }
}

/// What is known of one cluster so far.
pub(super) struct Board<'a> {
    paths: &'a Paths,
    told: &'a Told<'a>,
    pub cluster: Cluster,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    nodes: Vec<NodeStatus>,
    /// `None`: nothing that would be told.
    contents: Option<Result<Contents, Phrase>>,
}

impl<'a> Board<'a> {
    pub fn of(cluster: Cluster, paths: &'a Paths, told: &'a Told<'a>) -> Self {
        Self { paths, told, cluster, known: Mutex::default() }
    }

    /// Whether this is still the cluster of its home.
    pub fn stands(&self) -> bool {
        store::read(self.paths).as_ref() == Some(&self.cluster)
    }

    /// Takes in what the engine sees, to be told with the contents.
    pub fn nodes(&self, nodes: Vec<NodeStatus>) {
        locked(&self.known).nodes = nodes;
        self.tell();
    }

    /// Takes in what a look has shown.
    pub fn contents(&self, seen: &Result<Seen, AskError>) {
        match seen {
            Ok(seen) => self.put(Ok(seen.contents.clone())),
            Err(error) => self.silence(text::silent(error)),
        }
    }

    /// Nobody has answered, nor failed to, so far.
    pub fn nothing_yet(&self) {
        self.silence(text::being_asked());
    }

    /// Whoever changes an environment takes its nodes away first, and boots them before they
    /// answer: that is no news.
    fn silence(&self, why: Phrase) {
        if !store::is_changing(self.paths) && self.stands() {
            self.put(Err(why));
        }
    }

    fn put(&self, contents: Result<Contents, Phrase>) {
        locked(&self.known).contents = Some(contents);
        self.tell();
    }

    fn tell(&self) {
        let known = locked(&self.known);
        if let Some(contents) = known.contents.clone() {
            let (cluster, nodes) = (self.cluster.clone(), known.nodes.clone());
            self.told.tell(Some(Overview { cluster, nodes, contents }));
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
