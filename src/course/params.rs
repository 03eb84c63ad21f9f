//! The parameters of a check kind, read by serde into the types of `grade` with the place of every
//! fault: toml's own deserializer reports in English prose only.

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use toml::Spanned;
use toml::de::{DeInteger, DeString, DeValue};

use super::fault::{TomlFault, Type, What};

/// What serde found wrong, and where, as soon as that is known.
#[derive(Debug, thiserror::Error)]
#[error("{}", .fault.told().message)]
pub(super) struct ParamError {
    pub fault: TomlFault,
    pub offset: Option<usize>,
}

/// Key and value of one parameter.
pub(super) type Param<'de> = (&'de Spanned<DeString<'de>>, &'de Spanned<DeValue<'de>>);

/// The parameters of one check.
pub(super) struct Params<'de> {
    entries: std::vec::IntoIter<Param<'de>>,
    pending: Option<&'de Spanned<DeValue<'de>>>,
}

struct Value<'de>(&'de Spanned<DeValue<'de>>);

impl<'de> Params<'de> {
    pub(super) fn new(entries: Vec<Param<'de>>) -> Self {
        Self { entries: entries.into_iter(), pending: None }
    }
}

impl<'de> Deserializer<'de> for Params<'de> {
    type Error = ParamError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParamError> {
        visitor.visit_map(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

impl<'de> MapAccess<'de> for Params<'de> {
    type Error = ParamError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ParamError> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.pending = Some(value);
        let name: StrDeserializer<'_, ParamError> = key.get_ref().as_ref().into_deserializer();
        seed.deserialize(name).map(Some).map_err(|error| error.at(key.span().start))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, ParamError> {
        match self.pending.take() {
            Some(value) => seed.deserialize(Value(value)),
            None => Err(de::Error::custom("a value was read before its key")),
        }
    }
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = ParamError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParamError> {
        let result = match self.0.get_ref() {
            DeValue::String(text) => visitor.visit_borrowed_str(text),
            DeValue::Integer(integer) => visit_integer(integer, visitor),
            DeValue::Float(float) => visit_float(float.as_str(), visitor),
            DeValue::Boolean(value) => visitor.visit_bool(*value),
            DeValue::Datetime(date) => visitor.visit_string(date.to_string()),
            DeValue::Array(array) => visitor.visit_seq(Elements(array.iter())),
            DeValue::Table(table) => visitor.visit_map(Params::new(table.iter().collect())),
        };
        result.map_err(|error| error.at(self.0.span().start))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParamError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ParamError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ParamError> {
        let offset = self.0.span().start;
        let result = match self.0.get_ref() {
            DeValue::String(text) => {
                let word: StrDeserializer<'_, ParamError> = text.as_ref().into_deserializer();
                word.deserialize_enum(name, variants, visitor)
            }
            other => {
                let fault = TomlFault::WrongType { expected: Type::Text, found: Type::of(other) };
                Err(ParamError { fault, offset: None })
            }
        };
        result.map_err(|error| error.at(offset))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Elements<'de>(std::slice::Iter<'de, Spanned<DeValue<'de>>>);

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = ParamError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ParamError> {
        self.0.next().map(|value| seed.deserialize(Value(value))).transpose()
    }
}

fn visit_integer<'de, V: Visitor<'de>>(
    integer: &DeInteger<'_>,
    visitor: V,
) -> Result<V::Value, ParamError> {
    let (digits, radix) = (integer.as_str(), integer.radix());
    if let Ok(number) = u64::from_str_radix(digits, radix) {
        return visitor.visit_u64(number);
    }
    match i64::from_str_radix(digits, radix) {
        Ok(number) => visitor.visit_i64(number),
        Err(_) => Err(out_of_range(integer, i64::MIN.into(), u64::MAX.into())),
    }
}

fn visit_float<'de, V: Visitor<'de>>(digits: &str, visitor: V) -> Result<V::Value, ParamError> {
    match digits.parse() {
        Ok(number) => visitor.visit_f64(number),
        Err(_) => Err(de::Error::custom(digits)),
    }
}

fn out_of_range(found: &impl ToString, least: i128, most: i128) -> ParamError {
    let fault = TomlFault::OutOfRange { found: found.to_string(), least, most };
    ParamError { fault, offset: None }
}

impl ParamError {
    /// The error at `offset`, unless a place further in is known.
    fn at(self, offset: usize) -> Self {
        Self { offset: self.offset.or(Some(offset)), ..self }
    }
}

impl de::Error for ParamError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self { fault: TomlFault::Refused { message: message.to_string() }, offset: None }
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let expected = type_of_serde(&expected.to_string());
        let fault = TomlFault::WrongType { expected, found: type_of_unexpected(found) };
        Self { fault, offset: None }
    }

    fn invalid_value(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let expected = expected.to_string();
        match (found, range_of_serde(&expected)) {
            (de::Unexpected::Signed(n), Some((least, most))) => out_of_range(&n, least, most),
            (de::Unexpected::Unsigned(n), Some((least, most))) => out_of_range(&n, least, most),
            (found, _) => Self::custom(format!("{found}, expected {expected}")),
        }
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let known = expected.iter().map(|&word| word.to_owned()).collect();
        let fault = TomlFault::Unknown { what: What::Value, found: variant.to_owned(), known };
        Self { fault, offset: None }
    }

    fn unknown_field(key: &str, expected: &'static [&'static str]) -> Self {
        let fault = TomlFault::UnknownKey { key: key.to_owned(), known: expected.to_vec() };
        Self { fault, offset: None }
    }

    fn missing_field(key: &'static str) -> Self {
        Self { fault: TomlFault::MissingKey { key }, offset: None }
    }
}

fn type_of_unexpected(found: de::Unexpected<'_>) -> Type {
    match found {
        de::Unexpected::Bool(_) => Type::Boolean,
        de::Unexpected::Unsigned(_) | de::Unexpected::Signed(_) => Type::Integer,
        de::Unexpected::Float(_) => Type::Float,
        de::Unexpected::Str(_) => Type::Text,
        de::Unexpected::Seq => Type::Array,
        de::Unexpected::Map => Type::Table,
        other => Type::Other(other.to_string()),
    }
}

/// The type behind the words in which serde's derived code names what it expected.
fn type_of_serde(expected: &str) -> Type {
    match expected {
        _ if range_of_serde(expected).is_some() => Type::Integer,
        "a string" | "string" => Type::Text,
        "a boolean" | "bool" => Type::Boolean,
        "a sequence" => Type::Array,
        "f32" | "f64" => Type::Float,
        other if other.starts_with("struct ") || other == "a map" => Type::Table,
        other => Type::Other(other.to_owned()),
    }
}

fn range_of_serde(expected: &str) -> Option<(i128, i128)> {
    Some(match expected {
        "u8" => (u8::MIN.into(), u8::MAX.into()),
        "u16" => (u16::MIN.into(), u16::MAX.into()),
        "u32" => (u32::MIN.into(), u32::MAX.into()),
        "u64" | "usize" => (u64::MIN.into(), u64::MAX.into()),
        "i8" => (i8::MIN.into(), i8::MAX.into()),
        "i16" => (i16::MIN.into(), i16::MAX.into()),
        "i32" => (i32::MIN.into(), i32::MAX.into()),
        "i64" => (i64::MIN.into(), i64::MAX.into()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use toml::de::DeTable;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Spec {
        side: Side,
        ratio: Option<f64>,
        #[serde(default)]
        deep: Vec<Deep>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Side {
        AtLeast,
        AtMost,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Deep {
        offset: i64,
        open: bool,
    }

    fn read(text: &str) -> Result<Spec, (&'static str, usize)> {
        let table = DeTable::parse(text).unwrap();
        Spec::deserialize(Params::new(table.get_ref().iter().collect()))
            .map_err(|error| (error.fault.told().code, error.offset.unwrap()))
    }

    #[test]
    fn words_options_lists_and_tables_are_read() {
        let text = "side = 'at-least'\nratio = 0.5\ndeep = [{ offset = -1, open = true }]";
        let deep = vec![Deep { offset: -1, open: true }];
        assert_eq!(read(text), Ok(Spec { side: Side::AtLeast, ratio: Some(0.5), deep }));
        let bare = Spec { side: Side::AtMost, ratio: None, deep: Vec::new() };
        assert_eq!(read("side = 'at-most'"), Ok(bare));
    }

    #[test]
    fn a_fault_is_told_at_the_innermost_place() {
        assert_eq!(read("side = 'between'"), Err(("unknown-value", 7)));
        assert_eq!(read("side = 1"), Err(("wrong-type", 7)));
        assert_eq!(read("side = 'at-most'\nratio = 'x'"), Err(("wrong-type", 25)));
        let deep =
            "side = 'at-most'\ndeep = [{ offset = 1, open = true }, { offset = 1, opn = 1 }]";
        assert_eq!(read(deep), Err(("unknown-key", deep.find("opn").unwrap())));
        let table = "side = 'at-most'\ndeep = [{ offset = 1 }]";
        assert_eq!(read(table), Err(("missing-key", table.find('{').unwrap())));
        let huge = "side = 'at-most'\ndeep = [{ offset = 9223372036854775808, open = true }]";
        assert_eq!(read(huge), Err(("out-of-range", huge.find('9').unwrap())));
    }
}
