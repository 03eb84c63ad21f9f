use proptest::prelude::*;

use super::*;
use crate::kafka::testing::{JAVA_BATCHES, JAVA_TRANSACTIONS, batch, record, unhex};

/// The base offsets of the batches in `bytes`, and the error they end with.
fn offsets(bytes: &Bytes) -> (Vec<i64>, Option<BatchError>) {
    let mut offsets = Vec::new();
    for batch in Batches::new(bytes) {
        match batch {
            Ok(batch) => offsets.push(batch.header.base_offset),
            Err(error) => return (offsets, Some(error)),
        }
    }
    (offsets, None)
}

#[test]
fn a_header_reads_as_the_producer_wrote_it() {
    let bytes = unhex(JAVA_TRANSACTIONS);
    let headers: Vec<BatchHeader> = Batches::new(&bytes).map(|b| b.unwrap().header).collect();
    let [data, commit, _, abort] = headers[..] else { panic!("{headers:?}") };
    assert!(data.is_transactional() && !data.is_control());
    assert!(commit.is_transactional() && commit.is_control() && abort.is_control());
    assert_eq!((data.producer_id, data.producer_epoch, data.base_sequence), (2005, 0, 0));
    assert_eq!(abort.base_sequence, -1);
    assert_eq!((abort.base_offset, abort.next_offset(), abort.records), (3, 4, 1));
    assert_eq!(data.max_timestamp, 1_795_252_019_593);
    assert_eq!(data.timestamp_type(), TimestampType::CreateTime);
}

#[test]
fn every_codec_is_named_and_no_other() {
    let codecs: Vec<_> = JAVA_BATCHES
        .iter()
        .map(|digits| Batches::new(&unhex(digits)).next().unwrap().unwrap().header.codec())
        .collect();
    let names: Vec<_> = codecs.into_iter().map(|codec| codec.unwrap().name()).collect();
    assert_eq!(names, ["none", "gzip", "snappy", "lz4", "zstd"]);
    let bytes = Bytes::from(batch(0, 5, 1, &record(0, b"", &[])));
    assert_eq!(Batches::new(&bytes).next().unwrap().unwrap().header.codec(), None);
}

#[test]
fn a_response_that_ends_in_half_a_batch_gives_the_whole_ones() {
    let first = batch(5, 0, 1, &record(0, b"one", &[]));
    let both = Bytes::from([first.clone(), batch(6, 0, 1, &record(0, b"two", &[]))].concat());
    for end in first.len()..both.len() {
        let cut = both.slice(..end);
        assert_eq!(offsets(&cut), (vec![5], None), "cut at byte {end}");
        let mut batches = Batches::new(&cut);
        batches.next();
        assert_eq!(batches.unread(), end - first.len());
    }
    assert_eq!(offsets(&both), (vec![5, 6], None));
}

#[test]
fn another_magic_is_an_error_that_ends_the_scan() {
    let mut bytes = batch(0, 0, 1, &record(0, b"", &[]));
    bytes[16] = 1;
    let bytes = Bytes::from(bytes);
    assert_eq!(offsets(&bytes), (vec![], Some(BatchError::Magic { magic: 1, at: 0 })));
    assert_eq!(Batches::new(&bytes).count(), 1);
}

#[test]
fn a_length_no_batch_has_is_an_error_not_an_end() {
    let good = batch(0, 0, 1, &record(0, b"", &[]));
    for length in [i32::MIN, -1, 0, 48, i32::MAX] {
        let mut bad = good.clone();
        bad[8..12].copy_from_slice(&length.to_be_bytes());
        let at = good.len();
        let bytes = Bytes::from([good.clone(), bad].concat());
        assert_eq!(offsets(&bytes), (vec![0], Some(BatchError::Length { length, at })));
    }
}

#[test]
fn any_damaged_byte_after_the_checksum_is_noticed() {
    let good = batch(0, 0, 1, &record(0, b"value", &[]));
    let check = |bytes: Vec<u8>| {
        let bytes = Bytes::from(bytes);
        Batches::new(&bytes).next().unwrap().unwrap().check_crc()
    };
    assert_eq!(check(good.clone()), Ok(()));
    for at in CHECKED_FROM..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x40;
        assert!(matches!(check(bad), Err(BatchError::Checksum { offset: 0, .. })), "byte {at}");
    }
}

#[test]
fn batches_written_by_kafka_have_their_checksum() {
    for digits in JAVA_BATCHES.iter().chain([&JAVA_TRANSACTIONS]) {
        let bytes = unhex(digits);
        assert!(Batches::new(&bytes).all(|batch| batch.unwrap().check_crc().is_ok()));
        assert_eq!(Batches::new(&bytes).last().map(|b| b.unwrap().header.size() > 61), Some(true));
    }
}

#[test]
fn offsets_at_the_end_of_their_range_do_not_overflow() {
    let bytes = Bytes::from(batch(i64::MAX, 0, 9, &record(0, b"", &[])));
    let header = Batches::new(&bytes).next().unwrap().unwrap().header;
    assert_eq!((header.last_offset(), header.next_offset()), (i64::MAX, i64::MAX));
}

proptest! {
    #[test]
    fn arbitrary_bytes_end_or_err(
        mut bytes in prop::collection::vec(any::<u8>(), 0..300),
        at in 0_usize..200,
        length in 40_i32..200,
    ) {
        if let Some(probe) = bytes.get_mut(at..at + 17) {
            probe[8..12].copy_from_slice(&length.to_be_bytes());
            probe[16] = 2;
            bytes.drain(..at);
        }
        let bytes = Bytes::from(bytes);
        let mut batches = Batches::new(&bytes);
        let sizes: usize = batches.by_ref().flatten().map(|batch| batch.header.size()).sum();
        prop_assert_eq!(sizes + batches.unread(), bytes.len());
    }
}
