//! A learner's way through a lab: start, check, answer, hint, shell, reset, stop.
//!
//! Everything here returns values; who shows them (screen, plain text, JSON) is above.

pub mod answer;
pub mod aside;
pub mod audience;
pub mod begun;
pub mod boot;
pub mod check;
pub mod doctor;
pub mod environments;
pub mod evidence;
pub mod hint;
pub mod host;
pub mod language;
pub mod learner;
pub mod lesson;
pub mod overview;
pub mod program;
pub mod record;
pub mod seed;
pub mod shell;
pub mod start;
pub mod stop;
mod target;
pub mod template;
pub mod tools;
pub mod tour;
pub mod values;
pub mod verify;
pub mod workspace;

use std::path::PathBuf;
use std::sync::Arc;

use crate::course::{Course, Lab, Lesson};
use crate::engine::choose::{Choice, choose, engine_of};
use crate::engine::cluster::Cluster;
use crate::engine::environment::Environment;
use crate::engine::report::Report;
use crate::engine::{Engine, store};
use crate::paths::Paths;
use crate::phrase;
use crate::problem::Problem;
use crate::progress::{AttemptProgress, Progress, ProgressLog};

/// Everything that the labs of one home work with.
#[derive(Debug)]
pub struct Workbook {
    /// Where things are kept.
    pub paths: Paths,
    /// What is taught.
    pub course: Arc<Course>,
    /// The folder that the course was read from, `None` for the embedded one.
    pub course_folder: Option<PathBuf>,
    /// What the learner has done.
    pub progress: ProgressLog,
    /// This program's own file: the CLI tools on the lab shell's PATH are links to it.
    pub program: Option<PathBuf>,
    /// Whether class archives may be made once a cluster serves, which goes on after it.
    pub trains: bool,
}

/// An attempt that is going on.
#[derive(Debug, Clone)]
pub struct OpenAttempt {
    /// What the log says of it.
    pub progress: AttemptProgress,
    /// Its cluster, if it is still written down.
    pub cluster: Option<Cluster>,
}

impl Workbook {
    /// The workbook of `paths`' home.
    pub fn new(
        paths: Paths,
        course: impl Into<Arc<Course>>,
        course_folder: Option<PathBuf>,
        program: Option<PathBuf>,
    ) -> Self {
        let progress = ProgressLog::at(paths.progress_log());
        let course = course.into();
        Self { paths, course, course_folder, progress, program, trains: true }
    }

    /// A lab by its id, in any case.
    pub fn lab(&self, id: &str) -> Result<&Lab, Problem> {
        self.course.lab(id).ok_or_else(|| text::no_such_lab(id))
    }

    /// The lesson of a day, which is named by its number or, as its folder is, `day-01`.
    pub fn lesson(&self, day: &str) -> Result<&Lesson, Problem> {
        let number = day.strip_prefix("day-").unwrap_or(day).parse().ok();
        let known = number.and_then(|number| self.course.day(number));
        let known = known.ok_or_else(|| text::no_such_day(day))?;
        self.course.lesson(known.number).ok_or_else(|| text::no_lesson(known.number, &self.course))
    }

    /// All that is known of the learner.
    pub fn progress(&self) -> Result<Progress, Problem> {
        Ok(self.progress.standing()?.progress)
    }

    /// The attempt at a lab that is going on.
    pub fn open_attempt(&self, lab: &Lab) -> Result<OpenAttempt, Problem> {
        let progress = self.progress()?;
        let attempt = progress.current(&lab.id).ok_or_else(|| text::not_started(&lab.id))?;
        let cluster = store::read(&self.paths).filter(|c| c.environment == attempt.environment);
        Ok(OpenAttempt { progress: attempt.clone(), cluster })
    }

    /// The engine for a choice, prepared for an environment; what is in the way of recording an
    /// attempt comes first, before anything is fetched for it.
    pub async fn engine(
        &self,
        choice: Choice,
        environment: &Environment,
        report: Arc<dyn Report>,
    ) -> Result<Box<dyn Engine>, Problem> {
        self.progress()?;
        let trainer = self.program.clone().filter(|_| self.trains);
        Box::pin(choose(choice, (&self.paths, trainer), environment, report)).await
    }

    /// The engine that runs a cluster.
    pub fn engine_of(&self, cluster: &Cluster) -> Result<Box<dyn Engine>, Problem> {
        engine_of(cluster.engine, &self.paths, self.program.clone())
    }
}

impl OpenAttempt {
    /// The cluster, or why there is none to be asked.
    pub fn cluster(&self) -> Result<&Cluster, Problem> {
        self.cluster.as_ref().ok_or_else(|| text::no_cluster(&self.progress.environment))
    }
}

mod text {
    use super::{Course, Problem, phrase};

    pub fn no_such_day(day: &str) -> Problem {
        let day = crate::printable::name(day);
        Problem::usage(
            "no-such-day",
            phrase!("the course has no day `{day}`", "课程里没有第 `{day}` 天"),
            phrase!("see the days: kafka-workbook list", "查看每一天：kafka-workbook list"),
        )
    }

    pub fn no_lesson(day: u32, course: &Course) -> Problem {
        let days: Vec<String> =
            course.lessons().iter().map(|lesson| lesson.day.to_string()).collect();
        let days = if days.is_empty() { "-".to_owned() } else { days.join(", ") };
        Problem::usage(
            "no-lesson",
            phrase!("day {day} has no lesson yet", "第 {day} 天还没有课文"),
            phrase!("days with a lesson: {days}", "有课文的天数：{days}"),
        )
    }

    pub fn no_such_lab(id: &str) -> Problem {
        let id = crate::printable::name(id);
        Problem::usage(
            "no-such-lab",
            phrase!("the course has no lab `{id}`", "课程里没有实验 `{id}`"),
            phrase!("see the labs: kafka-workbook list", "查看所有实验：kafka-workbook list"),
        )
    }

    pub fn not_started(id: &str) -> Problem {
        Problem::usage(
            "not-started",
            phrase!("{id} is not started", "{id} 还没有开始"),
            phrase!(
                "start it: kafka-workbook lab start {id}",
                "开始实验：kafka-workbook lab start {id}"
            ),
        )
    }

    pub fn no_cluster(environment: &str) -> Problem {
        Problem::could_not_ask(
            "no-cluster",
            phrase!(
                "the cluster {environment} of this attempt is gone",
                "这次尝试的集群 {environment} 已经不在了"
            ),
            phrase!(
                "begin anew: kafka-workbook lab reset ID",
                "重新开始：kafka-workbook lab reset ID"
            ),
        )
    }
}
