use super::*;

/// Expects the lines of a text at a width.
#[track_caller]
fn expect(text: &str, width: usize, lines: &[&str]) {
    assert_eq!(shown(text, width), lines, "{width} columns");
}

#[test]
fn one_blank_line_parts_blocks() {
    expect("## One\ntwo\n\n\n\n***\nthree\n\n", 5, &["One", "", "two", "", "─────", "", "three"]);
    let lines = parse("## One `a` **b**").layout(20);
    assert_eq!(of_face(&lines, Face::Heading), ["One ", " ", "b"]);
    expect("", 20, &[]);
    expect("&nbsp;\n\n#\n\na\n\n```\n```\n\n&nbsp;", 20, &["a"]);
}

#[test]
fn items_hang_from_their_markers() {
    expect(
        "- one two three\n- 四五六七八\n  1. deeper than that\n  2. so\n\n     more\n",
        12,
        &[
            "• one two",
            "  three",
            "• 四五六七八",
            "  1. deeper",
            "     than",
            "     that",
            "",
            "  2. so",
            "",
            "     more",
        ],
    );
}

#[test]
fn numbers_go_on_after_a_block_between_the_items() {
    let text = "1. one\n\n```text\ncode\n```\n\n2. two\n3. three\n";
    expect(text, 20, &["1. one", "", "┌──────┐", "│ code │", "└──────┘", "", "2. two", "3. three"]);
    expect("9. nine\n10. ten", 20, &[" 9. nine", "10. ten"]);
    assert_eq!(of_face(&parse("9. nine").layout(20), Face::Marker), ["9. "]);
}

#[test]
fn code_within_an_item_keeps_its_margin() {
    let text = "- run it:\n\n  ```console run\n  $ true\n  ```\n\n- done";
    let boxed = ["• run it:", "", "  ┌────────┐", "  │ $ true │", "  └────────┘", "", "• done"];
    expect(text, 20, &boxed);
    assert_eq!(plain(text, 20), ["• run it:", "", "      $ true", "", "• done"]);
    // A command begins its line, whatever stands before it.
    assert_eq!(plain("- ```console run\n  $ true\n  ```", 20), ["•", "      $ true"]);
}

#[test]
fn a_quote_has_a_bar_and_its_warning_a_face() {
    let lines = parse("> **Trap.** It is **not** safe.\n>\n> Really.").layout(14);
    assert_eq!(texts(&lines), ["▎ Trap. It is", "▎ not safe.", "▎", "▎ Really."]);
    assert_eq!(of_face(&lines, Face::Trap), ["Trap."]);
    assert_eq!(of_face(&lines, Face::Strong), ["not"]);
    assert_eq!(of_face(&lines, Face::Frame), ["▎ ", "▎ ", "▎", "▎ "]);
    let lines = parse("> **陷阱** 只看名字。").layout(12);
    assert_eq!(texts(&lines), ["▎ 陷阱 只看", "▎ 名字。"]);
    assert_eq!(of_face(&lines, Face::Trap), ["陷阱"]);
    // A paragraph of strong words warns of nothing.
    assert_eq!(of_face(&parse("**Trap.** x").layout(14), Face::Trap), [""; 0]);
}

const TABLE: &str = "\
| 客户端 | hash | `user-2` |
|:---|:---:|---:|
| Java 4.3.1 | murmur2 | 2 |
| librdkafka（C） | CRC32 | 1 |
";

#[test]
fn columns_of_a_table_stand_below_each_other() {
    let lines = parse(TABLE).layout(40);
    assert_eq!(
        texts(&lines),
        [
            "客户端          │  hash   │ user-2",
            "────────────────┼─────────┼───────",
            "Java 4.3.1      │ murmur2 │      2",
            "librdkafka（C） │  CRC32  │      1",
        ]
    );
    assert_eq!(of_face(&lines, Face::Strong), ["客户端", "hash"]);
    assert_eq!(of_face(&lines, Face::Code), ["user-2"]);
}

#[test]
fn cells_wrap_and_rules_part_their_rows_where_the_width_is_short() {
    expect(
        TABLE,
        31,
        &[
            "客户端       │  hash   │ user-2",
            "─────────────┼─────────┼───────",
            "Java 4.3.1   │ murmur2 │      2",
            "─────────────┼─────────┼───────",
            "librdkafka   │  CRC32  │      1",
            "（C）        │         │",
        ],
    );
}

#[test]
fn a_narrow_table_is_told_line_by_line() {
    expect(
        TABLE,
        18,
        &[
            "客户端: Java 4.3.1",
            "hash: murmur2",
            "user-2: 2",
            "",
            "客户端: librdkafka",
            "（C）",
            "hash: CRC32",
            "user-2: 1",
        ],
    );
    expect("| a | b |\n|---|---|", 18, &["a:", "b:"]);
}
