//! Whole files: good ones with what is read of them; bad ones are in the modules below.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::*;

mod faults;
mod limits;

/// The environment of one node, as it ships.
pub(super) const KRAFT_SINGLE: &str = include_str!("../../../compose/kraft-single.yaml");

/// The service with these lines in it.
pub(super) fn service(lines: &str) -> Service {
    let text = file_of(lines);
    match read(&text) {
        Ok(mut file) => file.services.remove(0),
        Err(error) => panic!("{error}\n{text}"),
    }
}

/// A file with the service `s`, whose lines begin at line 3, column 5.
fn file_of(lines: &str) -> String {
    let mut text = String::from("services:\n  s:\n");
    for line in lines.lines() {
        writeln!(text, "    {line}").unwrap();
    }
    text
}

fn variables() -> BTreeMap<String, String> {
    BTreeMap::from([("SET".into(), "value".into()), ("PORT".into(), "19092".into())])
}

fn read(text: &str) -> Result<ComposeFile, ComposeError> {
    parse("f.yaml", text, &variables())
}

/// Place and code of a file's fault.
fn fault(text: &str) -> String {
    match read(text) {
        Ok(_) => "read".to_owned(),
        Err(error) => format!("{} {}", error.position, error.fault.code()),
    }
}

/// Place and code of a fault in the lines of a service that has an image on line 3.
fn fault_in(lines: &str) -> String {
    fault(&file_of(&format!("image: i\n{lines}")))
}

fn values(pairs: &[(String, Spanned<String>)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.value.as_str())).collect()
}

#[test]
fn the_single_node_file_is_read() {
    let file = parse("compose/kraft-single.yaml", KRAFT_SINGLE, &BTreeMap::new()).unwrap();
    assert_eq!(file.name.as_deref(), Some("kraft-single"));
    assert_eq!(file.services.len(), 1);
    let kafka = file.service("kafka").unwrap();
    assert_eq!(kafka.image.value, "apache/kafka:4.3.1");
    assert_eq!(kafka.image.position, Position { line: 11, column: 12 });
    assert_eq!(kafka.position, Position { line: 10, column: 3 });
    assert_eq!(kafka.hostname.as_deref(), Some("kafka"));
    assert_eq!(kafka.stop_grace_period, Some(Duration::from_secs(15)));
    let port = kafka.published(9092).unwrap();
    assert_eq!(port.host_address, Some(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    assert_eq!((port.host_port, port.position), (Some(9092), Position { line: 16, column: 9 }));
    assert!(kafka.ports.iter().all(PortMapping::is_loopback));
    assert_eq!(kafka.published(29092), None);
    let node_id = kafka.variable("KAFKA_NODE_ID").unwrap();
    assert_eq!(
        (node_id.value.as_str(), node_id.position),
        ("1", Position { line: 22, column: 22 })
    );
    assert_eq!(kafka.variable("KAFKA_AUTO_CREATE_TOPICS_ENABLE").unwrap().value, "false");
    let mounted: Vec<_> =
        kafka.volumes.iter().map(|mount| (&mount.source, mount.target.as_str())).collect();
    let named = |name: &str| Source::Volume(name.to_owned());
    assert_eq!(
        mounted,
        [
            (&named("kafka-data"), "/var/lib/kafka/data"),
            (&named("kafka-config"), "/mnt/shared/config"),
            (&named("kafka-secrets"), "/etc/kafka/secrets"),
        ]
    );
    assert_eq!(file.volumes.len(), 3);
    assert!(file.networks.is_empty());
}

#[test]
fn variables_move_ports_and_addresses_of_the_single_node_file() {
    let variables = BTreeMap::from([("KAFKA_PORT".to_owned(), "29999".to_owned())]);
    let file = parse("f", KRAFT_SINGLE, &variables).unwrap();
    let kafka = file.service("kafka").unwrap();
    assert_eq!(kafka.published(29999).unwrap().host_port, Some(29999));
    let advertised = kafka.variable("KAFKA_ADVERTISED_LISTENERS").unwrap();
    let listeners = parse_listeners(&advertised.value).unwrap();
    assert_eq!(listeners[1].to_string(), "EXTERNAL://localhost:29999");
}

#[test]
fn map_and_list_forms_are_equal() {
    let map = service(
        "image: i\nenvironment:\n  A: b\n  N: 1\n  T: true\n  E: ''\n  Q: a=b\n  SET:\n\
         labels: {x.y: z, empty: }\nextra_hosts:\n  h: 10.0.0.1\n  six: ::1",
    );
    let list = service(
        "image: i\nenvironment:\n  - A=b\n  - N=1\n  - T=true\n  - E=\n  - Q=a=b\n  - SET\n\
         labels: [x.y=z, empty]\nextra_hosts:\n  - h:10.0.0.1\n  - six=::1",
    );
    let expected =
        [("A", "b"), ("N", "1"), ("T", "true"), ("E", ""), ("Q", "a=b"), ("SET", "value")];
    assert_eq!(values(&map.environment), expected);
    assert_eq!(values(&list.environment), expected);
    assert_eq!(values(&map.labels), [("x.y", "z"), ("empty", "")]);
    assert_eq!(values(&list.labels), values(&map.labels));
    assert_eq!(values(&map.extra_hosts), [("h", "10.0.0.1"), ("six", "::1")]);
    assert_eq!(values(&list.extra_hosts), values(&map.extra_hosts));
}

#[test]
fn scalars_keep_their_source_text() {
    let read =
        service("image: i\nenvironment: {A: 0x1F, B: 1e3, C: 007, D: 'null', E: Yes, F: 1.10}");
    let expected =
        [("A", "0x1F"), ("B", "1e3"), ("C", "007"), ("D", "null"), ("E", "Yes"), ("F", "1.10")];
    assert_eq!(values(&read.environment), expected);
}

#[test]
fn long_and_short_ports_are_equal() {
    let long = service(
        "image: i\nports:\n  - target: 9092\n    published: \"${PORT}\"\n    host_ip: 127.0.0.1\n    \
         protocol: tcp",
    );
    let short = service("image: i\nports: ['127.0.0.1:${PORT}:9092/tcp']");
    let plain = |service: &Service| {
        let port = service.published(9092).unwrap().clone();
        (port.host_address, port.host_port, port.is_loopback())
    };
    assert_eq!(plain(&long), plain(&short));
    assert_eq!(plain(&long).1, Some(19092));
    assert!(!service("image: i\nports: [9092:9092]").ports[0].is_loopback());
    assert!(!service("image: i\nports: [9092]").ports[0].is_loopback());
}

#[test]
fn every_kind_of_mount_is_read() {
    let text = file_of(
        "image: i\nvolumes:\n  - v:/a\n  - ./x.properties:/b:ro\n  - {type: tmpfs, target: /c}\n  \
         - {type: volume, source: v, target: /d, read_only: true}\n  \
         - {type: bind, source: /h, target: /e}\ntmpfs: ['/f:size=64m', /g]",
    ) + "volumes:\n  v:\n";
    let file = read(&text).unwrap();
    let volume = || Source::Volume("v".into());
    let expected = [
        (volume(), "/a", false, 5),
        (Source::Bind("./x.properties".into()), "/b", true, 6),
        (Source::Tmpfs, "/c", false, 7),
        (volume(), "/d", true, 8),
        (Source::Bind("/h".into()), "/e", false, 9),
        (Source::Tmpfs, "/f", false, 10),
        (Source::Tmpfs, "/g", false, 10),
    ];
    let mounts = file.services[0].volumes.iter();
    let found: Vec<_> = mounts
        .map(|m| (m.source.clone(), m.target.as_str(), m.read_only, m.position.line))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn configs_are_read_in_both_forms_and_their_contents_hold_variables() {
    let text = file_of("image: i\nconfigs:\n  - a\n  - {source: b, target: /etc/b.properties}")
        + "configs:\n  a:\n    content: |\n      # ${SET}\n      x=$$1\n  b: {file: ./b}\n";
    let file = read(&text).unwrap();
    let mounted = file.services[0].configs.iter();
    let mounted: Vec<_> =
        mounted.map(|c| (c.config.as_str(), c.target.as_str(), c.position.line)).collect();
    assert_eq!(mounted, [("a", "/a", 5), ("b", "/etc/b.properties", 6)]);
    let s = &file.services[0];
    assert_eq!(file.config_at(s, "/a"), Some("# value\nx=$1\n"));
    assert_eq!((file.config_at(s, "/etc/b.properties"), file.config_at(s, "/b")), (None, None));
    assert_eq!(file.configs[1].file.as_ref().unwrap().value, "./b");
}

#[test]
fn commands_are_words_in_both_forms() {
    let text = service("image: i\nentrypoint: /bin/sh -c 'a b'\ncommand: [run, '', 1]");
    assert_eq!(text.entrypoint.unwrap(), ["/bin/sh", "-c", "a b"]);
    assert_eq!(text.command.unwrap(), ["run", "", "1"]);
    let none = service("image: i\nentrypoint:\ncommand: []");
    assert_eq!((none.entrypoint, none.command), (None, Some(Vec::new())));
}

#[test]
fn the_rest_of_a_service_is_read() {
    let text = "services:\n  a:\n    image: i\n    container_name: c\n    user: '1000'\n    \
                init: true\n    mem_limit: 512m\n    restart: on-failure:3\n    \
                stop_signal: SIGINT\n    networks: {back: {aliases: [x, y]}, default: }\n    \
                depends_on: {b: {condition: service_healthy, required: true}}\n    \
                healthcheck: {test: [CMD, x], interval: 5s, retries: 3}\n  b:\n    image: j\n    \
                depends_on: [c]\n    healthcheck: {disable: true}\n  c: {image: k}\n\
                networks: {back: {driver: bridge, name: n}}\nx-any: {thing: [1]}\n";
    let file = read(text).unwrap();
    let [a, b, c] = &file.services[..] else { panic!("three services") };
    assert_eq!(a.container_name.as_deref(), Some("c"));
    assert_eq!(a.user.as_deref(), Some("1000"));
    assert_eq!((a.init, a.mem_limit), (Some(true), Some(512 << 20)));
    assert_eq!(a.restart.as_deref(), Some("on-failure:3"));
    assert_eq!(a.stop_signal.as_deref(), Some("SIGINT"));
    assert_eq!(a.aliases, ["x", "y"]);
    let names = |list: &[Spanned<String>]| list.iter().map(|s| s.value.clone()).collect::<Vec<_>>();
    assert_eq!(names(&a.networks), ["back", "default"]);
    assert_eq!((names(&a.depends_on), names(&b.depends_on)), (vec!["b".into()], vec!["c".into()]));
    assert_eq!((a.healthcheck, b.healthcheck, c.healthcheck), (true, false, false));
    assert_eq!(file.networks[0].name.as_deref(), Some("n"));
}

#[test]
fn anchors_aliases_and_merge_keys_are_resolved() {
    let text = "x-common: &common {KAFKA_A: 1, KAFKA_B: 2}\nx-more: &more {KAFKA_B: 3, KAFKA_C: 4}\n\
                services:\n  s:\n    image: &image apache/kafka\n    environment:\n      \
                <<: [*common, *more]\n      KAFKA_A: 5\n  t:\n    image: *image\n    \
                environment: *common\n";
    let file = read(text).unwrap();
    let expected = [("KAFKA_A", "5"), ("KAFKA_B", "2"), ("KAFKA_C", "4")];
    assert_eq!(values(&file.services[0].environment), expected);
    assert_eq!(file.services[1].image.value, "apache/kafka");
    assert_eq!(values(&file.services[1].environment), [("KAFKA_A", "1"), ("KAFKA_B", "2")]);
}

#[test]
fn keys_hold_no_variables_and_an_emptied_value_is_not_null() {
    let read = service("image: i\nenvironment:\n  $NONE: a\n  B: ${NONE-}\n  C: ${SET+~}");
    assert_eq!(values(&read.environment), [("$NONE", "a"), ("B", ""), ("C", "~")]);
}

#[test]
fn what_says_nothing_about_the_node_is_read_and_passed_over() {
    let read = service(
        "image: i\nexpose: [9092, '9093-9094/tcp']\n\
         logging: {driver: json-file, options: {max-size: 10m, max-file: 3}}\n\
         ulimits: {nproc: 65535, nofile: {soft: 20000, hard: 40000}}\n\
         deploy: {resources: {limits: {cpus: '1.5', memory: 1g}, reservations: {memory: 512m}}}\n\
         cpus: 0.5\nmem_reservation: 256m\npull_policy: never\nplatform: linux/amd64\n\
         privileged: false\ntty: true\nstdin_open: true\nx-note: {any: [thing]}",
    );
    assert_eq!(read, Service { ..service("image: i") });
    let versioned = self::read(
        "version: '3.8'\nservices: {s: {image: i}}\n\
                                volumes: {v: {driver: local}}",
    )
    .unwrap();
    assert_eq!(versioned.volumes.len(), 1);
}

#[test]
fn a_health_check_keeps_what_it_runs() {
    let test = |written: &str| {
        let read = service(&format!("image: i\nhealthcheck: {{test: {written}}}"));
        (read.healthcheck, read.health_test.map(|test| test.value.join("|")))
    };
    assert_eq!(test("[CMD, a, b]"), (true, Some("CMD|a|b".to_owned())));
    assert_eq!(test("'a || exit 1'"), (true, Some("CMD-SHELL|a || exit 1".to_owned())));
    assert_eq!(test("[NONE]"), (false, None));
}
