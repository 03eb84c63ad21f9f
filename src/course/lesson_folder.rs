//! Reads the folders of lessons: `lessons/day-NN/` with lesson.toml, en.md and zh.md.

use std::collections::BTreeSet;

use super::doc::Doc;
use super::fault::{CourseError, LessonFault};
use super::lab::Seed;
use super::lesson::{Lesson, folder_name};
use super::lesson_text::Text;
use super::setting::{environment, seed};
use super::source::{Files, is_litter};
use super::table::{Table, parse};

const ROOT: &str = "lessons/";

/// Every lesson of the course, in the order of the days.
pub(super) fn read_all(
    files: &Files,
    environments: &[String],
    errors: &mut Vec<CourseError>,
) -> Vec<Lesson> {
    unknown_files(files, errors);
    let days: BTreeSet<u32> = files.below(ROOT).filter_map(|(path, _)| day_of(path)).collect();
    days.into_iter().filter_map(|day| read_one(files, day, environments, errors)).collect()
}

/// The day in whose folder a file lies, by its path below `lessons/`.
fn day_of(path: &str) -> Option<u32> {
    let (folder, _) = path.split_once('/')?;
    let day = folder.strip_prefix("day-")?.parse().ok()?;
    (folder == folder_name(day)).then_some(day)
}

fn read_one(
    files: &Files,
    day: u32,
    environments: &[String],
    errors: &mut Vec<CourseError>,
) -> Option<Lesson> {
    let folder = format!("{ROOT}{}/", folder_name(day));
    let Text { sections, files: texts } = Text::read(files, &folder, errors);
    let path = format!("{folder}lesson.toml");
    let doc = Doc::open(files, &path).map_err(|error| errors.push(error)).ok()?;
    let setting = read_toml(&doc, environments);
    errors.extend(doc.into_errors());
    let (environment, seed) = setting?;
    Some(Lesson { day, environment, seed, sections, file: files.place(&path), texts })
}

fn read_toml(doc: &Doc<'_>, environments: &[String]) -> Option<(String, Seed)> {
    let parsed = parse(doc)?;
    let mut table = Table::root(doc, &parsed)?;
    let environment = environment(&mut table, environments);
    let seed = seed(&mut table);
    table.finish();
    Some((environment?, seed))
}

/// A file in a folder that is read by nothing is a misspelt one.
fn unknown_files(files: &Files, errors: &mut Vec<CourseError>) {
    for (path, _) in files.below(ROOT) {
        let Some((_, name)) = path.split_once('/') else { continue };
        let known = day_of(path).is_some() && matches!(name, "lesson.toml" | "en.md" | "zh.md");
        if !known && !path.starts_with('.') && !is_litter(path) {
            let place = files.place(&format!("{ROOT}{path}"));
            errors.push(CourseError::new(place, LessonFault::UnknownFile));
        }
    }
}
