//! The life of a topic, from its creation to its deletion.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::metadata::{Partition, PartitionChange};

/// A place in the metadata log and its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The record's offset: of two moments the one with the lower offset came first.
    pub offset: i64,
    /// The controller's clock, in milliseconds since 1970.
    pub timestamp_ms: i64,
}

/// A topic from its creation on. A topic made again under the same name is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicLife {
    /// The topic's id.
    pub id: Uuid,
    /// The topic's name, as written: it may hold anything.
    pub name: Arc<str>,
    /// When it was created.
    pub created: Moment,
    /// How many partitions it was created with: those of the same batch or metadata transaction.
    pub created_with: u32,
    /// When it got more partitions, oldest first.
    pub growth: Vec<Growth>,
    /// When it was deleted.
    pub deleted: Option<Moment>,
    /// Its partitions by number, as they are or, once deleted, last were.
    pub partitions: BTreeMap<i32, PartitionState>,
    /// The batch whose new partitions still count as one change, and the event of that change.
    pub(super) counting: Counting,
}

/// A topic got more partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Growth {
    /// When.
    pub at: Moment,
    /// How many partitions it had from then on.
    pub partitions: u32,
}

/// A change that a batch's further records still belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counting {
    pub(super) batch: i64,
    pub(super) event: usize,
}

/// Where a partition lies and who leads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionState {
    /// The leader's broker id; -1 if there is none.
    pub leader: i32,
    /// Grows with each election.
    pub leader_epoch: i32,
    /// The brokers that hold it, the preferred leader first.
    pub replicas: Vec<i32>,
    /// The replicas in sync.
    pub isr: Vec<i32>,
    /// Replicas that a running reassignment takes away.
    pub removing_replicas: Vec<i32>,
    /// Replicas that a running reassignment adds.
    pub adding_replicas: Vec<i32>,
    /// Replicas outside the ISR that may lead all the same (KIP-966).
    pub eligible_leader_replicas: Vec<i32>,
}

impl TopicLife {
    /// How many partitions it has, or had when it was deleted.
    pub fn partition_count(&self) -> u32 {
        u32::try_from(self.partitions.len()).unwrap_or(u32::MAX)
    }
}

impl PartitionState {
    pub(super) fn new(partition: Partition) -> Self {
        Self {
            leader: partition.leader,
            leader_epoch: partition.leader_epoch,
            replicas: partition.replicas,
            isr: partition.isr,
            removing_replicas: partition.removing_replicas,
            adding_replicas: partition.adding_replicas,
            eligible_leader_replicas: partition.eligible_leader_replicas.unwrap_or_default(),
        }
    }

    /// Takes over what `change` states; a stated leader, be it the same, begins a new epoch.
    pub(super) fn apply(&mut self, change: PartitionChange) {
        if let Some(leader) = change.leader {
            self.leader = leader;
            self.leader_epoch = self.leader_epoch.saturating_add(1);
        }
        replace(&mut self.replicas, change.replicas);
        replace(&mut self.isr, change.isr);
        replace(&mut self.removing_replicas, change.removing_replicas);
        replace(&mut self.adding_replicas, change.adding_replicas);
        replace(&mut self.eligible_leader_replicas, change.eligible_leader_replicas);
    }
}

fn replace<T>(field: &mut T, change: Option<T>) {
    if let Some(value) = change {
        *field = value;
    }
}
