//! The workbook as a person at a terminal has it, as far as it needs no cluster.

#[cfg(test)]
#[path = "../common/attempt.rs"]
mod attempt;
#[cfg(test)]
mod causes;
#[cfg(test)]
mod endings;
#[cfg(test)]
#[path = "../common/fake_java.rs"]
mod fake_java;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod history;
#[cfg(test)]
mod input;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod killed_commands;
#[cfg(test)]
mod killed_screens;
#[cfg(test)]
#[path = "../common/moment.rs"]
mod moment;
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
#[cfg(test)]
mod together;
