use proptest::prelude::*;

use super::*;
use crate::kafka::batch::Batches;
use crate::kafka::testing::{JAVA_BATCHES, JAVA_TRANSACTIONS, batch, record, unhex};

fn all(bytes: &Bytes) -> Result<Vec<Record>, RecordError> {
    let mut read = Vec::new();
    for batch in Batches::new(bytes) {
        for record in records(&batch.unwrap(), DEFAULT_LIMIT)? {
            read.push(record?);
        }
    }
    Ok(read)
}

/// What is expected, and where, in the only batch of `bytes`.
fn fault(bytes: Vec<u8>) -> (&'static str, usize) {
    match all(&bytes.into()) {
        Err(RecordError::Malformed { cause, .. }) => (cause.expected, cause.at),
        other => panic!("{other:?}"),
    }
}

#[test]
fn records_of_every_codec_read_as_the_java_producer_sent_them() {
    for digits in JAVA_BATCHES {
        let read = all(&unhex(digits)).unwrap();
        let [first, second, third] = &read[..] else { panic!("{read:?}") };
        assert_eq!(first.key.as_deref(), Some(&b"k0"[..]));
        assert_eq!(first.value.as_deref(), Some(&b"v0 v0 v0 v0 v0 v0 v0 v0 v0 v0 v0 v0"[..]));
        assert_eq!((first.offset, first.timestamp), (0, 1_700_000_000_000));
        assert_eq!((second.key.as_deref(), second.value.as_deref()), (None, Some(&b"v1"[..])));
        assert_eq!((second.offset, second.timestamp), (1, 1_700_000_000_005));
        assert_eq!((third.key.as_deref(), third.value.as_deref()), (Some(&b"k2"[..]), None));
        assert_eq!((third.offset, third.timestamp), (2, 1_700_000_000_003));
    }
}

#[test]
fn header_keys_may_repeat() {
    for digits in JAVA_BATCHES {
        let first = all(&unhex(digits)).unwrap().remove(0);
        let headers: Vec<_> =
            first.headers.iter().map(|h| (h.name.as_str(), h.value.as_deref())).collect();
        let expected = [("trace", Some(&b"a"[..])), ("trace", Some(&b"b"[..])), ("nil", None)];
        assert_eq!(headers, expected);
    }
}

#[test]
fn a_header_key_that_is_no_text_is_shown_with_its_damage() {
    let read = all(&batch(0, 0, 1, &record(0, b"v", &[b"a\xffb"])).into()).unwrap();
    assert_eq!(read[0].headers[0].name.as_str(), "a\u{fffd}b");
}

#[test]
fn markers_tell_commit_from_abort() {
    let bytes = unhex(JAVA_TRANSACTIONS);
    let markers: Vec<_> = Batches::new(&bytes)
        .map(Result::unwrap)
        .filter(|batch| batch.header.is_control())
        .flat_map(|batch| records(&batch, DEFAULT_LIMIT).unwrap())
        .map(|record| ControlType::of(&record.unwrap()))
        .collect();
    assert_eq!(markers, [Some(ControlType::Commit), Some(ControlType::Abort)]);
}

#[test]
fn the_brokers_clock_is_one_for_the_batch() {
    let payload = [record(0, b"a", &[]), record(1, b"b", &[])].concat();
    let times = |attributes| {
        let bytes = batch(0, attributes, 2, &payload).into();
        all(&bytes).unwrap().iter().map(|record| record.timestamp).collect::<Vec<_>>()
    };
    assert_eq!(times(0x00), [1000, 1010]);
    assert_eq!(times(0x08), [2000, 2000]);
}

#[test]
fn keys_and_values_share_the_responses_memory() {
    let bytes = Bytes::from(batch(0, 0, 1, &record(0, b"value", &[])));
    let value = all(&bytes).unwrap().remove(0).value.unwrap();
    assert!(bytes.as_ptr_range().contains(&value.as_ptr()));
}

#[test]
fn a_number_of_records_that_is_not_there_is_an_error() {
    let one = record(0, b"", &[]);
    assert_eq!(fault(batch(0, 0, 2, &one)), ("UNSIGNED_VARINT", one.len()));
    assert_eq!(fault(batch(0, 0, 0, &one)), ("END", 0));
    assert_eq!(fault(batch(0, 0, -1, &one)), ("COUNT", 0));
    assert!(all(&batch(0, 0, 0, &[]).into()).unwrap().is_empty(), "compaction leaves such ones");
}

#[test]
fn a_record_longer_or_shorter_than_it_says_is_an_error() {
    let mut shorter = record(0, b"value", &[]);
    shorter[0] += 2;
    shorter.push(0);
    assert_eq!(fault(batch(0, 0, 1, &shorter)).0, "END");
    let mut longer = record(0, b"value", &[]);
    longer[0] -= 2;
    assert_eq!(fault(batch(0, 0, 1, &longer)).0, "UNSIGNED_VARINT");
}

#[test]
fn a_number_of_headers_that_cannot_be_there_is_refused() {
    let mut claims = vec![0, 0, 0, 1, 1];
    claims.extend(crate::kafka::testing::varlong(i32::MAX.into()));
    let mut payload = crate::kafka::testing::varlong(claims.len().try_into().unwrap());
    payload.extend(claims);
    assert_eq!(fault(batch(0, 0, 1, &payload)), ("HEADERS", 6));
}

#[test]
fn an_unknown_codec_is_an_error() {
    let error = all(&batch(9, 6, 1, &record(0, b"", &[])).into()).unwrap_err();
    assert!(matches!(error, RecordError::Codec { offset: 9, id: 6 }));
}

proptest! {
    #[test]
    fn damaged_batches_are_errors_or_records(
        which in 0_usize..5,
        changes in prop::collection::vec((21_usize..145, any::<u8>()), 1..4),
    ) {
        let mut bytes = unhex(JAVA_BATCHES[which]).to_vec();
        for (at, value) in changes {
            let at = at.min(bytes.len() - 1);
            bytes[at] = value;
        }
        let _ = all(&bytes.into());
    }

    #[test]
    fn arbitrary_payloads_are_errors_or_records(
        payload in prop::collection::vec(any::<u8>(), 0..120),
        attributes in 0_i16..64,
        count: i32,
    ) {
        let bytes = batch(0, attributes, count.max(i32::MIN + 1), &payload);
        let _ = all(&bytes.into());
    }
}
