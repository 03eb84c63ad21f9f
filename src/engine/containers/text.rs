//! What the containers engine tells a learner.

use crate::engine::cluster::Cluster;
use crate::phrase;
use crate::phrase::Phrase;

pub(super) fn starting(cluster: &Cluster) -> Phrase {
    let (version, count) = (&cluster.kafka_version, cluster.nodes.len());
    let containers = if count == 1 { "container" } else { "containers" };
    phrase!(
        "starting Kafka {version}, {count} {containers}",
        "正在启动 Kafka {version}，{count} 个容器"
    )
}

pub(super) fn fetching(image: &str) -> Phrase {
    phrase!("fetching the image {image}", "正在获取镜像 {image}")
}

pub(super) fn left_behind(environment: &str) -> Phrase {
    phrase!(
        "docker does not answer: what is left of {environment} goes with the next kafka-workbook env down --all",
        "docker 没有响应：{environment} 留下的东西会在下次 kafka-workbook env down --all 时移除"
    )
}

pub(super) fn not_looked() -> Phrase {
    phrase!(
        "docker does not answer: containers of this home were not looked for",
        "docker 没有响应：没有查找属于这个主目录的容器"
    )
}
