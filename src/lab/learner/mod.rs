//! Labs whose cluster the learner starts: `cluster = "learner"`.
//!
//! A start prepares the workspace and issues values; what runs afterwards, and who started it, is
//! found anew at each look. Nothing that runs is a failed check, something that runs and is silent
//! an unknown one.

mod around;
mod dotenv;
mod find;
mod review;
mod start;
mod up;
mod workspace;

pub use around::Around;
pub use find::{By, Found, PORT, find};
pub use start::start;
pub use up::{open_attempt, up};
pub use workspace::{own_file, project};
