//! Holds what a command has printed against the lines that a text shows.
//!
//! `…` stands for anything within its line, and alone on a line for any number of lines. Runs of
//! blanks are equal, and lines of blanks count for nothing.
//!
//! Lines of standard output and of standard error keep their order among themselves, but not to
//! each other: between a container's two pipes, or around a `| sort`, it is a matter of luck.

/// Anything: within a line, or as one.
const ANYTHING: &str = "…";

/// What a command has printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Printed {
    /// On standard output.
    pub out: String,
    /// On standard error.
    pub err: String,
}

/// The first place where the lines differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which of the expected lines is not there, from 0; none where more was printed.
    pub expected: Option<usize>,
    /// What stands in its place: the next line of each output that has one.
    pub found: Vec<String>,
}

/// What differs, if anything does.
pub fn difference(expected: &[String], printed: &Printed) -> Option<Difference> {
    let (out, err) = (lines(&printed.out), lines(&printed.err));
    let next = |at: Option<(usize, usize)>| {
        let next = at.map(|(read, other)| [out.get(read), err.get(other)]);
        next.into_iter().flatten().flatten().map(|line| (*line).to_owned()).collect()
    };
    // Up to which lines the expected ones so far may reach.
    let mut reached = Positions::start(out.len(), err.len());
    for (index, pattern) in expected.iter().enumerate() {
        let further = match pattern.trim() {
            "" => continue,
            ANYTHING => reached.any(),
            pattern => {
                let pattern = tokens(pattern);
                let fits = |line: &&str| matches(&pattern, line);
                let out: Vec<bool> = out.iter().map(fits).collect();
                let err: Vec<bool> = err.iter().map(fits).collect();
                reached.step(|at| out[at], |at| err[at])
            }
        };
        if further.first().is_none() {
            return Some(Difference { expected: Some(index), found: next(reached.first()) });
        }
        reached = further;
    }
    let found: Vec<String> = next(reached.last());
    (!found.is_empty()).then_some(Difference { expected: None, found })
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.trim().is_empty()).collect()
}

/// A piece of a line's pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Char(char),
    /// `…` beside something else: any characters.
    Anything,
    /// ` … `: one blank, or anything between two.
    Words,
}

/// The pattern of a line, with a blank at each end.
fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = vec![Token::Char(' ')];
    for word in pattern.split_whitespace() {
        if word == ANYTHING {
            // The blank before it belongs to it, and so does the one after it.
            tokens.pop();
            tokens.push(Token::Words);
            continue;
        }
        let token = |c| if ANYTHING.starts_with(c) { Token::Anything } else { Token::Char(c) };
        tokens.extend(word.chars().map(token).chain([Token::Char(' ')]));
    }
    tokens
}

fn matches(pattern: &[Token], line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let line: Vec<char> = format!(" {} ", words.join(" ")).chars().collect();
    let start = Positions::start(line.len(), 0);
    let step =
        |from: &Positions, fits: &dyn Fn(char) -> bool| from.step(|at| fits(line[at]), |_| false);
    let blank = |c: char| c == ' ';
    let reached = pattern.iter().fold(start, |reached, token| match token {
        Token::Char(expected) => step(&reached, &|c| c == *expected),
        Token::Anything => reached.any(),
        Token::Words => {
            let after_one = step(&reached, &blank);
            let after_two = step(&after_one.any(), &blank);
            after_one.or(&after_two)
        }
    });
    reached.last() == Some((line.len(), 0))
}

/// How far into a list, and into another one beside it, something may reach.
#[derive(Debug, Clone)]
struct Positions {
    /// Row by row: how much of the first list, then how much of the other.
    reached: Vec<bool>,
    width: usize,
}

impl Positions {
    /// The start of lists of `length` and of `other` items.
    fn start(length: usize, other: usize) -> Self {
        let mut reached = vec![false; (length + 1) * (other + 1)];
        reached[0] = true;
        Self { reached, width: other + 1 }
    }

    /// One item further in either list, where that item fits.
    fn step(&self, fits: impl Fn(usize) -> bool, other: impl Fn(usize) -> bool) -> Self {
        let mut reached = vec![false; self.reached.len()];
        for at in self.all() {
            let (row, column) = self.place(at);
            if at + self.width < reached.len() && fits(row) {
                reached[at + self.width] = true;
            }
            if column + 1 < self.width && other(column) {
                reached[at + 1] = true;
            }
        }
        Self { reached, width: self.width }
    }

    /// Any number of items further.
    fn any(&self) -> Self {
        let mut further = self.clone();
        for at in 0..further.reached.len() {
            let above = at >= self.width && further.reached[at - self.width];
            let before = at % self.width > 0 && further.reached[at - 1];
            further.reached[at] |= above || before;
        }
        further
    }

    fn or(mut self, other: &Self) -> Self {
        self.reached.iter_mut().zip(&other.reached).for_each(|(here, there)| *here |= there);
        self
    }

    fn first(&self) -> Option<(usize, usize)> {
        self.all().next().map(|at| self.place(at))
    }

    fn last(&self) -> Option<(usize, usize)> {
        self.reached.iter().rposition(|here| *here).map(|at| self.place(at))
    }

    fn all(&self) -> impl Iterator<Item = usize> {
        self.reached.iter().enumerate().filter(|(_, here)| **here).map(|(at, _)| at)
    }

    const fn place(&self, at: usize) -> (usize, usize) {
        (at / self.width, at % self.width)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    fn out(text: &str) -> Printed {
        Printed { out: text.to_owned(), err: String::new() }
    }

    fn fits(pattern: &str, line: &str) -> bool {
        difference(&[pattern.to_owned()], &out(line)).is_none()
    }

    fn differs(expected: &str, printed: &Printed) -> (Option<usize>, Vec<String>) {
        let Difference { expected, found } = difference(&split(expected), printed).unwrap();
        (expected, found)
    }

    #[test]
    fn a_line_fits_itself_however_its_blanks_run() {
        assert!(fits("Topic: orders  PartitionCount: 3", "Topic: orders\tPartitionCount: 3  "));
        assert!(fits("  a b", "a    b"));
        assert!(!fits("a b", "ab"));
        assert!(!fits("orders", "Orders"));
        assert!(!fits("orders", "orders-2"));
    }

    #[test]
    fn dots_within_a_line_stand_for_anything() {
        let describe = "Topic: orders\tTopicId: x7Q_-a\tPartitionCount: 3\tConfigs: a=1,b=2";
        assert!(fits("Topic: orders  TopicId: …  PartitionCount: 3  Configs: …", describe));
        assert!(fits("Topic: orders …", describe));
        assert!(fits("… PartitionCount: 3 …", describe));
        assert!(fits(
            "[…] ERROR …Exception: no (took … ms)",
            "[2026-01-01 10:00:00,1] ERROR org.x.AException: no (took 7 ms)"
        ));
        assert!(fits("TopicId:…", "TopicId:"));
        assert!(!fits("Topic: orders TopicId: … PartitionCount: 4 …", describe));
    }

    #[test]
    fn dots_between_blanks_stand_for_whole_words_or_none() {
        assert!(fits("Configs: …", "Configs:"));
        assert!(fits("… a … b …", "a b"));
        assert!(fits("a … … b", "a x y z b"));
        assert!(!fits("Leader: 1 …", "Leader: 12 Replicas: 1"), "1 is not 12");
        assert!(!fits("… 1", "21"));
        assert!(fits("Leader: 1…", "Leader: 12 Replicas: 1"));
    }

    #[test]
    fn dots_alone_stand_for_any_number_of_lines() {
        for printed in ["a\nb\n", "a\nx\nb\n", "a\nb\ny\nb\n"] {
            assert_eq!(difference(&split("a\n…\nb"), &out(printed)), None, "{printed}");
        }
        assert_eq!(difference(&split("…"), &out("")), None);
        assert_eq!(difference(&split("…\na\n…"), &out("x\na\ny\na\nz\n")), None);
    }

    #[test]
    fn lines_of_blanks_count_for_nothing() {
        assert_eq!(difference(&split("\na\n \nb\n"), &out("a\n\n\t\nb\n\n")), None);
        assert_eq!(difference(&[], &out("\n\n")), None);
    }

    #[test]
    fn the_first_line_that_differs_is_told_with_what_stands_there() {
        let told = |expected: &str, printed: &str| differs(expected, &out(printed));
        let found = |line: &str| vec![line.to_owned()];
        assert_eq!(told("a\nb\nc", "a\nx\nc\n"), (Some(1), found("x")));
        assert_eq!(told("a\n\nb", "a\n"), (Some(2), vec![]));
        assert_eq!(told("a", "a\nb\nc\n"), (None, found("b")));
        assert_eq!(told("", "a\n"), (None, found("a")));
        assert_eq!(told("a\n…\nb", "a\nx\ny\n"), (Some(2), found("x")));
        assert_eq!(told("a\n…\nb", "a\nb\ny\n"), (None, found("y")));
    }

    #[test]
    fn each_output_keeps_its_order_and_none_to_the_other() {
        let printed = Printed { out: "a\nb\n".to_owned(), err: "1\n2\n".to_owned() };
        for expected in ["a\nb\n1\n2", "1\n2\na\nb", "a\n1\nb\n2", "1\n…\nb", "…\n2\nb"] {
            assert_eq!(difference(&split(expected), &printed), None, "{expected}");
        }
        let both = |out: &str, err: &str| vec![out.to_owned(), err.to_owned()];
        assert_eq!(differs("b\na\n1\n2", &printed), (Some(0), both("a", "1")));
        assert_eq!(differs("1\na\n2", &printed), (None, vec!["b".to_owned()]));
        assert_eq!(differs("a\nb\n2\n1", &printed), (Some(2), vec!["1".to_owned()]));
        assert_eq!(differs("…\na\na", &printed), (Some(2), both("b", "1")));
    }

    #[test]
    fn what_would_take_a_search_forever_is_told_at_once() {
        let pattern = "a…".repeat(200) + "b";
        assert!(!fits(&pattern, &"a".repeat(2000)));
    }

    proptest! {
        #[test]
        fn whatever_was_printed_fits_itself(text in "[a-z \t\n.:]{0,60}") {
            prop_assert_eq!(difference(&split(&text), &out(&text)), None);
        }

        #[test]
        fn anything_may_be_compared_with_anything(expected: Vec<String>, out: String, err: String) {
            let printed = Printed { out, err };
            drop(difference(&expected, &printed));
            prop_assert_eq!(difference(&[ANYTHING.to_owned()], &printed), None);
        }
    }
}
