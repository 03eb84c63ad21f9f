//! Rules about texts: every section in both languages, and hints that lead without giving away.

use std::collections::{BTreeSet, HashSet};

use super::super::Course;
use super::super::attempt::AttemptKind;
use super::super::blocks::{Block, blocks};
use super::super::fault::{CourseError, TextFault};
use super::super::lab::Lab;
use super::super::outline::OutlineKey;
use super::super::pieces::lines;
use super::super::place::Position;
use super::super::placeholder;
use super::super::sections::{Key, Sections};
use super::super::texts::{TIERS, TextKey};
use super::blocks::compare;
use crate::phrase::Lang;

/// So many characters in a row make a hint the answer itself.
const GIVEN_AWAY: usize = 120;

pub(super) fn of_course(course: &Course) -> Vec<CourseError> {
    let days = course.days.iter().map(|day| OutlineKey::Day(day.number));
    of_sections(&course.texts, &days.chain([OutlineKey::Title]).collect())
}

pub(super) fn of_lab(lab: &Lab) -> Vec<CourseError> {
    let mut errors = of_sections(&lab.texts.sections, &wanted(lab));
    for check in &lab.checks {
        errors.extend(runnable_hint(lab, &check.id));
        errors.extend(given_away(lab, &check.id));
    }
    errors.extend(unread_fields(lab));
    errors.extend(Lang::ALL.iter().flat_map(|lang| unissued(lab, *lang)));
    errors
}

/// Placeholders of values that the lab does not issue: a learner would be shown the braces.
fn unissued(lab: &Lab, lang: Lang) -> Vec<CourseError> {
    let mut errors = Vec::new();
    for (spot, text) in wanted(lab).iter().filter_map(|key| lab.texts.sections.section(lang, key)) {
        // In code, apart from commands, braces may be the code's own.
        let looked_at = lines(text)
            .enumerate()
            .filter(|(_, (line, is_code))| !is_code || line.starts_with("$ "));
        for (index, (line, _)) in looked_at {
            for found in placeholder::issued(line) {
                if !lab.values.iter().any(|value| value.name == found.name) {
                    let at = Position { line: index + 1, column: found.range.start + 1 };
                    let fault = TextFault::UnknownPlaceholder { name: found.name.to_owned() };
                    errors.push(CourseError::new(spot.place(at), fault));
                }
            }
        }
    }
    errors
}

/// The sections that the lab's files must have, and no others.
fn wanted(lab: &Lab) -> BTreeSet<TextKey> {
    let checks = lab.checks.iter().flat_map(|check| {
        let hints = TIERS.map(|tier| TextKey::Hint(check.id.clone(), tier));
        let mistakes = check.kind.mistakes().iter().map(|&id| TextKey::Mistake(id.to_owned()));
        hints.into_iter().chain(mistakes).chain([TextKey::Check(check.id.clone())])
    });
    let fields = lab.fields.iter().map(|field| TextKey::Field(field.id.clone()));
    checks.chain(fields).chain([TextKey::Title, TextKey::Task]).collect()
}

fn of_sections<K: Key>(sections: &Sections<K>, wanted: &BTreeSet<K>) -> Vec<CourseError> {
    let mut errors = Vec::new();
    for lang in Lang::ALL {
        for key in wanted {
            let spot = sections.spots(lang).get(key);
            if !sections.is_written(lang, key) {
                let place = spot.map_or(sections.file(lang), |spot| &spot.heading);
                let fault = TextFault::Missing { section: key.to_string() };
                errors.push(CourseError::new(place.clone(), fault));
            }
        }
        for (key, spot) in sections.spots(lang).iter().filter(|(key, _)| !wanted.contains(key)) {
            let fault = TextFault::Unused { section: key.to_string() };
            errors.push(CourseError::new(spot.heading.clone(), fault));
        }
    }
    for key in wanted {
        if let (Some(en), Some(zh)) =
            (sections.section(Lang::En, key), sections.section(Lang::Zh, key))
        {
            errors.extend(compare(en, zh));
        }
    }
    errors
}

fn runnable_hint(lab: &Lab, check: &str) -> Option<CourseError> {
    let key = TextKey::Hint(check.to_owned(), 3);
    let (spot, text) = lab.texts.sections.section(Lang::En, &key)?;
    if blocks(text).iter().flatten().any(Block::runs) {
        return None;
    }
    let fault = TextFault::HintNotRunnable { check: check.to_owned() };
    Some(CourseError::new(spot.heading.clone(), fault))
}

/// Hints of the first tiers that hold a piece of the third, or of the solution.
fn given_away(lab: &Lab, check: &str) -> Vec<CourseError> {
    let solutions = lab.attempts.iter().filter(|attempt| attempt.kind == AttemptKind::Solution);
    let scripts: Vec<String> = solutions
        .filter_map(|attempt| attempt.script.as_deref())
        .map(|script| one_line(&String::from_utf8_lossy(script)))
        .collect();
    let mut errors = Vec::new();
    for lang in Lang::ALL {
        let hint = |tier| lab.texts.sections.section(lang, &TextKey::Hint(check.to_owned(), tier));
        let last = hint(3).map(|(_, text)| one_line(text)).unwrap_or_default();
        for (spot, text) in [1, 2].into_iter().filter_map(hint) {
            let text = one_line(text);
            if scripts.iter().chain([&last]).any(|answer| share_a_run(&text, answer)) {
                let fault = TextFault::HintGivesAway { shared: GIVEN_AWAY };
                errors.push(CourseError::new(spot.heading.clone(), fault));
            }
        }
    }
    errors
}

/// The text with every run of blanks as one: wrapped anew, an answer is still the answer.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the texts have [`GIVEN_AWAY`] characters in a row in common.
fn share_a_run(one: &str, other: &str) -> bool {
    let known: HashSet<&str> = runs(one).collect();
    !known.is_empty() && runs(other).any(|run| known.contains(run))
}

/// Every run of [`GIVEN_AWAY`] characters.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.char_indices().map(|(start, _)| start);
    let ends = text.char_indices().map(|(start, c)| start + c.len_utf8());
    starts.zip(ends.skip(GIVEN_AWAY - 1)).map(|(start, end)| &text[start..end])
}

fn unread_fields(lab: &Lab) -> Vec<CourseError> {
    let read = |id: &str| lab.checks.iter().any(|check| check.kind.field() == Some(id));
    let unread = lab.fields.iter().filter(|field| !read(&field.id));
    unread
        .map(|field| {
            let place = lab.places.fields.get(&field.id).unwrap_or(&lab.places.id).clone();
            CourseError::new(place, TextFault::FieldUnread { field: field.id.clone() })
        })
        .collect()
}
