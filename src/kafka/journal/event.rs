//! What happened on the cluster, one event a change.

use std::sync::Arc;

use uuid::Uuid;

use super::metadata::ConfigResource;
use super::topic::Moment;

/// Something that happened, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Moment,
    /// What.
    pub change: Change,
}

/// The topic that an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicRef {
    /// The topic's id.
    pub id: Uuid,
    /// The topic's name, as written: it may hold anything.
    pub name: Arc<str>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A topic was created.
    TopicCreated {
        /// Which.
        topic: TopicRef,
        /// With how many partitions.
        partitions: u32,
    },
    /// A topic got more partitions.
    TopicGrown {
        /// Which.
        topic: TopicRef,
        /// How many it has now.
        partitions: u32,
    },
    /// A topic was deleted.
    TopicDeleted {
        /// Which.
        topic: TopicRef,
    },
    /// A partition got another leader, or lost its leader.
    LeaderChanged {
        /// The topic.
        topic: TopicRef,
        /// The partition's number.
        partition: i32,
        /// The broker that led before; -1 for none.
        from: i32,
        /// The broker that leads now; -1 for none.
        to: i32,
    },
    /// Other replicas are in sync.
    IsrChanged {
        /// The topic.
        topic: TopicRef,
        /// The partition's number.
        partition: i32,
        /// Those in sync before.
        from: Vec<i32>,
        /// Those in sync now.
        to: Vec<i32>,
    },
    /// Other brokers hold the partition, or in another order: a reassignment.
    ReplicasChanged {
        /// The topic.
        topic: TopicRef,
        /// The partition's number.
        partition: i32,
        /// Those before.
        from: Vec<i32>,
        /// Those now.
        to: Vec<i32>,
    },
    /// A dynamic setting was set.
    ConfigSet {
        /// Of what.
        resource: ConfigResource,
        /// The setting's name.
        name: String,
        /// The value, as text.
        value: String,
    },
    /// A dynamic setting was removed, so that the default holds again.
    ConfigRemoved {
        /// Of what.
        resource: ConfigResource,
        /// The setting's name.
        name: String,
    },
    /// A broker's process started and registered itself.
    BrokerRegistered {
        /// The broker's id.
        broker: i32,
    },
    /// A broker was removed from the cluster.
    BrokerUnregistered {
        /// The broker's id.
        broker: i32,
    },
    /// A broker was fenced: it missed its heartbeats, or has ended a clean shutdown.
    BrokerFenced {
        /// The broker's id.
        broker: i32,
    },
    /// A broker was unfenced: it has caught up and serves clients.
    BrokerUnfenced {
        /// The broker's id.
        broker: i32,
    },
    /// A broker began a clean shutdown: its leaderships move away first.
    BrokerStopping {
        /// The broker's id.
        broker: i32,
    },
}
