//! Batches for tests: made here, and written by Apache Kafka 4.3.1's Java producer.

use bytes::Bytes;

/// Bytes of hexadecimal digits.
pub fn unhex(digits: &str) -> Bytes {
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(byte).collect()
}

/// A batch with a right checksum, base timestamp 1000 and max timestamp 2000.
pub fn batch(base_offset: i64, attributes: i16, records: i32, payload: &[u8]) -> Vec<u8> {
    let mut checked = attributes.to_be_bytes().to_vec();
    checked.extend((records - 1).to_be_bytes());
    checked.extend(1000_i64.to_be_bytes());
    checked.extend(2000_i64.to_be_bytes());
    checked.extend([0xff; 14]);
    checked.extend(records.to_be_bytes());
    checked.extend(payload);
    let mut batch = base_offset.to_be_bytes().to_vec();
    batch.extend(i32::try_from(checked.len() + 9).unwrap().to_be_bytes());
    batch.extend([0, 0, 0, 7, 2]);
    batch.extend(crc32c::crc32c(&checked).to_be_bytes());
    batch.extend(checked);
    batch
}

/// A record of a null key, a value, and headers without values.
pub fn record(offset_delta: i64, value: &[u8], headers: &[&[u8]]) -> Vec<u8> {
    let mut body = vec![0];
    body.extend(varlong(offset_delta * 10));
    body.extend(varlong(offset_delta));
    body.extend(varlong(-1));
    body.extend(sized(value));
    body.extend(varlong(headers.len().try_into().unwrap()));
    for name in headers {
        body.extend(sized(name));
        body.extend(varlong(-1));
    }
    sized(&body)
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    [varlong(bytes.len().try_into().unwrap()), bytes.to_vec()].concat()
}

/// A zig-zag number.
pub fn varlong(value: i64) -> Vec<u8> {
    unsigned_varlong(((value << 1) ^ (value >> 63)).cast_unsigned())
}

/// A number in seven bits a byte.
pub fn unsigned_varlong(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
    bytes
}

/// Three records in one batch a codec, in the order of the codecs' numbers. The first record has
/// key, value and the headers trace=a, trace=b and nil=null; the second no key; the third no value.
pub const JAVA_BATCHES: [&str; 5] = [
    "00000000000000000000008500000000027edaf2c20000000000020000018bcfe568000000018bcfe5680500\
     000000000007d0000000000000000000038001000000046b3046763020763020763020763020763020763020\
     7630207630207630207630207630207630060a747261636502610a74726163650262066e696c0110000a0201\
     0476310010000604046b320100",
    "00000000000000000000007500000000020ea573640001000000020000018bcfe568000000018bcfe5680500\
     000000000007d1000000000000000000031f8b08000000000000ff6b6064606060c936702b33502084d8b84a\
     8a1293539912a174125b5e660ea300031713234b99218300031b0b4bb611230300e09fc43854000000",
    "00000000000000000000007b00000000026ecc0b2f0002000000020000018bcfe568000000018bcfe5680500\
     000000000007d20000000000000000000382534e4150505900000000010000000100000036542c8001000000\
     046b30467630207e030020060a747261636502610d085c62066e696c0110000a02010476310010000604046b\
     320100",
    "0000000000000000000000760000000002ce00580a0003000000020000018bcfe568000000018bcfe5680500\
     000000000007d30000000000000000000304224d1860408236000000cf8001000000046b304676302003000d\
     93060a747261636502610800f00962066e696c0110000a02010476310010000604046b32010000000000",
    "00000000000000000000007300000000021b24fe6e0004000000020000018bcfe568000000018bcfe5680500\
     000000000007d40000000000000000000328b52ffd0058b40100d4028001000000046b3046763020060a7472\
     616365026162066e696c0110000a02010476310010000604046b32010002002bd9117749010000",
];

/// Two transactions of one record each: a data batch and its marker, commit first, then abort.
pub const JAVA_TRANSACTIONS: &str = "00000000000000000000004200000000029ed6c237001000000000000001a1fd5be189000001a1fd5be18900\
     000000000007d50000000000000000000120000000026b12636f6d6d69747465640000000000000000010000\
     00420000000002128fdae7003000000000000001a1fd5be1be000001a1fd5be1be00000000000007d50000ff\
     ffffff000000012000000008000000010c0000000000000000000000000000020000004000000000020ad54b\
     1f001000000000000001a1fd5be1b7000001a1fd5be1b700000000000007d5000000000001000000011c0000\
     00026b0e61626f727465640000000000000000030000004200000000025432fa4c003000000000000001a1fd\
     5be1da000001a1fd5be1da00000000000007d50000ffffffff000000012000000008000000000c0000000000\
     0000";
