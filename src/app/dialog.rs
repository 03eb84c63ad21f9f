//! What stands in front of a page until it is answered or closed.

use std::collections::BTreeMap;

use tui_input::Input;

use super::message::{Job, RequestId};
use super::rows::Scroll;
use crate::course::{Field, Lab};
use crate::phrase::Phrase;
use crate::problem::Problem;
use crate::progress::AttemptProgress;

/// A dialog.
#[derive(Debug, Clone)]
pub enum Dialog {
    /// All keys of the page.
    Help(Scroll),
    /// Answers are typed.
    Answer(Answer),
    /// Hints for a check.
    Hint(Hint),
    /// Whether something should really be done.
    Confirm(Confirm),
    /// Something could not be done, or is to be told.
    Trouble(Trouble),
}

/// Something that could not be done, or that a learner has to know.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// What, and what to do next.
    pub problem: Problem,
    /// The same as text.
    pub text: Scroll,
}

/// An answer being typed.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The lab.
    pub lab: String,
    /// The attempt's number.
    pub attempt: u32,
    /// Which of the lab's fields.
    pub field: usize,
    /// What is typed, for a field of free text.
    pub input: Input,
    /// Which of the choices, for a field that has some.
    pub choice: usize,
    /// What was stored for the field so far.
    pub stored: Option<String>,
    /// What is typed or chosen for the other fields, as far as they were visited.
    pub others: BTreeMap<usize, (Input, usize)>,
    /// The request that stores it, while it is under way.
    pub sent: Option<RequestId>,
    /// Why the last try was refused.
    pub refused: Option<Problem>,
}

/// Hints for a check, as many tiers as have been asked for.
#[derive(Debug, Clone)]
pub struct Hint {
    /// The lab.
    pub lab: String,
    /// The check.
    pub check: String,
    /// The highest tier shown, 1 to 3; 0 while the first is on its way.
    pub tier: u8,
    /// The request for the next tier, while it is under way.
    pub asked: Option<RequestId>,
    /// Whether the newest tier is to be brought into view.
    pub follow: bool,
    /// The text.
    pub text: Scroll,
}

/// A question before something that cannot be taken back.
#[derive(Debug, Clone)]
pub struct Confirm {
    /// What will be gone.
    pub question: Phrase,
    /// What to do then.
    pub job: Job,
    /// The attempt that was going on when it was asked: its lab and number.
    pub about: Option<(String, u32)>,
}

impl Answer {
    /// For a field of a lab, with what was stored before.
    pub fn to(lab: &Lab, index: usize, attempt: &AttemptProgress) -> Self {
        let stored = lab.fields.get(index).and_then(|field| attempt.answers.get(&field.id));
        let choices = lab.fields.get(index).map(|field| field.choices.as_slice());
        let choice = choices.and_then(|all| all.iter().position(|known| Some(known) == stored));
        Self {
            lab: lab.id.clone(),
            attempt: attempt.attempt,
            field: index,
            // Another try is typed anew; what was stored stands beside it.
            input: Input::default(),
            choice: choice.unwrap_or_default(),
            stored: stored.cloned(),
            others: BTreeMap::new(),
            sent: None,
            refused: None,
        }
    }

    /// The same dialog for another field; what is typed for this one waits.
    #[must_use]
    pub fn moved_to(self, lab: &Lab, index: usize, attempt: &AttemptProgress) -> Self {
        let mut others = self.others;
        others.insert(self.field, (self.input, self.choice));
        let next = Self::to(lab, index, attempt);
        let (input, choice) = others.remove(&index).unwrap_or((next.input, next.choice));
        Self { input, choice, others, ..next }
    }

    /// What would be stored for `field`.
    pub fn value(&self, field: &Field) -> String {
        match field.choices.get(self.choice) {
            Some(choice) => choice.clone(),
            None => self.input.value().trim().to_owned(),
        }
    }
}
