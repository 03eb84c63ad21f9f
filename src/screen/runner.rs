//! Does what the model wants done, away from the task that draws.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::hosting::Listener;
use super::{Sender, watch};
use crate::app::{Effect, Job, Message, RequestId};
use crate::engine::choose::Choice;
use crate::engine::report::{Report, Step};
use crate::lab::audience::Audience as _;
use crate::lab::environments::{Up, up};
use crate::lab::learner::own_file;
use crate::lab::{Workbook, answer, hint, host, language, lesson, start, stop};
use crate::phrase::{Lang, Phrase};
use crate::problem::Problem;

/// How long a cluster may take until it serves.
const TIMEOUT: Duration = Duration::from_mins(2);

/// Between two words on how far the same step is.
const SEEN: Duration = Duration::from_millis(50);

/// Before hosting that failed is tried again: a disk that was full may have room.
const AGAIN: Duration = Duration::from_secs(1);

/// Runs effects; what comes of them are messages.
#[derive(Debug)]
pub struct Runner {
    workbook: Arc<Workbook>,
    messages: Sender,
    hosted: Arc<AtomicBool>,
    work: Option<(RequestId, Arc<AtomicBool>)>,
    language: Arc<Mutex<Lang>>,
    /// Held by whoever writes the language down.
    writing: Arc<Mutex<()>>,
}

impl Runner {
    /// For a workbook; messages go to `messages`.
    pub fn new(workbook: Arc<Workbook>, messages: Sender) -> Self {
        Self {
            workbook,
            messages,
            hosted: Arc::default(),
            work: None,
            language: Arc::default(),
            writing: Arc::default(),
        }
    }

    /// The workbook.
    pub fn workbook(&self) -> &Workbook {
        &self.workbook
    }

    /// Sends a message. Without a receiver the program is at its end.
    pub fn tell(&self, message: Message) {
        let _ = self.messages.send(message);
    }

    /// Tells from now on what changes in the progress log and in the cluster.
    pub fn watch(&self) {
        tokio::spawn(watch::progress(Arc::clone(&self.workbook), self.messages.clone()));
        tokio::spawn(watch::cluster(Arc::clone(&self.workbook), self.messages.clone()));
    }

    /// Begins an effect and returns at once.
    pub fn run(&mut self, effect: Effect) {
        match effect {
            Effect::Work(id, job) => self.begin(id, job),
            Effect::CallOff(id) => {
                if let Some((_, off)) = self.work.as_ref().filter(|(known, _)| *known == id) {
                    off.store(true, Ordering::Relaxed);
                }
            }
            Effect::Host(id, lab) => self.host(id, lab),
            Effect::Unhost => self.hosted.store(true, Ordering::Relaxed),
            Effect::Answer(id, store) => self.aside(move |workbook| {
                let lab = workbook.lab(&store.lab);
                let stored =
                    lab.and_then(|lab| answer::answer(workbook, lab, &store.field, &store.value));
                Message::Answered(id, stored)
            }),
            Effect::Hint(id, lab, check) => self.aside(move |workbook| {
                let lab = workbook.lab(&lab);
                Message::Hinted(id, lab.and_then(|lab| hint::hint(workbook, lab, Some(&check))))
            }),
            Effect::Remember(lang) => self.remember(lang),
            // These need the terminal: the loop does them itself.
            Effect::Shell(_) | Effect::Suspend | Effect::Quit => {}
        }
    }

    fn begin(&mut self, id: RequestId, job: Job) {
        let off = Arc::new(AtomicBool::new(false));
        self.work = Some((id, Arc::clone(&off)));
        let report = Steps { id, messages: self.messages.clone(), off, last: Mutex::default() };
        let (workbook, messages) = (Arc::clone(&self.workbook), self.messages.clone());
        tokio::spawn(async move {
            let ended = work(&workbook, job, Arc::new(report)).await;
            // What it has changed is known before it is over.
            watch::tell_progress(&workbook, &messages);
            let _ = messages.send(Message::Worked(id, ended));
        });
    }

    fn host(&mut self, id: RequestId, lab: String) {
        self.hosted.store(true, Ordering::Relaxed);
        self.hosted = Arc::default();
        let off = Arc::clone(&self.hosted);
        let (workbook, messages) = (Arc::clone(&self.workbook), self.messages.clone());
        tokio::spawn(async move {
            let listener = Listener { id, messages: messages.clone(), off };
            while !listener.called_off() {
                let ended = hosted(&workbook, &lab, &listener).await;
                let over = ended.is_ok();
                let _ = messages.send(Message::Unhosted(id, ended));
                if over {
                    break;
                }
                sleep(AGAIN).await;
            }
        });
    }

    /// Of several choices in a row the last one stays, whichever is written last.
    fn remember(&self, lang: Lang) {
        // Held for a moment only: whoever writes, perhaps to a disk that hangs, holds the other.
        *self.language.lock().unwrap_or_else(PoisonError::into_inner) = lang;
        let (chosen, writing) = (Arc::clone(&self.language), Arc::clone(&self.writing));
        let (workbook, messages) = (Arc::clone(&self.workbook), self.messages.clone());
        tokio::task::spawn_blocking(move || {
            let _turn = writing.lock().unwrap_or_else(PoisonError::into_inner);
            let lang = *chosen.lock().unwrap_or_else(PoisonError::into_inner);
            if let Err(problem) = language::choose(&workbook.paths, lang) {
                let _ = messages.send(Message::Forgotten(problem));
            }
        });
    }

    /// Something that reads or writes a file or two.
    fn aside(&self, what: impl FnOnce(&Workbook) -> Message + Send + 'static) {
        let (workbook, messages) = (Arc::clone(&self.workbook), self.messages.clone());
        tokio::task::spawn_blocking(move || {
            let message = what(&workbook);
            watch::tell_progress(&workbook, &messages);
            let _ = messages.send(message);
        });
    }
}

async fn work(workbook: &Workbook, job: Job, report: Arc<dyn Report>) -> Result<(), Problem> {
    match job {
        Job::StartLab(id) => {
            let lab = workbook.lab(&id)?;
            let choice = start::as_before(workbook, lab, Choice::Auto)?;
            start::start(workbook, lab, choice, TIMEOUT, report).await?;
        }
        Job::StopLab(id) => {
            stop::stop(workbook, workbook.lab(&id)?, &*report).await?;
        }
        Job::StartLesson(day, section) => {
            let lesson = workbook.lesson(&day.to_string())?;
            lesson::start(workbook, lesson.stage_of(&section), Choice::Auto, TIMEOUT, report)
                .await?;
        }
        Job::OwnFile(id) => {
            let file = own_file(workbook, workbook.lab(&id)?)?;
            up(workbook, Up::File(file), Choice::Auto, TIMEOUT, report).await?;
        }
        Job::BringBack => {
            up(workbook, Up::Again, Choice::Auto, TIMEOUT, report).await?;
        }
    }
    Ok(())
}

async fn hosted(workbook: &Workbook, lab: &str, listener: &Listener) -> Result<(), Problem> {
    let mut host = host::Host::of(workbook, workbook.lab(lab)?).await?;
    host.watch(listener).await
}

/// Sends the steps of long work; how far one is no oftener than can be seen.
#[derive(Debug)]
struct Steps {
    id: RequestId,
    messages: Sender,
    off: Arc<AtomicBool>,
    last: Mutex<Option<(Phrase, Instant)>>,
}

impl Report for Steps {
    fn step(&self, step: &Step) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = |(what, at): &(Phrase, Instant)| *what == step.what && at.elapsed() < SEEN;
        if last.as_ref().is_some_and(seen) {
            return;
        }
        *last = Some((step.what.clone(), Instant::now()));
        let _ = self.messages.send(Message::Step(self.id, step.clone()));
    }

    fn cancelled(&self) -> bool {
        self.off.load(Ordering::Relaxed)
    }
}
