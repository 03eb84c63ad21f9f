//! What tests of several kinds share.

pub mod answers;
pub mod fake_broker;
pub mod group_answers;
pub mod metadata_log;
pub mod world;
