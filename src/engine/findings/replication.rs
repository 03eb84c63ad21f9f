//! Copies that more brokers would have to hold than there are.
//!
//! How many have to be in sync is no matter: Kafka asks for no more than a partition has.

use super::Finding;
use super::node::{Node, Role};
use super::scene::Scene;
use super::settings::{Settings, shown, variable};

/// Settings that count copies of a topic's partitions.
struct Copies {
    property: &'static str,
    id: &'static str,
    /// Kafka's default, where it is a fault that it holds.
    default: Option<usize>,
    kind: Kind,
}

/// What too high a number does.
#[derive(Clone, Copy)]
enum Kind {
    Offsets,
    Transactions,
    Share,
    Topics,
}

const COPIES: [Copies; 4] = [
    Copies {
        property: "offsets.topic.replication.factor",
        id: "offsets-replication-factor",
        default: Some(3),
        kind: Kind::Offsets,
    },
    Copies {
        property: "transaction.state.log.replication.factor",
        id: "transactions-replication-factor",
        default: Some(3),
        kind: Kind::Transactions,
    },
    // Share groups are new: a file that does not speak of them is not at fault.
    Copies {
        property: "share.coordinator.state.topic.replication.factor",
        id: "share-replication-factor",
        default: None,
        kind: Kind::Share,
    },
    Copies {
        property: "default.replication.factor",
        id: "default-replication-factor",
        default: None,
        kind: Kind::Topics,
    },
];

pub(super) fn findings(scene: &Scene<'_>, node: &Node<'_>) -> Vec<Finding> {
    let Some(brokers) = scene.brokers_beside(node).filter(|_| node.has(Role::Broker)) else {
        return Vec::new();
    };
    COPIES.iter().filter_map(|copies| too_many(&node.settings, copies, brokers.len())).collect()
}

fn too_many(settings: &Settings<'_>, copies: &Copies, brokers: usize) -> Option<Finding> {
    let Copies { property, id, default, kind } = *copies;
    let set = settings.get(property);
    let wanted = match set {
        Some(set) => set.value.parse().ok()?,
        None => default?,
    };
    if wanted <= brokers {
        return None;
    }
    let name = shown(&variable(property));
    let why = match kind {
        Kind::Offsets => text::offsets(wanted, brokers),
        Kind::Transactions => text::transactions(wanted, brokers),
        Kind::Share => text::share(wanted, brokers),
        Kind::Topics => text::topics(wanted, brokers),
    };
    Some(match set {
        Some(set) => set.finding(id, why),
        None => settings.missing(id, property, text::by_default(&name, wanted, &why)),
    })
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    fn counted(brokers: usize) -> String {
        if brokers == 1 { "1 broker".to_owned() } else { format!("{brokers} brokers") }
    }

    pub fn by_default(name: &str, wanted: usize, why: &Phrase) -> Phrase {
        Phrase::new(
            format!("without {name} Kafka's default of {wanted} holds: {}", why.en),
            format!("没有 {name} 时按 Kafka 的默认值 {wanted}：{}", why.zh),
        )
    }

    pub fn offsets(wanted: usize, brokers: usize) -> Phrase {
        let en = counted(brokers);
        phrase!(
            "`__consumer_offsets` cannot have {wanted} replicas on {en}: it is never created, and no consumer group gets to work",
            "`__consumer_offsets` 在 {brokers} 个 broker 上放不下 {wanted} 个副本：它始终创建不了，消费者组无法工作"
        )
    }

    pub fn transactions(wanted: usize, brokers: usize) -> Phrase {
        let en = counted(brokers);
        phrase!(
            "`__transaction_state` cannot have {wanted} replicas on {en}: it is never created, and no transaction can begin",
            "`__transaction_state` 在 {brokers} 个 broker 上放不下 {wanted} 个副本：它始终创建不了，事务无法开始"
        )
    }

    pub fn share(wanted: usize, brokers: usize) -> Phrase {
        let en = counted(brokers);
        phrase!(
            "`__share_group_state` cannot have {wanted} replicas on {en}: no share group gets to work",
            "`__share_group_state` 在 {brokers} 个 broker 上放不下 {wanted} 个副本：共享组（share group）无法工作"
        )
    }

    pub fn topics(wanted: usize, brokers: usize) -> Phrase {
        let en = counted(brokers);
        phrase!(
            "a topic that is created without a replication factor would get {wanted} replicas on {en}: its creation fails with INVALID_REPLICATION_FACTOR",
            "没有指定副本数的 topic 会要 {wanted} 个副本，而 broker 只有 {brokers} 个：创建失败，报 INVALID_REPLICATION_FACTOR"
        )
    }
}
