//! What Docker says is data: it sends nothing to the terminal and floods nobody.

use crate::docker_changes::cluster_in_containers;
use crate::fake_docker::{Machine, prints, refuses};
use crate::program::Ran;

const ON_CONTAINERS: [&str; 5] = ["lab", "start", "D01-4", "--engine", "containers"];

/// More than a screen holds, in bytes.
const FLOOD: usize = 100_000;

/// Escape sequences in one and in two bytes, bytes that are no text, a zero, a turn of the writing
/// direction, a line that does not end.
fn hostile() -> Vec<u8> {
    let mut words =
        b"Error: \x1b]0;owned\x07\x1b[2J\x1b[31m \xc2\x9b31m \x9b31m \xff\xfe \0 ".to_vec();
    words.extend("\u{202e}\r\u{8}".as_bytes());
    words.resize(words.len() + FLOOD, b'x');
    words
}

/// What a terminal would take for more than text.
fn is_harmful(c: char) -> bool {
    (c.is_control() && c != '\n') || c == '\u{202e}'
}

#[track_caller]
fn assert_harmless(ran: &Ran) {
    for text in [&ran.out, &ran.err] {
        let found = text.chars().find(|c| is_harmful(*c));
        let begin: String = text.chars().take(400).collect();
        assert_eq!(found, None, "{begin:?}");
        assert!(text.len() < FLOOD / 10, "{} bytes: {begin}", text.len());
    }
}

/// As text and as JSON.
#[track_caller]
fn assert_tells_harmlessly(machine: &Machine, arguments: &[&str], code: &str) {
    let ran = machine.home.run(arguments).exits(1);
    assert_harmless(&ran);
    let ran = machine.home.run(&[&["--json"], arguments].concat()).exits(1);
    assert_harmless(&ran);
    let error = &ran.json()["error"];
    assert_eq!(error["code"], code, "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(!message.contains(is_harmful), "whoever reads the JSON may show it: {message:?}");
}

#[test]
fn refusals_are_shown_without_their_escape_sequences() {
    let refused = refuses(hostile());
    for (call, code) in [
        ("version*", "docker-refused"),
        ("'compose version'*", "compose-missing"),
        ("pull*", "image-missing"),
        ("ps*", "docker-refused"),
        ("'compose --progress'*", "docker-refused"),
    ] {
        let mut answers = vec![(call, refused.as_str())];
        if matches!(call, "ps*" | "'compose --progress'*") {
            answers.push(("'image inspect'*", ":"));
        }
        let machine = Machine::with_docker(&answers);
        assert_tells_harmlessly(&machine, &ON_CONTAINERS, code);
    }
}

#[test]
fn what_should_be_a_version_is_shown_without_its_escape_sequences() {
    let machine = Machine::with_docker(&[("'compose version'*", &prints(hostile()))]);
    assert_tells_harmlessly(&machine, &ON_CONTAINERS, "compose-missing");
}

#[test]
fn the_name_of_an_image_sends_nothing_to_the_terminal() {
    let machine = Machine::with_docker(&[]).with("KAFKA_IMAGE", "kafka\u{1b}[2J\u{9b}31m\u{202e}");
    assert_tells_harmlessly(&machine, &ON_CONTAINERS, "image-missing");
}

#[test]
fn a_pull_may_say_what_it_likes_on_both_outputs() {
    // More than a pipe holds on one of them before anything is on the other, and no text.
    let words = [hostile(), b"\naa: Pulling fs layer\n".to_vec()].concat();
    let (out, err) = (prints(&words), refuses([words, b"Error: the last".to_vec()].concat()));
    let both_first_err = format!("{} >&2; {out} || exit 9; {err}", prints(hostile()));
    for pull in [format!("{out} || exit 9; {err}"), both_first_err] {
        let machine = Machine::with_docker(&[("pull*", &pull)]);
        let told = machine.error_of(&ON_CONTAINERS);
        assert_eq!(told.code, "image-missing", "{}", told.code);
        assert!(told.message.ends_with("the last"), "{} characters", told.message.len());
    }
}

#[test]
fn lists_that_are_nonsense_are_no_containers() {
    let machine =
        Machine::with_docker(&[("ps*", &prints([hostile(), b"\n\t\t\n".to_vec()].concat()))]);
    cluster_in_containers(&machine);
    let ran = machine.home.run(&["--json", "env", "status"]).exits(0);
    assert_harmless(&ran);
    assert_eq!(ran.json()["nodes"][0]["state"], "stopped");
    assert_harmless(&machine.home.run(&["env", "status"]).exits(0));
}

#[test]
fn lines_of_a_log_send_nothing_to_the_terminal() {
    let listed = prints("kafka\tp-kafka-1\trunning\n");
    let mut words = hostile();
    words.truncate(60);
    let logs = format!("{}; {} >&2", prints(&words), prints(&words));
    let machine = Machine::with_docker(&[("ps*", &listed), ("logs*", &logs)]);
    cluster_in_containers(&machine);
    for arguments in [&["env", "logs"][..], &["--json", "env", "logs"]] {
        let ran = machine.home.run(arguments).exits(0);
        assert_harmless(&ran);
        assert!(ran.out.contains("owned"), "{ran:?}");
    }
}
