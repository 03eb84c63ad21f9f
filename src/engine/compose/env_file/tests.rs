//! Files of variables, and what Compose makes of the same lines.

use proptest::prelude::*;

use super::*;
use crate::engine::compose::gallery::service;

fn variables() -> BTreeMap<String, String> {
    BTreeMap::from([("I".to_owned(), "shell".to_owned())])
}

fn file(raw: bool) -> EnvFile {
    let path = Spanned { value: "a.env".to_owned(), position: Position::START };
    EnvFile { path, required: true, raw }
}

fn pairs(text: &str, raw: bool) -> Vec<(String, String)> {
    read(text, &file(raw), &variables()).unwrap_or_else(|e| panic!("{e:?}"))
}

/// What Compose 2.40.3 makes of the same lines.
#[test]
fn a_file_of_variables_is_read_as_compose_reads_it() {
    let text = "# comment\nA=plain\nB = spaced value   # inline\nC='single $A #x'\n\
                D=\"double $A \\n \\$A \\\"q\\\" # no\"\nexport E=exported\nF: yaml style\n\
                G=a#b\nH=\nI\nNONE\nJ=${A}-${B:-x}\nK=\"multi\nline\"\nL='x'  # after\n\
                M=it's\nN=a\"b\"\nO=\"t\\ttab \\\\ back \\q\"\nP=${UNSET-dflt}\n  Q=indented\n\
                R=x=y\nS=a$$b\nT=1 2  3\r\n9-A.b[0]=odd\n";
    let expected = [
        ("A", "plain"),
        ("B", "spaced value"),
        ("C", "single $A #x"),
        ("D", "double plain \n $A \"q\" # no"),
        ("E", "exported"),
        ("F", "yaml style"),
        ("G", "a#b"),
        ("H", ""),
        ("I", "shell"),
        ("J", "plain-spaced value"),
        ("K", "multi\nline"),
        ("L", "x"),
        ("M", "it's"),
        ("N", "a\"b\""),
        ("O", "t\ttab \\ back \\q"),
        ("P", "dflt"),
        ("Q", "indented"),
        ("R", "x=y"),
        ("S", "a$b"),
        ("T", "1 2  3"),
        ("9-A.b[0]", "odd"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(pairs(text, false), expected);
}

#[test]
fn a_raw_file_is_taken_as_it_stands() {
    let expected = [("V", "'quoted' # x"), ("W", "${A}")];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(pairs("# c\nV='quoted' # x\nW=${A}\n", true), expected);
}

#[test]
fn what_compose_refuses_is_refused_with_its_line() {
    for (text, line) in [
        ("A B=c", 1),
        ("A=1\nB=\"open", 2),
        ("A!=x", 1),
        ("\n# c\n\"A\"=b", 3),
        ("=x", 1),
        ("K=\"two\nlines\"\n!", 3),
    ] {
        let fault = read(text, &file(false), &variables()).unwrap_err().fault;
        let shown = fault.to_string();
        assert!(shown.contains("a.env") && shown.contains(&format!("line {line}")), "{shown}");
    }
    let unset = read("A=$NONE", &file(false), &variables()).unwrap_err();
    assert_eq!(unset.fault.code(), "compose-variable-unset");
}

#[test]
fn the_last_file_wins_over_the_first_and_the_environment_over_both() {
    let mut read = service(
        "image: i\nenv_file: [a, {path: b, required: false}, {path: c, format: raw}]\n\
         environment: {B: own}",
    );
    assert_eq!(read.env_files.iter().map(|f| f.required).collect::<Vec<_>>(), [true, false, true]);
    let texts = [Some("A=1\nB=1\nC=1".to_owned()), None, Some("C='3'".to_owned())];
    add(&mut read, &texts, &BTreeMap::new()).unwrap();
    let values: Vec<(&str, &str)> =
        read.environment.iter().map(|(n, v)| (n.as_str(), v.value.as_str())).collect();
    assert_eq!(values, [("B", "own"), ("A", "1"), ("C", "'3'")]);
    assert_eq!(read.variable("A").unwrap().position, Position { line: 4, column: 16 });
    assert_eq!(service("image: i\nenv_file: one").env_files[0].path.value, "one");
}

proptest! {
    #[test]
    fn no_text_panics(text in "([A-C=:'\"\\\\#${} \t\n\r]|\\PC){0,60}", raw: bool) {
        let _ = read(&text, &file(raw), &variables());
    }
}
