//! What tests of several kinds share.

pub mod answers;
pub mod batches;
pub mod data_log;
pub mod fake_broker;
pub mod group_answers;
pub mod group_log;
pub mod metadata_log;
pub mod onlooker;
pub mod world;
