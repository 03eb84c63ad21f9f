//! To which partition the clients' partitioners send a key.
//!
//! Sources: Java's `BuiltInPartitioner` and `Utils.murmur2`; librdkafka's `consistent_random` and
//! `fnv1a`; Sarama's `NewHashPartitioner` and `NewReferenceHashPartitioner`; kafka-go's `Hash` and
//! `ReferenceHash`.

/// A way to choose a partition by the key alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partitioner {
    /// CRC-32 (that of zlib): librdkafka's default, and so that of its bindings.
    Crc32,
    /// Murmur2 with Kafka's seed, sign bit cleared: the Java client's, franz-go's, kafka-python's.
    Murmur2,
    /// FNV-1a of 32 bits, absolute value: the default of Sarama and of kafka-go's `Hash`.
    Fnv1a,
    /// FNV-1a of 32 bits, sign bit cleared: the `Reference` variants of both.
    Fnv1aReference,
}

impl Partitioner {
    /// Every one of them.
    pub const ALL: [Self; 4] = [Self::Crc32, Self::Murmur2, Self::Fnv1a, Self::Fnv1aReference];

    /// The partition of a key among `partitions` (at least 1), counted from 0.
    pub fn partition(self, key: &[u8], partitions: u32) -> u32 {
        let hash = match self {
            Self::Crc32 => crc32fast::hash(key),
            Self::Murmur2 => murmur2(key) & POSITIVE,
            Self::Fnv1a => fnv1a(key).cast_signed().unsigned_abs(),
            Self::Fnv1aReference => fnv1a(key) & POSITIVE,
        };
        hash % partitions.max(1)
    }
}

const POSITIVE: u32 = 0x7fff_ffff;

/// Austin Appleby's Murmur2 of 32 bits, with the seed of Kafka's `Utils`.
fn murmur2(key: &[u8]) -> u32 {
    const SEED: u32 = 0x9747_b28c;
    const M: u32 = 0x5bd1_e995;
    // The length counts modulo 2^32, as in Java.
    let length = u32::try_from(key.len() & 0xffff_ffff).unwrap_or_default();
    let (words, rest) = key.as_chunks::<4>();
    let mut hash = SEED ^ length;
    for word in words {
        let mut k = u32::from_le_bytes(*word).wrapping_mul(M);
        k = (k ^ (k >> 24)).wrapping_mul(M);
        hash = hash.wrapping_mul(M) ^ k;
    }
    if !rest.is_empty() {
        let mut last = [0; 4];
        last[..rest.len()].copy_from_slice(rest);
        hash = (hash ^ u32::from_le_bytes(last)).wrapping_mul(M);
    }
    hash = (hash ^ (hash >> 13)).wrapping_mul(M);
    hash ^ (hash >> 15)
}

/// FNV-1a of 32 bits (draft-eastlake-fnv).
fn fnv1a(key: &[u8]) -> u32 {
    const OFFSET_BASIS: u32 = 0x811c_9dc5;
    const PRIME: u32 = 0x0100_0193;
    key.iter().fold(OFFSET_BASIS, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kafka's own `UtilsTest.testMurmur2`.
    #[test]
    fn murmur2_is_the_java_clients() {
        for (key, hash) in [
            ("21", -973_932_308),
            ("foobar", -790_332_482),
            ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
        ] {
            assert_eq!(murmur2(key.as_bytes()).cast_signed(), hash, "{key}");
        }
    }

    /// The test vectors of draft-eastlake-fnv.
    #[test]
    fn fnv1a_is_the_published_one() {
        for (key, hash) in [("", 0x811c_9dc5), ("a", 0xe40c_292c), ("foobar", 0xbf9c_f968)] {
            assert_eq!(fnv1a(key.as_bytes()), hash, "{key}");
        }
    }

    /// What librdkafka 2.11 did with these keys and three partitions on a live broker.
    #[test]
    fn crc32_sends_keys_where_librdkafka_does() {
        let partition = |key: &str| Partitioner::Crc32.partition(key.as_bytes(), 3);
        let found: Vec<u32> = (0..10).map(|n| partition(&format!("key-{n}"))).collect();
        assert_eq!(found, [0, 2, 0, 2, 1, 0, 2, 2, 0, 2]);
        assert_eq!(partition("user-123"), 0);
    }

    #[test]
    fn every_partition_is_one_of_those_asked_for() {
        for partitioner in Partitioner::ALL {
            let reached: std::collections::BTreeSet<u32> =
                (0..200_u32).map(|n| partitioner.partition(&n.to_be_bytes(), 5)).collect();
            assert_eq!(reached, (0..5).collect(), "{partitioner:?}");
        }
    }
}
