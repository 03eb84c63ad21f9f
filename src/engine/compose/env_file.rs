//! Reads `env_file:` of a service, and the files of variables that it names.
//!
//! The files' format is Compose's: `NAME=value` lines, `#` comments, `export` before a name, `:`
//! in place of `=`, quotes, and variables in values without quotes or in double ones. Reading
//! stays pure: whoever may read files hands their text in.

use std::collections::BTreeMap;

use super::environment::Pairs;
use super::error::{Located, Read, malformed, quoted};
use super::interpolate::interpolate;
use super::model::{EnvFile, Position, Service, Spanned};
use super::scalars::{mapping, not_supported, one_of, spanned, switch, unexpected};
use super::yaml::{Content, Node};
use crate::engine::compose::error::Fault;

const LONG_FORM: &[&str] = &["path", "required", "format"];

/// One path, or a list of paths and long forms.
pub(super) fn env_files(node: &Node) -> Read<Vec<EnvFile>> {
    match &node.content {
        Content::Sequence(items) => items.iter().map(env_file).collect(),
        Content::Scalar(_) => Ok(vec![env_file(node)?]),
        Content::Mapping(_) => Err(unexpected(node, text::paths())),
    }
}

fn env_file(node: &Node) -> Read<EnvFile> {
    let Content::Mapping(entries) = &node.content else {
        return Ok(EnvFile { path: spanned(node)?, required: true, raw: false });
    };
    let mut path = None;
    let (mut required, mut raw) = (true, false);
    for entry in entries {
        match entry.key.value.as_str() {
            "path" => path = Some(spanned(&entry.value)?),
            "required" => required = switch(&entry.value)?,
            "format" => raw = one_of(&entry.value, &["raw"])? == "raw",
            _ => return Err(not_supported(entry, LONG_FORM)),
        }
    }
    mapping(node)?;
    let path = path.ok_or_else(|| Fault::Missing { key: "path" }.at(node.position))?;
    Ok(EnvFile { path, required, raw })
}

/// Adds what the files of a service set, the last one first of those that set the same; what
/// `environment` sets goes before all of them.
///
/// `texts` has the text of each of [`Service::env_files`], none for one that is not there.
pub(super) fn add(
    service: &mut Service,
    texts: &[Option<String>],
    variables: &BTreeMap<String, String>,
) -> Read<()> {
    let mut added = Pairs::new();
    for (file, text) in service.env_files.iter().zip(texts) {
        let Some(text) = text else { continue };
        let position = file.path.position;
        for (name, value) in read(text, file, variables)? {
            let value = Spanned { value, position };
            match added.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known = value,
                None => added.push((name, value)),
            }
        }
    }
    added.retain(|(name, _)| service.variable(name).is_none());
    service.environment.extend(added);
    Ok(())
}

fn read(
    text: &str,
    file: &EnvFile,
    variables: &BTreeMap<String, String>,
) -> Read<Vec<(String, String)>> {
    // Compose takes line ends of both kinds.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut reader = Reader { rest: &text, line: 1, known: variables.clone() };
    let mut pairs = Vec::new();
    while let Some((name, value)) = reader.pair(file.raw).map_err(|e| e.of(file))? {
        if let Some(value) = value {
            reader.known.insert(name.clone(), value.clone());
            pairs.push((name, value));
        }
    }
    Ok(pairs)
}

/// What is wrong in a file of variables.
struct Wrong {
    line: usize,
    found: String,
    fault: Option<Box<Fault>>,
}

impl Wrong {
    /// The fault at the place that names the file.
    fn of(self, file: &EnvFile) -> Located {
        let at: Position = file.path.position;
        if let Some(fault) = self.fault {
            return (*fault).at(at);
        }
        let (path, line) = (&file.path.value, self.line);
        malformed(at, text::pairs(path), text::found(line, &quoted(&self.found)))
    }
}

struct Reader<'t> {
    rest: &'t str,
    line: usize,
    /// Variables that values may refer to: the file's own so far, then those of the environment.
    known: BTreeMap<String, String>,
}

type Pair = (String, Option<String>);

impl Reader<'_> {
    /// The next name and its value; a name alone takes the variable of that name, if there is one.
    fn pair(&mut self, raw: bool) -> Result<Option<Pair>, Wrong> {
        loop {
            let line = self.rest.split('\n').next().unwrap_or_default();
            if self.rest.is_empty() {
                return Ok(None);
            }
            let start = line.trim_start();
            if !start.is_empty() && !start.starts_with('#') {
                break;
            }
            self.skip(line.len());
        }
        let line = self.rest.split('\n').next().unwrap_or_default();
        let separators: &[char] = if raw { &['='] } else { &['=', ':'] };
        let Some(at) = line.find(separators) else {
            let name = self.name(line)?;
            self.skip(line.len());
            let inherited = self.known.get(&name).cloned();
            return Ok(Some((name, inherited)));
        };
        let name = self.name(&line[..at])?;
        let value = line[at + 1..].to_owned();
        if raw {
            self.skip(line.len());
            return Ok(Some((name, Some(value))));
        }
        let start = value.trim_start();
        let value = if let Some(quote) = start.chars().next().filter(|c| ['"', '\''].contains(c)) {
            self.quoted(quote, at + 1 + value.len() - start.len())?
        } else {
            self.skip(line.len());
            self.resolved(unquoted(&value))?
        };
        Ok(Some((name, Some(value))))
    }

    /// Goes on behind `length` bytes and the line's end there.
    fn skip(&mut self, length: usize) {
        let rest = &self.rest[length..];
        self.rest = rest.strip_prefix('\n').unwrap_or(rest);
        self.line += 1;
    }

    fn name(&self, written: &str) -> Result<String, Wrong> {
        let name = written.trim();
        let name = match name.strip_prefix("export") {
            Some(rest) if rest.starts_with(char::is_whitespace) => rest.trim_start(),
            _ => name,
        };
        let allowed = |c: char| c.is_alphanumeric() || "_.-[]".contains(c);
        if name.is_empty() || !name.chars().all(allowed) {
            return Err(self.wrong(written));
        }
        Ok(name.to_owned())
    }

    /// A value in quotes that begins at `open`, over as many lines as it takes.
    fn quoted(&mut self, quote: char, open: usize) -> Result<String, Wrong> {
        let inside = &self.rest[open + 1..];
        let mut escaped = false;
        let close = inside.find(|c: char| {
            let closes = c == quote && !escaped;
            escaped = c == '\\' && !escaped;
            closes
        });
        let Some(close) = close else { return Err(self.wrong(&self.rest[open..])) };
        let value = inside[..close].to_owned();
        let after = open + 1 + close + 1;
        let lines = self.rest[..after].matches('\n').count();
        let behind = self.rest[after..].split('\n').next().unwrap_or_default();
        self.line += lines;
        // A value is all that a line may hold; Compose passes over what stands behind it.
        self.skip(after + behind.len());
        if quote == '\'' { Ok(value) } else { self.resolved(&unescaped(&value)) }
    }

    fn resolved(&self, value: &str) -> Result<String, Wrong> {
        interpolate(value, &self.known).map_err(|fault| Wrong {
            line: self.line,
            found: value.to_owned(),
            fault: Some(Box::new(fault)),
        })
    }

    fn wrong(&self, found: &str) -> Wrong {
        Wrong { line: self.line, found: found.to_owned(), fault: None }
    }
}

/// A value without quotes ends before ` #`.
fn unquoted(value: &str) -> &str {
    value.split(" #").next().unwrap_or(value).trim()
}

/// The escapes of a value in double quotes; `\$` is a dollar sign that begins no variable.
fn unescaped(value: &str) -> String {
    let mut text = String::new();
    let mut characters = value.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match characters.next() {
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('t') => text.push('\t'),
            Some('$') => text.push_str("$$"),
            Some(c @ ('"' | '\\')) => text.push(c),
            Some(c) => text.extend(['\\', c]),
            None => text.push('\\'),
        }
    }
    text
}

mod text {
    use super::quoted;
    use crate::phrase;
    use crate::phrase::Phrase;

    pub(super) fn paths() -> Phrase {
        phrase!("a path or a list of paths", "路径或路径列表")
    }

    pub(super) fn pairs(path: &str) -> Phrase {
        let path = quoted(path);
        phrase!("`NAME=value` lines in {path}", "{path} 里的 `名称=值` 行")
    }

    pub(super) fn found(line: usize, words: &str) -> Phrase {
        phrase!("{words} in line {line}", "第 {line} 行的 {words}")
    }
}

#[cfg(test)]
mod tests;
