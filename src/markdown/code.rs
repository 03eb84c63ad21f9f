//! Blocks of code: framed for the screen, whole behind blanks where they are copied from.

use super::block::{Code, CodePart};
use super::fence::PROMPT;
use super::{Face, Line, Look, Span, columns, shell};

/// What ends a line of a command that goes on in the next.
const GOES_ON: &str = " \\";
/// Before a line with which a command goes on, and before code to be copied.
const MARGIN: &str = "    ";
/// Before a drawing.
const NARROW_MARGIN: &str = "  ";
/// `│ ` and ` │`.
const BORDERS: usize = 4;
/// The narrowest text that is still set off.
const NARROWEST: usize = 4;

/// The lines of a block of code.
pub fn lines(code: &Code, width: usize, look: Look) -> Vec<Line> {
    if !look.framed {
        let lines = code.parts.iter().flat_map(whole);
        return lines.map(|line| behind(MARGIN, line)).collect();
    }
    let taken = if code.fenced { BORDERS } else { NARROW_MARGIN.len() };
    let is_set_off = width >= taken + NARROWEST;
    let inner = if is_set_off { width - taken } else { width };
    let fitted = |part| fitted(part, inner, code.fenced);
    let lines: Vec<Line> = code.parts.iter().flat_map(fitted).collect();
    match (is_set_off, code.fenced) {
        (false, _) => lines,
        (true, true) => framed(lines),
        (true, false) => lines.into_iter().map(|line| behind(NARROW_MARGIN, line)).collect(),
    }
}

/// Nothing cut and nothing broken.
fn whole(part: &CodePart) -> Vec<Line> {
    match part {
        CodePart::Command(lines) => {
            let typed = |(index, line)| prompted(index == 0, Line::of(line, Face::Command));
            lines.iter().map(String::as_str).enumerate().map(typed).collect()
        }
        CodePart::Printed(line) => vec![Line::of(line, Face::Printed)],
    }
}

/// Whole, in as many lines as it takes; but what is drawn keeps its shape.
fn fitted(part: &CodePart, width: usize, fenced: bool) -> Vec<Line> {
    match part {
        CodePart::Command(lines) => command(lines, width),
        CodePart::Printed(line) if fenced => columns::fold(line, Face::Printed, width),
        CodePart::Printed(line) => vec![columns::cut(line, Face::Printed, width)],
    }
}

/// A command in lines that a shell reads as the same command, as long as each of its words fits.
fn command(source: &[String], width: usize) -> Vec<Line> {
    let text = source.join("\n");
    let blanks = shell::blanks(&text);
    let mut lines = Vec::new();
    let mut start = 0;
    for (index, line) in source.iter().enumerate() {
        let end = start + line.len();
        let within = blanks.iter().filter(|at| (start..end).contains(*at)).map(|at| at - start);
        lines.extend(source_line(line, &within.collect::<Vec<_>>(), index == 0, width));
        start = end + 1;
    }
    lines
}

/// A line of a command as it was written, in as many lines as it takes.
fn source_line(line: &str, blanks: &[usize], first: bool, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut rest = 0;
    loop {
        let margin = if lines.is_empty() { "" } else { MARGIN };
        let prompt = if first && lines.is_empty() { PROMPT.len() } else { 0 };
        let room = width.saturating_sub(prompt + margin.len()).max(1);
        let rest_fits = columns::of(&line[rest..]) <= room;
        let end = if rest_fits { None } else { line_end(line, rest, blanks, room) };
        let mut text = line[rest..end.unwrap_or(line.len())].to_owned();
        text.push_str(if end.is_some() { GOES_ON } else { "" });
        for (index, shown) in columns::fold(&text, Face::Command, room).into_iter().enumerate() {
            let shown = if margin.len() < width { typed_behind(margin, shown) } else { shown };
            lines.push(prompted(index == 0 && prompt > 0 && prompt < width, shown));
        }
        let Some(end) = end else { return lines };
        rest = end + (line.len() - end - line[end..].trim_start().len());
    }
}

/// The last blank up to which a line has room for the backslash too, before an option or a pipe
/// rather than between an option and its value; or else the first: the word before it is too long
/// for any line.
fn line_end(line: &str, rest: usize, blanks: &[usize], room: usize) -> Option<usize> {
    let room = room.saturating_sub(GOES_ON.len());
    let ahead = || blanks.iter().copied().filter(|at| *at > rest);
    let taken = |at: &usize| columns::of(&line[rest..*at]);
    let fitting = || ahead().take_while(|at| taken(at) <= room);
    let begins = |at: &usize| line[*at..].trim_start().starts_with(['-', '|', '&', '>']);
    let best = fitting().filter(|at| begins(at) && taken(at) >= room / 2).last();
    best.or_else(|| fitting().last()).or_else(|| ahead().next())
}

fn prompted(is_first: bool, mut line: Line) -> Line {
    if is_first {
        line.spans.insert(0, Span::new(PROMPT, Face::Prompt));
    }
    line
}

fn typed_behind(margin: &str, mut line: Line) -> Line {
    if let Some(first) = line.spans.first_mut() {
        first.text.insert_str(0, margin);
    }
    line
}

fn behind(margin: &str, mut line: Line) -> Line {
    if line.is_blank() {
        return Line::default();
    }
    line.spans.insert(0, Span::new(margin, Face::Text));
    line
}

fn framed(lines: Vec<Line>) -> Vec<Line> {
    let Some(widest) = lines.iter().map(Line::width).max() else { return lines };
    let side = "─".repeat(widest + 2);
    let mut framed = vec![Line::of(format!("┌{side}┐"), Face::Frame)];
    for mut line in lines {
        let hole = " ".repeat(widest - line.width());
        line.spans.insert(0, Span::new("│ ", Face::Frame));
        line.spans.push(Span::new(format!("{hole} │"), Face::Frame));
        framed.push(line);
    }
    framed.push(Line::of(format!("└{side}┘"), Face::Frame));
    framed
}
