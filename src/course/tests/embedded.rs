//! The course that travels in the binary.

use super::super::source::Source;

#[test]
fn the_binary_carries_every_environment_under_its_path() {
    let files = Source::Embedded.files().unwrap();
    let text = files.get("compose/kraft-single.yaml").unwrap();
    assert!(text.starts_with(b"# One node"));
    assert!(files.below("compose/").any(|(path, _)| path == "kraft-single.yaml"));
}
