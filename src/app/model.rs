//! All that the screen knows.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::areas::{self, Pane, Parts, Size};
use super::dialog::Dialog;
use super::message::{Job, RequestId};
use super::rows::{Laid, Scroll};
use crate::course::{Course, Day, Lab};
use crate::engine::cluster::Cluster;
use crate::engine::report::Step;
use crate::lab::check::Report;
use crate::lab::overview::Overview;
use crate::lab::values::{placeholders, preview};
use crate::phrase::{Lang, Phrase};
use crate::problem::Problem;
use crate::progress::{AttemptProgress, Progress};

/// How many steps of long work are kept in view.
pub const STEPS: usize = 3;

/// The whole state of the screen.
#[derive(Debug, Clone)]
pub struct Model {
    /// What is taught.
    pub course: Arc<Course>,
    /// The language of everything that is shown.
    pub lang: Lang,
    /// Whether the terminal is to show colours.
    pub colour: bool,
    /// The zone of the times that are shown.
    pub zone: TimeZone,
    /// Columns and rows of the terminal.
    pub size: Size,
    /// What the learner has done.
    pub progress: Progress,
    /// What of it cannot be read.
    pub warnings: Vec<Problem>,
    /// What runs; `None` where nothing does, or before the first look.
    pub overview: Option<Overview>,
    /// The course map, which stays as it was left.
    pub home: Home,
    /// What is open.
    pub page: Page,
    /// What stands in front of it.
    pub dialog: Option<Dialog>,
    /// Long work under way.
    pub work: Option<Work>,
    /// The attempt that is hosted.
    pub hosted: Option<Hosted>,
    /// What could not be done, or is to be told, and has not been shown yet.
    pub troubles: VecDeque<Problem>,
    /// A word on what was just done, until the next key.
    pub notice: Option<Phrase>,
    /// Where each lesson was left: the section and the row within it.
    pub places: BTreeMap<u32, (usize, usize)>,
    /// Whether the program ends as soon as the work is over.
    pub leaving: bool,
    pub(super) requests: u64,
}

/// What the screen is told of its surroundings.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The language to begin with.
    pub lang: Lang,
    /// Whether the terminal is to show colours.
    pub colour: bool,
    /// The zone of the times that are shown.
    pub zone: TimeZone,
    /// Columns and rows of the terminal.
    pub size: Size,
}

/// A page.
#[derive(Debug, Clone)]
pub enum Page {
    /// The course map.
    Home,
    /// A lesson.
    Lesson(LessonPage),
    /// A lab.
    Lab(LabPage),
}

/// The course map.
#[derive(Debug, Clone, Default)]
pub struct Home {
    /// The chosen day, an index into the course's.
    pub day: usize,
    /// The chosen item of that day, if the learner stands among them.
    pub item: Option<usize>,
}

/// Something that a day offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// Its lesson.
    Lesson(u32),
    /// A lab, by its id.
    Lab(String),
}

/// A lesson being read.
#[derive(Debug, Clone, Default)]
pub struct LessonPage {
    /// The day.
    pub day: u32,
    /// Its text, all sections one below the other.
    pub text: Scroll,
    /// The rows at which the sections begin.
    pub starts: Vec<usize>,
    /// The list of the cluster.
    pub cluster: Scroll,
    /// The section and the row within it where the learner has gone. A layout that cannot show it
    /// at the top, or not as far below its heading, does not change it.
    pub(super) anchor: (usize, usize),
    pub(super) laid: Option<Laid>,
}

/// A lab being worked on.
#[derive(Debug, Clone, Default)]
pub struct LabPage {
    /// The lab's id.
    pub id: String,
    /// Which pane the arrows move in.
    pub pane: Pane,
    /// The chosen check, an index into the lab's.
    pub check: usize,
    /// Whether the chosen check is to be brought into view.
    pub follow: bool,
    /// The task.
    pub task: Scroll,
    /// The verdicts.
    pub checks: Scroll,
    /// The list of the cluster.
    pub cluster: Scroll,
    pub(super) laid: Option<Laid>,
}

/// Long work.
#[derive(Debug, Clone)]
pub struct Work {
    /// Its request.
    pub id: RequestId,
    /// What it is.
    pub job: Job,
    /// Its last steps, at most [`STEPS`]; the newest is under way.
    pub steps: Vec<Step>,
    /// How long it has been going on.
    pub seconds: u64,
    /// Whether it has been called off.
    pub called_off: bool,
}

/// An attempt that is hosted: graded for as long as it goes on.
#[derive(Debug, Clone)]
pub struct Hosted {
    /// Its request.
    pub id: RequestId,
    /// The lab.
    pub lab: String,
    /// The attempt's number.
    pub attempt: u32,
    /// The verdicts; none before the first look.
    pub report: Option<Report>,
    /// Why it cannot be hosted.
    pub trouble: Option<Problem>,
}

impl Model {
    /// The screen at its start, with what is known then.
    pub fn new(course: Arc<Course>, setting: Setting, progress: Progress) -> Self {
        let Setting { lang, colour, zone, size } = setting;
        let mut model = Self {
            course,
            lang,
            colour,
            zone,
            size,
            progress,
            warnings: Vec::new(),
            overview: None,
            home: Home::default(),
            page: Page::Home,
            dialog: None,
            work: None,
            hosted: None,
            troubles: VecDeque::new(),
            notice: None,
            places: BTreeMap::new(),
            leaving: false,
            requests: 0,
        };
        model.resume();
        model
    }

    /// Opens the lab that is going on, so that a learner comes back to where the work is.
    fn resume(&mut self) {
        let Some((id, _)) = self.open_attempt() else { return };
        let id = id.to_owned();
        let day = self.course.days.iter().position(|day| day.labs.contains(&id));
        self.home.day = day.unwrap_or_default();
        self.page = Page::Lab(LabPage { id, ..LabPage::default() });
    }

    /// The attempt that is going on, with its lab's id. One environment at a time a home: there is
    /// at most one; of more the newest counts.
    pub fn open_attempt(&self) -> Option<(&str, &AttemptProgress)> {
        let open = self.course.labs().iter().filter_map(|lab| {
            let attempt = self.progress.current(&lab.id)?;
            Some((lab.id.as_str(), attempt))
        });
        open.max_by_key(|(_, attempt)| attempt.started)
    }

    /// The chosen day of the course map.
    pub fn day(&self) -> Option<&Day> {
        self.course.days.get(self.home.day)
    }

    /// What the chosen day offers.
    pub fn items(&self) -> Vec<Item> {
        let Some(day) = self.day() else { return Vec::new() };
        let lesson = self.course.lesson(day.number).map(|lesson| Item::Lesson(lesson.day));
        lesson.into_iter().chain(day.labs.iter().cloned().map(Item::Lab)).collect()
    }

    /// The lab that is open.
    pub fn lab(&self) -> Option<&Lab> {
        match &self.page {
            Page::Lab(page) => self.course.lab(&page.id),
            _ => None,
        }
    }

    /// The verdicts of `lab` while they are watched.
    pub fn report(&self, lab: &str) -> Option<&Report> {
        self.hosted.as_ref().filter(|hosted| hosted.lab == lab)?.report.as_ref()
    }

    /// What stands for the placeholders in a lab's texts.
    pub fn values_of_lab(&self, lab: &Lab) -> BTreeMap<String, String> {
        let Some(attempt) = self.progress.current(&lab.id) else { return preview(&lab.values) };
        placeholders(&attempt.values, self.cluster_of(&attempt.environment))
    }

    /// What stands for the placeholders in a lesson's texts, where they are for the cluster that
    /// runs.
    pub fn values_of_lesson(&self, day: u32) -> BTreeMap<String, String> {
        placeholders(&BTreeMap::new(), self.cluster_of_lesson(day))
    }

    /// This home's cluster, if it is of an environment of that day's lesson and not that of an
    /// attempt at a lab.
    pub fn cluster_of_lesson(&self, day: u32) -> Option<&Cluster> {
        let mut stages = self.course.lesson(day)?.stages();
        let cluster = stages.find_map(|stage| self.cluster_of(&stage.environment));
        cluster.filter(|_| self.open_attempt().is_none())
    }

    /// This home's cluster, if it is of that environment.
    pub fn cluster_of(&self, environment: &str) -> Option<&Cluster> {
        let cluster = &self.overview.as_ref()?.cluster;
        (cluster.environment == environment).then_some(cluster)
    }

    /// Where the parts of the page stand.
    pub fn parts(&self) -> Parts {
        areas::parts(self.size, self.work.is_some())
    }

    /// Whether the terminal is too small for any page.
    pub const fn is_cramped(&self) -> bool {
        self.size.0 < areas::LEAST.0 || self.size.1 < areas::LEAST.1
    }

    pub(super) const fn request(&mut self) -> RequestId {
        self.requests += 1;
        RequestId(self.requests)
    }
}
