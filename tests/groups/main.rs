//! Our reading of the groups' log against Apache Kafka's own.

#![expect(clippy::expect_used, reason = "a vector that cannot be read fails its test")]

mod decoding;
mod history;
mod json;
mod vectors;
