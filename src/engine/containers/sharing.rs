//! The learner's files inside a tool's container: at the same paths, and with the same owner.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use rustix::process::{getgid, getuid};

/// Folders that an image of Kafka cannot do without, nor anything in them; its volumes too, whose
/// places Docker would make on this machine.
const OF_THE_IMAGE: [&str; 15] = [
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/mnt/shared",
    "/opt/java",
    "/opt/kafka",
    "/proc",
    "/run",
    "/sbin",
    "/sys",
    "/usr",
    "/var/lib/kafka",
];

/// Shares the folder that the command is run in, the `workspaces`, and the folders of files that
/// the arguments name: nothing else of this machine.
pub(super) fn share(command: &mut Command, workspaces: &Path, arguments: &[OsString]) {
    // What a tool writes belongs to the learner.
    command.args(["--user", &format!("{}:{}", getuid().as_raw(), getgid().as_raw())]);
    let here = std::env::current_dir().ok();
    let mut folders: BTreeSet<PathBuf> = BTreeSet::from([workspaces.to_owned()]);
    if let Some(here) = &here {
        folders.insert(here.clone());
        folders.extend(arguments.iter().flat_map(|argument| folders_of(argument, here)));
    }
    for folder in folders.iter().filter(|folder| can_be_shared(folder)) {
        command.arg("--mount").arg(mount(folder));
    }
    if let Some(here) = here {
        command.arg("--workdir").arg(here);
    }
}

/// The folders of a file that an argument names, be it there already or to be written: the one that
/// is written (`/tmp` of `--output=/tmp/plan.json`) and the one that links lead to.
fn folders_of(argument: &OsStr, here: &Path) -> Vec<PathBuf> {
    let Some(text) = argument.to_str() else { return Vec::new() };
    let value = text.strip_prefix("--").and_then(|option| Some(option.split_once('=')?.1));
    let path = without_dots(&here.join(value.unwrap_or(text)));
    let real = fs::canonicalize(&path).ok();
    if real.is_none() && !Path::new(value.unwrap_or(text)).is_absolute() {
        return Vec::new();
    }
    let folder_of = |path: PathBuf| {
        if path.is_dir() { Some(path) } else { path.parent().map(Path::to_owned) }
    };
    [Some(path), real].into_iter().flatten().filter_map(folder_of).collect()
}

/// `/a/c` for `/a/./b/../c`, as the container will read it: the path's text, not its links.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
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
        for folder in
            ["/", "/etc", "/etc/kafka", "/opt", "/opt/kafka/bin", "/mnt", "/var", "relative"]
        {
            assert!(!can_be_shared(Path::new(folder)), "{folder}");
        }
        let folder = tempfile::tempdir().unwrap();
        assert!(can_be_shared(folder.path()));
        assert!(!can_be_shared(&folder.path().join("missing")));
    }

    #[test]
    fn a_folder_is_shared_when_an_argument_names_a_file_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let base = fs::canonicalize(folder.path()).unwrap();
        let (here, beside) = (base.join("here"), base.join("beside"));
        fs::create_dir(&here).unwrap();
        fs::create_dir(&beside).unwrap();
        fs::write(beside.join("plan.json"), "").unwrap();
        std::os::unix::fs::symlink(beside.join("plan.json"), here.join("link")).unwrap();
        let folders = |argument: &str| folders_of(OsStr::new(argument), &here);
        let absolute = beside.join("to-be-written.json").display().to_string();
        let option = format!("--output={absolute}");
        for argument in [absolute.as_str(), &option, "../beside/plan.json"] {
            assert!(folders(argument).contains(&beside), "{argument}: {:?}", folders(argument));
        }
        assert_eq!(
            folders("link"),
            [here.clone(), beside.clone()],
            "the link and what it leads to"
        );
        for argument in ["plan.json", "--topic", "a=/tmp", "localhost:9092"] {
            assert!(folders(argument).is_empty(), "{argument}: {:?}", folders(argument));
        }
    }

    #[test]
    fn a_path_with_commas_and_quotes_can_be_mounted() {
        let words = mount(Path::new("/a,b \"c\""));
        assert_eq!(words, r#"type=bind,"source=/a,b ""c""","target=/a,b ""c""""#);
    }
}
