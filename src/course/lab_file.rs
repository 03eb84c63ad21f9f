//! Reads lab.toml.

use std::collections::BTreeMap;

use crate::grade::spec::{CheckKind, CheckSpec};

use super::doc::Doc;
use super::fault::{Fault, LabFault, TomlFault, What};
use super::issued::{self, Value};
use super::kinds::{self, Around};
use super::lab::{Cluster, Field, FieldType, Places, Seed};
use super::needs;
use super::params::Params;
use super::place::Place;
use super::program::{self, ProgramStep};
use super::setting::{environment, seed};
use super::table::{At, Table, parse};

/// More than any lab is worth; keeps sums far from overflow.
const MOST_POINTS: u32 = 1000;

/// What lab.toml says.
#[derive(Debug)]
pub(super) struct LabFile {
    pub id: String,
    pub minutes: u32,
    pub environment: String,
    pub cluster: Cluster,
    pub seed: Seed,
    pub values: Vec<Value>,
    pub program: Vec<ProgramStep>,
    pub fields: Vec<Field>,
    pub checks: Vec<CheckSpec>,
    pub places: Places,
}

/// Reads the file; none if something in it is wrong, which is then noted in `doc`.
pub(super) fn read(doc: &Doc<'_>, folder: &str, environments: &[String]) -> Option<LabFile> {
    let parsed = parse(doc)?;
    let mut table = Table::root(doc, &parsed)?;
    let id = lab_id(&mut table, folder);
    let minutes = table.number("minutes", 1..=240);
    let environment = environment(&mut table, environments);
    let cluster = table.word_or("cluster", What::Cluster, &Cluster::NAMES, Cluster::Workbook);
    let seed = seed(&mut table);
    let values = issued::values(&mut table);
    let program = program::steps(&mut table);
    let fields = fields(&mut table);
    let checks = checks(&mut table);
    table.finish();
    // What was left out for a fault would only look missing to what refers to it.
    if !doc.has_faults() {
        let fields: Vec<Field> = fields.iter().map(|field| field.value.clone()).collect();
        judge(doc, &checks, Around { seed: &seed, values: &values, fields: &fields });
    }
    if doc.has_faults() {
        return None;
    }
    let id = id?;
    Some(LabFile {
        places: Places {
            id: doc.place(id.offset),
            checks: places(doc, checks.iter().map(|check| (&check.spec.id, check.id))),
            fields: places(doc, fields.iter().map(|field| (&field.value.id, field.offset))),
        },
        id: id.value,
        minutes: minutes?.value,
        environment: environment?,
        cluster: cluster?,
        seed,
        values,
        program,
        fields: fields.into_iter().map(|field| field.value).collect(),
        checks: checks.into_iter().map(|check| check.spec).collect(),
    })
}

fn places<'a>(
    doc: &Doc<'_>,
    ids: impl Iterator<Item = (&'a String, usize)>,
) -> BTreeMap<String, Place> {
    ids.map(|(id, offset)| (id.clone(), doc.place(offset))).collect()
}

fn lab_id(table: &mut Table<'_>, folder: &str) -> Option<At<String>> {
    let id = table.text("id")?;
    let fault: Fault = if !super::table::is_id(&id.value.to_ascii_lowercase()) {
        TomlFault::BadId { found: id.value }.into()
    } else if folder.strip_prefix(&id.value).is_none_or(|rest| !rest.starts_with('-')) {
        LabFault::FolderName { id: id.value }.into()
    } else {
        return Some(id);
    };
    table.fault(id.offset, fault);
    None
}

fn fields(table: &mut Table<'_>) -> Vec<At<Field>> {
    let mut fields: Vec<At<Field>> = Vec::new();
    for mut entry in table.tables("fields") {
        let Some(field) = field(&mut entry) else { continue };
        if fields.iter().any(|other| other.value.id == field.value.id) {
            let id = field.value.id.clone();
            entry.fault(field.offset, TomlFault::Duplicate { what: What::Field, id });
        }
        entry.finish();
        fields.push(field);
    }
    fields
}

fn field(table: &mut Table<'_>) -> Option<At<Field>> {
    let id = table.id("id");
    let kind = table.word("type", What::FieldType, &FieldType::NAMES);
    let example = table.optional_text("example");
    let choices: Vec<String> = table.texts("choices").into_iter().map(|at| at.value).collect();
    let (id, kind) = (id?, kind?);
    match (kind.value, choices.len()) {
        (FieldType::Enum, 0 | 1) => table.fault(kind.offset, LabFault::ChoicesMissing),
        (FieldType::Text, 1..) => table.fault(kind.offset, LabFault::ChoicesUnused),
        _ => {}
    }
    if let Some(At { value, offset }) = &example
        && kind.value == FieldType::Enum
        && !choices.contains(value)
    {
        table.fault(*offset, LabFault::ExampleNoChoice { example: value.clone() });
    }
    let example = example.map(|at| at.value);
    let field = Field { id: id.value, kind: kind.value, example, choices };
    Some(At { value: field, offset: id.offset })
}

/// A check with the places of what can be wrong with it later.
struct Check {
    spec: CheckSpec,
    id: usize,
    needs: Vec<usize>,
    parameters: BTreeMap<String, usize>,
}

fn checks(table: &mut Table<'_>) -> Vec<Check> {
    let entries = table.tables("checks");
    if entries.is_empty() && !table.has("checks") {
        table.missing("checks");
    }
    let mut checks: Vec<Check> = Vec::new();
    for mut entry in entries {
        let Some(check) = check(&mut entry) else { continue };
        if checks.iter().any(|other| other.spec.id == check.spec.id) {
            let id = check.spec.id.clone();
            entry.fault(check.id, TomlFault::Duplicate { what: What::Check, id });
        }
        checks.push(check);
    }
    checks
}

fn check(table: &mut Table<'_>) -> Option<Check> {
    let id = table.id("id");
    let points = table.number("points", 1..=MOST_POINTS);
    let needs = table.texts("needs");
    let kind = table.text("kind");
    let parameters =
        table.rest().map(|(key, value)| (key.to_string(), value.span().start)).collect();
    let kind = kind_of(table, kind?);
    let id = id?;
    Some(Check {
        id: id.offset,
        needs: needs.iter().map(|need| need.offset).collect(),
        parameters,
        spec: CheckSpec {
            id: id.value,
            points: points?.value,
            needs: needs.into_iter().map(|need| need.value).collect(),
            kind: kind?,
        },
    })
}

fn kind_of(table: &Table<'_>, name: At<String>) -> Option<CheckKind> {
    match kinds::read(&name.value, Params::new(table.rest().collect())) {
        Some(Ok(kind)) => return Some(kind),
        Some(Err(error)) => table.fault(error.offset.unwrap_or(table.offset()), error.fault),
        None => {
            let known = kinds::NAMES.iter().map(|&name| name.to_owned()).collect();
            let fault = TomlFault::Unknown { what: What::CheckKind, found: name.value, known };
            table.fault(name.offset, fault);
        }
    }
    None
}

/// Notes what is wrong between the checks and what is around them.
fn judge(doc: &Doc<'_>, checks: &[Check], around: Around<'_>) {
    let specs: Vec<&CheckSpec> = checks.iter().map(|check| &check.spec).collect();
    for check in checks {
        for (need, offset) in check.spec.needs.iter().zip(&check.needs) {
            judge_need(doc, &specs, &check.spec.id, need, *offset);
        }
        for (key, fault) in kinds::faults(&check.spec.kind, around) {
            doc.fault(check.parameters.get(key).copied().unwrap_or(check.id), fault);
        }
    }
    if let Some(ring) = needs::ring(&specs) {
        let first = checks.iter().find(|check| ring.first() == Some(&check.spec.id));
        let offset = first.map_or(0, |check| check.needs.first().copied().unwrap_or(check.id));
        doc.fault(offset, LabFault::NeedsCycle { ring });
    }
}

fn judge_need(doc: &Doc<'_>, specs: &[&CheckSpec], id: &str, need: &str, offset: usize) {
    if !specs.iter().any(|spec| spec.id == need) {
        let others = specs.iter().filter(|spec| spec.id != id);
        let known = others.map(|spec| spec.id.clone()).collect();
        let fault = TomlFault::Unknown { what: What::Need, found: need.to_owned(), known };
        doc.fault(offset, fault);
    }
}
