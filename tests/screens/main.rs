//! The screen through its public way in: messages go into the model, a frame comes out.
//!
//! Every page and dialog is kept as text in `snapshots/`, a file a state and language with all
//! sizes below each other. After a change that is meant: `INSTA_UPDATE=always cargo test --test
//! screens`, and read the difference.

#![expect(clippy::expect_used, reason = "a screen that cannot be staged fails its test")]

mod answers;
mod any_keys;
mod choices;
mod dialogs_shown;
mod elsewhere;
mod hints;
mod hosting;
mod keys;
mod labs_shown;
mod look;
mod pages_shown;
mod picture;
mod places;
mod rules;
mod stage;
mod story;
mod verdicts;
mod warnings;
mod work;
