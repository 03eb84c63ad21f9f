//! Reads en.md and zh.md of a lesson: `# What is a log? {#log}` begins a section.

use crate::phrase::{Lang, Phrase};

use super::doc::Doc;
use super::fault::{CourseError, FileFault, LessonFault, TomlFault, What};
use super::lesson::Section;
use super::pieces::{Piece, pieces};
use super::place::Place;
use super::sections::{Spot, get_mut, index};
use super::source::Files;
use super::table::is_id;

/// What both files say.
pub(super) struct Text {
    /// In the order of the English file; what only the Chinese one has comes last.
    pub sections: Vec<Section>,
    pub files: [Place; 2],
}

impl Text {
    /// Reads both files of a lesson's folder, which ends in `/`.
    pub(super) fn read(files: &Files, folder: &str, errors: &mut Vec<CourseError>) -> Self {
        let path = |lang: Lang| format!("{folder}{lang}.md");
        let places = Lang::ALL.map(|lang| files.place(&path(lang)));
        let mut text = Self { sections: Vec::new(), files: places };
        for lang in Lang::ALL {
            match Doc::open(files, &path(lang)) {
                Ok(doc) => {
                    text.add(&doc, lang);
                    errors.extend(doc.into_errors());
                }
                Err(error) => errors.push(error),
            }
        }
        text.sections.iter_mut().for_each(fill_gaps);
        text
    }

    fn add(&mut self, doc: &Doc<'_>, lang: Lang) {
        for piece in pieces(doc.text()) {
            let Some((title, id)) = title_and_id(&piece, doc) else { continue };
            let section = self.section(id);
            if section.spots[index(lang)].is_some() {
                let id = id.to_owned();
                doc.fault(piece.offset, TomlFault::Duplicate { what: What::Section, id });
            }
            section.spots[index(lang)] = Some(Spot::of(&piece, doc));
            title.clone_into(get_mut(&mut section.title, lang));
            piece.body.clone_into(get_mut(&mut section.body, lang));
        }
    }

    /// The section called `id`, made if it is not there yet.
    fn section(&mut self, id: &str) -> &mut Section {
        let at = self.sections.iter().position(|section| section.id == id);
        let at = at.unwrap_or_else(|| {
            let (title, body) = (Phrase::same(""), Phrase::same(""));
            let id = id.to_owned();
            self.sections.push(Section { id, title, body, spots: [None, None] });
            self.sections.len() - 1
        });
        &mut self.sections[at]
    }
}

/// Title and id of a piece; none, with the fault noted, if it is not a section.
fn title_and_id<'a>(piece: &Piece<'a>, doc: &Doc<'_>) -> Option<(&'a str, &'a str)> {
    let Some(heading) = piece.heading else {
        if !piece.body.is_empty() {
            doc.fault(piece.offset, FileFault::TextBeforeHeading);
        }
        return None;
    };
    let parts = heading.strip_suffix('}').and_then(|heading| heading.rsplit_once("{#"));
    let parts = parts.map(|(title, id)| (title.trim_end(), id));
    let Some((title, id)) = parts.filter(|(title, _)| !title.is_empty()) else {
        doc.fault(piece.offset, LessonFault::HeadingForm { found: heading.to_owned() });
        return None;
    };
    if !is_id(id) {
        let line = doc.text()[piece.offset..].lines().next().unwrap_or_default();
        let column = line.rfind("{#").map_or(0, |start| start + 2);
        doc.fault(piece.offset + column, TomlFault::BadId { found: id.to_owned() });
        return None;
    }
    Some((title, id))
}

/// What one language lacks is shown in the other; `course check` tells the author.
fn fill_gaps(section: &mut Section) {
    for Phrase { en, zh } in [&mut section.title, &mut section.body] {
        if en.is_empty() {
            en.clone_from(zh);
        } else if zh.is_empty() {
            zh.clone_from(en);
        }
    }
}
