//! Reads the folder of one lab.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread;

use super::attempt_file;
use super::blocks::{Block, blocks, script};
use super::doc::Doc;
use super::fault::{CourseError, FileFault};
use super::lab::Lab;
use super::lab_file::{self, LabFile};
use super::needs;
use super::source::{Files, is_litter, relative};
use super::texts::Texts;

/// Labs for which another thread is worth its start: about a millisecond's work.
const LEAST_SHARE: usize = 8;

/// Every lab of the course, in the order of their folders' names.
///
/// On several threads: eighty labs with a thousand attempts take one core 12 ms, at every start.
pub(super) fn read_all(
    files: &Files,
    environments: &[String],
    errors: &mut Vec<CourseError>,
) -> Vec<Lab> {
    let named = files.below("labs/").filter_map(|(path, _)| Some(path.split_once('/')?.0));
    let folders: BTreeSet<&str> = named.filter(|name| !name.starts_with('.')).collect();
    let folders: Vec<&str> = folders.into_iter().collect();
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let share = folders.len().div_ceil(workers).max(LEAST_SHARE);
    let read = |share: &[&str]| read_share(files, share, environments);
    let shares = thread::scope(|scope| {
        let workers: Vec<_> =
            folders.chunks(share).map(|share| scope.spawn(move || read(share))).collect();
        let join = |worker: thread::ScopedJoinHandle<'_, _>| {
            worker.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        workers.into_iter().map(join).collect::<Vec<_>>()
    });
    let mut labs = Vec::with_capacity(folders.len());
    for (share, faults) in shares {
        labs.extend(share);
        errors.extend(faults);
    }
    labs
}

fn read_share(
    files: &Files,
    folders: &[&str],
    environments: &[String],
) -> (Vec<Lab>, Vec<CourseError>) {
    let mut errors = Vec::new();
    let read = |folder: &&str| read_one(files, folder, environments, &mut errors);
    let labs = folders.iter().filter_map(read).collect();
    (labs, errors)
}

fn read_one(
    files: &Files,
    name: &str,
    environments: &[String],
    errors: &mut Vec<CourseError>,
) -> Option<Lab> {
    let folder = format!("labs/{name}/");
    unknown_files(files, &folder, errors);
    let texts = Texts::read(files, &folder, errors);
    let file = lab_file(files, &folder, name, environments, errors)?;
    let hints = hints_script(&file, &texts);
    let attempts = attempt_file::read_all(files, &folder, &file.checks, hints.as_bytes(), errors);
    Some(Lab {
        id: file.id,
        folder: name.to_owned(),
        minutes: file.minutes,
        environment: file.environment,
        cluster: file.cluster,
        seed: file.seed,
        values: file.values,
        program: file.program,
        fields: file.fields,
        checks: file.checks,
        texts,
        attempts,
        starter: starter(files, &folder),
        places: file.places,
    })
}

fn lab_file(
    files: &Files,
    folder: &str,
    name: &str,
    environments: &[String],
    errors: &mut Vec<CourseError>,
) -> Option<LabFile> {
    match Doc::open(files, &format!("{folder}lab.toml")) {
        Ok(doc) => {
            let file = lab_file::read(&doc, name, environments);
            errors.extend(doc.into_errors());
            file
        }
        Err(error) => {
            errors.push(error);
            None
        }
    }
}

/// The third-tier hints of all checks as one script, in an order that their needs allow.
fn hints_script(file: &LabFile, texts: &Texts) -> String {
    let hints = needs::in_order(&file.checks);
    let found: Vec<Block> = hints
        .into_iter()
        .flat_map(|check| blocks(&texts.hint(&check.id, 3).en).into_iter().flatten())
        .collect();
    script(&found)
}

fn starter(files: &Files, folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let below = format!("{folder}starter/");
    let kept = files.below(&below).filter(|(path, _)| !is_litter(path));
    kept.map(|(path, bytes)| (relative(path), bytes.to_vec())).collect()
}

/// The files in `labs/` that belong to no lab.
pub(super) fn shared_files(files: &Files) -> Vec<(PathBuf, Vec<u8>)> {
    let shared = files.below("labs/").filter(|(path, _)| !path.contains('/') && !is_litter(path));
    shared.map(|(path, bytes)| (relative(path), bytes.to_vec())).collect()
}

/// A file that is read by nothing is a misspelt one.
fn unknown_files(files: &Files, folder: &str, errors: &mut Vec<CourseError>) {
    for (path, _) in files.below(folder) {
        let known = matches!(path, "lab.toml" | "task.en.md" | "task.zh.md")
            || path.starts_with("starter/")
            || path.strip_prefix("attempts/").is_some_and(|below| below.contains('/'));
        if !known && !is_litter(path) {
            let place = files.place(&format!("{folder}{path}"));
            errors.push(CourseError::new(place, FileFault::Unknown));
        }
    }
}
