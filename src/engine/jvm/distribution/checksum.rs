//! SHA-512 of the release archive, and the file in which Apache publishes it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha512};

/// Hex digits of a SHA-512.
const DIGITS: usize = 128;

/// The checksum in `text`, lower-case, or `None` if it is in no known format.
///
/// Apache writes `FILE: ABCD1234 …`, upper-case in groups, wrapped over lines (`gpg --print-md`);
/// `sha512sum` writes `hex  FILE`, BSD tools `SHA512 (FILE) = hex`.
pub(super) fn parse(text: &str) -> Option<String> {
    let digits: String = match text.split_once([':', '=']) {
        Some((_file, groups)) => groups.split_whitespace().collect(),
        None => text.split_whitespace().next()?.to_owned(),
    };
    let hex = digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then(|| digits.to_ascii_lowercase())
}

/// The SHA-512 of a file, lower-case hex.
pub(super) fn of_file(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha512::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(&buffer[..read]);
    }
}

/// Lower-case hex digits of `bytes`.
pub(super) fn hex(bytes: &[u8]) -> String {
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles.filter_map(|nibble| char::from_digit(nibble.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sum() -> String {
        hex(&Sha512::digest(b"kafka"))
    }

    #[test]
    fn apache_format_is_read_across_its_wrapped_lines() {
        let upper = sum().to_uppercase();
        let groups: Vec<&str> =
            upper.as_bytes().chunks(8).map(|c| std::str::from_utf8(c).unwrap()).collect();
        let lines: Vec<String> = groups.chunks(6).map(|line| line.join(" ")).collect();
        let text = format!("kafka_2.13-4.3.1.tgz: {}\n", lines.join("\n                      "));
        assert!(text.lines().count() > 2, "the sample must wrap");
        assert_eq!(parse(&text), Some(sum()));
    }

    #[test]
    fn plain_formats_are_read() {
        assert_eq!(parse(&format!("{}  kafka_2.13-4.3.1.tgz\n", sum())), Some(sum()));
        assert_eq!(parse(&format!("{} *kafka_2.13-4.3.1.tgz\r\n", sum())), Some(sum()));
        assert_eq!(parse(&format!("SHA512 (kafka.tgz) = {}\n", sum())), Some(sum()));
        assert_eq!(parse(&sum()), Some(sum()));
    }

    #[test]
    fn what_is_no_sha512_is_refused() {
        assert_eq!(parse(""), None);
        assert_eq!(parse("<html>404 Not Found</html>"), None);
        assert_eq!(parse(&sum()[..127]), None);
        assert_eq!(parse(&format!("kafka.tgz: {}0", sum())), None);
        assert_eq!(parse(&format!("kafka.tgz: {}g", &sum()[..127])), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in ".*") {
            if let Some(sum) = parse(&text) {
                prop_assert_eq!(sum.len(), DIGITS);
            }
        }
    }
}
