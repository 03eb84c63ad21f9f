//! Files with one fault each, and its exact place.

use super::*;
use crate::problem::Explain;

#[test]
fn line_ends_of_other_systems_and_a_byte_order_mark_are_read() {
    let text = format!("\u{feff}{}", file_of("image: i\nbuild: .").replace('\n', "\r\n"));
    assert_eq!(fault(&text), "4:5 compose-not-supported");
}

#[test]
fn a_fault_of_the_file_stands_at_its_place() {
    let rows = [
        ("", "1:1 compose-missing-key"),
        ("# nothing\n", "1:1 compose-missing-key"),
        ("services:\n", "1:1 compose-missing-key"),
        ("name: A\nservices: {s: {image: i}}", "1:7 compose-malformed-value"),
        ("version: [3]\nservices: {s: {image: i}}", "1:10 compose-malformed-value"),
        ("services: [a]", "1:11 compose-malformed-value"),
        ("- services", "1:1 compose-malformed-value"),
        ("services: text", "1:11 compose-malformed-value"),
        ("services:\n  s:\n", "2:3 compose-missing-key"),
        ("services:\n  s p:\n    image: i", "2:3 compose-malformed-value"),
        ("services:\n  s: {image: }", "2:7 compose-malformed-value"),
        ("services:\n  s: {image: ''}", "2:14 compose-malformed-value"),
        ("services:\n  s: {image: [i]}", "2:14 compose-malformed-value"),
        ("services: {s: {image: i}}\nservices: {}", "2:1 compose-duplicate-key"),
        ("services: {s: {image: i}, s: {image: j}}", "1:27 compose-duplicate-key"),
        ("services: {s: {image: i}}\n---\na: b", "2:1 compose-second-document"),
        ("services: {s: {image: !!str i}}", "1:23 compose-tag"),
        ("services: !override {s: {image: i}}", "1:11 compose-tag"),
        ("? [a]\n: b", "1:3 compose-key-not-text"),
        ("~: b", "1:1 compose-key-not-text"),
        ("a: &a {b: *a}", "1:11 compose-alias-of-itself"),
        ("a: *a", "1:4 compose-syntax"),
        ("a: [1", "1:6 compose-syntax"),
        ("a: b: c", "1:5 compose-syntax"),
        ("services:\n\ts: x", "2:2 compose-syntax"),
        ("x-a: &a x\nservices: {s: {<<: *a, image: i}}", "2:16 compose-malformed-value"),
        ("services: {s: {image: i}}\nvolumes: {v: {driver: nfs}}", "2:23 compose-malformed-value"),
        (
            "services: {s: {image: i}}\nnetworks: {n: {driver: host}}",
            "2:24 compose-malformed-value",
        ),
        ("services: {s: {image: i}}\nconfigs: [a]", "2:10 compose-malformed-value"),
        ("services: {s: {image: i}}\nconfigs: {c: }", "2:11 compose-missing-key"),
        ("services: {s: {image: i}}\nconfigs: {c p: {content: x}}", "2:11 compose-malformed-value"),
        ("services: {s: {image: i}}\nconfigs: {c: {content: }}", "2:15 compose-malformed-value"),
        ("services: {s: {image: i}}\nconfigs: {c: {content: [x]}}", "2:24 compose-malformed-value"),
        ("services: {s: {image: i}}\nconfigs: {c: {file: ''}}", "2:21 compose-malformed-value"),
        ("services: {s: {image: i}}\nconfigs: {c: {external: true}}", "2:15 compose-not-supported"),
        (
            "services: {s: {image: i}}\nconfigs: {c: {content: x, file: y}}",
            "2:27 compose-malformed-value",
        ),
        ("services: {s: {image: i}}\nvolumes: {v: [a]}", "2:14 compose-malformed-value"),
    ];
    for (text, expected) in rows {
        assert_eq!(fault(text), expected, "{text}");
    }
}

/// Line 3 holds the image; the lines given begin at line 4, column 5.
#[test]
fn a_fault_of_a_service_stands_at_its_place() {
    let rows = [
        ("build: .", "4:5 compose-not-supported"),
        ("hostname: {a: b}", "4:15 compose-malformed-value"),
        ("hostname:", "4:5 compose-malformed-value"),
        ("ports: 9092", "4:12 compose-malformed-value"),
        ("ports:\n  - 9092\n  - 9092-9094", "6:9 compose-malformed-value"),
        ("ports:\n  - 9092/udp", "5:9 compose-malformed-value"),
        ("ports: [[1]]", "4:13 compose-malformed-value"),
        ("ports:\n  - published: 1", "5:9 compose-missing-key"),
        ("ports:\n  - target: 1-2", "5:17 compose-malformed-value"),
        ("ports:\n  - target: 1\n    protocol: udp", "6:19 compose-malformed-value"),
        ("ports:\n  - target: 1\n    host_ip: x", "6:18 compose-malformed-value"),
        ("ports:\n  - target: 1\n    name: x", "6:9 compose-not-supported"),
        ("environment: A=1", "4:18 compose-malformed-value"),
        ("environment:\n  A: [1]", "5:10 compose-malformed-value"),
        ("environment:\n  NONE:", "5:7 compose-variable-unset"),
        ("environment:\n  - NONE", "5:9 compose-variable-unset"),
        ("environment:\n  - =1", "5:9 compose-malformed-value"),
        ("environment:\n  - A=1\n  - A=2", "6:9 compose-duplicate-key"),
        ("environment:\n  A: 1\n  A: 2", "6:7 compose-duplicate-key"),
        ("environment:\n  - A: 1", "5:9 compose-malformed-value"),
        ("volumes:\n  - v:/a", "5:9 compose-undeclared-name"),
        ("volumes:\n  - /a", "5:9 compose-malformed-value"),
        ("volumes:\n  - ./a:b", "5:9 compose-malformed-value"),
        ("volumes:\n  - ./a:/b:rx", "5:9 compose-malformed-value"),
        ("volumes:\n  - ./a:/b:ro:x", "5:9 compose-malformed-value"),
        ("volumes:\n  - {type: npipe}", "5:16 compose-malformed-value"),
        ("volumes:\n  - {type: bind, target: /a}", "5:9 compose-missing-key"),
        ("volumes:\n  - {type: tmpfs}", "5:9 compose-missing-key"),
        ("volumes:\n  - {target: /a}", "5:9 compose-missing-key"),
        ("volumes:\n  - {type: tmpfs, target: a}", "5:31 compose-malformed-value"),
        ("volumes:\n  - {type: tmpfs, bind: {}}", "5:23 compose-not-supported"),
        ("configs: c", "4:14 compose-malformed-value"),
        ("configs: [c]", "4:15 compose-undeclared-name"),
        ("configs: [{target: /a}]", "4:15 compose-missing-key"),
        ("configs:\n  - {source: c, target: a}", "5:29 compose-malformed-value"),
        ("configs:\n  - {source: c, mode: 0440}", "5:21 compose-not-supported"),
        ("tmpfs: run", "4:12 compose-malformed-value"),
        ("command: a 'b", "4:14 compose-malformed-value"),
        ("command: {a: b}", "4:14 compose-malformed-value"),
        ("command: [a, [b]]", "4:18 compose-malformed-value"),
        ("healthcheck: {test: [a, b]}", "4:25 compose-malformed-value"),
        ("healthcheck: {test: []}", "4:25 compose-malformed-value"),
        ("env_file: {path: a}", "4:15 compose-malformed-value"),
        ("env_file: [{required: true}]", "4:16 compose-missing-key"),
        ("env_file: [{path: a, format: yaml}]", "4:34 compose-malformed-value"),
        ("env_file: [{path: a, mode: x}]", "4:26 compose-not-supported"),
        ("expose: ['x']", "4:14 compose-malformed-value"),
        ("ulimits: {nofile: {mid: 1}}", "4:24 compose-not-supported"),
        ("deploy: {replicas: 2}", "4:14 compose-not-supported"),
        ("deploy: {resources: {limits: {memory: x}}}", "4:43 compose-malformed-value"),
        ("network_mode: host", "4:5 compose-not-supported"),
        ("depends_on: [t]", "4:18 compose-undeclared-name"),
        ("depends_on: {t: }", "4:18 compose-undeclared-name"),
        ("depends_on: [s]", "2:3 compose-dependency-circle"),
        ("depends_on: {s: {condition: ready}}", "4:33 compose-malformed-value"),
        ("depends_on: {s: {when: now}}", "4:22 compose-not-supported"),
        ("healthcheck: {interval: 5}", "4:29 compose-malformed-value"),
        ("healthcheck: {retries: few}", "4:28 compose-malformed-value"),
        ("healthcheck: {every: 5s}", "4:19 compose-not-supported"),
        ("networks: [back]", "4:16 compose-undeclared-name"),
        ("networks: {default: {ipv4_address: 10.0.0.1}}", "4:26 compose-not-supported"),
        ("restart: sometimes", "4:14 compose-malformed-value"),
        ("restart: on-failure:x", "4:14 compose-malformed-value"),
        ("stop_grace_period: 15", "4:24 compose-malformed-value"),
        ("init: perhaps", "4:11 compose-malformed-value"),
        ("mem_limit: much", "4:16 compose-malformed-value"),
        ("extra_hosts: [h]", "4:19 compose-malformed-value"),
        ("extra_hosts:\n  h:", "5:7 compose-malformed-value"),
        ("labels: 1", "4:13 compose-malformed-value"),
    ];
    for (lines, expected) in rows {
        assert_eq!(fault_in(lines), expected, "{lines}");
    }
}

#[test]
fn a_variable_that_is_not_set_stands_at_its_dollar() {
    let rows = [
        ("hostname: ${NONE}", "4:15 compose-variable-unset"),
        ("hostname: 中文 $SET-${NONE}", "4:23 compose-variable-unset"),
        ("hostname: \"a\\t\\\"${NONE}\"", "4:21 compose-variable-unset"),
        ("hostname: 'it''s ${NONE}'", "4:22 compose-variable-unset"),
        ("hostname: &h ${NONE}", "4:18 compose-variable-unset"),
        ("hostname: a$$b${NONE}", "4:19 compose-variable-unset"),
        ("hostname: \"\\x24NONE\"", "4:15 compose-variable-unset"),
        ("command: |\n  one\n  two ${NONE}", "6:11 compose-variable-unset"),
        ("command: >-\n  one\n\n  two\n  three $NONE", "8:13 compose-variable-unset"),
        ("command: one\n  two ${SET:+ ${NONE}}", "5:19 compose-variable-unset"),
        ("command: [a, '${NONE:?}']", "4:19 compose-variable-required"),
        ("environment:\n  - A=${}", "5:11 compose-variable-syntax"),
        ("labels: {a: $}", "4:17 compose-variable-syntax"),
    ];
    for (lines, expected) in rows {
        assert_eq!(fault_in(lines), expected, "{lines}");
    }
}

#[test]
fn a_circle_names_its_services() {
    let text = "services:\n  w: {image: i, depends_on: [a]}\n  a: {image: i, depends_on: [b]}\n  \
                b: {image: i, depends_on: [c]}\n  c: {image: i, depends_on: [a]}\n  d: {image: i}\n";
    let error = read(text).unwrap_err();
    let services = ["a", "b", "c", "a"].map(str::to_owned).to_vec();
    assert_eq!(*error.fault, Fault::Circle { services });
    assert_eq!(error.position, Position { line: 3, column: 3 });
}

#[test]
fn an_error_says_where_what_and_what_else_would_do() {
    let error = parse("compose/kraft-single.yaml", &file_of("build: ."), &BTreeMap::new());
    let error = error.unwrap_err();
    let expected =
        "compose/kraft-single.yaml:3:5: `build` is not supported here; supported: image, ";
    assert!(error.to_string().starts_with(expected), "{error}");
    let problem = error.problem();
    assert_eq!(problem.message.en, error.to_string());
    assert!(problem.message.zh.starts_with("compose/kraft-single.yaml:3:5: 这里不支持 `build`"));
    assert_eq!(problem.code, "compose-not-supported");
    let port = read(&file_of("image: i\nports: [1-2]")).unwrap_err().to_string();
    let expected = "f.yaml:4:13: expected one TCP port such as `127.0.0.1:9092:9092` \
                    (address, host, container; no range), found `1-2`";
    assert_eq!(port, expected);
}

#[test]
fn quoted_text_is_short_and_without_control_characters() {
    let lines = format!("stop_grace_period: \"\\e[31m{}\"", "x".repeat(500));
    let error = read(&file_of(&format!("image: i\n{lines}"))).unwrap_err();
    let message = error.to_string();
    assert!(message.len() < 250 && !message.contains('\u{1b}'), "{message}");
}
