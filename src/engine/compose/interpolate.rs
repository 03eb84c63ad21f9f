//! Compose's variables: `${NAME}`, `$NAME`, defaults, demands, alternatives.
//!
//! Syntax and meaning are those of the Compose specification ("Interpolation"), with one
//! difference: a variable that is not set and has no default is an error, not an empty text.

use std::collections::BTreeMap;

use super::error::Fault;

/// How deep variables may stand in the defaults of other variables.
const MAX_DEPTH: usize = 16;
/// How long a resolved value may be, in bytes.
const MAX_VALUE_BYTES: usize = 64 << 10;

/// `text` with its variables resolved against `variables` and nothing else.
///
/// | written | set | set, but empty | not set |
/// |---|---|---|---|
/// | `$NAME`, `${NAME}` | value | empty | error |
/// | `${NAME:-default}` | value | default | default |
/// | `${NAME-default}` | value | empty | default |
/// | `${NAME:?message}` | value | error | error |
/// | `${NAME?message}` | value | empty | error |
/// | `${NAME:+other}` | other | empty | empty |
/// | `${NAME+other}` | other | other | empty |
/// | `$$` | a dollar sign | | |
///
/// Default, message and other may hold variables themselves; they are resolved only when used.
///
/// # Errors
/// [`Fault::VariableUnset`], [`Fault::VariableRequired`], [`Fault::VariableSyntax`],
/// [`Fault::VariableTooDeep`] beyond 16 levels, [`Fault::ValueTooLong`] beyond 64 KiB.
pub fn interpolate(text: &str, variables: &BTreeMap<String, String>) -> Result<String, Fault> {
    interpolate_at(text, variables).map_err(|(_, fault)| fault)
}

/// A fault and the byte in the text at which its `$` stands.
type At<T> = Result<T, (usize, Fault)>;

/// [`interpolate`], with the byte at which the faulty `$` stands.
pub(super) fn interpolate_at(text: &str, variables: &BTreeMap<String, String>) -> At<String> {
    Resolver { variables }.resolve(text, 0, 0)
}

struct Resolver<'v> {
    variables: &'v BTreeMap<String, String>,
}

/// A variable as written, its `$` taken off.
enum Reference<'t> {
    Dollar,
    Variable { name: &'t str, rule: Rule<'t> },
}

/// What stands behind the name, and where that begins in the reference.
enum Rule<'t> {
    Value,
    Default { text: &'t str, at: usize, for_empty: bool },
    Demand { text: &'t str, at: usize, for_empty: bool },
    Other { text: &'t str, at: usize, for_empty: bool },
}

impl Resolver<'_> {
    /// `base` is where `text` begins in the whole value.
    fn resolve(&self, text: &str, base: usize, depth: usize) -> At<String> {
        let mut resolved = String::new();
        let mut rest = 0;
        while let Some(found) = text[rest..].find('$') {
            let dollar = rest + found;
            resolved.push_str(&text[rest..dollar]);
            let (reference, length) =
                scan(&text[dollar + 1..]).map_err(|fault| (base + dollar, fault))?;
            resolved.push_str(&self.value(&reference, base + dollar, depth)?);
            rest = dollar + 1 + length;
            check_length(&resolved).map_err(|fault| (base + dollar, fault))?;
        }
        resolved.push_str(&text[rest..]);
        check_length(&resolved).map_err(|fault| (base, fault))?;
        Ok(resolved)
    }

    fn value(&self, reference: &Reference<'_>, dollar: usize, depth: usize) -> At<String> {
        let Reference::Variable { name, rule } = reference else { return Ok("$".to_owned()) };
        let set = self.variables.get(*name);
        let usable =
            |for_empty: bool| set.filter(|value| !(for_empty && value.is_empty())).cloned();
        match *rule {
            Rule::Value => set
                .cloned()
                .ok_or_else(|| (dollar, Fault::VariableUnset { name: (*name).to_owned() })),
            Rule::Default { text, at, for_empty } => match usable(for_empty) {
                Some(value) => Ok(value),
                None => self.nested(text, dollar, at, depth),
            },
            Rule::Demand { text, at, for_empty } => {
                if let Some(value) = usable(for_empty) {
                    return Ok(value);
                }
                let message = self.nested(text, dollar, at, depth)?;
                Err((dollar, Fault::VariableRequired { name: (*name).to_owned(), message }))
            }
            Rule::Other { text, at, for_empty } => match usable(for_empty) {
                Some(_) => self.nested(text, dollar, at, depth),
                None => Ok(String::new()),
            },
        }
    }

    fn nested(&self, text: &str, dollar: usize, at: usize, depth: usize) -> At<String> {
        if depth == MAX_DEPTH {
            return Err((dollar, Fault::VariableTooDeep { limit: MAX_DEPTH }));
        }
        self.resolve(text, dollar + at, depth + 1)
    }
}

fn check_length(text: &str) -> Result<(), Fault> {
    if text.len() > MAX_VALUE_BYTES {
        return Err(Fault::ValueTooLong { limit: MAX_VALUE_BYTES });
    }
    Ok(())
}

/// The reference that begins behind a `$`, and how many bytes it takes there.
fn scan(text: &str) -> Result<(Reference<'_>, usize), Fault> {
    if text.starts_with('$') {
        return Ok((Reference::Dollar, 1));
    }
    if text.starts_with('{') {
        return scan_braced(text);
    }
    let name = name_of(text);
    if name.is_empty() {
        return Err(not_a_variable(text));
    }
    Ok((Reference::Variable { name, rule: Rule::Value }, name.len()))
}

/// A reference in braces; `text` begins with the opening one.
fn scan_braced(text: &str) -> Result<(Reference<'_>, usize), Fault> {
    let end = closing_brace(text).ok_or_else(|| not_a_variable(text))?;
    let inside = &text[1..end];
    let name = name_of(inside);
    if name.is_empty() {
        return Err(not_a_variable(text));
    }
    let rule = rule_of(&inside[name.len()..], name.len()).ok_or_else(|| not_a_variable(text))?;
    Ok((Reference::Variable { name, rule }, end + 1))
}

/// The rule behind a name of `name` bytes.
fn rule_of(text: &str, name: usize) -> Option<Rule<'_>> {
    if text.is_empty() {
        return Some(Rule::Value);
    }
    let (for_empty, operator) = match text.strip_prefix(':') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let argument = operator.get(1..)?;
    // `$`, `{`, the name, `:` if there is one, the operator.
    let at = 2 + name + usize::from(for_empty) + 1;
    match operator.as_bytes().first()? {
        b'-' => Some(Rule::Default { text: argument, at, for_empty }),
        b'?' => Some(Rule::Demand { text: argument, at, for_empty }),
        b'+' => Some(Rule::Other { text: argument, at, for_empty }),
        _ => None,
    }
}

/// The byte of the `}` that closes the `{` at the start; braces in between count in pairs.
fn closing_brace(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' if open == 1 => return Some(index),
            b'}' => open -= 1,
            _ => {}
        }
    }
    None
}

/// The variable's name at the start of `text`: letters, digits and `_`, no digit first.
fn name_of(text: &str) -> &str {
    let letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    if !text.bytes().next().is_some_and(letter) {
        return "";
    }
    let length = text.bytes().take_while(|byte| letter(*byte) || byte.is_ascii_digit()).count();
    &text[..length]
}

fn not_a_variable(text: &str) -> Fault {
    Fault::VariableSyntax { found: format!("${text}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn variables() -> BTreeMap<String, String> {
        BTreeMap::from([("SET".into(), "value".into()), ("EMPTY".into(), String::new())])
    }

    fn resolve(text: &str) -> String {
        interpolate(text, &variables()).unwrap()
    }

    fn fault(text: &str) -> (usize, Fault) {
        interpolate_at(text, &variables()).unwrap_err()
    }

    fn unset(name: &str) -> Fault {
        Fault::VariableUnset { name: name.into() }
    }

    #[test]
    fn every_form_follows_the_compose_table() {
        let rows = [
            ("a $SET b", "a value b"),
            ("${SET}", "value"),
            ("${EMPTY}", ""),
            ("${SET:-x}${EMPTY:-x}${NONE:-x}", "valuexx"),
            ("${SET-x}${EMPTY-x}${NONE-x}", "valuex"),
            ("${SET:+x}${EMPTY:+x}${NONE:+x}", "x"),
            ("${SET+x}${EMPTY+x}${NONE+x}", "xx"),
            ("${SET:?x}${SET?x}${EMPTY?x}", "valuevalue"),
            ("$$SET $${SET} $$$SET", "$SET ${SET} $value"),
            ("$SET-1 $SET.x ${SET}x", "value-1 value.x valuex"),
            ("no variables at all", "no variables at all"),
        ];
        for (written, expected) in rows {
            assert_eq!(resolve(written), expected, "{written}");
        }
    }

    #[test]
    fn defaults_may_hold_variables_and_braces() {
        assert_eq!(resolve("${NONE:-${ALSO:-${SET}}}!"), "value!");
        assert_eq!(resolve("${NONE:-{\"a\": \"$SET\"}}"), "{\"a\": \"value\"}");
        assert_eq!(resolve("${NONE:-a$$b:-c}"), "a$b:-c");
        assert_eq!(resolve("${SET:+<${EMPTY:-in}>}"), "<in>");
    }

    #[test]
    fn a_default_that_is_not_used_is_not_resolved() {
        assert_eq!(resolve("${SET:-${NONE}}${NONE:+${NONE}}"), "value");
    }

    #[test]
    fn an_unset_variable_is_an_error_at_its_dollar() {
        assert_eq!(fault("中 $NONE"), (4, unset("NONE")));
        assert_eq!(fault("x${NONE}"), (1, unset("NONE")));
        assert_eq!(fault("ab${SET:+12${NONE}}"), (11, unset("NONE")));
        assert_eq!(fault("${X:-${Y-$Z}}"), (9, unset("Z")));
    }

    #[test]
    fn a_demanded_variable_brings_its_message() {
        let required = |message: &str| Fault::VariableRequired {
            name: "EMPTY".into(),
            message: message.into(),
        };
        assert_eq!(fault("${EMPTY:?give $SET}").1, required("give value"));
        assert_eq!(fault("${EMPTY:?}").1, required(""));
    }

    #[test]
    fn what_is_no_variable_is_an_error() {
        for text in [
            "$",
            "a$ b",
            "$1",
            "${",
            "${}",
            "${1}",
            "${SET",
            "${SET!x}",
            "${SET:}",
            "${-}",
            "${ SET}",
            "$中",
            "${SET:中}",
            "${SET中}",
        ] {
            assert!(matches!(fault(text).1, Fault::VariableSyntax { .. }), "{text}");
        }
    }

    #[test]
    fn nesting_and_length_are_bounded() {
        let deep = format!("{}x{}", "${A:-".repeat(100_000), "}".repeat(100_000));
        assert_eq!(fault(&deep).1, Fault::VariableTooDeep { limit: MAX_DEPTH });
        let long = BTreeMap::from([("L".to_owned(), "x".repeat(1024))]);
        let error = interpolate(&"$L".repeat(100), &long).unwrap_err();
        assert_eq!(error, Fault::ValueTooLong { limit: MAX_VALUE_BYTES });
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "([$a-cA{}:?+ -]|\\PC){0,60}") {
            let _ = interpolate(&text, &BTreeMap::from([("a".into(), "1".into())]));
        }

        #[test]
        fn doubled_dollars_give_the_text_back(text in "\\PC{0,40}") {
            let escaped = text.replace('$', "$$");
            prop_assert_eq!(interpolate(&escaped, &BTreeMap::new()).unwrap(), text);
        }
    }
}
