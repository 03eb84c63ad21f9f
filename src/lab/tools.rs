//! Puts Kafka's CLI tools on the lab shell's PATH.
//!
//! Each is a link to this program, which looks at the name it was called by and becomes the tool
//! of the cluster that runs: the same names on every engine, and Ctrl-C reaches the tool itself.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

use super::Workbook;
use crate::engine::Tool;
use crate::engine::choose::engine_of;
use crate::engine::store;
use crate::engine::tools;
use crate::paths::Paths;
use crate::problem::Problem;

/// This program's own name, for lines such as `kafka-workbook lab answer …`.
pub const SELF: &str = "kafka-workbook";

/// Makes the links that are not there or lead elsewhere.
pub fn install(workbook: &Workbook) -> Result<(), Problem> {
    let Some(program) = &workbook.program else { return Ok(()) };
    let folder = workbook.paths.tools();
    fs::create_dir_all(&folder).map_err(|e| Problem::file(&folder, &e))?;
    let scripts = tools::names().flat_map(|name| [name.to_owned(), format!("{name}.sh")]);
    for name in scripts.chain([SELF.to_owned()]) {
        let link = folder.join(name);
        link_to(program, &link).map_err(|e| Problem::file(&link, &e))?;
    }
    Ok(())
}

fn link_to(program: &Path, link: &Path) -> io::Result<()> {
    if fs::read_link(link).is_ok_and(|target| target == program) {
        return Ok(());
    }
    match fs::remove_file(link) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    std::os::unix::fs::symlink(program, link)
}

/// Whether a program of this name is one of Kafka's tools.
pub fn is_tool(name: &str) -> bool {
    tools::is_tool(name)
}

/// The tool `name` with its arguments, ready to be executed against the cluster that this home
/// runs.
pub async fn tool(paths: &Paths, name: &str, arguments: &[OsString]) -> Result<Tool, Problem> {
    let cluster = store::running(paths)?;
    engine_of(cluster.engine, paths, None)?.tool(&cluster, name, arguments).await
}
