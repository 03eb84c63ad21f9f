//! A model that is driven by messages, as in life.

use std::sync::{Arc, LazyLock};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::TimeZone;
use kafka_workbook::app::model::{Page, Setting};
use kafka_workbook::app::{Effect, Message, Model, RequestId, update};
use kafka_workbook::course::{Course, Source};
use kafka_workbook::phrase::Lang;
use kafka_workbook::progress::Progress;

/// A terminal that every page has to fit, one that is comfortable, and one with room.
pub const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// The size of tests that are about something else.
pub const SIZE: (u16, u16) = (120, 40);

static COURSE: LazyLock<Arc<Course>> =
    LazyLock::new(|| Arc::new(Course::load(&Source::Embedded).expect("the embedded course")));

/// The course in the binary.
pub fn course() -> Arc<Course> {
    Arc::clone(&COURSE)
}

/// A model, and what it has asked for.
#[derive(Debug, Clone)]
pub struct Stage {
    pub model: Model,
    /// Everything asked for so far, in order.
    pub effects: Vec<Effect>,
}

impl Stage {
    /// The workbook as it opens for somebody who has done nothing yet.
    pub fn new(lang: Lang, size: (u16, u16)) -> Self {
        Self::of(course(), lang, size, Progress::default())
    }

    /// The workbook as it opens for somebody with progress.
    pub fn with(lang: Lang, size: (u16, u16), progress: Progress) -> Self {
        Self::of(course(), lang, size, progress)
    }

    /// The same with another course.
    pub fn of(course: Arc<Course>, lang: Lang, size: (u16, u16), progress: Progress) -> Self {
        let setting = Setting { lang, colour: true, zone: TimeZone::UTC, size };
        let model = Model::new(course, setting, progress);
        let mut stage = Self { model, effects: Vec::new() };
        stage.tell(Message::Resized(size.0, size.1));
        stage
    }

    /// Something happens; says what is asked for because of it.
    pub fn tell(&mut self, message: Message) -> Vec<Effect> {
        let effects = update(&mut self.model, message);
        self.effects.extend(effects.clone());
        effects
    }

    /// Presses keys, separated by blanks: `j`, `Enter`, `Ctrl-c`. Says what the last one asked for.
    pub fn press(&mut self, keys: &str) -> Vec<Effect> {
        let pressed = keys.split(' ').map(|name| self.tell(Message::Key(key(name))));
        pressed.last().unwrap_or_default()
    }

    /// Types text, character by character.
    pub fn type_in(&mut self, text: &str) {
        for c in text.chars() {
            self.tell(Message::Key(KeyEvent::from(KeyCode::Char(c))));
        }
    }

    /// The id of the work that was begun last.
    #[track_caller]
    pub fn worked_on(&self) -> RequestId {
        let id = |effect: &Effect| match effect {
            Effect::Work(id, _) => Some(*id),
            _ => None,
        };
        self.effects.iter().rev().find_map(id).expect("no work has begun")
    }

    /// The id of the hosting that was asked for last.
    #[track_caller]
    pub fn hosted_as(&self) -> RequestId {
        let id = |effect: &Effect| match effect {
            Effect::Host(id, _) => Some(*id),
            _ => None,
        };
        self.effects.iter().rev().find_map(id).expect("nothing is hosted")
    }

    /// The id of the hint that was asked for last.
    #[track_caller]
    pub fn hint_as(&self) -> RequestId {
        let id = |effect: &Effect| match effect {
            Effect::Hint(id, ..) => Some(*id),
            _ => None,
        };
        self.effects.iter().rev().find_map(id).expect("no hint was asked for")
    }

    /// The id of the answer that was sent last.
    #[track_caller]
    pub fn answered_as(&self) -> RequestId {
        let id = |effect: &Effect| match effect {
            Effect::Answer(id, _) => Some(*id),
            _ => None,
        };
        self.effects.iter().rev().find_map(id).expect("no answer was sent")
    }

    /// The section that is being read, and the rows below its heading.
    #[track_caller]
    pub fn place(&self) -> (usize, usize) {
        match &self.model.page {
            Page::Lesson(page) => page.place(),
            other => panic!("no lesson is open: {other:?}"),
        }
    }
}

/// A key by the name that the screen gives it.
#[track_caller]
pub fn key(name: &str) -> KeyEvent {
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "Space" => KeyCode::Char(' '),
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        "Backspace" => KeyCode::Backspace,
        "↑" => KeyCode::Up,
        "↓" => KeyCode::Down,
        "←" => KeyCode::Left,
        "→" => KeyCode::Right,
        _ => return character(name),
    };
    KeyEvent::from(code)
}

#[track_caller]
fn character(name: &str) -> KeyEvent {
    let (letter, with) = match name.strip_prefix("Ctrl-") {
        Some(letter) => (letter.to_lowercase(), KeyModifiers::CONTROL),
        None => (name.to_owned(), KeyModifiers::NONE),
    };
    let mut letters = letter.chars();
    match (letters.next(), letters.next()) {
        (Some(c), None) => KeyEvent::new(KeyCode::Char(c), with),
        _ => panic!("no key is named {name}"),
    }
}
