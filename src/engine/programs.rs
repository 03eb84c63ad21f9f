//! Programs of the machine.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

/// The program `name` on PATH, absolute. Empty parts of PATH (the current directory) do not count.
pub fn find_program(name: &str) -> Option<PathBuf> {
    find_in(&env::var_os("PATH")?, name)
}

/// Whether a process of this number lives, whoever it belongs to.
pub fn is_alive(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    // One of another user's takes no signal from here.
    pid.is_some_and(|pid| test_kill_process(pid) != Err(Errno::SRCH))
}

fn find_in(path: &OsStr, name: &str) -> Option<PathBuf> {
    env::split_paths(path)
        .filter(|folder| !folder.as_os_str().is_empty())
        .map(|folder| folder.join(name))
        .find(|program| is_executable(program))
        .and_then(|program| std::path::absolute(program).ok())
}

fn is_executable(program: &Path) -> bool {
    fs::metadata(program).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_first_executable_of_that_name_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let [plain, directory, first, second] =
            ["plain", "directory", "first", "second"].map(|name| folder.path().join(name));
        fs::create_dir_all(directory.join("mvn")).unwrap();
        for (place, mode) in [(&plain, 0o644), (&first, 0o755), (&second, 0o755)] {
            fs::create_dir(place).unwrap();
            fs::write(place.join("mvn"), "").unwrap();
            fs::set_permissions(place.join("mvn"), fs::Permissions::from_mode(mode)).unwrap();
        }
        let path = env::join_paths([&plain, &directory, &first, &second]).unwrap();
        assert_eq!(find_in(&path, "mvn"), Some(first.join("mvn")));
        assert_eq!(find_in(&path, "mvn2"), None);
        assert_eq!(find_in(OsStr::new("::"), "Cargo.toml"), None);
    }

    #[test]
    fn a_process_that_was_waited_for_lives_no_more() {
        let mut child = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        assert!(is_alive(child.id()) && is_alive(1));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!is_alive(child.id()) && !is_alive(0) && !is_alive(u32::MAX));
    }

    #[test]
    fn a_program_is_found_on_path() {
        assert!(find_program("sh").unwrap().is_absolute());
        assert_eq!(find_program("no-such-program-anywhere"), None);
    }
}
