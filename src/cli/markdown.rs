//! Markdown on the command line.

use super::output::{Ink, Output};
use crate::markdown::{Face, Span, Ticks, parse};

/// Writes a text: prose wrapped to the width, code whole, so that it can be copied. Without colour
/// code within prose keeps its backticks.
pub fn markdown(text: &str, output: &Output) {
    let ticks = if output.colour { Ticks::Hidden } else { Ticks::Shown };
    for line in parse(text).layout_plain(output.text_width(), ticks) {
        let spans = line.spans.iter().map(|span| inked(span, output));
        output.line(&spans.collect::<String>());
    }
}

fn inked(span: &Span, output: &Output) -> String {
    match span.face {
        Face::Heading | Face::Strong | Face::Trap => output.ink(Ink::Bold, &span.text),
        Face::Code | Face::Command => output.ink(Ink::Cyan, &span.text),
        Face::Text
        | Face::Emphasis
        | Face::Link
        | Face::Prompt
        | Face::Printed
        | Face::Frame
        | Face::Marker => span.text.clone(),
    }
}
