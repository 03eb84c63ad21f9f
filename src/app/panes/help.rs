//! All keys of a page, as rows.

use unicode_width::UnicodeWidthStr as _;

use crate::app::keys;
use crate::app::model::Model;
use crate::app::rows::{Row, Tone};
use crate::markdown::Face;

/// Columns for the names of keys.
const KEYS: usize = 10;

/// A row a key.
pub fn rows(model: &Model) -> Vec<Row> {
    let row = |binding: &'static keys::Binding| {
        let gap = " ".repeat(KEYS.saturating_sub(binding.shown.width()));
        Row::of(binding.shown, Tone::Title)
            .and(gap, Tone::Dim)
            .and(binding.words.get(model.lang), Tone::Face(Face::Text))
    };
    keys::of_page(model).into_iter().map(row).collect()
}
