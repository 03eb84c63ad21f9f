//! Asks a Kafka cluster over its own protocol, without a client library: one request in, one
//! response out, a deadline on each; and reads what it answers.
//!
//! [`batch`], [`record`] and [`journal`]'s decoders open no connection and take hostile bytes: they
//! answer with an error, never with a panic, and hold no more memory than the bytes (or a stated
//! limit) account for.

pub mod admin;
pub mod ask;
pub mod batch;
pub mod client;
pub mod cluster_id;
pub mod committed;
pub mod compression;
pub mod connection;
pub mod fetch;
pub mod groups;
pub mod journal;
pub mod load;
pub mod metadata;
pub mod offsets;
pub mod partitioner;
mod pool;
pub mod quorum;
pub mod record;
pub mod scan;
pub mod shape;
mod shapes;
#[cfg(test)]
mod testing;
pub mod varint;
pub mod zookeeper;
