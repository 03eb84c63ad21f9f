//! Answers: what is typed, what is sent, and what comes back.

use kafka_workbook::app::dialog::{Answer, Dialog};
use kafka_workbook::app::message::Store;
use kafka_workbook::app::{Effect, Message, RequestId};
use kafka_workbook::phrase::Lang;

use crate::choices;
use crate::picture::{draw, row_text, screen_text};
use crate::stage::{SIZE, Stage};
use crate::story::{TOPICS_LAB, answered, closed, progress, started, under_way};

fn answering() -> Stage {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    stage.press("a");
    stage
}

fn choosing() -> Stage {
    let events = [started(choices::LAB, 1)];
    let mut stage = Stage::of(choices::course(), Lang::En, SIZE, progress(&events));
    stage.press("a");
    stage
}

#[track_caller]
fn answer(stage: &Stage) -> &Answer {
    match &stage.model.dialog {
        Some(Dialog::Answer(answer)) => answer,
        other => panic!("no answer is typed: {other:?}"),
    }
}

#[test]
fn nothing_typed_is_nothing_sent() {
    let mut stage = answering();
    assert_eq!(stage.press("Enter"), []);
    stage.type_in("   ");
    assert_eq!(stage.press("Enter"), []);
    assert!(answer(&stage).sent.is_none());
}

#[test]
fn an_answer_is_sent_once_without_the_blanks_around_it() {
    let mut stage = answering();
    stage.type_in("  INVALID_PARTITIONS ");
    let effects = stage.press("Enter");
    let [lab, field, value] = [TOPICS_LAB, "error", "INVALID_PARTITIONS"].map(str::to_owned);
    assert_eq!(effects, [Effect::Answer(stage.answered_as(), Store { lab, field, value })]);
    assert_eq!(stage.press("Enter"), [], "it is on its way");
}

#[test]
fn an_answer_that_is_stored_closes_the_dialog() {
    let mut stage = answering();
    stage.type_in("37");
    stage.press("Enter");
    stage.tell(Message::Answered(stage.answered_as(), Ok(())));
    assert!(stage.model.dialog.is_none() && stage.model.notice.is_some());
}

#[test]
fn an_answer_that_is_refused_stays_to_be_mended() {
    let mut stage = answering();
    stage.type_in("37");
    stage.press("Enter");
    stage.tell(Message::Answered(stage.answered_as(), Err(closed())));
    assert_eq!(answer(&stage).input.value(), "37");
    assert_eq!(answer(&stage).refused.as_ref().map(|why| why.code), Some("already-passed"));
    stage.type_in("8");
    assert!(answer(&stage).refused.is_none(), "another one is being typed");
    assert!(matches!(stage.press("Enter")[..], [Effect::Answer(..)]));
}

#[test]
fn a_pasted_answer_too_is_another_one_than_was_refused() {
    let mut stage = answering();
    stage.type_in("37");
    stage.press("Enter");
    stage.tell(Message::Answered(stage.answered_as(), Err(closed())));
    stage.tell(Message::Paste("8".to_owned()));
    assert_eq!(answer(&stage).input.value(), "378");
    assert!(answer(&stage).refused.is_none());
}

#[test]
fn a_late_word_on_another_answer_changes_nothing() {
    let mut stage = answering();
    stage.type_in("37");
    stage.press("Enter");
    let RequestId(sent) = stage.answered_as();
    for late in [sent - 1, sent + 1, 0, u64::MAX] {
        stage.tell(Message::Answered(RequestId(late), Ok(())));
        stage.tell(Message::Answered(RequestId(late), Err(closed())));
    }
    assert!(answer(&stage).refused.is_none() && answer(&stage).sent.is_some());
    stage.press("Esc a");
    stage.tell(Message::Answered(RequestId(sent), Err(closed())));
    assert!(answer(&stage).refused.is_none(), "that was for the dialog before");
}

#[test]
fn another_try_is_typed_anew_beside_what_was_stored() {
    let events = [started(TOPICS_LAB, 1), answered(TOPICS_LAB, "error", "37")];
    let mut stage = Stage::with(Lang::En, SIZE, progress(&events));
    stage.press("a");
    assert_eq!(answer(&stage).stored.as_deref(), Some("37"));
    stage.type_in("41");
    assert_eq!(answer(&stage).input.value(), "41");
}

#[test]
fn pasted_text_becomes_one_line_without_control_characters() {
    for (pasted, typed) in [
        ("INVALID_PARTITIONS", "INVALID_PARTITIONS"),
        ("  37\n", "37"),
        ("37\r\nrm -rf ~\r\n", "37"),
        ("\n\n37\n", "37"),
        ("\u{1b}]0;owned\u{7}37\u{9b}31m", "]0;owned3731m"),
        ("3\t7\u{0}", "37"),
        ("分区\u{feff}数", "分区\u{feff}数"),
        ("", ""),
    ] {
        let mut stage = answering();
        assert_eq!(stage.tell(Message::Paste(pasted.to_owned())), []);
        assert_eq!(answer(&stage).input.value(), typed, "{pasted:?}");
        crate::rules::hold(&stage.model, &draw(&stage.model).buffer);
    }
}

#[test]
fn a_megabyte_that_is_pasted_is_cut_to_what_an_answer_may_have() {
    for piece in ["x", "分", "x\n"] {
        let mut stage = answering();
        stage.tell(Message::Paste(piece.repeat(1 << 20)));
        assert!(answer(&stage).input.value().chars().count() <= 1000);
        stage.type_in("more");
        assert!(answer(&stage).input.value().chars().count() <= 1000 + 4);
        crate::rules::hold(&stage.model, &draw(&stage.model).buffer);
    }
}

#[test]
fn what_is_pasted_where_nothing_is_typed_is_dropped() {
    let mut stage = Stage::with(Lang::En, SIZE, under_way(TOPICS_LAB));
    let before = format!("{:?}", stage.model);
    stage.tell(Message::Paste("q\ny\n".to_owned()));
    assert_eq!(format!("{:?}", stage.model), before);
}

/// The cursor stands behind what was typed, in the row of the prompt, whatever is typed.
#[test]
fn the_cursor_is_where_the_next_character_goes() {
    for (typed, back) in [("", 0), ("37", 0), ("分区数", 0), ("分区数", 1), ("x", 1)] {
        let mut stage = answering();
        stage.type_in(typed);
        (0..back).for_each(|_| {
            stage.press("←");
        });
        let picture = draw(&stage.model);
        let cursor = picture.cursor.expect("a cursor");
        let row = row_text(&picture.buffer, cursor.y);
        let shown: String = typed.chars().take(typed.chars().count() - back).collect();
        assert!(row.contains(&format!("> {typed}")), "{row}");
        let prompt = row.split("> ").next().expect("a prompt");
        let columns = unicode_width::UnicodeWidthStr::width;
        let expected = columns(prompt) + 2 + columns(shown.as_str());
        assert_eq!(usize::from(cursor.x), expected, "{typed:?} {back} back:\n{row}");
    }
}

#[test]
fn the_end_of_a_long_answer_is_in_sight() {
    for piece in ["0123456789", "分区数无效错误", "x分"] {
        let mut stage = answering();
        stage.type_in(&piece.repeat(40));
        stage.type_in("END");
        let picture = draw(&stage.model);
        let cursor = picture.cursor.expect("a cursor");
        let before: String = (cursor.x - 3..cursor.x)
            .map(|x| picture.buffer[(x, cursor.y)].symbol().to_owned())
            .collect();
        assert_eq!(before, "END", "{}", screen_text(&picture.buffer));
    }
}

#[test]
fn without_a_cursor_to_type_at_none_is_shown() {
    let mut stage = choosing();
    assert!(draw(&stage.model).cursor.is_none(), "choices");
    stage.press("Esc");
    assert!(draw(&stage.model).cursor.is_none(), "a page");
}

#[test]
fn a_choice_is_one_of_those_that_are_offered() {
    let mut stage = choosing();
    stage.press("↑ ↓ ↓ ↓ ↓ ↑");
    let effects = stage.press("Enter");
    let [lab, field, value] = [choices::LAB, "leader", "broker"].map(str::to_owned);
    assert_eq!(effects, [Effect::Answer(stage.answered_as(), Store { lab, field, value })]);
}

#[test]
fn the_first_field_that_is_open_is_asked_for_first() {
    let events = [started(choices::LAB, 1), answered(choices::LAB, "leader", "broker")];
    let mut stage = Stage::of(choices::course(), Lang::En, SIZE, progress(&events));
    stage.press("a");
    assert_eq!(answer(&stage).field, 1);
    stage.press("Tab");
    assert_eq!((answer(&stage).field, answer(&stage).choice), (0, 1), "with what was stored");
}

#[test]
fn a_lab_of_one_field_has_no_next_one() {
    let mut stage = answering();
    stage.type_in("37");
    stage.press("Tab");
    assert_eq!(answer(&stage).input.value(), "37", "what was typed is still there");
}

#[test]
fn fields_that_are_visited_keep_what_was_typed() {
    let mut stage = choosing();
    stage.press("Tab");
    stage.type_in("37");
    stage.press("Tab Tab");
    assert_eq!(answer(&stage).input.value(), "37");
}
