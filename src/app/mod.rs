//! The screen's state and how it changes: no input, no output, no clock.
//!
//! [`update`] takes a [`Message`] into the [`Model`] and says what is to be done as [`Effect`]s.
//! Who does them is above (`screen`), and so is who draws the model (`ui`).

pub mod areas;
pub mod dialog;
pub mod keys;
pub mod message;
pub mod model;
pub mod panes;
pub mod rows;
mod update;

pub use message::{Effect, Job, Message, Place, RequestId};
pub use model::Model;
pub use update::update;
