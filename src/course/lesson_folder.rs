//! Reads the folders of lessons: `lessons/day-NN/` with lesson.toml, en.md and zh.md.

use std::collections::BTreeSet;

use super::doc::Doc;
use super::fault::{CourseError, LessonFault, TomlFault, What};
use super::lesson::{Lesson, Section, Stage, folder_name};
use super::lesson_text::Text;
use super::setting::{environment, seed};
use super::source::{Files, is_litter};
use super::table::{At, Table, parse};

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
    let before = errors.len();
    let Text { sections, files: texts } = Text::read(files, &folder, errors);
    // A section that could not be read would only look unknown to what refers to it.
    let known = (errors.len() == before).then_some(sections.as_slice());
    let path = format!("{folder}lesson.toml");
    let doc = Doc::open(files, &path).map_err(|error| errors.push(error)).ok()?;
    let stages = read_toml(&doc, environments, known);
    errors.extend(doc.into_errors());
    let (own, elsewhere) = stages?;
    Some(Lesson { day, own, elsewhere, sections, file: files.place(&path), texts })
}

/// The lesson's own cluster and the others.
fn read_toml(
    doc: &Doc<'_>,
    environments: &[String],
    known: Option<&[Section]>,
) -> Option<(Stage, Vec<Stage>)> {
    let parsed = parse(doc)?;
    let mut table = Table::root(doc, &parsed)?;
    let own = stage(&mut table, environments, Vec::new());
    let mut elsewhere: Vec<Stage> = Vec::new();
    for mut entry in table.tables("elsewhere") {
        let sections = sections(&mut entry, known);
        let taken: Vec<&String> = elsewhere.iter().flat_map(|stage| &stage.sections).collect();
        no_second(&entry, What::Section, &sections, &taken);
        let stages = own.iter().chain(&elsewhere);
        let taken: Vec<&String> = stages.map(|stage| &stage.environment).collect();
        let environment = entry.text("environment");
        no_second(&entry, What::Environment, environment.as_slice(), &taken);
        let sections = sections.into_iter().map(|id| id.value).collect();
        elsewhere.extend(stage(&mut entry, environments, sections));
        entry.finish();
    }
    table.finish();
    Some((own?, elsewhere))
}

fn stage(table: &mut Table<'_>, known: &[String], sections: Vec<String>) -> Option<Stage> {
    let environment = environment(table, known);
    let seed = seed(table);
    Some(Stage { environment: environment?, seed, sections })
}

/// The sections that a cluster is for; each has to be one of `known`.
fn sections(table: &mut Table<'_>, known: Option<&[Section]>) -> Vec<At<String>> {
    let sections = table.texts("sections");
    if sections.is_empty() {
        table.missing("sections");
    }
    let ids: Vec<String> = known.into_iter().flatten().map(|section| section.id.clone()).collect();
    for (index, section) in sections.iter().enumerate() {
        let before: Vec<&String> = sections[..index].iter().map(|before| &before.value).collect();
        no_second(table, What::Section, std::slice::from_ref(section), &before);
        if known.is_some() && !ids.contains(&section.value) {
            let (found, known) = (section.value.clone(), ids.clone());
            let fault = TomlFault::Unknown { what: What::Section, found, known };
            table.fault(section.offset, fault);
        }
    }
    sections
}

/// Notes each of `names` that is `taken` already.
fn no_second(table: &Table<'_>, what: What, names: &[At<String>], taken: &[&String]) {
    for At { value, offset } in names {
        if taken.contains(&value) {
            table.fault(*offset, TomlFault::Duplicate { what, id: value.clone() });
        }
    }
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
