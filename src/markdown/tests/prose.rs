use super::*;
use crate::markdown::{wrap, wrap_whole};

/// Expects the lines of a text at a width.
#[track_caller]
fn expect(text: &str, width: usize, lines: &[&str]) {
    assert_eq!(shown(text, width), lines, "{width} columns");
}

const MIXED: &str = "你没有提交过位移，`enable.auto.commit` 在 Java 4.3.1 里默认打开：每 5 秒提交一次，`Close` 时再提交一次。";

#[test]
fn chinese_breaks_between_characters_and_never_within_a_word_beside_them() {
    expect(
        MIXED,
        20,
        &[
            "你没有提交过位移，",
            "enable.auto.commit",
            "在 Java 4.3.1 里默认",
            "打开：每 5 秒提交一",
            "次，Close 时再提交一",
            "次。",
        ],
    );
    expect(
        MIXED,
        40,
        &[
            "你没有提交过位移，enable.auto.commit 在",
            "Java 4.3.1 里默认打开：每 5 秒提交一次，",
            "Close 时再提交一次。",
        ],
    );
    expect(
        MIXED,
        76,
        &[
            "你没有提交过位移，enable.auto.commit 在 Java 4.3.1 里默认打开：每 5 秒提交一",
            "次，Close 时再提交一次。",
        ],
    );
}

#[test]
fn no_line_begins_with_a_comma_or_ends_with_an_opening_bracket() {
    let text = "读的人，写的人、看的人。谁都不等谁！真的（不骗你）：各走各的路。";
    for width in 8..70 {
        for line in shown(text, width) {
            assert!(!line.starts_with(['，', '、', '。', '！', '：', '）']), "{width}: {line}");
            assert!(!line.ends_with('（'), "{width}: {line}");
        }
    }
}

#[test]
fn names_and_paths_break_only_where_no_line_holds_them() {
    expect(
        "Start `kraft-single`, see /home/learner/failed-start or an in-sync replica.",
        28,
        &["Start kraft-single, see", "/home/learner/failed-start", "or an in-sync replica."],
    );
    expect("see /home/learner/failed", 12, &["see", "/home/learne", "r/failed"]);
    expect("`enable.auto`，好", 11, &["enable.aut", "o，好"]);
    // Between Chinese words a slash parts alternatives.
    expect("分区/副本/成员", 10, &["分区/副本/", "成员"]);
}

#[test]
fn code_with_blanks_breaks_only_where_no_line_holds_it() {
    let text = "Run `kafka-topics.sh --create` now.";
    expect(text, 25, &["Run", "kafka-topics.sh --create", "now."]);
    expect(text, 20, &["Run kafka-topics.sh", "--create now."]);
    assert_eq!(plain(text, 27), ["Run", "`kafka-topics.sh --create`", "now."]);
    // What stands beside it counts.
    expect("用 `a b c`，好", 8, &["用", "a b c，", "好"]);
    expect("用 `a b c`，好", 6, &["用 a b", "c，好"]);
}

#[test]
fn spans_keep_their_faces_over_line_ends() {
    let lines = parse("A **strong claim** and *one* by [docs](x.md) of `a b`.").layout(12);
    assert_eq!(texts(&lines), ["A strong", "claim and", "one by docs", "of a b."]);
    assert_eq!(of_face(&lines, Face::Strong), ["strong", "claim"]);
    assert_eq!(of_face(&lines, Face::Emphasis), ["one"]);
    assert_eq!(of_face(&lines, Face::Link), ["docs"]);
    assert_eq!(of_face(&lines, Face::Code), ["a b"]);
    assert_eq!(of_face(&lines, Face::Text), ["A ", " and", " by ", "of ", "."]);
}

#[test]
fn backticks_count_where_they_are_shown() {
    assert_eq!(plain("a `bc` d", 6), ["a `bc`", "d"]);
    assert_eq!(shown("a `bc` d", 6), ["a bc d"]);
    assert_eq!(plain("``a`b``", 20), ["`` a`b ``"]);
}

#[test]
fn a_line_of_the_source_ends_without_a_blank_between_chinese() {
    expect("位移\n提交", 20, &["位移提交"]);
    expect("位移\nKafka", 20, &["位移 Kafka"]);
    expect("one\ntwo", 20, &["one two"]);
    expect("`one`\n`two`", 20, &["one two"]);
    expect("one  \ntwo\\\nthree", 20, &["one", "two", "three"]);
}

#[test]
fn an_address_that_cannot_be_clicked_is_told() {
    expect("[KIP-848](https://x.org/848)", 40, &["KIP-848 (https://x.org/848)"]);
    expect("<https://x.org>", 40, &["https://x.org"]);
    expect("[below](#below)", 40, &["below"]);
}

#[test]
fn html_and_images_are_text() {
    expect("a <b>c</b> ![d](e.png)", 40, &["a <b>c</b> d"]);
    expect("<p>\none\n</p>\n\ntwo", 40, &["<p>", "one", "</p>", "", "two"]);
}

#[test]
fn escape_sequences_are_text_too() {
    expect("a\u{1b}[31m `b\u{202e}`\tc", 40, &["a\\u{1b}[31m b\\u{202e}    c"]);
}

#[test]
fn plain_prose_is_no_markdown() {
    let lines = wrap("# not **strong**\n\n  and `so` on\t.", Face::Text, 40);
    assert_eq!(texts(&lines), ["# not **strong**", "", "and `so` on    ."]);
    let lines = wrap("观察到 3 个分区，期望 5 个。", Face::Strong, 16);
    assert_eq!(texts(&lines), ["观察到 3 个分", "区，期望 5 个。"]);
    assert_eq!(of_face(&lines, Face::Strong).len(), 2);
    assert_eq!(texts(&wrap("a/long/path b", Face::Text, 8)), ["a/long/p", "ath b"]);
    assert_eq!(texts(&wrap_whole("a/long/path b", Face::Text, 8)), ["a/long/path", "b"]);
}
