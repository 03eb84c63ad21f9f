//! Cluster ids: 16 bytes in URL-safe base64, as Kafka's `Uuid` reads them.
//!
//! 16 bytes are 128 bits and 22 characters hold 132: the last one has four bits to spare, so that
//! several spellings name one id. Kafka keeps the spelling that it was given; who compares ids
//! compares their bytes.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Takes what Java's URL decoder takes: padding or none, and spare bits of any value.
const AS_JAVA: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The id that the apache/kafka image formats with where `CLUSTER_ID` is not set.
pub const OF_THE_IMAGE: &str = "5L6g3nShT-eMCtK--X86sw";

/// The longest text that Kafka reads as an id.
const MOST_CHARACTERS: usize = 24;

/// The bytes that an id stands for; `None` for what Kafka would not take as one.
pub fn bytes(id: &str) -> Option<[u8; 16]> {
    let decoded = (id.len() <= MOST_CHARACTERS).then(|| AS_JAVA.decode(id).ok()).flatten();
    decoded?.try_into().ok()
}

/// Whether two texts name one cluster: the same bytes, or, where one of them is no such id, the
/// same text.
pub fn same(one: &str, other: &str) -> bool {
    one == other || bytes(one).is_some_and(|id| bytes(other) == Some(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_the_same_bytes_are_one_id() {
        assert!(same("MkU3OEVBNTcwNTJENDM2Qk", "MkU3OEVBNTcwNTJENDM2Qg"));
        assert!(same("MkU3OEVBNTcwNTJENDM2Qg", "MkU3OEVBNTcwNTJENDM2Qg=="));
        assert!(!same("MkU3OEVBNTcwNTJENDM2Qg", "MkU3OEVBNTcwNTJENDM2Qw"));
    }

    #[test]
    fn what_kafka_would_not_take_is_no_id() {
        for text in ["", "kafka", "MkU3OEVBNTcwNTJENDM2Q+", "MkU3OEVBNTcwNTJENDM2QgAA", "ä"] {
            assert_eq!(bytes(text), None, "{text}");
        }
        assert!(same("not an id", "not an id"));
        assert!(!same("not an id", "nor this"));
    }
}
