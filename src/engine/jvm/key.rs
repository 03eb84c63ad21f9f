//! Names of cache entries, drawn from what they depend on.

/// The first eight bytes of a digest in hexadecimal: 64 bits, enough for a handful of entries.
pub fn short_hex(digest: &[u8]) -> String {
    let first = digest.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    format!("{first:016x}")
}
