//! The terminal: taken, given back, and given back whatever happens.

use std::io::{self, Stdout, Write as _, stdin, stdout};
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Position, Rect};
use rustix::process::getpgrp;
use rustix::termios::tcsetpgrp;

use crate::app::Model;
use crate::ui;

/// The exit code of a program that panicked, as the standard library has it.
const PANICKED: i32 = 101;

/// Whether the terminal is ours at this moment: it is given back once.
static TAKEN: AtomicBool = AtomicBool::new(false);

static HOOK: Once = Once::new();

/// The terminal while it is ours.
pub struct Terminal {
    inner: ratatui::Terminal<CrosstermBackend<Stdout>>,
    /// Whether it may show something else than what was drawn last.
    lost: bool,
}

impl Terminal {
    /// Takes the terminal.
    pub fn take() -> io::Result<Self> {
        HOOK.call_once(give_back_on_panic);
        let taken = enter();
        if taken.is_err() {
            give_back();
        }
        taken?;
        let inner = ratatui::Terminal::new(CrosstermBackend::new(stdout()))?;
        Ok(Self { inner, lost: false })
    }

    /// Takes it again after [`give_back`]. Whatever was written meanwhile is gone.
    pub fn take_again(&mut self) -> io::Result<()> {
        self.lose();
        enter()
    }

    /// What it shows is not to be relied on: the next frame is written as a whole. A terminal that
    /// was another size for a moment has forgotten some of it.
    pub const fn lose(&mut self) {
        self.lost = true;
    }

    /// Columns and rows.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.inner.size()?;
        Ok((size.width, size.height))
    }

    /// Draws a frame. The terminal shows it at once and never half of it, where it can.
    pub fn draw(&mut self, model: &Model) -> io::Result<()> {
        execute!(stdout(), BeginSynchronizedUpdate)?;
        if std::mem::take(&mut self.lost) {
            // `clear` would ask the terminal where its cursor is, and wait for the answer.
            let area = Rect::from((Position::ORIGIN, self.inner.size()?));
            self.inner.resize(area)?;
        }
        self.inner.draw(|frame| ui::draw(model, frame))?;
        execute!(stdout(), EndSynchronizedUpdate)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

/// Makes this program the one that the terminal listens to, after a shell of its own that may have
/// been killed before it could. Who asks for it from the background is stopped by SIGTTOU, unless
/// that is blocked.
pub fn come_to_the_front() -> io::Result<()> {
    let mut stop = SigSet::empty();
    stop.add(Signal::SIGTTOU);
    let before = stop.thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
    let front = tcsetpgrp(stdin(), getpgrp());
    before.thread_set_mask()?;
    Ok(front?)
}

fn enter() -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)
}

/// Gives the terminal back as it was. Each step is tried, whatever came of the one before.
pub fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let _ = execute!(stdout(), EndSynchronizedUpdate, DisableBracketedPaste, LeaveAlternateScreen);
    let _ = execute!(stdout(), Show);
    let _ = disable_raw_mode();
    let _ = stdout().flush();
}

/// A panic, on whatever thread, ends the program: one that goes on would draw into a terminal that
/// is not its own any more. Nothing is lost with it, see `progress`.
#[expect(clippy::exit, reason = "a panic on another thread ends only that thread otherwise")]
fn give_back_on_panic() {
    let told = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        give_back();
        told(panic);
        std::process::exit(PANICKED);
    }));
}
