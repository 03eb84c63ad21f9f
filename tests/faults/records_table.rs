//! The faults that keep records, and what groups did with them, from being read.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use kafka_protocol::messages::ApiKey::{
    Fetch, FindCoordinator, ListOffsets, Metadata, OffsetFetch,
};
use uuid::Uuid;

use super::table::{Case, absurd_compact_array, error_codes, transport, unsupported};
use crate::common::answers::Answer;
use crate::common::batches::{Draft, sealed};
use crate::common::fake_broker::Fault;
use crate::common::world::{EVENTS, OFFSETS, World};

/// What a Fetch may be refused with besides what any request may: `OFFSET_OUT_OF_RANGE`,
/// `UNKNOWN_TOPIC_OR_PARTITION`, `KAFKA_STORAGE_ERROR`, `UNKNOWN_TOPIC_ID`, `INCONSISTENT_TOPIC_ID`.
const FETCH_CODES: [i16; 5] = [1, 3, 56, 100, 103];

/// Every fault of every API that records are read with.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for topic in [EVENTS, OFFSETS] {
        let fetch = common(Fetch).into_iter().chain(refused()).chain(answers()).chain(batches());
        cases.extend(fetch.map(|case| case.of(Some(topic), World::add_hundred)));
    }
    cases.push(nonsense().of(Some(OFFSETS), World::add_hundred));
    for api in [Metadata, FindCoordinator, OffsetFetch] {
        cases.extend(common(api).into_iter().map(|case| case.of(None, World::add_hundred)));
    }
    cases.extend(unsupported(Fetch).into_iter().map(|case| case.of(None, World::add_hundred)));
    // Asked for only where the log does not begin at 0.
    let cut = common(ListOffsets).into_iter().chain(unsupported(ListOffsets));
    cases.extend(cut.map(|case| case.of(None, cut_at_the_beginning)));
    cases
}

fn common(api: kafka_protocol::messages::ApiKey) -> Vec<Case> {
    let mut cases = transport(api);
    cases.push(absurd_compact_array(api));
    cases.extend(error_codes(api));
    cases
}

fn cut_at_the_beginning(world: &mut World) {
    world.add_hundred();
    world.log_of(EVENTS, 3).start = 2;
}

fn refused() -> impl Iterator<Item = Case> {
    FETCH_CODES.into_iter().map(|code| {
        let fault = Fault::answer(move |answer| answer.set_partition_error(code));
        Case::new(format!("Fetch: error {code}"), Fetch, fault)
    })
}

/// What is wrong around the records.
fn answers() -> Vec<Case> {
    let fetch = |name: &str, change: fn(&mut Answer)| {
        Case::new(format!("Fetch: {name}"), Fetch, Fault::answer(change))
    };
    vec![
        fetch("no topic", |answer| {
            let Answer::Fetch(body) = answer else { return };
            body.responses.clear();
        }),
        fetch("another topic", |answer| {
            let Answer::Fetch(body) = answer else { return };
            body.responses[0].topic_id = Uuid::from_u128(99);
        }),
        fetch("another partition", |answer| answer.fetched().partition_index += 1),
        fetch("nothing below the stable offset", |answer| *answer.records() = None),
        fetch("a stable offset behind the start", |answer| {
            let partition = answer.fetched();
            partition.log_start_offset = partition.last_stable_offset + 1;
        }),
        fetch("a stable offset beyond the high watermark", |answer| {
            let partition = answer.fetched();
            partition.last_stable_offset = partition.high_watermark + 1;
        }),
        fetch("a negative start", |answer| answer.fetched().log_start_offset = -1),
        fetch("no stable offset", |answer| answer.fetched().last_stable_offset = -1),
        fetch("more stable than there is", |answer| {
            let partition = answer.fetched();
            partition.last_stable_offset += 7;
            partition.high_watermark += 7;
        }),
    ]
}

/// What is wrong with the records themselves.
fn batches() -> Vec<Case> {
    let changed = |name: &str, change: fn(Vec<u8>) -> Vec<u8>| {
        let fault = Fault::answer(move |answer| {
            let bytes = answer.records().take().filter(|bytes| !bytes.is_empty());
            *answer.records() = bytes.map(|bytes| change(bytes.to_vec()).into());
        });
        Case::new(format!("Fetch: {name}"), Fetch, fault)
    };
    let mut cases = vec![
        changed("half a batch", |bytes| bytes[..70].to_vec()),
        changed("half a header", |bytes| bytes[..20].to_vec()),
        changed("a damaged batch", |mut bytes| {
            // In the timestamp: nothing but the checksum tells.
            bytes[34] ^= 1;
            bytes
        }),
        changed("an old message format", |mut bytes| {
            bytes[16] = 1;
            bytes
        }),
        changed("a batch of no length", |mut bytes| {
            bytes[8..12].fill(0);
            bytes
        }),
        changed("the same batch twice", |bytes| [&bytes[..], &bytes].concat()),
    ];
    cases.extend(
        drafts()
            .into_iter()
            .map(|(name, bytes)| Case::new(format!("Fetch: {name}"), Fetch, whole_log(bytes, 4))),
    );
    cases.push(endless());
    cases
}

/// The batches of a log up to `end` in place of what there is.
pub fn whole_log(bytes: Bytes, end: i64) -> Fault {
    Fault::answer(move |answer| {
        let partition = answer.fetched();
        partition.records = Some(bytes.clone());
        (partition.last_stable_offset, partition.high_watermark) = (end, end);
    })
}

/// Batches whose checksum is right, in a log of four records.
fn drafts() -> Vec<(String, Bytes)> {
    let good = || Draft::of_keys(0, &[Some("a"), Some("b"), Some("c"), Some("d")]);
    let header = |at: std::ops::Range<usize>, value: &[u8]| {
        let mut bytes = good().bytes();
        bytes[at].copy_from_slice(value);
        sealed(bytes)
    };
    let ordered = |deltas: [i64; 4]| {
        let mut draft = good();
        draft.rows.iter_mut().zip(deltas).for_each(|(row, delta)| row.0 = delta);
        draft.bytes()
    };
    let damaged_stream = {
        let mut bytes = good().compressed(4).bytes();
        bytes[70..].fill(0xff);
        sealed(bytes)
    };
    let backwards = [Draft::of_keys(4, &[Some("a")]).bytes(), good().bytes()].concat();
    let mut drafts = vec![
        ("batches that go backwards", backwards),
        ("records that go backwards", ordered([0, 2, 1, 3])),
        ("a record twice", ordered([0, 1, 1, 3])),
        ("a record behind its batch", ordered([0, 9, 1, 3])),
        ("a record before its batch", ordered([-1, 1, 2, 3])),
        ("fewer records than stated", header(57..61, &9_i32.to_be_bytes())),
        ("more records than stated", header(57..61, &1_i32.to_be_bytes())),
        ("a negative number of records", header(57..61, &(-1_i32).to_be_bytes())),
        ("a batch that ends before it begins", header(23..27, &(-9_i32).to_be_bytes())),
        ("a batch at a negative offset", {
            let mut draft = good();
            draft.base = -100;
            draft.bytes()
        }),
        ("a compressed stream of nonsense", damaged_stream),
        ("a bomb", bomb().to_vec()),
    ]
    .into_iter()
    .map(|(name, bytes)| (name.to_owned(), Bytes::from(bytes)))
    .collect::<Vec<_>>();
    drafts.extend(
        (5_u8..8).map(|codec| (format!("codec {codec}"), header(21..23, &[0, codec]).into())),
    );
    drafts
}

/// A small batch of one record that takes 40 MB.
fn bomb() -> Bytes {
    static BOMB: LazyLock<Bytes> = LazyLock::new(|| {
        let mut draft = Draft::of_keys(0, &[None]).compressed(4);
        draft.rows[0].2 = vec![0; 40_000_000];
        draft.rows[0].0 = 3;
        draft.bytes().into()
    });
    BOMB.clone()
}

/// A log that grows as fast as it is read.
fn endless() -> Case {
    let next = AtomicI64::new(0);
    let fault = Fault::answer(move |answer| {
        let base = next.fetch_add(1, Ordering::Relaxed);
        let batch = Draft::marker(base, 7, true).bytes();
        let partition = answer.fetched();
        partition.records = Some(batch.into());
        (partition.last_stable_offset, partition.high_watermark) = (i64::MAX, i64::MAX);
    });
    Case::new("Fetch: a log without end", Fetch, fault)
}

/// What no group coordinator writes.
fn nonsense() -> Case {
    let nonsense = Draft::of_keys(0, &[Some("\0\u{2}nonsense")]);
    Case::new("Fetch: records of no group", Fetch, whole_log(nonsense.bytes().into(), 1))
}
