//! Who a node is: its roles, its id, its cluster's id.

use super::Finding;
use super::image::{image_name, major_version};
use super::node::{BROKER, CONTROLLER, Node};
use super::scene::Scene;
use super::settings::shown;
use crate::engine::compose::kafka_env::IMAGE_CLUSTER_ID;
use crate::kafka::cluster_id;
use crate::phrase::Phrase;

pub(super) fn findings(scene: &Scene<'_>, node: &Node<'_>) -> Vec<Finding> {
    let rules =
        [roles(node), id(node), same_id(scene, node), cluster_id(node), other_cluster(scene, node)];
    rules.into_iter().flatten().collect()
}

fn roles(node: &Node<'_>) -> Option<Finding> {
    let settings = &node.settings;
    let Some(roles) = settings.get("process.roles") else {
        return Some(match settings.get("zookeeper.connect") {
            Some(zookeeper) => zookeeper.finding("zookeeper-removed", text::zookeeper()),
            None => settings.missing("process-roles-missing", "process.roles", text::no_roles()),
        });
    };
    let is_role = |item: &str| [BROKER, CONTROLLER].contains(&item.trim());
    let unknown = roles.value.split(',').find(|item| !is_role(item))?;
    let why = text::no_role(&shown(unknown.trim()));
    Some(roles.finding("process-roles-unknown", why))
}

fn id(node: &Node<'_>) -> Option<Finding> {
    let settings = &node.settings;
    let Some(id) = node.id_setting() else {
        return Some(settings.missing("node-id-missing", "node.id", text::no_id()));
    };
    if node.id().is_none() {
        return Some(id.finding("node-id-malformed", text::bad_id()));
    }
    let older = settings.get("broker.id").filter(|older| older.value != id.value)?;
    Some(older.finding("node-id-differs", text::two_ids(&shown(id.value))))
}

/// Another node of the same quorum that has the id, further up in the file.
fn same_id(scene: &Scene<'_>, node: &Node<'_>) -> Option<Finding> {
    let (id, quorum) = (node.id()?, node.quorum()?);
    let before = scene.nodes.iter().take_while(|n| n.service.name != node.service.name);
    let first =
        before.into_iter().find(|n| n.id() == Some(id) && n.quorum().as_ref() == Some(&quorum))?;
    let why = text::same_id(&shown(&first.service.name));
    Some(node.id_setting()?.finding("node-id-twice", why))
}

/// The cluster id, where the version of Kafka looks at it: from 4.0 on it takes any text.
fn cluster_id(node: &Node<'_>) -> Option<Finding> {
    let image = &node.service.image.value;
    let (is_confluents, major) = match image_name(image) {
        (_, "cp-kafka" | "cp-server") => (true, major_version(image)?),
        _ => (false, major_version(image)?),
    };
    let Some(set) = node.service.variable("CLUSTER_ID").filter(|id| !id.value.is_empty()) else {
        // Apache's image has an id for whoever names none.
        return is_confluents.then(|| Finding {
            id: "cluster-id-missing",
            position: node.service.position,
            observed: text::no_cluster_id(&shown(&node.service.name)),
            why: text::needs_cluster_id(),
        });
    };
    let is_looked_at = major < if is_confluents { 8 } else { 4 };
    (is_looked_at && cluster_id::bytes(&set.value).is_none()).then(|| Finding {
        id: "cluster-id-malformed",
        position: set.position,
        observed: Phrase::same(format!("CLUSTER_ID: {}", shown(&set.value))),
        why: text::no_uuid(),
    })
}

/// A node whose id is not that of the first node of its quorum.
fn other_cluster(scene: &Scene<'_>, node: &Node<'_>) -> Option<Finding> {
    let quorum = node.quorum()?;
    let first = scene.nodes.iter().find(|n| n.quorum().as_ref() == Some(&quorum))?;
    let id = |n: &Node<'_>| n.settings.other("CLUSTER_ID").unwrap_or(IMAGE_CLUSTER_ID).to_owned();
    let (own, firsts) = (id(node), id(first));
    let place = node.service.variable("CLUSTER_ID").map_or(node.service.position, |v| v.position);
    (own != firsts).then(|| Finding {
        id: "cluster-id-differs",
        position: place,
        observed: Phrase::same(format!("CLUSTER_ID: {}", shown(&own))),
        why: text::other_cluster(&shown(&first.service.name), &shown(&firsts)),
    })
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn zookeeper() -> Phrase {
        phrase!(
            "Kafka 4.0 removed ZooKeeper: without KAFKA_PROCESS_ROLES the node ends with `Missing required configuration \"process.roles\"`",
            "Kafka 4.0 已移除 ZooKeeper：没有 KAFKA_PROCESS_ROLES，节点会退出，报 `Missing required configuration \"process.roles\"`"
        )
    }

    pub fn no_roles() -> Phrase {
        phrase!(
            "once any KAFKA_ variable is set, the image's own defaults no longer hold, and the node ends with `Missing required configuration \"process.roles\"`",
            "只要设置了任何一个 KAFKA_ 变量，镜像自带的默认配置就不再生效，节点会退出，报 `Missing required configuration \"process.roles\"`"
        )
    }

    pub fn no_role(role: &str) -> Phrase {
        phrase!(
            "{role} is no role: Kafka knows `broker` and `controller`, small letters, and ends",
            "{role} 不是角色：Kafka 只认小写的 `broker` 和 `controller`，节点会退出"
        )
    }

    pub fn no_id() -> Phrase {
        phrase!(
            "a node has to say who it is: Kafka ends with `Missing required configuration \"node.id\"`",
            "节点必须说明自己是谁：Kafka 会退出，报 `Missing required configuration \"node.id\"`"
        )
    }

    pub fn bad_id() -> Phrase {
        phrase!(
            "an id is a whole number from 0 to 2147483647; with anything else Kafka ends",
            "节点 id 是 0 到 2147483647 的整数，写成别的，Kafka 会退出"
        )
    }

    pub fn two_ids(id: &str) -> Phrase {
        phrase!(
            "node.id is {id}: Kafka ends with `You must set node.id to the same value as broker.id`",
            "node.id 是 {id}：Kafka 会退出，报 `You must set node.id to the same value as broker.id`"
        )
    }

    pub fn same_id(first: &str) -> Phrase {
        phrase!(
            "{first} has this id already: two nodes of one cluster cannot both be it, and one of them is turned away",
            "{first} 已经用了这个 id：同一个集群里两个节点不能同名，其中一个会被拒绝"
        )
    }

    pub fn no_cluster_id(service: &str) -> Phrase {
        phrase!(
            "the service {service} does not set CLUSTER_ID",
            "服务 {service} 没有设置 CLUSTER_ID"
        )
    }

    pub fn needs_cluster_id() -> Phrase {
        phrase!(
            "Confluent's image formats the data folder with this id, has none of its own, and stops without it",
            "Confluent 的镜像用这个 id 格式化数据目录，自己没有默认值，缺了就停止"
        )
    }

    pub fn no_uuid() -> Phrase {
        phrase!(
            "the id is not 16 bytes in URL-safe base64, 22 characters: `kafka-storage format` of this version refuses it, and the container ends",
            "它不是 16 字节的 URL 安全 base64（22 个字符）：这个版本的 `kafka-storage format` 会拒绝它，容器随即退出"
        )
    }

    pub fn other_cluster(first: &str, id: &str) -> Phrase {
        phrase!(
            "{first} is of the cluster {id}: nodes of one quorum have one cluster id, and refuse each other with INCONSISTENT_CLUSTER_ID otherwise",
            "{first} 属于集群 {id}：同一个仲裁组的节点必须有同一个集群 id，否则会以 INCONSISTENT_CLUSTER_ID 互相拒绝"
        )
    }
}
