//! One text file of the course while it is read: its text, its place, and the faults found in it.

use std::cell::RefCell;
use std::str;

use super::fault::{CourseError, Fault, FileFault};
use super::place::{Place, Position};
use super::source::Files;

/// A text file. Faults gather in it, so that reading goes on after the first.
#[derive(Debug)]
pub(super) struct Doc<'a> {
    file: Place,
    text: &'a str,
    errors: RefCell<Vec<CourseError>>,
}

impl<'a> Doc<'a> {
    /// The file at `path`, which has to be there.
    pub(super) fn open(files: &'a Files, path: &str) -> Result<Self, CourseError> {
        let file = files.place(path);
        let bytes =
            files.get(path).ok_or_else(|| CourseError::new(file.clone(), FileFault::Missing))?;
        let text = str::from_utf8(bytes).map_err(|error| not_utf8(&file, bytes, &error))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Ok(Self { file, text, errors: RefCell::default() })
    }

    pub(super) const fn text(&self) -> &'a str {
        self.text
    }

    /// The file as a whole.
    pub(super) const fn file(&self) -> &Place {
        &self.file
    }

    /// The place of the byte `offset`.
    pub(super) fn place(&self, offset: usize) -> Place {
        self.file.at(Position::of(self.text, offset))
    }

    /// Notes a fault at the byte `offset`.
    pub(super) fn fault(&self, offset: usize, fault: impl Into<Fault>) {
        self.errors.borrow_mut().push(CourseError::new(self.place(offset), fault));
    }

    /// Whether a fault has been noted.
    pub(super) fn has_faults(&self) -> bool {
        !self.errors.borrow().is_empty()
    }

    /// The faults, in the order of their places.
    pub(super) fn into_errors(self) -> Vec<CourseError> {
        let mut errors = self.errors.into_inner();
        errors.sort_by(|a, b| a.place().cmp(b.place()));
        errors
    }
}

fn not_utf8(file: &Place, bytes: &[u8], error: &str::Utf8Error) -> CourseError {
    let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
    let place = file.at(Position::of(&valid, valid.len()));
    CourseError::new(place, FileFault::NotUtf8)
}
