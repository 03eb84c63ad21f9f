//! The metadata log folded into lives of topics and a list of events.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use super::event::{Change, Event, TopicRef};
use super::metadata::{BrokerRegistrationChange, MetadataRecord, Partition, PartitionChange};
use super::topic::{Counting, Growth, Moment, PartitionState, TopicLife};
use super::{Entry, JournalError, read};

/// What happened on a cluster, in its order and with its times.
///
/// Folded record by record from offset 0 on; a record seen twice counts once, so that reading may
/// begin anew at the start of any batch. What makes no sense (a change of an unknown topic) is
/// passed over. Grows with the log, less its heartbeats.
#[derive(Debug, Clone, Default)]
pub struct History {
    lives: Vec<TopicLife>,
    by_id: HashMap<Uuid, usize>,
    by_name: HashMap<Arc<str>, Vec<usize>>,
    events: Vec<Event>,
    transaction: Option<Transaction>,
    next: i64,
}

/// Records that count only once their metadata transaction ends.
#[derive(Debug, Clone)]
struct Transaction {
    /// The batch that began it: all of it counts as one change.
    batch: i64,
    entries: Vec<Entry>,
}

impl History {
    /// The history of an empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds every record in `bytes`, a Fetch response's or a segment file's.
    ///
    /// # Errors
    /// [`JournalError`] at the first damaged record; those before it have been added.
    pub fn read(&mut self, bytes: &Bytes) -> Result<(), JournalError> {
        let next = read(bytes, |entry| self.add(entry))?;
        self.next = self.next.max(next.unwrap_or_default());
        Ok(())
    }

    /// Adds one record: see [`Entry`] for what the numbers are.
    pub fn apply(
        &mut self,
        batch_base_offset: i64,
        offset: i64,
        timestamp_ms: i64,
        record: MetadataRecord,
    ) {
        let at = Moment { offset, timestamp_ms };
        self.add(Entry { batch: batch_base_offset, at, record });
    }

    /// The offset after the last record that was added: where to read on.
    pub const fn next_offset(&self) -> i64 {
        self.next
    }

    /// Every topic there ever was, oldest first.
    pub fn topics(&self) -> &[TopicLife] {
        &self.lives
    }

    /// The topic with an id.
    pub fn topic(&self, id: Uuid) -> Option<&TopicLife> {
        self.by_id.get(&id).and_then(|&index| self.lives.get(index))
    }

    /// The topics that ever had a name, oldest first.
    pub fn lives(&self, name: &str) -> impl DoubleEndedIterator<Item = &TopicLife> {
        let indices = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        indices.iter().filter_map(|&index| self.lives.get(index))
    }

    /// The topic that has a name now.
    pub fn living(&self, name: &str) -> Option<&TopicLife> {
        self.lives(name).rev().find(|life| life.deleted.is_none())
    }

    /// What happened, oldest first.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    fn add(&mut self, entry: Entry) {
        if entry.at.offset < self.next {
            return;
        }
        self.next = entry.at.offset.saturating_add(1);
        match (&entry.record, &mut self.transaction) {
            (MetadataRecord::NoOp | MetadataRecord::Other { .. }, _) => {}
            (MetadataRecord::BeginTransaction { .. }, _) => {
                self.transaction = Some(Transaction { batch: entry.batch, entries: Vec::new() });
            }
            (MetadataRecord::AbortTransaction { .. }, _) => self.transaction = None,
            (MetadataRecord::EndTransaction, _) => self.end_transaction(),
            (_, Some(transaction)) => transaction.entries.push(entry),
            (_, None) => self.fold(entry.batch, entry.at, entry.record),
        }
    }

    fn end_transaction(&mut self) {
        let Some(transaction) = self.transaction.take() else { return };
        for entry in transaction.entries {
            self.fold(transaction.batch, entry.at, entry.record);
        }
    }

    fn fold(&mut self, batch: i64, at: Moment, record: MetadataRecord) {
        match record {
            MetadataRecord::Topic { name, topic_id } => self.create(batch, at, name, topic_id),
            MetadataRecord::Partition(partition) => self.partition(batch, at, partition),
            MetadataRecord::PartitionChange(change) => self.change(at, change),
            MetadataRecord::RemoveTopic { topic_id } => self.delete(at, topic_id),
            MetadataRecord::ClearElr { topic } => self.clear_elr(&topic),
            MetadataRecord::Config { resource, name, value } => self.tell(
                at,
                match value {
                    Some(value) => Change::ConfigSet { resource, name, value },
                    None => Change::ConfigRemoved { resource, name },
                },
            ),
            MetadataRecord::RegisterBroker(broker) => {
                self.tell(at, Change::BrokerRegistered { broker: broker.broker_id });
            }
            MetadataRecord::UnregisterBroker { broker_id: broker, .. } => {
                self.tell(at, Change::BrokerUnregistered { broker });
            }
            MetadataRecord::FenceBroker { broker_id: broker, .. } => {
                self.tell(at, Change::BrokerFenced { broker });
            }
            MetadataRecord::UnfenceBroker { broker_id: broker, .. } => {
                self.tell(at, Change::BrokerUnfenced { broker });
            }
            MetadataRecord::BrokerRegistrationChange(change) => self.registration(at, &change),
            _ => {}
        }
    }

    fn tell(&mut self, at: Moment, change: Change) {
        self.events.push(Event { at, change });
    }

    fn registration(&mut self, at: Moment, change: &BrokerRegistrationChange) {
        let broker = change.broker_id;
        if change.in_controlled_shutdown {
            self.tell(at, Change::BrokerStopping { broker });
        }
        match change.fenced {
            Some(true) => self.tell(at, Change::BrokerFenced { broker }),
            Some(false) => self.tell(at, Change::BrokerUnfenced { broker }),
            None => {}
        }
    }

    fn create(&mut self, batch: i64, at: Moment, name: String, id: Uuid) {
        if self.by_id.contains_key(&id) {
            return;
        }
        let name: Arc<str> = name.into();
        self.by_id.insert(id, self.lives.len());
        self.by_name.entry(Arc::clone(&name)).or_default().push(self.lives.len());
        let counting = Counting { batch, event: self.events.len() };
        let topic = TopicRef { id, name: Arc::clone(&name) };
        self.tell(at, Change::TopicCreated { topic, partitions: 0 });
        self.lives.push(TopicLife {
            id,
            name,
            created: at,
            created_with: 0,
            growth: Vec::new(),
            deleted: None,
            partitions: BTreeMap::new(),
            counting,
        });
    }

    /// The topic with an id, unless it was deleted.
    fn living_mut(&mut self, id: Uuid) -> Option<&mut TopicLife> {
        let life = self.by_id.get(&id).and_then(|&index| self.lives.get_mut(index))?;
        life.deleted.is_none().then_some(life)
    }

    fn partition(&mut self, batch: i64, at: Moment, partition: Partition) {
        let event = self.events.len();
        let Some(life) = self.living_mut(partition.topic_id) else { return };
        let id = partition.partition_id;
        if life.partitions.insert(id, PartitionState::new(partition)).is_some() {
            return;
        }
        let partitions = life.partition_count();
        if life.counting.batch != batch {
            life.counting = Counting { batch, event };
            life.growth.push(Growth { at, partitions });
            let topic = topic_ref(life);
            self.tell(at, Change::TopicGrown { topic, partitions });
            return;
        }
        match life.growth.last_mut() {
            Some(growth) => growth.partitions = partitions,
            None => life.created_with = partitions,
        }
        let counted = life.counting.event;
        self.recount(counted, partitions);
    }

    /// Puts the right number of partitions into the event of a change that is still counted.
    fn recount(&mut self, event: usize, count: u32) {
        if let Some(Event {
            change: Change::TopicCreated { partitions, .. } | Change::TopicGrown { partitions, .. },
            ..
        }) = self.events.get_mut(event)
        {
            *partitions = count;
        }
    }

    fn change(&mut self, at: Moment, change: PartitionChange) {
        let Some(life) = self.living_mut(change.topic_id) else { return };
        let topic = topic_ref(life);
        let id = change.partition_id;
        let Some(state) = life.partitions.get_mut(&id) else { return };
        let before = state.clone();
        state.apply(change);
        let changes = differences(&topic, id, before, state);
        self.events.extend(changes.into_iter().flatten().map(|change| Event { at, change }));
    }

    fn clear_elr(&mut self, topic: &str) {
        let lives = self.lives.iter_mut().filter(|life| life.deleted.is_none());
        for life in lives.filter(|life| topic.is_empty() || *life.name == *topic) {
            life.partitions.values_mut().for_each(|state| state.eligible_leader_replicas.clear());
        }
    }

    fn delete(&mut self, at: Moment, id: Uuid) {
        let Some(life) = self.living_mut(id) else { return };
        life.deleted = Some(at);
        let topic = topic_ref(life);
        self.tell(at, Change::TopicDeleted { topic });
    }
}

fn topic_ref(life: &TopicLife) -> TopicRef {
    TopicRef { id: life.id, name: Arc::clone(&life.name) }
}

/// What an onlooker would call a change between two states of a partition.
fn differences(
    topic: &TopicRef,
    partition: i32,
    before: PartitionState,
    now: &PartitionState,
) -> [Option<Change>; 3] {
    let topic = || topic.clone();
    let leader = (before.leader != now.leader).then(|| Change::LeaderChanged {
        topic: topic(),
        partition,
        from: before.leader,
        to: now.leader,
    });
    let isr = (!same_set(&before.isr, &now.isr)).then(|| Change::IsrChanged {
        topic: topic(),
        partition,
        from: before.isr,
        to: now.isr.clone(),
    });
    let replicas = (before.replicas != now.replicas).then(|| Change::ReplicasChanged {
        topic: topic(),
        partition,
        from: before.replicas,
        to: now.replicas.clone(),
    });
    [leader, isr, replicas]
}

/// Whether two ISRs are equal: their order means nothing.
fn same_set(one: &[i32], other: &[i32]) -> bool {
    one.iter().collect::<BTreeSet<_>>() == other.iter().collect::<BTreeSet<_>>()
}
