use std::collections::BTreeMap;

use super::*;
use crate::engine::compose;

const KRAFT_SINGLE: &str = include_str!("../../../../compose/kraft-single.yaml");

fn laid_out(text: &str) -> Result<Layout, LayoutError> {
    let variables = BTreeMap::from([
        ("KAFKA_PORT".to_owned(), "20092".to_owned()),
        ("KAFKA_CONTROLLER_PORT".to_owned(), "20093".to_owned()),
    ]);
    let file = compose::parse("test.yaml", text, &variables).map_err(ServiceError::File)?;
    lay_out(&file, Path::new("/env"), [33, 44])
}

#[test]
fn what_is_for_this_machine_binds_to_localhost_and_all_else_to_the_nodes_own_address() {
    let layout = laid_out(KRAFT_SINGLE).unwrap();
    let node = &layout.nodes[0];
    assert_eq!(
        node.properties.get("listeners"),
        Some(
            "INTERNAL://127.33.44.2:29092,EXTERNAL://127.0.0.1:20092,CONTROLLER://127.33.44.2:20093"
        )
    );
    assert_eq!(node.client_address.as_deref(), Some("localhost:20092"));
    assert_eq!(node.controller_address.as_deref(), Some("127.33.44.2:20093"));
}

#[test]
fn names_that_the_file_advertises_stay_and_resolve_to_the_nodes_address() {
    let layout = laid_out(KRAFT_SINGLE).unwrap();
    let node = &layout.nodes[0];
    assert_eq!(
        node.properties.get("advertised.listeners"),
        Some("INTERNAL://kafka:29092,EXTERNAL://localhost:20092")
    );
    assert_eq!(node.properties.get("controller.quorum.voters"), Some("1@kafka:20093"));
    assert_eq!(node.host_names, ["kafka"]);
}

#[test]
fn nothing_ever_binds_beyond_loopback() {
    let open = KRAFT_SINGLE.replace("127.0.0.1:${KAFKA_PORT", "0.0.0.0:${KAFKA_PORT");
    for text in [KRAFT_SINGLE, &open] {
        let layout = laid_out(text).unwrap();
        assert!(
            layout.nodes.iter().flat_map(|n| &n.binds).all(|(address, _)| address.is_loopback())
        );
        assert_eq!(layout.nodes[0].binds.len(), 3);
    }
}

#[test]
fn a_volume_becomes_a_folder_and_what_lies_on_none_belongs_to_the_node() {
    let layout = laid_out(KRAFT_SINGLE).unwrap();
    assert_eq!(layout.nodes[0].properties.get("log.dirs"), Some("/env/volumes/kafka-data"));
    let elsewhere = KRAFT_SINGLE
        .replace("KAFKA_LOG_DIRS: /var/lib/kafka/data", "KAFKA_LOG_DIRS: /data/a,/data/b");
    assert_eq!(
        laid_out(&elsewhere).unwrap().nodes[0].properties.get("log.dirs"),
        Some("/env/nodes/kafka/root/data/a,/env/nodes/kafka/root/data/b")
    );
    let unset =
        KRAFT_SINGLE.replace("KAFKA_LOG_DIRS: /var/lib/kafka/data", "KAFKA_NUM_IO_THREADS: 4");
    assert_eq!(
        laid_out(&unset).unwrap().nodes[0].properties.get("log.dirs"),
        Some("/env/nodes/kafka/root/tmp/kafka-logs")
    );
}

#[test]
fn version_cluster_id_heap_and_grace_come_from_the_file() {
    let layout = laid_out(KRAFT_SINGLE).unwrap();
    assert_eq!(layout.kafka_version, "4.3.1");
    assert_eq!(layout.cluster_id, "a2Fma2Etd29ya2Jvb2suMQ");
    assert_eq!(layout.nodes[0].heap_options, ["-Xms128m", "-Xmx384m"]);
    assert_eq!(layout.nodes[0].grace, Duration::from_secs(15));
}

#[test]
fn an_image_that_is_no_kafka_is_refused_by_name() {
    let other = KRAFT_SINGLE.replace("apache/kafka:4.3.1", "postgres:15");
    let error = laid_out(&other).unwrap_err();
    assert_eq!(
        error,
        LayoutError::NotKafka { service: "kafka".to_owned(), image: "postgres:15".to_owned() }
    );
}

#[test]
fn a_node_without_an_id_is_refused() {
    let nameless = KRAFT_SINGLE.replace("KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: one");
    let error = laid_out(&nameless).unwrap_err();
    let setting = |e: &ServiceError| matches!(e, ServiceError::Setting { name: "node.id", .. });
    assert!(matches!(&error, LayoutError::Service(e) if setting(e)), "{error}");
}

#[test]
fn two_homes_get_networks_of_their_own() {
    let (one, other) = (network_of(Path::new("/home/a")), network_of(Path::new("/home/b")));
    assert_ne!(one, other);
    assert_eq!(one, network_of(Path::new("/home/a")));
    assert!(one[0] >= 16);
}

const ZOOKEEPER_SINGLE: &str = include_str!("../../../../compose/zookeeper-single.yaml");

#[test]
fn a_zookeeper_that_stands_alone_is_this_machines_under_its_name_too() {
    let layout = laid_out(ZOOKEEPER_SINGLE).unwrap();
    let [zookeeper, kafka] = &layout.nodes[..] else { panic!("two nodes") };
    assert_eq!((zookeeper.program, kafka.program), (Program::ZooKeeper, Program::Broker));
    assert_eq!((zookeeper.node_id, kafka.node_id), (None, Some(1)));
    assert_eq!(zookeeper.zookeeper_address.as_deref(), Some("localhost:9095"));
    assert_eq!(zookeeper.binds, [(Ipv4Addr::LOCALHOST, 9095)]);
    assert_eq!(
        (zookeeper.own_address, &zookeeper.host_names[..]),
        (Ipv4Addr::LOCALHOST, &["zookeeper".to_owned()][..])
    );
    assert_eq!(zookeeper.properties.get("clientPortAddress"), Some("127.0.0.1"));
    let dir = zookeeper.properties.get("dataDir");
    assert_eq!(dir, Some("/env/volumes/zookeeper-data/zookeeper"));
    assert_eq!(kafka.properties.get("log.dirs"), Some("/env/volumes/kafka-data/kafka"));
    assert_eq!(kafka.properties.get("zookeeper.connect"), Some("zookeeper:9095"));
    assert_eq!(kafka.client_address.as_deref(), Some("localhost:20092"));
    assert_eq!((&*layout.kafka_version, &*layout.cluster_id), ("3.9.2", ""));
    assert_eq!(zookeeper.heap_options, ["-Xms64m", "-Xmx256m"]);
}

#[test]
fn one_of_an_ensemble_and_one_behind_another_port_have_addresses_of_their_own() {
    let ensemble = ZOOKEEPER_SINGLE
        .replace("      tickTime=500\n", "      tickTime=500\n      server.1=a:1:2\n");
    let moved = ZOOKEEPER_SINGLE.replace("127.0.0.1:${ZOOKEEPER_PORT:-9095}", "127.0.0.1:12181");
    for text in [ensemble, moved] {
        assert_ne!(text, ZOOKEEPER_SINGLE);
        let layout = laid_out(&text).unwrap();
        let own = Ipv4Addr::new(127, 33, 44, 2);
        assert_eq!(layout.nodes[0].binds, [(own, 9095)]);
        assert_eq!(layout.nodes[0].zookeeper_address.as_deref(), Some("127.33.44.2:9095"));
    }
}
