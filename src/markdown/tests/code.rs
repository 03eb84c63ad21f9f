use std::process::Command;

use super::*;
use crate::markdown::shell::blanks;

/// Expects the lines of a text at a width.
#[track_caller]
fn expect(text: &str, width: usize, lines: &[&str]) {
    assert_eq!(shown(text, width), lines, "{width} columns");
}

const CONSOLE: &str = "\
```console run
$ kafka-topics.sh --create --topic 'two words' --partitions 3 | tee \"log $HOME\"
Created topic 中文 with a name that is too long.

$ true
```
";

#[test]
fn a_long_command_goes_on_where_a_shell_allows_it() {
    expect(
        CONSOLE,
        44,
        &[
            "┌──────────────────────────────────────────┐",
            "│ $ kafka-topics.sh --create \\             │",
            "│     --topic 'two words' --partitions 3 \\ │",
            "│     | tee \"log $HOME\"                    │",
            "│ Created topic 中文 with a name that is t │",
            "│ ┊ oo long.                               │",
            "│                                          │",
            "│ $ true                                   │",
            "└──────────────────────────────────────────┘",
        ],
    );
    expect(
        CONSOLE,
        24,
        &[
            "┌──────────────────────┐",
            "│ $ kafka-topics.sh \\  │",
            "│     --create \\       │",
            "│     --topic \\        │",
            "│     'two words' \\    │",
            "│     --partitions 3 \\ │",
            "│     | tee \\          │",
            "│     \"log $HOME\"      │",
            "│ Created topic 中文 w │",
            "│ ┊ ith a name that is │",
            "│ ┊  too long.         │",
            "│                      │",
            "│ $ true               │",
            "└──────────────────────┘",
        ],
    );
}

#[test]
fn a_frame_is_as_wide_as_what_stands_in_it() {
    let lines = parse("```console run\n$ echo 位移\n位移\n```").layout(80);
    assert_eq!(
        texts(&lines),
        ["┌─────────────┐", "│ $ echo 位移 │", "│ 位移        │", "└─────────────┘"]
    );
    assert_eq!(of_face(&lines, Face::Prompt), ["$ "]);
    assert_eq!(of_face(&lines, Face::Command), ["echo 位移"]);
    assert_eq!(of_face(&lines, Face::Printed), ["位移"]);
}

#[test]
fn a_word_too_long_for_any_line_shows_that_it_goes_on() {
    let text = "```console run\n$ echo 'a word, quoted, of 40 columns' > x\n```";
    let boxed = [
        "┌────────────────────┐",
        "│ $ echo \\           │",
        "│     'a word, quote │",
        "│     ┊ d, of 40 col │",
        "│     ┊ umns' \\      │",
        "│     > x            │",
        "└────────────────────┘",
    ];
    expect(text, 22, &boxed);
    expect(
        "```console run\n$ echo 12345678 > x\n```",
        16,
        &[
            "┌──────────────┐",
            "│ $ echo \\     │",
            "│     12345678 │",
            "│     ┊  \\     │",
            "│     > x      │",
            "└──────────────┘",
        ],
    );
}

#[test]
fn a_command_of_several_lines_keeps_them() {
    let text = "```console run\n$ echo one \\\n    'two\\\\' three four\n$ two\n```";
    expect(
        text,
        22,
        &[
            "┌────────────────┐",
            "│ $ echo one \\   │",
            "│     'two\\\\' \\  │",
            "│     three four │",
            "│ $ two          │",
            "└────────────────┘",
        ],
    );
}

#[test]
fn on_the_command_line_code_is_whole() {
    assert_eq!(
        plain(CONSOLE, 20),
        [
            "    $ kafka-topics.sh --create --topic 'two words' --partitions 3 | tee \"log $HOME\"",
            "    Created topic 中文 with a name that is too long.",
            "",
            "    $ true",
        ]
    );
    let text = "```console run\n$ echo one \\\n  two\n```\n\n    │ 0 │";
    assert_eq!(plain(text, 20), ["    $ echo one \\", "      two", "", "    │ 0 │"]);
}

#[test]
fn drawings_are_set_off_and_cut() {
    let text = "    │ 0 │ 1 │ →\n    ▲";
    expect(text, 20, &["  │ 0 │ 1 │ →", "  ▲"]);
    expect(text, 10, &["  │ 0 │ 1…", "  ▲"]);
    assert_eq!(of_face(&parse(text).layout(10), Face::Printed), ["│ 0 │ 1", "▲"]);
    // A wide character that does not fit leaves a hole, and the mark stands in the last column.
    expect("    位移位移", 9, &["  位移位…"]);
    expect("    位移位移", 8, &["  位移 …"]);
}

#[test]
fn tabs_of_code_go_to_the_next_stop() {
    expect(
        "```go\n\tif a {\n\t\tb\tc\n```",
        20,
        &["┌───────────────┐", "│     if a {    │", "│         b   c │", "└───────────────┘"],
    );
}

#[test]
fn blanks_in_quotes_substitutions_and_comments_part_no_words_of_a_command() {
    let parted = |command: &str| {
        let mut rest = command.to_owned();
        blanks(command).into_iter().rev().for_each(|at| rest.insert(at, '|'));
        rest
    };
    let cases = [
        ("a 'b c' d", "a| 'b c'| d"),
        ("a \"b 'c\" d' e'", "a| \"b 'c\"| d' e'"),
        ("a\\ b c", "a\\ b| c"),
        ("a \"b\\\" c\" d", "a| \"b\\\" c\"| d"),
        ("a $'b\\' c' d", "a| $'b\\' c'| d"),
        ("a `b c` d", "a| `b c`| d"),
        ("a ${b:-c d} e", "a| ${b:-c d}| e"),
        ("a $(b c) d", "a| $(b| c)| d"),
        ("a \"$(b \"c d\") e\" f", "a| \"$(b \"c d\") e\"| f"),
        ("a $(( $(b | c) % 3 ))", "a| $((| $(b| || c)| %| 3| ))"),
        ("a   b  # c d", "a|   b|  # c d"),
        ("a#b c ", "a#b| c "),
        ("a 'never closed b", "a| 'never closed b"),
        ("a \\\n  b c", "a| \\\n|  b| c"),
    ];
    for (command, expected) in cases {
        assert_eq!(parted(command), expected);
    }
}

/// What a shell prints when it is given a script.
fn ran(script: &str) -> String {
    let output = Command::new("sh").args(["-c", script]).output().unwrap();
    assert!(output.status.success(), "{script}\n{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_shell_reads_the_same_command_from_all_its_lines() {
    let commands = [
        "printf '<%s>\\n' one 'two  words' \"three  $(printf '%s  %s' a b)\" four\\ five $((1 + 2)) 'it'\\''s'",
        "for x in a 'b c' d; do printf '%s\\n' \"$x\"; done | sort -r | sed 's/c/ c /' # the last one",
        "printf '%s\\n' \"it's ${NONE:-not here}\" `printf '%s ' x y` && (printf '%s-%s\\n' 1 2; true)",
    ];
    for command in commands {
        let expected = ran(command);
        for width in 46..100 {
            let lines = parse(&format!("```console run\n$ {command}\n```")).layout(width);
            let typed = |line: &Line| of_face(std::slice::from_ref(line), Face::Command).concat();
            let script: Vec<String> =
                lines.iter().map(typed).filter(|line| !line.is_empty()).collect();
            assert!(lines.iter().all(|line| line.width() <= width && !line.text().contains('…')));
            assert_eq!(ran(&script.join("\n")), expected, "{width}: {script:#?}");
        }
    }
}
