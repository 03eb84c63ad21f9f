//! Dialogs.

use ratatui::Frame;
use ratatui::buffer::CellWidth as _;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Text};
use ratatui::widgets::Clear;
use unicode_width::UnicodeWidthStr as _;

use super::look::{line, style};
use super::pane::{frame_of, scrolled};
use crate::app::areas::{dialog as area_of, dialog_columns, inner};
use crate::app::dialog::{Answer, Confirm, Dialog, Hint};
use crate::app::model::Model;
use crate::app::panes::dialogs::{foreign, room};
use crate::app::rows::{Row, Scroll, Tone, marked_up, prose};
use crate::course::{Field, Lab, TIERS, substitute};
use crate::markdown::Face;
use crate::phrase;
use crate::phrase::{Phrase, Words};
use crate::printable;
use crate::problem::ProblemKind;

const PLAIN: Tone = Tone::Face(Face::Text);

/// Draws a dialog over the page.
pub fn draw(model: &Model, dialog: &Dialog, frame: &mut Frame<'_>) {
    match dialog {
        Dialog::Help(text) => scroll(model, KEYS.get(model.lang), text, 48, frame),
        Dialog::Hint(hint) => {
            let title = hint_title(model, hint);
            scroll(model, title.get(model.lang), &hint.text, dialog_columns(model.size), frame);
        }
        Dialog::Confirm(confirm) => {
            rows(model, SURE.get(model.lang), &confirm_rows(model, confirm), frame);
        }
        Dialog::Trouble(trouble) => {
            let columns = dialog_columns(model.size);
            let warns = trouble.problem.kind == ProblemKind::Warning;
            let title = if warns { WARNING } else { TROUBLE };
            scroll(model, title.get(model.lang), &trouble.text, columns, frame);
        }
        Dialog::Answer(answer) => {
            let lab = model.course.lab(&answer.lab);
            if let Some((lab, field)) =
                lab.and_then(|lab| Some((lab, lab.fields.get(answer.field)?)))
            {
                answer_dialog(model, lab, field, answer, frame);
            }
        }
    }
}

fn scroll(model: &Model, title: &str, text: &Scroll, columns: u16, frame: &mut Frame<'_>) {
    let rows = u16::try_from(text.seen().len().max(1)).unwrap_or(u16::MAX);
    let area = area_of(model.size, columns, rows.saturating_add(2));
    make_room(area, frame);
    scrolled(model, title, true, text, area, frame);
}

/// A dialog of these rows; says where they stand.
fn rows(model: &Model, title: &str, rows: &[Row], frame: &mut Frame<'_>) -> Rect {
    let height = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let area = area_of(model.size, dialog_columns(model.size), height.saturating_add(2));
    make_room(area, frame);
    frame.render_widget(frame_of(model, title, true), area);
    let room = inner(area);
    frame.render_widget(rows.iter().map(|row| line(model, row)).collect::<Text<'_>>(), room);
    room
}

/// Takes away what stands where a dialog will. A wide character of which it covers the second half
/// goes too: a terminal would show it whole and the border not at all.
fn make_room(area: Rect, frame: &mut Frame<'_>) {
    frame.render_widget(Clear, area);
    let Some(x) = area.x.checked_sub(1) else { return };
    for y in area.top()..area.bottom() {
        let beside = frame.buffer_mut().cell_mut(Position::new(x, y));
        if let Some(cell) = beside.filter(|cell| cell.cell_width() > 1) {
            cell.set_symbol(" ");
        }
    }
}

fn hint_title(model: &Model, hint: &Hint) -> Phrase {
    let lab = model.course.lab(&hint.lab);
    let title = lab.map(|lab| lab.texts.check_title(&hint.check).clone());
    let Phrase { en, zh } = title.unwrap_or_else(|| Phrase::same(&hint.check));
    if usize::from(hint.tier) == TIERS.len() {
        phrase!("Hint · {en} · the last one", "提示 · {zh} · 最后一条")
    } else {
        phrase!("Hint · {en}", "提示 · {zh}")
    }
}

fn confirm_rows(model: &Model, confirm: &Confirm) -> Vec<Row> {
    prose(confirm.question.get(model.lang), PLAIN, room(model))
}

fn answer_dialog(model: &Model, lab: &Lab, field: &Field, answer: &Answer, frame: &mut Frame<'_>) {
    let title = match lab.fields.len() {
        1 => phrase!("Answer field: {}", "答案栏：{}", field.id),
        all => {
            let number = answer.field + 1;
            phrase!("Answer field: {} ({number}/{all})", "答案栏：{}（{number}/{all}）", field.id)
        }
    };
    let text = substitute(lab.texts.field(&field.id).get(model.lang), &model.values_of_lab(lab));
    let mut lines = marked_up(&text, room(model));
    if let Some(example) = &field.example {
        let like = phrase!("for instance {example}", "例如 {example}");
        lines.extend(prose(like.get(model.lang), Tone::Dim, room(model)));
    }
    if let Some(stored) = answer.stored.as_ref().filter(|_| field.choices.is_empty()) {
        let stored = phrase!("saved so far: {stored}", "已保存：{stored}");
        lines.extend(foreign(stored.get(model.lang), Tone::Dim, room(model)));
    }
    lines.push(Row::default());
    let typed = typed_rows(model, field, answer);
    // Where not all has room, what is typed has: the field's text stands in the task too.
    let most = usize::from(model.size.1.saturating_sub(4));
    lines.truncate(most.saturating_sub(typed.len()));
    let typed_at = lines.len();
    lines.extend(typed);
    let area = rows(model, title.get(model.lang), &lines, frame);
    let below = u16::try_from(typed_at).unwrap_or(u16::MAX);
    if field.choices.is_empty() && below < area.height {
        type_line(model, answer, Rect { y: area.y + below, height: 1, ..area }, frame);
    }
}

/// What is typed or chosen, and why it was refused.
fn typed_rows(model: &Model, field: &Field, answer: &Answer) -> Vec<Row> {
    let mut rows = if field.choices.is_empty() {
        vec![Row::default()]
    } else {
        choice_rows(model, field, answer)
    };
    if let Some(refused) = &answer.refused {
        rows.push(Row::default());
        rows.extend(foreign(refused.message.get(model.lang), Tone::Bad, room(model)));
        rows.extend(foreign(refused.hint.get(model.lang), Tone::Title, room(model)));
    }
    rows
}

fn choice_rows(model: &Model, field: &Field, answer: &Answer) -> Vec<Row> {
    let choice = |(index, text): (usize, &String)| {
        let chosen = index == answer.choice;
        let (mark, tone) = if chosen { ("▸ ", Tone::Chosen) } else { ("  ", PLAIN) };
        let stored = if answer.stored.as_ref() == Some(text) { STORED.get(model.lang) } else { "" };
        Row::of(format!("{mark}{text}"), tone).and(format!("  {stored}"), Tone::Dim)
    };
    field.choices.iter().enumerate().map(choice).collect()
}

/// The line that is typed, with the cursor in view.
fn type_line(model: &Model, answer: &Answer, area: Rect, frame: &mut Frame<'_>) {
    const PROMPT: &str = "> ";
    let lead = u16::try_from(PROMPT.len()).unwrap_or_default();
    let room = area.width.saturating_sub(lead + 1);
    let typed = printable::line(answer.input.value());
    // What is shown may be longer than what is typed.
    let before: String = answer.input.value().chars().take(answer.input.cursor()).collect();
    let cursor = printable::line(&before).width();
    let scroll = cursor.saturating_sub(room.into());
    let field = Rect { x: area.x + lead, width: room + 1, ..area };
    frame.render_widget(Line::styled(PROMPT, style(model, Tone::Chosen)), area);
    let skipped = u16::try_from(scroll).unwrap_or(u16::MAX);
    let line = ratatui::widgets::Paragraph::new(typed).scroll((0, skipped));
    frame.render_widget(line, field);
    let column = cursor.saturating_sub(scroll);
    let column = u16::try_from(column).unwrap_or_default().min(room);
    frame.set_cursor_position(Position::new(field.x + column, field.y));
}

const KEYS: Words = Words::new("Keys", "快捷键");
const SURE: Words = Words::new("Are you sure?", "确定吗？");
const TROUBLE: Words = Words::new("This could not be done", "没有做成");
const WARNING: Words = Words::new("Warning", "警告");
const STORED: Words = Words::new("saved", "已保存");
