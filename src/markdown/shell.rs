//! Where a command can go on in the next line, for a shell as POSIX describes it.

use std::iter::Peekable;
use std::str::CharIndices;

/// What a character of a command stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// `'…'`
    Single,
    /// `$'…'`, in which backslashes quote.
    Escaped,
    /// `"…"`
    Double,
    /// `` `…` ``
    Backticks,
    /// `${…}`
    Braces,
    /// `$(…)` and `(…)`: words are parted there as outside of it.
    Parentheses,
}

/// Where blanks begin that part words, byte offsets in ascending order: a backslash and a line feed
/// can stand before them. A blank in quotes or in a comment is none of them. What is nested deeper
/// than a command of one line should be loses breaks rather than gains wrong ones.
pub fn blanks(command: &str) -> Vec<usize> {
    let mut scan = Scan { chars: command.char_indices().peekable(), inside: Vec::new() };
    let mut blanks = Vec::new();
    let mut previous = ' ';
    while let Some((at, c)) = scan.chars.next() {
        let parts_words = scan.parts_words();
        if c == '#' && parts_words && matches!(previous, ' ' | '\n' | ';' | '(') {
            break;
        }
        if c == ' ' && previous != ' ' && parts_words {
            blanks.push(at);
        }
        scan.enter_or_leave(c);
        previous = c;
    }
    // Nothing that goes on is parted by the blanks at the end.
    blanks.retain(|at| !command[*at..].trim_start().is_empty());
    blanks
}

struct Scan<'a> {
    chars: Peekable<CharIndices<'a>>,
    /// From the outside in.
    inside: Vec<Inside>,
}

impl Scan<'_> {
    fn parts_words(&self) -> bool {
        self.inside.iter().all(|inside| *inside == Inside::Parentheses)
    }

    fn enter_or_leave(&mut self, c: char) {
        match (self.inside.last().copied(), c) {
            (Some(Inside::Single | Inside::Escaped), '\'')
            | (Some(Inside::Double), '"')
            | (Some(Inside::Backticks), '`')
            | (Some(Inside::Braces), '}')
            | (Some(Inside::Parentheses), ')') => drop(self.inside.pop()),
            (Some(Inside::Single), _) => {}
            (_, '\\') => drop(self.chars.next()),
            (Some(Inside::Escaped | Inside::Backticks), _) => {}
            (inside, '$') => self.dollar(inside),
            (_, '"') => self.inside.push(Inside::Double),
            (_, '`') => self.inside.push(Inside::Backticks),
            (Some(Inside::Double), _) => {}
            (_, '\'') => self.inside.push(Inside::Single),
            (_, '(') => self.inside.push(Inside::Parentheses),
            _ => {}
        }
    }

    fn dollar(&mut self, inside: Option<Inside>) {
        let entered = match self.chars.peek() {
            Some((_, '(')) => Inside::Parentheses,
            Some((_, '{')) => Inside::Braces,
            Some((_, '\'')) if inside != Some(Inside::Double) => Inside::Escaped,
            _ => return,
        };
        self.inside.push(entered);
        self.chars.next();
    }
}
