//! Frames as text.

use std::fmt::Write as _;

use insta::{Settings, assert_snapshot};
use kafka_workbook::app::Model;
use kafka_workbook::phrase::Lang;
use kafka_workbook::ui;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, CellWidth as _};
use ratatui::layout::Position;

use crate::rules;
use crate::stage::{SIZES, Stage};

/// A frame, and where the cursor is shown in it.
#[derive(Debug, Clone)]
pub struct Picture {
    pub buffer: Buffer,
    pub cursor: Option<Position>,
}

/// Draws a model on a terminal of its size.
pub fn draw(model: &Model) -> Picture {
    draw_on(model, model.size)
}

/// Draws a model on a terminal of a size that it may not have heard of yet.
pub fn draw_on(model: &Model, (columns, rows): (u16, u16)) -> Picture {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a terminal");
    let buffer = terminal.draw(|frame| ui::draw(model, frame)).expect("a frame").buffer.clone();
    let backend = terminal.backend();
    let cursor = backend.cursor_visible().then(|| backend.cursor_position());
    Picture { buffer, cursor }
}

/// What a reader sees: without the cells that a wide character covers, and without blanks at the
/// ends of lines.
pub fn screen_text(buffer: &Buffer) -> String {
    let rows = buffer.area.rows().map(|row| row_text(buffer, row.y).trim_end().to_owned() + "\n");
    rows.collect()
}

/// One row of it, whole.
pub fn row_text(buffer: &Buffer, y: u16) -> String {
    let (mut text, mut covered) = (String::new(), 0);
    for x in buffer.area.left()..buffer.area.right() {
        if covered > 0 {
            covered -= 1;
            continue;
        }
        let cell = &buffer[(x, y)];
        text.push_str(cell.symbol());
        covered = cell.cell_width().saturating_sub(1);
    }
    text
}

/// Keeps a state as it looks at all sizes in both languages, and holds it to the rules.
#[track_caller]
pub fn shows(name: &str, stage: impl Fn(Lang, (u16, u16)) -> Stage) {
    shows_at(name, &SIZES, stage);
}

/// The same at other sizes.
#[track_caller]
pub fn shows_at(name: &str, sizes: &[(u16, u16)], stage: impl Fn(Lang, (u16, u16)) -> Stage) {
    for lang in Lang::ALL {
        let mut text = String::new();
        for size in sizes {
            let stage = stage(lang, *size);
            let picture = draw(&stage.model);
            rules::hold(&stage.model, &picture.buffer);
            writeln!(text, "{}×{}\n{}", size.0, size.1, screen_text(&picture.buffer))
                .expect("memory");
        }
        let mut settings = Settings::clone_current();
        settings.set_omit_expression(true);
        settings.set_prepend_module_to_snapshot(false);
        settings.bind(|| assert_snapshot!(format!("{name}.{lang}"), text));
    }
}
