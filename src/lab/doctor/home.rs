//! Whether home and cache can be written.

use std::io;
use std::path::Path;

use rustix::fs::{Access, access};

use super::{Finding, Level, Subject};
use crate::paths::Paths;
use crate::phrase::Phrase;
use crate::problem::Problem;

/// What there is to say, where a cache that cannot be written is this bad.
pub fn findings(paths: &Paths, of_cache: Level) -> Vec<Finding> {
    let of_home = of_home(paths).err().map(|problem| (Level::Problem, problem));
    let of_cache = for_cache(paths).err().map(|problem| (of_cache, problem));
    [
        ("home", "home-not-writable", Subject::Home, paths.home(), of_home),
        ("cache", "cache-not-writable", Subject::Cache, paths.cache(), of_cache),
    ]
    .map(|(ok, id, subject, path, problem)| match problem {
        None => Finding::ok(ok, subject, text::writable(path)),
        Some((level, Problem { message, hint, .. })) => {
            Finding::lack((id, level), subject, (message, hint))
        }
    })
    .into()
}

fn of_home(paths: &Paths) -> Result<(), Problem> {
    let folders =
        [paths.home().to_owned(), paths.environments(), paths.workspaces(), paths.tools()];
    let files = [paths.progress_log(), paths.environment_lock(), paths.containers_lock()];
    folders.iter().try_for_each(|folder| writable(folder, FOLDER))?;
    files.iter().try_for_each(|file| writable(file, FILE))
}

/// Sees that the cache can be written.
pub fn for_cache(paths: &Paths) -> Result<(), Problem> {
    writable(paths.cache(), FOLDER)?;
    let parts = ["kafka", "golden", "archives"].map(|name| paths.cache().join(name));
    parts.iter().try_for_each(|part| writable(part, FOLDER))
}

/// What may be done in a folder that files are made in.
const FOLDER: Access = Access::WRITE_OK.union(Access::EXEC_OK);

/// What may be done with a file that is added to.
const FILE: Access = Access::WRITE_OK;

/// Sees that `place`, or the folder that it would be made in, can be written: access(2), which
/// writes nothing.
fn writable(place: &Path, needed: Access) -> Result<(), Problem> {
    let is_there = |path: &&Path| path.symlink_metadata().is_ok();
    let there = place.ancestors().find(is_there).unwrap_or(place);
    let needed = if there == place { needed } else { FOLDER };
    if needed == FOLDER && !there.is_dir() {
        return Err(Problem::file(place, &io::ErrorKind::NotADirectory.into()));
    }
    access(there, needed).map_err(|e| Problem::file(there, &e.into()))
}

mod text {
    use super::{Path, Phrase};
    use crate::phrase;

    pub fn writable(path: &Path) -> Phrase {
        let path = path.display();
        phrase!("{path} can be written", "{path} 可写")
    }
}
