//! The `kafka-workbook` program; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    kafka_workbook::cli::run(std::env::args_os().collect())
}
