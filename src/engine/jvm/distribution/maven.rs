//! Kafka's jars through the user's own Maven, so that settings, mirrors and proxies hold.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus};

use super::error::{DistributionError, Obstacle, Reason};
use super::release::Release;
use super::text;
use crate::engine::jvm::child;
use crate::engine::report::{Report, Step, Unit};
use crate::engine::room;

/// Fills `libs`; `work` is an empty folder for the pom.
pub(super) fn fetch(
    program: &Path,
    release: &Release,
    libs: &Path,
    work: &Path,
    report: &dyn Report,
) -> Result<(), Obstacle> {
    let failed = |cause| DistributionError::of_io(cause, work, release.jar_bytes);
    fs::write(work.join("pom.xml"), release.pom).map_err(failed)?;
    // Maven takes options from the nearest `.mvn` above the pom: none of a project around the cache.
    fs::create_dir(work.join(".mvn")).map_err(failed)?;

    let mut log = Log::default();
    let step = || Step::new(text::with_maven(release.version));
    report.step(&step());
    let mut on_line = |line: &str| {
        if log.take(line) {
            report.step(&step().amount(log.downloaded, None, Unit::Files));
        }
    };
    let ended = child::run(&mut command(program, libs, work), &mut on_line, &|| report.cancelled());
    match ended {
        Ok(None) => Err(DistributionError::Cancelled.into()),
        Ok(Some(status)) if status.success() => Ok(()),
        // Where the jars do not fit, what it says of that is at best the end of a long line.
        Ok(Some(_)) if !room::has(libs, release.jar_bytes) => Err(DistributionError::of_io(
            io::ErrorKind::StorageFull.into(),
            work,
            release.jar_bytes,
        )
        .into()),
        Ok(Some(status)) => Err(log.failure(status).into()),
        Err(cause) => {
            Err(Reason::MavenNotStarted { program: program.to_owned(), cause: cause.to_string() }
                .into())
        }
    }
}

fn command(program: &Path, libs: &Path, work: &Path) -> Command {
    let mut output = OsString::from("-DoutputDirectory=");
    output.push(libs);
    let mut command = Command::new(program);
    command
        .current_dir(work)
        .args(["-B", "-Dstyle.color=never"])
        // A download that failed before is tried again: Maven remembers failures for a day.
        .arg("-U")
        // Else a connection that falls silent holds everything up for half an hour.
        .args(["-Daether.connector.requestTimeout=120000", "-Dmaven.wagon.rto=120000"])
        .arg(output)
        .arg("dependency:copy-dependencies");
    command
}

/// What Maven has said so far.
#[derive(Debug, Default)]
struct Log {
    downloaded: u64,
    /// Whether it has said that a disk is full: its own, where the cache's has room.
    disk_full: bool,
    errors: Vec<String>,
    last: Vec<String>,
}

/// Lines of Maven that a message repeats, and characters of each.
const LINES: usize = 3;
const WIDTH: usize = 400;

/// How the system says that a disk is full.
const DISK_FULL: &str = "No space left on device";

/// Error lines that only tell how to see more.
const TRAILER: [&str; 4] = ["To see the full", "Re-run Maven", "For more information", "[Help "];

impl Log {
    /// Whether a file has been downloaded.
    fn take(&mut self, line: &str) -> bool {
        let line = plain(line);
        self.disk_full |= line.contains(DISK_FULL);
        if line.contains("Downloaded from ") {
            self.downloaded += 1;
            return true;
        }
        if let Some(error) = line.strip_prefix("[ERROR]") {
            self.take_error(error.trim());
        } else if !line.trim().is_empty() && !line.starts_with("[INFO]") {
            self.last.push(shortened(line.trim()));
            let surplus = self.last.len().saturating_sub(LINES);
            self.last.drain(..surplus);
        }
        false
    }

    fn take_error(&mut self, error: &str) {
        let trailer = TRAILER.iter().any(|start| error.starts_with(start));
        if self.errors.len() < LINES && !error.is_empty() && !trailer {
            let error = error.split(" -> [Help").next().unwrap_or(error);
            self.errors.push(shortened(error));
        }
    }

    /// The `[ERROR]` lines; without any (no Java, say) the last other lines.
    fn failure(self, status: ExitStatus) -> Reason {
        let mut lines = if self.errors.is_empty() { self.last } else { self.errors };
        if self.disk_full && !lines.iter().any(|line| line.contains(DISK_FULL)) {
            lines.push(DISK_FULL.to_owned());
        }
        Reason::MavenFailed { status: status.to_string(), lines }
    }
}

fn shortened(line: &str) -> String {
    match line.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// `line` without escape sequences and control characters: it goes to the learner's terminal.
fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            if characters.next_if_eq(&'[').is_some() {
                // CSI: parameters, then one final byte from @ to ~ (ECMA-48 5.4).
                let _csi = characters.by_ref().find(|c| ('@'..='~').contains(c));
            }
        } else if !character.is_control() {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use proptest::prelude::*;

    use super::*;

    fn lines_of(output: &[&str]) -> Vec<String> {
        let mut log = Log::default();
        for line in output {
            log.take(line);
        }
        match log.failure(ExitStatus::from_raw(256)) {
            Reason::MavenFailed { lines, .. } => lines,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn only_the_error_lines_that_tell_the_cause_are_kept() {
        let lines = lines_of(&[
            "\u{1b}[0m[INFO] Scanning for projects...",
            "[WARNING] something else",
            "[ERROR] Could not resolve dependencies: offline -> [Help 1]",
            "[ERROR] ",
            "[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.",
            "[ERROR] [Help 1] http://cwiki.apache.org/",
        ]);
        assert_eq!(lines, ["Could not resolve dependencies: offline"]);
    }

    #[test]
    fn a_full_disk_is_told_however_long_the_line_that_ends_with_it() {
        let long = format!("[ERROR] Failed to copy {}: {DISK_FULL}", "x".repeat(2 * WIDTH));
        assert_eq!(lines_of(&[&long]).last().unwrap(), DISK_FULL);
        let short = format!("Failed to copy: {DISK_FULL}");
        assert_eq!(lines_of(&[&format!("[ERROR] {short}")]), [short]);
    }

    #[test]
    fn without_error_lines_the_last_words_are_kept() {
        let lines = lines_of(&[
            "The JAVA_HOME environment variable is not defined correctly,",
            "this environment variable is needed to run this program.",
        ]);
        assert_eq!(lines.len(), 2);
        assert!(lines[0].contains("JAVA_HOME"), "{lines:?}");
    }

    #[test]
    fn a_coloured_error_line_is_still_one_and_loses_its_colour() {
        let lines = lines_of(&["\u{1b}[1;31m[ERROR]\u{1b}[m bad \u{7}\u{1b}[2Jthing"]);
        assert_eq!(lines, ["bad thing"]);
    }

    proptest! {
        #[test]
        fn no_output_reaches_the_terminal_with_control_characters(line in any::<String>()) {
            let lines = lines_of(&[&line, &format!("[ERROR] {line}")]);
            prop_assert!(lines.iter().all(|line| !line.chars().any(char::is_control)));
            prop_assert!(lines.iter().all(|line| line.chars().count() <= WIDTH + 1));
        }
    }
}
