//! Rules about lessons: the same in both languages, and tried.

use super::super::blocks::{Block, CONSOLE, Mark, blocks};
use super::super::fault::{CourseError, LessonFault, TextFault};
use super::super::lesson::{Lesson, Section};
use super::super::place::Place;
use super::super::sections::index;
use super::blocks::compare;
use crate::phrase::Lang;

/// One block in so many may stay untried.
const BLOCKS_A_SKIP: usize = 10;

pub(super) fn of_lesson(lesson: &Lesson) -> Vec<CourseError> {
    let mut errors = Vec::new();
    if lesson.sections.is_empty() {
        errors.push(CourseError::new(file(lesson, Lang::En).clone(), LessonFault::NoSections));
    }
    for section in &lesson.sections {
        errors.extend(missing(lesson, section));
        if let (Some(en), Some(zh)) = (section.written(Lang::En), section.written(Lang::Zh)) {
            errors.extend(compare(en, zh));
        }
    }
    errors.extend(out_of_order(lesson));
    errors.extend(too_many_skips(lesson));
    errors
}

const fn file(lesson: &Lesson, lang: Lang) -> &Place {
    &lesson.texts[index(lang)]
}

/// The languages in which a section is missing or empty.
fn missing(lesson: &Lesson, section: &Section) -> Vec<CourseError> {
    let lacking = Lang::ALL.into_iter().filter(|lang| section.written(*lang).is_none());
    lacking
        .map(|lang| {
            let place = section.spot(lang).map_or(file(lesson, lang), |spot| &spot.heading);
            let fault = TextFault::Missing { section: format!("… {{#{}}}", section.id) };
            CourseError::new(place.clone(), fault)
        })
        .collect()
}

/// The first section that both languages have, and not in the same place among these.
fn out_of_order(lesson: &Lesson) -> Option<CourseError> {
    let both = lesson.sections.iter().filter(|section| section.spot(Lang::En).is_some());
    let both = both.filter_map(|section| Some((section, &section.spot(Lang::Zh)?.heading)));
    let ours: Vec<(&Section, &Place)> = both.collect();
    let mut theirs = ours.clone();
    theirs.sort_by_key(|(_, heading)| *heading);
    let (there, (_, heading)) = ours
        .iter()
        .zip(&theirs)
        .map(|((ours, _), theirs)| (ours, theirs))
        .find(|(ours, (theirs, _))| ours.id != theirs.id)?;
    let fault = LessonFault::OrderDiffers { there: there.id.clone() };
    Some(CourseError::new((*heading).clone(), fault))
}

/// Blocks that nobody tries, beyond what a lesson of this size may have.
fn too_many_skips(lesson: &Lesson) -> Option<CourseError> {
    let mut all = 0;
    let mut skips = Vec::new();
    for (spot, text) in lesson.sections.iter().filter_map(|section| section.written(Lang::En)) {
        let marked = |block: &Block| block.language == CONSOLE || block.mark != Mark::Text;
        for block in blocks(text).into_iter().flatten().filter(marked) {
            all += 1;
            if matches!(block.mark, Mark::Skip { .. }) {
                skips.push(spot.place(block.position));
            }
        }
    }
    let most = (all / BLOCKS_A_SKIP).max(1);
    let place = skips.get(most)?.clone();
    let fault = LessonFault::SkipsTooMany { blocks: all, skipped: skips.len(), most };
    Some(CourseError::new(place, fault))
}
