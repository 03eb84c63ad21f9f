//! Files that want too much, and files that chance has written.

use proptest::prelude::*;

use super::*;
use crate::problem::Explain;

#[test]
fn a_file_that_wants_too_much_is_refused() {
    let long = format!("#{}", "x".repeat(MAX_FILE_BYTES));
    assert_eq!(fault(&long), "1:1 compose-too-long");
    for open in ["[", "{a: ", "- "] {
        let found = fault(&open.repeat(100));
        assert!(found.ends_with(" compose-too-deep"), "{open}: {found}");
        // The parser's own limit may come first; what counts is that the stack holds.
        assert_ne!(fault(&open.repeat(100_000)), "read", "{open}");
    }
    let mut stairs = String::new();
    for level in 0..300 {
        writeln!(stairs, "{}a:", " ".repeat(level)).unwrap();
    }
    assert_eq!(fault(&stairs), "33:33 compose-too-deep");
    assert_eq!(fault(&format!("a: [{}]", "1,".repeat(30_000))), "1:40003 compose-too-many-values");
}

#[test]
fn aliases_that_repeat_aliases_are_stopped() {
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..20 {
        let last = format!("*a{} ", level - 1);
        let items = [last.as_str(); 9].join(", ");
        writeln!(laughs, "a{level}: &a{level} [{items}]").unwrap();
    }
    assert_eq!(fault(&laughs), "5:16 compose-too-many-values");
    // One long text, repeated: few values, many bytes.
    let text = format!("a: &a '{}'\nb: [{}]", "x".repeat(500_000), "*a ,".repeat(1000));
    assert_eq!(fault(&text), "2:13 compose-too-many-values");
    // Each alias adds a level.
    let mut tower = String::from("a0: &a0 [x]\n");
    for level in 1..100 {
        writeln!(tower, "a{level}: &a{level} [*a{} ]", level - 1).unwrap();
    }
    assert_eq!(fault(&tower), "32:12 compose-too-deep");
}

/// The example with a few of its characters replaced, inserted or removed.
fn mutated() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just(String::new()),
        "[-:{}\\[\\]&*!|>'\"%@`#,?$\t\n ~<=\\\\]{1,3}",
        "\\PC{1,2}",
        Just("\n---\n".to_owned()),
        Just("<<: *a\n".to_owned()),
        Just("&a ".to_owned()),
        Just("${".to_owned()),
    ];
    let change = (any::<prop::sample::Index>(), 0_usize..12, piece);
    proptest::collection::vec(change, 1..8).prop_map(|changes| {
        let mut characters: Vec<char> = KRAFT_SINGLE.chars().collect();
        for (index, removed, piece) in changes {
            let begin = index.index(characters.len());
            let end = (begin + removed).min(characters.len());
            characters.splice(begin..end, piece.chars());
        }
        characters.into_iter().collect()
    })
}

/// Whatever comes of a text: no panic, and a place that the text has.
fn check_any(text: &str) -> Result<(), TestCaseError> {
    match parse("f", text, &BTreeMap::new()) {
        Ok(file) => {
            for service in &file.services {
                let _ = server_properties(service);
            }
        }
        Err(error) => {
            prop_assert!(error.position.line >= 1 && error.position.column >= 1);
            prop_assert!(error.position.line <= text.split(['\n', '\r']).count() + 1, "{error}");
            prop_assert!(!error.problem().message.zh.is_empty());
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_text_panics(text in "([-:{}\\[\\]&*!|>'\"%@`#,?$\t\n\r ~<=\\\\a0.]|\\PC){0,80}") {
        check_any(&text)?;
    }

    #[test]
    fn no_change_to_the_example_panics(text in mutated()) {
        check_any(&text)?;
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        check_any(&String::from_utf8_lossy(&bytes))?;
    }
}
