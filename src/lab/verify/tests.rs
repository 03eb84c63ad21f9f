//! What the gate selects, and what it says of a block, without a cluster.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::Selection;
use super::lesson::{ended_early, judge, promises};
use super::session;
use crate::course::{Course, Mark, Source, blocks};

const LIMIT: Duration = Duration::from_secs(30);

/// A course of two days, each with this lesson in both languages.
fn course(folder: &Path, lesson: &str) -> Course {
    let days = "schema = 1\nid = \"a\"\n[[days]]\nnumber = 1\n[[days]]\nnumber = 2\n";
    let texts = "# title\nA\n# day 1\nB\n# day 2\nC\n";
    let setting = "schema = 1\nenvironment = \"none\"\n";
    for (path, text) in [
        ("lessons/course.toml", days),
        ("lessons/course.en.md", texts),
        ("lessons/course.zh.md", texts),
        ("lessons/day-01/lesson.toml", setting),
        ("lessons/day-01/en.md", lesson),
        ("lessons/day-01/zh.md", lesson),
        ("lessons/day-02/lesson.toml", setting),
        ("lessons/day-02/en.md", lesson),
        ("lessons/day-02/zh.md", lesson),
        ("compose/none.yaml", "services: {}\n"),
    ] {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    Course::load(&Source::Dir(folder.to_owned())).unwrap()
}

/// What the gate says of the only block of a lesson, and whether it goes on after it. The block's
/// first line is the fourth of the file.
fn judged(mark: &str, block: &str) -> (Vec<String>, bool) {
    let folder = TempDir::new().unwrap();
    let course = course(folder.path(), &format!("# A {{#a}}\n\n```console {mark}\n{block}```\n"));
    let section = &course.lesson(1).unwrap().sections[0];
    let block = blocks(&section.body.en).remove(0).unwrap();
    let Mark::Run { exit } = block.mark else { panic!("{block:?}") };
    let values = BTreeMap::from([("bootstrap".to_owned(), "localhost:1".to_owned())]);
    let commands = promises(&block, exit, &values);
    let bash = Command::new("bash");
    let output = folder.path().join("1");
    let (ran, _shell) = session::run(bash, &commands, &output, LIMIT, &|| false).unwrap();
    let told = judge(section, &block, &values, &commands, &ran);
    let file = format!("{}:", folder.path().join("lessons/day-01/en.md").display());
    let told = told.iter().map(|mismatch| mismatch.to_string().replace(&file, "")).collect();
    (told, !ended_early(&commands, &ran))
}

#[track_caller]
fn tells(mark: &str, block: &str, told: &[&str], goes_on: bool) {
    assert_eq!(
        judged(mark, block),
        (told.iter().map(|line| (*line).to_owned()).collect(), goes_on)
    );
}

#[test]
fn a_block_that_prints_what_it_shows_holds() {
    tells("run", "$ echo {bootstrap}\nlocalhost:1\n\n$ true\n", &[], true);
    tells("run", "$ echo localhost:1\n{bootstrap}\n", &[], true);
    tells("run exit=3", "$ echo a\na\n$ echo b; exit 3\nb\n", &[], true);
}

#[test]
fn a_line_that_differs_is_told_at_its_place_and_the_lesson_goes_on() {
    tells("run", "$ printf 'a\\nb\\n'\na\nc\n$ true\n", &["6:1: expected `c`, found `b`"], true);
    tells("run", "$ echo \\\n  a\nb\n", &["6:1: expected `b`, found `a`"], true);
    let two = "$ echo a; echo b >&2\nc\n";
    tells("run", two, &["5:1: expected `c`, found `a` and `b`"], true);
    tells("run", "$ true\na\n", &["5:1: expected `a`, found nothing more"], true);
    tells("run", "$ true\n$ echo a\n", &["5:1: expected nothing more, found `a`"], true);
    tells("run", "$ printf 'a\\nb\\n'\na\n", &["5:1: expected nothing more, found `b`"], true);
}

#[test]
fn a_wrong_exit_code_is_told_at_its_command_and_ends_the_lesson() {
    let wrong = "4:1: expected exit code 0, found exit code 7: a | b";
    tells("run", "$ printf 'a\\nb\\n'; (exit 7)\na\n$ echo c\nc\n", &[wrong], false);
    tells("run exit=1", "$ true\n", &["4:1: expected exit code 1, found exit code 0"], false);
}

#[test]
fn a_shell_that_ends_before_its_block_is_told() {
    let ended = "5:1: expected a shell for this command, found that it has ended";
    tells("run", "$ exit\n$ echo a\na\n", &[ended], false);
}

#[test]
fn ids_select_lessons_and_attempts_select_none() {
    let folder = TempDir::new().unwrap();
    let course = course(folder.path(), "# A {#a}\nText.\n");
    let days = |ids: &[&str], attempts: &[&str]| {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let selection = Selection { ids: owned(ids), attempts: owned(attempts) };
        selection.lessons(&course).map(|lesson| lesson.day).collect::<Vec<u32>>()
    };
    assert_eq!(days(&[], &[]), [1, 2]);
    assert_eq!(days(&["Day-02", "D01-4"], &[]), [2]);
    assert_eq!(days(&["D01-4"], &[]), Vec::<u32>::new());
    assert_eq!(days(&["day-01"], &["solution"]), Vec::<u32>::new());
}
