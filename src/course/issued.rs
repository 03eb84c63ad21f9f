//! What a lab issues to an attempt: `[[values]]` of lab.toml.

use super::fault::{LabFault, TomlFault, What};
use super::placeholder::is_issued;
use super::table::Table;

/// A value that is issued to every attempt, by its name in texts and environments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Upper case letters, digits and `_`: the placeholder and the variable.
    pub name: String,
    /// Where it comes from.
    pub source: ValueSource,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueSource {
    /// It is the same in every attempt.
    Text(String),
    /// A cluster id drawn from the nonce: 16 bytes in URL-safe base64.
    ClusterId,
    /// Record keys drawn from the nonce, separated by commas, such that the partitioner of every
    /// common client reaches every partition with them.
    Keys {
        /// What each key begins with.
        prefix: String,
        /// How many; 1 to 1000.
        count: u32,
        /// Over how many partitions they spread; at most a fifth of `count`.
        partitions: u32,
    },
}

/// Fewer keys a partition would seldom reach all of them: with five, one draw in two does for the
/// common number of partitions.
const LEAST_KEYS_A_PARTITION: u32 = 5;

/// Variables that the lab shell has for other things.
const RESERVED: [&str; 8] =
    ["BOOTSTRAP_SERVERS", "HOME", "LANG", "PATH", "PS1", "PWD", "SHELL", "USER"];

/// Reads `[[values]]`.
pub(super) fn values(table: &mut Table<'_>) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    for mut entry in table.tables("values") {
        let Some(value) = value(&mut entry) else { continue };
        if values.iter().any(|other| other.name == value.name) {
            let (what, id) = (What::IssuedValue, value.name.clone());
            entry.fault(entry.offset(), TomlFault::Duplicate { what, id });
        }
        entry.finish();
        values.push(value);
    }
    values
}

fn value(table: &mut Table<'_>) -> Option<Value> {
    let name = table.text("name")?;
    let reserved = RESERVED.contains(&name.value.as_str()) || name.value.starts_with("KAFKA_");
    if reserved || !is_issued(&name.value) {
        table.fault(name.offset, LabFault::BadValueName { found: name.value.clone() });
    }
    let source = if table.has("keys") {
        let count = table.number("keys", 1..=1000);
        let prefix = table.text("prefix");
        let partitions = table.number("partitions", 1..=200);
        let (count, partitions) = (count?, partitions?);
        if count.value < partitions.value * LEAST_KEYS_A_PARTITION {
            let (keys, partitions) = (count.value, partitions.value);
            table.fault(count.offset, LabFault::TooFewKeys { keys, partitions });
        }
        let prefix = prefix?.value;
        ValueSource::Keys { prefix, count: count.value, partitions: partitions.value }
    } else if table.has("draw") {
        table.word("draw", What::Drawn, &[("cluster-id", ())])?;
        ValueSource::ClusterId
    } else {
        ValueSource::Text(table.text("text")?.value)
    };
    Some(Value { name: name.value, source })
}
