//! The history of one group.

use std::sync::Arc;

use super::classic::{GroupMetadata, Member};
use super::consumer::{CurrentAssignment, GroupEpoch, MemberMetadata};
use super::event::{Change, Event, GroupType};
use super::members::Members;
use super::offset::OffsetCommit;
use super::offsets::{Commit, Offsets};
use super::record::{self, GroupRecord, Value};
use super::timeline::Timeline;
use crate::kafka::journal::Moment;

/// What happened in one group, in its order and with its times. See [`super::GroupJournal`].
#[derive(Debug, Clone)]
pub struct GroupHistory {
    pub(super) id: Arc<str>,
    pub(super) kinds: Timeline<Kind>,
    pub(super) members: Members,
    pub(super) offsets: Offsets,
    events: Vec<Event>,
}

/// What a group was from some record on.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Classic(Arc<GroupMetadata>),
    Consumer,
    /// It was deleted, has expired, or changes its type.
    Gone,
    Unreadable,
}

impl GroupHistory {
    pub(super) fn new(id: Arc<str>) -> Self {
        Self {
            id,
            kinds: Timeline::default(),
            members: Members::default(),
            offsets: Offsets::default(),
            events: Vec::new(),
        }
    }

    /// The group's id, as written: it may hold anything.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What happened, oldest first.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What a later Kafka wrote and cannot be read here: if anything, this history is not whole.
    pub fn unreadable(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(|event| matches!(event.change, Change::Unreadable { .. }))
    }

    /// How the group rebalances now; none if it was deleted, or its record cannot be read.
    ///
    /// A group that never had a member has no record of its own, and no type but its offsets.
    pub fn group_type(&self) -> Option<GroupType> {
        match self.kinds.now()? {
            Kind::Classic(_) => Some(GroupType::Classic),
            Kind::Consumer => Some(GroupType::Consumer),
            Kind::Gone | Kind::Unreadable => None,
        }
    }

    /// The members as of the last record: of a classic group, those of its last completed
    /// generation, though one may have left since.
    pub fn members(&self) -> Vec<&Member> {
        match self.kinds.now() {
            Some(Kind::Classic(group)) => group.members.iter().map(|of| &of.member).collect(),
            Some(Kind::Consumer) => self.members.now().collect(),
            Some(Kind::Gone | Kind::Unreadable) | None => Vec::new(),
        }
    }

    /// Takes in a record of this group.
    pub(super) fn apply(&mut self, at: Moment, record: GroupRecord) {
        match record {
            GroupRecord::OffsetCommit { topic, partition, value, .. } => {
                self.offset(at, &topic, partition, value);
            }
            GroupRecord::GroupMetadata { value, .. } => self.generation(at, value),
            GroupRecord::ConsumerGroupMetadata { value, .. } => self.epoch(at, &value),
            GroupRecord::ConsumerGroupMemberMetadata { member, value, .. } => {
                self.member(at, &member, value);
            }
            GroupRecord::ConsumerGroupCurrentMemberAssignment { member, value, .. } => {
                self.assignment(at, &member, value);
            }
            // What a member is to have, it has once its current assignment says so.
            GroupRecord::ConsumerGroupPartitionMetadata { .. }
            | GroupRecord::ConsumerGroupTargetAssignmentMetadata { .. }
            | GroupRecord::ConsumerGroupTargetAssignmentMember { .. }
            | GroupRecord::Other { .. } => {}
        }
    }

    fn tell(&mut self, at: Moment, change: Change) {
        self.events.push(Event { at, change });
    }

    fn offset(&mut self, at: Moment, topic: &str, partition: i32, value: Value<OffsetCommit>) {
        match value {
            Value::Set(value) => {
                let topic = self.offsets.name(topic);
                let commit = Arc::new(Commit { at, topic, partition, value });
                self.offsets.add(Arc::clone(&commit));
                self.tell(at, Change::Committed(commit));
            }
            Value::Removed => {
                if let Some(topic) = self.offsets.remove(at, topic, partition) {
                    self.tell(at, Change::OffsetRemoved { topic, partition });
                }
            }
            Value::Unreadable { version } => {
                self.tell(at, Change::Unreadable { key_type: record::OFFSET_COMMIT, version });
            }
        }
    }

    fn generation(&mut self, at: Moment, value: Value<GroupMetadata>) {
        match value {
            Value::Set(group) => {
                let group = Arc::new(group);
                self.kinds.set(at.offset, Kind::Classic(Arc::clone(&group)));
                let generation = group.generation;
                let empty = group.members.is_empty();
                let emptied = Change::Emptied { generation };
                self.tell(at, if empty { emptied } else { Change::Generation(group) });
            }
            // A group without members has no record that could go, and still gets this one.
            Value::Removed if !self.is_consumer() => {
                self.kinds.set(at.offset, Kind::Gone);
                self.tell(at, Change::Removed(GroupType::Classic));
            }
            Value::Removed => {}
            Value::Unreadable { version } => {
                self.kinds.set(at.offset, Kind::Unreadable);
                self.tell(at, Change::Unreadable { key_type: record::GROUP_METADATA, version });
            }
        }
    }

    fn epoch(&mut self, at: Moment, value: &Value<GroupEpoch>) {
        match value {
            Value::Set(_) => self.be_consumer(at),
            Value::Removed if self.is_consumer() => {
                self.kinds.set(at.offset, Kind::Gone);
                self.tell(at, Change::Removed(GroupType::Consumer));
            }
            Value::Removed => {}
            &Value::Unreadable { version } => {
                self.be_consumer(at);
                self.tell(at, Change::Unreadable { key_type: record::GROUP_EPOCH, version });
            }
        }
    }

    fn member(&mut self, at: Moment, id: &str, value: Value<MemberMetadata>) {
        match value {
            Value::Set(metadata) => {
                self.be_consumer(at);
                if let Some(member) = self.members.told(at.offset, id, metadata) {
                    self.tell(at, Change::Joined(member));
                }
            }
            Value::Removed => {
                if let Some(member) = self.members.forget(at.offset, id) {
                    self.tell(at, Change::Left { member });
                }
            }
            Value::Unreadable { version } => {
                self.be_consumer(at);
                self.members.forget(at.offset, id);
                self.tell(at, Change::Unreadable { key_type: record::MEMBER_METADATA, version });
            }
        }
    }

    fn assignment(&mut self, at: Moment, id: &str, value: Value<CurrentAssignment>) {
        let unreadable = match value {
            Value::Unreadable { version } => Some(version),
            Value::Set(_) | Value::Removed => None,
        };
        if value != Value::Removed {
            self.be_consumer(at);
        }
        let (member, got, lost) = self.members.has(at.offset, id, value);
        if let Some(version) = unreadable {
            self.tell(at, Change::Unreadable { key_type: record::CURRENT_ASSIGNMENT, version });
            return;
        }
        if !lost.is_empty() {
            self.tell(at, Change::Lost { member: Arc::clone(&member), partitions: lost });
        }
        if !got.is_empty() {
            self.tell(at, Change::Got { member, partitions: got });
        }
    }

    fn is_consumer(&self) -> bool {
        matches!(self.kinds.now(), Some(Kind::Consumer))
    }

    fn be_consumer(&mut self, at: Moment) {
        if !self.is_consumer() {
            self.kinds.set(at.offset, Kind::Consumer);
        }
    }
}
