//! The learner's files inside a tool's container: at the same paths, and with the same owner.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::{getgid, getuid};

/// Folders that an image of Kafka cannot do without, nor anything in them.
const OF_THE_IMAGE: [&str; 13] = [
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/opt/java",
    "/opt/kafka",
    "/proc",
    "/run",
    "/sbin",
    "/sys",
    "/usr",
];

/// Shares the folder that the command is run in, the `workspaces`, and the folders of files that
/// the arguments name: nothing else of this machine.
pub(super) fn share(command: &mut Command, workspaces: &Path, arguments: &[OsString]) {
    // What a tool writes belongs to the learner.
    command.args(["--user", &format!("{}:{}", getuid().as_raw(), getgid().as_raw())]);
    let here = std::env::current_dir().ok();
    let named = arguments.iter().filter_map(|argument| folder_of(argument));
    let folders: BTreeSet<PathBuf> =
        here.iter().cloned().chain([workspaces.to_owned()]).chain(named).collect();
    for folder in folders.iter().filter(|folder| can_be_shared(folder)) {
        command.arg("--mount").arg(mount(folder));
    }
    if let Some(here) = here {
        command.arg("--workdir").arg(here);
    }
}

/// The folder of a file that an argument names in full: `/tmp` for `/tmp/plan.json` and for
/// `--output=/tmp/plan.json`, whether the file is there already or is to be written.
fn folder_of(argument: &OsStr) -> Option<PathBuf> {
    let text = argument.to_str()?;
    let value = text.strip_prefix("--").and_then(|option| Some(option.split_once('=')?.1));
    let path = Path::new(value.unwrap_or(text));
    if !path.is_absolute() {
        return None;
    }
    if path.is_dir() { Some(path.to_owned()) } else { path.parent().map(Path::to_owned) }
}

/// Whether a folder can lie inside at its own path without hiding what the image needs.
fn can_be_shared(folder: &Path) -> bool {
    let hides = |own: &&str| folder.starts_with(own) || Path::new(own).starts_with(folder);
    folder.is_absolute() && folder.is_dir() && !OF_THE_IMAGE.iter().any(hides)
}

/// `--mount` takes comma-separated values (RFC 4180): quoted, any path can stand in them.
fn mount(folder: &Path) -> OsString {
    let path = folder.to_string_lossy().replace('"', "\"\"");
    OsString::from(format!("type=bind,\"source={path}\",\"target={path}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_image_needs_is_never_hidden() {
        for folder in ["/", "/etc", "/etc/kafka", "/opt", "/opt/kafka/bin", "/usr", "relative"] {
            assert!(!can_be_shared(Path::new(folder)), "{folder}");
        }
        let folder = tempfile::tempdir().unwrap();
        assert!(can_be_shared(folder.path()));
        assert!(!can_be_shared(&folder.path().join("missing")));
    }

    #[test]
    fn a_folder_is_shared_when_an_argument_names_a_file_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("to-be-written.json");
        let option = format!("--output={}", file.display());
        for argument in [folder.path().as_os_str(), file.as_os_str(), OsStr::new(&option)] {
            assert_eq!(folder_of(argument).as_deref(), Some(folder.path()), "{argument:?}");
        }
        for argument in ["plan.json", "--topic", "a=/tmp", "localhost:9092", ""] {
            assert_eq!(folder_of(OsStr::new(argument)), None, "{argument}");
        }
    }

    #[test]
    fn a_path_with_commas_and_quotes_can_be_mounted() {
        let words = mount(Path::new("/a,b \"c\""));
        assert_eq!(words, r#"type=bind,"source=/a,b ""c""","target=/a,b ""c""""#);
    }
}
