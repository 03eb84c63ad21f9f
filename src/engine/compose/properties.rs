//! Java's properties format: `java.util.Properties`, as Kafka reads its configuration.

/// Keys and values in order. Setting a key that is there keeps its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Properties {
    entries: Vec<(String, String)>,
}

/// A text that Java would not read, or not as it is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PropertiesError {
    /// `\u` without four hexadecimal digits.
    #[error("`\\u` needs four hexadecimal digits")]
    UnicodeEscape,
    /// The last line ends in a backslash and would swallow whatever follows it.
    #[error("the last line ends in a backslash")]
    OpenEnd,
}

impl Properties {
    /// Reads a properties file: `#` and `!` comments, `\` at a line's end, escapes, and `=`, `:`
    /// or blanks between key and value. A key that comes again replaces the earlier value.
    ///
    /// # Errors
    /// [`PropertiesError`]; nothing else is malformed in this format.
    pub fn parse(text: &str) -> Result<Self, PropertiesError> {
        let mut properties = Self::default();
        for line in logical_lines(text)? {
            let (key, value) = split(&line);
            properties.set(&unescape(key)?, unescape(value)?);
        }
        Ok(properties)
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entries.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// Sets `key`; a new one comes last.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        match self.entries.iter_mut().find(|(known, _)| known == key) {
            Some((_, old)) => *old = value.into(),
            None => self.entries.push((key.to_owned(), value.into())),
        }
    }

    /// Removes `key` and gives its value back.
    pub fn remove(&mut self, key: &str) -> Option<String> {
        let index = self.entries.iter().position(|(known, _)| known == key)?;
        Some(self.entries.remove(index).1)
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The file that Java reads these properties from: one `key=value` a line, ASCII only, each
    /// other character as `\uXXXX`, so that its encoding does not matter.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (key, value) in self.iter() {
            escape(key, true, &mut text);
            text.push('=');
            escape(value, false, &mut text);
            text.push('\n');
        }
        text
    }
}

const BLANKS: [char; 3] = [' ', '\t', '\u{c}'];

/// Lines without comments and blank lines, continued ones joined, blanks at their start dropped.
fn logical_lines(text: &str) -> Result<Vec<String>, PropertiesError> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut open = false;
    for natural in text.split(['\n', '\r']) {
        let part = natural.trim_start_matches(BLANKS);
        if line.is_empty() && part.starts_with(['#', '!']) {
            continue;
        }
        let backslashes = part.bytes().rev().take_while(|byte| *byte == b'\\').count();
        open = backslashes % 2 == 1;
        if open {
            line.push_str(&part[..part.len() - 1]);
            continue;
        }
        line.push_str(part);
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
    }
    if open {
        return Err(PropertiesError::OpenEnd);
    }
    Ok(lines)
}

/// Key and value as written: the key ends at the first `=`, `:` or blank without a backslash.
fn split(line: &str) -> (&str, &str) {
    let mut escaped = false;
    let end = line.find(|c: char| {
        let ends = !escaped && (c == '=' || c == ':' || BLANKS.contains(&c));
        escaped = c == '\\' && !escaped;
        ends
    });
    let Some(end) = end else { return (line, "") };
    let rest = line[end..].trim_start_matches(BLANKS);
    let value = rest.strip_prefix(['=', ':']).unwrap_or(rest);
    (&line[..end], value.trim_start_matches(BLANKS))
}

fn unescape(text: &str) -> Result<String, PropertiesError> {
    // Java's characters are UTF-16 units: a pair of escapes may make one character.
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut characters = text.chars();
    let mut buffer = [0; 2];
    while let Some(c) = characters.next() {
        let c = match c {
            '\\' => match characters.next() {
                None => break,
                Some('u') => {
                    let digits = characters.as_str().get(..4).unwrap_or_default();
                    units.push(unicode(digits).ok_or(PropertiesError::UnicodeEscape)?);
                    characters = characters.as_str()[4..].chars();
                    continue;
                }
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                Some('f') => '\u{c}',
                Some(other) => other,
            },
            c => c,
        };
        units.extend_from_slice(c.encode_utf16(&mut buffer));
    }
    Ok(String::from_utf16_lossy(&units))
}

/// Four hexadecimal digits.
fn unicode(digits: &str) -> Option<u16> {
    let valid = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| valid)
}

fn escape(text: &str, key: bool, into: &mut String) {
    let mut leading = true;
    let mut buffer = [0; 2];
    for c in text.chars() {
        match c {
            ' ' if key || leading => into.push_str("\\ "),
            '=' | ':' | '#' | '!' if key => into.extend(['\\', c]),
            '\\' => into.push_str("\\\\"),
            '\t' => into.push_str("\\t"),
            '\n' => into.push_str("\\n"),
            '\r' => into.push_str("\\r"),
            '\u{c}' => into.push_str("\\f"),
            ' '..='~' => into.push(c),
            c => c.encode_utf16(&mut buffer).iter().for_each(|unit| escape_unit(*unit, into)),
        }
        leading &= c == ' ';
    }
}

fn escape_unit(unit: u16, into: &mut String) {
    let digits = [12, 8, 4, 0].map(|shift| u32::from(unit >> shift & 0xf));
    into.push_str("\\u");
    into.extend(digits.iter().filter_map(|digit| char::from_digit(*digit, 16)));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        Properties::parse(text).unwrap().entries
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    /// Expectations are what `java.util.Properties.load` of Java 17 makes of the same file.
    #[test]
    fn a_file_is_read_as_java_reads_it() {
        let text = "a b=c\nd\n e : f\\\n   g\n!x\n#y\nh\\ i=\\u4e2d\\q\\n\\\\\nj==k\nl = =m\nn\\:o:p\n\
                    \\#z=1\nr=a\\\n\n s=1\nt=\\\n#u\n";
        let expected = [
            pair("a", "b=c"),
            pair("d", ""),
            pair("e", "fg"),
            pair("h i", "中q\n\\"),
            pair("j", "=k"),
            pair("l", "=m"),
            pair("n:o", "p"),
            pair("#z", "1"),
            pair("r", "a"),
            pair("s", "1"),
            pair("t", "#u"),
        ];
        assert_eq!(pairs(text), expected);
    }

    #[test]
    fn line_ends_of_every_system_are_read() {
        assert_eq!(pairs("a=1\r\nb=2\rc=3"), [pair("a", "1"), pair("b", "2"), pair("c", "3")]);
    }

    #[test]
    fn a_pair_of_escapes_makes_one_character() {
        assert_eq!(pairs("a=\\ud83d\\ude00"), [pair("a", "😀")]);
    }

    #[test]
    fn what_java_refuses_or_swallows_is_an_error() {
        for text in ["a=\\u12", "a=\\u+123", "a=\\uzzzz", "a=\\u中文"] {
            assert_eq!(Properties::parse(text), Err(PropertiesError::UnicodeEscape), "{text}");
        }
        assert_eq!(Properties::parse("a=b\\"), Err(PropertiesError::OpenEnd));
        assert_eq!(Properties::parse("a=b\\\\").unwrap().get("a"), Some("b\\"));
    }

    #[test]
    fn text_is_escaped_where_java_needs_it() {
        let mut properties = Properties::default();
        properties.set("a b=c:d#e!f", "  x =:#! \\ \t\n\r\u{c}é中😀 ");
        assert_eq!(
            properties.to_text(),
            "a\\ b\\=c\\:d\\#e\\!f=\\ \\ x =:#! \\\\ \\t\\n\\r\\f\\u00e9\\u4e2d\\ud83d\\ude00 \n"
        );
    }

    #[test]
    fn setting_keeps_the_place_and_removing_closes_it() {
        let mut properties = Properties::parse("a=1\nb=2\nc=3").unwrap();
        properties.set("b", "4");
        assert_eq!(properties.remove("a").as_deref(), Some("1"));
        assert_eq!(properties.remove("a"), None);
        assert_eq!(properties.iter().collect::<Vec<_>>(), [("b", "4"), ("c", "3")]);
        assert!(!properties.is_empty());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            entries in proptest::collection::vec(("([ =:#!\\\\\t\n]|\\PC){1,12}",
                "([ =:#!\\\\\t\n]|\\PC){0,12}"), 0..6),
        ) {
            let mut properties = Properties::default();
            for (key, value) in &entries {
                properties.set(key, value.clone());
            }
            prop_assert_eq!(Properties::parse(&properties.to_text()).unwrap(), properties);
        }

        #[test]
        fn no_text_panics(text in "([\\\\u=:# \n\ra-f0-9]|\\PC){0,60}") {
            let _ = Properties::parse(&text);
        }
    }
}
