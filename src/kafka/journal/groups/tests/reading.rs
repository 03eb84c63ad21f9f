//! Bytes: hostile ones, and where reading goes on.

use bytes::Bytes;
use proptest::prelude::*;

use super::super::*;
use crate::kafka::testing::{batch, varlong};
use crate::kafka::varint::Reader;

/// A record of the group's epoch, as bytes: `g` and an epoch without tagged fields.
fn epoch_record(delta: i64) -> Vec<u8> {
    let (key, value) = ([0, 3, 0, 1, b'g'], [0, 0, 0, 0, 0, 9, 0]);
    let mut body = vec![0];
    for part in [varlong(0), varlong(delta), varlong(5)] {
        body.extend(part);
    }
    body.extend(key);
    body.extend(varlong(7));
    body.extend(value);
    body.extend(varlong(0));
    [varlong(body.len().try_into().unwrap()), body].concat()
}

#[test]
fn a_log_is_read_to_its_last_whole_batch_and_markers_are_passed_over() {
    let first = batch(0, 0, 2, &[epoch_record(0), epoch_record(1)].concat());
    let marker = batch(2, 0x30, 1, b"no record");
    let last = batch(3, 0, 1, &epoch_record(0));
    let whole = [first, marker, last.clone()].concat();
    let mut journal = GroupJournal::new();
    journal.read(&Bytes::copy_from_slice(&whole[..whole.len() - 1])).unwrap();
    assert_eq!((journal.next_offset(), journal.gap()), (3, None));
    journal.read(&whole.into()).unwrap();
    assert_eq!((journal.next_offset(), journal.gap()), (4, None));
    assert_eq!(journal.group("g").unwrap().group_type(), Some(GroupType::Consumer));
}

#[test]
fn a_log_whose_beginning_or_middle_is_missing_has_a_gap() {
    let mut late = GroupJournal::new();
    late.read(&batch(3, 0, 1, &epoch_record(0)).into()).unwrap();
    assert_eq!(late.gap(), Some(0));
    let mut compacted = batch(0, 0, 2, &epoch_record(0));
    compacted[57..61].copy_from_slice(&1_i32.to_be_bytes());
    let mut journal = GroupJournal::new();
    journal.read(&compacted.into()).unwrap();
    assert_eq!((journal.gap(), journal.next_offset()), (Some(1), 2), "a record of two is left");
}

#[test]
fn a_damaged_record_is_an_error_and_is_asked_for_again() {
    let mut damaged = epoch_record(1);
    let end = damaged.len();
    damaged[end - 2] = 1;
    let log = batch(0, 0, 2, &[epoch_record(0), damaged].concat());
    let mut journal = GroupJournal::new();
    let error = journal.read(&log.into()).unwrap_err();
    assert!(matches!(error, GroupsError::Value { key_type: 3, version: 0, .. }), "{error}");
    assert_eq!(journal.next_offset(), 1);
}

#[test]
fn what_was_expected_and_where_is_told() {
    let told = |key: Option<&[u8]>, value: Option<&[u8]>| decode(key, value).unwrap_err();
    let no_key = "group record: expected INT16 at byte 0 of 0";
    assert_eq!(told(None, None).to_string(), no_key);
    let short = told(Some(&[0, 3, 0, 9]), None).to_string();
    assert_eq!(short, "group record, type 3, key: expected STRING at byte 4 of 4");
    let long = told(Some(&[0, 3, 0, 1, b'g', 0]), None).to_string();
    assert_eq!(long, "group record, type 3, key: expected END at byte 5 of 6");
    let no_version = told(Some(&[0, 3, 0, 1, b'g']), Some(&[0])).to_string();
    assert_eq!(no_version, "group record: expected INT16 at byte 0 of 1");
    let value = told(Some(&[0, 3, 0, 1, b'g']), Some(&[0, 0, 1])).to_string();
    assert_eq!(value, "group record, type 3, version 0: expected INT32 at byte 2 of 3");
    for error in [told(None, None), told(Some(&[0, 3]), None)] {
        assert!(error.problem().code.starts_with("groups-"));
    }
}

#[test]
fn a_number_of_elements_that_the_bytes_cannot_hold_is_refused() {
    let head = [0, 3, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0];
    let value = [&head[..], &i32::MAX.to_be_bytes(), &[0; 64]].concat();
    let error = decode(Some(&[0, 2, 0, 1, b'g']), Some(&value)).unwrap_err();
    assert!(matches!(error, GroupsError::Value { cause, .. } if cause.expected == "ARRAY"));
}

#[test]
fn an_unknown_type_or_version_is_no_error_whatever_follows() {
    let other = decode(Some(&[0, 99, 1, 2, 3]), Some(&[9])).unwrap();
    assert_eq!(other, GroupRecord::Other { key_type: 99 });
    assert_eq!(other.group(), None);
    for version in [[0, 1], [0x7f, 0xff], [0xff, 0xff]] {
        let value = [&version[..], b"whatever"].concat();
        let record = decode(Some(&[0, 3, 0, 1, b'g']), Some(&value)).unwrap();
        let GroupRecord::ConsumerGroupMetadata { value, .. } = record else { panic!("{record:?}") };
        assert_eq!(value, Value::Unreadable { version: i16::from_be_bytes(version) });
    }
}

#[test]
fn what_a_client_wrote_badly_does_not_spoil_the_record() {
    let text = |text: &str| [&[0, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    let sized = |bytes: &[u8]| [&[0, 0, 0, u8::try_from(bytes.len()).unwrap()], bytes].concat();
    let member =
        [text("m"), text("c"), text("/h"), vec![0; 4], sized(&[0, 1, 9]), sized(&[0xff, 0xff])];
    let head = [vec![0, 0], text("consumer"), vec![0, 0, 0, 1], text("range"), text("m")];
    let value = [head.concat(), vec![0, 0, 0, 1], member.concat()].concat();
    let record = decode(Some(&[0, 2, 0, 1, b'g']), Some(&value)).unwrap();
    let GroupRecord::GroupMetadata { value: Value::Set(group), .. } = record else {
        panic!("{record:?}")
    };
    let Embedded::Unreadable(cause) = group.members[0].subscription else { panic!("{group:?}") };
    assert_eq!((cause.expected, value.get(cause.at)), ("INT32", Some(&9)), "where in the record");
    let Embedded::Unreadable(cause) = group.members[0].assignment else { panic!("{group:?}") };
    assert_eq!(cause.expected, "VERSION");
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_errors_or_records(
        key_type in 0_i16..20,
        key in prop::collection::vec(0_u8..4, 0..40),
        version in 0_i16..6,
        value in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let key = [&key_type.to_be_bytes(), &key[..]].concat();
        let value = [&version.to_be_bytes(), &value[..]].concat();
        let _ = decode(Some(&key), Some(&value));
        let _ = decode(Some(&value), Some(&key));
        let _ = GroupJournal::new().read(&batch(0, 0, 1, &value).into());
    }

    #[test]
    fn arbitrary_members_are_read_or_told_to_be_unreadable(
        bytes in prop::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(2), any::<u8>()], 0..120),
    ) {
        let mut reader = Reader::new(&bytes);
        if let Ok(subscription) = protocol::subscription(&mut reader) {
            prop_assert!(subscription.topics.len() + subscription.owned.len() <= bytes.len());
        }
        let mut reader = Reader::new(&bytes);
        if let Ok(assignment) = protocol::assignment(&mut reader) {
            prop_assert!(assignment.partitions.len() <= bytes.len());
        }
    }
}
