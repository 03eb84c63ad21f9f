//! Writes results: text for people, JSON for programs, problems for both.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::{env, iter};

use serde_json::{Value, json};

use super::harmless;
use crate::engine::report::{Report, Step};
use crate::lab::language;
use crate::markdown::{self, Face, Line};
use crate::paths::Paths;
use crate::phrase::{Lang, Phrase, Words};
use crate::printable;
use crate::problem::{Problem, ProblemKind};

/// Version of every JSON object that is written.
pub const SCHEMA: u32 = 1;

/// Columns below which text is no longer wrapped.
const MIN_WIDTH: usize = 40;
/// Before what goes on in a further line of a problem.
const HANG: &str = "  ";

/// The exit code of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Done, or all passed.
    Done = 0,
    /// Something failed or is blocked.
    Failed = 1,
    /// Wrong usage, an unknown id, a lab that is not started, a broken course.
    Usage = 2,
    /// At least one check could not be asked.
    CouldNotAsk = 3,
}

/// How and where results are written.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// JSON instead of text.
    pub json: bool,
    /// The language of texts.
    pub lang: Lang,
    /// Columns of text.
    pub width: usize,
    /// Whether text is coloured.
    pub colour: bool,
}

/// Colours of the sixteen that every terminal has, so that the learner's theme decides.
#[derive(Debug, Clone, Copy)]
pub enum Ink {
    /// Passed.
    Green,
    /// Failed.
    Red,
    /// Blocked or unknown.
    Yellow,
    /// Headings.
    Bold,
    /// What can be typed.
    Cyan,
}

impl Output {
    /// For this process' standard output.
    pub fn new(json: bool, lang: Option<Lang>) -> Self {
        let terminal = io::stdout().is_terminal();
        let no_colour = env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
            || env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            json,
            lang: lang.unwrap_or_else(lang_of_surroundings),
            width: if terminal { terminal_width() } else { 80 },
            colour: terminal && !no_colour && !json,
        }
    }

    /// Whether the full-screen workbook can be shown: somebody looks and types.
    pub fn has_screen(&self) -> bool {
        let dumb = env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
        !self.json && !dumb && io::stdout().is_terminal() && io::stdin().is_terminal()
    }

    /// A phrase in the language of this output.
    pub fn say<'a>(&self, phrase: &'a Phrase) -> &'a str {
        phrase.get(self.lang)
    }

    /// Writes a JSON object, with its schema version.
    #[expect(clippy::unused_self, reason = "objects belong to an output, as lines do")]
    pub fn object(&self, mut object: Value) {
        if let Some(fields) = object.as_object_mut() {
            fields.insert("schema".to_owned(), json!(SCHEMA));
        }
        let _ = writeln!(io::stdout().lock(), "{}", harmless::json(&object.to_string()));
    }

    /// Writes text, wrapped to the width, behind `indent` blanks.
    pub fn text(&self, indent: usize, text: &str) {
        let margin = " ".repeat(indent);
        let width = self.text_width() - indent.min(MIN_WIDTH / 2);
        for line in text.lines() {
            // What is drawn or set off by blanks keeps its shape.
            if line.starts_with([' ', '\t', '|', '$']) || line.starts_with("```") {
                self.line(&format!("{margin}{line}"));
            } else {
                for wrapped in markdown::wrap(line, Face::Text, width) {
                    self.line(format!("{margin}{}", wrapped.text()).trim_end());
                }
            }
        }
    }

    /// Columns of wrapped text.
    pub fn text_width(&self) -> usize {
        self.width.max(MIN_WIDTH)
    }

    /// Writes one line; of escape sequences only our own colours pass. A reader that has gone away
    /// (`| head`) is no error.
    pub fn line(&self, line: &str) {
        let shown = if self.colour { harmless::coloured(line) } else { printable::line(line) };
        let _ = writeln!(io::stdout().lock(), "{shown}");
    }

    /// Text in a colour, where there are colours.
    pub fn ink(&self, ink: Ink, text: &str) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let code = match ink {
            Ink::Green => 32,
            Ink::Red => 31,
            Ink::Yellow => 33,
            Ink::Bold => 1,
            Ink::Cyan => 36,
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// Writes a problem and says the exit code for it.
    pub fn problem(&self, problem: &Problem) -> Exit {
        let (message, hint) = (self.say(&problem.message), self.say(&problem.hint));
        if self.json {
            self.object(json!({"error": {"code": problem.code, "message": message, "hint": hint}}));
        } else {
            let lead = if problem.kind == ProblemKind::Warning { WARNING } else { ERROR };
            self.complain(&format!("{}{message}", lead.get(self.lang)));
            self.complain(&format!("{}{hint}", HINT.get(self.lang)));
        }
        match problem.kind {
            ProblemKind::Usage => Exit::Usage,
            ProblemKind::Surroundings => Exit::Failed,
            ProblemKind::CouldNotAsk => Exit::CouldNotAsk,
            ProblemKind::Warning => Exit::Done,
        }
    }

    /// Writes to standard error, wrapped; a path stays in one piece.
    fn complain(&self, text: &str) {
        for line in text.lines().flat_map(|line| hanging(line, self.text_width())) {
            let _ = writeln!(io::stderr().lock(), "{}", printable::line(&line));
        }
    }
}

/// Says the steps of long work on standard error.
#[derive(Debug)]
pub struct Progress {
    lang: Lang,
    quiet: bool,
    cancelled: AtomicBool,
    last: Mutex<String>,
}

impl Progress {
    /// For an output; JSON callers read no progress.
    pub fn new(output: &Output) -> Self {
        Self {
            lang: output.lang,
            quiet: output.json,
            cancelled: AtomicBool::new(false),
            last: Mutex::default(),
        }
    }

    /// Asks the work to stop at the next safe point.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

impl Report for Progress {
    fn step(&self, step: &Step) {
        let what = step.what.get(self.lang).to_owned();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // One line a step: amounts matter to the screen, which can redraw them.
        if !self.quiet && *last != what {
            let _ = writeln!(io::stderr().lock(), "{} …", printable::line(&what));
            *last = what;
        }
    }

    fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// A line, or, where it is wider than the width, lines of which two blanks set off the further ones.
fn hanging(line: &str, width: usize) -> Vec<String> {
    let whole = markdown::wrap_whole(line, Face::Text, width);
    if whole.len() < 2 {
        return whole.iter().map(Line::text).collect();
    }
    let lines = markdown::wrap_whole(line, Face::Text, width - HANG.len());
    let margins = iter::once("").chain(iter::repeat(HANG));
    lines.iter().zip(margins).map(|(line, margin)| format!("{margin}{}", line.text())).collect()
}

/// `KAFKA_WORKBOOK_LANG`, else what was chosen on the screen, else the locale.
fn lang_of_surroundings() -> Lang {
    let named = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let asked = named("KAFKA_WORKBOOK_LANG").map(|tag| Lang::of_locale(&tag));
    let chosen = || language::chosen(&Paths::from_env().ok()?);
    let locale = || ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(named);
    asked.or_else(chosen).or_else(|| Some(Lang::of_locale(&locale()?))).unwrap_or_default()
}

const ERROR: Words = Words::new("error: ", "错误：");
const WARNING: Words = Words::new("warning: ", "警告：");
const HINT: Words = Words::new("hint: ", "提示：");

fn terminal_width() -> usize {
    let size = rustix::termios::tcgetwinsize(io::stdout()).map(|size| usize::from(size.ws_col));
    size.ok().filter(|columns| *columns > 0).unwrap_or(80).min(120)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_in_one_piece_however_narrow_the_terminal() {
        let text = "see /home/learner/failed-start and kafka-workbook env up";
        let expected = ["see", "  /home/learner/failed-start", "  and kafka-workbook", "  env up"];
        assert_eq!(hanging(text, 22), expected);
        assert_eq!(hanging(text, 56), [text]);
    }
}
