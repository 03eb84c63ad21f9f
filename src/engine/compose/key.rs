//! The names that a file gives to its parts.

use super::error::Read;
use super::scalars::unexpected_text;
use super::yaml::Entry;

/// The key of a service, volume, network or config: letters, digits, `.`, `-` and `_`.
pub(super) fn checked_key(entry: &Entry) -> Read<String> {
    let key = &entry.key.value;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if !key.is_empty() && key.chars().all(allowed) {
        return Ok(key.clone());
    }
    Err(unexpected_text(entry.key.position, key, text::key()))
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub(super) fn key() -> Phrase {
        phrase!(
            "a name of letters, digits, `.`, `-` and `_`",
            "由字母、数字、`.`、`-` 和 `_` 组成的名称"
        )
    }
}
