//! Shows what the checks say.

use serde_json::{Value, json};

use super::output::{Exit, Ink, Output};
use crate::course::Lab;
use crate::grade::verdict::{Blocker, Verdict};
use crate::lab::check::{CheckLine, Report};
use crate::phrase;
use crate::phrase::Phrase;

/// Writes a report and says the exit code for it.
pub fn show(lab: &Lab, report: &Report, output: &Output) -> Exit {
    if output.json {
        output.object(object(lab, report, output));
    } else {
        text(lab, report, output);
    }
    exit_of(report)
}

/// The exit code for a report.
pub fn exit_of(report: &Report) -> Exit {
    match (report.could_not_ask(), report.passed) {
        (true, _) => Exit::CouldNotAsk,
        (false, false) => Exit::Failed,
        (false, true) => Exit::Done,
    }
}

/// The report as `lab check --json` has it.
pub fn object(lab: &Lab, report: &Report, output: &Output) -> Value {
    let checks: Vec<Value> =
        report.checks.iter().map(|line| check_object(lab, line, output)).collect();
    json!({
        "lab": report.lab,
        "attempt": report.attempt,
        "points": report.points,
        "max_points": report.max_points,
        "passed": report.passed,
        "settled": report.settled,
        "elapsed_ms": u64::try_from(report.elapsed.as_millis()).unwrap_or(u64::MAX),
        "checks": checks,
    })
}

fn check_object(lab: &Lab, line: &CheckLine, output: &Output) -> Value {
    let (mut expected, mut observed, mut why) = (None, None, None);
    let mut blocked_by = Value::Null;
    match &line.verdict {
        Verdict::Passed { observed: seen } => observed = Some(seen),
        Verdict::Failed(finding) => {
            (expected, observed, why) =
                (Some(&finding.expected), Some(&finding.observed), Some(&finding.why));
        }
        Verdict::Blocked { by } => {
            blocked_by = by.iter().map(|b| blocker_object(b, output)).collect();
        }
        Verdict::Unknown { cause } => why = Some(cause),
    }
    let say = |text: Option<&Phrase>| text.map(|t| output.say(t).to_owned());
    let mistake = line.verdict.mistake();
    json!({
        "id": line.check.id,
        "verdict": line.verdict.word(),
        "points": line.points,
        "max_points": line.check.points,
        "expected": say(expected),
        "observed": say(observed),
        "why": say(why),
        "mistake": mistake,
        "hint": say(mistake.and_then(|m| lab.texts.mistake(m))),
        "blocked_by": blocked_by,
        "needs": line.check.needs,
    })
}

fn blocker_object(blocker: &Blocker, output: &Output) -> Value {
    match blocker {
        Blocker::Check { id } => json!({"kind": "check", "id": id, "need": null}),
        Blocker::Engine { need } => json!({"kind": "engine", "id": null, "need": output.say(need)}),
        Blocker::Host { need } => json!({"kind": "host", "id": null, "need": output.say(need)}),
    }
}

/// The report as text.
pub fn text(lab: &Lab, report: &Report, output: &Output) {
    let (id, points, max) = (&report.lab, report.points, report.max_points);
    let title = output.say(&lab.texts.title);
    let head = phrase!("{id} {title}  {points}/{max} pts", "{id} {title}  {points}/{max} 分");
    output.line(&output.ink(Ink::Bold, output.say(&head)));
    report.checks.iter().for_each(|line| check_text(lab, line, output));
    if report.could_not_ask() {
        let next = phrase!(
            "what could not be asked keeps its last points; see what runs: kafka-workbook env status; start it again: kafka-workbook env up",
            "无法询问的检查项保留上次的得分；查看运行情况：kafka-workbook env status；重新启动：kafka-workbook env up"
        );
        output.text(2, output.say(&next));
    }
}

/// One check of a report as text.
pub fn check_text(lab: &Lab, line: &CheckLine, output: &Output) {
    let (sign, ink, word) = match &line.verdict {
        Verdict::Passed { .. } => ("✓", Ink::Green, phrase!("passed", "通过")),
        Verdict::Failed(_) => ("✗", Ink::Red, phrase!("failed", "未通过")),
        Verdict::Blocked { .. } => ("⋯", Ink::Yellow, phrase!("blocked", "受阻")),
        Verdict::Unknown { .. } => ("?", Ink::Yellow, phrase!("unknown", "未知")),
    };
    let title = output.say(lab.texts.check_title(&line.check.id));
    let (points, max) = (line.points, line.check.points);
    let word = output.ink(ink, &format!("{sign} {}", output.say(&word)));
    output.line(&format!("  {word}  {title}  {points}/{max}"));
    let detail = |label: Phrase, text: &Phrase| {
        output.text(6, &format!("{}{}", output.say(&label), output.say(text)));
    };
    let observed_label = || phrase!("observed  ", "实际  ");
    match &line.verdict {
        Verdict::Passed { observed } => detail(observed_label(), observed),
        Verdict::Failed(finding) => {
            detail(phrase!("expected  ", "期望  "), &finding.expected);
            detail(observed_label(), &finding.observed);
            detail(phrase!("why       ", "原因  "), &finding.why);
            if let Some(mistake) = finding.mistake.as_deref().and_then(|m| lab.texts.mistake(m)) {
                output.text(6, output.say(mistake));
            }
        }
        Verdict::Blocked { by } => {
            for blocker in by {
                detail(phrase!("waits for ", "等待  "), &need_of(lab, blocker));
            }
        }
        Verdict::Unknown { cause } => detail(phrase!("could not ask: ", "无法询问："), cause),
    }
}

fn need_of(lab: &Lab, blocker: &Blocker) -> Phrase {
    match blocker {
        Blocker::Check { id } => lab.texts.check_title(id).clone(),
        Blocker::Engine { need } | Blocker::Host { need } => need.clone(),
    }
}
