//! Homes and caches that are no folders, or whose paths are awkward.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::symlink;

use tempfile::TempDir;

use crate::program::Home;

#[test]
fn what_stands_in_the_place_of_a_home_is_named() {
    let folder = TempDir::new().unwrap();
    let place = |name: &str| folder.path().join(name);
    fs::write(place("file"), "mine").unwrap();
    symlink("/nonsense/nowhere", place("link")).unwrap();
    for (name, words) in [("file", "is a file"), ("link", "is a link that leads nowhere")] {
        for below in ["", "/deeper"] {
            let home = Home::new().with("KAFKA_WORKBOOK_HOME", place(&format!("{name}{below}")));
            for arguments in [&["env", "up", "kraft-single"][..], &["env", "down", "--all"]] {
                let error = &home.json(arguments, 1)["error"];
                assert_eq!(error["code"], "state-file", "{arguments:?}: {error}");
                let expected = format!("{} {words}", place(name).display());
                let message = error["message"].as_str().unwrap();
                assert!(message.starts_with(&expected), "{arguments:?}: {error}");
                assert!(error["hint"].as_str().unwrap().contains("KAFKA_WORKBOOK_HOME"), "{error}");
            }
        }
    }
    assert_eq!(fs::read_to_string(place("file")).unwrap(), "mine");
}

/// Paths that Java cannot have in a list, and how they are shown.
fn awkward() -> [(OsString, &'static str); 5] {
    [
        ("/tmp/kafka:workbook".into(), "/tmp/kafka:workbook"),
        ("/tmp/kafka,workbook".into(), "/tmp/kafka,workbook"),
        ("/tmp/kafka\nworkbook".into(), "/tmp/kafka\\u{a}workbook"),
        ("/tmp/\u{1b}[31m,".into(), "/tmp/\\u{1b}[31m,"),
        (OsString::from_vec(b"/tmp/kafka\xff".to_vec()), "/tmp/kafka\u{fffd}"),
    ]
}

#[test]
fn a_path_that_java_cannot_have_in_a_list_is_refused_in_one_line() {
    for (path, shown) in awkward() {
        for variable in ["KAFKA_WORKBOOK_HOME", "KAFKA_WORKBOOK_CACHE"] {
            let home = Home::new().with(variable, &path);
            for arguments in [&["list"][..], &["lab", "start", "D01-4"], &[]] {
                let error = &home.json(arguments, 2)["error"];
                assert_eq!(error["code"], "awkward-path", "{error}");
                let message = error["message"].as_str().unwrap();
                assert!(message.starts_with(&format!("{shown} has")), "{error}");
                let ran = home.run(arguments).exits(2);
                let lines = ran.err.lines().filter(|line| line.starts_with("hint: ")).count();
                assert_eq!((ran.out.as_str(), lines), ("", 1), "{}", ran.err);
            }
        }
    }
}
