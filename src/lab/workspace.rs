//! The learner's files of a lab.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Workbook;
use crate::course::Lab;
use crate::problem::Problem;

/// Makes the lab's folder and lays its starter files there, and beside it what all labs share.
/// What the learner has changed stays: a reset renews the cluster, not the program.
pub fn prepare(workbook: &Workbook, lab: &Lab) -> Result<PathBuf, Problem> {
    let folder = folder(workbook, lab)?;
    if !lab.starter.is_empty() {
        lay(&workbook.paths.workspaces(), workbook.course.shared_files())?;
        lay(&folder, &lab.starter)?;
    }
    Ok(folder)
}

/// The lab's folder, which is made if it is not there.
pub fn folder(workbook: &Workbook, lab: &Lab) -> Result<PathBuf, Problem> {
    let folder = workbook.paths.workspace(&lab.id);
    fs::create_dir_all(&folder).map_err(|e| Problem::file(&folder, &e))?;
    Ok(folder)
}

/// Writes the files that are not there.
fn lay(folder: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<(), Problem> {
    for (path, content) in files {
        let target = folder.join(path);
        if !target.exists() {
            write_file(&target, content).map_err(|e| Problem::file(&target, &e))?;
        }
    }
    Ok(())
}

/// Writes a file of the course; one that begins with `#!` can be executed.
pub fn write_file(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content)?;
    if content.starts_with(b"#!") {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
