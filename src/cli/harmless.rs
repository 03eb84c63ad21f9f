//! What leaves the program for a terminal: data never sends escape sequences.

use std::fmt::Write;

use crate::printable;

/// The colours of an output, and their end.
const COLOURS: [&str; 6] = ["[0m", "[1m", "[31m", "[32m", "[33m", "[36m"];

/// A line that holds data and colours: of escape sequences only the colours pass.
pub fn coloured(line: &str) -> String {
    let mut pieces = line.split('\u{1b}');
    let mut shown = printable::line(pieces.next().unwrap_or_default());
    for piece in pieces {
        let colour = COLOURS.into_iter().find(|colour| piece.starts_with(colour));
        shown.push_str(&colour.map_or_else(
            || printable::line(&format!("\u{1b}{piece}")),
            |colour| format!("\u{1b}{colour}{}", printable::line(&piece[colour.len()..])),
        ));
    }
    shown
}

/// JSON with escapes also for the control characters that it lets stand, DEL and C1. They occur
/// within strings only.
pub fn json(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_pass_and_nothing_else_does() {
        let line = "\u{1b}[1mtitle\u{1b}]0;owned\u{7}\u{1b}[2J\u{1b}[0m";
        assert_eq!(coloured(line), "\u{1b}[1mtitle\\u{1b}]0;owned\\u{7}\\u{1b}[2J\u{1b}[0m");
    }

    #[test]
    fn json_with_control_characters_stays_the_same_json() {
        let value = serde_json::json!({"a": "\u{9b}31m\u{7f}\u{1b}中"});
        let text = json(&value.to_string());
        assert!(!text.chars().any(char::is_control), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
