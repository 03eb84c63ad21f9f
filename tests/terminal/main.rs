//! The workbook as a person at a terminal has it, as far as it needs no cluster.

#[cfg(test)]
mod harness;
#[cfg(test)]
#[path = "../common/pty.rs"]
mod pty;
