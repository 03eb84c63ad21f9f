//! Blocks of code: which of their lines are typed.

use pulldown_cmark::{CodeBlockKind, Event, Parser, TagEnd};

use super::block::{Code, CodePart};
use super::columns::code;

/// The language whose blocks hold commands.
const CONSOLE: &str = "console";
/// What a command stands behind.
pub const PROMPT: &str = "$ ";

/// Reads a block of code to its end.
pub fn read(kind: &CodeBlockKind<'_>, events: &mut Parser<'_>) -> Code {
    let mut text = String::new();
    for event in events {
        match event {
            Event::Text(piece) => text.push_str(&piece),
            Event::End(TagEnd::CodeBlock) => break,
            _ => {}
        }
    }
    let lines = text.lines().map(code);
    match kind {
        CodeBlockKind::Fenced(info) if info.split_whitespace().next() == Some(CONSOLE) => {
            Code { fenced: true, parts: console(lines) }
        }
        CodeBlockKind::Fenced(_) => {
            Code { fenced: true, parts: lines.map(CodePart::Printed).collect() }
        }
        CodeBlockKind::Indented => {
            Code { fenced: false, parts: lines.map(CodePart::Printed).collect() }
        }
    }
}

/// Commands, which go on after a backslash, and what they print.
fn console(lines: impl Iterator<Item = String>) -> Vec<CodePart> {
    let mut parts = Vec::new();
    for line in lines {
        match parts.last_mut() {
            Some(CodePart::Command(open)) if open.last().is_some_and(|last| is_continued(last)) => {
                open.push(line);
            }
            _ => parts.push(match line.strip_prefix(PROMPT) {
                Some(command) => CodePart::Command(vec![command.to_owned()]),
                None => CodePart::Printed(line),
            }),
        }
    }
    parts
}

/// An odd number of backslashes at the end: an even one is backslashes, quoted.
fn is_continued(line: &str) -> bool {
    line.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}
