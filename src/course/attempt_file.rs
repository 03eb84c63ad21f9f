//! Reads the folders of `attempts/`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::grade::spec::CheckSpec;

use super::attempt::{Attempt, AttemptKind, Expected, Stated, Word};
use super::doc::Doc;
use super::fault::{CourseError, FileFault, LabFault, TomlFault, What};
use super::place::Position;
use super::source::{Files, is_litter, relative};
use super::table::{Table, parse};

const ENGINES: [(&str, ()); 3] = [("jvm", ()), ("containers", ()), ("attach", ())];
/// Wide enough for any check; whether the points are the check's is a rule of `course check`.
const MOST_POINTS: u32 = 1000;

/// Every attempt of the lab in `folder`, a path that ends in `/`. `hints` is the script made of the
/// third-tier hints.
pub(super) fn read_all(
    files: &Files,
    folder: &str,
    checks: &[CheckSpec],
    hints: &[u8],
    errors: &mut Vec<CourseError>,
) -> Vec<Attempt> {
    let below = format!("{folder}attempts/");
    let names: BTreeSet<&str> = files
        .below(&below)
        .filter_map(|(path, _)| Some(path.split_once('/')?.0))
        .filter(|name| !is_litter(name))
        .collect();
    names
        .into_iter()
        .filter_map(|name| read_one(files, &format!("{below}{name}/"), name, checks, hints, errors))
        .collect()
}

fn read_one(
    files: &Files,
    folder: &str,
    name: &str,
    checks: &[CheckSpec],
    hints: &[u8],
    errors: &mut Vec<CourseError>,
) -> Option<Attempt> {
    let doc = match Doc::open(files, &format!("{folder}attempt.toml")) {
        Ok(doc) => doc,
        Err(error) => {
            errors.push(error);
            return None;
        }
    };
    let statement = read_statement(&doc, checks);
    let file = doc.file().clone();
    errors.extend(doc.into_errors());
    let statement = statement?;
    let script = script(files, folder, statement.kind, hints, errors);
    Some(Attempt {
        name: name.to_owned(),
        kind: statement.kind,
        tools: statement.tools,
        script,
        files: further_files(files, folder),
        base: statement.base,
        on: statement.on,
        file,
    })
}

struct Statement {
    kind: AttemptKind,
    tools: Vec<String>,
    base: BTreeMap<String, Stated>,
    on: BTreeMap<String, BTreeMap<String, Stated>>,
}

fn read_statement(doc: &Doc<'_>, checks: &[CheckSpec]) -> Option<Statement> {
    let parsed = parse(doc)?;
    let mut table = Table::root(doc, &parsed)?;
    let kind = table.word("kind", What::AttemptKind, &AttemptKind::NAMES);
    let tools = table.texts("tools").into_iter().map(|tool| tool.value).collect();
    let base = table.table("checks").map(|table| stated(doc, table, checks));
    let on = table.table("on").map(|table| engines(doc, table, checks)).unwrap_or_default();
    match &base {
        None => table.missing("checks"),
        Some(base) if !doc.has_faults() => {
            for check in checks.iter().filter(|check| !base.contains_key(&check.id)) {
                doc.fault(0, LabFault::CheckNotStated { check: check.id.clone() });
            }
        }
        Some(_) => {}
    }
    table.finish();
    Some(Statement { kind: kind?.value, tools, base: base?, on })
}

fn engines(
    doc: &Doc<'_>,
    table: Table<'_>,
    checks: &[CheckSpec],
) -> BTreeMap<String, BTreeMap<String, Stated>> {
    let mut engines = BTreeMap::new();
    for (engine, at) in table.named() {
        let mut table = at.value;
        if !ENGINES.iter().any(|(name, ())| *name == engine) {
            let known = ENGINES.iter().map(|(name, ())| (*name).to_owned()).collect();
            let fault = TomlFault::Unknown { what: What::Engine, found: engine, known };
            doc.fault(at.offset, fault);
            continue;
        }
        let on_engine = table.table("checks").map(|table| stated(doc, table, checks));
        if on_engine.is_none() {
            table.missing("checks");
        }
        table.finish();
        engines.insert(engine, on_engine.unwrap_or_default());
    }
    engines
}

fn stated(doc: &Doc<'_>, table: Table<'_>, checks: &[CheckSpec]) -> BTreeMap<String, Stated> {
    let mut all = BTreeMap::new();
    for (id, at) in table.named() {
        if !checks.iter().any(|check| check.id == id) {
            let known = checks.iter().map(|check| check.id.clone()).collect();
            doc.fault(at.offset, TomlFault::Unknown { what: What::Check, found: id, known });
        } else if let Some(expected) = expected(at.value) {
            all.insert(id, Stated { expected, place: doc.place(at.offset) });
        }
    }
    all
}

fn expected(mut table: Table<'_>) -> Option<Expected> {
    let verdict = table.word("verdict", What::Verdict, &Word::NAMES);
    let points = table.number("points", 0..=MOST_POINTS);
    let mistake = table.optional_text("mistake");
    if let (Some(verdict), Some(mistake)) = (&verdict, &mistake)
        && verdict.value != Word::Failed
    {
        let fault = LabFault::MistakeWithoutFailure { verdict: verdict.value.word() };
        table.fault(mistake.offset, fault);
    }
    table.finish();
    Some(Expected {
        verdict: verdict?.value,
        points: points?.value,
        mistake: mistake.map(|mistake| mistake.value),
    })
}

/// The script of an attempt of this kind, from the file `run` or from the hints.
fn script(
    files: &Files,
    folder: &str,
    kind: AttemptKind,
    hints: &[u8],
    errors: &mut Vec<CourseError>,
) -> Option<Vec<u8>> {
    let path = format!("{folder}run");
    let run = files.get(&path);
    let place = files.place(&path);
    match (kind, run) {
        (AttemptKind::Hints, None) => return Some(hints.to_vec()),
        (AttemptKind::Untouched | AttemptKind::Starter, None) => return None,
        (AttemptKind::Hints | AttemptKind::Untouched, Some(_)) => {
            errors.push(CourseError::new(place, FileFault::ScriptUnexpected));
        }
        (_, None) => errors.push(CourseError::new(place, FileFault::ScriptMissing)),
        (_, Some(script)) if !script.starts_with(b"#!") => {
            let start = place.at(Position { line: 1, column: 1 });
            errors.push(CourseError::new(start, FileFault::ScriptWithoutInterpreter));
        }
        (_, Some(_)) => {}
    }
    run.map(<[u8]>::to_vec)
}

fn further_files(files: &Files, folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
    files
        .below(folder)
        .filter(|(path, _)| !matches!(*path, "attempt.toml" | "run") && !is_litter(path))
        .map(|(path, bytes)| (relative(path), bytes.to_vec()))
        .collect()
}
