//! Asks a cluster whether a lab's checks hold, and says why.

pub mod spec;
pub mod verdict;
