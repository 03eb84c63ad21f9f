//! Record batches of ordinary topics made by hand, byte by byte: also those that no producer writes.

use bytes::BytesMut;
use kafka_protocol::compression::{Compressor, Gzip, Lz4, Snappy, Zstd};

/// Bits of a batch's attributes.
const TRANSACTIONAL: i16 = 0x10;
const CONTROL: i16 = 0x20;

/// The numbers of the codecs, none of them included.
pub const CODECS: [i16; 5] = [0, 1, 2, 3, 4];

/// A record: what its offset lies above the batch's, its key and its value.
pub type Row = (i64, Option<Vec<u8>>, Vec<u8>);

/// A batch before it is written.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The base offset.
    pub base: i64,
    /// Codec and flags.
    pub attributes: i16,
    /// -1 without one.
    pub producer_id: i64,
    /// The records.
    pub rows: Vec<Row>,
}

impl Draft {
    /// Records of these keys, one after the other, uncompressed.
    pub fn of_keys(base: i64, keys: &[Option<&str>]) -> Self {
        let row = |(delta, key): (i64, Option<&str>)| {
            (delta, key.map(|key| key.as_bytes().to_vec()), b"value".to_vec())
        };
        let rows = (0..).zip(keys.iter().copied()).map(row).collect();
        Self { base, attributes: 0, producer_id: -1, rows }
    }

    /// The marker that ends a transaction.
    pub fn marker(base: i64, producer_id: i64, commit: bool) -> Self {
        let key = vec![0, 0, 0, u8::from(commit)];
        let rows = vec![(0, Some(key), vec![0; 6])];
        Self { base, attributes: TRANSACTIONAL | CONTROL, producer_id, rows }
    }

    /// The same, compressed.
    pub fn compressed(mut self, codec: i16) -> Self {
        self.attributes |= codec;
        self
    }

    /// The same, of a transaction.
    pub fn of_transaction(mut self, producer_id: i64) -> Self {
        self.attributes |= TRANSACTIONAL;
        self.producer_id = producer_id;
        self
    }

    /// The offset after the last record.
    pub fn next(&self) -> i64 {
        self.base + self.rows.last().map_or(0, |(delta, ..)| *delta) + 1
    }

    /// The batch as a broker keeps it.
    pub fn bytes(&self) -> Vec<u8> {
        let records: Vec<u8> = self.rows.iter().flat_map(record).collect();
        let records = compress(self.attributes & 7, &records);
        let last = i32::try_from(self.next() - 1 - self.base).unwrap();
        let mut checked = self.attributes.to_be_bytes().to_vec();
        checked.extend(last.to_be_bytes());
        checked.extend([1_790_000_000_000_i64; 2].map(i64::to_be_bytes).concat());
        checked.extend(self.producer_id.to_be_bytes());
        checked.extend([0xff; 6]);
        checked.extend(i32::try_from(self.rows.len()).unwrap().to_be_bytes());
        checked.extend(records);
        let mut batch = self.base.to_be_bytes().to_vec();
        batch.extend(i32::try_from(checked.len() + 9).unwrap().to_be_bytes());
        batch.extend([0, 0, 0, 0, 2]);
        batch.extend(crc32c::crc32c(&checked).to_be_bytes());
        batch.extend(checked);
        batch
    }
}

/// Makes the checksum fit what was changed.
pub fn sealed(mut batch: Vec<u8>) -> Vec<u8> {
    let crc = crc32c::crc32c(&batch[21..]);
    batch[17..21].copy_from_slice(&crc.to_be_bytes());
    batch
}

fn record((delta, key, value): &Row) -> Vec<u8> {
    let key = key.as_ref().map_or_else(|| varint(-1), |key| sized(key));
    sized(&[&[0][..], &varint(0), &varint(*delta), &key, &sized(value), &varint(0)].concat())
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    [varint(bytes.len().try_into().unwrap()), bytes.to_vec()].concat()
}

/// A zig-zag number.
fn varint(value: i64) -> Vec<u8> {
    let mut value = ((value << 1) ^ (value >> 63)).cast_unsigned();
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
    bytes
}

fn compress(codec: i16, plain: &[u8]) -> Vec<u8> {
    let mut bytes = BytesMut::new();
    let fill = |to: &mut BytesMut| {
        to.extend_from_slice(plain);
        Ok(())
    };
    match codec {
        1 => Gzip::compress(&mut bytes, fill).unwrap(),
        2 => Snappy::compress(&mut bytes, fill).unwrap(),
        3 => Lz4::compress(&mut bytes, fill).unwrap(),
        4 => Zstd::compress(&mut bytes, fill).unwrap(),
        _ => bytes.extend_from_slice(plain),
    }
    bytes.to_vec()
}
