//! Exit codes and errors: what scripts rely on.

use crate::program::Home;

/// Arguments and the code of the error.
const WRONG: [(&[&str], &str); 27] = [
    (&["nonsense"], "usage"),
    (&["lab"], "usage"),
    (&["lab", "check"], "usage"),
    (&["lab", "check", "D01-4", "--wait", "-1"], "usage"),
    (&["lab", "start", "D01-4", "--engine", "magic"], "usage"),
    (&["lab", "start", "D01-4", "--timeout", "0"], "usage"),
    (&["list", "--lang", "fr"], "usage"),
    (&["env", "up", "kraft-single", "--file", "compose.yaml"], "usage"),
    (&["lesson"], "usage"),
    (&["lesson", "99"], "no-such-day"),
    (&["lesson", "one"], "no-such-day"),
    (&["lesson", "-1"], "usage"),
    (&["course", "verify"], "usage"),
    (&["lab", "start", "D99-1"], "no-such-lab"),
    (&["lab", "task", "D99-1"], "no-such-lab"),
    (&["course", "verify", "--live", "D99-1"], "no-such-lab"),
    (&["course", "verify", "--live", "day-99"], "no-such-day"),
    (&["lab", "check", "D01-4"], "not-started"),
    (&["lab", "shell", "D01-4", "--", "true"], "not-started"),
    (&["lab", "hint", "D01-4"], "not-started"),
    (&["lab", "stop", "D01-4"], "not-started"),
    (&["lab", "answer", "D01-4", "error", "x"], "not-started"),
    (&["lab", "answer", "D01-4", "nonsense", "x"], "no-such-field"),
    (&["env", "up", "nonsense"], "no-such-environment"),
    (&["env", "up", "--file", "/nonsense.yaml"], "no-file"),
    (&["env", "kill"], "nothing-runs"),
    (&["env", "logs"], "nothing-runs"),
];

#[test]
fn what_cannot_be_done_as_asked_ends_with_2_and_a_code_a_message_and_a_hint() {
    let home = Home::new();
    for (arguments, code) in WRONG {
        let error = &home.json(arguments, 2)["error"];
        assert_eq!(error["code"], code, "{arguments:?}: {error}");
        for part in ["message", "hint"] {
            let text = error[part].as_str().unwrap();
            assert!(text.len() > 3 && !text.contains('\n'), "{arguments:?}: {part}: {text}");
        }
    }
}

#[test]
fn people_read_the_same_on_standard_error_and_nothing_on_standard_output() {
    let home = Home::new();
    for (arguments, _) in WRONG {
        let ran = home.run(arguments).exits(2);
        assert_eq!(ran.out, "", "{arguments:?}");
        assert!(
            ran.err.contains("error: ") || ran.err.contains("Usage: "),
            "{arguments:?}: {ran:?}"
        );
    }
}

#[test]
fn asking_in_vain_leaves_no_attempt_and_no_environment() {
    let home = Home::new();
    for (arguments, _) in WRONG {
        home.run(arguments);
    }
    assert_eq!(home.json(&["env", "status"], 0)["environment"], serde_json::Value::Null);
    assert_eq!(home.lab("D01-4")["attempts"], 0);
}

#[test]
fn the_error_names_the_arguments_that_are_missing() {
    let error = &Home::new().json(&["lab", "answer", "D01-4"], 2)["error"];
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("<FIELD>") && message.contains("<VALUE>"), "{message}");
}

#[test]
fn an_error_is_told_in_the_language_that_was_asked_for() {
    let home = Home::new();
    let ran = home.run(&["lab", "check", "D01-4", "--lang", "zh"]).exits(2);
    assert_eq!(ran.err, "错误：D01-4 还没有开始\n提示：开始实验：kafka-workbook lab start D01-4\n");
    let from_locale = home.command(crate::program::program(), &["lab", "check", "D01-4"]);
    let mut command = from_locale;
    command.env("LANG", "zh_CN.UTF-8");
    assert_eq!(crate::program::finish(command, b"").err, ran.err);
}

#[test]
fn an_answer_that_is_no_word_or_line_is_refused() {
    let long = "x".repeat(5000);
    let error = &Home::new().json(&["lab", "answer", "D01-4", "error", &long], 2)["error"];
    assert_eq!(error["code"], "answer-too-long");
}

#[test]
fn help_and_version_are_no_errors() {
    let home = Home::new();
    for arguments in
        [&["--help"][..], &["lab", "--help"], &["env", "up", "--help"], &["help", "course"]]
    {
        let ran = home.run(arguments).exits(0);
        assert!(ran.out.contains("Usage: kafka-workbook"), "{arguments:?}: {}", ran.out);
    }
    let version = home.run(&["--version"]).exits(0).out;
    assert_eq!(version, format!("kafka-workbook {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn what_comes_after_two_dashes_is_not_read_as_an_option() {
    // Plain text, not JSON: the `--json` belongs to the command.
    let ran = Home::new().run(&["lab", "shell", "D01-4", "--", "echo", "--json"]).exits(2);
    assert!(ran.err.starts_with("error: D01-4 is not started"), "{ran:?}");
}
