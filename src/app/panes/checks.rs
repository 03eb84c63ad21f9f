//! The checks of a lab as rows: signs, points, evidence.

use unicode_width::UnicodeWidthStr as _;

use crate::app::areas::Pane;
use crate::app::model::{LabPage, Model};
use crate::app::rows::{self, Piece, Row, Tone, cut, prose};
use crate::course::Lab;
use crate::grade::spec::CheckSpec;
use crate::grade::verdict::Verdict;
use crate::lab::check::Report;
use crate::lab::evidence::{evidence, sign};
use crate::phrase::{Lang, Words};
use crate::printable;

/// Columns before a check's title: the mark of the chosen one, its sign.
const MARGIN: usize = 4;

/// What is known of one check.
struct Known<'a> {
    check: &'a CheckSpec,
    verdict: Option<&'a Verdict>,
    points: u32,
    /// Whether it is the verdict of now, and not the one that was recorded last.
    live: bool,
}

/// The rows of all checks, and at which of them each begins. `brief`: a line a check.
pub fn rows(
    model: &Model,
    lab: &Lab,
    page: &LabPage,
    width: usize,
    brief: bool,
) -> (Vec<Row>, Vec<usize>) {
    let chosen = (page.pane == Pane::Checks).then_some(page.check);
    let (mut rows, mut starts) = (Vec::new(), Vec::new());
    if !brief {
        rows.extend(state(model, lab, width));
    }
    let known_checks = known(model, lab);
    for (index, known) in known_checks.iter().enumerate() {
        if !brief && !rows.is_empty() {
            rows.push(Row::default());
        }
        starts.push(rows.len());
        rows.extend(head(model.lang, lab, known, chosen == Some(index), width));
        if !brief {
            rows.extend(body(model.lang, lab, known, width));
        }
    }
    if brief {
        rows.extend(in_brief(model, lab, &known_checks, width));
    }
    (rows, starts)
}

/// One row in the place of all evidence: what holds of all checks, else why the first one fails.
fn in_brief(model: &Model, lab: &Lab, known: &[Known<'_>], width: usize) -> Option<Row> {
    let silent = model.report(&lab.id).is_some_and(Report::could_not_ask);
    if silent {
        return Some(Row::of(SILENT_IN_BRIEF.get(model.lang), Tone::Open).indented(MARGIN));
    }
    if let Some(row) = state(model, lab, width.saturating_sub(MARGIN)).into_iter().next() {
        return Some(row.indented(MARGIN));
    }
    let why = known.iter().find_map(|known| match known.verdict {
        Some(Verdict::Failed(finding)) => Some(&finding.why),
        _ => None,
    });
    let why = printable::line(why?.get(model.lang));
    Some(Row::of(cut(&why, width.saturating_sub(MARGIN)), Tone::Dim).indented(MARGIN))
}

/// What holds of all checks together and calls for a key.
fn state(model: &Model, lab: &Lab, width: usize) -> Vec<Row> {
    let lang = model.lang;
    let hosted = model.hosted.as_ref().filter(|hosted| hosted.lab == lab.id);
    if let Some(trouble) = hosted.and_then(|hosted| hosted.trouble.as_ref()) {
        let mut rows = prose(&printable::line(trouble.message.get(lang)), Tone::Bad, width);
        let next = match trouble.code {
            "no-cluster" => BEGIN_ANEW.get(lang).to_owned(),
            _ => printable::line(trouble.hint.get(lang)),
        };
        rows.extend(prose(&next, Tone::Title, width));
        return rows;
    }
    match model.report(&lab.id) {
        Some(report) if report.could_not_ask() => prose(SILENT.get(lang), Tone::Open, width),
        Some(report) if report.passed => {
            let is_last = model.course.labs().last().is_some_and(|last| last.id == lab.id);
            let words = if is_last { PASSED_LAST } else { PASSED };
            prose(words.get(lang), Tone::Good, width)
        }
        _ => Vec::new(),
    }
}

/// The verdicts that are watched; before the first look, those that were recorded last.
fn known<'a>(model: &'a Model, lab: &'a Lab) -> Vec<Known<'a>> {
    if let Some(report) = model.report(&lab.id) {
        let known = report.checks.iter().map(|line| Known {
            check: &line.check,
            verdict: Some(&line.verdict),
            points: line.points,
            live: true,
        });
        return known.collect();
    }
    let attempt = model.progress.current(&lab.id);
    let recorded = |check: &CheckSpec| attempt?.latest.get(&check.id);
    // What cannot be asked may be otherwise by now.
    let in_trouble = model.hosted.as_ref().is_some_and(|hosted| hosted.trouble.is_some());
    let known = lab.checks.iter().map(|check| Known {
        check,
        verdict: recorded(check).filter(|_| !in_trouble).map(|known| &known.verdict),
        points: recorded(check).map_or(0, |known| known.points),
        live: false,
    });
    known.collect()
}

fn head(lang: Lang, lab: &Lab, known: &Known<'_>, chosen: bool, width: usize) -> Vec<Row> {
    let sign = known.verdict.map_or("·", |verdict| sign(verdict).0);
    let tone = known.verdict.filter(|_| known.live).map_or(Tone::Dim, tone);
    let points = format!("{}/{}", known.points, known.check.points);
    // Tasks and commands name a check by its id.
    let title =
        format!("{} · {}", known.check.id, lab.texts.check_title(&known.check.id).get(lang));
    let room = width.saturating_sub(MARGIN + points.width() + 2);
    let title_tone = if chosen { Tone::Chosen } else { Tone::Title };
    let mut rows = prose(&title, title_tone, room);
    let mark = if chosen { "▸ " } else { "  " };
    for (index, row) in rows.iter_mut().enumerate() {
        let lead = if index == 0 {
            [piece(mark, Tone::Chosen), piece(&format!("{sign} "), tone)]
        } else {
            [piece("  ", Tone::Dim), piece("  ", Tone::Dim)]
        };
        row.pieces.splice(0..0, lead);
    }
    if let Some(first) = rows.first_mut() {
        let gap = width.saturating_sub(first.width() + points.width());
        first.pieces.push(piece(&" ".repeat(gap), Tone::Dim));
        first.pieces.push(piece(&points, Tone::Dim));
    }
    rows
}

fn body(lang: Lang, lab: &Lab, known: &Known<'_>, width: usize) -> Vec<Row> {
    let label_columns = match lang {
        Lang::En => 10,
        Lang::Zh => 8,
    };
    let Some(verdict) = known.verdict else {
        let description = lab.texts.check_description(&known.check.id).get(lang);
        return below(description, width);
    };
    let mut rows = Vec::new();
    for piece_of in evidence(lab, verdict) {
        // Names of a cluster and what a learner typed stand in it.
        let text: String =
            piece_of.text.get(lang).lines().map(printable::line).collect::<Vec<_>>().join("\n");
        let Some(label) = piece_of.label else {
            rows.extend(below(&text, width));
            continue;
        };
        let label = label.get(lang);
        let room = width.saturating_sub(MARGIN + label_columns);
        for (index, row) in
            prose(&text, Tone::Face(crate::markdown::Face::Text), room).into_iter().enumerate()
        {
            let label = if index == 0 { label } else { "" };
            let gap = label_columns.saturating_sub(label.width());
            let mut row = row;
            row.pieces.insert(0, piece(&format!("{label}{}", " ".repeat(gap)), Tone::Dim));
            rows.push(row.indented(MARGIN));
        }
    }
    rows
}

/// Text of the lab's own, Markdown, below a check's head.
fn below(text: &str, width: usize) -> Vec<Row> {
    let rows = rows::marked_up(text, width.saturating_sub(MARGIN));
    rows.into_iter().map(|row| row.indented(MARGIN)).collect()
}

const fn tone(verdict: &Verdict) -> Tone {
    match verdict {
        Verdict::Passed { .. } => Tone::Good,
        Verdict::Failed(_) => Tone::Bad,
        Verdict::Blocked { .. } | Verdict::Unknown { .. } => Tone::Open,
    }
}

fn piece(text: &str, tone: Tone) -> Piece {
    Piece { text: text.to_owned(), tone }
}

const BEGIN_ANEW: Words = Words::new("r begins anew.", "按 r 重新开始。");
const SILENT_IN_BRIEF: Words =
    Words::new("The cluster does not answer; u brings it back.", "集群没有应答；按 u 恢复集群。");
const SILENT: Words = Words::new(
    "The cluster does not answer. What has no answer keeps its points; u brings the cluster back.",
    "集群没有应答。问不到的检查项保留得分；按 u 恢复集群。",
);
const PASSED: Words = Words::new(
    "All checks have passed. n goes on to the next lab.",
    "全部通过。按 n 继续下一个实验。",
);
const PASSED_LAST: Words = Words::new(
    "All checks have passed. It was the last lab; n goes back to the days.",
    "全部通过。这是最后一个实验；按 n 返回课程。",
);
