//! The workspace of a lab whose cluster the learner starts.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::dotenv;
use crate::course::Lab;
use crate::engine::environment::{Environment, images_named_for, names_in};
use crate::engine::files::write_aside;
use crate::lab::{Workbook, workspace};
use crate::paths::Paths;
use crate::problem::Problem;

/// The compose file that the learner finds there.
pub const COMPOSE_FILE: &str = "compose.yaml";

/// What Compose takes for its file where none is named, in its order.
const COMPOSE_FILES: [&str; 4] =
    [COMPOSE_FILE, "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

const DOTENV: &str = ".env";

/// The first line of `.env`.
const HEADING: &str = "# Written by kafka-workbook when the lab starts; docker compose reads it.";

/// The variable that names the Compose project.
const PROJECT: &str = "COMPOSE_PROJECT_NAME";

/// Lays the starter's files there, or the environment's own file where the lab has none of its own;
/// what the learner has changed stays. The ports and images of this attempt go into `.env`.
pub(super) fn prepare(
    workbook: &Workbook,
    lab: &Lab,
    environment: &Environment,
    ports: &BTreeMap<String, String>,
) -> Result<PathBuf, Problem> {
    let folder = workspace::prepare(workbook, lab)?;
    if compose_file(&folder).is_none() {
        let path = folder.join(COMPOSE_FILE);
        write_aside(&path, environment.text.as_bytes()).map_err(|e| Problem::file(&path, &e))?;
    }
    let mut variables = ports.clone();
    variables.insert(PROJECT.to_owned(), project(&workbook.paths, lab));
    variables.extend(images_named_for(&environment.text));
    let path = folder.join(DOTENV);
    let before = match fs::read_to_string(&path) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(Problem::file(&path, &e)),
        read => read.unwrap_or_default(),
    };
    let text = dotenv::with(&before, HEADING, &variables);
    write_aside(&path, text.as_bytes()).map_err(|e| Problem::file(&path, &e))?;
    Ok(folder)
}

/// The Compose project of who starts the workspace's file with Docker: one a lab and home.
pub fn project(paths: &Paths, lab: &Lab) -> String {
    format!("kafka-workbook-{}-{}", lab.id.to_ascii_lowercase(), paths.home_id())
}

/// The compose file of a workspace: the first that Compose itself would take.
fn compose_file(folder: &Path) -> Option<PathBuf> {
    COMPOSE_FILES.iter().map(|name| folder.join(name)).find(|path| path.is_file())
}

/// The same; where there is none, the one that should be there.
pub(super) fn file_of(folder: &Path) -> PathBuf {
    compose_file(folder).unwrap_or_else(|| folder.join(COMPOSE_FILE))
}

/// The compose file in the workspace of a lab; where there is none, the one that should be there.
pub fn own_file(workbook: &Workbook, lab: &Lab) -> Result<PathBuf, Problem> {
    Ok(file_of(&workspace::folder(workbook, lab)?))
}

/// The variables of a compose file as Compose sees them: this process's own come first, then those
/// of `.env` beside the file.
pub(super) fn variables(file: &Path, text: &str) -> BTreeMap<String, String> {
    let folder = file.parent().unwrap_or(file);
    let dotenv = dotenv::read(&fs::read_to_string(folder.join(DOTENV)).unwrap_or_default());
    let value = |name: &String| env::var(name).ok().or_else(|| dotenv.get(name).cloned());
    names_in(text).into_iter().filter_map(|name| Some((name.clone(), value(&name)?))).collect()
}
