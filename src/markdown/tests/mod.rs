//! What stands where, line by line.

mod blocks;
mod code;
mod course;
mod prose;
mod robust;

use super::{Face, Line, Ticks, parse};

/// The lines of a text at a width, without faces.
fn shown(text: &str, width: usize) -> Vec<String> {
    texts(&parse(text).layout(width))
}

/// The lines of a text for the command line, without colours.
fn plain(text: &str, width: usize) -> Vec<String> {
    texts(&parse(text).layout_plain(width, Ticks::Shown))
}

fn texts(lines: &[Line]) -> Vec<String> {
    lines.iter().map(Line::text).collect()
}

/// What has a face, span by span.
fn of_face(lines: &[Line], face: Face) -> Vec<&str> {
    let spans = lines.iter().flat_map(|line| &line.spans);
    spans.filter(|span| span.face == face).map(|span| span.text.as_str()).collect()
}
