//! Whatever stands in a file, reading it ends in a course or in errors.

use proptest::prelude::*;

use super::super::check::check;
use super::super::{Course, blocks, substitute};
use super::{
    AT_ONCE, AT_ONCE_TOML, COURSE_TOML, LAB, LAB_TOML, LESSON, LESSON_EN, LESSON_TOML, LESSON_ZH,
    TASK_EN, TASK_ZH, message, refused, with,
};

/// Reads the course with one file replaced, and holds it to the rules if it loads.
fn read(path: &str, text: impl AsRef<[u8]>) {
    match Course::read(&with(path, text)) {
        Ok(course) => drop(check(&course)),
        Err(errors) => assert!(!errors.is_empty()),
    }
}

/// `good` with a piece replaced: close enough to right to get far.
fn bent(good: &'static str) -> impl Strategy<Value = String> {
    let cut = (0..good.len(), 0..40_usize, "\\PC{0,12}|[\\[\\]=\"#.,\n0-9-]{1,8}");
    cut.prop_map(move |(start, length, piece)| {
        let start = good.floor_char_boundary(start);
        let end = good.floor_char_boundary((start + length).min(good.len()));
        format!("{}{piece}{}", &good[..start], &good[end..])
    })
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
        for path in [LAB, AT_ONCE, TASK_EN, TASK_ZH, "lessons/course.toml", "lessons/course.zh.md"] {
            read(path, &bytes);
        }
        for path in [LESSON, LESSON_EN, LESSON_ZH, "lessons/day-02/en.md"] {
            read(path, &bytes);
        }
    }

    #[test]
    fn a_bent_lesson_never_panics(
        toml in bent(LESSON_TOML),
        en in bent(include_str!("lesson.en.md")),
        zh in bent(include_str!("lesson.zh.md")),
    ) {
        read(LESSON, toml);
        read(LESSON_EN, en);
        read(LESSON_ZH, zh);
    }

    #[test]
    fn a_bent_lab_file_never_panics(text in bent(LAB_TOML)) {
        read(LAB, text);
    }

    #[test]
    fn a_bent_attempt_file_never_panics(text in bent(AT_ONCE_TOML)) {
        read(AT_ONCE, text);
    }

    #[test]
    fn a_bent_course_file_never_panics(text in bent(COURSE_TOML)) {
        read("lessons/course.toml", text);
    }

    #[test]
    fn a_bent_task_never_panics(text in bent(include_str!("task.zh.md"))) {
        read(TASK_ZH, text);
    }

    #[test]
    fn arbitrary_markdown_never_panics(
        text in "(# |## |```|~~~|console run|exit=1|\\$ |\n|>|    |- |\\\\|[a-z]|\\PC){0,60}",
    ) {
        drop(blocks(&text));
        read(LESSON_EN, &text);
        read(TASK_EN, text);
    }

    #[test]
    fn nothing_is_filled_in_where_nothing_is_issued(text: String) {
        prop_assert_eq!(substitute(&text, &std::collections::BTreeMap::new()), text);
    }
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    let deep = format!("schema = 1\na = {}", "[".repeat(100_000));
    assert!(refused(&with(LAB, deep))[0].ends_with("toml-syntax"));
    read(TASK_EN, "> ".repeat(20_000));
}

#[test]
fn a_newer_schema_hides_what_this_program_cannot_judge() {
    let newer = LAB_TOML.replace("schema = 1", "schema = 2").replace("minutes", "moons");
    assert_eq!(refused(&with(LAB, &newer)), ["lab.toml:1:10 newer-schema"]);
    let [en, zh, hint, _] = message(&with(LAB, newer));
    assert_eq!(
        en,
        "labs/D01-1-grow/lab.toml:1:10: the file has schema 2, this program reads schemas up to 1"
    );
    assert_eq!(zh, "labs/D01-1-grow/lab.toml:1:10：文件的 schema 是 2，本程序最多读到 1");
    assert_eq!(hint, "update the program");
}
