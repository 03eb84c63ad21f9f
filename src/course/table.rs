//! Reads TOML tables key by key. A wrong key is noted with its place and reading goes on, so that
//! an author sees all faults of a file at once.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::doc::Doc;
use super::fault::{Fault, TomlFault, Type, What};

/// The schema that this program writes and the newest that it reads.
pub(super) const SCHEMA: u32 = 1;

/// A value with the byte offset at which it stands.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    pub value: T,
    pub offset: usize,
}

/// A table being read. [`Table::finish`] tells which keys nobody asked for.
pub(super) struct Table<'d> {
    doc: &'d Doc<'d>,
    entries: &'d DeTable<'d>,
    offset: usize,
    asked: Vec<&'static str>,
}

/// Parses the whole file; none, with the fault noted, if it is not TOML.
pub(super) fn parse<'d>(doc: &Doc<'d>) -> Option<Spanned<DeTable<'d>>> {
    DeTable::parse(doc.text())
        .map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            doc.fault(offset, TomlFault::Syntax { message: error.message().to_owned() });
        })
        .ok()
}

impl<'d> Table<'d> {
    /// The file's root table; none, with the fault noted, if its schema is newer than the program.
    pub(super) fn root(doc: &'d Doc<'d>, table: &'d Spanned<DeTable<'d>>) -> Option<Self> {
        let mut root = Self::new(doc, table.get_ref(), 0);
        let schema = root.number("schema", 1..=u32::MAX)?;
        if schema.value > SCHEMA {
            let fault = TomlFault::NewerSchema { found: schema.value, known: SCHEMA };
            doc.fault(schema.offset, fault);
            return None;
        }
        Some(root)
    }

    const fn new(doc: &'d Doc<'d>, entries: &'d DeTable<'d>, offset: usize) -> Self {
        Self { doc, entries, offset, asked: Vec::new() }
    }

    /// Where the table begins.
    pub(super) const fn offset(&self) -> usize {
        self.offset
    }

    /// Notes a fault at `offset`.
    pub(super) fn fault(&self, offset: usize, fault: impl Into<Fault>) {
        self.doc.fault(offset, fault);
    }

    /// Whether the table has the key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// A text that has to be there.
    pub(super) fn text(&mut self, key: &'static str) -> Option<At<String>> {
        let value = self.required(key)?;
        self.as_text(value)
    }

    /// A text that may be absent.
    pub(super) fn optional_text(&mut self, key: &'static str) -> Option<At<String>> {
        let value = self.value(key)?;
        self.as_text(value)
    }

    /// A kebab-case id that has to be there.
    pub(super) fn id(&mut self, key: &'static str) -> Option<At<String>> {
        let id = self.text(key)?;
        if is_id(&id.value) {
            return Some(id);
        }
        self.fault(id.offset, TomlFault::BadId { found: id.value });
        None
    }

    /// One of the words in `known`, which has to be there.
    pub(super) fn word<T: Copy>(
        &mut self,
        key: &'static str,
        what: What,
        known: &[(&str, T)],
    ) -> Option<At<T>> {
        let word = self.text(key)?;
        self.known(word, what, known)
    }

    /// One of the words in `known`, or `default` if the key is absent.
    pub(super) fn word_or<T: Copy>(
        &mut self,
        key: &'static str,
        what: What,
        known: &[(&str, T)],
        default: T,
    ) -> Option<T> {
        if !self.has(key) {
            self.asked.push(key);
            return Some(default);
        }
        self.word(key, what, known).map(|word| word.value)
    }

    /// A whole number in `range` that has to be there.
    pub(super) fn number(
        &mut self,
        key: &'static str,
        range: std::ops::RangeInclusive<u32>,
    ) -> Option<At<u32>> {
        let value = self.required(key)?;
        self.as_number(value, &range)
    }

    /// A whole number in `range`, or `default` if the key is absent.
    pub(super) fn number_or(
        &mut self,
        key: &'static str,
        range: std::ops::RangeInclusive<u32>,
        default: u32,
    ) -> Option<u32> {
        match self.value(key) {
            Some(value) => self.as_number(value, &range).map(|number| number.value),
            None => Some(default),
        }
    }

    /// An array of texts; empty if the key is absent.
    pub(super) fn texts(&mut self, key: &'static str) -> Vec<At<String>> {
        self.array(key).iter().filter_map(|value| self.as_text(value)).collect()
    }

    /// An array of tables, written `[[key]]`; empty if the key is absent.
    pub(super) fn tables(&mut self, key: &'static str) -> Vec<Self> {
        self.array(key).iter().filter_map(|value| self.as_table(value)).collect()
    }

    /// A table that may be absent.
    pub(super) fn table(&mut self, key: &'static str) -> Option<Self> {
        let value = self.value(key)?;
        self.as_table(value)
    }

    /// Notes that the key is missing.
    pub(super) fn missing(&self, key: &'static str) {
        self.fault(self.offset, TomlFault::MissingKey { key });
    }

    /// Every entry of a table whose keys are names, as a table.
    pub(super) fn named(self) -> BTreeMap<String, At<Self>> {
        self.entries
            .iter()
            .filter_map(|(key, value)| {
                let table = self.as_table(value)?;
                let offset = key.span().start;
                Some((key.get_ref().clone().into_owned(), At { value: table, offset }))
            })
            .collect()
    }

    /// The entries that nobody asked for; the caller reads them.
    pub(super) fn rest(
        &self,
    ) -> impl Iterator<Item = (&'d Spanned<toml::de::DeString<'d>>, &'d Spanned<DeValue<'d>>)> {
        let unasked = |key: &str| !self.asked.contains(&key);
        self.entries.iter().filter(move |(key, _)| unasked(key.get_ref()))
    }

    /// Notes every key that nobody asked for.
    pub(super) fn finish(self) {
        for (key, _) in self.rest() {
            let fault = TomlFault::UnknownKey {
                key: key.get_ref().clone().into_owned(),
                known: self.asked.clone(),
            };
            self.fault(key.span().start, fault);
        }
    }

    fn value(&mut self, key: &'static str) -> Option<&'d Spanned<DeValue<'d>>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.entries.get(key)
    }

    fn required(&mut self, key: &'static str) -> Option<&'d Spanned<DeValue<'d>>> {
        let value = self.value(key);
        if value.is_none() {
            self.missing(key);
        }
        value
    }

    fn array(&mut self, key: &'static str) -> &'d [Spanned<DeValue<'d>>] {
        let Some(value) = self.value(key) else { return &[] };
        match value.get_ref() {
            DeValue::Array(array) => array,
            _ => self.wrong_type(value, Type::Array).unwrap_or(&[]),
        }
    }

    fn as_text(&self, value: &Spanned<DeValue<'_>>) -> Option<At<String>> {
        match value.get_ref() {
            DeValue::String(text) => {
                Some(At { value: text.clone().into_owned(), offset: value.span().start })
            }
            _ => self.wrong_type(value, Type::Text),
        }
    }

    fn as_table(&self, value: &'d Spanned<DeValue<'d>>) -> Option<Self> {
        match value.get_ref() {
            DeValue::Table(table) => Some(Self::new(self.doc, table, value.span().start)),
            _ => self.wrong_type(value, Type::Table),
        }
    }

    fn as_number(
        &self,
        value: &Spanned<DeValue<'_>>,
        range: &std::ops::RangeInclusive<u32>,
    ) -> Option<At<u32>> {
        let DeValue::Integer(integer) = value.get_ref() else {
            return self.wrong_type(value, Type::Integer);
        };
        let offset = value.span().start;
        let number = u32::from_str_radix(integer.as_str(), integer.radix())
            .ok()
            .filter(|number| range.contains(number));
        if number.is_none() {
            let fault = TomlFault::OutOfRange {
                found: integer.to_string(),
                least: (*range.start()).into(),
                most: (*range.end()).into(),
            };
            self.fault(offset, fault);
        }
        number.map(|value| At { value, offset })
    }

    fn known<T: Copy>(&self, word: At<String>, what: What, known: &[(&str, T)]) -> Option<At<T>> {
        let found = known.iter().find(|(name, _)| *name == word.value);
        if found.is_none() {
            let known = known.iter().map(|(name, _)| (*name).to_owned()).collect();
            self.fault(word.offset, TomlFault::Unknown { what, found: word.value, known });
        }
        found.map(|(_, value)| At { value: *value, offset: word.offset })
    }

    fn wrong_type<T>(&self, value: &Spanned<DeValue<'_>>, expected: Type) -> Option<T> {
        let found = Type::of(value.get_ref());
        self.fault(value.span().start, TomlFault::WrongType { expected, found });
        None
    }
}

impl Type {
    /// The type of a value.
    pub(super) const fn of(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::String(_) => Self::Text,
            DeValue::Integer(_) => Self::Integer,
            DeValue::Float(_) => Self::Float,
            DeValue::Boolean(_) => Self::Boolean,
            DeValue::Datetime(_) => Self::Date,
            DeValue::Array(_) => Self::Array,
            DeValue::Table(_) => Self::Table,
        }
    }
}

/// Whether `id` is kebab-case: `grown-to-five`.
pub(super) fn is_id(id: &str) -> bool {
    id.split('-').all(|part| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

/// Whether Kafka takes `name` for a topic.
pub(super) fn is_topic_name(name: &str) -> bool {
    let legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    (1..=249).contains(&name.len()) && name.bytes().all(legal) && name != "." && name != ".."
}
