use proptest::prelude::*;

use super::*;
use crate::markdown::{wrap, wrap_whole};

/// The narrowest width that every line keeps to.
const NARROWEST: usize = 8;

fn is_safe(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}')
}

/// Lines that a terminal can show as they are.
fn assert_harmless(lines: &[Line]) {
    for line in lines {
        assert!(line.text().chars().all(is_safe), "{line:?}");
        assert!(line.spans.iter().all(|span| !span.text.is_empty()), "{line:?}");
    }
    let ends = [lines.first(), lines.last()];
    assert!(ends.into_iter().flatten().all(|line| !line.is_blank()), "{lines:?}");
}

fn assert_laid_out(text: &str, width: usize) {
    let document = parse(text);
    let lines = document.layout(width);
    assert_harmless(&lines);
    if width >= NARROWEST {
        let wide = lines.iter().find(|line| line.width() > width);
        assert_eq!(wide, None, "{width} columns: {text:?}");
    }
    assert_harmless(&document.layout_plain(width, Ticks::Shown));
}

proptest! {
    #[test]
    fn any_text_is_laid_out_at_any_width(text: String, width in 1_usize..=200) {
        assert_laid_out(&text, width);
    }

    #[test]
    fn any_markdown_is_laid_out_at_any_width(
        text in "(# |```console\n|```\n|\n\\$ |\n\n|\n> |\n- |\n10\\. |\n    |\n\t|\\| |\n\\|---\\|--:\\|\n|\\*\\*|\\*|`|\\[a\\]\\(|\\)|<b>|  \n|\\\\\n|'|\"|\\$\\(|word |kafka-topics\\.sh |位移|，|（|👍🏽|e\u{301}|\u{fe0f}|\u{1b}\\[31m|\u{7}|\u{202e}|\\PC){0,60}",
        width in 1_usize..=200,
    ) {
        assert_laid_out(&text, width);
    }

    #[test]
    fn any_prose_is_wrapped_at_any_width(
        text in "([a-z]{1,9}|[ -/]|\n|\t|位移|，|👍🏽|e\u{301}|\u{1b}|\\PC){0,60}",
        width in 1_usize..=60,
    ) {
        let lines = wrap(&text, Face::Text, width);
        prop_assert!(lines.iter().all(|line| line.text().chars().all(is_safe)));
        prop_assert!(width < NARROWEST || lines.iter().all(|line| line.width() <= width));
        let whole = wrap_whole(&text, Face::Text, width);
        let words = |lines: &[Line]| texts(lines).concat().replace(' ', "");
        prop_assert_eq!(words(&lines), words(&whole));
    }
}

#[test]
fn deep_nesting_is_flattened_and_no_overflow() {
    for deep in ["> ", "- ", "1. ", "> - "] {
        let text = format!("{}the end", deep.repeat(20_000));
        let lines = parse(&text).layout(80);
        assert!(lines.iter().all(|line| line.width() <= 80));
        assert!(texts(&lines).join(" ").ends_with("the end"), "{deep}");
    }
    let nested = (0..200).map(|depth| format!("{}- {depth}", "  ".repeat(depth)));
    let nested = nested.collect::<Vec<_>>().join("\n");
    let words = texts(&parse(&nested).layout(80)).join(" ");
    assert!((0..200).all(|depth| words.split_whitespace().any(|word| word == depth.to_string())));
    drop(parse(&"*a **b ".repeat(5_000)).layout(80));
}
