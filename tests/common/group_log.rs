//! Records of `__consumer_offsets`, in the form of Kafka's group coordinator.

use super::batches::Row;

/// A group of the classic protocol has a generation: one member, with these partitions of a topic.
pub fn generation(group: &str, topic: &str, partitions: &[i32]) -> Row {
    let key = [&2_i16.to_be_bytes()[..], &text(group)].concat();
    let numbers: Vec<u8> = partitions.iter().flat_map(|n| n.to_be_bytes()).collect();
    let assignment = [&[0, 0][..], &count(1), &text(topic), &count(partitions.len()), &numbers];
    let assignment = [&assignment.concat()[..], &(-1_i32).to_be_bytes()].concat();
    let subscription = [&[0, 0][..], &count(1), &text(topic), &(-1_i32).to_be_bytes()].concat();
    let member = [
        &text("member")[..],
        &(-1_i16).to_be_bytes(),
        &text("client"),
        &text("/127.0.0.1"),
        &60_000_i32.to_be_bytes(),
        &45_000_i32.to_be_bytes(),
        &sized(&subscription),
        &sized(&assignment),
    ];
    let value = [
        &3_i16.to_be_bytes()[..],
        &text("consumer"),
        &1_i32.to_be_bytes(),
        &text("range"),
        &text("member"),
        &0_i64.to_be_bytes(),
        &count(1),
        &member.concat(),
    ];
    (0, Some(key), value.concat())
}

/// An offset is committed.
pub fn commit(group: &str, topic: &str, partition: i32, offset: i64) -> Row {
    let key = [&1_i16.to_be_bytes()[..], &text(group), &text(topic), &partition.to_be_bytes()];
    let value = [
        &3_i16.to_be_bytes()[..],
        &offset.to_be_bytes(),
        &(-1_i32).to_be_bytes(),
        &text(""),
        &0_i64.to_be_bytes(),
    ];
    (0, Some(key.concat()), value.concat())
}

fn text(text: &str) -> Vec<u8> {
    [&i16::try_from(text.len()).unwrap().to_be_bytes()[..], text.as_bytes()].concat()
}

fn count(count: usize) -> [u8; 4] {
    i32::try_from(count).unwrap().to_be_bytes()
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    [&count(bytes.len())[..], bytes].concat()
}
