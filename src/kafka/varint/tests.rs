use proptest::prelude::*;

use super::*;
use crate::kafka::testing::{unsigned_varlong, varlong};

/// Reads `bytes` to their end with one method.
fn whole<'a, T>(bytes: &'a [u8], read: impl Fn(&mut Reader<'a>) -> Decoded<T>) -> Decoded<T> {
    let mut reader = Reader::new(bytes);
    let value = read(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

#[test]
fn numbers_read_as_the_protocol_writes_them() {
    assert_eq!(whole(&[0xac, 0x02], Reader::unsigned_varint), Ok(300));
    assert_eq!(whole(&[0x01], Reader::varint), Ok(-1));
    assert_eq!(whole(&[0xff, 0xff, 0xff, 0xff, 0x0f], Reader::varint), Ok(i32::MIN));
    assert_eq!(whole(&[0xff, 0xfe], Reader::uint16), Ok(0xfffe));
    assert_eq!(whole(&[0x3f, 0xf8, 0, 0, 0, 0, 0, 0], Reader::float64), Ok(1.5));
    assert_eq!(whole(&[7], Reader::boolean), Ok(true));
}

#[test]
fn a_number_of_too_many_bits_is_an_error_where_it_began() {
    let error = DecodeError { expected: "UNSIGNED_VARINT", at: 1, end: 6 };
    for bytes in [[0, 0xff, 0xff, 0xff, 0xff, 0x1f], [0, 0x80, 0x80, 0x80, 0x80, 0x80]] {
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.int8(), Ok(0));
        assert_eq!(reader.unsigned_varint(), Err(error));
        assert_eq!(reader.position(), 1, "a failed read moves nothing");
    }
    let eleven = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0];
    assert!(Reader::new(&eleven).unsigned_varlong().is_err());
    let too_large = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02];
    assert!(Reader::new(&too_large).unsigned_varlong().is_err());
}

#[test]
fn null_is_told_from_empty() {
    assert_eq!(whole(&[0], Reader::compact_nullable_string), Ok(None));
    assert_eq!(whole(&[1], Reader::compact_nullable_string), Ok(Some(String::new())));
    let error = DecodeError { expected: "COMPACT_STRING", at: 0, end: 1 };
    assert_eq!(whole(&[0], Reader::compact_string), Err(error));
}

#[test]
fn bytes_that_are_no_text_are_replaced_as_kafka_does() {
    assert_eq!(whole(&[4, b'a', 0xff, b'b'], Reader::compact_string), Ok("a\u{fffd}b".to_owned()));
}

#[test]
fn an_array_longer_than_its_bytes_is_refused_before_it_is_read() {
    let claims = [0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3, 4];
    let mut read = 0;
    let array = Reader::new(&claims).compact_array(4, |reader| {
        read += 1;
        reader.int32()
    });
    assert_eq!(array, Err(DecodeError { expected: "COMPACT_ARRAY", at: 0, end: 9 }));
    assert_eq!(read, 0);
}

#[test]
fn a_tagged_field_cannot_read_beyond_itself() {
    let fields = [1, 9, 2, 0xaa, 0xbb, 0xcc, 0xdd];
    let mut reader = Reader::new(&fields);
    let overrun = reader.tagged_fields(|_, field| field.int32().map(|_| ()));
    assert_eq!(overrun, Err(DecodeError { expected: "INT32", at: 3, end: 5 }));
}

#[test]
fn an_unknown_tagged_field_is_passed_over() {
    let fields = [2, 0, 1, 0x2a, 77, 3, 1, 2, 3, 0x55];
    let mut reader = Reader::new(&fields);
    let mut known = None;
    let read = reader.tagged_fields(|tag, field| {
        if tag == 0 {
            known = Some(field.int8()?);
        }
        Ok(())
    });
    assert_eq!((read, known, reader.remaining()), (Ok(()), Some(0x2a), 1));
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(wide: i64, narrow: i32, positive: u64) {
        prop_assert_eq!(whole(&varlong(wide), Reader::varlong), Ok(wide));
        prop_assert_eq!(whole(&varlong(narrow.into()), Reader::varint), Ok(narrow));
        prop_assert_eq!(whole(&unsigned_varlong(positive), Reader::unsigned_varlong), Ok(positive));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let mut reader = Reader::new(&bytes);
        let _ = reader.clone().unsigned_varint();
        let _ = reader.clone().unsigned_varlong();
        let _ = reader.clone().varint();
        let _ = reader.clone().varlong();
        let _ = reader.clone().compact_nullable_string();
        let _ = reader.clone().compact_bytes();
        let _ = reader.clone().compact_array(1, Reader::compact_string);
        let _ = reader.clone().skip_tagged_fields();
        let _ = reader.clone().uuid();
        if let Err(error) = reader.compact_array(2, Reader::varlong) {
            prop_assert!(error.at <= error.end && error.end <= bytes.len());
        }
    }
}
