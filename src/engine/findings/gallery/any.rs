//! Whatever the reader accepts can be looked at.

use proptest::prelude::*;

use super::*;

/// Values that settings of a node may have, right and wrong.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9@:/.,_ =-]{0,24}",
        "([A-Z]{1,8}://[a-z0-9.:\\[\\]-]{0,12}:[0-9]{0,6},?){1,3}",
        "([0-9]{0,11}@[a-z0-9.:-]{0,8}:[0-9]{0,6},?){1,3}",
        "\\PC{0,12}",
    ]
}

proptest! {
    #[test]
    fn no_value_of_a_setting_panics(line in 5_usize..20, value in value(), machine: bool, others: bool) {
        let quoted = serde_json::Value::from(value.replace('$', "$$")).to_string();
        let lines = GOOD.lines().enumerate().map(|(index, text)| match text.split_once(": ") {
            Some((name, _)) if index + 1 == line => format!("{name}: {quoted}\n"),
            _ => format!("{text}\n"),
        });
        let text: String = lines.collect();
        if let Ok(file) = compose::parse("f", &text, &BTreeMap::new()) {
            let asked = Asked { from_this_machine: machine, from_other_services: others, machine_names: &[] };
            let last = text.lines().count();
            for finding in findings(&file, &asked) {
                prop_assert!(finding.position.line >= 1 && finding.position.line <= last);
                prop_assert!(!finding.why.zh.is_empty());
            }
        }
    }

    #[test]
    fn no_change_to_the_text_panics(at in any::<prop::sample::Index>(), removed in 0_usize..30, piece in "([-:{}\\[\\],@/ \n0-9]|\\PC){0,6}") {
        let mut characters: Vec<char> = GOOD.chars().collect();
        let begin = at.index(characters.len());
        let end = (begin + removed).min(characters.len());
        characters.splice(begin..end, piece.chars());
        let text: String = characters.into_iter().collect();
        if let Ok(file) = compose::parse("f", &text, &BTreeMap::new()) {
            let _ = findings(&file, &Asked { from_this_machine: true, from_other_services: true, machine_names: &[] });
        }
    }
}
