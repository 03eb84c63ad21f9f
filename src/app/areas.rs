//! Where things stand on the screen, for laying text out and for drawing it.

use ratatui::layout::{Constraint, Layout, Rect};

/// Fewer columns or rows than these show no page.
pub const LEAST: (u16, u16) = (60, 15);

/// From so many columns on, task and checks stand side by side.
const SIDE_BY_SIDE: u16 = 100;

/// From so many columns on, the headings stand beside a lesson's text, which keeps room for drawings
/// of 76 columns.
const WITH_OUTLINE: u16 = 116;

/// From so many columns on, there is room for a third column.
const THREE_COLUMNS: u16 = 180;

/// Columns of text that are read with ease.
const READABLE: u16 = 84;

/// Rows of the panel of long work.
const WORK: u16 = 5;

/// Columns and rows of the terminal.
pub type Size = (u16, u16);

/// A pane of the lab page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pane {
    /// The task.
    #[default]
    Task,
    /// The checks.
    Checks,
    /// What stands in the cluster.
    Cluster,
}

/// The parts of every page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// Where the learner is and what runs.
    pub header: Rect,
    /// The page.
    pub body: Rect,
    /// Long work, while there is some.
    pub work: Rect,
    /// The keys.
    pub footer: Rect,
}

/// The parts of a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LessonAreas {
    /// The headings, where there is room.
    pub outline: Option<Rect>,
    /// The text.
    pub text: Rect,
    /// The list of the cluster, where there is room.
    pub cluster: Option<Rect>,
}

/// The parts of a lab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabAreas {
    /// The task.
    pub task: Rect,
    /// The checks.
    pub checks: Rect,
    /// The list of the cluster.
    pub cluster: Rect,
    /// Whether the panes stand one below the other: those where the learner is not are short then.
    pub stacked: bool,
}

/// The parts of every page, with room for long work or without.
pub fn parts((width, height): Size, working: bool) -> Parts {
    let whole = Rect::new(0, 0, width, height);
    let work = if working { WORK } else { 0 };
    let rows = [
        Constraint::Length(1),
        Constraint::Min(0),
        Constraint::Length(work),
        Constraint::Length(1),
    ];
    let [header, body, work, footer] = Layout::vertical(rows).areas(whole);
    Parts { header, body, work, footer }
}

/// The parts of the course map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HomeAreas {
    /// The days.
    pub days: Rect,
    /// What the chosen day offers.
    pub day: Rect,
    /// What of the progress cannot be read; no rows where all can.
    pub warning: Rect,
}

/// The course map, with room for a warning or without.
pub fn home(body: Rect, warns: bool) -> HomeAreas {
    let rows = [Constraint::Min(0), Constraint::Length(warns.into())];
    let [map, warning] = Layout::vertical(rows).areas(body);
    let days = if body.width >= SIDE_BY_SIDE { 36 } else { 26 };
    let [days, day] = Layout::horizontal([Constraint::Length(days), Constraint::Min(0)]).areas(map);
    HomeAreas { days, day, warning }
}

/// A lesson.
pub fn lesson(body: Rect) -> LessonAreas {
    let outline = body.width >= WITH_OUTLINE;
    let cluster = body.width >= THREE_COLUMNS;
    let columns = [
        Constraint::Length(if outline { 34 } else { 0 }),
        Constraint::Fill(1),
        Constraint::Length(if cluster { body.width - 34 - READABLE } else { 0 }),
    ];
    let [left, text, right] = Layout::horizontal(columns).areas(body);
    LessonAreas { outline: outline.then_some(left), text, cluster: cluster.then_some(right) }
}

/// A lab, with the pane where the learner is and `checks` of them. What the cluster holds moves no
/// border.
pub fn lab(body: Rect, pane: Pane, checks: u16) -> LabAreas {
    if body.width >= THREE_COLUMNS {
        let columns = [Constraint::Max(READABLE), Constraint::Fill(3), Constraint::Fill(2)];
        let [task, checks, cluster] = Layout::horizontal(columns).areas(body);
        LabAreas { task, checks, cluster, stacked: false }
    } else if body.width >= SIDE_BY_SIDE {
        let columns = [Constraint::Percentage(46), Constraint::Fill(1)];
        let [task, right] = Layout::horizontal(columns).areas(body);
        let cluster = Constraint::Length((body.height / 3).clamp(5, 14));
        let [checks, cluster] = Layout::vertical([Constraint::Min(0), cluster]).areas(right);
        LabAreas { task, checks, cluster, stacked: false }
    } else {
        let [task, checks, cluster] = stacked(pane, checks);
        let [task, checks, cluster] = Layout::vertical([task, checks, cluster]).areas(body);
        LabAreas { task, checks, cluster, stacked: true }
    }
}

/// The pane where the learner is gets what the others leave.
fn stacked(pane: Pane, checks: u16) -> [Constraint; 3] {
    // A line a check, and one for all of them.
    let short = Constraint::Length((checks + 3).min(9));
    let line = Constraint::Length(3);
    match pane {
        Pane::Task => [Constraint::Min(3), short, line],
        Pane::Checks => [Constraint::Length(5), Constraint::Min(3), line],
        Pane::Cluster => [Constraint::Length(5), short, Constraint::Min(3)],
    }
}

/// What a pane holds, within its border and a blank on either side.
pub const fn inner(pane: Rect) -> Rect {
    Rect {
        x: pane.x.saturating_add(2),
        y: pane.y.saturating_add(1),
        width: pane.width.saturating_sub(4),
        height: pane.height.saturating_sub(2),
    }
}

/// A dialog of these columns and rows, as far as they fit, in the middle of the screen.
pub fn dialog((width, height): Size, columns: u16, rows: u16) -> Rect {
    let columns = columns.min(width.saturating_sub(4));
    let rows = rows.min(height.saturating_sub(2));
    Rect::new((width - columns) / 2, (height - rows) / 2, columns, rows)
}

/// Columns of a dialog that holds prose.
pub const fn dialog_columns((width, _): Size) -> u16 {
    let room = width.saturating_sub(8);
    if room < READABLE { room } else { READABLE }
}
