//! A lesson: what a day explains, and the cluster on which each claim can be seen.

use crate::phrase::{Lang, Phrase};

use super::lab::Seed;
use super::place::{Place, Position};
use super::sections::{Spot, index};

/// The lesson of a day.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// The number of its day.
    pub day: u32,
    /// The cluster that its commands are written for, wherever `elsewhere` does not name another.
    pub own: Stage,
    /// Further clusters, each with the sections whose commands are written for it. No two stages of
    /// a lesson have the same environment, and no section is on two.
    pub elsewhere: Vec<Stage>,
    /// Its sections, in the order of the English file; at least one in a course without errors.
    pub sections: Vec<Section>,
    /// lesson.toml.
    pub(super) file: Place,
    /// en.md and zh.md.
    pub(super) texts: [Place; 2],
}

/// A cluster that sections of a lesson run on, one after the other, while it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its layout: the name of a file in `compose/` without `.yaml`.
    pub environment: String,
    /// The state that it is in before the first command.
    pub seed: Seed,
    /// The ids of the sections that it was made for; none of the lesson's own, which has the rest.
    pub(super) sections: Vec<String>,
}

/// A section of a lesson: one question and its answer.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its name for other programs, kebab-case, no two of a lesson equal: `partition`.
    pub id: String,
    /// Its heading, one line.
    pub title: Phrase,
    /// What stands below the heading, Markdown. What a course lacks in one language is here in the
    /// other, and an error of `course check`.
    pub body: Phrase,
    pub(super) spots: [Option<Spot>; 2],
}

impl Lesson {
    /// Its name on the command line and the name of its folder: `day-01`.
    pub fn id(&self) -> String {
        folder_name(self.day)
    }

    /// Its clusters, its own first.
    pub fn stages(&self) -> impl Iterator<Item = &Stage> {
        std::iter::once(&self.own).chain(&self.elsewhere)
    }

    /// The cluster of a section, by the section's id; the lesson's own for an id that there is not.
    pub fn stage_of(&self, section: &str) -> &Stage {
        let elsewhere = self.elsewhere.iter();
        let mut named = elsewhere.filter(|stage| stage.sections.iter().any(|id| id == section));
        named.next().unwrap_or(&self.own)
    }

    /// The sections that run on a cluster of the lesson's, in the order of the text.
    pub fn sections_on<'a>(&'a self, stage: &'a Stage) -> impl Iterator<Item = &'a Section> {
        let is_here = move |section: &&Section| self.stage_of(&section.id) == stage;
        self.sections.iter().filter(is_here)
    }

    /// Whether a section runs on another cluster than the lesson's own.
    pub fn is_elsewhere(&self, section: &str) -> bool {
        self.stage_of(section) != &self.own
    }
}

impl Section {
    /// Where a position in the English body stands.
    pub fn place(&self, position: Position) -> Option<Place> {
        // A body that is missing in English is the Chinese one.
        let mut spots = self.spots.iter().flatten();
        let spot = spots.find(|spot| spot.has_text)?;
        Some(spot.place(position))
    }

    /// Where the section stands in a language's file, if it is there.
    pub(super) const fn spot(&self, lang: Lang) -> Option<&Spot> {
        self.spots[index(lang)].as_ref()
    }

    /// The section with its text, if a language's file has both.
    pub(super) fn written(&self, lang: Lang) -> Option<(&Spot, &str)> {
        let spot = self.spot(lang).filter(|spot| spot.has_text)?;
        Some((spot, self.body.get(lang)))
    }
}

/// The folder of a day's lesson below `lessons/`.
pub(super) fn folder_name(day: u32) -> String {
    format!("day-{day:02}")
}
