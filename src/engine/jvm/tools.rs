//! Kafka's CLI tools as JVMs of this machine.

use std::path::Path;
use std::process::Command;

use super::distribution::Distribution;
use super::java::Java;
use super::launch::{ClassArchive, jvm};
use super::logging;

/// A tool's JVM in the environment below `folder`; its arguments are to be added.
pub fn command(
    folder: &Path,
    class: &str,
    runtime: (&Java, &Distribution),
    archive: ClassArchive<'_>,
) -> Command {
    let mut command = jvm(folder, runtime, archive);
    command
        .arg("-Xmx256m")
        .arg(runtime.1.log_backend().option(&logging::of_tools(folder)))
        .arg(class);
    command
}
