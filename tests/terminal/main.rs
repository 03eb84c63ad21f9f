//! The workbook as a person at a terminal has it, as far as it needs no cluster.

#[cfg(test)]
mod endings;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod input;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod output;
#[cfg(test)]
mod pages;
#[cfg(test)]
#[path = "../cli/program.rs"]
mod program;
#[cfg(test)]
#[path = "../common/pty.rs"]
mod pty;
#[cfg(test)]
mod sizes;
#[cfg(test)]
mod stage;
