//! Settings that stand in files beside the compose file.

use std::fmt::Write as _;

use super::*;
use crate::engine::compose::{Position, Spanned, add_env_files};

const LINES: std::ops::RangeInclusive<usize> = 7..=18;

/// The good file without its environment, and that as `NAME<separator>value` lines.
fn apart(separator: &str, name: impl Fn(&str) -> String) -> (String, String) {
    let (mut text, mut lines) = (String::new(), String::new());
    for (index, line) in GOOD.lines().enumerate() {
        match line.trim().split_once(": ") {
            Some((key, value)) if LINES.contains(&(index + 1)) => {
                writeln!(lines, "{}{separator}{value}", name(key)).unwrap();
            }
            _ if line.trim() == "environment:" => {}
            _ => writeln!(text, "{line}").unwrap(),
        }
    }
    (text, lines)
}

fn both_audiences(file: &ComposeFile) -> Vec<Finding> {
    let machine_names = ["workstation".to_owned()];
    let asked =
        Asked { from_this_machine: true, from_other_services: true, machine_names: &machine_names };
    findings(file, &asked)
}

fn by_env_file(edit: (&str, &str)) -> Vec<Finding> {
    let (text, lines) = apart("=", str::to_owned);
    let text =
        edited(&text, &[("    healthcheck:", "    env_file: [kafka.env]\n    healthcheck:")]);
    let mut file = read(&text);
    add_env_files(&mut file.services[0], &[Some(lines.replace(edit.0, edit.1))], &BTreeMap::new())
        .unwrap();
    both_audiences(&file)
}

fn by_properties(edit: (&str, &str)) -> Vec<Finding> {
    let property = |name: &str| name.trim_start_matches("KAFKA_").to_lowercase().replace('_', ".");
    let (text, lines) = apart("=", property);
    let mut file = read(&text);
    let position = Position { line: 6, column: 1 };
    let value = lines.replace(edit.0, edit.1);
    file.services[0].mounted_properties = Some(Spanned { value, position });
    both_audiences(&file)
}

#[test]
fn a_right_node_is_right_wherever_its_settings_stand() {
    assert_eq!(by_env_file(("", "")), []);
    assert_eq!(by_properties(("", "")), []);
}

#[test]
fn a_fault_in_another_file_stands_where_that_file_is_named() {
    let found = by_env_file(("1@kafka:29093", "1"));
    assert_eq!(summary(&found), "voters-malformed 6:16");
    assert_eq!(found[0].observed.en, "KAFKA_CONTROLLER_QUORUM_VOTERS: `1`, in `kafka.env`");
    let found = by_properties(("1@kafka:29093", "1"));
    assert_eq!(summary(&found), "voters-malformed 6:1");
    let expected = "controller.quorum.voters: `1`, in `/mnt/shared/config/server.properties`";
    assert_eq!(found[0].observed.en, expected);
}
