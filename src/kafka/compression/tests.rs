use std::io::Write;

use kafka_protocol::compression::{Compressor, Gzip, Lz4, Snappy, Zstd};
use proptest::prelude::*;

use super::*;

const CODECS: [Codec; 4] = [Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd];

fn compress(codec: Codec, plain: &[u8]) -> Bytes {
    let mut out = bytes::BytesMut::new();
    let fill = |to: &mut bytes::BytesMut| {
        to.extend_from_slice(plain);
        Ok(())
    };
    match codec {
        Codec::None => return Bytes::copy_from_slice(plain),
        Codec::Gzip => Gzip::compress(&mut out, fill),
        Codec::Snappy => Snappy::compress(&mut out, fill),
        Codec::Lz4 => Lz4::compress(&mut out, fill),
        Codec::Zstd => Zstd::compress(&mut out, fill),
    }
    .unwrap();
    out.freeze()
}

#[test]
fn a_bomb_is_refused_at_the_limit_and_read_below_it() {
    let plain = vec![0; 8 << 20];
    for codec in CODECS {
        let bomb = compress(codec, &plain);
        let refused = decompress(codec, &bomb, plain.len() - 1);
        assert!(matches!(refused, Err(DecompressError::TooLarge { .. })), "{codec:?}");
        assert_eq!(decompress(codec, &bomb, plain.len()).unwrap().len(), plain.len());
    }
}

#[test]
fn what_is_not_compressed_shares_its_memory() {
    let plain = Bytes::from(vec![1; 100]);
    let same = decompress(Codec::None, &plain, 0).unwrap();
    assert_eq!(same.as_ptr(), plain.as_ptr());
}

#[test]
fn compressed_bytes_that_end_early_are_damage() {
    let plain: Vec<u8> = (0..2000_u32).flat_map(u32::to_le_bytes).collect();
    for codec in CODECS {
        let whole = compress(codec, &plain);
        for end in [0, 1, whole.len() / 2, whole.len() - 1] {
            let cut = decompress(codec, &whole.slice(..end), 1 << 20);
            assert!(matches!(cut, Err(DecompressError::Damaged { .. })), "{codec:?} at {end}");
        }
    }
}

#[test]
fn snappy_without_a_frame_is_read() {
    let plain = b"as some clients write it, some clients write it so".repeat(9);
    let block = snap::raw::Encoder::new().compress_vec(&plain).unwrap();
    assert_eq!(decompress(Codec::Snappy, &block.into(), 1 << 10).unwrap(), plain);
}

#[test]
fn snappy_that_claims_what_its_bytes_cannot_hold_is_refused() {
    let claims_4_gib = Bytes::from_static(&[0xff, 0xff, 0xff, 0xff, 0x0f, 0, 1, 2]);
    let refused = decompress(Codec::Snappy, &claims_4_gib, usize::MAX);
    assert!(matches!(refused, Err(DecompressError::Damaged { .. })), "{refused:?}");
}

#[test]
fn gzip_of_several_members_is_read_in_full_as_java_does() {
    let mut members = Vec::new();
    for part in [b"one ", b"two "] {
        let mut member = flate2::write::GzEncoder::new(&mut members, flate2::Compression::fast());
        member.write_all(part).unwrap();
        member.finish().unwrap();
    }
    assert_eq!(&decompress(Codec::Gzip, &members.into(), 100).unwrap()[..], b"one two ");
}

proptest! {
    #[test]
    fn arbitrary_bytes_keep_the_limit(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for codec in CODECS {
            if let Ok(expanded) = decompress(codec, &bytes.clone().into(), 1000) {
                prop_assert!(expanded.len() <= 1000);
            }
        }
    }

    #[test]
    fn damaged_bytes_keep_the_limit(at in any::<prop::sample::Index>(), value: u8) {
        for codec in CODECS {
            let mut bytes = compress(codec, &[7; 900]).to_vec();
            let at = at.index(bytes.len());
            bytes[at] = value;
            if let Ok(expanded) = decompress(codec, &bytes.into(), 1000) {
                prop_assert!(expanded.len() <= 1000);
            }
        }
    }
}
