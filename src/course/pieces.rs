//! Splits Markdown at its headings of level 1.

/// A heading, or the start of the file, with the text below it.
pub(super) struct Piece<'a> {
    /// The heading's text, without blanks around it.
    pub heading: Option<&'a str>,
    /// The byte at which the heading starts; without one, at which the text does.
    pub offset: usize,
    /// Without blank lines at its ends.
    pub body: &'a str,
    /// The lines of the file before the body.
    pub lines_before: usize,
    /// The heading's own line, from 1.
    pub line: usize,
}

/// Splits at lines that begin with `# ` outside of fenced code. A scan of lines instead of a
/// Markdown parse: it is ten times as fast, and this is done at every start of the program.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut starts = vec![(None, 0, 0)];
    let mut ends = Vec::new();
    let mut offset = 0;
    for (line, is_code) in lines(text) {
        let next = offset + line.len();
        if let Some(heading) = line.strip_prefix("# ").filter(|_| !is_code) {
            ends.push(offset);
            starts.push((Some(heading.trim()), offset, next));
        }
        offset = next;
    }
    ends.push(text.len());
    let mut count = LineCount { text, offset: 0, lines: 0 };
    let piece = |((heading, offset, from), to): ((Option<_>, usize, usize), usize)| {
        let line = count.before(offset) + 1;
        let (body, start) = trim_blank_lines(text, from, to);
        let offset = if heading.is_some() { offset } else { start };
        Piece { heading, offset, body, lines_before: count.before(start), line }
    };
    starts.into_iter().zip(ends).map(piece).collect()
}

/// The lines of a Markdown text with their line ends, each with whether it belongs to fenced code;
/// the fences do.
pub fn lines(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut fence: Option<Fence> = None;
    text.split_inclusive('\n').map(move |line| {
        let inside = fence.is_some();
        if fence.as_ref().is_some_and(|open| open.closed_by(line)) {
            fence = None;
        } else if !inside {
            fence = Fence::opened_by(line);
        }
        (line, inside || fence.is_some())
    })
}

/// `text[from..to]` without blank lines at its ends, and where it then starts.
fn trim_blank_lines(text: &str, from: usize, to: usize) -> (&str, usize) {
    let whole = text[from..to].trim_end();
    let content = whole.len() - whole.trim_start().len();
    let start = whole[..content].rfind('\n').map_or(0, |newline| newline + 1);
    (&whole[start..], from + start)
}

/// Counts line ends up to offsets that only grow.
struct LineCount<'a> {
    text: &'a str,
    offset: usize,
    lines: usize,
}

impl LineCount<'_> {
    fn before(&mut self, offset: usize) -> usize {
        self.lines += self.text[self.offset.min(offset)..offset].matches('\n').count();
        self.offset = offset;
        self.lines
    }
}

/// An open code fence: its character and how often it stands there.
struct Fence {
    mark: char,
    length: usize,
}

impl Fence {
    fn opened_by(line: &str) -> Option<Self> {
        let line = line.trim_start_matches([' ', '>']);
        let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let length = line.chars().take_while(|c| *c == mark).count();
        // Backticks later in the line make it code within a sentence.
        let inline = mark == '`' && line[length..].contains('`');
        (length >= 3 && !inline).then_some(Self { mark, length })
    }

    fn closed_by(&self, line: &str) -> bool {
        let line = line.trim_start_matches([' ', '>']).trim_end();
        line.chars().count() >= self.length && line.chars().all(|c| c == self.mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(Option<&str>, &str, usize)> {
        pieces(text).into_iter().map(|p| (p.heading, p.body, p.lines_before)).collect()
    }

    #[test]
    fn a_hash_in_a_code_block_is_no_heading() {
        let text = "# a\n```console run\n# comment\n```\n~~~~\n# b\n~~~\n~~~~\n# c\nd\n";
        let found = split(text);
        assert_eq!(found.len(), 3);
        assert_eq!(found[2], (Some("c"), "d", 9));
    }

    #[test]
    fn blank_lines_around_a_text_go_but_its_indentation_stays() {
        assert_eq!(
            split("\n# a\n\n \n    code\n\n\n# b"),
            [(None, "", 0), (Some("a"), "    code", 4), (Some("b"), "", 7)]
        );
    }

    #[test]
    fn a_deeper_heading_and_a_hash_without_a_blank_belong_to_the_text() {
        assert_eq!(split("# a\n## b\n#c\n")[1], (Some("a"), "## b\n#c", 1));
    }
}
