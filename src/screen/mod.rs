//! The full-screen workbook: what happens becomes messages, what the model wants is done.

mod hosting;
mod runner;
mod shell;
mod signals;
mod terminal;
mod watch;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{self, Event, EventStream};
use futures::StreamExt as _;
use jiff::tz::TimeZone;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, sleep_until};

use self::runner::Runner;
use self::signals::{Signals, Told};
use self::terminal::{Terminal, come_to_the_front, give_back};
use crate::app::model::Setting;
use crate::app::{Effect, Message, Model, update};
use crate::engine::cluster::NodeState;
use crate::engine::store;
use crate::lab::Workbook;
use crate::phrase;
use crate::phrase::Lang;
use crate::problem::Problem;

/// The least time between two frames: 60 a second.
const FRAME: Duration = Duration::from_micros(16_667);

const SECOND: Duration = Duration::from_secs(1);

/// Where messages go.
type Sender = UnboundedSender<Message>;

/// How the workbook came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The learner has left it.
    ByLearner,
    /// A signal of this number told it to.
    BySignal(u8),
}

/// What is left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// How the workbook came to its end.
    pub ended: Ended,
    /// The environment whose nodes run on.
    pub runs_on: Option<String>,
}

/// Shows the workbook until it is left. The terminal is given back before this returns.
pub async fn run(workbook: Arc<Workbook>, lang: Lang, colour: bool) -> Result<Left, Problem> {
    // What is broken is told on a terminal that is still the learner's.
    let standing = workbook.progress.standing()?;
    let warnings = standing.warnings(workbook.progress.path());
    let signals = Signals::heeded().map_err(|e| no_terminal(&e))?;
    let terminal = Terminal::take().map_err(|e| no_terminal(&e))?;
    let size = terminal.size().map_err(|e| no_terminal(&e))?;
    let setting = Setting { lang, colour, zone: TimeZone::system(), size };
    let mut model = Model::new(Arc::clone(&workbook.course), setting, standing.progress);
    model.warnings = warnings;
    let (sender, messages) = unbounded_channel();
    let runner = Runner::new(workbook, sender);
    let screen = Screen {
        model,
        terminal,
        keys: EventStream::new(),
        signals,
        messages,
        runner,
        drawn: None,
        dirty: true,
        gone: false,
        trouble: None,
    };
    screen.run(size).await.map_err(|e| no_terminal(&e))
}

struct Screen {
    model: Model,
    terminal: Terminal,
    keys: EventStream,
    signals: Signals,
    messages: UnboundedReceiver<Message>,
    runner: Runner,
    drawn: Option<Instant>,
    dirty: bool,
    /// Whether the terminal is gone: nothing is drawn or read any more.
    gone: bool,
    /// Why nothing could be drawn any more.
    trouble: Option<io::Error>,
}

/// What the loop woke up for.
#[expect(clippy::large_enum_variant, reason = "there is one at a time, on the stack")]
enum Woken {
    By(Message),
    BySignal(Told),
    ForFrame,
    ByLostTerminal,
}

impl Screen {
    async fn run(mut self, size: (u16, u16)) -> io::Result<Left> {
        let ended = self.go_on(size).await?;
        if let (Ended::ByLearner, Some(trouble)) = (ended, self.trouble.take()) {
            return Err(trouble);
        }
        let overview = self.model.overview.as_ref();
        let running =
            overview.filter(|o| o.nodes.iter().any(|node| node.state != NodeState::Stopped));
        let runs_on = running.map(|overview| overview.cluster.environment.clone());
        // Who leaves at once has not looked yet.
        let unseen = || Some(store::started(&self.runner.workbook().paths)?.environment);
        let runs_on = if overview.is_none() { unseen() } else { runs_on };
        Ok(Left { ended, runs_on })
    }

    async fn go_on(&mut self, (columns, rows): (u16, u16)) -> io::Result<Ended> {
        let mut next_second = Instant::now() + SECOND;
        let mut told_to_end = None;
        self.runner.watch();
        let mut message = Some(Message::Resized(columns, rows));
        loop {
            if let Some(message) = message.take() {
                if matches!(message, Message::Resized(..)) {
                    self.terminal.lose();
                }
                let effects = update(&mut self.model, message);
                self.dirty = true;
                for effect in effects {
                    match effect {
                        Effect::Quit => return Ok(ended(told_to_end)),
                        Effect::Shell(place) => {
                            if let Some(signal) = self.shell(&place).await? {
                                return Ok(Ended::BySignal(signal));
                            }
                        }
                        Effect::Suspend => self.suspend()?,
                        other => self.runner.run(other),
                    }
                }
            }
            if let Err(error) = self.draw_if_due() {
                self.trouble = Some(error);
                message = self.lose_terminal();
                continue;
            }
            if self.model.work.is_none() {
                next_second = Instant::now() + SECOND;
            }
            match self.woken(next_second).await {
                Woken::By(Message::Second) => {
                    next_second = Instant::now() + SECOND;
                    message = Some(Message::Second);
                }
                Woken::By(other) => message = Some(other),
                Woken::BySignal(Told::GoOn) => self.come_back()?,
                Woken::BySignal(Told::HangUp(signal)) => {
                    told_to_end = Some(signal);
                    message = self.lose_terminal();
                }
                Woken::BySignal(Told::End(signal)) => {
                    told_to_end = Some(signal);
                    message = Some(Message::Terminated);
                }
                Woken::ForFrame => {}
                Woken::ByLostTerminal => message = self.lose_terminal(),
            }
        }
    }

    /// The terminal is gone, which may be told by a signal, by a read and by a write: it is one end
    /// of the program, which first calls off what is under way.
    const fn lose_terminal(&mut self) -> Option<Message> {
        if self.gone {
            return None;
        }
        self.gone = true;
        Some(Message::Terminated)
    }

    fn draw_if_due(&mut self) -> io::Result<()> {
        let due = !self.gone && self.drawn.is_none_or(|drawn| drawn.elapsed() >= FRAME);
        if self.dirty && due {
            self.terminal.draw(&self.model)?;
            self.drawn = Some(Instant::now());
            self.dirty = false;
        }
        Ok(())
    }

    /// Waits for the next thing that happens. Keys come first: nothing holds one up.
    async fn woken(&mut self, next_second: Instant) -> Woken {
        let frame = self.drawn.map_or_else(Instant::now, |drawn| drawn + FRAME);
        loop {
            tokio::select! {
                biased;
                told = self.signals.told() => return Woken::BySignal(told),
                event = self.keys.next(), if !self.gone => match event {
                    Some(Ok(event)) => if let Some(message) = of_event(event) {
                        return Woken::By(message);
                    },
                    Some(Err(_)) | None => return Woken::ByLostTerminal,
                },
                Some(message) = self.messages.recv() => return Woken::By(message),
                () = sleep_until(frame), if self.dirty && !self.gone => return Woken::ForFrame,
                () = sleep_until(next_second), if self.model.work.is_some() => {
                    return Woken::By(Message::Second);
                }
            }
        }
    }

    /// Gives the terminal to a shell until the learner leaves it, or until a signal ends both: its
    /// number.
    async fn shell(&mut self, place: &crate::app::Place) -> io::Result<Option<u8>> {
        let command = match shell::command(self.runner.workbook(), place) {
            Ok(command) => command,
            Err(problem) => {
                self.runner.tell(Message::ShellLeft(Err(problem)));
                return Ok(None);
            }
        };
        // A stream that is there goes on reading what is meant for the shell.
        self.keys = EventStream::new();
        forget_keys()?;
        give_back();
        let left = shell::run(command, place, self.model.lang, &mut self.signals).await;
        if let Ok(Some(signal)) = left {
            return Ok(Some(signal));
        }
        self.keys = EventStream::new();
        self.runner.tell(Message::ShellLeft(left.map(drop)));
        come_to_the_front()?;
        self.come_back()?;
        Ok(None)
    }

    /// Stops the program in its tracks, as Ctrl-Z does elsewhere, until it is told to go on.
    fn suspend(&mut self) -> io::Result<()> {
        give_back();
        rustix::process::kill_current_process_group(rustix::process::Signal::TSTP)?;
        self.come_back()
    }

    /// Takes the terminal again. Of its size nobody is told who has not got it.
    fn come_back(&mut self) -> io::Result<()> {
        self.terminal.take_again()?;
        forget_keys()?;
        let (columns, rows) = self.terminal.size()?;
        self.runner.tell(Message::Resized(columns, rows));
        Ok(())
    }
}

/// Forgets keys that were read and not taken: they were meant for what the terminal showed then.
fn forget_keys() -> io::Result<()> {
    while event::poll(Duration::ZERO)? {
        event::read()?;
    }
    Ok(())
}

/// What an event of the terminal means; some mean nothing.
fn of_event(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) => Some(Message::Key(key)),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(columns, rows) => Some(Message::Resized(columns, rows)),
        Event::FocusGained | Event::FocusLost | Event::Mouse(_) => None,
    }
}

fn ended(signal: Option<u8>) -> Ended {
    signal.map_or(Ended::ByLearner, Ended::BySignal)
}

fn no_terminal(e: &io::Error) -> Problem {
    Problem::new(
        "terminal",
        phrase!("the terminal cannot be used: {e}", "终端无法使用：{e}"),
        phrase!(
            "every part of the workbook is a command too: kafka-workbook --help",
            "不用全屏界面也可以：kafka-workbook --help"
        ),
    )
}
