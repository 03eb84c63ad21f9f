//! Expectations marked *measured* are what `KafkaDockerWrapper setup` of Kafka 4.3.1 wrote for
//! the same variables, read back with `java.util.Properties`.

use std::collections::BTreeMap;

use super::script::any_host;
use super::*;
use crate::engine::compose::gallery::{KRAFT_SINGLE, service};
use crate::engine::compose::{Position, Spanned, parse};

fn with(variables: &[(&str, &str)]) -> Service {
    let mut service = service("image: i");
    for (index, (name, value)) in variables.iter().enumerate() {
        let position = Position { line: index + 1, column: 1 };
        let value = Spanned { value: (*value).to_owned(), position };
        service.environment.push(((*name).to_owned(), value));
    }
    service
}

fn properties(variables: &[(&str, &str)]) -> Vec<(String, String)> {
    let properties = server_properties(&with(variables)).unwrap();
    properties.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

fn fault(variables: &[(&str, &str)]) -> (usize, Fault) {
    let error = server_properties(&with(variables)).unwrap_err();
    (error.position.line, *error.fault)
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn missing(name: &'static str, because: &str) -> Fault {
    Fault::EnvironmentIncomplete { name, because: because.into() }
}

/// Measured: the same 29 lines, there in hash order.
#[test]
fn the_single_node_file_gives_what_the_image_gives() {
    let file = parse("f", KRAFT_SINGLE, &BTreeMap::new()).unwrap();
    let server = server_properties(file.service("kafka").unwrap()).unwrap();
    let expected = "\
node.id=1
process.roles=broker,controller
controller.quorum.voters=1@kafka:9093
listeners=INTERNAL://0.0.0.0:29092,EXTERNAL://0.0.0.0:9092,CONTROLLER://0.0.0.0:9093
advertised.listeners=INTERNAL://kafka:29092,EXTERNAL://localhost:9092
listener.security.protocol.map=INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=INTERNAL
controller.listener.names=CONTROLLER
log.dirs=/var/lib/kafka/data
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=5
offsets.topic.segment.bytes=1073741824
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=5
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=4194304
log.retention.check.interval.ms=1000
log.cleaner.backoff.ms=1000
log.segment.delete.delay.ms=1000
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
metadata.log.max.snapshot.interval.ms=0
metadata.max.retention.ms=-1
metadata.max.retention.bytes=-1
metadata.log.max.record.bytes.between.snapshots=9223372036854775807
controller.quorum.append.linger.ms=0
";
    assert_eq!(server.to_properties_text(), expected);
    assert_eq!(server.cluster_id(), Some("a2Fma2Etd29ya2Jvb2suMQ"));
    assert_eq!(server.heap_opts(), Some("-Xms128m -Xmx384m"));
    assert_eq!(server.jvm_opts(), Vec::<&str>::new());
}

/// Measured.
#[test]
fn underscores_become_dots_underscores_and_dashes_longest_first() {
    let variables = [
        ("KAFKA_A_B", "1"),
        ("KAFKA_A__B", "2"),
        ("KAFKA_A___B", "3"),
        ("KAFKA_A____B", "4"),
        ("KAFKA_A_____B", "5"),
        ("KAFKA_A______B", "6"),
        ("KAFKA__X", "7"),
        ("KAFKA_X_", "8"),
        ("KAFKA_KAFKA_Y", "9"),
        ("KAFKA_Z_KAFKA_W", "10"),
        ("KAFKA_Mixed_Case", "12"),
        ("kafka_lower", "13"),
        ("XKAFKA_Q", "14"),
    ];
    let expected = [
        ("a.b", "1"),
        ("a_b", "2"),
        ("a-b", "3"),
        ("a-.b", "4"),
        ("a-_b", "5"),
        ("a--b", "6"),
        (".x", "7"),
        ("x.", "8"),
        // Early images took off every KAFKA_, not the first alone.
        ("kafka.y", "9"),
        ("z.kafka.w", "10"),
        ("mixed.case", "12"),
    ];
    assert_eq!(properties(&variables), pairs(&expected));
}

/// Measured.
#[test]
fn excluded_variables_are_no_properties_and_their_neighbours_are() {
    let excluded = EXCLUDED.iter().map(|name| (*name, "1"));
    let neighbours = [
        ("KAFKA_JMX_PORT", "12"),
        ("KAFKA_HEAP_OPT", "2b"),
        ("KAFKA_LOG4J_CFG_OPTS", "13"),
        ("KAFKA_LOG4J_ROOT_LOGLEVELS", "15"),
        ("CLUSTER_ID", "14"),
    ];
    let variables: Vec<_> = excluded.chain(neighbours).collect();
    let expected = [
        ("jmx.port", "12"),
        ("heap.opt", "2b"),
        ("log4j.cfg.opts", "13"),
        ("log4j.root.loglevels", "15"),
    ];
    assert_eq!(properties(&variables), pairs(&expected));
}

/// Measured, but for the value beyond ASCII, which the image garbles.
#[test]
fn values_are_lines_of_a_properties_file() {
    let variables = [
        ("KAFKA_A", "  lead and trail  "),
        ("KAFKA_B", "back\\slash\\tTab"),
        ("KAFKA_C", "two\nlines=yes"),
        ("KAFKA_D", "x=y:z#!"),
        ("KAFKA_E", "中文é"),
        ("KAFKA_F", ""),
        (
            "KAFKA_LISTENER_NAME_EXTERNAL_SCRAM___SHA___256_SASL_JAAS_CONFIG",
            "x password=\"b\\\"c\";",
        ),
    ];
    let expected = [
        ("a", "lead and trail  "),
        ("b", "backslash\tTab"),
        ("c", "two"),
        ("lines", "yes"),
        ("d", "x=y:z#!"),
        ("e", "中文é"),
        ("f", ""),
        ("listener.name.external.scram-sha-256.sasl.jaas.config", "x password=\"b\"c\";"),
    ];
    assert_eq!(properties(&variables), pairs(&expected));
}

#[test]
fn what_the_image_would_get_wrong_in_silence_is_an_error() {
    let (line, fault_) = fault(&[("KAFKA_A", "1"), ("KAFKA_G", "end\\")]);
    assert!(matches!(fault_, Fault::NotAProperty { ref name, .. } if name == "KAFKA_G"));
    assert_eq!(line, 2);
    assert!(matches!(fault(&[("KAFKA_U", "\\u12")]).1, Fault::NotAProperty { .. }));
    assert_eq!(fault(&[("KAFKA_", "1")]), (1, Fault::NamelessProperty));
    let twice = Fault::PropertyTwice {
        property: "node.id".into(),
        variables: ["KAFKA_NODE_ID".into(), "KAFKA_node_ID".into()],
    };
    assert_eq!(fault(&[("KAFKA_NODE_ID", "1"), ("KAFKA_node_ID", "2")]), (2, twice));
}

#[test]
fn a_value_of_too_many_lines_is_refused() {
    let lines = "a=1\n".repeat(MAX_LINES);
    assert_eq!(fault(&[("KAFKA_A", &lines)]).1, Fault::TooManyValues { limit: MAX_LINES });
}

#[test]
fn without_settings_the_image_default_holds() {
    let server = server_properties(&with(&[("CLUSTER_ID", ""), ("TZ", "UTC")])).unwrap();
    assert!(server.is_empty());
    assert_eq!(server.cluster_id(), None);
}

/// Measured: `echo … | sed -e 's|://[^:]*:|://0.0.0.0:|g'`.
#[test]
fn listeners_come_from_the_advertised_ones() {
    let advertised = "KAFKA_ADVERTISED_LISTENERS";
    let listeners = |variables: &[(&str, &str)]| {
        server_properties(&with(variables)).unwrap().get("listeners").map(str::to_owned)
    };
    let hosts = "A://kafka-1.lan:9092,B://:1,C://127.0.0.1:2";
    let any = "A://0.0.0.0:9092,B://0.0.0.0:1,C://0.0.0.0:2";
    assert_eq!(listeners(&[(advertised, hosts)]).as_deref(), Some(any));
    assert_eq!(listeners(&[("KAFKA_LISTENERS", ""), (advertised, hosts)]).as_deref(), Some(any));
    assert_eq!(
        listeners(&[("KAFKA_LISTENERS", "A://x:1"), (advertised, hosts)]).as_deref(),
        Some("A://x:1")
    );
    assert_eq!(any_host("A://[::1]:9092"), "A://0.0.0.0::1]:9092");
    assert_eq!(any_host("A://noport"), "A://noport");
}

#[test]
fn a_controller_alone_advertises_nothing() {
    let roles = ("KAFKA_PROCESS_ROLES", "controller");
    assert_eq!(
        fault(&[roles, ("KAFKA_ADVERTISED_LISTENERS", "A://x:1")]),
        (2, Fault::ControllerAdvertises)
    );
    let expected = pairs(&[("process.roles", "controller")]);
    assert_eq!(properties(&[roles, ("KAFKA_ADVERTISED_LISTENERS", "")]), expected);
}

#[test]
fn an_ssl_listener_demands_its_stores() {
    let listener = ("KAFKA_ADVERTISED_LISTENERS", "SSL://x:1");
    let store = ("KAFKA_SSL_KEYSTORE_FILENAME", "k.jks");
    let key = ("KAFKA_SSL_KEY_CREDENTIALS", "key.pw");
    let password = ("KAFKA_SSL_KEYSTORE_CREDENTIALS", "store.pw");
    let auth = ("KAFKA_SSL_CLIENT_AUTH", "required");
    let trust = ("KAFKA_SSL_TRUSTSTORE_FILENAME", "t.jks");
    let trusted = ("KAFKA_SSL_TRUSTSTORE_CREDENTIALS", "trust.pw");
    let all = [listener, store, key, password, auth, trust, trusted];

    for (given, demanded, because) in [
        (1, store.0, "SSL://x:1"),
        (2, key.0, "SSL://x:1"),
        (3, password.0, "SSL://x:1"),
        (5, trust.0, "required"),
        (6, trusted.0, "required"),
    ] {
        assert_eq!(fault(&all[..given]).1, missing(demanded, because));
    }
    let server = server_properties(&with(&all)).unwrap();
    assert_eq!(server.get("ssl.keystore.location"), Some("/etc/kafka/secrets/k.jks"));
    assert_eq!(server.get("ssl.truststore.location"), Some("/etc/kafka/secrets/t.jks"));
    let files: Vec<_> =
        server.secret_files().iter().map(|file| (file.property, file.path.as_str())).collect();
    let expected = [
        ("ssl.key.password", "/etc/kafka/secrets/key.pw"),
        ("ssl.keystore.password", "/etc/kafka/secrets/store.pw"),
        ("ssl.truststore.password", "/etc/kafka/secrets/trust.pw"),
    ];
    assert_eq!(files, expected);
}

/// The rule looks at the name in front of `://`, not at the protocol map.
#[test]
fn a_listener_called_sasl_demands_jvm_options() {
    let listener = ("KAFKA_ADVERTISED_LISTENERS", "SASL_PLAINTEXT://x:1");
    assert_eq!(fault(&[listener]), (1, missing("KAFKA_OPTS", "SASL_PLAINTEXT://x:1")));
    assert_eq!(fault(&[listener, ("KAFKA_OPTS", "")]).1, missing("KAFKA_OPTS", listener.1));
    let server = server_properties(&with(&[listener, ("KAFKA_OPTS", "-Da=b  -Dc=d")])).unwrap();
    assert_eq!(server.jvm_opts(), ["-Da=b", "-Dc=d"]);
    assert!(server_properties(&with(&[("KAFKA_ADVERTISED_LISTENERS", "CLIENT://x:1")])).is_ok());
}

#[test]
fn jvm_options_keep_the_start_script_s_order() {
    let server = server_properties(&with(&[
        ("KAFKA_OPTS", "-Dlast"),
        ("KAFKA_JMX_OPTS", "-Djmx"),
        ("KAFKA_GC_LOG_OPTS", "-Xlog:gc"),
        ("KAFKA_JVM_PERFORMANCE_OPTS", "-server -XX:+UseG1GC"),
        ("KAFKA_LOG4J_ROOT_LOGLEVEL", "WARN"),
    ]))
    .unwrap();
    assert_eq!(server.jvm_opts(), ["-server", "-XX:+UseG1GC", "-Xlog:gc", "-Djmx", "-Dlast"]);
    assert_eq!(server.other("KAFKA_LOG4J_ROOT_LOGLEVEL"), Some("WARN"));
    assert_eq!(server.heap_opts(), None);
}
