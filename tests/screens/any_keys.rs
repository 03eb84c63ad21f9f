//! Whatever is pressed, typed, pasted, told or resized: there is always a frame, and a way out.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use kafka_workbook::app::{Effect, Message, RequestId};
use kafka_workbook::engine::report::{Step, Unit};
use kafka_workbook::lab::hint::Hint;
use kafka_workbook::phrase::{Lang, Phrase};
use kafka_workbook::progress::Progress;
use proptest::prelude::*;

use crate::picture::draw;
use crate::stage::{Stage, key};
use crate::story::{
    RECORDS_LAB, TOPICS_LAB, another_cluster, busy_cluster, closed, cluster, gone, hinted,
    no_engine, progress, silent_cluster, some_done, started, under_way,
};
use crate::verdicts::{all_passed, of_every_kind};

/// Every key that the table has, in any context, and some that it has not.
const NAMES: [&str; 38] = [
    "Enter",
    "Esc",
    "Tab",
    "Space",
    "Home",
    "End",
    "PgUp",
    "PgDn",
    "Backspace",
    "↑",
    "↓",
    "←",
    "→",
    "a",
    "b",
    "c",
    "g",
    "G",
    "h",
    "j",
    "k",
    "l",
    "n",
    "p",
    "r",
    "s",
    "u",
    "x",
    "y",
    "?",
    "0",
    "分",
    "Ctrl-z",
    "Ctrl-u",
    "Ctrl-w",
    "Ctrl-e",
    "Ctrl-a",
    "i",
];

fn any_key() -> impl Strategy<Value = KeyEvent> {
    prop_oneof![
        20 => prop::sample::select(&NAMES[..]).prop_map(key),
        3 => any::<char>().prop_map(|c| KeyEvent::from(KeyCode::Char(c))),
        1 => (any::<char>(), 0..8_u8).prop_map(|(c, with)| {
            KeyEvent::new(KeyCode::Char(c), KeyModifiers::from_bits_truncate(with))
        }).prop_filter("is asked at the end", |key| *key != crate::stage::key("Ctrl-c")),
    ]
}

/// An id that was given out, or one that never was.
fn any_id() -> impl Strategy<Value = RequestId> {
    prop_oneof![4 => 0..12_u64, 1 => any::<u64>()].prop_map(RequestId)
}

fn any_progress() -> impl Strategy<Value = Progress> {
    prop::sample::select(vec![
        Progress::default(),
        some_done(),
        under_way(TOPICS_LAB),
        under_way(RECORDS_LAB),
        progress(&[started(TOPICS_LAB, 1), started(TOPICS_LAB, 2)]),
        progress(&[started(TOPICS_LAB, 1), hinted(TOPICS_LAB, "error", 3)]),
        under_way("D09-9"),
    ])
}

fn any_step() -> impl Strategy<Value = Step> {
    let amount = prop_oneof![Just(None), any::<u64>().prop_map(Some)];
    (".{0,60}", any::<u64>(), amount).prop_map(|(what, done, total)| {
        Step::new(Phrase::same(what)).amount(done, total, Unit::Bytes)
    })
}

fn any_answer_to_a_request() -> impl Strategy<Value = Message> {
    let ended = || prop::sample::select(vec![Ok(()), Err(gone()), Err(no_engine()), Err(closed())]);
    let report = prop::sample::select(vec![of_every_kind(), all_passed(TOPICS_LAB)]);
    let hint = (0..5_u8).prop_map(|tier| {
        let hint = Hint { check: "error".to_owned(), tier, text: Phrase::same("-") };
        if tier == 4 { Err(gone()) } else { Ok((tier > 0).then_some(hint)) }
    });
    prop_oneof![
        (any_id(), any_step()).prop_map(|(id, step)| Message::Step(id, step)),
        (any_id(), ended()).prop_map(|(id, ended)| Message::Worked(id, ended)),
        (any_id(), report).prop_map(|(id, report)| Message::Verdicts(id, report)),
        (any_id(), ended()).prop_map(|(id, ended)| Message::Unhosted(id, ended)),
        (any_id(), ended()).prop_map(|(id, stored)| Message::Answered(id, stored)),
        (any_id(), hint).prop_map(|(id, hint)| Message::Hinted(id, hint)),
    ]
}

fn any_message() -> impl Strategy<Value = Message> {
    let overview = prop::sample::select(vec![
        None,
        Some(cluster()),
        Some(another_cluster()),
        Some(busy_cluster()),
        Some(silent_cluster()),
    ]);
    prop_oneof![
        30 => any_key().prop_map(Message::Key),
        4 => (1..=300_u16, 1..=100_u16).prop_map(|(columns, rows)| Message::Resized(columns, rows)),
        1 => (0..=13_u16, 0..=3_u16).prop_map(|(columns, rows)| Message::Resized(columns, rows)),
        2 => "(?s).{0,40}".prop_map(Message::Paste),
        1 => Just(Message::Second),
        3 => any_progress().prop_map(Message::Progressed),
        3 => overview.prop_map(Message::Looked),
        6 => any_answer_to_a_request(),
        1 => Just(Message::ProgressUnreadable(gone())),
        1 => prop::sample::select(vec![Ok(()), Err(gone())]).prop_map(Message::ShellLeft),
    ]
}

/// Whether the program ends when it is asked to, at the latest when it is asked twice.
fn can_be_left(stage: &Stage, ask: impl Fn() -> Message) -> bool {
    let mut stage = stage.clone();
    let first = stage.tell(ask());
    first.contains(&Effect::Quit) || stage.tell(ask()).contains(&Effect::Quit)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_happens_leaves_the_screen_without_a_frame_or_a_way_out(
        zh in any::<bool>(),
        progress in any_progress(),
        messages in prop::collection::vec(any_message(), 1..=200),
    ) {
        let lang = if zh { Lang::Zh } else { Lang::En };
        let mut stage = Stage::with(lang, (80, 24), progress);
        for (number, message) in messages.into_iter().enumerate() {
            let asked = matches!(message, Message::Key(KeyEvent { code: KeyCode::Char('q'), .. }));
            let effects = stage.tell(message);
            // Until it is asked to leave, it stays.
            let leaves = effects.contains(&Effect::Quit);
            prop_assert!(asked || stage.model.leaving || !leaves, "{effects:?}");
            if number % 8 == 0 && stage.model.size.0 > 0 && stage.model.size.1 > 0 {
                let picture = draw(&stage.model);
                crate::rules::hold(&stage.model, &picture.buffer);
            }
        }
        prop_assert!(can_be_left(&stage, || Message::Key(key("Ctrl-c"))));
        prop_assert!(can_be_left(&stage, || Message::Terminated));
    }
}
