//! What reaches the model, and what it wants done.

use crossterm::event::KeyEvent;

use crate::course::{Lab, Lesson};
use crate::lab::check::Report;
use crate::lab::hint::Hint;
use crate::lab::overview::Overview;
use crate::phrase;
use crate::phrase::{Lang, Phrase};
use crate::problem::Problem;
use crate::progress::Progress;

/// A number for what was asked for, so that a late answer finds no one it could be taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// Something that has happened.
#[derive(Debug, Clone)]
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The terminal has another size: columns and rows.
    Resized(u16, u16),
    /// A second is over; sent only while there is [`super::model::Work`].
    Second,
    /// The process was told to end.
    Terminated,
    /// The progress log says something else than before.
    Progressed(Progress),
    /// What of the progress log does not count is something else than before.
    Warned(Vec<Problem>),
    /// The progress log cannot be read, or is not what it was.
    ProgressUnreadable(Problem),
    /// The cluster shows something else than before; `None`: there is none.
    Looked(Option<Overview>),
    /// Long work has come further.
    Step(RequestId, crate::engine::report::Step),
    /// Long work is over.
    Worked(RequestId, Result<(), Problem>),
    /// Verdicts other than before, or the first ones.
    Verdicts(RequestId, Report),
    /// An attempt is hosted no more: it is over, or it cannot be hosted, which is tried again.
    Unhosted(RequestId, Result<(), Problem>),
    /// An answer is stored, or not.
    Answered(RequestId, Result<(), Problem>),
    /// A hint has come; `None`: there is nothing left to hint at.
    Hinted(RequestId, Result<Option<Hint>, Problem>),
    /// The language could not be kept.
    Forgotten(Problem),
    /// The learner has left the shell, or it could not be started.
    ShellLeft(Result<(), Problem>),
}

/// Something to be done outside of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Long work; its steps and its end come back as messages.
    Work(RequestId, Job),
    /// Call long work off; its end comes all the same.
    CallOff(RequestId),
    /// Host the attempt at a lab that is going on.
    Host(RequestId, String),
    /// Host no more.
    Unhost,
    /// Store an answer.
    Answer(RequestId, Store),
    /// The next hint for a check of a lab.
    Hint(RequestId, String, String),
    /// Keep the language for the next start.
    Remember(Lang),
    /// Give the terminal to a shell.
    Shell(Place),
    /// Give the terminal back to the shell that the program was started from.
    Suspend,
    /// End.
    Quit,
}

/// An answer to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// The lab.
    pub lab: String,
    /// The field's id.
    pub field: String,
    /// What was typed.
    pub value: String,
}

/// Long work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// Start a lab anew.
    StartLab(String),
    /// End the attempt at a lab.
    StopLab(String),
    /// Bring up the cluster of a section, by its id, of the lesson of a day.
    StartLesson(u32, String),
    /// Start what this home ran last, with its data.
    BringBack,
    /// Start the learner's own compose file, for a lab whose cluster the learner starts.
    OwnFile(String),
}

/// Where a shell is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a lab.
    Lab(String),
    /// In a section, by its id, of the lesson of a day.
    Lesson(u32, String),
}

impl Job {
    /// Whether it can be called off into a state that is known.
    pub const fn can_be_called_off(&self) -> bool {
        matches!(self, Self::StartLab(_) | Self::StartLesson(..) | Self::OwnFile(_))
    }

    /// What is being done.
    pub fn title(&self, labs: &[Lab], lessons: &[Lesson]) -> Phrase {
        let lab = |id: &str| labs.iter().find(|lab| lab.id == id).map(|lab| &lab.texts.title);
        let named = |id: &String| {
            lab(id).map_or_else(
                || Phrase::same(id.clone()),
                |Phrase { en, zh }| Phrase::new(format!("{id} {en}"), format!("{id} {zh}")),
            )
        };
        match self {
            Self::StartLab(id) => {
                let Phrase { en, zh } = named(id);
                phrase!("starting {en}", "正在启动 {zh}")
            }
            Self::StopLab(id) => {
                let Phrase { en, zh } = named(id);
                phrase!("stopping {en}", "正在停止 {zh}")
            }
            Self::StartLesson(day, section) => {
                let lesson = lessons.iter().find(|lesson| lesson.day == *day);
                let stage = lesson.map(|lesson| lesson.stage_of(section));
                let environment = stage.map_or("", |stage| stage.environment.as_str());
                phrase!(
                    "starting {environment} for the lesson of day {day}",
                    "正在为第 {day} 天的课文启动 {environment}"
                )
            }
            Self::BringBack => phrase!("bringing the cluster back", "正在恢复集群"),
            Self::OwnFile(id) => phrase!(
                "starting the compose file in the workspace of {id}",
                "正在启动 {id} 工作目录里的 compose 文件"
            ),
        }
    }
}
