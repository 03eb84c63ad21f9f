//! Markdown as plain text.

use super::output::{Ink, Output};
use crate::course::lines;

/// Prose wrapped to the width, headings bold, and code as it stands.
pub fn markdown(text: &str, output: &Output) {
    for (line, is_code) in lines(text) {
        let line = line.trim_end_matches(['\n', '\r']);
        if is_code || line.is_empty() {
            output.line(line);
        } else if line.starts_with("##") {
            output.line(&output.ink(Ink::Bold, line.trim_start_matches('#').trim_start()));
        } else {
            output.text(0, line);
        }
    }
}
