//! Broken files, each with the exact place and code of its fault.

use super::{
    AT_ONCE, AT_ONCE_TOML, COURSE_TOML, LAB, LAB_TOML, TASK_EN, TASK_ZH, changed, message, refused,
    with,
};

/// The good file with one piece replaced; the piece has to be there.
fn bent(good: &str, piece: &str, by: &str) -> String {
    assert!(good.contains(piece), "{piece}");
    good.replacen(piece, by, 1)
}

#[track_caller]
fn lab(piece: &str, by: &str, told: &[&str]) {
    assert_eq!(refused(&with(LAB, bent(LAB_TOML, piece, by))), told);
}

#[track_caller]
fn attempt(piece: &str, by: &str, told: &[&str]) {
    assert_eq!(refused(&with(AT_ONCE, bent(AT_ONCE_TOML, piece, by))), told);
}

#[track_caller]
fn course(piece: &str, by: &str, told: &[&str]) {
    assert_eq!(refused(&with("lessons/course.toml", bent(COURSE_TOML, piece, by))), told);
}

#[test]
fn toml_that_does_not_parse_is_told_where_it_breaks() {
    lab("minutes = 15", "minutes = = 15", &["lab.toml:3:11 toml-syntax"]);
    lab("minutes = 15", "minutes = 15\nminutes = 16", &["lab.toml:4:1 toml-syntax"]);
    lab("[[fields]]", "[[fields]", &["lab.toml:11:10 toml-syntax"]);
}

#[test]
fn an_unknown_key_is_told_where_it_stands_with_the_one_that_was_meant() {
    lab("minutes", "minuts", &["lab.toml:1:1 missing-key", "lab.toml:3:1 unknown-key"]);
    let factor = "replication_factor = 1";
    lab(factor, &format!("{factor}\nrecord = 3"), &["lab.toml:10:1 unknown-key"]);
    lab("[[seed.topics]]", "[[seed.topcs]]", &["lab.toml:6:8 unknown-key"]);
}

#[test]
fn a_missing_key_is_told_at_its_table() {
    lab("schema = 1\n", "", &["lab.toml:1:1 missing-key"]);
    lab("points = 2\n", "", &["lab.toml:33:1 missing-key"]);
    lab("type = \"text\"\n", "", &["lab.toml:11:1 missing-key"]);
    lab("name = \"old\"\n", "", &["lab.toml:6:1 missing-key"]);
    lab("created_with = 3\n", "", &["lab.toml:24:1 missing-key"]);
    let checks = &LAB_TOML[LAB_TOML.find("[[checks]]").unwrap()..];
    lab(checks, "", &["lab.toml:1:1 missing-key"]);
}

#[test]
fn a_wrong_type_is_told_at_the_value() {
    lab("minutes = 15", "minutes = \"15\"", &["lab.toml:3:11 wrong-type"]);
    lab("needs = [\"exists\"]", "needs = [\"exists\", 3]", &["lab.toml:27:20 wrong-type"]);
    lab("needs = [\"exists\"]", "needs = \"exists\"", &["lab.toml:27:9 wrong-type"]);
    lab("partitions = 5", "partitions = \"five\"", &["lab.toml:21:14 wrong-type"]);
    lab("topic = \"events\"", "topic = [\"events\"]", &["lab.toml:20:9 wrong-type"]);
    lab("code = 37", "code = 37\nalso = [\"a\", 1]", &["lab.toml:39:14 wrong-type"]);
    lab("[[fields]]", "[fields]", &["lab.toml:11:1 wrong-type"]);
    lab("schema = 1", "schema = 1.0", &["lab.toml:1:10 wrong-type"]);
}

#[test]
fn a_number_out_of_range_is_told_at_the_number() {
    lab("minutes = 15", "minutes = 0", &["lab.toml:3:11 out-of-range"]);
    lab("minutes = 15", "minutes = 241", &["lab.toml:3:11 out-of-range"]);
    lab("minutes = 15", "minutes = -1", &["lab.toml:3:11 out-of-range"]);
    lab("minutes = 15", "minutes = 99999999999999999999", &["lab.toml:3:11 out-of-range"]);
    lab("points = 3", "points = 0", &["lab.toml:18:10 out-of-range"]);
    lab("partitions = 1", "partitions = 0", &["lab.toml:8:14 out-of-range"]);
    lab("partitions = 5", "partitions = 0", &["lab.toml:21:14 out-of-range"]);
    lab("partitions = 5", "partitions = -5", &["lab.toml:21:14 out-of-range"]);
    lab("code = 37", "code = 32768", &["lab.toml:38:8 out-of-range"]);
    lab("schema = 1", "schema = 0", &["lab.toml:1:10 out-of-range"]);
}

#[test]
fn a_parameter_that_its_kind_does_not_have_is_told_at_its_key() {
    lab("partitions = 5", "partitons = 5", &["lab.toml:21:1 unknown-key"]);
    let [en, zh, hint, _] = message(&with(LAB, bent(LAB_TOML, "partitions = 5", "partitons = 5")));
    assert_eq!(en, "labs/D01-1-grow/lab.toml:21:1: the key \"partitons\" is not known here");
    assert_eq!(zh, "labs/D01-1-grow/lab.toml:21:1：这里没有键「partitons」");
    assert_eq!(hint, "did you mean \"partitions\"?");
}

#[test]
fn a_name_for_nothing_is_told_at_the_name() {
    lab("kind = \"topic\"", "kind = \"topics\"", &["lab.toml:19:8 unknown-check-kind"]);
    lab("\"one-node\"", "\"two-nodes\"", &["lab.toml:4:15 unknown-environment"]);
    lab("needs = [\"exists\"]", "needs = [\"exist\"]", &["lab.toml:27:10 unknown-need"]);
    lab("field = \"error\"", "field = \"eror\"", &["lab.toml:37:9 unknown-field"]);
    lab("type = \"text\"", "type = \"number\"", &["lab.toml:13:8 unknown-field-type"]);
    lab("minutes", "cluster = \"mine\"\nminutes", &["lab.toml:3:11 unknown-cluster"]);
}

#[test]
fn an_id_or_name_that_cannot_be_one_is_told_where_it_stands() {
    lab("id = \"exists\"", "id = \"Exists!\"", &["lab.toml:17:6 bad-id"]);
    lab("id = \"D01-1\"", "id = \"D01 1\"", &["lab.toml:2:6 bad-id"]);
    lab("id = \"D01-1\"", "id = \"D01-2\"", &["lab.toml:2:6 folder-name"]);
    lab("name = \"old\"", "name = \"old topic\"", &["lab.toml:7:8 bad-topic-name"]);
    lab("topic = \"events\"", "topic = \"..\"", &["lab.toml:20:9 bad-topic-name"]);
}

#[test]
fn what_is_there_twice_is_told_at_the_second() {
    lab("id = \"grown\"", "id = \"exists\"", &["lab.toml:25:6 duplicate"]);
    let topic = "[[seed.topics]]\nname = \"old\"\npartitions = 2\nreplication_factor = 1\n\n";
    lab("[[fields]]", &format!("{topic}[[fields]]"), &["lab.toml:12:8 duplicate"]);
    let field = "[[fields]]\nid = \"error\"\ntype = \"text\"\n\n";
    lab("[[fields]]", &format!("{field}[[fields]]"), &["lab.toml:16:6 duplicate"]);
}

#[test]
fn checks_that_wait_for_each_other_are_told_as_the_ring_they_form() {
    let ring = bent(LAB_TOML, "points = 3\n", "points = 3\nneeds = [\"error\"]\n");
    let ring = bent(&ring, "points = 2\n", "points = 2\nneeds = [\"grown\"]\n");
    assert_eq!(refused(&with(LAB, &ring)), ["lab.toml:19:10 needs-cycle"]);
    let [en, ..] = message(&with(LAB, ring));
    assert!(en.ends_with("exists → error → grown → exists"), "{en}");
    lab("[\"exists\"]", "[\"grown\"]", &["lab.toml:27:10 needs-cycle"]);
}

#[test]
fn checks_that_prove_nothing_are_refused() {
    lab("grown_to = 5", "grown_to = 3", &["lab.toml:31:12 no-growth"]);
    lab("code = 37", "code = 0", &["lab.toml:38:8 no-error"]);
    let deleted = "kind = \"topic-deleted\"\ntopic = \"elder\"\n";
    let topic = "kind = \"topic\"\ntopic = \"events\"\npartitions = 5\nreplication_factor = 1\n";
    lab(topic, deleted, &["lab.toml:20:9 topic-not-seeded"]);
    let seeded = "kind = \"topic\"\ntopic = \"old\"\npartitions = 1\nreplication_factor = 1\n";
    lab(topic, seeded, &["lab.toml:20:9 seed-passes"]);
}

#[test]
fn choices_belong_to_enums_and_to_them_only() {
    let text = "type = \"text\"";
    lab(
        text,
        "type = \"enum\"\nchoices = [\"a\"]",
        &["lab.toml:13:8 choices-missing", "lab.toml:15:11 example-no-choice"],
    );
    lab(text, "type = \"text\"\nchoices = [\"a\", \"b\"]", &["lab.toml:13:8 choices-unused"]);
}

#[test]
fn every_fault_of_a_file_is_told_at_once() {
    let bad = bent(LAB_TOML, "minutes = 15", "minutes = 0\ncolour = 1");
    let bad = bent(&bad, "points = 2", "points = \"two\"");
    let bad = bent(&bad, "kind = \"topic-history\"", "kind = \"history\"");
    assert_eq!(
        refused(&with(LAB, bad)),
        [
            "lab.toml:3:11 out-of-range",
            "lab.toml:4:1 unknown-key",
            "lab.toml:29:8 unknown-check-kind",
            "lab.toml:36:10 wrong-type"
        ]
    );
}

#[test]
fn an_attempt_states_every_check_of_its_lab_and_no_other() {
    let grown =
        "checks.grown = { verdict = \"failed\", points = 0, mistake = \"created-at-once\" }\n";
    attempt(grown, "", &["attempt.toml:1:1 check-not-stated"]);
    attempt("checks.grown", "checks.grow", &["attempt.toml:4:8 unknown-check"]);
    attempt("[on.jvm.checks.grown]", "[on.jvm.checks.grow]", &["attempt.toml:6:16 unknown-check"]);
    let checks = &AT_ONCE_TOML[AT_ONCE_TOML.find("checks").unwrap()..];
    attempt(checks, "", &["attempt.toml:1:1 missing-key"]);
}

#[test]
fn an_attempt_speaks_of_verdicts_and_engines_that_there_are() {
    attempt("kind = \"mistake\"", "kind = \"error\"", &["attempt.toml:2:8 unknown-attempt-kind"]);
    attempt("verdict = \"passed\"", "verdict = \"ok\"", &["attempt.toml:3:29 unknown-verdict"]);
    attempt("on.jvm", "on.podman", &["attempt.toml:6:5 unknown-engine"]);
    attempt("points = 3", "points = -3", &["attempt.toml:3:48 out-of-range"]);
    attempt(
        "\"failed\", points",
        "\"blocked\", points",
        &["attempt.toml:4:61 mistake-without-failure"],
    );
}

#[test]
fn an_attempt_has_a_script_if_and_only_if_its_kind_runs_one() {
    let run = "labs/D01-1-grow/attempts/at-once/run";
    assert_eq!(refused(&changed(&[(run, None)])), ["run script-missing"]);
    assert_eq!(refused(&with(run, "kafka-topics.sh")), ["run:1:1 script-without-interpreter"]);
    for name in ["nothing", "hints"] {
        let run = format!("labs/D01-1-grow/attempts/{name}/run");
        assert_eq!(refused(&with(&run, "#!/bin/sh\n")), ["run script-unexpected"]);
    }
}

#[test]
fn days_and_labs_that_do_not_fit_are_told() {
    course("[\"D01-1\"]", "[\"D01-1\", \"D01-2\"]", &["course.toml:6:18 unknown-lab"]);
    course("[\"D01-1\"]", "[\"D01-1\", \"D01-1\"]", &["course.toml:6:18 duplicate"]);
    course("[\"D01-1\"]", "[]", &["lab.toml:2:6 lab-in-no-day"]);
    course("number = 1", "number = 0", &["course.toml:5:10 out-of-range"]);
    course("number = 1\nlabs", "titel = 1\nnumber = 1\nlabs", &["course.toml:5:1 unknown-key"]);
    course("[[days]]", "[[days]]\nnumber = 1\n[[days]]", &["course.toml:7:10 duplicate"]);
    course("id = \"kafka\"", "id = \"\"", &["course.toml:2:6 bad-id"]);
    let copy = LAB_TOML.replace("\"D01-1\"", "\"d01-1\"");
    let files = changed(&[
        ("labs/d01-1-copy/lab.toml", Some(copy.as_bytes())),
        ("labs/d01-1-copy/task.en.md", Some(b"# title\nCopy\n")),
        ("labs/d01-1-copy/task.zh.md", Some("# title\n副本\n".as_bytes())),
    ]);
    assert_eq!(refused(&files), ["lab.toml:2:6 duplicate"]);
}

#[test]
fn texts_have_known_headings_each_once() {
    let en = include_str!("task.en.md");
    let lost = bent(en, "# hint grown 2", "# hint grown 4");
    assert_eq!(refused(&with(TASK_EN, lost)), ["task.en.md:45:1 unknown-heading"]);
    let twice = bent(en, "# hint grown 2", "# hint grown 1");
    assert_eq!(refused(&with(TASK_EN, twice)), ["task.en.md:45:1 duplicate"]);
    assert_eq!(
        refused(&with(TASK_EN, format!("\n\n  Hello\n{en}"))),
        ["task.en.md:3:1 text-before-heading"]
    );
    let day = "# title\nKafka\n# day one\nFoundations\n";
    assert_eq!(refused(&with("lessons/course.en.md", day)), ["course.en.md:3:1 unknown-heading"]);
}

#[test]
fn files_that_are_missing_unknown_or_no_text_are_told() {
    assert_eq!(refused(&changed(&[(TASK_ZH, None)])), ["task.zh.md file-missing"]);
    assert_eq!(refused(&with("labs/D01-1-grow/task.fr.md", "")), ["task.fr.md unknown-file"]);
    assert_eq!(refused(&with("labs/D01-1-grow/attempts/run", "")), ["run unknown-file"]);
    assert_eq!(
        refused(&with("labs/D01-1-grow/attempts/new/run", "#!/bin/sh\n")),
        ["attempt.toml file-missing"]
    );
    assert_eq!(refused(&changed(&[(LAB, None)])), ["lab.toml file-missing"]);
    assert_eq!(refused(&with(LAB, b"schema = 1\nid = \"\xff\"")), ["lab.toml:2:7 not-utf8"]);
    assert_eq!(refused(&changed(&[("lessons/course.toml", None)])), ["course.toml file-missing"]);
}
