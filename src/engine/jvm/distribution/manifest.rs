//! The list of what a cache entry holds; without it an entry does not count.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::checksum::hex;
use super::jars::{self, Jar};

/// Jars of one version, written last, before the entry is renamed into place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    schema: u32,
    version: String,
    jars: Vec<Jar>,
}

const SCHEMA: u32 = 1;

impl Manifest {
    /// `jars` sorted by name.
    pub(super) fn new(version: &str, jars: Vec<Jar>) -> Self {
        Self { schema: SCHEMA, version: version.to_owned(), jars }
    }

    /// `None` if `bytes` is not a manifest of `version`, or names a file outside its folder.
    pub(super) fn parse(bytes: &[u8], version: &str) -> Option<Self> {
        let manifest: Self = serde_json::from_slice(bytes).ok()?;
        let ours = manifest.schema == SCHEMA && manifest.version == version;
        let sorted = manifest.jars.is_sorted_by(|a, b| a.name < b.name);
        let plain = manifest.jars.iter().all(|jar| jars::belongs(&jar.name));
        (ours && sorted && plain && !manifest.jars.is_empty()).then_some(manifest)
    }

    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        fs::write(path, serde_json::to_vec_pretty(self).map_err(io::Error::other)?)
    }

    pub(super) fn jars(&self) -> &[Jar] {
        &self.jars
    }

    /// One hash over names and contents in class path order.
    pub(super) fn fingerprint(&self) -> String {
        fingerprint(self.jars.iter().map(|jar| (jar.name.as_str(), jar.sha256.as_str())))
    }
}

/// One hash over jars in class path order: name, and what tells its content.
pub(super) fn fingerprint<'a, T: AsRef<str>>(jars: impl Iterator<Item = (&'a str, T)>) -> String {
    let mut hash = Sha256::new();
    for (name, content) in jars {
        hash.update(name);
        hash.update([0]);
        hash.update(content.as_ref());
        hash.update([0]);
    }
    hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn jar(name: &str) -> Jar {
        Jar { name: name.to_owned(), size: 4, sha256: "ab".to_owned() }
    }

    fn bytes(jars: Vec<Jar>) -> Vec<u8> {
        serde_json::to_vec(&Manifest::new("4.3.1", jars)).unwrap()
    }

    #[test]
    fn what_was_written_is_read_back() {
        let written = bytes(vec![jar("a.jar"), jar("b.jar")]);
        let manifest = Manifest::parse(&written, "4.3.1").unwrap();
        assert_eq!(manifest.jars(), [jar("a.jar"), jar("b.jar")]);
        assert_eq!(Manifest::parse(&written, "3.9.2"), None);
    }

    #[test]
    fn a_manifest_that_leads_out_of_its_folder_is_refused() {
        for name in ["../a.jar", "/a.jar", "x/a.jar", "a.jar:b.jar", "a.txt", ".jar", ""] {
            assert_eq!(Manifest::parse(&bytes(vec![jar(name)]), "4.3.1"), None, "{name}");
        }
    }

    #[test]
    fn an_unordered_or_empty_manifest_is_refused() {
        assert_eq!(Manifest::parse(&bytes(vec![jar("b.jar"), jar("a.jar")]), "4.3.1"), None);
        assert_eq!(Manifest::parse(&bytes(Vec::new()), "4.3.1"), None);
    }

    #[test]
    fn the_fingerprint_tells_apart_contents_and_names() {
        let of = |pairs: &[(&'static str, &str)]| fingerprint(pairs.iter().copied());
        let base = of(&[("a.jar", "1"), ("b.jar", "2")]);
        assert_eq!(base, of(&[("a.jar", "1"), ("b.jar", "2")]));
        assert_ne!(base, of(&[("a.jar", "1"), ("b.jar", "3")]));
        assert_ne!(base, of(&[("a.jar", "1"), ("c.jar", "2")]));
        assert_ne!(base, of(&[("b.jar", "2"), ("a.jar", "1")]));
    }

    proptest! {
        #[test]
        fn a_manifest_with_any_byte_changed_never_panics(
            at in 0_usize..200, byte in any::<u8>(), cut in 0_usize..400,
        ) {
            let mut written = bytes(vec![jar("a.jar"), jar("b.jar")]);
            let at = at % written.len();
            written[at] = byte;
            written.truncate(cut);
            if let Some(manifest) = Manifest::parse(&written, "4.3.1") {
                prop_assert!(manifest.jars().iter().all(|jar| !jar.name.contains('/')));
            }
        }
    }
}
