//! Records that Kafka wrote.

use std::sync::LazyLock;

use kafka_workbook::kafka::journal::groups::{GroupRecord, decode};
use serde_json::Value;

/// One line of the vectors: where the record stood, its bytes, and what Kafka reads in them.
pub struct Vector {
    /// Partition, offset, timestamp.
    pub place: Option<(i32, i64, i64)>,
    /// The key's bytes.
    pub key: Vec<u8>,
    /// The value's bytes; none is a tombstone.
    pub value: Option<Vec<u8>>,
    /// What Kafka reads in them.
    pub kafka: Value,
}

impl Vector {
    /// What we read in them.
    pub fn record(&self) -> GroupRecord {
        decode(Some(&self.key), self.value.as_deref()).expect("a record that Kafka wrote")
    }
}

/// Every vector, in the order of the file.
pub fn vectors() -> &'static [Vector] {
    static VECTORS: LazyLock<Vec<Vector>> = LazyLock::new(|| {
        let lines = include_str!("vectors.txt").lines();
        lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(vector).collect()
    });
    &VECTORS
}

fn vector(line: &str) -> Vector {
    let fields: Vec<&str> = line.splitn(6, ' ').collect();
    let number = |index: usize| fields[index].parse::<i64>().ok();
    let partition = number(0).and_then(|number| i32::try_from(number).ok());
    Vector {
        place: partition.zip(number(1)).zip(number(2)).map(|((a, b), c)| (a, b, c)),
        key: unhex(fields[3]),
        value: (fields[4] != "-").then(|| unhex(fields[4])),
        kafka: serde_json::from_str(fields[5]).expect("the vectors hold JSON"),
    }
}

fn unhex(digits: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("the vectors hold hex");
    (0..digits.len()).step_by(2).map(byte).collect()
}
