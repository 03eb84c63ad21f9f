//! One file over HTTP into a part file, resumed after a break.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::error::{DistributionError, Obstacle, Reason, is_full};
use super::http::{Event, Exchange, Head, Interruption, Limits, Request};
use super::text;
use crate::engine::report::{Report, Step, Unit};

/// How often a connection may break off in one go, as long as each brought something.
const BREAKS: u32 = 3;

/// What is downloaded, and where to.
#[derive(Debug)]
pub(super) struct Download<'a> {
    pub url: &'a str,
    pub part: &'a Path,
    pub limits: Limits,
    /// About how many bytes the jars take; for the disk-full message.
    pub jar_bytes: u64,
    pub version: &'a str,
}

/// How one exchange ended.
enum Outcome {
    Complete,
    /// The part on disk does not fit the file: begin anew.
    Misfit,
    /// It broke off after something had come.
    Broken(Reason),
}

impl Download<'_> {
    /// Completes the part file. It stays where it is if the server or the caller breaks off, and is
    /// removed if the disk is full.
    pub(super) fn run(&self, report: &dyn Report) -> Result<(), Obstacle> {
        let mut breaks = 0;
        let mut misfits = 0;
        loop {
            match self.exchange(report)? {
                Outcome::Complete => return Ok(()),
                Outcome::Misfit if misfits == 0 => {
                    misfits += 1;
                    self.discard();
                }
                Outcome::Misfit => {
                    return Err(Reason::Status { url: self.url.to_owned(), status: 416 }.into());
                }
                Outcome::Broken(_) if breaks < BREAKS => breaks += 1,
                Outcome::Broken(reason) => return Err(reason.into()),
            }
        }
    }

    /// Removes what has been downloaded.
    pub(super) fn discard(&self) {
        for file in [self.part, &self.validator_file()] {
            // What cannot be removed is begun anew by the next answer to a whole request.
            let _left_behind = fs::remove_file(file);
        }
    }

    fn exchange(&self, report: &dyn Report) -> Result<Outcome, Obstacle> {
        let kept = self.kept();
        let validator = fs::read_to_string(self.validator_file()).ok().filter(|_| kept > 0);
        let request = Request { url: self.url.to_owned(), from: kept, validator };
        let exchange = Exchange::start(request, self.limits);
        let head = loop {
            match exchange.next(report).map_err(|why| self.unanswered(why, kept))? {
                Event::Head(head) => break head,
                Event::Bytes(_) | Event::End => {}
            }
        };
        match head.status {
            200 => self.receive(&exchange, &head, 0, report),
            206 if kept > 0 && head.range.first == Some(kept) => {
                self.receive(&exchange, &head, kept, report)
            }
            // The download was complete already, but not looked at yet.
            416 if kept > 0 && head.range.size == Some(kept) => Ok(Outcome::Complete),
            206 | 416 => Ok(Outcome::Misfit),
            status => Err(Reason::Status { url: self.url.to_owned(), status }.into()),
        }
    }

    fn receive(
        &self,
        exchange: &Exchange,
        head: &Head,
        kept: u64,
        report: &dyn Report,
    ) -> Result<Outcome, Obstacle> {
        let total = head.range.size.or_else(|| head.length.map(|length| kept + length));
        let mut file = self.open(head, kept).map_err(|cause| self.disk(cause, total))?;
        let mut done = kept;
        loop {
            let step = Step::new(text::downloading(self.version));
            report.step(&step.amount(done, total, Unit::Bytes));
            let cause = match exchange.next(report) {
                Ok(Event::Bytes(bytes)) => {
                    file.write_all(&bytes).map_err(|cause| self.disk(cause, total))?;
                    done += bytes.len() as u64;
                    continue;
                }
                Ok(Event::Head(_)) => continue,
                Ok(Event::End) if total.is_none_or(|total| done == total) => {
                    file.flush().map_err(|cause| self.disk(cause, total))?;
                    return Ok(Outcome::Complete);
                }
                Ok(Event::End) => "unexpected end".to_owned(),
                Err(Interruption::Cancelled) => return Err(DistributionError::Cancelled.into()),
                Err(Interruption::Silent) => return Err(self.silent(done, total).into()),
                Err(Interruption::Failed(cause)) => cause,
            };
            let reason = Reason::BrokenOff { url: self.url.to_owned(), cause, kept: done, total };
            return if done > kept { Ok(Outcome::Broken(reason)) } else { Err(reason.into()) };
        }
    }

    /// Opens the part for what follows, and notes which version of the file it is of.
    fn open(&self, head: &Head, kept: u64) -> io::Result<File> {
        if kept > 0 {
            return OpenOptions::new().append(true).open(self.part);
        }
        let file = File::create(self.part)?;
        match &head.validator {
            Some(validator) => fs::write(self.validator_file(), validator)?,
            None => drop(fs::remove_file(self.validator_file())),
        }
        Ok(file)
    }

    fn kept(&self) -> u64 {
        fs::metadata(self.part).map_or(0, |part| part.len())
    }

    fn validator_file(&self) -> PathBuf {
        self.part.with_added_extension("version")
    }

    fn unanswered(&self, why: Interruption, kept: u64) -> Obstacle {
        match why {
            Interruption::Cancelled => DistributionError::Cancelled.into(),
            Interruption::Silent => self.silent(kept, None).into(),
            Interruption::Failed(cause) => {
                Reason::Unreachable { url: self.url.to_owned(), cause }.into()
            }
        }
    }

    fn silent(&self, kept: u64, total: Option<u64>) -> Reason {
        let seconds = self.limits.silence.as_secs();
        Reason::Silent { url: self.url.to_owned(), seconds, kept, total }
    }

    /// A part on a full disk is given back: it would be in the way of everything else.
    fn disk(&self, cause: io::Error, total: Option<u64>) -> Obstacle {
        if is_full(&cause) {
            self.discard();
        }
        let needed = total.unwrap_or(self.jar_bytes) + self.jar_bytes.max(total.unwrap_or(0));
        DistributionError::of_io(cause, self.part, needed).into()
    }
}
