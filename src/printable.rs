//! Names from a cluster, made fit for a terminal: data never sends escape sequences.

/// More names than this are counted, not listed.
const LISTED: usize = 8;

/// A name with control characters and the like escaped, at most 120 characters.
pub fn name(raw: &str) -> String {
    let mut shown: String = escaped(raw.chars().take(120));
    if raw.chars().nth(120).is_some() {
        shown.push('…');
    }
    shown
}

/// A line of a log, of any length, with control characters and the like escaped; tabs stay.
pub fn line(raw: &str) -> String {
    let parts: Vec<String> =
        raw.trim_end_matches('\r').split('\t').map(|part| escaped(part.chars())).collect();
    parts.join("\t")
}

fn escaped(raw: impl Iterator<Item = char>) -> String {
    let mut shown = String::new();
    for c in raw {
        if c.is_control() || is_invisible(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Names, separated by commas; what goes beyond eight is counted.
pub fn list(names: &[&str]) -> String {
    let mut shown: Vec<String> = names.iter().take(LISTED).map(|n| name(n)).collect();
    if names.len() > LISTED {
        shown.push(format!("… (+{})", names.len() - LISTED));
    }
    shown.join(", ")
}

/// Characters that have no width or turn the writing direction: they can make a name look like
/// another one.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_never_reach_the_terminal() {
        let shown = name("a\u{1b}]0;owned\u{7}\u{202e}b\n");
        assert!(!shown.chars().any(|c| c.is_control() || is_invisible(c)), "{shown}");
        assert_eq!(shown, "a\\u{1b}]0;owned\\u{7}\\u{202e}b\\u{a}");
    }

    #[test]
    fn many_names_are_counted() {
        let names: Vec<&str> = std::iter::repeat_n("t", 10).collect();
        assert_eq!(list(&names), "t, t, t, t, t, t, t, t, … (+2)");
    }
}
