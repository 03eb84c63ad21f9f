//! What can be wrong with a compose file, and where.

use std::sync::Arc;

use super::model::Position;
use crate::phrase::Phrase;
use crate::problem::{Explain, Problem};

mod text;

/// A compose file that cannot be used: where, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposeError {
    /// The file's name as the caller gave it.
    pub file: Arc<str>,
    /// Where the fault stands.
    pub position: Position,
    /// What is wrong.
    pub fault: Box<Fault>,
}

impl std::fmt::Display for ComposeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.position, self.fault)
    }
}

impl std::error::Error for ComposeError {}

impl Explain for ComposeError {
    fn problem(&self) -> Problem {
        let message = self.fault.message();
        let at = format!("{}:{}: ", self.file, self.position);
        let located = Phrase::new(format!("{at}{}", message.en), format!("{at}{}", message.zh));
        Problem::usage(self.fault.code(), located, self.fault.hint())
    }
}

/// What is wrong with a compose file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub enum Fault {
    /// Longer than [`MAX_FILE_BYTES`](super::MAX_FILE_BYTES).
    TooLong {
        /// Its length in bytes.
        bytes: usize,
    },
    /// Not YAML.
    Syntax {
        /// The YAML parser's own words, English.
        detail: String,
    },
    /// Lists and mappings inside each other beyond the limit.
    TooDeep {
        /// The deepest level allowed.
        limit: usize,
    },
    /// More values than a compose file needs; aliases that repeat aliases do this.
    TooManyValues {
        /// The most values allowed.
        limit: usize,
    },
    /// A second YAML document.
    SecondDocument,
    /// A key that is not a plain text.
    KeyIsNotText,
    /// A key that its mapping already has.
    DuplicateKey {
        /// The key.
        key: String,
        /// Where it stood first.
        first: Position,
    },
    /// A YAML tag such as `!reset`.
    Tag {
        /// The tag as written.
        tag: String,
    },
    /// An alias inside the value that it repeats.
    AliasOfItself,
    /// A key outside the supported subset.
    NotSupported {
        /// The key.
        key: String,
        /// What is supported at this place.
        supported: &'static [&'static str],
    },
    /// A key that is not there and has to be.
    Missing {
        /// The key.
        key: &'static str,
    },
    /// A value of another form than its key takes.
    Malformed {
        /// What the key takes.
        expected: Phrase,
        /// What stands there, shortened.
        found: Phrase,
    },
    /// A name that nothing in the file declares.
    Undeclared {
        /// `services`, `volumes`, `configs` or `networks`.
        section: &'static str,
        /// The name.
        name: String,
    },
    /// A path of the host whose content the file takes cannot be read.
    UnreadableFile {
        /// The path, from the file's folder.
        path: String,
        /// What the operating system says.
        cause: String,
    },
    /// Services that wait for each other.
    Circle {
        /// The services in order, the first again at the end.
        services: Vec<String>,
    },
    /// A variable without value and default.
    VariableUnset {
        /// Its name.
        name: String,
    },
    /// A variable that the file demands with `${NAME:?message}`.
    VariableRequired {
        /// Its name.
        name: String,
        /// The file's own message; may be empty.
        message: String,
    },
    /// A `$` that begins no variable.
    VariableSyntax {
        /// What stands there, shortened.
        found: String,
    },
    /// Variables inside variables beyond the limit.
    VariableTooDeep {
        /// The deepest level allowed.
        limit: usize,
    },
    /// A value that is too long once its variables are resolved.
    ValueTooLong {
        /// The most bytes allowed.
        limit: usize,
    },
    /// Advertised listeners on a node that is only a controller.
    ControllerAdvertises,
    /// A KAFKA_ variable that the image's rules demand.
    EnvironmentIncomplete {
        /// The variable that is not set or empty.
        name: &'static str,
        /// What demands it: the value that switched the rule on.
        because: String,
    },
    /// Two variables that become one property, so that either may win.
    PropertyTwice {
        /// The property.
        property: String,
        /// Both variables, in the file's order.
        variables: [String; 2],
    },
    /// A variable that is `KAFKA_` alone.
    NamelessProperty,
    /// A value that a Java properties file cannot carry as it stands.
    NotAProperty {
        /// The variable.
        name: String,
        /// Why.
        reason: Phrase,
    },
}

/// A fault and its place; [`Located::in_file`] makes the public error of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Located {
    /// Where.
    pub position: Position,
    /// What.
    pub fault: Box<Fault>,
}

/// The result of reading a part of a file.
pub(super) type Read<T> = Result<T, Located>;

impl Located {
    /// The public error, with the file's name.
    pub fn in_file(self, file: &Arc<str>) -> ComposeError {
        ComposeError { file: Arc::clone(file), position: self.position, fault: self.fault }
    }
}

impl Fault {
    /// The fault at its place.
    pub(super) fn at(self, position: Position) -> Located {
        Located { position, fault: Box::new(self) }
    }
}

/// A value of another form than its key takes.
pub(super) fn malformed(position: Position, expected: Phrase, found: Phrase) -> Located {
    Fault::Malformed { expected, found }.at(position)
}

/// `text` as errors quote it: in backticks, at most 60 characters, no control characters.
pub(super) fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = text.chars().take(MOST).flat_map(char::escape_debug).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}
