//! A workbook beside the learner's own: the same course and cache, a home of its own that goes away.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Workbook, environments};
use crate::engine::programs::is_alive;
use crate::engine::report::Report;
use crate::paths::Paths;
use crate::problem::Problem;

/// How the folder of such a home is called, before the number of the process that made it.
const PREFIX: &str = "kafka-workbook-aside-";

/// A workbook with a home of its own.
#[derive(Debug)]
pub struct Aside {
    /// The workbook; nothing of what it does is the learner's.
    pub workbook: Workbook,
}

impl Aside {
    /// One like the learner's, in the folder for temporary files.
    pub fn of(like: &Workbook) -> Self {
        let home = env::temp_dir().join(format!("{PREFIX}{}", std::process::id()));
        Self { workbook: workbook_at(&home, like) }
    }

    /// Removes its clusters and its home.
    pub async fn remove(self, report: &dyn Report) -> Result<(), Problem> {
        let home = self.workbook.paths.home();
        // Whatever is brought up is written down first.
        if home.exists() {
            environments::down_all(&self.workbook, report).await?;
            // What cannot be removed is in the folder for what may go.
            let _ = fs::remove_dir_all(home);
        }
        Ok(())
    }
}

/// A workbook like another one with a home of its own.
pub fn workbook_at(home: &Path, like: &Workbook) -> Workbook {
    let paths = Paths::at(home, like.paths.cache());
    let course = std::sync::Arc::clone(&like.course);
    Workbook::new(paths, course, like.course_folder.clone(), like.program.clone())
}

/// Homes that were made by processes that live no more.
pub fn left_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_left = |entry: &fs::DirEntry| {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.parse().ok());
        pid.is_some_and(|pid| !is_alive(pid))
    };
    entries.filter(is_left).map(|entry| entry.path()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_home_whose_maker_is_gone_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let alive = format!("{PREFIX}{}", std::process::id());
        for name in [alive.as_str(), "kafka-workbook-aside-419430499", "kafka-workbook-aside-x"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        assert_eq!(left_in(folder.path()), [folder.path().join("kafka-workbook-aside-419430499")]);
    }
}
