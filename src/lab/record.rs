//! Writes down what the checks say: what is news, once, whoever else hosts the attempt.

use jiff::{SignedDuration, Timestamp};

use super::Workbook;
use super::check::{CheckLine, Report, differs};
use crate::grade::verdict::Verdict;
use crate::problem::Problem;
use crate::progress::{AttemptProgress, Event, KnownVerdict};

/// How often a verdict of another wording is written down: a feed or a program that runs changes
/// what is observed at every look, for hours.
const WORDING: SignedDuration = SignedDuration::from_mins(1);

/// How soon the same is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Not by itself: every word is written down.
    Once,
    /// In a moment, and again: of what keeps its meaning and changes its wording, some.
    Often,
}

/// Writes down what the log does not say of this attempt yet. False where the attempt is not the
/// one that goes on any more: then nothing is written.
///
/// `known` is what was read of it last. Another host may have written the same since, so what is
/// news is decided again while nobody else writes.
pub fn record(
    workbook: &Workbook,
    known: &AttemptProgress,
    report: &Report,
    pace: Pace,
) -> Result<bool, Problem> {
    let now = Timestamp::now();
    if news(known, report, pace, now).is_empty() {
        return Ok(true);
    }
    let mut goes_on = false;
    workbook.progress.append_with(|progress| {
        let current = progress.current(&report.lab).filter(|now| now.attempt == report.attempt);
        goes_on = current.is_some();
        let news = current.map(|current| news(current, report, pace, now));
        Ok::<_, Problem>(news.unwrap_or_default())
    })?;
    Ok(goes_on)
}

fn news(known: &AttemptProgress, report: &Report, pace: Pace, now: Timestamp) -> Vec<Event> {
    let (lab, attempt) = (&report.lab, report.attempt);
    let is_news = |line: &&CheckLine| {
        let latest = known.latest.get(&line.check.id);
        latest.is_none_or(|latest| is_news(latest, line, pace, now))
    };
    let reached = |line: &CheckLine| Event::VerdictReached {
        lab: lab.clone(),
        attempt,
        check: line.check.id.clone(),
        points: line.points,
        verdict: line.verdict.clone(),
    };
    let mut events: Vec<Event> = report.checks.iter().filter(is_news).map(reached).collect();
    let (points, max_points, passed) = (report.points, report.max_points, report.passed);
    // Once passed is passed: that it would not pass now is no news, however often it is seen.
    let for_the_first_time = passed && !known.passed;
    if for_the_first_time || (known.points, known.max_points) != (points, max_points) {
        events.push(Event::Scored { lab: lab.clone(), attempt, points, max_points, passed });
    }
    events
}

fn is_news(latest: &KnownVerdict, line: &CheckLine, pace: Pace, now: Timestamp) -> bool {
    if latest.points != line.points || !means_the_same(&latest.verdict, &line.verdict) {
        return true;
    }
    // A clock that was set back has dated ahead what was recorded before.
    let since = now.duration_since(latest.at).abs();
    differs(&latest.verdict, &line.verdict) && (pace == Pace::Once || since >= WORDING)
}

/// Whether two verdicts differ in their wording alone.
fn means_the_same(before: &Verdict, now: &Verdict) -> bool {
    match (before, now) {
        (Verdict::Blocked { by: before }, Verdict::Blocked { by: now }) => before == now,
        _ => (before.word(), before.mistake()) == (now.word(), now.mistake()),
    }
}
